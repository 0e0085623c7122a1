"""The order in which pieces of printed lines read best, given how firmly each would run on in each other one.

Pieces stand in regions, and a region gives its pieces in order, one to a printed line. Printed lines are laid one after
another: a piece goes on in the line begun, if there is room for it and its region has given none, or begins the next.
A beam keeps the best ways to have read so much; a way is charged for what each piece it has read could have been at
best, so that none gets ahead by reading the easy ones first. It knows no text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cleanup.layout.cells import Flags, Integers, Limits, Reals

BEAM = 150  # ways kept; of five pages 60 read a twentieth fewer breaks right, 300 no more
WINDOW = 12  # regions, from the first unread one on, among which the next piece is sought
ROOM = 2  # half em by which the pieces of a full line may miss the measure


@dataclass(frozen=True, slots=True, eq=False)
class Mosaic:
    """Pieces in source order: the `width` of each in half em, its region, whether its sentence is closed; the measure;
    how firmly each runs on in each other one, shape (pieces, pieces); and what the order is charged for."""

    width: Integers
    region: Integers
    closed: Flags
    measure: int
    bonds: Reals
    limits: Limits


@dataclass(frozen=True, slots=True)
class Place:
    """A piece in its new place, and whether it begins a printed line there."""

    piece: int
    begins_line: bool


@dataclass(frozen=True, slots=True)
class _Way:
    """One way to have read some pieces: its score and what it is charged; the first unread region, how many pieces are
    read of it and of those after it; the last piece, and whether it begins a printed line; the line begun: its width
    and, as bits, the regions in it; the regions begun and not read to the end, as bits; and the way before."""

    score: float
    charged: float
    first: int
    read: tuple[int, ...]
    last: int
    begins_line: bool
    width: int
    inside: int
    waiting: int
    before: _Way | None

    @property
    def worth(self) -> float:
        """What ways are compared by."""
        return self.score - self.charged


def assemble(mosaic: Mosaic) -> tuple[list[Place], float]:
    """Return the pieces in the best order found, and how much higher it scores than the order they stand in."""
    count = len(mosaic.width)
    layer = _Layer(mosaic)
    ways = [layer.nothing]
    for _ in range(count):
        best: dict[tuple[int, ...], _Way] = {}
        for way in ways:
            for piece in layer.next_pieces(way):
                for other in layer.lay(way, piece):
                    key = (other.first, *other.read, piece, other.width, other.inside)
                    if key not in best or best[key].worth < other.worth:
                        best[key] = other
        ways = sorted(best.values(), key=lambda way: -way.worth)[:BEAM]
    stands = layer.nothing
    for piece in range(count):
        stands = max(layer.lay(stands, piece), key=lambda way: way.score)
    return _places(ways[0]), ways[0].score - stands.score


def _places(way: _Way) -> list[Place]:
    """Return the places of a way from its beginning on."""
    found = []
    while way.before is not None:
        found.append(Place(way.last, way.begins_line))
        way = way.before
    return found[::-1]


class _Layer:
    """What lays one piece after another, and what that scores."""

    def __init__(self, mosaic: Mosaic) -> None:
        self.limits = mosaic.limits
        self.measure = mosaic.measure
        self.width: list[int] = mosaic.width.tolist()
        self.region: list[int] = mosaic.region.tolist()
        self.closed: list[bool] = mosaic.closed.tolist()
        self.begin = np.searchsorted(mosaic.region, np.arange(self.region[-1] + 1)).tolist()
        self.size: list[int] = np.bincount(mosaic.region).tolist()
        steps = self._scores(mosaic.bonds)
        self.steps: list[list[float]] = steps.tolist()
        self.into: list[float] = (0.5 * steps.max(axis=0)).tolist()
        self.out_of: list[float] = (0.5 * steps.max(axis=1)).tolist()
        self.nothing = _Way(0.0, 0.0, 0, (0,) * WINDOW, -1, True, 0, 0, 0, None)

    def _scores(self, bonds: Reals) -> Reals:
        """Return what it scores that one piece is read after another: how firmly it runs on, less a leap elsewhere."""
        numbers = np.arange(len(bonds))
        leap: NDArray[np.float64] = np.abs(numbers - numbers[:, None] - 1).astype(np.float64)
        far = np.minimum(leap, self.limits["shattered-reach"])
        cost = np.where(leap > 0, self.limits["shattered-leap"] + self.limits["shattered-far"] * far, 0.0)
        scores = bonds - cost
        np.fill_diagonal(scores, self.limits["shattered-least-bond"])
        return np.asarray(scores)

    def next_pieces(self, way: _Way) -> Iterator[int]:
        """Yield the first unread piece of each region in the window."""
        for offset, read in enumerate(way.read):
            region = way.first + offset
            if region < len(self.size) and read < self.size[region]:
                yield self.begin[region] + read

    def lay(self, way: _Way, piece: int) -> Iterator[_Way]:
        """Yield the ways to read one more piece: in the printed line begun, where it fits, and on the next one."""
        limits, last, width = self.limits, way.last, self.width[piece]
        region = 1 << self.region[piece]
        score = way.score + (self.steps[last][piece] if last >= 0 else 0.0)
        room = self.measure - way.width
        if way.width > 0 and room > ROOM and width <= room + ROOM and not way.inside & region:
            full = limits["shattered-full-line"] if room - width <= ROOM else 0.0
            yield self._after(way, piece, score + full, way.width + width, way.inside | region, begins=False)
        if last >= 0:
            if room > ROOM and not self.closed[last]:
                score -= limits["shattered-short-line"]
            score -= limits["shattered-idle"] * (way.waiting & ~way.inside).bit_count()
        yield self._after(way, piece, score, width, region, begins=True)

    def _after(self, way: _Way, piece: int, score: float, width: int, inside: int, *, begins: bool) -> _Way:
        """Return the way that has read a piece more."""
        region = self.region[piece]
        done = piece - self.begin[region] + 1
        first, read = way.first, list(way.read)
        read[region - first] = done
        while first < len(self.size) and read[0] == self.size[first]:
            first += 1
            read = [*read[1:], 0]
        bit = 1 << region
        waiting = way.waiting | bit if done < self.size[region] else way.waiting & ~bit
        charged = way.charged + self.into[piece] + (self.out_of[way.last] if way.last >= 0 else 0.0)
        return _Way(score, charged, first, tuple(read), piece, begins, width, inside, waiting, way)
