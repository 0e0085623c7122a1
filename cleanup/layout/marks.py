"""What single characters are to a compositor: their kind, what may stand at a line's edge, what can be squeezed.

Tables over all code points, so that whole texts are looked up at once. They describe; they never decide.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from cleanup.language.characters import CLOSERS, CODE_POINTS, OPENERS, han
from cleanup.layout.lines import SPACES, sums

KINDS = (
    "other", "han", "digit", "latin", "end", "ellipsis", "comma", "list", "semicolon", "colon", "opener", "closer",
    "quote", "dash", "bullet", "numeral", "hash", "stop", "space",
)  # fmt: skip
KIND = {name: number for number, name in enumerate(KINDS)}
QUOTES = "“‘「『"
_MEMBERS = {
    "end": "。！？!?",
    "ellipsis": "…",
    "comma": "，,",
    "list": "、",
    "semicolon": "；;",
    "colon": "：:",
    "opener": "".join(c for c in OPENERS if c not in QUOTES),
    "closer": CLOSERS,
    "quote": QUOTES,
    "dash": "—─－-–",
    "bullet": "●■□◆○▲△★☆◇▼※·•＊*",
    "numeral": "一二三四五六七八九十",
    "hash": "#",
    "stop": ".．",
}
# GB/T 15834, CLREQ: marks that cannot begin a line
CLOSED = ("end", "comma", "list", "semicolon", "colon", "closer", "ellipsis", "stop")
# CLREQ 3.1.6: marks whose blank half may be taken away
COMPRESSIBLE = "，。、；：！？“”‘’（）《》「」『』【】〈〉"


@cache
def kinds() -> NDArray[np.uint8]:
    """Return a table of the kind of each code point, an index into KINDS."""
    table = np.zeros(CODE_POINTS, dtype=np.uint8)
    table[han()] = KIND["han"]
    for low, high in ((0x30, 0x39), (0xFF10, 0xFF19)):
        table[low : high + 1] = KIND["digit"]
    for low, high in ((0x41, 0x5A), (0x61, 0x7A), (0xC0, 0x24F), (0x370, 0x52F), (0xFF21, 0xFF3A), (0xFF41, 0xFF5A)):
        table[low : high + 1] = KIND["latin"]
    for name, characters in _MEMBERS.items():
        table[[ord(character) for character in characters]] = KIND[name]
    table[[ord(character) for character in SPACES]] = KIND["space"]
    return table


def of_kinds(*names: str) -> NDArray[np.bool_]:
    """Return a table over KINDS that is true for the named kinds."""
    table = np.zeros(len(KINDS), dtype=np.bool_)
    table[[KIND[name] for name in names]] = True
    return table


# four counts of characters in one word of 64 bits, so that one sum counts them all
_COUNTED = (
    COMPRESSIBLE,
    SPACES,
    "".join(_MEMBERS[name] for name in ("end", "ellipsis", "semicolon")),
    "".join(_MEMBERS[name] for name in ("comma", "list", "colon")),
)
_FIELD = 16  # bits, those of <u2; a line that overflows one is longer than any a press could print


@cache
def _counters() -> NDArray[np.uint64]:
    table = np.zeros(CODE_POINTS, dtype=np.uint64)
    for field, characters in enumerate(_COUNTED):
        table[[ord(character) for character in characters]] += np.uint64(1 << field * _FIELD)
    return table


def count_marks(
    codes: NDArray[np.uint32], starts: NDArray[np.int64], ends: NDArray[np.int64]
) -> list[NDArray[np.int64]]:
    """Return for each span how many marks can be squeezed, how many spaces, sentence ends and pauses it holds.

    Spans ascend and none is empty.

    >>> codes = np.frombuffer("他说：“好 好。”".encode("utf-32-le"), dtype="<u4")
    >>> [int(count[0]) for count in count_marks(codes, np.array([0]), np.array([9]))]
    [4, 1, 1, 1]
    """
    counted = sums(_counters().take(codes), starts, ends, np.uint64)
    return list(counted.astype("<u8").view("<u2").reshape(-1, len(_COUNTED)).T.astype(np.int64))
