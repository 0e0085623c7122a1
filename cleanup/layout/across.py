"""Joins across a gap wider than usual, heard once more: does the sentence before it run on after it?

Where a column or a region of a page ends in mid-sentence, the next one may belong to another article, and lines as full
as any say that the text runs on. There the word of the chain is weighed together with that of the n-grams and of the
encoders, by weights that learn_doubts.py has learned (across.json, a number for every named bin). What is broken here
may be linked again by the last stage, which sees all beginnings of the page; what is joined is not parted.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cleanup.bins import Group, Reals, binned, cross, edges, tables
from cleanup.document import Draft
from cleanup.language.ngrams import NGrams
from cleanup.layout.cells import DEPTH, Flags
from cleanup.layout.groups import TONES
from cleanup.layout.lines import Integers, Lines, solid_places
from cleanup.layout.sides import Sides

SHIPPED = Path(__file__).with_name("across.json")
# log-odds of a break, by the chain, beyond which a wide gap is one and is not asked about: with 2, what breaks off is
# joined to what stands next (links found on 250 held-out pages .607 for .627)
UNSURE = 0.8
ODDS_EDGES = (-8.0, -6.0, -4.0, -2.0, -1.0)  # log-odds of a break, by the chain
RUN_EDGES = (-18.0, -12.0, -9.0, -7.0, -5.0, -3.0, -1.0, 1.0, 3.0)  # log-odds of the encoders
WORDS_EDGES = (4.0, 6.0, 8.0, 10.0, 12.0, 15.0, 20.0)  # log-odds of the n-grams
TORN_EDGES = (0.0, 3.0, 7.0)
COARSE_RUN = (-10.0, -5.0, -2.0, 1.0)
COARSE_WORDS = (7.0, 10.0, 14.0)

GROUPS = (
    Group("odds", cross(TONES, edges(ODDS_EDGES))),
    Group("runs-on", edges(RUN_EDGES)),
    Group("n-grams", edges(WORDS_EDGES)),
    Group("torn", cross(edges(TORN_EDGES), edges(TORN_EDGES))),
    Group("together", cross(edges(COARSE_RUN), edges(COARSE_WORDS))),
)


@cache
def load_weights(path: Path = SHIPPED) -> tuple[Reals, ...]:
    """Read the learned weights; a bin that was never seen weighs nothing."""
    return tables(json.loads(path.read_text("utf-8"))["groups"], GROUPS)


def wide_gaps(lines: Lines) -> Flags:
    """Tell of each line end whether more empty lines follow it than usual."""
    gap = lines.gap[1:]
    if not gap.any():
        return np.zeros(len(gap), dtype=np.bool_)
    middle = (len(gap) - 1) // 2
    return np.asarray(gap > np.partition(gap, middle)[middle])


def describe(draft: Draft, lines: Lines, rows: Integers, odds: Reals, sides: Sides, model: NGrams) -> Integers:
    """Return the bin in each group of the line ends of these rows, shape (n, groups): what speaks for a break there.

    `odds`: the chain's log-odds of a break at each of them.
    """
    words = _continuation(draft, lines.ends.take(rows), lines.starts.take(rows + 1), model)
    columns = [
        sides.tone * (len(ODDS_EDGES) + 1) + binned(odds, ODDS_EDGES),
        binned(sides.runs_on, RUN_EDGES),
        binned(words, WORDS_EDGES),
        binned(sides.before, TORN_EDGES) * (len(TORN_EDGES) + 1) + binned(sides.after, TORN_EDGES),
        binned(sides.runs_on, COARSE_RUN) * (len(COARSE_WORDS) + 1) + binned(words, COARSE_WORDS),
    ]
    return np.stack(columns, axis=1)


def _continuation(draft: Draft, ends: Integers, starts: Integers, model: NGrams) -> Reals:
    """Return the log-odds of the n-grams that the text runs on from each end to its start."""
    solid, steps = solid_places(draft), np.arange(DEPTH)

    def ids(places: Integers) -> NDArray[np.uint16]:
        inside = (places >= 0) & (places < len(solid))
        found = model.encode(draft.codes.take(solid.take(np.where(inside, places, 0))))
        return np.where(inside, found, np.uint16(model.PAD)).astype(np.uint16)

    before = ids(solid.searchsorted(ends)[:, None] - DEPTH + steps)
    after = ids(solid.searchsorted(starts)[:, None] + steps)
    return np.asarray(model.continuation(before, after), dtype=np.float64)
