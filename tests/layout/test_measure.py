"""The measure of a column is found from its lines, whatever first and last lines and headings do."""

from __future__ import annotations

from random import Random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cleanup.layout.measure import WIDEST, find_measures

WORD = 2  # half em; a single ideograph


def column(measure: int, paragraphs: int, rng: Random) -> list[int]:
    """Widths of the lines of some paragraphs of Han in a column: first lines lack an indent of two em."""
    widths = []
    for _ in range(paragraphs):
        widths += [measure - 4] + [measure] * rng.randint(2, 6) + [2 * rng.randint(1, measure // 2)]
    return widths


@given(st.integers(8, 40), st.integers(2, 6), st.randoms(use_true_random=False))
def test_a_column_of_one_measure(em: int, paragraphs: int, rng: Random) -> None:
    widths = np.array(column(2 * em, paragraphs, rng))
    found = find_measures(widths, np.zeros_like(widths), np.full_like(widths, WORD))
    full = np.flatnonzero(widths == 2 * em)
    assert (np.abs(found.around.value[full] - 2 * em) <= 1).all()


@given(st.integers(10, 40), st.integers(10, 40))
def test_a_measure_that_changes(above: int, below: int) -> None:
    widths = np.array([2 * above] * 10 + [2 * below] * 10)
    found = find_measures(widths, np.zeros_like(widths), np.full_like(widths, WORD))
    assert abs(found.before.value[9] - 2 * above) <= 1
    assert abs(found.after.value[10] - 2 * below) <= 1


@given(st.lists(st.integers(0, 5000), max_size=40))
def test_any_widths(widths: list[int]) -> None:
    extent = np.array(widths, dtype=np.int64)
    found = find_measures(extent, extent // 3, np.full_like(extent, WORD))
    for measure in (found.before, found.around, found.after):
        assert measure.value.shape == extent.shape
        assert ((measure.value >= 0) & (measure.value <= WIDEST)).all()
