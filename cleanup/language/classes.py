"""Named classes of characters, one bit each, so that a rule can say what may stand beside the place it changes.

It knows single characters only; what a whole paragraph is written in is asked of `foreign`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cleanup.language.characters import CODE_POINTS, han

Bits = NDArray[np.uint16]

HAN: Final = 1
DIGIT: Final = 2
LATIN: Final = 4
PAUSE: Final = 8
END: Final = 16
OPENER: Final = 32
CLOSER: Final = 64
LINK: Final = 128
SPACE: Final = 256
EDGE: Final = 512
KANA: Final = 1024
HANGUL: Final = 2048
SIGN: Final = 4096
OTHER: Final = 8192

NAMES: Final = {
    "han": HAN,
    "digit": DIGIT,  # half or full width
    "latin": LATIN,  # letters, half or full width, with or without accents
    "pause": PAUSE,
    "end": END,
    "opener": OPENER,
    "closer": CLOSER,
    "link": LINK,  # dashes, tildes, middle dots
    "space": SPACE,
    "edge": EDGE,  # a line end, or an end of the text
    "kana": KANA,
    "hangul": HANGUL,
    "sign": SIGN,  # what is set solid after a number: %, ℃, ㎡
    "other": OTHER,
    "mark": PAUSE | END | OPENER | CLOSER | LINK,
    "chinese": HAN | PAUSE | END | OPENER | CLOSER | LINK,
    "any": 0xFFFF,
}
# full-width marks only: the half-width ones say nothing about the language around them
PAUSES: Final = "，、；：︰﹐﹑﹔﹕"
ENDS: Final = "。！？…｡"
OPENING: Final = "“‘（《〈「『【〔〖［｛〝"
CLOSING: Final = "”’）》〉」』】〕〗］｝〞〟"
LINKS: Final = "—–―─～·・•‧－"
SPACES: Final = " \t\u00a0\u3000"
SIGNS: Final = "%‰％℃℉°′″㎎㎏㎜㎝㎞㎡㏄㎥$￥¥€£№"


@cache
def bits() -> Bits:
    """Return the bits of each code point.

    >>> [name for name, bit in NAMES.items() if bit == bits()[ord("乾")]]
    ['han']
    """
    table = np.full(CODE_POINTS, OTHER, dtype=np.uint16)
    table[han()] = HAN
    for low, high, bit in (
        (0x30, 0x39, DIGIT), (0xFF10, 0xFF19, DIGIT),
        (0x41, 0x5A, LATIN), (0x61, 0x7A, LATIN), (0xFF21, 0xFF3A, LATIN), (0xFF41, 0xFF5A, LATIN),
        (0xC0, 0xD6, LATIN), (0xD8, 0xF6, LATIN), (0xF8, 0x24F, LATIN), (0x1E00, 0x1EFF, LATIN),
        (0x3041, 0x30FA, KANA), (0x30FC, 0x30FF, KANA), (0x31F0, 0x31FF, KANA), (0xFF66, 0xFF9F, KANA),
        (0x1100, 0x11FF, HANGUL), (0x3130, 0x318F, HANGUL), (0xAC00, 0xD7AF, HANGUL),
    ):  # fmt: skip
        table[low : high + 1] = bit
    for characters, bit in (
        (PAUSES, PAUSE), (ENDS, END), (OPENING, OPENER), (CLOSING, CLOSER),
        (LINKS, LINK), (SPACES, SPACE), ("\n", EDGE), (SIGNS, SIGN),
    ):  # fmt: skip
        table[[ord(character) for character in characters]] = bit
    table.setflags(write=False)
    return table


@cache
def class_numbers() -> tuple[NDArray[np.uint16], tuple[int, ...]]:
    """Return the number of the class of each code point, and the bit of each class by its number."""
    classes = tuple(bit for bit in NAMES.values() if bit & (bit - 1) == 0)
    of_bit = np.zeros(max(classes) + 1, dtype=np.uint16)
    of_bit[list(classes)] = np.arange(len(classes))
    numbers = of_bit[bits()]
    numbers.setflags(write=False)
    return numbers, classes


@dataclass(frozen=True, slots=True)
class Side:
    """What may stand on one side of a place: classes, and single characters; `words` is how a rule puts it."""

    classes: int
    characters: tuple[int, ...] = ()
    words: str = field(default="", compare=False)


def side(words: str) -> Side:
    """Read a side as rules write it: class names and [characters], joined by |; raise ValueError on an unknown name.

    >>> side("han|[%+]")
    Side(classes=1, characters=(37, 43), words='han|[%+]')
    """
    classes, characters = 0, ""
    rest = words
    while rest:
        if rest.startswith("["):
            inside, closing, rest = rest[1:].partition("]")
            if not closing:
                raise ValueError(f"no ] in {words!r}")
            characters += inside
        else:
            name, _, tail = rest.partition("|")
            if name not in NAMES:
                raise ValueError(f"unknown class {name!r}; known: {', '.join(NAMES)}")
            classes |= NAMES[name]
            rest = tail
        rest = rest.removeprefix("|")
    return Side(classes, tuple(ord(character) for character in characters), words)
