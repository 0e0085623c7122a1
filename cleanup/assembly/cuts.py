"""Where one article ends and the next begins, between body passages that follow each other in the source.

Learned log-odds from lexical cohesion and from what stands between the two passages: headline lines, reports' openings,
authors' closing brackets, gaps. It sees no order and joins nothing.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cleanup.assembly.cohesion import Cohesion, Vectors
from cleanup.assembly.links import Link
from cleanup.assembly.passages import Passages
from cleanup.assembly.roles import LABEL
from cleanup.bins import Group, Integers, Reals, binned, cross, edges, tables
from cleanup.language.edges import ENDS, SENTENCE, STARTS

HERE = Path(__file__).parent
COHESION_EDGES = (0.0005, 0.004, 0.01, 0.02, 0.035, 0.06, 0.1, 0.2)
DEPTH_EDGES = (-0.02, -0.005, 0.002, 0.01, 0.02, 0.04, 0.08)
ABOUT_EDGES = (0.05, 0.15, 0.25, 0.35, 0.45, 0.55, 0.7)
ABOUT_DEPTH_EDGES = (-0.1, -0.03, 0.03, 0.1, 0.2, 0.3)
ABOUT_LEAN_EDGES = (-0.3, -0.15, -0.05, 0.05, 0.15, 0.3)
TORN_EDGES = (-4.0, -1.0, 1.0, 4.0)  # log-odds of a sentence being cut; beyond, they are too sure
ODDS_EDGES = (0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.98)
WINDOWS = (1, 3, 6)
BETWEEN = ("nothing", "caption", "heading", "headline", "furniture")
HABITS = ("neither", "opens", "closes", "both")
COARSE_EDGES = (0.01, 0.035)
# what links between broken passages say of a gap: nothing, the passage before it goes on elsewhere, the one after it
# comes from elsewhere, both, or the one goes on in the other
LEADS = ("none", "away", "from", "both", "here")

GROUPS = (
    Group("bias", ("any",)),
    Group("near", cross(edges(COHESION_EDGES), BETWEEN)),
    Group("middle", cross(edges(COHESION_EDGES), BETWEEN)),
    Group("wide", cross(edges(COHESION_EDGES), BETWEEN)),
    Group("depth", cross(edges(DEPTH_EDGES), BETWEEN)),
    Group("title-odds", edges(ODDS_EDGES)),
    Group("heading-odds", edges(ODDS_EDGES)),
    Group("start", cross(tuple(STARTS), BETWEEN)),
    Group("end", cross(tuple(ENDS), BETWEEN)),
    Group("open-start", cross(("closed", "open", "comma"), tuple(STARTS), BETWEEN)),
    Group("byline-between", ("no", "yes")),
    Group("closes-with-name", ("no", "yes")),
    Group("gap", cross(("less", "usual", "more"), BETWEEN)),
    Group("lines-between", cross(("0", "1", "2", "3", "4+"), BETWEEN)),
    Group("lean", cross(edges((-0.06, -0.02, -0.005, 0.005, 0.02, 0.06)), BETWEEN)),
    Group("lengths", cross(edges((20, 60, 150)), edges((20, 60, 150)))),
    Group("habit", cross(HABITS, ("apart", "near", "close"), BETWEEN)),
    Group("spare", cross(edges((1, 3, 5, 8)), ("apart", "near", "close"), BETWEEN)),
    Group("datelines", cross(("0", "1", "2+"), ("no", "yes"))),
    Group("led", cross(LEADS, ("free", "spanned"), BETWEEN)),
    Group("led-cohesion", cross(LEADS, edges(COARSE_EDGES))),
    Group("about-near", cross(edges(ABOUT_EDGES), BETWEEN)),
    Group("about-middle", cross(edges(ABOUT_EDGES), BETWEEN)),
    Group("about-wide", cross(edges(ABOUT_EDGES), BETWEEN)),
    Group("about-depth", cross(edges(ABOUT_DEPTH_EDGES), BETWEEN)),
    Group("about-cohesion", cross(edges(ABOUT_EDGES), edges(COARSE_EDGES))),
    Group("about-lean", cross(edges(ABOUT_LEAN_EDGES), BETWEEN)),
    Group("torn-end", cross(edges(TORN_EDGES), LEADS, BETWEEN)),
    Group("torn-start", cross(edges(TORN_EDGES), LEADS, BETWEEN)),
)


Sides = tuple[list[int], list[int]]  # passages between, and the body passages beside them


@cache
def load_weights(path: Path = HERE / "cuts.json") -> tuple[Reals, ...]:
    """Read the learned weights."""
    return tables(json.loads(path.read_text("utf-8"))["groups"], GROUPS)


def describe(
    passages: Passages, cohesion: Cohesion, roles: Reals, body: Integers, links: Sequence[Link]
) -> NDArray[np.int64]:
    """Describe the gaps between consecutive body passages, shape (len(body) - 1, groups)."""
    count = len(body)
    if count < 2:
        return np.zeros((0, len(GROUPS)), dtype=np.int64)
    sequence = body.tolist()
    near, middle, wide = (cohesion.words.across(body, window) for window in WINDOWS)
    about_near, about_middle, about_wide = (cohesion.topics.across(body, window) for window in WINDOWS)
    depth = _depth(middle)
    title, heading, byline, caption, lines, lean, lean_about, between = (np.zeros(count - 1) for _ in range(8))
    headline = roles[:, LABEL["title"]] + roles[:, LABEL["kicker"]] + roles[:, LABEL["subtitle"]]
    groups_before, groups_after, inner = [], [], []
    for gap, (left, right) in enumerate(itertools.pairwise(sequence)):
        rows = range(left + 1, right)
        if rows:
            title[gap] = max(headline[row] for row in rows)
            heading[gap] = max(roles[row, LABEL["heading"]] for row in rows)
            byline[gap] = max(roles[row, LABEL["byline"]] for row in rows)
            caption[gap] = max(roles[row, LABEL["caption"]] + roles[row, LABEL["credit"]] for row in rows)
            lines[gap] = len(rows)
            between[gap] = 3 if title[gap] > 0.5 else 2 if heading[gap] > 0.5 else 1 if caption[gap] > 0.5 else 4
            inner.append(gap)
            groups_before.append((list(rows), sequence[max(gap - 2, 0) : gap + 1]))
            groups_after.append((list(rows), sequence[gap + 1 : gap + 4]))
    if inner:
        lean[inner] = _lean(cohesion.words, groups_before, groups_after)
        lean_about[inner] = _lean(cohesion.topics, groups_before, groups_after)
    kind = between.astype(np.int64)
    ends, starts = passages.ending[body[:-1]], passages.opening[body[1:]]
    ending = SENTENCE[ends]
    usual = np.median(passages.gap[1:])
    widest = np.array([passages.gap[left + 1 : right + 1].max() for left, right in itertools.pairwise(sequence)])
    gap_kind = np.where(widest < usual, 0, np.where(widest > usual, 2, 1))
    named = np.array([_closes_with_name(passages.texts[row]) for row in sequence[:-1]], dtype=np.int64)
    sizes = binned(passages.length[body], (20, 60, 150))
    reports = min(int(np.sum(passages.opening == STARTS.index("dateline"))), 2)
    width = len(BETWEEN)
    opens, closes, spare = _headline_habit(roles, body)
    coarse = binned(middle, COARSE_EDGES)
    led, spanned = _led(body, links)
    columns = [
        np.zeros(count - 1, dtype=np.int64),
        binned(near, COHESION_EDGES) * width + kind,
        binned(middle, COHESION_EDGES) * width + kind,
        binned(wide, COHESION_EDGES) * width + kind,
        binned(depth, DEPTH_EDGES) * width + kind,
        binned(title, ODDS_EDGES),
        binned(heading, ODDS_EDGES),
        starts * width + kind,
        ends * width + kind,
        (ending * len(STARTS) + starts) * width + kind,
        (byline > 0.5).astype(np.int64),
        named,
        gap_kind * width + kind,
        np.minimum(lines, 4).astype(np.int64) * width + kind,
        binned(lean, (-0.06, -0.02, -0.005, 0.005, 0.02, 0.06)) * width + kind,
        sizes[:-1] * 4 + sizes[1:],
        ((opens + 2 * closes) * 3 + coarse) * width + kind,
        (int(binned(np.array([spare]), (1, 3, 5, 8))[0]) * 3 + coarse) * width + kind,
        reports * 2 + (starts == STARTS.index("dateline")),
        (led * 2 + spanned) * width + kind,
        led * (len(COARSE_EDGES) + 1) + coarse,
        binned(about_near, ABOUT_EDGES) * width + kind,
        binned(about_middle, ABOUT_EDGES) * width + kind,
        binned(about_wide, ABOUT_EDGES) * width + kind,
        binned(_depth(about_middle), ABOUT_DEPTH_EDGES) * width + kind,
        binned(about_middle, ABOUT_EDGES) * (len(COARSE_EDGES) + 1) + coarse,
        binned(lean_about, ABOUT_LEAN_EDGES) * width + kind,
        (binned(cohesion.ends.torn[body[:-1]], TORN_EDGES) * len(LEADS) + led) * width + kind,
        (binned(cohesion.starts.torn[body[1:]], TORN_EDGES) * len(LEADS) + led) * width + kind,
    ]
    return np.stack(columns, axis=1)


def _lean(vectors: Vectors, before: list[Sides], after: list[Sides]) -> Reals:
    """Return how much more what stands in each gap has in common with the passages after it than with those before."""
    own_before = vectors.pairwise([rows for rows, _ in before], [near for _, near in before])
    return vectors.pairwise([rows for rows, _ in after], [near for _, near in after]) - own_before


def _depth(values: Reals) -> Reals:
    """Return how far each value lies below the mean of its surroundings."""
    return np.asarray(np.convolve(np.pad(values, 2, mode="edge"), np.ones(5) / 5, mode="valid") - values)


def _led(body: Integers, links: Sequence[Link]) -> tuple[Integers, Integers]:
    """Return for each gap what links say of it, a number of LEADS, and whether a link of others passes over it."""
    follows = {link.left: link.right for link in links}
    precedes = {link.right: link.left for link in links}
    spans = np.array([sorted((link.left, link.right)) for link in links], dtype=np.int64).reshape(-1, 2)
    first, last = np.sort(spans[:, 0]), np.sort(spans[:, 1])
    passing = np.searchsorted(first, body[:-1], "right") - np.searchsorted(last, body[1:], "left")
    led = np.zeros(len(body) - 1, dtype=np.int64)
    for gap, (left, right) in enumerate(itertools.pairwise(body.tolist())):
        to, source = follows.get(left), precedes.get(right)
        if to == right:
            led[gap] = LEADS.index("here")
            passing[gap] -= 1
            continue
        led[gap] = (to is not None) + 2 * (source is not None)
        passing[gap] -= (to is not None and to > left) + (source is not None and source < right)
    return led, (passing > 0).astype(np.int64)


def _headline_habit(roles: Reals, body: Integers) -> tuple[int, int, int]:
    """Return whether headline lines open the page, whether they close it, and how many stand in their longest run.

    A long run is headlines printed apart from their bodies: then articles end without a headline between them.
    """
    furniture = roles[:, LABEL["furniture"]]
    line = roles[:, [LABEL["title"], LABEL["kicker"], LABEL["subtitle"], LABEL["byline"], LABEL["half"]]].sum(axis=1)
    shown = line[furniture < EVEN] > EVEN
    if not len(shown):
        return 0, 0, 0
    longest = run = 0
    for here in shown.tolist():
        run = run + 1 if here else 0
        longest = max(longest, run)
    return int(shown[0]), int(shown[-1]), longest


EVEN = 0.5
LONGEST_SIGNATURE = 24  # characters of a bracket that can still hold only names


def _closes_with_name(text: str) -> bool:
    """Tell whether a passage ends in a bracket with a name-sized content: an author's signature."""
    if not text.endswith(("）", ")")):
        return False
    opening = max(text.rfind("（"), text.rfind("("))
    inside = text[opening + 1 : -1]
    return (
        opening > 0
        and 2 <= len(inside) <= LONGEST_SIGNATURE
        and not any(c in "，。、；：,.;:0123456789" for c in inside)
    )
