"""The measure of the column a line stands in, found from the lines around it.

A full line need not be exactly as wide as its column: marks are compressed or hang, spaces stretch. So in every window
of lines each width stands for election, and the others vote: for it if they could be full in it, against it if they
would not fit. Nothing here decides where a paragraph breaks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]
Whole = TypeVar("Whole", np.int16, np.int64)

WIDEST = 130  # half em; a printed line is never wider, so a longer one is a whole paragraph
IDEOGRAPH = 2  # half em
WINDOW = 9  # lines that vote together
INDENT = 4  # half em; a first line whose indent was lost leaves this much
FULL_VOTE = 3  # what a full line counts against one that could be a first line
NOBODY = -1000


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


def find_measures(extent: Integers, slack: Integers, word: Integers | int = IDEOGRAPH) -> Measures:
    """Return the local measures of lines whose widths are `extent`, could be `slack` less, and are followed by `word`.

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
    # every line is asked what it says to the width of each of the 8 lines before and after it; what a window of nine
    # says to one of its own is a sum over neighbours in a row
    reach = WINDOW - 1
    wide = np.full(count + 4 * reach, NOBODY, dtype=np.int16)
    low, cap = wide.copy(), wide.copy()
    inner = slice(2 * reach, -2 * reach)
    wide[inner] = np.where(extent <= WIDEST, extent, NOBODY)
    low[inner] = wide[inner] - np.minimum(slack, extent // 8).astype(np.int16)
    cap[inner] = wide[inner] + np.asarray(word, dtype=np.int16)
    candidate = wide[reach:-reach]
    asked = candidate[:, None]
    least, beyond = neighbours(low, 2 * WINDOW - 1), neighbours(cap, 2 * WINDOW - 1)
    fits = least <= asked
    full = fits & (asked < beyond)
    first = (fits & (asked < beyond + INDENT)) ^ full
    votes = FULL_VOTE * full.view(np.int8) + first.view(np.int8) - FULL_VOTE * (least > asked + 1).view(np.int8)
    width = neighbours(candidate, WINDOW)
    score = _in_windows(votes) * np.int32(256)
    score += width
    score[width == NOBODY] = -(1 << 20)
    chosen = score.argmax(axis=1)
    here = np.arange(count + reach)
    value = np.maximum(candidate[here + chosen], 0).astype(np.int64)
    support = np.where(value > 0, _in_windows(full.view(np.int8))[here, chosen], 0).astype(np.int64)

    def window(start: int) -> Measure:
        return Measure(value[start : start + count], support[start : start + count])

    return Measures(before=window(0), around=window(reach // 2), after=window(reach))


def neighbours(values: NDArray[Whole], count: int) -> NDArray[Whole]:
    """Return for each value, itself and those after it, `count` in a row, a row each."""
    values = np.ascontiguousarray(values)
    step = values.itemsize
    return np.ndarray((len(values) - count + 1, count), values.dtype, values, strides=(step, step))


def _in_windows(votes: NDArray[np.int8]) -> NDArray[np.int32]:
    """Return for each window of nine, of all votes on each of its lines, the sum of those from its own nine.

    A row of `votes` holds what the 8 lines before a line, itself and the 8 after it say to its width.
    """
    total = np.zeros((len(votes), 2 * WINDOW), dtype=np.int32)
    votes.cumsum(axis=1, dtype=np.int32, out=total[:, 1:])
    each = total[:, : WINDOW - 1 : -1] - total[:, WINDOW - 1 :: -1]
    row, column = each.strides
    shape = (len(votes) - WINDOW + 1, WINDOW)
    return np.ndarray(shape, each.dtype, each, strides=(row, row + column))
