"""Classes and widths of characters, as tables over all code points so that whole texts are looked up at once."""

from __future__ import annotations

import unicodedata
from functools import cache

import numpy as np
from numpy.typing import NDArray

CODE_POINTS = 0x110000

HAN_RANGES = (
    (0x2E80, 0x2FDF),  # radicals and Kangxi radicals, as PDF fonts give them
    (0x3005, 0x3007),
    (0x3021, 0x3029),
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0x20000, 0x323AF),
)
# GB/T 15834: marks that end a sentence, and marks that close what was opened
SENTENCE_ENDS = "。！？!?…"
OPENERS = "“‘（《〈「『【〔［｛(["
CLOSERS = "”’）》〉」』】〕］｝)]"
PAUSES = "，、；：,;:"


@cache
def east_asian_width() -> NDArray[np.uint8]:
    """Return a table of the width of each code point in half em: 2 for wide, 1 for narrow, 0 for combining marks.

    From Unicode's East Asian Width (UAX #11). Ambiguous characters (“ ” … —) count as wide: the surroundings are
    Chinese.
    """
    table = np.ones(CODE_POINTS, dtype=np.uint8)
    for code in range(0x3000):  # wide characters below the ideographs are few; look each up
        if unicodedata.east_asian_width(chr(code)) in "WFA":
            table[code] = 2
        if unicodedata.combining(chr(code)):
            table[code] = 0
    table[:32] = 0
    for low, high in (
        (0x3000, 0x303E),
        (0x3041, 0xA4CF),
        (0xAC00, 0xD7A3),
        (0xF900, 0xFAFF),
        (0xFE30, 0xFE6F),
        (0xFF01, 0xFF60),
        (0xFFE0, 0xFFE6),
        (0x1F300, 0x1F64F),
        (0x1F900, 0x1F9FF),
        (0x20000, 0x3FFFD),
    ):
        table[low : high + 1] = 2
    table[0x2E80:0x3000] = 2
    table[0xE000:0xF900] = 2
    for code in (0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0xAD):
        table[code] = 0
    return table


@cache
def han() -> NDArray[np.bool_]:
    """Return a table that is true for Han characters (ideographs, 〇, iteration marks, radicals)."""
    table = np.zeros(CODE_POINTS, dtype=np.bool_)
    for low, high in HAN_RANGES:
        table[low : high + 1] = True
    return table


def is_han(character: str) -> bool:
    """Tell whether the character is Han.

    >>> is_han("乾"), is_han("，"), is_han("A")
    (True, False, False)
    """
    code = ord(character)
    return any(low <= code <= high for low, high in HAN_RANGES)


def members(characters: str) -> NDArray[np.bool_]:
    """Return a table over all code points that is true for the given characters."""
    table = np.zeros(CODE_POINTS, dtype=np.bool_)
    table[[ord(character) for character in characters]] = True
    return table
