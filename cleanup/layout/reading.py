"""The order in which the runs of a page are read, given how well each would follow each other one.

A run is a stretch of cells that surely follow one another. Runs are joined into chains, each run with one successor at
most, so that the scores together are the best (minimum-cost path cover); chains are read from the top and from the
left. It orders boxes and never looks at a text.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from cleanup.language.classes import CLOSER, END, PAUSE, bits
from cleanup.layout.cells import Cells, Edges, Flags, Integers, Reals, Sheet
from cleanup.layout.cutting import MOST_SCORE, Cutter
from cleanup.layout.kinship import about, kinship
from cleanup.layout.looks import ENDS, describe, load_looks, looks
from cleanup.layout.matching import assign
from cleanup.layout.onward import Onward, read_onward
from cleanup.layout.places import Boxes, Senses, columns_of, short_runs, weigh, witnesses

PASSAGE = ("any", "open", "follows", "runs on", "follows and runs on", "n-grams", "torn", "resumes")
RUNS_RANGE, JOINT_RANGE = (-8.0, 8.0), (1.0, 17.0)  # log-odds; beyond, the encoders and the n-grams say no more


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that takes its place in the new order: its offsets, and what stands before it there.

    `before` is the white space between it and the piece before it, None where that stays as it is; `rule` names what
    puts it there; `confidence` is the probability that it follows that piece.
    """

    start: int
    end: int
    before: str | None
    rule: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Reading:
    """A stretch of whole lines that reads otherwise than it stands: its offsets and its pieces in reading order."""

    start: int
    end: int
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """A stretch of columns taken apart: its cells, the runs that surely follow one another, and what speaks for more.

    `joints[a, b]` is the log-odds that the text runs on from run a to run b, `bins` the witnesses of each pair,
    `described` those of the look of each run, `onward` what the encoders read; `open` tells which runs end in
    mid-sentence on a full line.
    """

    cells: Cells
    runs: list[list[int]]
    box: Boxes
    joints: Reals
    bins: list[Integers]
    described: Integers
    onward: Onward
    open: Flags


def stretch_of(sheet: Sheet, cells: Cells, runs: list[list[int]], box: Boxes, edges: Edges, weights: Path) -> Stretch:
    """Return a stretch with all its witnesses, given its cells, their edges, the runs they form and learned weights."""
    count = len(runs)
    first, last = np.array([run[0] for run in runs]), np.array([run[-1] for run in runs])
    joints = edges.continuation(sheet.model, np.repeat(last, count), np.tile(first, count)).reshape(count, count)
    ends = _closing(sheet, cells.ends[last] - 1)
    closed, short = ends == ENDS.index("closed"), short_runs(box)
    opening, stop = edges.openings(sheet.model)[first], edges.stops(sheet.model)[last]
    onward = read_onward(sheet, cells, runs)
    described, reports = describe(sheet, cells, runs, ends, opening, stop, joints, onward)
    look = looks(described, reports, load_looks(weights))
    kin, near = kinship(sheet, cells, runs), about(sheet, cells, runs, columns_of(box))
    senses = Senses(joints, ends, opening, stop, look, kin, near, onward)
    full = ~closed & ~short
    return Stretch(
        cells,
        runs,
        box,
        joints,
        witnesses(box, np.bincount(cells.row, minlength=int(cells.row.max()) + 2), senses),
        described,
        onward,
        full,
    )


def _closing(sheet: Sheet, last: Integers) -> Integers:
    """Return how texts end, given their last characters' offsets: an index into ENDS."""
    kinds = bits()[sheet.draft.codes[last]]
    before = bits()[sheet.draft.codes[np.maximum(last - 1, 0)]]
    closed = (kinds & END != 0) | ((kinds & CLOSER != 0) & (before & (END | PAUSE) != 0))
    paused = np.where(kinds & PAUSE != 0, ENDS.index("paused"), ENDS.index("open"))
    return np.where(closed, ENDS.index("closed"), paused)


def reading_order(stretch: Stretch, weights: Sequence[Reals], allowance: float) -> Iterator[tuple[int, float, bool]]:
    """Yield the runs in reading order, each with how sure its place is and whether it reads on from the one before.

    Chains of best successors need no page around them; an order made by cutting the page keeps its zones together. The
    latter is taken where it brings together almost as much: `allowance` less, in natural logarithms.
    """
    scores = weigh(stretch.bins, weights)
    after, gain = successors(scores)
    chained = [run for chain in arrange(stretch.box, chains(after)) for run in chain]
    cut = Cutter(stretch.box, scores, after, gain).order()
    before = -1
    for run in cut if _worth(cut, scores) >= _worth(chained, scores) - allowance else chained:
        score = float(scores[before, run]) if before >= 0 else 0.0
        yield run, float(1 / (1 + np.exp(-abs(score)))), before >= 0 and score > 0
        before = run


def passage_signs(stretch: Stretch, before: int, run: int, follows: bool) -> Reals:
    """Return what tells whether a run read after another goes on with its paragraph, in the order of PASSAGE.

    `follows`: whether it is read there because it reads on, not because nothing else was left.
    """
    runs_on = np.clip(stretch.onward.runs_on[before, run], *RUNS_RANGE)
    joint = np.clip(stretch.joints[before, run], *JOINT_RANGE)
    return np.array(
        [
            1.0,
            stretch.open[before],
            follows,
            runs_on,
            follows * runs_on,
            joint,
            stretch.onward.torn[before],
            stretch.onward.resumes[run],
        ]
    )


def passes_on(stretch: Stretch, before: int, run: int, follows: bool, weights: Reals) -> bool:
    """Tell whether a run read after another goes on with its paragraph."""
    return float(passage_signs(stretch, before, run, follows) @ weights) > 0


@cache
def load_passage(path: Path) -> Reals:
    """Read the learned weights of PASSAGE."""
    tree = json.loads(path.read_text("utf-8"))["passage"]
    return np.array([tree.get(name, 0.0) for name in PASSAGE])


def _worth(order: Sequence[int], scores: Reals) -> float:
    """Return how much reads on in an order; a joint that breaks something costs nothing, for texts end."""
    return float(np.clip(scores[order[:-1], order[1:]], 0.0, MOST_SCORE).sum())


def successors(scores: Reals) -> tuple[Integers, Reals]:
    """Return for each run the one read after it (-1: none) and the score of that; no run comes back to itself."""
    count = len(scores)
    scores = scores.copy()
    np.fill_diagonal(scores, 0.0)
    ends, starts = np.nonzero(scores > 0)
    after, gain = assign(count, ends, starts, scores[ends, starts])
    state = np.zeros(count, np.int8)  # 1: on the way, 2: done
    for begin in range(count):
        way: list[int] = []
        at = begin
        while at >= 0 and state[at] == 0:
            state[at] = 1
            way.append(at)
            at = int(after[at])
        if at >= 0 and state[at] == 1:
            ring = way[way.index(at) :]
            weakest = min(ring, key=lambda run: gain[run])
            after[weakest], gain[weakest] = -1, 0.0
        state[way] = 2
    return after, gain


def chains(after: Integers) -> list[list[int]]:
    """Return the runs of each chain."""
    headed = np.zeros(len(after), dtype=np.bool_)
    headed[after[after >= 0]] = True
    found = []
    for begin in np.flatnonzero(~headed).tolist():
        chain = [begin]
        while after[chain[-1]] >= 0:
            chain.append(int(after[chain[-1]]))
        found.append(chain)
    return found


def arrange(box: Boxes, found: list[list[int]]) -> list[list[int]]:
    """Return the chains in reading order: what stands above first, and of what stands side by side the left.

    (T. M. Breuel, High performance document layout analysis, 2003.) Where chains are entwined, the higher goes first.
    """
    top = np.array([box.top[chain].min() for chain in found])
    bottom = np.array([box.bottom[chain].max() for chain in found])
    left = np.array([box.left[chain].min() for chain in found])
    right = np.array([box.right[chain].max() for chain in found])
    start = np.array([box.top[chain[0]] for chain in found])
    share_x = np.minimum(right[:, None], right) > np.maximum(left[:, None], left)
    share_y = np.minimum(bottom[:, None], bottom) >= np.maximum(top[:, None], top)
    before = (share_x & (bottom[:, None] < top)) | (share_y & ~share_x & (right[:, None] <= left))
    np.fill_diagonal(before, False)
    waiting = before.sum(axis=0)
    rest = set(range(len(found)))
    result = []
    while rest:
        free = [chain for chain in rest if waiting[chain] == 0] or rest
        chosen = min(free, key=lambda chain: (start[chain], left[chain]))
        rest.discard(chosen)
        waiting -= before[chosen]
        result.append(found[chosen])
    return result
