"""What speaks for a run being read after another: where the two stand, and whether the sentence runs on.

Every witness is a bin of a named group; their weights are learned by learn_columns.py and kept in columns.json. It
measures; it never decides.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleanup.bins import Group, binned, cross, edges
from cleanup.layout.cells import Cells, Flags, Integers, Reals
from cleanup.layout.looks import DOUBTFUL, ENDS, LOOKS, OPENING_EDGES, REPORT, STOP_EDGES, TEXT
from cleanup.layout.onward import Onward

Bins = NDArray[np.int64]

JOINT_EDGES = (2.0, 5.0, 7.0, 8.5, 10.0, 12.0, 14.0, 17.0, 21.0)  # log-odds of the language model
SENSE_EDGES = (6.5, 9.0, 12.0)
RIVAL_EDGES = (-10.0, -5.0, -1.0, 3.0, 8.0)  # log-odds more than the best other run has
RUNS_EDGES = (-4.0, -1.0, 1.0, 3.0, 5.0, 8.0)  # log-odds of the encoders
RUNS_LEAD_EDGES = (-5.0, -2.0, -0.01, 2.0, 5.0)
COARSE_RUNS = (-1.0, 2.0, 5.0)
TORN_EDGES = (-4.0, -2.0, -1.0, 0.0, 1.0, 2.0, 4.0)
COARSE_TORN = (-1.0, 1.0)
KIN_EDGES = (0.004, 0.02, 0.05, 0.1, 0.2)  # cosine
ABOUT_EDGES = (0.05, 0.15, 0.25, 0.35, 0.5, 0.7)
ABOUT_LEAD_EDGES = (-0.3, -0.1, -0.02, 0.02, 0.1, 0.3)
RELATIONS = (
    "aligned",
    "under",
    "left-below",
    "right-below",
    "next-column",
    "further-right",
    "left-level",
    "elsewhere",
)
STEP_EDGES = (1, 2, 3, 4, 7, 13)  # rows down
STRIPS = ("none", "one", "more")
BOUNDS = ("free", "label", "doubtful", "text")  # what stands close above or below
ALIGNED = 1  # columns by which the edges of one column differ
BESIDE = 5  # columns: an indent and a little; what begins further right is in another column
NEAR = 3  # rows
BAR = 5  # rows of a headline with its subtitles and byline


GROUPS = (
    Group("bias", ("any",)),
    Group("joint", cross(edges(JOINT_EDGES), ENDS)),
    Group("sense", cross(RELATIONS, edges(SENSE_EDGES), ENDS, ("short", "long"))),
    Group("rivals", cross(RELATIONS, edges(RIVAL_EDGES), edges(RIVAL_EDGES))),
    Group("opening", cross(RELATIONS, edges(OPENING_EDGES))),
    Group("against", cross(ENDS, ("short", "long"), edges(OPENING_EDGES), ("flush", "indented", "inside"))),
    Group("stop", cross(RELATIONS, edges(STOP_EDGES))),
    Group("step", cross(RELATIONS, edges(STEP_EDGES))),
    Group("strips", cross(RELATIONS, STRIPS)),
    Group("nearest", cross(RELATIONS, ("near", "far"), ("nearest", "other"))),
    Group("peers", cross(RELATIONS, ("leftmost", "peer"), BOUNDS, ("label", "text"))),
    Group("foot", cross(RELATIONS, BOUNDS, ("short", "long"), ENDS)),
    Group("looks", cross(RELATIONS, LOOKS, LOOKS)),
    Group("onto", cross(RELATIONS, ENDS, ("short", "long"), LOOKS)),
    Group("kin", cross(RELATIONS, edges(KIN_EDGES), ("label", "text"))),
    Group("indent", cross(RELATIONS, ENDS, ("flush", "indented", "inside"))),
    Group("headed", cross(RELATIONS, STRIPS, ENDS, ("flush", "indented", "inside"), ("single", "several"))),
    Group("bars", cross(RELATIONS, ("bar", "column"), ("bar", "column"), ("barred", "clear"), ENDS)),
    Group("size", cross(RELATIONS, ("single", "several"), ("single", "several"))),
    Group("runs-on", cross(RELATIONS, edges(RUNS_EDGES), ENDS)),
    Group("runs-on-lead", cross(RELATIONS, edges(RUNS_LEAD_EDGES), edges(RUNS_LEAD_EDGES))),
    Group("runs-on-sense", cross(edges(COARSE_RUNS), edges(SENSE_EDGES), ENDS)),
    Group("torn", cross(RELATIONS, edges(TORN_EDGES), ("short", "long"))),
    Group("resumes", cross(RELATIONS, edges(TORN_EDGES), ("flush", "indented", "inside"))),
    Group("about", cross(RELATIONS, edges(ABOUT_EDGES), ("label", "text"))),
    Group("about-lead", cross(RELATIONS, edges(ABOUT_LEAD_EDGES), edges(ABOUT_LEAD_EDGES))),
    Group("torn-resumes", cross(edges(COARSE_TORN), edges(COARSE_TORN), edges(COARSE_RUNS), ENDS)),
)


@dataclass(frozen=True, slots=True)
class Boxes:
    """Where n runs stand: rows `top` to `bottom`, columns `left` to `right` (exclusive); `margin`: their column's edge.

    `first` is the left edge of the first cell, `width` the width of the last one in half em, `usual` that of the widest
    in the same column nearby, `size` the number of cells.
    """

    top: Integers
    bottom: Integers
    left: Integers
    right: Integers
    margin: Integers
    first: Integers
    width: Integers
    usual: Integers
    size: Integers


def boxes(cells: Cells, runs: Sequence[Sequence[int]], margin: Integers) -> Boxes:
    """Return where each run stands, given the left edge of its column."""
    first = np.array([run[0] for run in runs])
    last = np.array([run[-1] for run in runs])
    width = cells.width[last]
    widest = np.array([cells.width[run].max() for run in runs])
    same = np.abs(margin[:, None] - margin[None, :]) <= ALIGNED
    return Boxes(
        top=cells.row[first],
        bottom=cells.row[last],
        left=np.array([cells.left[run].min() for run in runs]),
        right=np.array([cells.right[run].max() for run in runs]),
        margin=margin,
        first=cells.left[first],
        width=width,
        usual=np.where(same, widest[None, :], 0).max(axis=1),
        size=np.array([len(run) for run in runs]),
    )


def columns_of(box: Boxes) -> Integers:
    """Return the number of the column each run stands in, from left to right."""
    order = np.argsort(box.margin, kind="stable")
    apart = np.diff(box.margin[order], prepend=box.margin[order[0]]) > ALIGNED
    column = np.zeros(len(order), dtype=np.int64)
    column[order] = np.cumsum(apart)
    return column


@dataclass(frozen=True, slots=True)
class Senses:
    """What the language says of n runs: log-odds that b runs on from a, shape (n, n), and of each run alone.

    `ends` is how the text of a run ends (ENDS), `opening` the log-odds that it begins a paragraph, `stop` log P that it
    ends one, `look` what it looks like (LOOKS), `kin` how much of their rare words two runs share, `about` how near
    their topics are, both of shape (n, n), `onward` what the encoders read of how they go on.
    """

    joints: Reals
    ends: Integers
    opening: Reals
    stop: Reals
    look: Integers
    kin: Reals
    about: Reals
    onward: Onward


def witnesses(box: Boxes, counts: Integers, senses: Senses) -> list[Bins]:
    """Return for each group the bin of each pair (a, b), shape (n, n): what speaks for b being read after a.

    `counts` is the number of cells in each row.
    """
    filled = counts > 0
    bars = bar_rows(counts)
    joints, ends = senses.joints, senses.ends
    down = box.top[None, :] - box.bottom[:, None]
    shared = np.minimum(box.right[:, None], box.right[None, :]) - np.maximum(box.left[:, None], box.left[None, :])
    aligned = np.abs(box.margin[:, None] - box.margin[None, :]) <= ALIGNED
    touching = (shared > 0) | aligned
    below = down > 0
    rightward = box.margin[None, :] - box.margin[:, None]
    blank = np.concatenate([[0], np.cumsum(~filled)])
    strips = np.where(below, blank[box.top][None, :] - blank[np.minimum(box.bottom + 1, len(filled))][:, None], 0)
    barred = np.concatenate([[0], np.cumsum(bars)])
    after_a, before_b = barred[np.minimum(box.bottom + 1, len(bars))][:, None], barred[box.top][None, :]
    between = np.where(below, before_b > after_a, after_a > before_b)  # on the way down, or within the columns' height
    clear = ~between & ~bars[box.bottom][:, None] & ~bars[box.top][None, :]
    close = below & (down <= NEAR) & (strips <= 0) & touching & clear
    plain = (senses.look == TEXT) | (senses.look == REPORT)
    kind = np.where(plain, 3, np.where(senses.look == DOUBTFUL, 2, 1))
    above, beneath = _bound(close.T, down.T, kind), _bound(close, down, kind)
    peer = _has_peer(box, above < BOUNDS.index("text"))
    relation = np.full(down.shape, RELATIONS.index("elsewhere"))
    beyond = ~below & (rightward > BESIDE)
    relation[beyond] = RELATIONS.index("further-right")
    relation[beyond & _next_column(box)] = RELATIONS.index("next-column")
    level = np.abs(box.top[:, None] - box.top[None, :]) <= NEAR
    relation[~below & (rightward < -BESIDE) & level] = RELATIONS.index("left-level")
    relation[below & (rightward > 0)] = RELATIONS.index("right-below")
    relation[below & (rightward < 0)] = RELATIONS.index("left-below")
    relation[below & (shared > 0)] = RELATIONS.index("under")
    relation[below & aligned] = RELATIONS.index("aligned")
    candidate = np.where(below & touching, down, np.iinfo(np.int64).max // 2)
    nearest_below = candidate <= candidate.min(axis=1, keepdims=True)
    nearest_above = candidate <= candidate.min(axis=0, keepdims=True)
    likely = np.where(relation == RELATIONS.index("elsewhere"), -np.inf, joints)
    np.fill_diagonal(likely, -np.inf)
    indent = box.first - box.margin
    inset = np.where(indent <= 0, 0, np.where(indent <= BESIDE, 1, 2))
    short = short_runs(box)
    opening = np.searchsorted(np.array(OPENING_EDGES), senses.opening, "right")
    many = box.size > 1

    def across(*sides: tuple[NDArray[Any], int]) -> Bins:
        return _crossed((relation, len(RELATIONS)), *sides)

    return [
        np.zeros(down.shape, np.int64),
        np.searchsorted(np.array(JOINT_EDGES), joints, "right") * len(ENDS) + ends[:, None],
        across(
            (np.searchsorted(np.array(SENSE_EDGES), joints, "right"), len(SENSE_EDGES) + 1),
            (ends[:, None], len(ENDS)),
            (~short[:, None], 2),
        ),
        across(
            (np.searchsorted(np.array(RIVAL_EDGES), joints - _best_other(likely), "right"), len(RIVAL_EDGES) + 1),
            (np.searchsorted(np.array(RIVAL_EDGES), joints - _best_other(likely.T).T, "right"), len(RIVAL_EDGES) + 1),
        ),
        across((opening[None, :], len(OPENING_EDGES) + 1)),
        _crossed(
            (ends[:, None], len(ENDS)),
            (~short[:, None], 2),
            (opening[None, :], len(OPENING_EDGES) + 1),
            (inset[None, :], 3),
        ),
        across((np.searchsorted(np.array(STOP_EDGES), senses.stop, "right")[:, None], len(STOP_EDGES) + 1)),
        across((np.searchsorted(np.array(STEP_EDGES), down, "right"), len(STEP_EDGES) + 1)),
        across((np.clip(strips, 0, 2), 3)),
        across((~nearest_below, 2), (~nearest_above, 2)),
        across((peer[None, :], 2), (above[None, :], len(BOUNDS)), (plain[:, None], 2)),
        across((beneath[:, None], len(BOUNDS)), (~short[:, None], 2), (ends[:, None], len(ENDS))),
        across((senses.look[:, None], len(LOOKS)), (senses.look[None, :], len(LOOKS))),
        across((ends[:, None], len(ENDS)), (~short[:, None], 2), (senses.look[None, :], len(LOOKS))),
        across((np.searchsorted(np.array(KIN_EDGES), senses.kin, "right"), len(KIN_EDGES) + 1), (plain[:, None], 2)),
        across((ends[:, None], len(ENDS)), (inset[None, :], 3)),
        across((np.clip(strips, 0, 2), 3), (ends[:, None], len(ENDS)), (inset[None, :], 3), (many[None, :], 2)),
        across(
            (~bars[box.bottom][:, None], 2), (~bars[box.top][None, :], 2), (~between, 2), (ends[:, None], len(ENDS))
        ),
        across((many[:, None], 2), (many[None, :], 2)),
        *_going_on(senses, relation, short, inset, plain),
    ]


def _going_on(senses: Senses, relation: Integers, short: Flags, inset: Integers, plain: Flags) -> list[Bins]:
    """Return for each group of what the encoders and the topics say the bin of each pair."""
    runs_on, torn, resumes = senses.onward.runs_on, senses.onward.torn, senses.onward.resumes
    elsewhere = relation == RELATIONS.index("elsewhere")
    np.fill_diagonal(elsewhere, val=True)
    likely, kindred = (np.where(elsewhere, -np.inf, values) for values in (runs_on, senses.about))
    coarse = (binned(runs_on, COARSE_RUNS), len(COARSE_RUNS) + 1)
    end = (senses.ends[:, None], len(ENDS))

    def across(*sides: tuple[NDArray[Any], int]) -> Bins:
        return _crossed((relation, len(RELATIONS)), *sides)

    return [
        across((binned(runs_on, RUNS_EDGES), len(RUNS_EDGES) + 1), end),
        across(
            (binned(runs_on - _best_other(likely), RUNS_LEAD_EDGES), len(RUNS_LEAD_EDGES) + 1),
            (binned(runs_on - _best_other(likely.T).T, RUNS_LEAD_EDGES), len(RUNS_LEAD_EDGES) + 1),
        ),
        _crossed(coarse, (binned(senses.joints, SENSE_EDGES), len(SENSE_EDGES) + 1), end),
        across((binned(torn, TORN_EDGES)[:, None], len(TORN_EDGES) + 1), (~short[:, None], 2)),
        across((binned(resumes, TORN_EDGES)[None, :], len(TORN_EDGES) + 1), (inset[None, :], 3)),
        across((binned(senses.about, ABOUT_EDGES), len(ABOUT_EDGES) + 1), (plain[:, None], 2)),
        across(
            (binned(senses.about - _best_other(kindred), ABOUT_LEAD_EDGES), len(ABOUT_LEAD_EDGES) + 1),
            (binned(senses.about - _best_other(kindred.T).T, ABOUT_LEAD_EDGES), len(ABOUT_LEAD_EDGES) + 1),
        ),
        _crossed(
            (binned(torn, COARSE_TORN)[:, None], len(COARSE_TORN) + 1),
            (binned(resumes, COARSE_TORN)[None, :], len(COARSE_TORN) + 1),
            coarse,
            end,
        ),
    ]


def _bound(close: Flags, down: Integers, kind: Integers) -> Integers:
    """Return what stands close after each run, given how far each other is and what it is: indices of BOUNDS."""
    distance = np.where(close, down, np.iinfo(np.int64).max // 2)
    nearest = close & (distance <= distance.min(axis=1, keepdims=True))
    return np.asarray(np.where(nearest, kind[None, :], 0).max(axis=1))


def bar_rows(counts: Integers) -> Flags:
    """Tell which rows hold one cell between rows of several, as headlines across columns do.

    >>> bar_rows(np.array([1, 2, 3, 0, 1, 1, 2, 1])).nonzero()[0].tolist()
    [0, 4, 5]
    """
    found = np.zeros(len(counts), dtype=np.bool_)
    lone: list[int] = []
    several = True
    for row in np.flatnonzero(counts).tolist():
        if counts[row] == 1:
            lone.append(row)
            continue
        if several and len(lone) <= BAR:
            found[lone] = True
        lone, several = [], True
    return found


def short_runs(box: Boxes) -> Flags:
    """Tell which runs end on a line that does not fill its column."""
    return np.asarray(box.width < 0.8 * box.usual)


def _crossed(*sides: tuple[NDArray[Any], int]) -> Bins:
    """Return the number of each combination of cases, given the cases of each side and how many there are."""
    total = np.zeros((1, 1), dtype=np.int64)
    for values, count in sides:
        total = total * count + values.astype(np.int64)
    return total


def _best_other(likely: Reals) -> Reals:
    """Return for each entry the greatest of its row but itself."""
    if len(likely) < 2:
        return np.full(likely.shape, -99.0)
    order = np.argsort(likely, axis=1)
    rows = np.arange(len(likely))
    best, second = likely[rows, order[:, -1]], likely[rows, order[:, -2]]
    found = np.where(np.arange(len(likely))[None, :] == order[:, -1:], second[:, None], best[:, None])
    return np.asarray(np.maximum(found, -99.0))


def _has_peer(box: Boxes, free: Flags) -> Flags:
    """Tell for each run whether another one heads a column to its left at the same height."""
    level = np.abs(box.top[:, None] - box.top[None, :]) <= 1
    return np.asarray((level & (box.margin[None, :] < box.margin[:, None] - BESIDE) & free[None, :]).any(axis=1))


def _next_column(box: Boxes) -> Flags:
    """Tell for each pair whether no run stands between the two where b begins."""
    count = len(box.top)
    crossing = (box.top[:, None] <= box.top[None, :] + NEAR) & (box.bottom[:, None] >= box.top[None, :])
    found = np.ones((count, count), dtype=np.bool_)
    for b in range(count):
        edges = np.sort(box.margin[crossing[:, b] & (box.margin < box.margin[b] - BESIDE)])
        if len(edges):
            found[:, b] = box.margin + BESIDE >= edges[-1]
    return found


@cache
def load_weights(path: Path) -> tuple[Reals, ...]:
    """Read the learned weights, an array for each group; a bin that was never seen weighs nothing."""
    tree = json.loads(path.read_text("utf-8"))["groups"]
    return tuple(np.array([tree.get(group.name, {}).get(name, 0.0) for name in group.bins]) for group in GROUPS)


def weigh(bins: Sequence[Bins], weights: Sequence[Reals]) -> Reals:
    """Return the score of each pair: above 0, b is read after a rather than not."""
    return np.asarray(sum(table[found] for found, table in zip(bins, weights, strict=True)))
