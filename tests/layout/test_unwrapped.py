"""Line ends among lines that are passages already are left to the last stage; among wrapped lines none are."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cleanup import rulebook
from cleanup.layout.unwrapped import among_passages

LIMITS = rulebook.load().limits


def torn(width: list[int], probability: list[float]) -> list[bool]:
    chances = np.array(probability)
    return among_passages(np.array(width), chances, chances < 0.5, LIMITS).tolist()


def test_a_short_line_among_long_passages_is_torn() -> None:
    assert torn([120, 90, 31, 64, 150, 88], [1, 1, 0.1, 1, 1]) == [False, False, True, False, False]


def test_full_lines_of_a_dialogue_are_wrapped() -> None:
    """One line in five goes on: it is as wide as the measure, and no line is wider."""
    width = [20, 14, 8, 22, 56] * 6
    assert not any(torn(width, [1, 1, 1, 1, 0.1] * 5 + [1, 1, 1, 1]))


def test_a_document_that_is_wrapped_from_its_middle_on_is_so_there() -> None:
    width = [150, 88, 240, 64] * 8 + [36] * 40
    assert not any(torn(width, [1.0] * 32 + [0.05] * 39)[43:])


@given(st.lists(st.tuples(st.integers(1, 400), st.floats(0, 1)), max_size=60))
def test_only_joins_are_torn(lines: list[tuple[int, float]]) -> None:
    width, chances = np.array([w for w, _ in lines] + [40]), np.array([p for _, p in lines])
    joins = chances < 0.5
    assert not (among_passages(width, chances, joins, LIMITS) & ~joins).any()
