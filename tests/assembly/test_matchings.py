"""All ways to pair passages, weighed at once: as listing them one by one would, whatever the odds."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleanup.assembly.learn_links import Gathered, unlikelihood
from cleanup.assembly.link_witnesses import Pairs
from cleanup.assembly.matchings import odds_among_all

Pair = tuple[int, int]


def by_listing(pairs: list[Pair], odds: list[float]) -> np.ndarray:
    """The probability of each pair, from every set of pairs in which no left and no right comes twice."""
    sums, total = np.zeros(len(pairs)), 0.0
    for size in range(len(pairs) + 1):
        for chosen in itertools.combinations(range(len(pairs)), size):
            lefts, rights = {pairs[i][0] for i in chosen}, {pairs[i][1] for i in chosen}
            if len(lefts) == len(rights) == size:
                weight = np.exp(sum(odds[i] for i in chosen))
                total += weight
                sums[list(chosen)] += weight
    return sums / total


def among_all(pairs: list[Pair], odds: list[float]) -> np.ndarray:
    left, right = np.array(pairs).T
    return 1.0 / (1.0 + np.exp(-odds_among_all(np.array(odds), left, right, 10)))


@given(st.lists(st.floats(-6, 6), min_size=1, max_size=7))
def test_a_row_of_rivals_comes_out_exactly(odds: list[float]) -> None:
    """A chain of pairs, each of which shares a side with the next: a graph without circles."""
    pairs = [(place // 2, 5 + (place + 1) // 2) for place in range(len(odds))]
    assert among_all(pairs, odds) == pytest.approx(by_listing(pairs, odds), abs=0.03)


@settings(deadline=None)
@given(st.lists(st.floats(-6, 6), min_size=9, max_size=9))
def test_all_against_all_comes_out_near(odds: list[float]) -> None:
    pairs = [(left, 5 + right) for left in range(3) for right in range(3)]
    found = among_all(pairs, odds)
    assert found == pytest.approx(by_listing(pairs, odds), abs=0.25)
    for side in range(2):
        for passage in {pair[side] for pair in pairs}:
            assert found[[pair[side] == passage for pair in pairs]].sum() < 1.01


def test_a_better_claim_takes_a_continuation_from_a_nearer_one() -> None:
    alone, together = among_all([(0, 1)], [1.0]), among_all([(0, 1), (3, 1)], [1.0, 5.0])
    assert alone[0] > 0.5 > together[0]


@pytest.mark.parametrize("odds", [1e6, -1e6])
def test_the_surest_pair_stays_a_number(odds: float) -> None:
    assert np.isfinite(odds_among_all(np.array([odds, 0.0]), np.array([0, 0]), np.array([1, 2]), 3)).all()


def test_learning_follows_the_slope() -> None:
    random = np.random.default_rng(1)
    left, right = random.integers(0, 4, 12), 4 + random.integers(0, 4, 12)
    truth = random.integers(0, 2, 12).astype(np.int8)
    data = Gathered(Pairs(left, right, np.zeros(12), np.zeros((12, 0), dtype=np.int64)), 8, truth)
    odds, step = random.normal(size=12), 1e-6
    _, slope = unlikelihood(odds, data)
    for pair in range(12):
        nudge = np.where(np.arange(12) == pair, step, 0.0)
        rise = unlikelihood(odds + nudge, data)[0] - unlikelihood(odds - nudge, data)[0]
        assert slope[pair] == pytest.approx(rise / (2 * step), rel=1e-3, abs=1e-6)
