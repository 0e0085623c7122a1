"""Which headline names which body: groups of headline lines matched to bodies as one assignment.

A headline may stand before its body, after it, or inside its columns, and a source keeps to one habit; what it shares
with the body speaks too. Learned log-odds of every pair, then the assignment with the highest sum (Gao et al.,
Newspaper article reconstruction using ant colony optimization and bipartite graph, 2012, match on page images in the
same way).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from cleanup.assembly.cohesion import Cohesion
from cleanup.assembly.roles import LABEL, LABELS
from cleanup.bins import Group, Integers, Reals, binned, cross, edges, tables

HERE = Path(__file__).parent
RELATIONS = ("before", "after", "inside", "early", "late")
HABITS = ("neither", "opens", "closes", "both")
AFFINITY_EDGES = (0.0005, 0.005, 0.02, 0.05, 0.1, 0.2, 0.35)
LEAD_EDGES = (-0.2, -0.05, -0.01, -0.0001, 0.0001, 0.01, 0.05, 0.2)
ABOUT_EDGES = (0.05, 0.15, 0.3, 0.45, 0.6)
ABOUT_LEAD_EDGES = (-0.3, -0.1, -0.0001, 0.0001, 0.1, 0.3)
HEADLINE = frozenset({"kicker", "title", "subtitle", "byline", "half"})
ROWS_COMPARED = 40  # body passages looked at for affinity, the first ones

GROUPS = (
    Group("bias", ("any",)),
    Group("relation-habit", cross(RELATIONS, HABITS)),
    Group("relation-number", cross(RELATIONS, ("fewer", "equal", "more"))),
    Group("affinity", cross(edges(AFFINITY_EDGES), RELATIONS)),
    Group("lead", cross(edges(LEAD_EDGES), RELATIONS)),
    Group("claim", cross(edges(LEAD_EDGES), RELATIONS)),
    Group("rank", cross(("same", "next", "far"), HABITS)),
    Group("dateline", cross(("no", "yes"), RELATIONS)),
    Group("size", cross(("1", "2", "3-5", "6+"), RELATIONS)),
    Group("title", cross(("none", "some"), RELATIONS)),
    Group("near", cross(("0", "1", "2+"), RELATIONS)),
    Group("about", cross(edges(ABOUT_EDGES), RELATIONS)),
    Group("about-lead", cross(edges(ABOUT_LEAD_EDGES), RELATIONS)),
    Group("about-claim", cross(edges(ABOUT_LEAD_EDGES), RELATIONS)),
)


@dataclass(frozen=True, slots=True)
class Headline:
    """A group of headline lines, rows of the passages in source order; `has_title` tells whether one is a title."""

    rows: tuple[int, ...]
    has_title: bool


@cache
def load_weights(path: Path = HERE / "headlines.json") -> tuple[Reals, ...]:
    """Read the learned weights."""
    return tables(json.loads(path.read_text("utf-8"))["groups"], GROUPS)


def find_headlines(labels: Integers) -> list[Headline]:
    """Return the groups of headline lines that stand together; two titles in a row are two groups.

    Names alone are no headline: they sign the body they stand by. So do names between a body and the headline after
    it, be it that of the next article or of this one.

    >>> label = lambda *names: np.array([LABEL[name] for name in names])
    >>> found = find_headlines(label("title", "half", "title", "byline", "paragraph", "byline", "title"))
    >>> [headline.rows for headline in found]
    [(0, 1), (2, 3), (6,)]
    """
    found: list[Headline] = []
    rows: list[int] = []
    after_body = False  # whether the lines at hand stand right behind something that is no headline
    names = [LABELS[number] for number in labels.tolist()]

    def close() -> None:
        signed = next((n for n, row in enumerate(rows) if names[row] != "byline"), len(rows)) if after_body else 0
        if any(names[row] != "byline" for row in rows[signed:]):
            found.append(Headline(tuple(rows[signed:]), any(names[row] in ("title", "half") for row in rows)))
        rows.clear()

    for row, name in enumerate(names):
        if name == "furniture":
            continue
        if name not in HEADLINE:
            close()
            after_body = True
            continue
        here = {names[r] for r in rows}
        following = next((names[r] for r in range(row + 1, len(names)) if names[r] != "furniture"), "")
        if (
            (name == "title" and "title" in here)
            or (name == "kicker" and "title" in here and following in ("title", "kicker"))
            or (name == "subtitle" and "subtitle" in here and names[rows[-1]] == "byline")
        ):
            close()
            after_body = False
        rows.append(row)
    close()
    return found


def pair_bins(
    headlines: list[Headline],
    bodies: list[list[int]],
    labels: Integers,
    dateline: NDArray[np.bool_],
    cohesion: Cohesion,
) -> NDArray[np.int64]:
    """Describe every pair of a headline and a body, shape (headlines × bodies, groups), headline by headline.

    `bodies` are lists of passage rows in reading order; `dateline` tells which passages open a report.
    """
    rows, compared = [list(h.rows) for h in headlines], [body[:ROWS_COMPARED] for body in bodies]
    affinity = cohesion.words.similarity(rows, compared)
    about = cohesion.topics.similarity(rows, compared)
    shown = labels != LABEL["furniture"]
    in_headline = np.zeros(len(labels), dtype=np.bool_)
    in_headline[[row for headline in headlines for row in headline.rows]] = True
    inner = np.flatnonzero(shown)
    habit = int(in_headline[inner[0]]) + 2 * int(in_headline[inner[-1]]) if len(inner) else 0
    titled = sum(headline.has_title for headline in headlines)
    number = 0 if titled < len(bodies) else 1 if titled == len(bodies) else 2
    opening = np.array([body[0] for body in bodies])
    distance, relation = _places(headlines, bodies, labels)
    first = np.array([min(body) for body in bodies])
    place = np.argsort(np.argsort(first, kind="stable"), kind="stable")[None, :]
    step = np.abs(np.arange(len(headlines))[:, None] - place)
    size = binned(np.array([len(body) for body in bodies]), (2, 3, 6))[None, :]
    has_title = np.array([headline.has_title for headline in headlines])[:, None]
    count, habits = len(RELATIONS), len(HABITS)
    columns = [
        np.zeros_like(relation),
        relation * habits + habit,
        relation * 3 + number,
        binned(affinity, AFFINITY_EDGES) * count + relation,
        binned(lead_of(affinity), LEAD_EDGES) * count + relation,
        binned(lead_of(affinity.T).T, LEAD_EDGES) * count + relation,
        np.minimum(step, 2) * habits + habit,
        dateline[opening][None, :] * count + relation,
        size * count + relation,
        has_title * count + relation,
        np.minimum(distance, 2) * count + relation,
        binned(about, ABOUT_EDGES) * count + relation,
        binned(lead_of(about), ABOUT_LEAD_EDGES) * count + relation,
        binned(lead_of(about.T).T, ABOUT_LEAD_EDGES) * count + relation,
    ]
    return np.stack([column.ravel() for column in columns], axis=1)


def relations(headlines: list[Headline], bodies: list[list[int]], labels: Integers) -> Integers:
    """Return where each headline stands beside each body, indices into RELATIONS, shape (headlines, bodies)."""
    return _places(headlines, bodies, labels)[1]


def _places(headlines: list[Headline], bodies: list[list[int]], labels: Integers) -> tuple[Integers, Integers]:
    """Return how many passages stand between each headline and each body, and their relations."""
    rank = np.cumsum(labels != LABEL["furniture"])
    first = np.array([min(body) for body in bodies])[None, :]
    last = np.array([max(body) for body in bodies])[None, :]
    top = np.array([headline.rows[0] for headline in headlines])[:, None]
    bottom = np.array([headline.rows[-1] for headline in headlines])[:, None]
    ahead, behind = bottom < first, top > last
    distance = np.where(ahead, rank[first] - rank[bottom] - 1, np.where(behind, rank[top] - rank[last] - 1, 0))
    close = distance <= STILL_NEAR
    return distance, np.where(ahead, np.where(close, 0, 3), np.where(behind, np.where(close, 1, 4), 2))


STILL_NEAR = 2  # passages that may stand between a headline and its body: a caption and its credit


def lead_of(values: Reals) -> Reals:
    """Return how far each value is ahead of the best other one of its row."""
    if values.shape[1] < 2:
        return np.full_like(values, 0.0)
    top = np.sort(values, axis=1)[:, ::-1]
    return values - np.where(values == top[:, :1], top[:, 1:2], top[:, :1])


def match(odds: Reals) -> dict[int, int]:
    """Return the body of each headline under the best assignment; odds has shape (headlines, bodies).

    A pair is taken even against the odds when both would else stay alone.
    """
    if not odds.size:
        return {}
    rows, columns = linear_sum_assignment(odds, maximize=True)
    return {int(h): int(b) for h, b in zip(rows, columns, strict=True) if odds[h, b] > LEAST_ODDS}


LEAST_ODDS = -4.0  # log-odds; below it a headline stays by itself (98 of 100 such pairs are wrong)
