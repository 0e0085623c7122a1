"""How probable each pair is where a passage goes on in one other at most, and goes on from one at most.

All ways to pair the passages of a page are weighed at once: what an end can go on in, and what a continuation can
follow, exclude each other, and either may stay alone. The sums over all of them come from belief propagation on the
graph of pairs, which is exact without circles and near where there are many (J. Yedidia et al., Understanding belief
propagation and its generalizations, 2003); time and memory grow with the number of pairs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cleanup.bins import Integers, Reals

ROUNDS = 6  # of messages; more change no probability by a hundredth
MOST_ODDS = 20.0  # log-odds; beyond, sums would lose what is small beside them


@dataclass(frozen=True, slots=True)
class Messages:
    """One round: what each pair's right was told of at its beginning, and what each left and right answered."""

    told: Reals
    lefts: Reals
    rights: Reals


def odds_among_all(odds: Reals, left: Integers, right: Integers, count: int) -> Reals:
    """Return the log-odds of each pair among all ways to pair so many passages, from its log-odds by itself.

    >>> one, two = np.array([0, 0]), np.array([1, 2])
    >>> odds_among_all(np.array([2.0, 2.0]), one, two, 3).round(2).tolist()
    [-0.13, -0.13]
    """
    weights = np.exp(odds.clip(-MOST_ODDS, MOST_ODDS))
    return joint_odds(weights, pass_messages(weights, left, right, count)[-1])


def joint_odds(weights: Reals, last: Messages) -> Reals:
    """Return the log-odds of each pair from its weight and what both sides were told last."""
    return np.asarray(np.log(weights) + np.log(last.lefts) + np.log(last.rights))


def pass_messages(weights: Reals, left: Integers, right: Integers, count: int) -> list[Messages]:
    """Return all rounds: how probable it is, for the other side of each pair, that a passage is free for it."""
    rounds: list[Messages] = []
    free = np.ones_like(weights)
    for _ in range(ROUNDS):
        told = free
        lefts = _free_but_for(weights * told, left, count)
        free = _free_but_for(weights * lefts, right, count)
        rounds.append(Messages(told, lefts, free))
    return rounds


def _free_but_for(wanted: Reals, owner: Integers, count: int) -> Reals:
    """Return how probable it is of each pair that its owner is in no other."""
    total = np.bincount(owner, wanted, count)
    return np.asarray(1.0 / (1.0 + np.maximum(total[owner] - wanted, 0.0)))
