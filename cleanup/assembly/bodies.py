"""Bodies of articles: body passages brought together by links and cohesion, and put in reading order."""

from __future__ import annotations

import itertools

import numpy as np
from numpy.typing import NDArray

from cleanup.assembly.headlines import HEADLINE
from cleanup.assembly.links import Link
from cleanup.assembly.roles import LABEL
from cleanup.bins import Integers, Reals

Rows = tuple[int, int]


def gather_bodies(
    body: Integers,
    cut_odds: Reals,
    links: list[Link],
    reports: NDArray[np.bool_],
    kindred: tuple[Rows, ...] = (),
) -> list[list[int]]:
    """Return the bodies, each as its passages in reading order, in the order of their first passage in the source.

    `body`: the body passages in source order; `cut_odds`: log-odds of an article ending between neighbours. Passages
    that a link joins are one body, and so are neighbours without a cut between them, unless links have led both of them
    elsewhere; `kindred` are passages of bodies that are parts of one although others stand between. `reports` tells of
    every passage whether it opens a report.
    """
    rows = body.tolist()
    root = {row: row for row in rows}
    follows = {link.left: link.right for link in links}
    precedes = {link.right: link.left for link in links}

    def find(row: int) -> int:
        while root[row] != row:
            root[row] = root[root[row]]
            row = root[row]
        return row

    for left, right in follows.items():
        if left in root and right in root:
            root[find(left)] = find(right)
    for (left, right), odds in zip(itertools.pairwise(rows), cut_odds.tolist(), strict=True):
        led_away = left in follows and right in precedes and follows[left] != right
        if odds < 0 and not led_away:
            root[find(left)] = find(right)
    for left, right in kindred:
        root[find(left)] = find(right)
    members: dict[int, list[int]] = {}
    for row in rows:
        members.setdefault(find(row), []).append(row)
    after = dict(itertools.pairwise(rows))
    opening = set(np.flatnonzero(reports).tolist())
    return sorted((in_order(group, follows, precedes, after, opening) for group in members.values()), key=min)


def opening_reports(dateline: NDArray[np.bool_], labels: Integers) -> NDArray[np.bool_]:
    """Return which passages open a report and so their article: not where text stands between headline and report."""
    rows = np.arange(len(labels))
    headline = np.isin(labels, [LABEL[name] for name in HEADLINE])
    above = np.maximum.accumulate(np.where(headline, rows, -1))  # the last line of a headline up to each passage
    texts = np.append(0, (labels == LABEL["paragraph"]).cumsum())
    noted = (above >= 0) & (texts[rows] > texts[above + 1])
    return np.asarray(dateline & ~noted)


def in_order(
    group: list[int], follows: dict[int, int], precedes: dict[int, int], after: dict[int, int], opening: set[int]
) -> list[int]:
    """Put the passages of one body in reading order: source order, but for what links lead elsewhere.

    A run is passages in source order up to one that goes on elsewhere, one that is the continuation of another, one
    that opens a report, or one that passages of other bodies part from it (`after`: the body passage after each in the
    source). Runs are strung together by their links. Of runs that nothing leads to, one that opens a report comes
    first, then the first in the source.
    """
    inside = set(group)
    runs: list[list[int]] = []
    for row in group:
        goes_on_here = runs and (
            follows.get(runs[-1][-1]) == row
            or (
                row not in opening
                and after.get(runs[-1][-1]) == row
                and follows.get(runs[-1][-1]) not in inside
                and precedes.get(row) not in inside
            )
        )
        if goes_on_here:
            runs[-1].append(row)
        else:
            runs.append([row])
    by_head = {run[0]: run for run in runs}
    ordered: list[int] = []
    placed: set[int] = set()
    for run in sorted(runs, key=lambda run: (precedes.get(run[0]) in inside, run[0] not in opening, run[0])):
        here: list[int] | None = run
        while here is not None and here[0] not in placed:
            placed.add(here[0])
            ordered += here
            here = by_head.get(follows.get(here[-1], -1))
    return ordered
