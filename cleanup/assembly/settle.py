"""Bodies and headlines settled together: the reading of a page that is most probable as a whole.

Cuts, roles and matches are first decided each by itself. Where that leaves a headline without a body or a body without
a headline, neighbouring readings are tried (one more cut or one less, a headline taken for two, a heading taken for a
title or the reverse) and the best is kept as long as it raises the sum of all log-odds.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from cleanup.assembly import headlines
from cleanup.assembly.bodies import gather_bodies
from cleanup.assembly.cohesion import Vectors
from cleanup.assembly.headlines import Headline, find_headlines, match, pair_bins
from cleanup.assembly.links import Link
from cleanup.assembly.roles import LABEL
from cleanup.bins import Integers, Reals, weigh

ROUNDS = 8  # changes tried one after another; a page rarely needs more than two
TRIES = 5  # most likely changes of each kind tried in a round
LEAST = -7.0  # log-odds; a change less likely than one in a thousand is not tried
NEVER = -1e9


@dataclass(frozen=True, slots=True)
class Costs:
    """Log-odds of a titled headline that stands alone, and of a body without headline."""

    alone: float
    headless: float


@cache
def load_costs(path: Path = Path(__file__).with_name("headlines.json")) -> Costs:
    """Read the learned costs."""
    tree = json.loads(path.read_text("utf-8"))["costs"]
    return Costs(tree["alone"], tree["headless"])


@dataclass(frozen=True, slots=True)
class Settled:
    """A reading as a whole: labels, bodies, headlines, the log-odds of every pair, who names whom, and its score."""

    labels: Integers
    bodies: list[list[int]]
    headlines: list[Headline]
    odds: Reals
    named: dict[int, int]
    score: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known about a page before it is settled; fields as in reading.Reading."""

    role_odds: Reals
    body: Integers
    cut_odds: Reals
    links: list[Link]
    dateline: np.ndarray  # type: ignore[type-arg]
    vectors: Vectors


def settle(evidence: Evidence, labels: Integers) -> Settled:
    """Return the best reading found."""
    now = _judge(evidence, labels, evidence.cut_odds > 0, 0.0)
    cuts, spent = evidence.cut_odds > 0, 0.0
    for _ in range(ROUNDS):
        alone = sum(h.has_title for n, h in enumerate(now.headlines) if n not in now.named)
        headless = len(now.bodies) - len(now.named)
        best = now
        for changed, new_cuts, odds in _changes(evidence, now, cuts, alone > 0, headless > 0):
            tried = _judge(evidence, changed, new_cuts, spent + odds)
            if tried.score > best.score + 1e-9:
                best, best_cuts, best_spent = tried, new_cuts, spent + odds
        if best is now:
            break
        now, cuts, spent = best, best_cuts, best_spent
    return now


def _judge(evidence: Evidence, labels: Integers, cuts: np.ndarray, spent: float) -> Settled:  # type: ignore[type-arg]
    """Return the reading under given labels and cuts; `spent` is the log-odds of the changes made to the labels."""
    chosen = np.where(cuts, 1.0, -1.0)
    bodies = gather_bodies(evidence.body, chosen, evidence.links)
    found = find_headlines(labels)
    shape = (len(found), len(bodies))
    odds = np.zeros(shape)
    if shape[0] and shape[1]:
        bins = pair_bins(found, bodies, labels, evidence.dateline, evidence.vectors)
        odds = weigh(bins, headlines.load_weights()).reshape(shape)
    named = match(odds)
    costs = load_costs()
    alone = sum(h.has_title for n, h in enumerate(found) if n not in named)
    score = (
        spent
        + float(evidence.cut_odds[cuts].sum())
        + sum(float(odds[h, b]) for h, b in named.items())
        + costs.alone * alone
        + costs.headless * (len(bodies) - len(named))
    )
    return Settled(labels, bodies, found, odds, named, score)


def _changes(
    evidence: Evidence,
    now: Settled,
    cuts: np.ndarray,  # type: ignore[type-arg]
    alone: bool,
    headless: bool,
) -> Iterator[tuple[Integers, np.ndarray, float]]:  # type: ignore[type-arg]
    """Yield neighbouring readings: labels, cuts, and the log-odds that changed labels cost."""
    yield from _doubles(evidence, now, cuts)
    if alone:
        for gap in _most(np.where(cuts, NEVER, evidence.cut_odds)):
            more = cuts.copy()
            more[gap] = True
            yield now.labels, more, 0.0
    if headless:
        for gap in _most(np.where(cuts, -evidence.cut_odds, NEVER)):
            less = cuts.copy()
            less[gap] = False
            yield now.labels, less, 0.0
    logs = np.log(np.maximum(evidence.role_odds, 1e-6))
    relabel = []
    if headless:
        relabel += [("half", "title"), ("half", "kicker"), ("heading", "title"), ("paragraph", "title")]
    if alone:
        relabel += [("title", "heading"), ("title", "half"), ("kicker", "half"), ("kicker", "heading")]
    body = set(evidence.body.tolist())
    for old, new in relabel:
        odds = np.where(now.labels == LABEL[old], logs[:, LABEL[new]] - logs[:, LABEL[old]], NEVER)
        if old == "paragraph":
            odds = np.where(np.isin(np.arange(len(odds)), list(body)), NEVER, odds)
        for row in _most(odds):
            labels = now.labels.copy()
            labels[row] = LABEL[new]
            yield labels, cuts, float(odds[row])


def _doubles(evidence: Evidence, now: Settled, cuts: np.ndarray) -> Iterator[tuple[Integers, np.ndarray, float]]:  # type: ignore[type-arg]
    """Yield readings with one cut more and one headline taken for two."""
    logs = np.log(np.maximum(evidence.role_odds, 1e-6))
    splits: list[tuple[float, int, str]] = []
    for new in ("title", "kicker"):
        odds = np.where(now.labels == LABEL["half"], logs[:, LABEL[new]] - logs[:, LABEL["half"]], NEVER)
        splits += [(float(odds[row]), row, new) for row in _most(odds)]
    gaps = _most(np.where(cuts, NEVER, evidence.cut_odds))
    for odds_, row, new in sorted(splits, reverse=True)[:TRIES]:
        for gap in gaps:
            if odds_ + evidence.cut_odds[gap] > LEAST:
                labels, more = now.labels.copy(), cuts.copy()
                labels[row] = LABEL[new]
                more[gap] = True
                yield labels, more, odds_


def _most(odds: Reals) -> list[int]:
    """Return the places of the few largest log-odds worth trying."""
    order = np.argsort(-odds, kind="stable")[:TRIES]
    return [int(place) for place in order if odds[place] > LEAST]
