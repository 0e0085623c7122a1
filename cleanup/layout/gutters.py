"""Columns that stand side by side on one line, as text modes that keep the layout print them.

A gap is a gutter where reading down makes better sense than reading across it, in a whole stretch at once. It takes a
stretch apart into runs and says what stands between the pieces; it changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from cleanup.layout.cells import Cells, Integers, Limits, Sheet, measure_cells, read_edges
from cleanup.layout.places import boxes, load_weights
from cleanup.layout.reading import (
    Piece,
    Reading,
    Stretch,
    chains,
    load_passage,
    passes_on,
    reading_order,
    stretch_of,
)
from cleanup.layout.words import REACH, Matched, Words, cells_of, match_words, words_of

WEIGHTS = Path(__file__).with_name("columns.json")
GUTTER = "column-gutter"
MARGIN = "column-margin"

LEAST_ROWS = 3  # rows with a gap before a stretch is looked at
FAR = 40  # rows without a gap that part two stretches: a column may be longer than its neighbours
STRIP = 3  # blank rows that part two stretches in any case
TALL = 300  # rows of one stretch, more than any page has
CROWDED = 12  # cells on a line: more than any page has columns
INDENT = 5  # columns: what stands further in is centred or set right


def read_columns(sheet: Sheet) -> list[Reading]:
    """Return the stretches of columns that stand side by side, in reading order."""
    return [_pieces(sheet, stretch) for stretch in take_apart(sheet)]


def take_apart(sheet: Sheet) -> Iterator[Stretch]:
    """Yield the stretches whose gaps are gutters."""
    cells = measure_cells(sheet)
    for part in _stretches(cells, sheet.limits):
        found = _take_apart(sheet, cells.take(part))
        if found is not None:
            yield found


def _take_apart(sheet: Sheet, cells: Cells) -> Stretch | None:
    if np.bincount(cells.line - cells.line[0]).max() > CROWDED:
        return None
    words = words_of(sheet.draft, cells)
    matched = match_words(sheet, cells, words)
    if not _reads_down(cells, words, matched, sheet.limits):
        return None
    cells, follows = cells_of(sheet, cells, words, matched)
    runs = chains(follows)
    edges = read_edges(sheet, cells.starts, cells.ends)
    return stretch_of(sheet, cells, runs, boxes(cells, runs, _margins(cells, runs)), edges, WEIGHTS)


def _stretches(cells: Cells, limits: Limits) -> Iterator[slice]:
    """Yield the runs of cells, whole lines, in which gaps stand close enough to be gutters."""
    if len(cells) < 2 * LEAST_ROWS:
        return
    gaps = np.flatnonzero(cells.beside)
    narrow = cells.width < limits["text-cell"]
    # a gap between two cells; or a cell alone on its line and far in, whose neighbours are set off the line grid
    inner = (cells.left >= limits["far-in"]) & ~narrow
    inner[gaps[narrow[gaps]] + 1] = False
    texts = np.flatnonzero(inner)
    if len(texts) < LEAST_ROWS:
        return
    strips = np.flatnonzero(np.diff(cells.row) > 1) + 1
    bars = np.flatnonzero(np.diff(cells.row) > STRIP) + 1
    rows = cells.row[texts]
    barred = np.searchsorted(bars, texts, "right")
    reached = 0
    for group in np.split(texts, np.flatnonzero((np.diff(rows) > FAR) | (np.diff(barred) > 0)) + 1):
        for piece in _shortened(group, cells.row[group]):
            if len(np.unique(cells.row[piece])) < LEAST_ROWS:
                continue
            # columns go on without a gap beside them where a neighbour is longer or a headline stands over them
            at = np.searchsorted(strips, piece[0], "right")
            to = np.searchsorted(strips, piece[-1], "right")
            start = int(strips[at - 1]) if at else 0
            stop = int(strips[to]) if to < len(strips) else len(cells)
            start = max(start, reached, int(np.searchsorted(cells.row, cells.row[piece[0]] - FAR)))
            stop = min(stop, int(np.searchsorted(cells.row, cells.row[piece[-1]] + TALL)))
            reached = max(stop, start)
            if start < stop:
                yield slice(start, stop)


def _shortened(group: Integers, rows: Integers) -> list[Integers]:
    """Part a run that is taller than any page."""
    if not len(group) or rows[-1] - rows[0] <= TALL:
        return [group]
    return np.split(group, np.flatnonzero(np.diff((rows - rows[0]) // TALL)) + 1)


def _reads_down(cells: Cells, words: Words, matched: Matched, limits: Limits) -> bool:
    """Tell whether the stretch reads better down its cells than across its gaps."""
    last = np.flatnonzero(words.cell[1:] != words.cell[:-1])
    beside = cells.line[words.cell[last]] == cells.line[words.cell[last + 1]]
    other = last[beside | ((matched.after[last] >= 0) & (matched.after[last] != last + 1))]
    wide = (cells.width >= limits["text-cell"])[words.cell]
    other = other[wide[other] & wide[other + 1]]
    gain = matched.gain[other] - matched.stands[other]
    return bool(len(other) and gain.sum() >= limits["gutter-least"] and gain.mean() >= limits["gutter-gain"])


def _pieces(sheet: Sheet, stretch: Stretch) -> Reading:
    """Return the pieces of a stretch in reading order; an empty line where nothing speaks for reading on."""
    cells, runs, box = stretch.cells, stretch.runs, stretch.box
    text, weights = sheet.draft.text, load_passage(WEIGHTS)
    pieces: list[Piece] = []
    before = -1
    for run, sure, follows in reading_order(stretch, load_weights(WEIGHTS), sheet.limits["cut-allowance"]):
        apart = before >= 0 and not near(stretch, before, run, follows)
        apart = apart and not passes_on(stretch, before, run, follows, weights)
        for number, cell in enumerate(runs[run]):
            start, end = int(cells.starts[cell]), int(cells.ends[cell])
            gap = "" if not pieces else "\n\n" if apart and number == 0 else "\n"
            indent = " " * max(0, int(cells.left[cell]) - int(box.margin[run]))
            rule = GUTTER if text[text.rfind("\n", 0, start) + 1 : start].strip() else MARGIN
            pieces.append(Piece(start, end, gap + indent, rule, 1.0 if number else sure))
        before = run
    start = text.rfind("\n", 0, int(cells.starts.min())) + 1
    stop = text.find("\n", int(cells.ends.max()))
    return Reading(start, len(text) if stop < 0 else stop + 1, tuple(pieces))


def near(stretch: Stretch, before: int, run: int, follows: bool) -> bool:
    """Tell whether a run goes on in the rows under the one before it, where a later stage sees how lines stand."""
    return bool(follows and 0 < stretch.box.top[run] - stretch.box.bottom[before] <= REACH)


def _margins(cells: Cells, runs: list[list[int]]) -> Integers:
    """Return the left edge of the column each run stands in: its own, or a frequent one from which it is set in."""
    places, counts = np.unique(cells.left, return_counts=True)
    frequency = dict(zip(places.tolist(), counts.tolist(), strict=True))
    margins = []
    for run in runs:
        least = int(cells.left[run].min())
        enough = max(2.0, frequency[least] / 3)
        margins.append(
            next(
                place
                for place in range(least - INDENT, least + 1)
                if place == least or frequency.get(place, 0) >= enough
            )
        )
    return np.array(margins)
