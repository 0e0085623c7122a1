"""Bodies and headlines settled together: the reading of a page that is most probable as a whole.

Cuts, roles and matches are first decided each by itself. Where that leaves a headline without a body or a body without
a headline, neighbouring readings are tried (one more cut or one less, a headline taken for two, a heading taken for a
title or the reverse) and the best is kept as long as it raises the sum of all log-odds.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cleanup.assembly import headlines, kindred
from cleanup.assembly.bodies import gather_bodies
from cleanup.assembly.cohesion import Cohesion
from cleanup.assembly.headlines import Headline, find_headlines, match, pair_bins
from cleanup.assembly.links import Link
from cleanup.assembly.roles import LABEL
from cleanup.bins import Integers, Reals, weigh
from cleanup.language.edges import STARTS

HERE = Path(__file__).parent
ROUNDS = 8  # changes tried one after another; a page rarely needs more than two
TRIES = 5  # most likely changes of each kind tried in a round
DOUBLES = 3  # most likely halves of a double change
LEAST = -7.0  # log-odds; a change less likely than one in a thousand is not tried
NEVER = -1e9


@dataclass(frozen=True, slots=True)
class Costs:
    """Log-odds of a titled headline that stands alone, and of a body without headline."""

    alone: float
    headless: float


@cache
def load_costs(path: Path = HERE / "headlines.json") -> Costs:
    """Read the learned costs."""
    tree = json.loads(path.read_text("utf-8"))["costs"]
    return Costs(tree["alone"], tree["headless"])


Cuts = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What each witness says about a page: label probabilities, the body passages in source order, the log-odds of an
    article ending between neighbours of them, links between broken ones, how each passage ends and begins."""

    role_odds: Reals
    body: Integers
    cut_odds: Reals
    links: tuple[Link, ...]
    ends: Integers
    starts: Integers
    cohesion: Cohesion

    @property
    def dateline(self) -> NDArray[np.bool_]:
        """Which passages open a report."""
        return np.asarray(self.starts == STARTS.index("dateline"))


@dataclass(frozen=True, slots=True)
class State:
    """One way to read a page; `spent` is the log-odds given up for labels and links that were changed."""

    labels: Integers
    cuts: Cuts
    links: tuple[Link, ...]
    spent: float = 0.0
    kindred: tuple[tuple[int, int], ...] = ()  # passages of bodies taken for parts of one

    def relabelled(self, row: int, label: int, odds: float) -> State:
        """Return the state with another label for one passage."""
        labels = self.labels.copy()
        labels[row] = label
        return replace(self, labels=labels, spent=self.spent + odds)

    def cut(self, gap: int, *, here: bool) -> State:
        """Return the state with a cut set or taken away."""
        cuts = self.cuts.copy()
        cuts[gap] = here
        return replace(self, cuts=cuts)

    def joined(self, left: int, right: int, odds: float) -> State:
        """Return the state with the bodies of two passages taken for parts of one."""
        return replace(self, kindred=(*self.kindred, (left, right)), spent=self.spent + odds)

    def without(self, link: Link) -> State:
        """Return the state without a link."""
        odds = math.log(max(1.0 - link.confidence, 1e-6) / max(link.confidence, 1e-6))
        return replace(self, links=tuple(other for other in self.links if other != link), spent=self.spent + odds)


@dataclass(frozen=True, slots=True)
class Settled:
    """The reading of a page: a state, its bodies in reading order, its headlines, the log-odds of every pair of them,
    which headline names which body, and the sum of all log-odds."""

    state: State
    bodies: list[list[int]]
    headlines: list[Headline]
    odds: Reals
    named: dict[int, int]
    score: float

    @property
    def alone(self) -> bool:
        """Whether a titled headline names no body."""
        return any(h.has_title for n, h in enumerate(self.headlines) if n not in self.named)

    @property
    def headless(self) -> bool:
        """Whether a body has no headline."""
        return len(self.bodies) > len(self.named)


def settle(evidence: Evidence, labels: Integers) -> Settled:
    """Return the best reading found."""
    now = judge(evidence, State(labels, evidence.cut_odds > 0, evidence.links))
    for _ in range(ROUNDS):
        best = now
        tries = [(_most_it_can_be(evidence, state), state) for state in _changes(evidence, now)]
        for most, state in sorted(tries, key=lambda pair: -pair[0]):
            if most <= best.score:
                break
            best = max(best, judge(evidence, state), key=lambda settled: settled.score)
        if best is now:
            break
        now = best
    return now


def _most_it_can_be(evidence: Evidence, state: State) -> float:
    """Return the score of a state if all its headlines and bodies matched beyond doubt: it is never more."""
    return state.spent + float(evidence.cut_odds[state.cuts].sum())


def judge(evidence: Evidence, state: State) -> Settled:
    """Return what a state comes to: bodies, headlines, the best match of the two, and the score."""
    bodies = gather_bodies(
        evidence.body, np.where(state.cuts, 1.0, -1.0), list(state.links), evidence.dateline, state.kindred
    )
    found = find_headlines(state.labels)
    odds = np.zeros((len(found), len(bodies)))
    if odds.size:
        bins = pair_bins(found, bodies, state.labels, evidence.dateline, evidence.cohesion)
        odds = weigh(bins, headlines.load_weights()).reshape(odds.shape)
    named = match(odds)
    costs = load_costs()
    alone = sum(h.has_title for n, h in enumerate(found) if n not in named)
    score = (
        _most_it_can_be(evidence, state)
        - sum(math.log1p(math.exp(-float(odds[h, b]))) for h, b in named.items())
        + costs.alone * alone
        + costs.headless * (len(bodies) - len(named))
    )
    return Settled(state, bodies, found, odds, named, score)


def _changes(evidence: Evidence, now: Settled) -> Iterator[State]:
    """Yield the states next to the one at hand that may mend what it leaves open."""
    state = now.state
    logs = np.log(np.maximum(evidence.role_odds, 1e-6))

    def relabelled(pairs: Sequence[tuple[str, str]], most: int) -> list[tuple[float, State]]:
        found = []
        for old, new in pairs:
            odds = np.where(state.labels == LABEL[old], logs[:, LABEL[new]] - logs[:, LABEL[old]], NEVER)
            found += [(float(odds[row]), state.relabelled(row, LABEL[new], float(odds[row]))) for row in _most(odds)]
        return sorted(found, key=lambda pair: -pair[0])[:most]

    more = _most(np.where(state.cuts, NEVER, evidence.cut_odds))
    for odds, split in relabelled((("half", "title"), ("half", "kicker"), ("heading", "title")), DOUBLES):
        yield from (split.cut(gap, here=True) for gap in more[:DOUBLES] if odds + evidence.cut_odds[gap] > LEAST)
    if now.alone:
        yield from (state.cut(gap, here=True) for gap in more)
        for link in state.links:
            between = (evidence.body[:-1] >= link.left) & (evidence.body[1:] <= link.right)
            if between.any():
                gap = int(np.where(between, evidence.cut_odds, NEVER).argmax())
                yield state.without(link).cut(gap, here=True)
        mends = (("title", "heading"), ("title", "half"), ("kicker", "half"), ("kicker", "heading"))
        yield from (other for _, other in relabelled(mends, 2 * TRIES))
    pairs = kindred.apart(now.bodies, evidence.body)
    if pairs:
        bins = kindred.describe(pairs, now.bodies, state.labels, evidence.ends, evidence.starts, evidence.cohesion)
        kin = weigh(bins, kindred.load_weights())
        yield from (
            state.joined(now.bodies[pairs[n][0]][0], now.bodies[pairs[n][1]][0], float(kin[n])) for n in _most(kin)
        )
    if now.headless:
        yield from (state.cut(gap, here=False) for gap in _most(np.where(state.cuts, -evidence.cut_odds, NEVER)))
        raised = (("half", "title"), ("half", "kicker"), ("heading", "title"))
        yield from (other for _, other in relabelled(raised, 2 * TRIES))


def _most(odds: Reals) -> list[int]:
    """Return the places of the few largest log-odds worth trying."""
    order = np.argsort(-odds, kind="stable")[:TRIES]
    return [int(place) for place in order if odds[place] > LEAST]
