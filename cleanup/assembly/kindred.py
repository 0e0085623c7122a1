"""Which bodies are parts of one article although others stand between them: passages that were moved away.

Learned log-odds of every pair of bodies that are no neighbours, from what they have in common beside what each has in
common with the rest of the page, and from how they begin and end. It joins nothing itself.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cleanup.assembly.cohesion import Cohesion
from cleanup.assembly.headlines import HEADLINE, lead_of
from cleanup.assembly.roles import LABELS
from cleanup.bins import Group, Integers, Reals, binned, cross, edges, tables
from cleanup.language.edges import ENDS, STARTS

HERE = Path(__file__).parent
WORDS_EDGES = (0.0005, 0.005, 0.01, 0.02, 0.04, 0.08, 0.15)
WORDS_LEAD_EDGES = (-0.08, -0.03, -0.01, -0.0001, 0.0001, 0.01, 0.03, 0.08)
ABOUT_EDGES = (0.05, 0.15, 0.25, 0.35, 0.45, 0.55, 0.7)
ABOUT_LEAD_EDGES = (-0.3, -0.15, -0.05, -0.0001, 0.0001, 0.05, 0.15, 0.3)
SIZES = ("1", "2", "3-5", "6+")
COMPARED = 12  # passages of a body looked at, its first ones
MOST_BODIES = 60  # beyond, a text is a book or a list, and nothing was moved in it

GROUPS = (
    Group("bias", ("any",)),
    Group("words", cross(edges(WORDS_EDGES), SIZES)),
    Group("words-lead", cross(edges(WORDS_LEAD_EDGES), ("few", "many"))),
    Group("words-claim", cross(edges(WORDS_LEAD_EDGES), ("few", "many"))),
    Group("about", cross(edges(ABOUT_EDGES), SIZES)),
    Group("about-lead", cross(edges(ABOUT_LEAD_EDGES), ("few", "many"))),
    Group("about-claim", cross(edges(ABOUT_LEAD_EDGES), ("few", "many"))),
    Group("words-about", cross(edges(WORDS_EDGES), edges(ABOUT_EDGES))),
    Group("headed", cross(("no", "yes"), ("no", "yes"))),
    Group("followed", cross(("no", "yes"), ("no", "yes"))),
    Group("sizes", cross(SIZES, SIZES)),
    Group("first-end", tuple(ENDS)),
    Group("second-start", tuple(STARTS)),
    Group("first-start", tuple(STARTS)),
    Group("second-end", tuple(ENDS)),
    Group("titles", ("fewer", "equal", "more")),
    Group("between", ("1", "2", "3+")),
)


@cache
def load_weights(path: Path = HERE / "kindred.json") -> tuple[Reals, ...]:
    """Read the learned weights."""
    return tables(json.loads(path.read_text("utf-8"))["groups"], GROUPS)


def apart(bodies: list[list[int]], body: Integers) -> list[tuple[int, int]]:
    """Return the pairs of bodies that are no neighbours in the source; `body` is all body passages in source order.

    >>> apart([[0, 1], [2], [5]], np.array([0, 1, 2, 5]))
    [(0, 2)]
    """
    if not 2 < len(bodies) <= MOST_BODIES:
        return []
    place = {row: number for number, row in enumerate(body.tolist())}
    first = [place[min(rows)] for rows in bodies]
    last = [place[max(rows)] for rows in bodies]
    pairs = [(a, b) for a in range(len(bodies)) for b in range(a + 1, len(bodies))]
    return [(a, b) for a, b in pairs if last[a] + 1 != first[b] and last[b] + 1 != first[a]]


def describe(
    pairs: list[tuple[int, int]],
    bodies: list[list[int]],
    labels: Integers,
    ends: Integers,
    starts: Integers,
    cohesion: Cohesion,
) -> NDArray[np.int64]:
    """Describe pairs of bodies, the one that begins first in the source before the other; shape (pairs, groups).

    `ends` and `starts`: how each passage ends and begins (language/edges.py).
    """
    if not pairs:
        return np.zeros((0, len(GROUPS)), dtype=np.int64)
    groups = [rows[:COMPARED] for rows in bodies]
    words, about = cohesion.words.similarity(groups, groups), cohesion.topics.similarity(groups, groups)
    left, right = np.array(pairs).T
    shown = np.isin(labels, [LABELS.index(name) for name in HEADLINE])
    before, behind = np.append(False, shown[:-1]), np.append(shown[1:], False)
    headed = before[[min(rows) for rows in bodies]].astype(np.int64)
    followed = behind[[max(rows) for rows in bodies]].astype(np.int64)
    size = binned(np.array([len(rows) for rows in bodies]), (2, 3, 6))
    titles = int((labels == LABELS.index("title")).sum())
    number = 0 if titles < len(bodies) else 1 if titles == len(bodies) else 2
    words_lead, about_lead = _nearest(words), _nearest(about)
    several = int(len(bodies) > FEW)
    first = np.array([rows[0] for rows in bodies])
    last = np.array([rows[-1] for rows in bodies])
    small = np.minimum(size[left], size[right])
    columns = [
        np.zeros(len(pairs), dtype=np.int64),
        binned(words[left, right], WORDS_EDGES) * len(SIZES) + small,
        binned(words_lead[left, right], WORDS_LEAD_EDGES) * 2 + several,
        binned(words_lead[right, left], WORDS_LEAD_EDGES) * 2 + several,
        binned(about[left, right], ABOUT_EDGES) * len(SIZES) + small,
        binned(about_lead[left, right], ABOUT_LEAD_EDGES) * 2 + several,
        binned(about_lead[right, left], ABOUT_LEAD_EDGES) * 2 + several,
        binned(words[left, right], WORDS_EDGES) * (len(ABOUT_EDGES) + 1) + binned(about[left, right], ABOUT_EDGES),
        headed[left] * 2 + headed[right],
        followed[left] * 2 + followed[right],
        size[left] * len(SIZES) + size[right],
        ends[last[left]],
        starts[first[right]],
        starts[first[left]],
        ends[last[right]],
        np.full(len(pairs), number),
        np.minimum(right - left, 3) - 1,
    ]
    return np.stack(columns, axis=1)


FEW = 3  # bodies; with more, the nearest of them says more


def _nearest(values: Reals) -> Reals:
    """Return how far each body is nearer to another than to the nearest third, shape (bodies, bodies)."""
    others = values.copy()
    np.fill_diagonal(others, -np.inf)
    return lead_of(others)
