"""Which broken passage goes on in which: open ends matched to their continuations over the whole source at once.

Every pair of an open end and a possible continuation gets learned log-odds from what stands on both sides of the gap
(link_witnesses.py); the pairs are then chosen together, as the assignment with the highest sum (H. W. Kuhn, The
Hungarian method, 1955), so that a passage claimed by one end is not taken from another by nearness.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from scipy.optimize import linear_sum_assignment

from cleanup.assembly.link_witnesses import GROUPS, Pairs, lead_over
from cleanup.bins import Group, Integers, Reals, binned, cross, edges, tables, weigh
from cleanup.language.edges import ENDS, STARTS

HERE = Path(__file__).parent
LEAST_ODDS = 0.0  # log-odds below which an open end stays open
# below this probability an end stays open: a join in doubt is worse than a break in doubt. Of the links made on pages
# to learn from, 95 of 100 are true above it
LEAST_CONFIDENCE = 0.6
LEAST_DOUBT = 1e-6  # nothing is surer, and nothing less sure
ODDS_EDGES = (-5.0, -3.5, -2.5, -1.5, -0.7, 0.0, 0.7, 1.5, 3.0)
AHEAD_EDGES = (-3.0, -1.0, -0.01, 0.01, 0.7, 1.5, 2.5, 4.0, 6.0)
# a pair among its rivals: what an end can go on in, and what a continuation can follow, exclude each other
RIVAL_GROUPS = (
    Group("bias", ("any",)),
    Group("odds-ahead", cross(edges(ODDS_EDGES), edges(AHEAD_EDGES))),
    Group("odds-wanted", cross(edges(ODDS_EDGES), edges(AHEAD_EDGES))),
    Group("ahead-wanted", cross(edges(AHEAD_EDGES), edges(AHEAD_EDGES))),
    Group("end", tuple(ENDS)),
    Group("start", tuple(STARTS)),
)


@dataclass(frozen=True, slots=True)
class Weights:
    """The learned weights of a pair by itself, and of a pair among its rivals."""

    pair: tuple[Reals, ...]
    rivals: tuple[Reals, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """`right` goes on where `left` breaks off; `alternatives` are other continuations that were weighed."""

    left: int
    right: int
    confidence: float
    alternatives: tuple[int, ...] = ()

    @property
    def log_odds(self) -> float:
        """The log-odds of the link being true."""
        return math.log(max(self.confidence, LEAST_DOUBT) / max(1.0 - self.confidence, LEAST_DOUBT))


@cache
def load_weights(path: Path = HERE / "links.json") -> Weights:
    """Read the learned weights."""
    tree = json.loads(path.read_text("utf-8"))
    return Weights(tables(tree["groups"], GROUPS), tables(tree["rivals"], RIVAL_GROUPS))


def among_rivals(pairs: Pairs, odds: Reals, count: int) -> Integers:
    """Describe each pair, whose log-odds by itself are `odds`, beside the other pairs of its two passages."""
    ahead = binned(lead_over(odds, pairs.left, count), AHEAD_EDGES)
    wanted = binned(lead_over(odds, pairs.right, count), AHEAD_EDGES)
    own = binned(odds, ODDS_EDGES)
    width = len(AHEAD_EDGES) + 1
    kinds = pairs.bins[:, END_START]
    columns = [
        np.zeros(len(odds), dtype=np.int64),
        own * width + ahead,
        own * width + wanted,
        ahead * width + wanted,
        kinds // len(STARTS),
        kinds % len(STARTS),
    ]
    return np.stack(columns, axis=1)


END_START = next(place for place, group in enumerate(GROUPS) if group.name == "end-start")


def choose(pairs: Pairs, weights: Weights, count: int) -> list[Link]:
    """Return the links of the best assignment; a passage has one continuation at most and continues one at most."""
    if not len(pairs.left):
        return []
    odds = weigh(among_rivals(pairs, weigh(pairs.bins, weights.pair), count), weights.rivals)
    likely = odds > LEAST_ODDS
    lefts, rights = np.unique(pairs.left[likely]), np.unique(pairs.right[likely])
    if not len(lefts):
        return []
    gain = np.zeros((len(lefts), len(rights)))
    rows = np.searchsorted(lefts, pairs.left[likely])
    columns = np.searchsorted(rights, pairs.right[likely])
    gain[rows, columns] = odds[likely] - LEAST_ODDS
    chosen = [
        (float(gain[a, b]) + LEAST_ODDS, int(lefts[a]), int(rights[b]))
        for a, b in zip(*linear_sum_assignment(gain, maximize=True), strict=True)
        if gain[a, b] > 0
    ]
    links: list[Link] = []
    follows: dict[int, int] = {}
    for value, left, right in sorted(chosen, reverse=True):
        end = right
        while end in follows:
            end = follows[end]
        if end == left:
            continue  # the weakest link of a circle is let go
        follows[left] = right
        mine = (pairs.left == left) & likely
        others = tuple(int(r) for r in pairs.right[mine][np.argsort(-odds[mine])][:4] if int(r) != right)
        rival = np.exp(odds[mine & (pairs.right != right)]).sum() if others else 0.0
        sure = float(np.exp(value) / (1.0 + np.exp(value) + rival))
        if sure >= LEAST_CONFIDENCE:
            links.append(Link(left, right, sure, others[:3]))
    return sorted(links, key=lambda link: link.left)
