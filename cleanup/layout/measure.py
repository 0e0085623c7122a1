"""The measure of the column a line stands in, found from the lines around it.

A full line need not be exactly as wide as its column: marks are compressed or hang, spaces stretch. So each line votes
for every measure it could be full in, and against every measure it would not fit into; the measure with most votes
among the lines before, around and after wins. Nothing here decides where a paragraph breaks.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]

WIDEST = 130  # half em; a printed line is never wider, so a longer one is a whole paragraph
REACH = 8  # lines looked at before and after
OVERFLOW_VOTE = -2  # a line that does not fit speaks louder than one that does


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

    >>> extent = np.array([32, 36, 37, 36, 10, 24, 28, 28, 29, 28, 28])
    >>> found = find_measures(extent, np.array([0, 1, 2, 0, 0, 0, 0, 1, 1, 0, 0]))
    >>> found.before.value[3], found.after.value[6]
    (np.int64(36), np.int64(28))
    """
    count = len(extent)
    if not count:
        none = Measure(np.zeros(0, np.int64), np.zeros(0, np.int64))
        return Measures(none, none, none)
    candidates = np.arange(WIDEST + 1)
    least = np.maximum(extent - slack, 0)[:, None]
    fits = (candidates >= least) & (candidates <= (extent + 1)[:, None])
    printed = (extent <= WIDEST)[:, None]
    votes = np.where(fits & printed, 1, np.where((candidates < least - 1) & printed, OVERFLOW_VOTE, 0)).astype(np.int16)
    summed = np.zeros((count + 1, WIDEST + 1), dtype=np.int32)
    np.cumsum(votes, axis=0, out=summed[1:])
    fitting = np.zeros((count + 1, WIDEST + 1), dtype=np.int32)
    np.cumsum(fits & printed, axis=0, out=fitting[1:])
    here = np.arange(count)

    def best(first: Integers, last: Integers) -> Measure:
        score = summed[last] - summed[first]
        value = score.argmax(axis=1)
        return Measure(value, fitting[last, value] - fitting[first, value])

    half = REACH // 2
    return Measures(
        before=best(np.maximum(here - REACH + 1, 0), here + 1),
        around=best(np.maximum(here - half, 0), np.minimum(here + half + 1, count)),
        after=best(here, np.minimum(here + REACH, count)),
    )
