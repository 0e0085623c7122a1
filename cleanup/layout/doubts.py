"""Line ends in doubt, heard once more: does the sentence that stands before one run on after it?

In doubt is where the chain of breaks.py is undecided, and where it runs on across a gap wider than usual (across.py).
The encoders read what the paragraph holds up to the line end and what stands after it (sides.py). Their word is weighed
together with the chain's, by weights that learn_doubts.py has learned (doubts.json, a number for every named bin).
Ends that are clear cost nothing.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import numpy as np

from cleanup.bins import Group, Reals, binned, cross, edges, tables, weigh
from cleanup.document import Draft
from cleanup.language.ngrams import NGrams
from cleanup.layout import across
from cleanup.layout.groups import TONES
from cleanup.layout.lines import Integers, Lines
from cleanup.layout.sides import Sides, read_sides

SHIPPED = Path(__file__).with_name("doubts.json")
# log-odds of the chain beyond which its word is taken: held-out pages come out as well as with 5, and one line end in
# 45 is read again, not one in 9; with 0.8 headlines come out a little worse (titles of K1 .966 for .983)
IN_DOUBT = 2.0
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


@cache
def load_weights(path: Path = SHIPPED) -> tuple[Reals, ...]:
    """Read the learned weights; a bin that was never seen weighs nothing."""
    return tables(json.loads(path.read_text("utf-8"))["groups"], GROUPS)


def hear_again(draft: Draft, lines: Lines, probability: Reals, model: NGrams) -> tuple[Reals, Integers]:
    """Return the probability of a break at each line end, with those in doubt decided anew, and the rows of the joins
    across wide gaps."""
    odds = log_odds(probability)
    crossing = across.wide_gaps(lines) & (odds < across.UNSURE)
    rows = (crossing | (np.abs(odds) < IN_DOUBT)).nonzero()[0]
    if not len(rows):
        return probability, rows
    sides, over, settled = read_sides(draft, lines, rows, odds), crossing.take(rows), probability.copy()
    undecided, crossed = rows[~over], rows[over]
    if len(undecided):
        bins = describe(odds.take(undecided), sides.take(~over))
        settled[undecided] = _chance(weigh(bins, load_weights()))
    if len(crossed):
        bins = across.describe(draft, lines, crossed, odds.take(crossed), sides.take(over), model)
        settled[crossed] = _chance(weigh(bins, across.load_weights()))
    return settled, crossed


def log_odds(probability: Reals) -> Reals:
    """Return the natural logarithms of the odds.

    >>> log_odds(np.array([0.5])).tolist()
    [0.0]
    """
    tiny = np.finfo(np.float64).tiny
    return np.asarray(np.log(np.maximum(probability, tiny)) - np.log(np.maximum(1.0 - probability, tiny)))


def _chance(odds: Reals) -> Reals:
    return np.asarray(1.0 / (1.0 + np.exp(-odds)))


def describe(odds: Reals, sides: Sides) -> Integers:
    """Return the bin in each group of line ends, shape (n, groups): what speaks for a break there.

    `odds`: the chain's log-odds of a break at each of them.
    """
    tone = sides.tone
    width, wide = len(COARSE_TORN) + 1, len(COARSE_RUN) + 1
    together = (tone * width + binned(sides.before, COARSE_TORN)) * width + binned(sides.after, COARSE_TORN)
    columns = [
        tone * (len(ODDS_EDGES) + 1) + binned(odds, ODDS_EDGES),
        tone * (len(RUN_EDGES) + 1) + binned(sides.runs_on, RUN_EDGES),
        tone * (len(TORN_EDGES) + 1) + binned(sides.before, TORN_EDGES),
        tone * (len(TORN_EDGES) + 1) + binned(sides.after, TORN_EDGES),
        together * wide + binned(sides.runs_on, COARSE_RUN),
    ]
    return np.stack(columns, axis=1)
