"""Bodies of articles: body passages brought together by links and cohesion, and put in reading order."""

from __future__ import annotations

import itertools

from cleanup.assembly.links import Link
from cleanup.bins import Integers, Reals


def gather_bodies(body: Integers, cut_odds: Reals, links: list[Link]) -> list[list[int]]:
    """Return the bodies, each as its passages in reading order, in the order of their first passage in the source.

    `body`: the body passages in source order; `cut_odds`: log-odds of an article ending between neighbours. Passages
    that a link joins are one body, and so are neighbours without a cut between them, unless links have led both of them
    elsewhere.
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
    members: dict[int, list[int]] = {}
    for row in rows:
        members.setdefault(find(row), []).append(row)
    return sorted((in_order(group, follows, precedes) for group in members.values()), key=min)


def in_order(group: list[int], follows: dict[int, int], precedes: dict[int, int]) -> list[int]:
    """Put the passages of one body in reading order: source order, but for what links lead elsewhere.

    A run is passages in source order up to one that goes on elsewhere or one that is the continuation of another; runs
    are then strung together by their links. Of runs that nothing leads to, the first in the source comes first.
    """
    inside = set(group)
    runs: list[list[int]] = []
    for row in group:
        goes_on_here = runs and (
            follows.get(runs[-1][-1]) == row
            or (follows.get(runs[-1][-1]) not in inside and precedes.get(row) not in inside)
        )
        if goes_on_here:
            runs[-1].append(row)
        else:
            runs.append([row])
    by_head = {run[0]: run for run in runs}
    ordered: list[int] = []
    placed: set[int] = set()
    for run in sorted(runs, key=lambda run: (precedes.get(run[0]) in inside, run[0])):
        here: list[int] | None = run
        while here is not None and here[0] not in placed:
            placed.add(here[0])
            ordered += here
            here = by_head.get(follows.get(here[-1], -1))
    return ordered
