"""What passages are about: a vector each, near to those of passages that tell of kindred matter in other words.

Latent semantic analysis (S. Deerwester et al., Indexing by latent semantic analysis, 1990) over pairs of Han
characters: which pairs stand in the same stretches of print was learned by train_topics.py and is kept in
topics.npz.xz. It compares nothing and decides nothing.
"""

from __future__ import annotations

import io
import lzma
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cleanup.language.in_force import in_force
from cleanup.language.listed import held

Codes = NDArray[np.uint32]
Flags = NDArray[np.bool_]

SHIPPED = Path(__file__).with_name("topics.npz.xz")
HALF = 16  # bits of a pair's key that hold its second character


@dataclass(frozen=True, slots=True, eq=False)
class Topics:
    """The learned pairs: sorted `keys`, a row of `vectors` for each, its columns to be multiplied by `scale`."""

    keys: Codes
    vectors: NDArray[np.int8]
    scale: NDArray[np.float32]

    @property
    def size(self) -> int:
        """The number of columns."""
        return len(self.scale)


def load() -> Topics:
    """Return the learned pairs in force; a file is read once."""
    return _read(in_force(SHIPPED))


@cache
def _read(path: Path) -> Topics:
    with lzma.open(path) as packed, np.load(io.BytesIO(packed.read())) as arrays:
        return Topics(arrays["keys"], arrays["vectors"], arrays["scale"])


def pair_keys(codes: Codes, is_han: Flags) -> tuple[Codes, Flags]:
    """Return the key of each pair of neighbouring characters, and whether both are Han characters of the basic plane.

    `codes`: folded code points without white space.

    >>> keys, both = pair_keys(np.array([0x4E00, 0x4E8C, 0x2C], dtype=np.uint32), np.array([True, True, False]))
    >>> [hex(key) for key in keys.tolist()], both.tolist()
    (['0x4e004e8c', '0x4e8c002c'], [True, False])
    """
    small = is_han & (codes < 1 << HALF)
    low = np.where(small | (codes < 1 << HALF), codes, 0).astype(np.uint32)
    return (low[:-1] << np.uint32(HALF)) | low[1:], small[:-1] & small[1:]


def describe(codes: Codes, is_han: Flags, owner: NDArray[np.int64], count: int, topics: Topics) -> NDArray[np.float32]:
    """Return the vector of each of `count` passages, shape (count, topics.size): the sum over its distinct pairs.

    `owner`: the passage each character belongs to.
    """
    found = np.zeros((count, topics.size), dtype=np.float32)
    if len(codes) < 2:
        return found
    keys, both = pair_keys(codes, is_han)
    both &= owner[:-1] == owner[1:]
    keys, owner = keys[both], owner[:-1][both]
    owner, place = held(keys, owner, topics.keys)
    starts = np.flatnonzero(np.append(True, owner[1:] != owner[:-1]))
    if len(owner):
        found[owner[starts]] = np.add.reduceat(topics.vectors[place], starts, axis=0, dtype=np.float32)
    return found * topics.scale
