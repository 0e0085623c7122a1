"""Which listed keys, of pairs of characters or of longer runs, each passage of a text holds.

It looks up and weighs nothing.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]


def held(keys: NDArray[Any], owner: Integers, listed: NDArray[Any]) -> tuple[Integers, Integers]:
    """Return each passage with the place of each listed key it holds, once however often it does; passages ascend.

    `owner`: the passage of each of the keys; `listed`: sorted, not empty.

    >>> owner, place = held(np.array([7, 5, 7, 6]), np.array([0, 0, 0, 1]), np.array([5, 7]))
    >>> owner.tolist(), place.tolist()
    ([0, 0], [0, 1])
    """
    place = np.minimum(np.searchsorted(listed, keys), len(listed) - 1)
    known = listed[place] == keys
    return np.divmod(np.unique(owner[known] * len(listed) + place[known]), len(listed))
