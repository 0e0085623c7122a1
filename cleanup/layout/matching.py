"""One-to-one matching of ends with starts, so that the joints chosen weigh most together.

A sparse problem falls into parts that share no end and no start; each is solved exactly (assignment problem), one too
large for that by taking the heaviest joints first. It knows numbers only.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

Integers = NDArray[np.int64]
Reals = NDArray[np.float64]

DENSE = 1500  # ends or starts of one part, above which an exact solution takes seconds


def assign(count: int, ends: Integers, starts: Integers, weights: Reals) -> tuple[Integers, Reals]:
    """Return for each end the start it is matched with, and the weight: no start twice, the sum of weights greatest."""
    after = np.full(count, -1)
    gain = np.zeros(count)
    graph = coo_matrix((np.ones(len(ends)), (ends, starts + count)), shape=(2 * count, 2 * count))
    number, label = connected_components(graph, directed=False)
    order = np.argsort(label[ends], kind="stable")
    bounds = np.searchsorted(label[ends][order], np.arange(number + 1))
    for low, high in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
        if low == high:
            continue
        picked = order[low:high]
        sources, source = np.unique(ends[picked], return_inverse=True)
        targets, target = np.unique(starts[picked], return_inverse=True)
        if max(len(sources), len(targets)) > DENSE:
            chosen = _greedy(ends[picked], starts[picked], weights[picked])
        else:
            table = np.zeros((len(sources), len(targets)))
            table[source, target] = weights[picked]
            rows, columns = linear_sum_assignment(table, maximize=True)
            kept = table[rows, columns] > 0
            chosen = (sources[rows[kept]], targets[columns[kept]], table[rows[kept], columns[kept]])
        after[chosen[0]] = chosen[1]
        gain[chosen[0]] = chosen[2]
    return after, gain


def _greedy(ends: Integers, starts: Integers, weights: Reals) -> tuple[Integers, Integers, Reals]:
    """Match the heaviest joints first, where a problem is too large to be solved as a whole."""
    taken_ends: set[int] = set()
    taken_starts: set[int] = set()
    kept = []
    for at in np.argsort(-weights, kind="stable").tolist():
        end, start = int(ends[at]), int(starts[at])
        if end not in taken_ends and start not in taken_starts:
            taken_ends.add(end)
            taken_starts.add(start)
            kept.append(at)
    return ends[kept], starts[kept], weights[kept]
