"""What each run of a page looks like: text, a headline, a byline, a caption or an imprint.

It weighs the form of a run, how it fills its column and how it begins and ends; the weights are learned by
learn_columns.py and kept beside those of the joints. A look is a witness of the reading order, never a role.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np

from cleanup import markers
from cleanup.bins import Group, binned, cross, edges
from cleanup.language.classes import END, PAUSE, bits
from cleanup.layout.cells import Cells, Integers, Reals, Sheet
from cleanup.layout.onward import Onward

TOLD = ("text", "label", "byline", "aside", "imprint")  # what weights tell apart
LOOKS = (*TOLD, "report", "doubtful")
TEXT, LABEL, BYLINE, ASIDE, IMPRINT, REPORT, DOUBTFUL = range(len(LOOKS))
DOUBT = 2.0  # log-odds; below it, a line of text and a headline are not told apart (seven to one)
LOOK_OF_ROLE = {
    "kicker": LABEL,
    "title": LABEL,
    "subtitle": LABEL,
    "heading": LABEL,
    "byline": BYLINE,
    "caption": ASIDE,
    "credit": ASIDE,
    "furniture": IMPRINT,
    "paragraph": TEXT,
}

MARKS = ("none", "pause", "end")  # inside a run
FORMS = (*dict.fromkeys(LOOK_OF_ROLE), "none")
ENDS = ("closed", "paused", "open")
BODY = 3  # cells of a run that shows how wide a column is
LONG = 160  # characters; no form that is known by its whole text is longer
FILL_EDGES = (-24, -14, -8, -5, -3, -1, 2, 5)  # half em over the measure
INSET_EDGES = (-1, 1, 3, 6, 12)  # columns of the line
FEW_EDGES = (10, 20, 30, 44, 70)  # half em
SIZE_EDGES = (2, 3, 4)
CLEAR_EDGES = (2, 3, 5)  # rows to what stands above or below
JOINT_EDGES = (2.0, 5.0, 8.0, 10.0, 12.0, 15.0)
NEAR = 3  # rows
OPENING_EDGES = (-4.0, -2.0, 0.0, 2.0, 4.0, 7.0)
RUNS_EDGES = (-1.0, 2.0, 4.0, 6.0, 9.0)  # log-odds of the encoders, as those of torn and resumed sentences
TORN_EDGES = (-4.0, -2.0, -1.0, 0.0, 1.0, 2.0, 4.0)
STOP_EDGES = (-10.0, -7.0, -4.0, -2.0, -1.0)

GROUPS = (
    Group("look", ("any",)),
    Group("look-form", FORMS),
    Group("look-fill", tuple(f"{fill} {size}" for fill in edges(FILL_EDGES) for size in edges(SIZE_EDGES))),
    Group("look-last", tuple(f"{fill} {end}" for fill in edges(FILL_EDGES) for end in ENDS)),
    Group("look-width", tuple(f"{width} {end}" for width in edges(FEW_EDGES) for end in ENDS)),
    Group("look-inset", tuple(f"{inset} {size}" for inset in edges(INSET_EDGES) for size in edges(SIZE_EDGES))),
    Group("look-above", edges(CLEAR_EDGES)),
    Group("look-below", edges(CLEAR_EDGES)),
    Group("look-opening", tuple(f"{opening} {size}" for opening in edges(OPENING_EDGES) for size in edges(SIZE_EDGES))),
    Group("look-stop", tuple(f"{stop} {end}" for stop in edges(STOP_EDGES) for end in ENDS)),
    Group("look-top", ("top", "page", "foot")),
    Group("look-marks", tuple(f"{marks} {size}" for marks in MARKS for size in edges(SIZE_EDGES))),
    Group("look-onward", tuple(f"{joint} {size}" for joint in edges(JOINT_EDGES) for size in edges(SIZE_EDGES))),
    Group("look-whence", tuple(f"{joint} {size}" for joint in edges(JOINT_EDGES) for size in edges(SIZE_EDGES))),
    Group("look-runs-on", cross(edges(RUNS_EDGES), edges(SIZE_EDGES))),
    Group("look-run-into", cross(edges(RUNS_EDGES), edges(SIZE_EDGES))),
    Group("look-torn", cross(edges(TORN_EDGES), ENDS)),
    Group("look-resumes", cross(edges(TORN_EDGES), edges(SIZE_EDGES))),
)


def describe(
    sheet: Sheet,
    cells: Cells,
    runs: Sequence[Sequence[int]],
    ends: Integers,
    opening: Reals,
    stop: Reals,
    joints: Reals,
    onward: Onward,
) -> tuple[Integers, Integers]:
    """Return the bin of each run in each group, shape (n, groups), and which runs have the form of a report's opening.

    `ends`: how each run ends (ENDS); `opening`, `stop`: what the language model says of its first and last characters;
    `joints[a, b]`: the log-odds that b runs on from a; `onward`: what the encoders read of how runs go on.
    """
    forms, reports = _forms(sheet, cells, runs)
    top = np.array([cells.row[run[0]] for run in runs])
    bottom = np.array([cells.row[run[-1]] for run in runs])
    left = np.array([cells.left[run].min() for run in runs])
    right = np.array([cells.right[run].max() for run in runs])
    widest = np.array([cells.width[run].max() for run in runs])
    last = np.array([cells.width[run[-1]] for run in runs])
    size = binned(np.array([len(run) for run in runs]), SIZE_EDGES)
    measure, margin = _columns(cells, runs, left, right, top)
    touching = np.minimum(right[:, None], right) > np.maximum(left[:, None], left)
    far = np.iinfo(np.int64).max // 2
    down = top[None, :] - bottom[:, None]
    below = np.where(touching & (down > 0), down, far).min(axis=1)
    above = np.where(touching & (down > 0), down, far).min(axis=0)
    sizes, tails = len(SIZE_EDGES) + 1, len(ENDS)
    below_near = touching & (down > 0) & (down <= NEAR)
    next_row = np.where(below_near, joints, -np.inf)
    runs_on = np.where(below_near, onward.runs_on, -np.inf)
    place = np.where(top <= top.min() + 1, 0, np.where(bottom >= bottom.max() - 1, 2, 1))
    columns = [
        np.zeros(len(runs), dtype=np.int64),
        forms,
        binned(widest - measure, FILL_EDGES) * sizes + size,
        binned(last - measure, FILL_EDGES) * tails + ends,
        binned(last, FEW_EDGES) * tails + ends,
        binned(left - margin, INSET_EDGES) * sizes + size,
        binned(above, CLEAR_EDGES),
        binned(below, CLEAR_EDGES),
        binned(opening, OPENING_EDGES) * sizes + size,
        binned(stop, STOP_EDGES) * tails + ends,
        place,
        _marks(sheet, cells, runs) * sizes + size,
        binned(next_row.max(axis=1), JOINT_EDGES) * sizes + size,
        binned(next_row.max(axis=0), JOINT_EDGES) * sizes + size,
        binned(runs_on.max(axis=1), RUNS_EDGES) * sizes + size,
        binned(runs_on.max(axis=0), RUNS_EDGES) * sizes + size,
        binned(onward.torn, TORN_EDGES) * tails + ends,
        binned(onward.resumes, TORN_EDGES) * sizes + size,
    ]
    return np.stack(columns, axis=1), reports


def looks(bins: Integers, reports: Integers, weights: Sequence[Reals]) -> Integers:
    """Return the likeliest look of each run, an index into LOOKS; a text that opens as a report does is one."""
    odds = scores(bins, weights)
    found = odds.argmax(axis=1)
    unclear = ((found == TEXT) | (found == LABEL)) & (np.abs(odds[:, TEXT] - odds[:, LABEL]) < DOUBT)
    return np.where((found == TEXT) & (reports > 0), REPORT, np.where(unclear, DOUBTFUL, found))


def scores(bins: Integers, weights: Sequence[Reals]) -> Reals:
    """Return what speaks for each look of each run, shape (n, len(TOLD))."""
    return np.asarray(sum(table[bins[:, column]] for column, table in enumerate(weights)))


@cache
def load_looks(path: Path) -> tuple[Reals, ...]:
    """Read the learned weights: for each group an array with a row a bin and a column a look."""
    tree = json.loads(path.read_text("utf-8"))["looks"]
    return tuple(
        np.array([[tree.get(group.name, {}).get(name, {}).get(look, 0.0) for look in TOLD] for name in group.bins])
        for group in GROUPS
    )


def _forms(sheet: Sheet, cells: Cells, runs: Sequence[Sequence[int]]) -> tuple[Integers, Integers]:
    """Return the form of each run (FORMS), and 1 where a report opens."""
    text, known = sheet.draft.text, markers.load()
    forms = np.full(len(runs), len(FORMS) - 1)
    reports = np.zeros(len(runs), dtype=np.int64)
    for number, run in enumerate(runs):
        whole = " ".join(text[int(cells.starts[cell]) : int(cells.ends[cell])] for cell in run[:BODY])[:LONG]
        role = next((form.role for form in known if form.find.fullmatch(whole)), None)
        if role == "paragraph":
            reports[number] = 1
        elif role is not None and len(run) <= BODY:
            forms[number] = FORMS.index(role)
    return forms, reports


def _marks(sheet: Sheet, cells: Cells, runs: Sequence[Sequence[int]]) -> Integers:
    """Return what marks stand inside each run, its last character left out: an index into MARKS."""
    origin = int(cells.starts[0])
    kinds = bits()[sheet.draft.codes[origin : int(cells.ends.max())]]
    found = np.zeros(len(runs), dtype=np.int64)
    for number, run in enumerate(runs):
        spans = [(int(cells.starts[cell]) - origin, int(cells.ends[cell]) - origin) for cell in run]
        spans[-1] = (spans[-1][0], spans[-1][1] - 1)
        inside = np.bitwise_or.reduce(np.concatenate([kinds[start:end] for start, end in spans]), initial=0)
        found[number] = 2 if inside & END else 1 if inside & PAUSE else 0
    return found


def _columns(
    cells: Cells, runs: Sequence[Sequence[int]], left: Integers, right: Integers, top: Integers
) -> tuple[Integers, Integers]:
    """Return the measure of the column each run stands in, in half em, and its left edge: those of the text nearest."""
    body = [number for number, run in enumerate(runs) if len(run) >= BODY]
    if not body:
        return np.full(len(runs), int(cells.width.max())), left
    widths = np.array([int(np.percentile(cells.width[runs[number]], 75)) for number in body])
    edge = np.array([int(np.median(cells.left[runs[number]])) for number in body])
    low, high = left[body], right[body]
    apart = np.maximum(np.maximum(left[:, None] - high, low - right[:, None]), 0)
    distance = np.abs(top[:, None] - top[body]) + 20 * apart + (left[:, None] < low - 1) * 2
    nearest = distance.argmin(axis=1)
    return widths[nearest], edge[nearest]
