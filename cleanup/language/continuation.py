"""Whether one passage runs on in another, judged by the two dozen characters on either side of the gap.

Two small encoders, one for what stands before a gap and one for what stands after it, turn each side into a vector; the
product of two vectors says how much likelier the second side is after the first than after another one (contrastive
learning, A. van den Oord et al., Representation learning with contrastive predictive coding, 2018). They see further
than the n-grams, and each side is read once however many pairs are asked about. Learned by train_continuation.py, kept
in continuation.npz. It never decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleanup.language.characters import CODE_POINTS
from cleanup.language.folding import folding
from cleanup.language.in_force import in_force

Codes = NDArray[np.uint32]
Integers = NDArray[np.int64]
Vectors = NDArray[np.float32]

SHIPPED = Path(__file__).with_name("continuation.npz")
REACH = 24  # characters seen on either side of a gap
NEAR = 8  # of them, those whose places count; of the others it counts only that they are there
NONE, UNKNOWN = 0, 1  # ids of no character and of one that training met too seldom to list
MIX = np.array([7919, 104729])  # primes that spread pairs of ids over the rows of the table of pairs
ROWS_AT_ONCE = 1024


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """One encoder: a row of `characters` for each id, of `pairs` for each bucket of pairs, and two layers."""

    characters: Vectors
    pairs: Vectors
    inner: Vectors
    inner_bias: Vectors
    outer: Vectors
    outer_bias: Vectors


@dataclass(frozen=True, slots=True, eq=False)
class Encoders:
    """Both encoders and the sorted code points of their common vocabulary; ids of characters start at 2.

    `ids` holds the id of every folded code point, `unfolded` that of every code point once it is folded.
    """

    vocabulary: Codes
    ids: NDArray[np.int16]
    unfolded: NDArray[np.int16]
    before: Side
    after: Side

    def identify(self, codes: Codes) -> Integers:
        """Return the id of each folded code point."""
        return self.ids.take(codes, mode="clip").astype(np.int64)

    def read(self, codes: Codes) -> Integers:
        """Return the id of each code point, folded or not."""
        return self.unfolded.take(codes).astype(np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Gaps:
    """What was read beside n gaps: `vectors`, shape (n, size), and `torn`, the log-odds that a sentence is cut there
    rather than a paragraph begun or ended, by this side alone."""

    vectors: Vectors
    torn: Vectors


def load(path: Path | None = None) -> Encoders:
    """Return the learned encoders in a file, or those in force; a file is read once."""
    return _read(path or in_force(SHIPPED))


@cache
def _read(path: Path) -> Encoders:
    with np.load(path) as arrays:

        def whole(name: str) -> Vectors:
            return np.asarray(arrays[name].astype(np.float32) * arrays[f"{name}-scale"], dtype=np.float32)

        def side(name: str) -> Side:
            parts = ("characters", "pairs", "inner", "inner-bias", "outer", "outer-bias")
            return Side(*(whole(f"{name}-{part}") for part in parts))

        vocabulary = arrays["vocabulary"]
        ids = identify(np.arange(CODE_POINTS, dtype=np.uint32), vocabulary).astype(np.int16)
        return Encoders(vocabulary, ids, ids.take(folding()), side("before"), side("after"))


def identify(codes: Codes, vocabulary: Codes) -> Integers:
    """Return the id of each folded code point.

    >>> identify(np.array([0x4E00, 0x4E01], dtype=np.uint32), np.array([0x4E00], dtype=np.uint32)).tolist()
    [2, 1]
    """
    place = np.minimum(np.searchsorted(vocabulary, codes), len(vocabulary) - 1)
    return np.asarray(np.where(vocabulary[place] == codes, place + UNKNOWN + 1, UNKNOWN), dtype=np.int64)


def before_gaps(ids: Integers, starts: Integers, gaps: Integers) -> Integers:
    """Return the ids before each gap, the nearest first, shape (n, REACH); NONE beyond the start of its passage.

    >>> before_gaps(np.array([5, 6, 7]), np.array([1]), np.array([3]))[0, :3].tolist()
    [7, 6, 0]
    """
    places, inside = places_before(starts, gaps)
    return np.asarray(np.where(inside, ids[places], NONE))


def after_gaps(ids: Integers, ends: Integers, gaps: Integers) -> Integers:
    """Return the ids after each gap, the nearest first, shape (n, REACH); NONE beyond the end of its passage."""
    places, inside = places_after(ends, gaps, len(ids))
    return np.asarray(np.where(inside, ids[places], NONE))


def places_before(starts: Integers, gaps: Integers) -> tuple[Integers, NDArray[np.bool_]]:
    """Return the places before each gap, the nearest first, shape (n, REACH), and which of them its passage has."""
    places = gaps[:, None] - 1 - np.arange(REACH)
    return np.maximum(places, 0), places >= starts[:, None]


def places_after(ends: Integers, gaps: Integers, count: int) -> tuple[Integers, NDArray[np.bool_]]:
    """Return the places after each gap in a text of so many, the nearest first, and which of them its passage has."""
    places = gaps[:, None] + np.arange(REACH)
    return np.minimum(places, count - 1), places < ends[:, None]


def pair_rows(ids: Any, rows: int) -> Any:
    """Return the row of the table of pairs for each two neighbouring ids, 0 where one is NONE."""
    first, second = ids[:, :-1], ids[:, 1:]
    return ((first * MIX[0] + second * MIX[1]) % (rows - 1) + 1) * ((first > NONE) & (second > NONE))


def encode(ids: Integers, side: Side) -> Gaps:
    """Return what an encoder says of n rows of ids, shape (n, REACH)."""
    vectors = np.empty((len(ids), side.outer.shape[1] - 1), dtype=np.float32)
    torn = np.empty(len(ids), dtype=np.float32)
    for start in range(0, len(ids), ROWS_AT_ONCE):
        rows = slice(start, start + ROWS_AT_ONCE)
        some = ids[rows]
        characters = side.characters.take(some, axis=0)
        pairs = side.pairs.take(pair_rows(some, len(side.pairs)), axis=0)
        share = 1.0 / np.maximum((some > NONE).sum(axis=1, keepdims=True), 1).astype(np.float32)
        seen = np.concatenate(
            [
                characters[:, :NEAR].reshape(len(some), -1),
                pairs[:, : NEAR - 1].reshape(len(some), -1),
                characters[:, NEAR:].sum(axis=1) * share,
                pairs[:, NEAR - 1 :].sum(axis=1) * share,
            ],
            axis=1,
        )
        said = np.maximum(seen @ side.inner + side.inner_bias, 0.0) @ side.outer + side.outer_bias
        vectors[rows], torn[rows] = said[:, :-1], said[:, -1]
    return Gaps(vectors, torn)
