"""Whether a short line is worded as a headline, whatever its place on the page.

Headlines leave out what sentences have and say what sentences seldom say (I. Mårdh, Headlinese, 1980): a line of text
that breaks off may be as short and end as openly, but it does not read like one. A logistic regression over the
characters of the line, two and three of them in a row and its two ends, learned by train_headlinese.py from headlines
and from stretches of text as long, and kept in headlinese.npz.xz. It knows nothing of layout and never decides.
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
Integers = NDArray[np.int64]
Reals = NDArray[np.float64]

SHIPPED = Path(__file__).with_name("headlinese.npz.xz")
SHORTEST, LONGEST = 4, 60  # characters of the lines that were learned from
DIGIT = 21  # bits of a code point in the key of an n-gram
# what no text holds: the two ends of a line, and how long it is, in threes
BEGIN, END, LENGTHS = 1, 2, 3
THREES = 3


@dataclass(frozen=True, slots=True, eq=False)
class Headlinese:
    """The learned n-grams: sorted `keys`, a weight for each in steps of `scale`, and what a line weighs by itself."""

    keys: Integers
    weights: NDArray[np.int8]
    scale: float
    bias: float


def load() -> Headlinese:
    """Return the learned n-grams in force; a file is read once."""
    return read(in_force(SHIPPED))


@cache
def read(path: Path) -> Headlinese:
    """Return the learned n-grams in a file."""
    with lzma.open(path) as packed, np.load(io.BytesIO(packed.read())) as arrays:
        keys = np.cumsum(arrays["steps"], dtype=np.int64)
        return Headlinese(keys, arrays["weights"], float(arrays["scale"]), float(arrays["bias"]))


def grams(codes: Codes, first: Integers, last: Integers) -> tuple[Integers, Integers]:
    """Return the keys of the n-grams of lines, and the number of the line each belongs to.

    `codes`: folded code points without white space; a line has those from `first` up to `last`.

    >>> keys, owner = grams(np.array([0x4E00], dtype=np.uint32), np.array([0]), np.array([1]))
    >>> [hex(key) for key in keys.tolist()], owner.tolist()
    (['0x4e00', '0x204e00', '0x9c0000002', '0x409c0000002', '0x3'], [0, 0, 0, 0, 0])
    """
    length = last - first
    begins = np.cumsum(length + 2) - length - 2
    owner = np.repeat(np.arange(len(first)), length + 2)
    place = np.arange(len(owner)) - begins[owner]
    inner = (place > 0) & (place <= length[owner])
    text = np.where(place == 0, BEGIN, END).astype(np.int64)
    text[inner] = codes[(first[owner] + place - 1)[inner]]
    two, three = owner[1:] == owner[:-1], owner[2:] == owner[:-2]
    pairs = text[:-1] << DIGIT | text[1:]
    keys = [text[inner], pairs[two], (text[:-2] << 2 * DIGIT | pairs[1:])[three], LENGTHS + length // THREES]
    return np.concatenate(keys), np.concatenate([owner[inner], owner[1:][two], owner[2:][three], np.arange(len(first))])


def log_odds(codes: Codes, first: Integers, last: Integers, model: Headlinese) -> Reals:
    """Return the log-odds of each line being a headline rather than a stretch of text; NaN for a line too short or too
    long to tell."""
    odds = np.full(len(first), np.nan)
    lines = np.flatnonzero((last - first >= SHORTEST) & (last - first <= LONGEST))
    if not len(lines):
        return odds
    owner, place = held(*grams(codes, first[lines], last[lines]), model.keys)
    total = np.bincount(owner, model.weights[place], len(lines)) * model.scale
    odds[lines] = model.bias + total / np.sqrt(last[lines] - first[lines])
    return odds
