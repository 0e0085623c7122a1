"""The chain of joins and breaks: its probabilities are those of all chains counted one by one."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from cleanup.layout import breaks, facets
from cleanup.layout.breaks import STATES, Weights, break_probabilities, load_weights
from cleanup.layout.witnesses import Witnesses

SCORES = st.floats(-4, 4, allow_nan=False)


def by_counting(lines: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """Probability of a break at each line end, every chain weighed by itself."""
    count = len(lines)
    total, broken = 0.0, np.zeros(count - 1)
    for chain in itertools.product((0, 1), repeat=count - 1):
        sides = (1, *chain, 1)
        score = sum(lines[row, 2 * sides[row] + sides[row + 1]] for row in range(count))
        weight = math.exp(score + sum(ends[i] for i in range(count - 1) if chain[i]))
        total += weight
        broken += weight * np.array(chain)
    return broken / total


@given(st.data(), st.integers(2, 7))
def test_probabilities(data: st.DataObject, count: int) -> None:
    lines = data.draw(npst.arrays(np.float64, (count, len(STATES)), elements=SCORES))
    ends = data.draw(npst.arrays(np.float64, count - 1, elements=SCORES))
    # a table of as many bins as lines, each line in a bin of its own
    witnesses = Witnesses(np.arange(count, dtype=np.int32)[:, None], np.arange(count - 1, dtype=np.int32)[:, None])
    assert break_probabilities(witnesses, Weights(lines, ends)) == pytest.approx(by_counting(lines, ends))


def test_hopeless_scores_give_probabilities_still() -> None:
    lines = np.array([[1e4, -1e4, -1e4, -1e4], [-1e4, -1e4, -1e4, 1e4], [1e4, -1e4, 1e4, -1e4]])
    witnesses = Witnesses(np.arange(3, dtype=np.int32)[:, None], np.arange(2, dtype=np.int32)[:, None])
    found = break_probabilities(witnesses, Weights(lines, np.array([1e4, -1e4])))
    assert ((found >= 0) & (found <= 1)).all()


def test_the_shipped_weights_are_named_as_the_facets_are() -> None:
    weights = load_weights()
    assert weights.lines.shape == (facets.LINES.size, len(STATES))
    assert weights.endings.shape == (facets.ENDINGS.size,)
    tree = breaks.json.loads(breaks.SHIPPED.read_text("utf-8"))
    for kind, known in (("lines", facets.LINES), ("endings", facets.ENDINGS)):
        bins = {group.name: set(group.bins) for group in known.groups}
        for name, row in tree[kind].items():
            assert set(row) <= bins[name], f"breaks.json weighs bins of {name} that facets.py does not know"
