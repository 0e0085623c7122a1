"""Learns the weights of links.py: what pairs weigh by themselves so that the true ones are probable among all others.

Used by learn_pairs.py. The likelihood of the truth is taken after messages have been passed (matchings.py), and its
gradient runs back through them (J. Domke, Learning graphical model parameters with approximate marginal inference,
2013), less a penalty on the squares of the weights. The result is the same at every run.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_array

from cleanup.assembly.link_witnesses import GROUPS, Pairs, odds_of
from cleanup.assembly.matchings import MOST_ODDS, joint_odds, odds_among_all, pass_messages
from cleanup.bins import Integers, Reals
from cleanup.logistic import right_of


@dataclass(frozen=True, slots=True)
class Gathered:
    """The candidate links of many pages, their passages numbered through so many, and which of them are true."""

    pairs: Pairs
    count: int
    truth: NDArray[np.int8]


def gathered(pages: Sequence[tuple[Pairs, int, NDArray[np.bool_]]]) -> Gathered:
    """Return the pages, each with the number of its passages and the truth of its pairs, as one."""
    before = np.concatenate([[0], np.cumsum([count for _, count, _ in pages])])
    lefts, rights = (
        np.concatenate([getattr(pairs, side) + start for (pairs, _, _), start in zip(pages, before, strict=False)])
        for side in ("left", "right")
    )
    prior, bins = (np.concatenate([getattr(pairs, part) for pairs, _, _ in pages]) for part in ("prior", "bins"))
    truth = np.concatenate([true for _, _, true in pages]).astype(np.int8)
    return Gathered(Pairs(lefts, rights, prior, bins), int(before[-1]), truth)


def learn_links(data: Gathered, penalty: float) -> tuple[Reals, ...]:
    """Return the weights of each group."""
    offsets = np.concatenate([[0], np.cumsum([len(group.bins) for group in GROUPS])])
    flat = data.pairs.bins + offsets[:-1]
    rows = np.arange(len(flat) + 1) * flat.shape[1]
    table = csr_array((np.ones(flat.size), flat.ravel(), rows), (len(flat), int(offsets[-1])))
    turned = table.T.tocsr()

    def loss(vector: Reals) -> tuple[float, Reals]:
        value, slope = unlikelihood(data.pairs.prior + table @ vector, data)
        return value + penalty * float(vector @ vector), turned @ slope + 2 * penalty * vector

    start = np.zeros(int(offsets[-1]))
    result = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 200, "maxcor": 20})
    return tuple(result.x[a:b] for a, b in itertools.pairwise(offsets))


def unlikelihood(odds: Reals, data: Gathered) -> tuple[float, Reals]:
    """Return minus the log-likelihood of the truth among all matchings, and its slope along each pair's own odds."""
    left, right, count = data.pairs.left, data.pairs.right, data.count
    weights = np.exp(odds.clip(-MOST_ODDS, MOST_ODDS))
    rounds = pass_messages(weights, left, right, count)
    joint = joint_odds(weights, rounds[-1])
    value = float((np.logaddexp(0.0, joint) - data.truth * joint).sum())
    slope = 1.0 / (1.0 + np.exp(-joint)) - data.truth
    total, by_left, by_right = slope.copy(), slope / rounds[-1].lefts, slope / rounds[-1].rights
    for passed in reversed(rounds):
        back = _back(passed.rights, by_right, right, count)
        total += back * weights * passed.lefts
        back = _back(passed.lefts, by_left + back * weights, left, count)
        total += back * weights * passed.told
        by_left, by_right = np.zeros_like(slope), back * weights
    return value, total * (np.abs(odds) < MOST_ODDS)


def _back(message: Reals, slope: Reals, owner: Integers, count: int) -> Reals:
    """Return the slope along what each pair wants of its owner, from that along the message the owner sends."""
    here = -message * message * slope
    return np.asarray(np.bincount(owner, here, count)[owner] - here)


def report_links(data: Gathered, weights: tuple[Reals, ...]) -> dict[str, Any]:
    """Return precision and recall of the pairs that are likelier than not among all."""
    odds = odds_among_all(odds_of(data.pairs, weights), data.pairs.left, data.pairs.right, data.count)
    return right_of(odds > 0, data.truth)
