"""Where the lines of a text are passages already, a sentence that runs over a line end was torn, not wrapped.

Among wrapped lines most line ends are joins, and the lines that go on are about as wide as any around them. Where few
are, and wider lines stand beside the one that seems to go on, no measure has ended it: something moved or cut the
passage, and what it goes on with may stand anywhere on the page. Such a line end is left to the last stage, which
weighs all beginnings of the page against each other; here only the next line would be asked.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from cleanup.layout.cells import Flags
from cleanup.layout.lines import Integers


def among_passages(
    width: Integers, probability: NDArray[np.float64], joins: Flags, limits: Mapping[str, float]
) -> Flags:
    """Tell which of the `joins` stand among lines that are passages already, and no measure has ended.

    `width`: of each line, in half em; `probability`: of a break at each line end. Around a line end are as many line
    ends before it and after it as the limit `unwrapped-reach` says.

    >>> limits = {"unwrapped-reach": 10, "unwrapped-share": 0.35, "unwrapped-wider": 1.2}
    >>> width, probability = np.array([80, 30, 60, 120]), np.array([1.0, 0.1, 1.0])
    >>> among_passages(width, probability, probability < 0.5, limits).tolist()
    [False, True, False]
    """
    torn = where_few_go_on(probability, joins, limits)
    reach = int(limits["unwrapped-reach"])
    for row in torn.nonzero()[0].tolist():
        widest = width[max(row - reach, 0) : row + reach + 1].max()
        torn[row] = widest >= limits["unwrapped-wider"] * width[row]
    return torn


def where_few_go_on(probability: NDArray[np.float64], joins: Flags, limits: Mapping[str, float]) -> Flags:
    """Tell around which of the `joins` few line ends are joins; `probability`: of a break at each line end."""
    few = np.zeros(len(joins), dtype=np.bool_)
    rows = joins.nonzero()[0]
    if len(rows):
        reach = int(limits["unwrapped-reach"])
        first, last = np.maximum(rows - reach, 0), np.minimum(rows + reach + 1, len(probability))
        going_on = np.concatenate([[0.0], np.cumsum(1.0 - probability)])
        few[rows] = going_on[last] - going_on[first] < limits["unwrapped-share"] * (last - first)
    return few
