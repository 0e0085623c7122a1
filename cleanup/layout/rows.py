"""Printed lines that an extractor handed over in pieces: where a squeezed mark or a gap ended one and began another.

The pieces of a printed line add up to the measure, or to it less an indent of two em. It finds them and joins nothing.
"""

from __future__ import annotations

import numpy as np

from cleanup.layout.groups import PIECES, ROWS, STARTS, TONES
from cleanup.layout.lines import Integers
from cleanup.layout.measure import WIDEST

MOST = 5  # pieces of one line
SHORT = 3  # half em; a piece lacks more than this
NEAR = 2  # half em; what a full line may lack
INDENT = 4  # half em

_OPENS = np.isin(np.array(STARTS), ("closed", "quote", "said", "opener"))
_PAUSES = np.isin(np.array(TONES), ("closed", "pause"))
_EXACT, _INDENTED = ROWS.index("exact"), ROWS.index("indented")


def find_rows(extent: Integers, measure: Integers, tones: Integers, starts: Integers) -> tuple[Integers, Integers, int]:
    """Return for each line whether it ends a printed line of several, for each line end whether it lies inside one.

    Both are indices into ROWS; the third value is how common such lines are, an index into SHATTERED.

    >>> widths, tones, starts = np.array([20, 8, 12, 20]), np.array([3, 1, 3, 3]), np.zeros(4, dtype=np.int64)
    >>> find_rows(widths, np.full(4, 20), tones, starts)[1].tolist()
    [0, 2, 0]
    """
    count = len(extent)
    line = np.zeros(count, dtype=np.int64)
    inside = np.zeros(max(count - 1, 0), dtype=np.int64)
    if count < 2:
        return line, inside, 0
    # pieces end at a mark, or the next begins with one
    unmarked = ~(_PAUSES[tones[:-1]] | _OPENS[starts[1:]])
    piece = np.flatnonzero(extent[:-1] < measure[:-1] - SHORT)
    piece = piece[~unmarked[piece]]
    if not len(piece):
        return line, inside, 0
    total = np.concatenate([[0], np.cumsum(np.minimum(extent, 2 * WIDEST))])
    crossed = np.concatenate([[0], np.cumsum(unmarked)])
    for pieces in range(MOST, 1, -1):
        first = piece[piece <= count - pieces]
        last = first + pieces - 1
        lack = total[last + 1] - total[first] - np.maximum(measure[first], measure[last])
        whole = crossed[last] == crossed[first]
        exact = whole & (lack >= -NEAR) & (lack <= pieces)
        indented = whole & (lack >= -INDENT - 1) & (lack <= -INDENT + 1)
        for found, value in ((indented & ~exact, _INDENTED), (exact, _EXACT)):
            line[last[found]] = value
            for step in range(pieces - 1):
                inside[first[found] + step] = value
    share = np.count_nonzero(inside == _EXACT) / (count - 1)
    return line, inside, int(np.searchsorted(PIECES, share, side="right"))
