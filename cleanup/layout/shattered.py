"""Printed lines that a recogniser has shattered: pieces of them, set down as regions of their own, come together again.

White between words that lies on several lines one below the other looks like a gutter to a recogniser. It then takes
what stands on either side for regions, and puts out the left pieces of some lines, then the right ones. A region keeps
its lines in order, and gives each printed line one piece at most; the pieces of a printed line add up to the measure;
and the text runs on. The order that satisfies these best is sought by a beam over the regions that still wait
(mosaic.py). It is taken only where it is far likelier than the text as it stands, and of it only what clearly runs on;
what does not, keeps its line. It proposes nothing: the columns stage does.
"""

from __future__ import annotations

import math

import numpy as np

from cleanup.language.ngrams import NGrams
from cleanup.layout.cells import DEPTH, Edges, Integers, Limits, Reals, Sheet, read_edges
from cleanup.layout.lines import Lines, measure_lines
from cleanup.layout.mosaic import Mosaic, Place, assemble
from cleanup.layout.reading import Piece, Reading

SHATTERED = "shattered-line"
CLOSED = "。！？”；：…）)"  # a short line that ends so may end its paragraph
WITHIN = 1  # half em by which lines of one measure differ
APART = "\n\n"
# how sure a piece is of its place, by how firmly the text runs on: of 245 pieces moved on five held-out pages 56 in 100
# followed the right one; of those above 3, 84; above 6, 96 (a logistic regression)
SURE_AT_NOUGHT, SURE_BY_BOND = -0.77, 0.36


def read_shattered(sheet: Sheet) -> list[Reading]:
    """Return the whole text as it reads with its pieces together; nothing where it is not clearly shattered."""
    limits = sheet.limits
    lines = measure_lines(sheet.draft)
    if not limits["shattered-fewest"] <= len(lines) <= limits["shattered-most"]:
        return []
    regions = np.append(0, (lines.gap[1:] > 0).cumsum())
    if not limits["shattered-least-regions"] <= regions[-1] / len(lines) <= limits["shattered-most-regions"]:
        return []
    measure = _measure(lines.width, max(limits["shattered-full"] * len(lines), 3))
    closed = np.array([sheet.draft.text[end - 1] in CLOSED for end in lines.ends.tolist()])
    short = ~closed & (lines.width < limits["shattered-short"] * measure)
    if short.mean() < limits["shattered-share"]:
        return []
    edges = read_edges(sheet, lines.starts, lines.ends)
    rows = np.arange(len(lines) - 1)
    torn = short[:-1] & (_bonds(sheet.model, edges, rows, rows + 1) < limits["shattered-torn"])
    if torn.mean() < limits["shattered-torn-share"]:
        return []
    mosaic = Mosaic(lines.width, regions, closed, measure, _table(sheet.model, edges, limits), limits)
    places, gain = assemble(mosaic)
    within = sum(not place.begins_line for place in places)
    if gain < limits["shattered-gain"] * len(lines) or within < limits["shattered-within"] * len(lines):
        return []
    return [Reading(0, len(sheet.draft.text), tuple(_pieces(lines, mosaic, places)))]


def _measure(width: Integers, least: float) -> int:
    """Return the widest width that so many lines have.

    >>> _measure(np.array([38, 38, 37, 20, 44]), 3)
    38
    """
    kinds = np.unique(width)[::-1]
    many = (np.abs(width - kinds[:, None]) <= WITHIN).sum(axis=1) >= least
    return int(kinds[many.argmax()]) if many.any() else 0


def _bonds(model: NGrams, edges: Edges, left: Integers, right: Integers) -> Reals:
    """Return how much likelier each right line's first characters are after the left line's last ones than anywhere."""
    heads, total = edges.first, np.zeros(len(left))
    across = np.concatenate([edges.last[left], heads[right]], axis=1)
    for place in range(DEPTH):
        anywhere = model.log_prob(heads[:, : place + 1]) if place else model.unigram_log_prob(heads[:, 0])
        there = heads[:, place] != model.PAD
        likelier = model.log_prob(across[:, place : place + DEPTH + 1]) - anywhere[right]
        total += np.where(there[right], likelier, 0.0)
    return total


def _table(model: NGrams, edges: Edges, limits: Limits) -> Reals:
    """Return the bonds of all lines near each other, shape (lines, lines); the least of them between others."""
    least, most = limits["shattered-least-bond"], limits["shattered-most-bond"]
    numbers = np.arange(len(edges.first))
    table = np.full((len(numbers), len(numbers)), least)
    left, right = np.nonzero(np.abs(numbers[:, None] - numbers) <= limits["shattered-reach"])
    table[left, right] = np.clip(_bonds(model, edges, left, right), least, most)
    return table


def _pieces(lines: Lines, mosaic: Mosaic, places: list[Place]) -> list[Piece]:
    """Return the lines in their new order; only what clearly runs on is brought together."""
    pieces: list[Piece] = []
    before = -1
    for place in places:
        piece, clear = place.piece, mosaic.limits["shattered-bond"]
        bond = float(mosaic.bonds[before, piece])
        between: str | None = APART
        if before < 0 or (piece == before + 1 and (place.begins_line or bond < clear)):
            between = None  # as it stands
        elif bond >= clear:
            between = "\n" if place.begins_line else ""
        sure = 1.0 if between is None else 1.0 / (1.0 + math.exp(-SURE_AT_NOUGHT - SURE_BY_BOND * bond))
        pieces.append(Piece(int(lines.starts[piece]), int(lines.ends[piece]), between, SHATTERED, sure))
        before = piece
    return pieces
