"""Line ends in doubt, heard once more: does the sentence that stands before one run on after it?

Where the chain of breaks.py is undecided, the encoders of continuation.py read what the paragraph holds up to the line
end and what stands after it, further than the n-grams see. Their word is weighed together with the chain's, by
weights that learn_doubts.py has learned (doubts.json, a number for every named bin). Ends that are clear cost nothing.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from cleanup.bins import Group, Reals, binned, cross, edges, tables, weigh
from cleanup.document import Draft
from cleanup.layout.groups import TONES
from cleanup.layout.lines import Integers, Lines
from cleanup.layout.sides import read_sides

SHIPPED = Path(__file__).with_name("doubts.json")
# log-odds of the chain beyond which its word is taken: 320 held-out pages come out as well as with 2 (break F1 .972)
IN_DOUBT = 0.8
ODDS_EDGES = (-4.0, -3.0, -2.0, -1.0, -0.4, 0.4, 1.0, 2.0, 3.0, 4.0)
RUN_EDGES = (-8.0, -5.0, -3.0, -1.0, 1.0, 3.0, 5.0, 8.0)
TORN_EDGES = (-3.0, -1.0, 0.0, 1.0, 2.0, 4.0, 7.0)
COARSE_TORN = (0.0, 3.0)
COARSE_RUN = (-3.0, 3.0)

GROUPS = (
    Group("odds", cross(TONES, edges(ODDS_EDGES))),
    Group("runs-on", cross(TONES, edges(RUN_EDGES))),
    Group("torn-before", cross(TONES, edges(TORN_EDGES))),
    Group("torn-after", cross(TONES, edges(TORN_EDGES))),
    Group("together", cross(TONES, edges(COARSE_TORN), edges(COARSE_TORN), edges(COARSE_RUN))),
)


@dataclass(frozen=True, slots=True, eq=False)
class Doubts:
    """The line ends in doubt: their rows, and the bin of each in each group, shape (n, groups)."""

    rows: Integers
    bins: Integers


@cache
def load_weights(path: Path = SHIPPED) -> tuple[Reals, ...]:
    """Read the learned weights; a bin that was never seen weighs nothing."""
    return tables(json.loads(path.read_text("utf-8"))["groups"], GROUPS)


def hear_again(draft: Draft, lines: Lines, probability: Reals) -> Reals:
    """Return the probability of a break at each line end, with those in doubt decided anew."""
    doubts = find_doubts(draft, lines, probability)
    if not len(doubts.rows):
        return probability
    settled = probability.copy()
    settled[doubts.rows] = 1.0 / (1.0 + np.exp(-weigh(doubts.bins, load_weights())))
    return settled


def find_doubts(draft: Draft, lines: Lines, probability: Reals) -> Doubts:
    """Return the line ends in doubt and what speaks for a break there."""
    tiny = np.finfo(np.float64).tiny
    odds = np.log(np.maximum(probability, tiny)) - np.log(np.maximum(1.0 - probability, tiny))
    rows = (np.abs(odds) < IN_DOUBT).nonzero()[0]
    if not len(rows):
        return Doubts(rows, np.zeros((0, len(GROUPS)), dtype=np.int64))
    sides = read_sides(draft, lines, rows, probability)
    tone = sides.tone
    width, wide = len(COARSE_TORN) + 1, len(COARSE_RUN) + 1
    together = (tone * width + binned(sides.before, COARSE_TORN)) * width + binned(sides.after, COARSE_TORN)
    columns = [
        tone * (len(ODDS_EDGES) + 1) + binned(odds[rows], ODDS_EDGES),
        tone * (len(RUN_EDGES) + 1) + binned(sides.runs_on, RUN_EDGES),
        tone * (len(TORN_EDGES) + 1) + binned(sides.before, TORN_EDGES),
        tone * (len(TORN_EDGES) + 1) + binned(sides.after, TORN_EDGES),
        together * wide + binned(sides.runs_on, COARSE_RUN),
    ]
    return Doubts(rows, np.stack(columns, axis=1))
