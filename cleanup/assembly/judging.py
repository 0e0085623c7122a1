"""How probable one reading of a page is as a whole: what its parts cost, and whether bodies and headlines match.

A reading is a state (labels, cuts, links, bodies taken for parts of one) and the best match of headlines to bodies that
goes with it. Its score is a learned weight for each kind of evidence it spends or leaves open (a log-linear model of
whole readings, after A. Berger et al., A maximum entropy approach to natural language processing, 1996). Nothing here
looks for readings: settle.py does.
"""

from __future__ import annotations

import itertools
import json
import math
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cleanup.assembly import headlines
from cleanup.assembly.bodies import gather_bodies, opening_reports
from cleanup.assembly.cohesion import Cohesion
from cleanup.assembly.headlines import RELATIONS, Headline, find_headlines, match, pair_bins, relations
from cleanup.assembly.links import Link
from cleanup.assembly.roles import LABEL
from cleanup.bins import Integers, Reals, weigh
from cleanup.language.edges import STARTS

HERE = Path(__file__).parent
Cuts = NDArray[np.bool_]

# log-odds of what was decided against or beyond the single witnesses; then what is left open; then how the headlines
# of a page, one after another, stand to their bodies: a page keeps to one habit
SPENT = ("cuts", "roles", "links", "kindred")
MATCHED = ("matched", "odds", "unlikely")
OPEN = ("alone", "alone-untitled", "headless-one", "headless-some", "headless-report", "even")
SHAPES = ("body", "body-of-one", "headline")
STEPS = tuple(f"{first} {second}" for first in RELATIONS for second in RELATIONS)
WITNESSES = (*SPENT, *MATCHED, *OPEN, *SHAPES, *STEPS)
PLACE = {name: number for number, name in enumerate(WITNESSES)}


@dataclass(frozen=True, slots=True)
class Evidence:
    """What each witness says about a page: label probabilities, the body passages in source order, the log-odds of an
    article ending between neighbours of them, links between broken ones, how each passage ends and begins, and whether
    it stands on one line with the passage after it."""

    role_odds: Reals
    body: Integers
    cut_odds: Reals
    links: tuple[Link, ...]
    ends: Integers
    starts: Integers
    run_in: NDArray[np.bool_]
    cohesion: Cohesion

    @property
    def dateline(self) -> NDArray[np.bool_]:
        """Which passages open a report."""
        return np.asarray(self.starts == STARTS.index("dateline"))


@dataclass(frozen=True, slots=True)
class State:
    """One way to read a page.

    The last three are the log-odds given up for labels, links and kindred bodies against what each witness says.
    """

    labels: Integers
    cuts: Cuts
    links: tuple[Link, ...]
    kindred: tuple[tuple[int, int], ...] = ()  # passages of bodies taken for parts of one
    for_labels: float = 0.0
    for_links: float = 0.0
    for_kindred: float = 0.0

    def relabelled(self, row: int, label: int, odds: float) -> State:
        """Return the state with another label for one passage."""
        labels = self.labels.copy()
        labels[row] = label
        return replace(self, labels=labels, for_labels=self.for_labels + odds)

    def cut(self, gap: int, *, here: bool) -> State:
        """Return the state with a cut set or taken away."""
        cuts = self.cuts.copy()
        cuts[gap] = here
        return replace(self, cuts=cuts)

    def joined(self, left: int, right: int, odds: float) -> State:
        """Return the state with the bodies of two passages taken for parts of one."""
        return replace(self, kindred=(*self.kindred, (left, right)), for_kindred=self.for_kindred + odds)

    def without(self, link: Link) -> State:
        """Return the state without a link."""
        links = tuple(other for other in self.links if other != link)
        return replace(self, links=links, for_links=self.for_links - link.log_odds)


@dataclass(frozen=True, slots=True)
class Settled:
    """A reading of a page: a state, its bodies in reading order, its headlines, which of them names which body and the
    log-odds of that, what speaks for it (a number a witness), and its score."""

    state: State
    bodies: list[list[int]]
    headlines: list[Headline]
    named: dict[int, int]
    odds: dict[int, float]
    witnesses: Reals
    score: float

    @property
    def alone(self) -> bool:
        """Whether a titled headline names no body."""
        return any(h.has_title for n, h in enumerate(self.headlines) if n not in self.named)

    @property
    def headless(self) -> bool:
        """Whether a body has no headline."""
        return len(self.bodies) > len(self.named)

    @property
    def untitled(self) -> bool:
        """Whether a headline without a title names a body."""
        return any(not self.headlines[n].has_title for n in self.named)


@cache
def load_weights(path: Path = HERE / "judging.json") -> Reals:
    """Read the learned weight of each witness."""
    tree = json.loads(path.read_text("utf-8"))["weights"]
    return np.array([tree.get(name, 0.0) for name in WITNESSES])


def judge(evidence: Evidence, state: State, weights: Reals) -> Settled:
    """Return what a state comes to: bodies, headlines, the best match of the two, and the score."""
    dateline = evidence.dateline
    rows, cuts = _running(evidence, state)
    opening = opening_reports(dateline, state.labels)
    bodies = gather_bodies(rows, np.where(cuts, 1.0, -1.0), list(state.links), opening, state.kindred)
    found = _headlines_in(state.labels.tobytes())
    odds = np.zeros((len(found), len(bodies)))
    if odds.size:
        bins = pair_bins(found, bodies, state.labels, dateline, evidence.cohesion)
        odds = weigh(bins, headlines.load_weights()).reshape(odds.shape)
    named = match(odds)
    witnesses = _hear(evidence, state, bodies, found, odds, named)
    sure = {headline: float(odds[headline, body]) for headline, body in named.items()}
    return Settled(state, bodies, found, named, sure, witnesses, float(witnesses @ weights))


def _running(evidence: Evidence, state: State) -> tuple[Integers, Cuts]:
    """Return the body passages but those taken for titles, and in which gaps between them an article ends."""
    kept = np.flatnonzero(state.labels[evidence.body] == LABEL["paragraph"])
    ended: Cuts = np.logical_or.reduceat(np.append(state.cuts, False), kept)[:-1]
    return evidence.body[kept], ended


@lru_cache(maxsize=32)
def _headlines_in(labels: bytes) -> list[Headline]:
    """Return the headlines of labels, which many readings of a page have in common."""
    return find_headlines(np.frombuffer(labels, dtype=np.int64))


def spent(evidence: Evidence, state: State, weights: Reals) -> float:
    """Return what a state costs by itself: the first part of its score, before bodies and headlines are looked at."""
    return float(np.array(_given_up(evidence, state)) @ weights[: len(SPENT)])


def _given_up(evidence: Evidence, state: State) -> tuple[float, float, float, float]:
    """Return what the witnesses of SPENT say of a state, in their order."""
    return float(evidence.cut_odds[state.cuts].sum()), state.for_labels, state.for_links, state.for_kindred


def _hear(
    evidence: Evidence,
    state: State,
    bodies: list[list[int]],
    found: list[Headline],
    odds: Reals,
    named: dict[int, int],
) -> Reals:
    """Return what each witness says of a reading."""
    said = np.zeros(len(WITNESSES))
    said[: len(SPENT)] = _given_up(evidence, state)
    for headline, body in named.items():
        sure = float(odds[headline, body])
        said[PLACE["matched"]] -= math.log1p(math.exp(-sure))
        said[PLACE["odds"]] += sure
        said[PLACE["unlikely"]] += sure < 0
    for number, headline_lines in enumerate(found):
        if number not in named:
            said[PLACE["alone" if headline_lines.has_title else "alone-untitled"]] += 1
    dateline = evidence.dateline
    owned = set(named.values())
    for number, body_rows in enumerate(bodies):
        if number not in owned:
            said[PLACE["headless-one" if len(body_rows) == 1 else "headless-some"]] += 1
            said[PLACE["headless-report"]] += bool(dateline[body_rows[0]])
        said[PLACE["body-of-one"]] += len(body_rows) == 1
    said[PLACE["body"]] = len(bodies)
    said[PLACE["headline"]] = sum(headline.has_title for headline in found)
    said[PLACE["even"]] = len(bodies) == said[PLACE["headline"]]
    if len(named) > 1:
        table = relations(found, bodies, state.labels)
        kinds = [int(table[headline, named[headline]]) for headline in sorted(named)]
        for first, second in itertools.pairwise(kinds):
            said[len(WITNESSES) - len(STEPS) + first * len(RELATIONS) + second] += 1
    return said
