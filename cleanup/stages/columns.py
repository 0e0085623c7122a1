"""Columns: text whose columns stand side by side on one line, or line by line in turn, is put into reading order.

It moves whole stretches and sets the white space between them; it never joins lines into paragraphs, and what has no
columns it leaves untouched.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from cleanup.document import Draft
from cleanup.edits import Order
from cleanup.language import ngrams
from cleanup.layout.cells import lay_out
from cleanup.layout.displaced import DISPLACED, read_displaced
from cleanup.layout.forms import FENCED
from cleanup.layout.gutters import GUTTER, MARGIN, read_columns
from cleanup.layout.reading import Reading
from cleanup.layout.shattered import SHATTERED, read_shattered
from cleanup.layout.threads import THREAD, read_threads
from cleanup.options import Options
from cleanup.proposal import Proposal
from cleanup.rulebook import Rulebook


def propose(draft: Draft, book: Rulebook, options: Options) -> Proposal:
    """Propose the reading order of columns, line ends where gutters stood, and the places of pieces of lines."""
    readings: list[Reading] = []
    if not draft.text or draft.text.isspace():
        return Proposal()
    if FENCED.search(draft.text):  # Markdown with code in it has no columns, and code looks as if it had
        return Proposal()
    sheet = lay_out(draft, ngrams.load(options.model), book.limits)
    if book.runs(SHATTERED, options):  # first, for between pieces a stray space looks like a gutter
        readings += read_shattered(sheet)
    if book.runs(GUTTER, options) and not readings and ("  " in draft.text or "\t" in draft.text):
        readings += read_columns(sheet)
    if book.runs(THREAD, options) and not readings:
        readings += read_threads(sheet)
    if book.runs(DISPLACED, options) and not readings:
        readings += read_displaced(sheet)
    return realise(draft.text, readings) if readings else Proposal()


def realise(text: str, readings: Sequence[Reading]) -> Proposal:
    """Return the order that brings the pieces together, and the edits of the white space between them.

    Each piece takes along the white space that follows it, and the first of a line its indent too, so that the order
    tiles the text.
    """
    proposal = Proposal()
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    for reading in readings:
        if at < reading.start:
            starts.append(at)
            ends.append(reading.start)
        spans = _spans(text, reading)
        begin = hole = reading.start  # a reading keeps its place: these count in the new text
        for piece in reading.pieces:
            start, end = spans[piece.start]
            starts.append(start)
            ends.append(end)
            here = begin + piece.start - start
            if piece.before is not None:
                proposal.edits.add(hole, here, piece.before, piece.rule, piece.confidence)
            hole = here + piece.end - piece.start
            begin += end - start
        proposal.edits.add(hole, reading.end, "\n" if text[reading.end - 1] == "\n" else "", MARGIN)
        at = reading.end
    if at < len(text):
        starts.append(at)
        ends.append(len(text))
    order = Order("columns", np.array(starts, dtype=np.int32), np.array(ends, dtype=np.int32))
    return Proposal(edits=proposal.edits, order=order if order.moved else None)


def _spans(text: str, reading: Reading) -> dict[int, tuple[int, int]]:
    """Return the span each piece takes along, by where the piece starts."""
    begins: dict[int, int] = {}
    before = reading.start
    for piece in sorted(reading.pieces, key=lambda piece: piece.start):
        line = text.rfind("\n", before, piece.start) + 1
        begins[piece.start] = line or (piece.start if begins else reading.start)
        before = piece.end
    edges = [*begins.values(), reading.end]
    return dict(zip(begins, pairwise(edges), strict=True))
