"""What two passages would spell across the gap between them, and whether the page spells it elsewhere.

A name or a word that a break has cut (金 | 长城) is often written whole in another passage of the same page, however
rare it is in print at large (a cache model: R. Kuhn and R. De Mori, 1990). It measures and never decides.
"""

from __future__ import annotations

import numpy as np

from cleanup.assembly.passages import Passages
from cleanup.bins import Integers

LONGEST = 4  # characters; what agrees further is a passage printed twice


def spelled_elsewhere(passages: Passages, left: Integers, right: Integers) -> Integers:
    """Return of each pair how many characters in a row, some from either side of the gap, stand in a passage of the
    page as well: 0 where not even two do.

    Only Han characters count: digits and marks stand beside each other by chance.
    """
    longest = np.zeros(len(left), dtype=np.int64)
    if len(passages.codes) < LONGEST:
        return longest
    _, numbers = np.unique(np.append(passages.codes, 0), return_inverse=True)
    solid = _solid(passages)
    asked = np.arange(len(left))
    for size in range(2, LONGEST + 1):
        places = np.arange(len(passages.codes) - size + 1)
        known = np.unique(_spelled(numbers, places[solid[places] >= size], size))
        if not len(known) or not len(asked):
            break
        ends, starts = passages.last[left[asked]], passages.first[right[asked]]
        found = np.zeros(len(asked), dtype=np.bool_)
        for before in range(1, size):
            after = size - before
            tails = np.maximum(ends - before, 0)
            whole = (solid[tails] >= before) & (tails + before == ends) & (solid[starts] >= after)
            keys = _spelled(numbers, tails, before) * len(numbers) ** after + _spelled(numbers, starts, after)
            found |= whole & (known[np.minimum(np.searchsorted(known, keys), len(known) - 1)] == keys)
        asked = asked[found]
        longest[asked] = size
    return longest


def _solid(passages: Passages) -> Integers:
    """Return how many Han characters of one passage stand in a row from each character on; 0 behind the last."""
    count = len(passages.codes)
    places = np.arange(count + 1)
    marks, begins = np.append(np.flatnonzero(~passages.is_han), count), np.append(passages.first, count + 1)
    until = np.minimum(marks[np.searchsorted(marks, places)], begins[np.searchsorted(begins, places, side="right")])
    return np.asarray(until - places)


def _spelled(numbers: Integers, starts: Integers, size: int) -> Integers:
    """Return one number for each stretch of so many characters."""
    keys = np.zeros(len(starts), dtype=np.int64)
    for step in range(size):
        keys = keys * len(numbers) + numbers[np.minimum(starts + step, len(numbers) - 1)]
    return keys
