"""What each passage is made of: stretches kept from the source and changes between them, with the edits behind each.

A change is what a reader sees: a stretch of the source and what stands for it now. Several edits may lie behind one.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from cleanup.arrangement import ARTICLE_GAP, BLOCK_GAP, OUTER_SPACE
from cleanup.document import Block, Document, Span
from cleanup.report.descent import Descent, Traced, block_spans, descend

LAYOUT = frozenset({ARTICLE_GAP, BLOCK_GAP, OUTER_SPACE})
GAPS = "separate"  # the stage that sets what stands between passages


@dataclass(frozen=True, slots=True)
class Change:
    """The stretch [start, end) of the decoded source for which `new` stands now, and the edits that made it."""

    start: int
    end: int
    new: str
    edits: tuple[Traced, ...] = ()
    place: int = -1  # of the new text in the document's text, where the change leads on to the next span


@dataclass(frozen=True, slots=True)
class Passage:
    """A block with the spans of the source it was made from and the changes in it, both in reading order.

    The text is what stands between the changes, with `new` for each; where a block has several spans, the change that
    reaches the end of one leads on to the next. `exact` is false where the text could not be put together so; then
    there are no changes.
    """

    block: Block
    spans: tuple[Span, ...]
    changes: tuple[Change, ...]
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Composition:
    """All passages, article after article; the changes outside of them; and where the kept breaks stand."""

    passages: tuple[tuple[Passage, ...], ...]
    outside: tuple[Change, ...]
    breaks: tuple[int, ...]


def compose(document: Document) -> Composition:
    """Return what the passages of a document are made of.

    >>> from cleanup import clean
    >>> [(c.start, c.end, c.new) for c in compose(clean("短短 114 个小时。")).passages[0][0].changes]
    [(2, 3, ''), (6, 7, '')]
    """
    descent = descend(document)
    where = block_spans(document)
    runs = _runs(descent, where)
    gaps = {t.source[0][0]: t.source[0][1] for t in descent.edits if t.stage == GAPS}
    made: list[list[tuple[Block, tuple[Span, ...], list[Change] | None]]] = []
    for article, spans in zip(document.articles, where, strict=True):
        made.append(
            [
                (block, sources := _merged(block.source), _changes(document, sources, next(runs), span, gaps))
                for block, span in zip(article.blocks, spans, strict=True)
            ]
        )
    behind, outside = _attached(descent, [c for row in made for _, _, changes in row for c in changes or ()], document)
    edits = iter(behind)
    passages = tuple(
        tuple(
            Passage(
                block,
                spans,
                tuple(Change(c.start, c.end, c.new, next(edits)) for c in changes or ()),
                changes is not None,
            )
            for block, spans, changes in row
        )
        for row in made
    )
    return Composition(passages, outside, tuple(descent.breaks.tolist()))


def rebuilt(original: str, passage: Passage) -> str:
    """Return the text of a passage put together from the source and its changes."""
    parts: list[str] = []
    number = 0
    at = passage.spans[0][0] if passage.spans else 0
    for change in passage.changes:
        parts += (original[at : change.start], change.new)
        at = change.end
        if number < len(passage.spans) - 1 and at >= passage.spans[number][1]:
            number += 1
            at = passage.spans[number][0]
    if passage.spans:
        parts.append(original[at : passage.spans[-1][1]])
    return "".join(parts)


Run = tuple[int, int, int]  # offset in the text, offset in the source, length


def _runs(descent: Descent, where: Sequence[Sequence[Span]]) -> _RunsOfBlocks:
    """Return the stretches that stand unchanged in the text, block after block."""
    inside = np.zeros(len(descent.own) + 1, dtype=np.int64)
    flat = [span for row in where for span in row]
    for start, end in flat:
        inside[start] += 1
        inside[end] -= 1
    kept = np.flatnonzero((np.cumsum(inside[:-1]) > 0) & (descent.own >= 0))
    if not len(kept):
        return _RunsOfBlocks([], flat)
    cut = np.flatnonzero((np.diff(kept) != 1) | (np.diff(descent.own[kept]) != 1)) + 1
    first, stop = np.concatenate([[0], cut]), np.concatenate([cut, [len(kept)]])
    columns = kept[first].tolist(), descent.own[kept[first]].tolist(), (stop - first).tolist()
    return _RunsOfBlocks(list(zip(*columns, strict=True)), flat)


class _RunsOfBlocks:
    """Hands out the runs of one block after another."""

    __slots__ = ("_at", "_ends", "_runs")

    def __init__(self, runs: list[Run], blocks: list[Span]) -> None:
        self._runs, self._ends, self._at = runs, iter(blocks), 0

    def __next__(self) -> list[Run]:
        _, end = next(self._ends)
        first = self._at
        while self._at < len(self._runs) and self._runs[self._at][0] < end:
            self._at += 1
        return self._runs[first : self._at]


def _merged(spans: Sequence[Span]) -> tuple[Span, ...]:
    """Join spans that touch, in reading order."""
    merged: list[Span] = []
    for start, end in spans:
        if merged and merged[-1][1] == start:
            merged[-1] = (merged[-1][0], end)
        elif end > start:
            merged.append((start, end))
    return tuple(merged)


def _changes(
    document: Document, spans: tuple[Span, ...], runs: list[Run], where: Span, gaps: Mapping[int, int]
) -> list[Change] | None:
    """Return the changes of one block; None where the runs do not lie in the spans as they should.

    `gaps` tells where the stretch ends that was replaced behind a span, by where it begins.
    """
    if not spans:
        return None
    text = document.text
    found: list[Change] = []
    number, cursor, at = 0, spans[0][0], where[0]
    for place, source, length in runs:
        if not (cursor <= source < spans[number][1]):
            following = next((k for k in range(number + 1, len(spans)) if spans[k][0] <= source < spans[k][1]), None)
            if following is None:
                return None
            found.append(Change(cursor, gaps.get(spans[number][1], spans[number][1]), text[at:place], place=at))
            found += [Change(*spans[k], "") for k in range(number + 1, following)]
            number = following
            if source > spans[number][0]:
                found.append(Change(spans[number][0], source, ""))
        elif source > cursor or place > at:
            found.append(Change(cursor, source, text[at:place]))
        cursor, at = source + length, place + length
        if cursor > spans[number][1]:
            return None
    for k in range(number, len(spans)):
        last = k == len(spans) - 1
        end = spans[k][1] if last else gaps.get(spans[k][1], spans[k][1])
        start = cursor if k == number else spans[k][0]
        if not last or end > start or where[1] > at:
            found.append(Change(start, end, text[at : where[1]], place=-1 if last else at))
            at = where[1]
    return found


def _attached(
    descent: Descent, changes: list[Change], document: Document
) -> tuple[list[tuple[Traced, ...]], tuple[Change, ...]]:
    """Return for each change the edits behind it, and the changes made by the edits that lie outside of all."""
    order = sorted(range(len(changes)), key=lambda k: (changes[k].start, changes[k].end))
    starts = [changes[k].start for k in order]
    behind: list[list[Traced]] = [[] for _ in changes]
    joints = {change.place: number for number, change in enumerate(changes) if change.place >= 0}
    drops = {drop.source for drop in document.dropped}
    lone: dict[Span, list[Traced]] = {}
    for traced in descent.edits:
        dropped = traced.source[0] in drops
        if traced.place in joints and traced.edit.rule not in LAYOUT and not dropped:
            behind[joints[traced.place]].append(traced)
            continue
        held = False
        for first, last in traced.source:
            # of two changes at one place the empty one comes first
            hit = bisect_left(starts, first)
            for near in (hit, hit - 1, hit + 1):
                if 0 <= near < len(order) and _holds(changes[order[near]], first, last):
                    held = True
                    if traced not in behind[order[near]][-1:]:
                        behind[order[near]].append(traced)
                    break
        plain = traced.edit.rule in LAYOUT and not (traced.edit.old + traced.edit.new).strip()
        if not held and not plain and not dropped:
            lone.setdefault(traced.source[0], []).append(traced)
    outside = tuple(
        Change(start, end, edits[-1].edit.new, tuple(edits)) for (start, end), edits in sorted(lone.items())
    )
    return [tuple(edits) for edits in behind], outside


def _holds(change: Change, first: int, last: int) -> bool:
    return change.start <= first and last <= change.end
