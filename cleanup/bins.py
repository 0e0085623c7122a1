"""Named bins: how evidence is cut into cases that learned weights can be read by name.

Shared by everything that weighs witnesses with learned, readable weights; it knows neither witnesses nor weights.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]
Reals = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Group:
    """One kind of evidence: its name, and the name of each case it is cut into."""

    name: str
    bins: tuple[str, ...]


def edges(cuts: Sequence[float] | NDArray[Any]) -> tuple[str, ...]:
    """Return the names of the bins between cuts.

    >>> edges((0, 2.5))
    ('<0', '0..2.5', '>=2.5')
    """
    return (f"<{cuts[0]:g}", *(f"{a:g}..{b:g}" for a, b in itertools.pairwise(cuts)), f">={cuts[-1]:g}")


def cross(*sides: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names of all combinations, the last side running fastest.

    >>> cross(("a", "b"), ("x", "y"))
    ('a x', 'a y', 'b x', 'b y')
    """
    names = [""]
    for side in sides:
        names = [f"{left} {right}".strip() for left in names for right in side]
    return tuple(names)


def binned(values: NDArray[Any], cuts: tuple[float, ...]) -> Integers:
    """Return the number of the bin of each value, as `edges` names them."""
    return _array(cuts).searchsorted(values, side="right")


@cache
def _array(cuts: tuple[float, ...]) -> NDArray[Any]:
    return np.array(cuts)


def tables(tree: Mapping[str, Any], groups: tuple[Group, ...], blank: Any = 0.0) -> tuple[Reals, ...]:
    """Return the weights of each group's bins from readable data; a bin that was never seen weighs nothing."""
    return tuple(np.array([tree.get(group.name, {}).get(name, blank) for name in group.bins]) for group in groups)


def weigh(bins: NDArray[Any], weights: tuple[Reals, ...]) -> Reals:
    """Return the sum of the weights of each row's bins; `bins` has a column a group."""
    total = np.zeros((len(bins), *weights[0].shape[1:]))
    for column, table in enumerate(weights):
        total += table[bins[:, column]]
    return total


def readable(weights: tuple[Reals, ...], groups: tuple[Group, ...]) -> dict[str, dict[str, Any]]:
    """Return weights as data to be written: what says nothing is left out."""
    return {
        group.name: {
            name: np.round(row, 3).tolist()
            for name, row in zip(group.bins, table, strict=True)
            if np.abs(row).max() >= 0.0005
        }
        for group, table in zip(groups, weights, strict=True)
    }
