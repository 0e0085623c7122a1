"""What one page of the report carries: a document as plain values, small, in the units of the page's script.

Offsets are UTF-16 code units here, since JavaScript counts so; the script counts back in code points where it writes a
decision. Doubt is how far a confidence is from certainty, in ten-thousandths.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from cleanup.document import Decision, Document
from cleanup.report.changes import Change, Composition, Passage, compose
from cleanup.report.packing import packed

ROLES = ("kicker", "title", "subtitle", "byline", "heading", "paragraph", "caption", "credit", "furniture")
SURE = 10_000  # of a confidence of one; document.json keeps four digits
LAST_OF_PLANE = 0xFFFF

Offset = Callable[[int], int]


def payload(document: Document, words: Mapping[str, tuple[str, ...]], threshold: float) -> dict[str, Any]:
    """Return what a page carries; `words` says of a rule what it finds and why, by its id, and perhaps both in Chinese.

    Decisions less sure than `threshold` are listed as doubtful.
    """
    made = compose(document)
    unit = units(document.original)
    flat = [passage for row in made.passages for passage in row]
    tables = _Tables(words, document.original, unit)
    inside, blocks = _blocks(flat, tables, unit)
    tree: dict[str, Any] = {
        "source": {
            "name": document.source.name,
            "sha256": document.source.sha256,
            "encoding": document.source.encoding,
            "bytes": document.source.size,
            "length": len(document.original),
        },
        "threshold": doubt(threshold),
        "text": document.original,
        "changes": inside,
        "outside": tables.changes(made.outside),
        "blocks": blocks,
        **_articles(document),
        "breaks": _breaks(document, made, unit, threshold),
        "dropped": [[tables.rule("separate", d.rule), unit(d.source[0]), unit(d.source[1])] for d in document.dropped],
        "suspects": [
            [tables.rule("suspect", s.rule), unit(s.source[0]), unit(s.source[1]), s.suggestion, doubt(s.confidence)]
            for s in document.suspects
        ],
        **_alternatives(flat),
        **_exceptions(flat),
        "decisions": [_decision(decision) for decision in document.decisions],
        "rules": tables.rules,
        "news": list(tables.news),
        "chains": tables.chains,
    }
    if document.metadata:
        tree["metadata"] = document.metadata
    return tree


def doubt(confidence: float) -> int:
    """Return how far a confidence is from certainty, in ten-thousandths.

    >>> doubt(1.0), doubt(0.8)
    (0, 2000)
    """
    return SURE - round(confidence * SURE)


def units(text: str) -> Offset:
    """Return the function that turns a code-point offset of a text into one of UTF-16 code units.

    >>> units("𠮷野")(2)
    3
    """
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    wide = np.flatnonzero(codes > LAST_OF_PLANE)
    if not len(wide):
        return int
    return lambda at: at + int(np.searchsorted(wide, at))


def _decision(decision: Decision) -> dict[str, Any]:
    """Return a decision that was obeyed, counted in code points as in its file."""
    tree = {"do": decision.do, "source": decision.source, "to": decision.to, "role": decision.role}
    return {key: value for key, value in {**tree, "text": decision.text}.items() if value is not None}


class _Tables:
    """The rules, new texts and chains of edits that the changes of one page point into."""

    def __init__(self, words: Mapping[str, tuple[str, ...]], original: str, unit: Offset) -> None:
        self.rules: list[list[str]] = []
        self.news: dict[str, int] = {}
        self.chains: list[list[list[Any]]] = []
        self._words, self._original, self._unit = words, original, unit
        self._numbers: dict[tuple[str, str], int] = {}

    def rule(self, stage: str, identity: str) -> int:
        """Return the number of a rule as a stage used it."""
        key = (stage, identity)
        if key not in self._numbers:
            self._numbers[key] = len(self.rules)
            self.rules.append([identity, stage, *self._words.get(identity, ("", ""))])
        return self._numbers[key]

    def changes(self, changes: Iterable[Change]) -> str:
        """Return changes packed, five numbers each: how far behind the last, length, new text, edits, doubt.

        The edits are twice the number of the one rule behind the change, or twice that of a chain, plus one.
        """
        numbers: list[int] = []
        last = 0
        for change in changes:
            start, end = self._unit(change.start), self._unit(change.end)
            new = self.news.setdefault(change.new, len(self.news))
            by, unsure = self._edits(change)
            numbers += (start - last, end - start, new, by, unsure)
            last = end
        return packed(numbers)

    def _edits(self, change: Change) -> tuple[int, int]:
        edits = change.edits
        unsure = max((doubt(traced.edit.confidence) for traced in edits), default=0)
        if len(edits) == 1 and (edits[0].edit.old, edits[0].edit.new) == (
            self._original[change.start : change.end],
            change.new,
        ):
            return 2 * self.rule(edits[0].stage, edits[0].edit.rule), unsure
        self.chains.append(
            [[self.rule(t.stage, t.edit.rule), doubt(t.edit.confidence), t.edit.old, t.edit.new] for t in edits]
        )
        return 2 * (len(self.chains) - 1) + 1, unsure


def _blocks(passages: Sequence[Passage], tables: _Tables, unit: Offset) -> tuple[str, str]:
    """Return the changes of all passages, and the passages: role, doubt, how many spans and changes, then the spans."""
    numbers: list[int] = []
    last = 0
    for passage in passages:
        numbers += (ROLES.index(passage.block.role), doubt(passage.block.confidence))
        numbers += (len(passage.spans), len(passage.changes))
        for span in passage.spans:
            start, end = map(unit, span)
            numbers += (start - last, end - start)
            last = end
    return tables.changes(change for passage in passages for change in passage.changes), packed(numbers)


def _breaks(document: Document, made: Composition, unit: Offset, threshold: float) -> str:
    """Return the doubtful kept breaks: how far behind the last one, and the doubt."""
    numbers: list[int] = []
    last = 0
    for boundary, at in zip(document.breaks, made.breaks, strict=True):
        if boundary.confidence < threshold:
            numbers += (unit(at) - last, doubt(boundary.confidence))
            last = unit(at)
    return packed(numbers)


def _articles(document: Document) -> dict[str, Any]:
    """Return the articles, three numbers each: doubt, how many blocks, which flags; and the sets of flags there are.

    `turns` has the pages on which an article goes on and began, by its number, where turn lines name them.
    """
    sets: dict[tuple[str, ...], int] = {}
    numbers: list[int] = []
    for article in document.articles:
        numbers += (doubt(article.confidence), len(article.blocks), sets.setdefault(article.flags, len(sets)))
    turns = {
        number: [article.continued_on, article.continued_from]
        for number, article in enumerate(document.articles)
        if article.continued_on or article.continued_from
    }
    return {"articles": packed(numbers), "flags": list(sets), "turns": turns}


def _alternatives(passages: Sequence[Passage]) -> dict[str, Any]:
    """Return what else was weighed, for each passage how many and which of the wordings there are."""
    wordings: dict[str, int] = {}
    numbers: list[int] = []
    for passage in passages:
        others = passage.block.alternatives
        numbers += (len(others), *(wordings.setdefault(other, len(wordings)) for other in others))
    return {"alternatives": packed(numbers), "weighed": list(wordings)}


def _exceptions(passages: Sequence[Passage]) -> dict[str, Any]:
    """Return what only a few passages have, by the number of the passage."""
    found: dict[str, Any] = {"duplicates": {}, "texts": {}}
    for number, passage in enumerate(passages):
        if passage.block.duplicate_of is not None:
            found["duplicates"][number] = passage.block.duplicate_of
        if not passage.exact:
            found["texts"][number] = passage.block.text
    return found
