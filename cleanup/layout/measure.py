"""The measure of the column a line stands in, found from the lines around it.

A full line need not be exactly as wide as its column: marks are compressed or hang, spaces stretch. So in every window
of lines each width stands for election, and the others vote: for it if they could be full in it, against it if they
would not fit. Nothing here decides where a paragraph breaks.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]
Whole = TypeVar("Whole", np.int16, np.int64, np.float32)

WIDEST = 130  # half em; a printed line is never wider, so a longer one is a whole paragraph
IDEOGRAPH = 2  # half em
WINDOW = 9  # lines that vote together
INDENT = 4  # half em; a first line whose indent was lost leaves this much
FULL_VOTE = 3  # what a full line counts against one that could be a first line
NOBODY = -1000
FIRST_COUNTS = np.float32(256)  # what a vote counts beside half an em of width, which tells only where votes are even
LAST = np.float32(-(1 << 20))  # less than any votes


@dataclass(frozen=True, slots=True)
class Measure:
    """For each line the best measure (half em) of one window of lines, and how many of them are full in it."""

    value: Integers
    support: Integers


@dataclass(frozen=True, slots=True)
class Measures:
    """The measures found from the lines up to and with a line, around it, and from it on."""

    before: Measure
    around: Measure
    after: Measure


def find_measures(
    extent: Integers, slack: Integers, word: Integers | int = IDEOGRAPH, window: int = WINDOW
) -> Measures:
    """Return the local measures of lines whose widths are `extent`, could be `slack` less, and are followed by `word`.

    `window` lines vote together, an odd number.

    A line that does not end its paragraph is full: it fits into the measure, and the next word does not fit beside it.

    >>> extent = np.array([32, 36, 36, 37, 10, 24, 28, 28, 29, 28, 28])
    >>> slack = np.array([0, 0, 1, 2, 0, 0, 0, 0, 2, 0, 0])
    >>> found = find_measures(extent, slack)
    >>> int(found.before.value[3]), int(found.after.value[6]), int(found.after.support[6])
    (37, 29, 5)
    """
    count = len(extent)
    if not count:
        none = Measure(np.zeros(0, np.int64), np.zeros(0, np.int64))
        return Measures(none, none, none)
    # every line is asked what it says to the width of each line that can share a window with it; what a window says to
    # one of its own is a sum over neighbours in a row
    reach = window - 1
    asking = 2 * window - 1  # lines that say something to the width of the one in their middle
    wide = np.full(count + 4 * reach, NOBODY, dtype=np.int16)
    inner = slice(2 * reach, -2 * reach)
    wide[inner] = np.where(extent <= WIDEST, extent, NOBODY)
    low, cap = wide.copy(), wide.copy()
    low[inner] -= np.minimum(slack, extent // 8).astype(np.int16)
    cap[inner] += np.asarray(word, dtype=np.int16)
    candidate = wide[reach:-reach]
    asked = candidate[:, None]
    fits = neighbours(low, asking) <= asked
    full = fits & (neighbours(cap, asking) > asked)
    first = (fits & (neighbours(cap + INDENT, asking) > asked)) ^ full
    misfit = neighbours(low - 1, asking) > asked
    said = np.empty((2, len(candidate), asking), dtype=np.float32)
    said[0] = FULL_VOTE * full.view(np.int8) + first.view(np.int8) - FULL_VOTE * misfit.view(np.int8)
    said[1] = full
    votes, filled = _in_windows(said, window)
    score = votes * FIRST_COUNTS + neighbours(np.where(candidate == NOBODY, LAST, candidate), window)
    chosen = score.argmax(axis=1)
    here = np.arange(count + reach)
    value = np.maximum(candidate.take(here + chosen), 0).astype(np.int64)
    support = np.where(value > 0, filled[here, chosen], 0).astype(np.int64)

    def of_windows(start: int) -> Measure:
        return Measure(value[start : start + count], support[start : start + count])

    return Measures(before=of_windows(0), around=of_windows(reach // 2), after=of_windows(reach))


def neighbours(values: NDArray[Whole], count: int) -> NDArray[Whole]:
    """Return for each value, itself and those after it, `count` in a row, a row each."""
    values = np.ascontiguousarray(values)
    step = values.itemsize
    return np.ndarray((len(values) - count + 1, count), values.dtype, values, strides=(step, step))


@cache
def _own(window: int) -> NDArray[np.float32]:
    """Return a matrix that adds up, of what the lines around a line say, the votes of each window that it is in."""
    within = np.arange(2 * window - 1)[:, None] + np.arange(window) - (window - 1)
    return ((within >= 0) & (within < window)).astype(np.float32)


def _in_windows(said: NDArray[np.float32], window: int) -> NDArray[np.float32]:
    """Return for each window of lines, of all votes on each of its lines, the sum of those from its own.

    A row of `said` holds what the lines before a line, itself and the lines after it say to its width, as many as can
    share a window with it. Sums of votes are small whole numbers, which reals hold exactly, and matrices of reals are
    multiplied fast.
    """
    each = said @ _own(window)
    kinds, row, column = each.strides
    shape = (len(each), each.shape[1] - window + 1, window)
    return np.ndarray(shape, each.dtype, each, strides=(kinds, row, row + column))
