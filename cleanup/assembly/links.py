"""Which broken passage goes on in which: open ends matched to their continuations over the whole source at once.

Every pair of an open end and a possible continuation gets learned log-odds from what stands on both sides of the gap
(link_witnesses.py); all ways to pair the passages are then weighed together (matchings.py), so that a passage claimed
by one end is not taken from another by nearness. What is likelier than not among them all excludes everything else.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from cleanup.assembly.link_witnesses import GROUPS, Pairs, odds_of
from cleanup.assembly.matchings import odds_among_all
from cleanup.bins import Reals, tables

HERE = Path(__file__).parent
LEAST_ODDS = -2.0  # log-odds below which a continuation is not worth telling as an alternative
# below this probability an end stays open: a join in doubt is worse than a break in doubt. Of the links made on 250
# held-out pages of cut and moved passages, 96 of 100 are true above it
LEAST_CONFIDENCE = 0.65
LEAST_DOUBT = 1e-6  # nothing is surer, and nothing less sure
MOST_ALTERNATIVES = 3


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
def load_weights(path: Path = HERE / "links.json") -> tuple[Reals, ...]:
    """Read the learned weights."""
    return tables(json.loads(path.read_text("utf-8"))["groups"], GROUPS)


def choose(pairs: Pairs, weights: tuple[Reals, ...], count: int) -> list[Link]:
    """Return the links between so many passages; each has one continuation at most and continues one at most."""
    odds = odds_among_all(odds_of(pairs, weights), pairs.left, pairs.right, count)
    sure = 1.0 / (1.0 + np.exp(-odds))
    links: list[Link] = []
    follows: dict[int, int] = {}
    for pair in sorted(np.flatnonzero(sure >= LEAST_CONFIDENCE).tolist(), key=lambda pair: -sure[pair]):
        left, right = int(pairs.left[pair]), int(pairs.right[pair])
        if led_to(right, follows) == left:
            continue  # the weakest link of a circle is let go
        follows[left] = right
        first, last = np.searchsorted(pairs.left, [left, left + 1]).tolist()
        weighed = first + np.flatnonzero(odds[first:last] > LEAST_ODDS)
        others = pairs.right[weighed[np.argsort(-odds[weighed])]].tolist()
        alternatives = tuple(other for other in others if other != right)[:MOST_ALTERNATIVES]
        links.append(Link(left, right, float(sure[pair]), alternatives))
    return sorted(links, key=lambda link: link.left)


def led_to(row: int, follows: Mapping[int, int]) -> int:
    """Return the passage that links lead to in the end from one; `follows`: from where to where, without circles.

    >>> led_to(1, {1: 4, 4: 2})
    2
    """
    while row in follows:
        row = follows[row]
    return row
