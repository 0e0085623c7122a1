"""How full the lines are: what each lacks to the measures around it, and whether the next word would have fitted.

That is the compositor's own test: a line that ends although the next word had room ends its paragraph. It measures and
decides nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cleanup.layout.ends import first_words
from cleanup.layout.facets import ROW_START
from cleanup.layout.groups import FILLINGS, PIECES
from cleanup.layout.lines import Integers, Lines
from cleanup.layout.measure import WIDEST, Measures, find_measures, neighbours
from cleanup.layout.rows import find_rows, find_trimmed, seams

MARGIN_REACH = 4  # lines before and after that share a left margin
INDENT = 4  # half em: two ideographs, as every newspaper and book sets them
# lines that vote on a measure together where lines are in pieces: nine of them hold too few whole ones. On 141 pages
# read by pdftotext -raw break F1 is .966 with 25, .964 with 17, .965 with 35 and .961 with the nine of whole lines
WINDOW_OF_PIECES = 25
SPACED = 0.6  # spaces a character from which a line is letter-spaced

_OVER, _FULL, _INDENTED, _SHORT, _PIECE = range(len(FILLINGS))


@dataclass(frozen=True, slots=True)
class Geometry:
    """Lengths in half em, a column a line; the first three rows of `lack` and `room` for the measures before, around
    and after the line, the last for the one its width comes nearest to.

    `extent`: width, kept indent included. `indent`: against the margin nearby; `indented`: the share of lines with one.
    `word`: width of what no engine parts at the start of the next line. `lack`: measure less extent; `room`: less the
    word, too. `support`: lines that are full in the three measures. `step`: from the measure before a line to the one
    after the next. `filling`: index into FILLINGS. `spaced`: 0 solid, 1 with spaces, 2 letter-spaced. `row`,
    `inside_row` and `shattered`: as rows.py tells.
    """

    extent: Integers
    indent: Integers
    indented: float
    word: Integers
    lack: Integers
    room: Integers
    support: Integers
    step: Integers
    filling: Integers
    spaced: Integers
    row: Integers
    inside_row: Integers
    shattered: int


def measure_filling(
    kind: NDArray[np.uint8], lines: Lines, *, slack: Integers, spaces: Integers, tone: Integers, start: Integers
) -> Geometry:
    """Return the geometry of lines with so many marks to squeeze (`slack`) and `spaces`, that end and start so."""
    count = len(lines)
    margin = _margin(lines.indent)
    indent = lines.indent - margin
    extent = lines.width - spaces // 2 + np.maximum(indent, 0)
    word = np.append(first_words(kind, lines)[1:], 2)
    found = find_measures(extent, slack, word)
    best, first = _best(found), ROW_START[start]
    shattered = 0
    if np.count_nonzero(seams(extent, best, tone, first)) >= PIECES[0] * count:
        rows = find_rows(extent, slack, best, tone, first)
        shattered = rows.shattered
    if shattered:  # rows are told by measures, and measures by rows
        best = _best(find_measures(rows.extent, rows.slack, word, WINDOW_OF_PIECES))
        rows = find_rows(extent, slack, best, tone, first)
        row, inside_row, extent, slack = rows.place, rows.inside, rows.extent, rows.slack
        found = find_measures(extent, slack, word)
    else:
        row, inside_row = find_trimmed(extent, slack, best, tone, first)
    measures = np.empty((4, count), dtype=np.int64)
    measures[0], measures[1], measures[2] = found.before.value, found.around.value, found.after.value
    nearest = np.abs(measures[:3] - extent).argmin(axis=0)
    measures[3] = measures[nearest, np.arange(count)]
    lack = measures - extent
    room = lack - word
    letters = lines.ends - lines.starts - spaces
    spaced = (spaces > 0).astype(np.int64)
    spaced[(spaces >= SPACED * (letters - 1)) & (letters > 2)] = 2
    filling = np.where(room[3] < 0, _FULL, np.where(room[3] <= INDENT, _INDENTED, _SHORT))
    filling[lack[3] + slack < -2] = _OVER
    filling[spaced == 2] = _FULL
    if shattered:
        filling[:-1][inside_row > 0] = _PIECE
    return Geometry(
        extent=extent,
        indent=indent,
        indented=np.count_nonzero(lines.indent > margin) / max(count, 1),
        word=word,
        lack=lack,
        room=room,
        support=np.stack([found.before.support, found.around.support, found.after.support]),
        step=measures[2, 1:] - measures[0, :-1],
        filling=filling,
        spaced=spaced,
        row=row,
        inside_row=inside_row,
        shattered=shattered,
    )


def _best(found: Measures) -> Integers:
    """Return of the measures before, around and after each line the one that most lines are full in.

    >>> from cleanup.layout.measure import Measure
    >>> one, two = Measure(np.array([30]), np.array([2])), Measure(np.array([36]), np.array([5]))
    >>> _best(Measures(one, two, one)).tolist()
    [36]
    """
    best, support = found.around.value, found.around.support
    for other in (found.before, found.after):
        best = np.where(other.support > support, other.value, best)
        support = np.maximum(support, other.support)
    return best


def widest_near(extent: Integers) -> Integers:
    """Return the widest of the line before, the line itself and the two after it.

    >>> widest_near(np.array([30, 36, 8, 36, 34])).tolist()
    [36, 36, 36, 36, 36]
    """
    padded = np.zeros(len(extent) + 3, dtype=np.int64)
    padded[1:-2] = np.where(extent > WIDEST, 0, extent)
    return np.maximum(np.maximum(padded[:-3], padded[1:-2]), np.maximum(padded[2:-1], padded[3:]))


def beside(extent: Integers, word: Integers) -> Integers:
    """Return at each line end whether the next word had room: 1 by the next line's width, 2 by the last's, else 0.

    >>> beside(np.array([36, 20, 36]), np.array([2, 2, 2])).tolist()
    [0, 1]
    """
    needed = extent[:-1] + word[:-1]
    above = np.append(0, extent[:-2])
    return np.where(needed <= extent[1:], 1, np.where((needed <= above) & (above <= WIDEST), 2, 0))


def _margin(indent: Integers) -> Integers:
    """Return the left margin around each line: the least indent of the lines near it."""
    if not indent.any():
        return indent
    padded = np.concatenate([np.repeat(indent[:1], MARGIN_REACH), indent, np.repeat(indent[-1:], MARGIN_REACH)])
    least: Integers = neighbours(padded, 2 * MARGIN_REACH + 1).min(axis=1)
    return least
