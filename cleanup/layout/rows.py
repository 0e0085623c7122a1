"""Printed lines that an extractor handed over in pieces: where a squeezed mark or a gap ended one and began another.

Of all ways to put pieces in a row together the one is taken that explains most: the pieces of a printed line add up to
the measure, to it less an indent of two em, or close a sentence as the last line of a paragraph does. It finds such
lines and joins nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from cleanup import rulebook
from cleanup.layout.groups import PIECES, PLACES, ROWS, STARTS, TONES
from cleanup.layout.lines import Integers
from cleanup.layout.measure import WIDEST

MOST = 9  # pieces of one line
SHORT = 3  # half em; a piece lacks more than this
NEAR = 2  # half em; what a full line may lack
INDENT = 4  # half em
ON, OVER, EITHER = range(3)  # of a paragraph, after a line

SHORTER, INDENTED, EXACT = (ROWS.index(name) for name in ("short", "indented", "exact"))
_DRAGGED = np.isin(np.array(STARTS), ("closed",))
_OPENS = np.isin(np.array(STARTS), ("closed", "quote", "said", "opener"))
_CLOSED = np.isin(np.array(TONES), ("closed",))
_PAUSED = np.isin(np.array(TONES), ("pause",))


@dataclass(frozen=True, slots=True)
class Rows:
    """What is known of printed lines in pieces.

    `place`: of each line, its place in its printed line (PLACES). `inside`: for each line end, the kind of printed line
    it lies in (ROWS). `extent`, `slack`: those of lines as if every piece were a line: one that is followed by more of
    its printed line is full, or short by the indent; the last is as wide as the whole. `shattered`: how common such
    pieces are (SHATTERED).
    """

    place: Integers
    inside: Integers
    extent: Integers
    slack: Integers
    shattered: int


def seams(extent: Integers, measure: Integers, tones: Integers, starts: Integers) -> NDArray[np.bool_]:
    """Tell of each line end whether no printed line ends so: short of the measure, at a pause or before a closing mark.

    >>> widths, tones, starts = np.array([20, 8, 12, 20]), np.array([3, 1, 3, 3]), np.zeros(4, dtype=np.int64)
    >>> seams(widths, np.full(4, 20), tones, starts).tolist()
    [False, True, False]
    """
    return np.asarray((extent < measure - SHORT)[:-1] & (_PAUSED[tones[:-1]] | _DRAGGED[starts[1:]]))


def find_rows(extent: Integers, slack: Integers, measure: Integers, tones: Integers, starts: Integers) -> Rows:
    """Return the printed lines that are made of several of these lines.

    >>> widths, none = np.array([20, 8, 12, 20]), np.zeros(4, dtype=np.int64)
    >>> rows = find_rows(widths, none, np.full(4, 20), np.array([3, 1, 3, 3]), none)
    >>> rows.inside.tolist(), rows.extent.tolist()
    ([0, 3, 0], [20, 20, 20, 20])
    """
    count = len(extent)
    place, inside = np.zeros(count, dtype=np.int64), np.zeros(max(count - 1, 0), dtype=np.int64)
    wide, give = extent.copy(), slack.copy()
    for first, last, kind in _division(extent, slack, measure, tones, starts):
        name = ROWS[kind]
        inside[first:last] = kind
        place[first] = PLACES.index(f"opens {name}")
        place[first + 1 : last] = PLACES.index("inside")
        place[last] = PLACES.index(f"closes {name}")
        full = int(max(measure[first], measure[last]))
        total = int(extent[first : last + 1].sum())
        wide[first:last] = full
        wide[last] = min(total, full)
        if name == "indented":
            wide[first] = min(total, full - INDENT)
            wide[last] = min(total + INDENT, full)
        give[first : last + 1] = slack[first : last + 1].sum()
    broken = seams(extent, measure, tones, starts) & (inside > 0)
    share = np.count_nonzero(broken) / max(count - 1, 1)
    return Rows(place, inside, wide, give, int(PIECES.searchsorted(share, side="right")))


def find_trimmed(
    extent: Integers, slack: Integers, measure: Integers, tones: Integers, starts: Integers
) -> tuple[Integers, Integers]:
    """Return the places and the ends inside printed lines, in a text whose lines are parted only where two marks meet.

    There pieces are too few to tell a division of the whole text; two or three that add up are taken for themselves.

    >>> widths, tones, starts = np.array([20, 8, 13, 20]), np.array([3, 0, 3, 3]), np.array([0, 0, 4, 0])
    >>> find_trimmed(widths, np.array([0, 1, 1, 0]), np.full(4, 20), tones, starts)[1].tolist()
    [0, 3, 0]
    """
    count = len(extent)
    place, inside = np.zeros(count, dtype=np.int64), np.zeros(max(count - 1, 0), dtype=np.int64)
    met = (extent < measure - SHORT)[:-1] & (_CLOSED | _PAUSED)[tones[:-1]] & _OPENS[starts[1:]]
    if not met.any():
        return place, inside
    for name in ("indented", "exact"):  # what is found last stays
        for pieces in (3, 2):
            first = np.flatnonzero(met[: count - pieces + 1])
            if pieces > 2:
                first = first[met[first + 1]]
            if not len(first):
                continue
            last = first + pieces - 1
            wide, give = extent[first] + extent[last], slack[first] + slack[last]
            if pieces > 2:
                wide, give = wide + extent[first + 1], give + slack[first + 1]
            lack = np.maximum(measure[first], measure[last]) - wide - (INDENT if name == "indented" else 0)
            first = first[(lack >= -np.maximum(np.minimum(give, 2 * pieces), 1)) & (lack <= NEAR - (name != "exact"))]
            for step in range(pieces - 1):
                inside[first + step] = ROWS.index(name)
                place[first + step] = PLACES.index("inside")
            place[first], place[first + pieces - 1] = PLACES.index(f"opens {name}"), PLACES.index(f"closes {name}")
    return place, inside


@cache
def _costs() -> Mapping[str, float]:
    """Return what speaks for and against a printed line, in natural logarithms of odds (rules/reflow/rows.toml)."""
    return rulebook.load().limits


def _division(
    extents: Integers, slacks: Integers, measures: Integers, tones: Integers, starts: Integers
) -> list[tuple[int, int, int]]:
    """Return the printed lines of several pieces, as (first, last, kind), of the division that explains most.

    Of every division it is kept whether a paragraph goes on after its last line, is over, or either: what is full goes
    on, what is short is over, and what closes a sentence at the measure can be both.
    """
    extent, slack, measure = np.minimum(extents, 2 * WIDEST).tolist(), slacks.tolist(), measures.tolist()
    closed, paused = _CLOSED[tones].tolist(), _PAUSED[tones].tolist()
    opens, dragged = [*_OPENS[starts].tolist(), False], [*_DRAGGED[starts].tolist(), False]
    count = len(extent)
    costs = _costs()
    explained, loose_fit = costs["row-explained"], costs["row-loose"]
    turn = {(EXACT, OVER): costs["row-opens-full"], (INDENTED, ON): costs["row-indent-inside"]}
    lost = -1e9
    score = [[lost] * 3 for _ in range(count + 1)]  # of the best division that ends before a line, by what follows
    score[0][OVER] = 0.0
    taken = [[(1, 0, OVER)] * 3 for _ in range(count + 1)]
    for end in range(1, count + 1):
        last = end - 1
        here, origin = score[end], taken[end]
        wide, give, cost = 0, 0, costs["row-begins-closed"] if dragged[end] else 0.0
        for pieces in range(1, min(MOST, end) + 1):
            first = end - pieces
            if pieces > 1:
                if not (closed[first] or paused[first] or opens[first + 1]) or extent[first] >= measure[first] - SHORT:
                    break
                if closed[first] and not dragged[first + 1]:
                    cost += costs["row-closed-inside"]
            wide += extent[first]
            give += slack[first]
            full = max(measure[first], measure[last])
            loose = max(min(give, 2 * pieces), 1)
            lack = full - wide
            tight = costs["row-tight"] if pieces > 1 and lack < -loose else 0.0
            if tight and lack < -loose - NEAR:
                break
            after = EITHER if closed[last] else ON
            ways = []
            if lack <= NEAR:
                ways.append((EXACT, after, explained - (loose_fit if lack == NEAR else 0.0)))
            if -max(loose, NEAR) <= lack - INDENT <= (1 if pieces > 1 else SHORT):
                ways.append((INDENTED, after, explained - (loose_fit if abs(lack - INDENT) > 1 else 0.0)))
            if lack > NEAR and (pieces == 1 or closed[last]):
                ways.append((SHORTER, OVER, -costs["row-paused-short"] if paused[last] and end < count else 0.0))
            for kind, after, value in ways:
                for before in (ON, OVER, EITHER):
                    total = score[first][before] + value - cost - tight - turn.get((kind, before), 0.0)
                    if total > here[after]:
                        here[after], origin[after] = total, (pieces, kind, before)
    rows, end = [], count
    after = max((ON, OVER, EITHER), key=lambda state: score[count][state])
    while end > 0:
        pieces, found, before = taken[end][after]
        if pieces > 1:
            rows.append((end - pieces, end - 1, found))
        end, after = end - pieces, before
    return rows[::-1]
