"""Texts whose paragraphs all open with an indent: where none stands, none opens.

A full line that closes a sentence may close its paragraph, and only what stands under it tells. It measures the habit
of the whole text and then looks at each line end by itself.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from cleanup.document import Draft
from cleanup.language.edges import RUNS_ON, SENTENCE, end_kinds
from cleanup.layout.lines import Integers, Lines

FULL: Final = 2  # half em that a full line may lack of the measure: a mark hung or set half as wide
SHORT: Final = 6  # half em that a line lacks for certain
FEWEST: Final = 2  # paragraphs that open under a short line that closes a sentence
ALWAYS: Final = 0.9  # share of them that have an indent
NEAR: Final = 6  # lines before and after whose widest gives the measure


def running_on_unindented(draft: Draft, lines: Lines) -> list[int]:
    """Return the full lines that the next one, which has no indent, goes on from.

    The next line is full as well, or closes a sentence: a heading does neither.
    """
    if len(lines) < FEWEST or not lines.indent.any():
        return []
    reach = lines.width + lines.indent
    lack = _widest_near(reach) - reach
    ends = end_kinds(draft.codes, lines.starts, lines.ends)
    closed = SENTENCE[ends] == 0
    indented = lines.indent > 0
    opened = (lack[:-1] >= SHORT) & closed[:-1]
    if np.count_nonzero(opened) < FEWEST or indented[1:][opened].mean() < ALWAYS:
        return []
    goes_on = (lack[:-1] <= FULL) & ~indented[1:] & (lines.gap[1:] <= np.median(lines.gap[1:]))
    goes_on &= (lack[1:] <= FULL) | (SENTENCE[ends[1:]] != RUNS_ON)
    return np.flatnonzero(goes_on).tolist()


def _widest_near(reach: Integers) -> Integers:
    """Return how far the widest line near each one reaches."""
    padded = np.pad(reach, NEAR, constant_values=0)
    return np.asarray(np.lib.stride_tricks.sliding_window_view(padded, 2 * NEAR + 1).max(axis=1))
