"""Where every character of the articles comes from: kept from the source, or written by which edits.

One sweep over the layers of a document, in arrays. It reads a finished document; it decides and draws nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cleanup.document import HEADLINE_ROLES, Document, Span
from cleanup.edits import Edit, Layer, Order

Offsets = NDArray[np.int64]

BEFORE_LINES_ARE_READ = frozenset({"decision", "repair", "pages", "columns"})


@dataclass(frozen=True, slots=True)
class Traced:
    """One edit, the stage that made it, and the spans of the decoded source (code points) that it goes back to.

    There are several where an earlier stage has brought together what stood apart. `place` is where its new text stands
    in the document's text, for edits of the last layer; -1 for all others.
    """

    stage: str
    edit: Edit
    source: tuple[Span, ...]
    place: int = -1


@dataclass(frozen=True, slots=True, eq=False)
class Descent:
    """Where the characters of the text came from; all offsets are code points of the decoded source.

    `own`: of each character of the text, its own place in the source, -1 where an edit wrote it. `edits`: every edit
    with its place, in the order of the journal. `breaks`: of each kept break, where its line ends.
    """

    own: Offsets
    edits: tuple[Traced, ...]
    breaks: Offsets


@dataclass(slots=True, eq=False)
class _Front:
    """The characters of the text at one point of the road: their own places, and the spans they go back to."""

    own: Offsets
    first: Offsets
    last: Offsets
    present: Offsets | None = None  # the source's characters that stand in the text, once somebody has asked

    def spans(self, start: int, end: int) -> tuple[Span, ...]:
        """Return what the stretch [start, end) goes back to; an empty one stands behind the character before it."""
        if end == start:
            place = int(self.last[start - 1]) if start else int(self.first[0]) if len(self.first) else 0
            return ((place, place),)
        first, last = int(self.first[start]), int(self.last[end - 1])
        if end - start in (1, last - first):
            return ((first, last),)
        found: list[Span] = []
        for span in zip(self.first[start:end].tolist(), self.last[start:end].tolist(), strict=True):
            if found and found[-1][0] <= span[0] and self.gone(found[-1][1], span[0]):
                found[-1] = (found[-1][0], max(found[-1][1], span[1]))
            else:
                found.append(span)
        return tuple(found)

    def gone(self, start: int, end: int) -> bool:
        """Tell whether no character of the stretch [start, end) of the source stands anywhere in the text."""
        if end <= start:
            return True
        if self.present is None:
            self.present = np.sort(self.own[self.own >= 0])
        return bool(np.searchsorted(self.present, start) == np.searchsorted(self.present, end))


def descend(document: Document) -> Descent:
    """Return the descent of a document's text.

    >>> from cleanup import clean
    >>> descend(clean("短短 114 个小时。")).own.tolist()
    [0, 1, 3, 4, 5, 7, 8, 9, 10, -1]
    """
    all_places = np.arange(len(document.original), dtype=np.int64)
    front = _Front(all_places, all_places, all_places + 1)
    edits: list[Traced] = []
    breaks: Offsets | None = None
    for layer in document.layers:
        if breaks is None and layer.stage not in BEFORE_LINES_ARE_READ:
            breaks = _places(front, [boundary.at for boundary in document.breaks])
        if isinstance(layer, Order):
            front = _reordered(front, layer)
        else:
            spans = [front.spans(*span) for span in zip(layer.starts.tolist(), layer.ends.tolist(), strict=True)]
            places = _begins(layer) if layer is document.layers[-1] else np.full(len(layer), -1)
            edits += [Traced(layer.stage, *row) for row in zip(layer, spans, places.tolist(), strict=True)]
            front = _edited(front, layer, spans)
    if breaks is None:
        breaks = _places(front, [boundary.at for boundary in document.breaks])
    return Descent(front.own, tuple(edits), breaks)


def _places(front: _Front, offsets: list[int]) -> Offsets:
    return np.array([front.spans(at, at)[0][0] for at in offsets], dtype=np.int64)


def _reordered(front: _Front, order: Order) -> _Front:
    if not len(order):
        return front
    lengths = (order.ends - order.starts).astype(np.int64)
    begins = np.cumsum(lengths) - lengths
    take = np.arange(int(lengths.sum())) + np.repeat(order.starts - begins, lengths)
    return _Front(front.own[take], front.first[take], front.last[take])


def _edited(front: _Front, layer: Layer, spans: list[tuple[Span, ...]]) -> _Front:
    if not len(layer):
        return front
    steps = np.zeros(len(front.own) + 1, dtype=np.int64)
    np.add.at(steps, layer.starts, 1)
    np.add.at(steps, layer.ends, -1)
    kept = np.flatnonzero(np.cumsum(steps[:-1]) == 0)
    lengths = _lengths(layer)
    written = np.arange(int(lengths.sum())) + np.repeat(_begins(layer) - (np.cumsum(lengths) - lengths), lengths)
    mask = np.ones(len(kept) + len(written), dtype=np.bool_)
    mask[written] = False
    # what an edit has written goes back to the first of its places
    by = np.repeat(np.array([pieces[0] for pieces in spans], dtype=np.int64), lengths, axis=0)

    def merged(old: Offsets, new: Offsets | int) -> Offsets:
        result = np.empty(len(mask), dtype=np.int64)
        result[mask], result[written] = old[kept], new
        return result

    return _Front(merged(front.own, -1), merged(front.first, by[:, 0]), merged(front.last, by[:, 1]))


def _lengths(layer: Layer) -> Offsets:
    """Return how long the new text of each edit is."""
    return np.array([len(new) for new in layer.news], dtype=np.int64)[layer.new_index]


def _begins(layer: Layer) -> Offsets:
    """Return where the new text of each edit begins in the text after the layer."""
    growth = _lengths(layer) - (layer.ends.astype(np.int64) - layer.starts)
    return np.asarray(layer.starts + np.cumsum(growth) - growth, dtype=np.int64)


def block_spans(document: Document) -> list[list[Span]]:
    """Return where each block stands in the document's text, for each article (Article.text says how they are set)."""
    at = 0
    found: list[list[Span]] = []
    for article in document.articles:
        here: list[Span] = []
        headline = True
        for block in article.blocks:
            if here:
                at += 1 if headline and block.role in HEADLINE_ROLES else 2
            headline = headline and block.role in HEADLINE_ROLES
            here.append((at, at + len(block.text)))
            at += len(block.text)
        found.append(here)
        at += 2
    return found
