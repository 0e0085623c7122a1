"""The reading order of boxes by cutting the page: down its gutters and along its blank rows, again and again.

(G. Nagy and S. Seth, Hierarchical representation of optically scanned documents, ICPR 1984.) Where a page can be cut
either way, the cut that brings together what reads on is made. It knows boxes and scores, never a text.
"""

from __future__ import annotations

from bisect import bisect_left
from itertools import accumulate, pairwise

import numpy as np

from cleanup.layout.cells import Integers, Reals
from cleanup.layout.places import Boxes

Node = tuple[int, ...]

CHOICES = 6  # cuts of either kind that are weighed at one node, the widest first
WEIGHED = 5_000  # cuts weighed for one page before the widest alone is made
DEEPEST = 150  # cuts within cuts; a page is never printed so, and what is left is read from top to bottom
LEAST_SCORE, MOST_SCORE = -4.0, 6.0  # no single joint outvotes a page


class Cutter:
    """Orders the runs of one page; `scores[a, b]` is how well b would be read after a.

    `after` and `gain` are the successors that would be best without a page around them.
    """

    def __init__(self, box: Boxes, scores: Reals, after: Integers, gain: Reals) -> None:
        self.after, self.gain = after.tolist(), gain.tolist()
        self.top, self.bottom = box.top.tolist(), box.bottom.tolist()
        self.left, self.right = box.left.tolist(), box.right.tolist()
        self.scores = np.clip(scores, LEAST_SCORE, MOST_SCORE)
        self.known: dict[Node, tuple[float, Node]] = {}
        self.weighed = 0
        self.depth = 0

    def order(self) -> list[int]:
        """Return all runs in reading order."""
        return list(self._best(tuple(range(len(self.top))))[1]) if self.top else []

    def _best(self, node: Node) -> tuple[float, Node]:
        if len(node) == 1:
            return 0.0, node
        found = self.known.get(node)
        if found is None:
            self.depth += 1
            found = self.known[node] = self._cut(node) if self.depth < DEEPEST else self._downwards(node)
            self.depth -= 1
        return found

    def _downwards(self, node: Node) -> tuple[float, Node]:
        order = tuple(sorted(node, key=lambda run: (self.top[run], self.left[run])))
        return sum(float(self.scores[a, b]) for a, b in pairwise(order)), order

    def _cut(self, node: Node) -> tuple[float, Node]:
        rows = self._gaps(node, self.top, self.bottom, 1)
        columns = self._gaps(node, self.left, self.right, 0)
        if not rows and not columns:
            return self._set_aside(node)
        if not rows or not columns:
            return self._joined(self._parts(node, *((self.top, rows) if rows else (self.left, columns))))
        ways = []
        for key, gaps in ((self.left, columns), (self.top, rows)):
            ways.append(self._parts(node, key, gaps))
            if len(gaps) > 1 and self.weighed < WEIGHED:
                ways += [self._parts(node, key, [gap]) for gap in self._likeliest(node, key, gaps)]
        self.weighed += len(ways)
        return max((self._joined(parts) for parts in ways), key=lambda result: result[0])

    def _gaps(self, node: Node, near: list[int], far: list[int], least: int) -> list[tuple[int, int]]:
        """Return where a node can be cut along one axis: the first place after the gap, and how wide it is."""
        ranked = sorted(node, key=lambda run: near[run])
        found = []
        reach = far[ranked[0]]
        for run in ranked[1:]:
            if near[run] - reach >= least:
                found.append((near[run], near[run] - reach))
            reach = max(reach, far[run])
        return found

    def _likeliest(self, node: Node, near: list[int], gaps: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """Return the gaps over which least reads on, the wider ones first where that is equal."""
        ranked = sorted(node, key=lambda run: near[run])
        places = [near[run] for run in ranked]
        inside = set(node)
        over = [0.0] * (len(ranked) + 1)
        rank = {run: number for number, run in enumerate(ranked)}
        for run in node:
            follower = self.after[run]
            if follower in inside and rank[follower] != rank[run]:
                low, high = sorted((rank[run], rank[follower]))
                over[low + 1] += self.gain[run]
                over[high + 1] -= self.gain[run]
        crossing = list(accumulate(over))
        cost = {gap: crossing[bisect_left(places, gap[0])] for gap in gaps}
        return sorted(gaps, key=lambda gap: (round(cost[gap]), -gap[1]))[:CHOICES]

    def _parts(self, node: Node, near: list[int], gaps: list[tuple[int, int]]) -> list[Node]:
        """Part a node at gaps."""
        parts = []
        low = min(near[run] for run in node)
        for high in [*(place for place, _ in gaps), max(near[run] for run in node) + 1]:
            parts.append(tuple(run for run in node if low <= near[run] < high))
            low = high
        return parts

    def _joined(self, parts: list[Node]) -> tuple[float, Node]:
        total, order = self._best(parts[0])
        for part in parts[1:]:
            score, rest = self._best(part)
            total += score + float(self.scores[order[-1], rest[0]])
            order += rest
        return total, order

    def _set_aside(self, node: Node) -> tuple[float, Node]:
        """Order what cannot be cut: without the smallest run, which then goes where it reads best."""
        size = {run: (self.bottom[run] - self.top[run] + 1) * (self.right[run] - self.left[run]) for run in node}
        aside = min(node, key=lambda run: size[run])
        score, rest = self._best(tuple(run for run in node if run != aside))

        def gain(at: int) -> float:
            before = float(self.scores[rest[at - 1], aside]) if at else 0.0
            after = float(self.scores[aside, rest[at]]) if at < len(rest) else 0.0
            between = float(self.scores[rest[at - 1], rest[at]]) if 0 < at < len(rest) else 0.0
            return before + after - between

        place = max(range(len(rest) + 1), key=gain)
        return score + gain(place), (*rest[:place], aside, *rest[place:])
