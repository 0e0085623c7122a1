"""The measure of the column a line stands in, found from the lines around it.

A full line need not be exactly as wide as its column: marks are compressed or hang, spaces stretch. So in every window
of lines each width stands for election, and the others vote: for it if they could be full in it, against it if they
would not fit. Nothing here decides where a paragraph breaks.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]

WIDEST = 130  # half em; a printed line is never wider, so a longer one is a whole paragraph
WINDOW = 9  # lines that vote together
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


def find_measures(extent: Integers, slack: Integers) -> Measures:
    """Return the local measures of lines whose widths are `extent` and could be `slack` less, in half em.

    >>> extent = np.array([32, 36, 36, 37, 10, 24, 28, 28, 29, 28, 28])
    >>> found = find_measures(extent, np.array([0, 0, 1, 2, 0, 0, 0, 0, 2, 0, 0]))
    >>> int(found.before.value[3]), int(found.after.value[6]), int(found.after.support[6])
    (37, 29, 5)
    """
    count = len(extent)
    if not count:
        none = Measure(np.zeros(0, np.int64), np.zeros(0, np.int64))
        return Measures(none, none, none)
    reach = WINDOW - 1
    wide = np.full(count + 2 * reach, NOBODY, dtype=np.int16)
    wide[reach:-reach] = np.where(extent <= WIDEST, extent, NOBODY)
    least = wide.copy()
    least[reach:-reach] -= np.minimum(slack, extent // 8).astype(np.int16)
    high = np.lib.stride_tricks.sliding_window_view(wide, WINDOW)
    low = np.lib.stride_tricks.sliding_window_view(least, WINDOW)
    candidates = high[:, :, None]
    full = (low[:, None, :] <= candidates) & (high[:, None, :] >= candidates - 2)
    support = np.count_nonzero(full, axis=2)
    against = np.count_nonzero(low[:, None, :] > candidates + 1, axis=2)
    score = (support - against) * 256 + high
    score[high == NOBODY] = -(1 << 20)
    chosen = score.argmax(axis=1)
    rows = np.arange(len(high))
    value = np.maximum(high[rows, chosen], 0).astype(np.int64)
    votes = np.where(value > 0, support[rows, chosen], 0)

    def window(start: int) -> Measure:
        return Measure(value[start : start + count], votes[start : start + count])

    return Measures(before=window(0), around=window(reach // 2), after=window(reach))
