"""Which characters the language model treats as one: digits, Latin letters, widths, look-alike quotes and dashes.

Used when a model is trained; a trained model carries the result. It never touches a document.
"""

from __future__ import annotations

import functools
import unicodedata
from typing import Final

import numpy as np
from numpy.typing import NDArray

FULL_WIDTH_SIGNS: Final = ",;:!?()"
ALIKE: Final = {
    **dict.fromkeys("「『〝｢", "“"),
    **dict.fromkeys("」』〞〟｣", "”"),
    **dict.fromkeys("–―─━", "—"),
    **dict.fromkeys("・•‧⋅･", "·"),
    **dict.fromkeys("〔﹝［", "["),
    **dict.fromkeys("〕﹞］", "]"),
    "○": "〇",
    "⋯": "…",
}


def folded(character: str) -> str:
    """The one character that stands for all that the model treats alike.

    Digits become 0 and Latin letters a, at any width; the signs that the Chinese press sets full-width become
    full-width; corner quotes become curly ones (straight quotes stay apart: they do not say whether they open or
    close); radicals and compatibility ideographs become the unified character. Traditional characters stay
    themselves.

    >>> "".join(map(folded, "７Ｚé,「⽉乾"))
    '0aa，“月乾'
    """
    character = ALIKE.get(character, character)
    if "\uff01" <= character <= "\uff5e":
        character = chr(ord(character) - 0xFEE0)
    if character in FULL_WIDTH_SIGNS:
        return chr(ord(character) + 0xFEE0)
    if character.isdecimal():
        return "0"
    if "\u2e80" <= character <= "\u2fdf" or "\uf900" <= character <= "\ufaff":
        unified = unicodedata.normalize("NFKC", character)
        return unified if len(unified) == 1 else character
    if character.isalpha() and unicodedata.name(character, "").startswith("LATIN"):
        return "a"
    return character


@functools.cache
def folding() -> NDArray[np.uint32]:
    """For every code point, the code point that stands for it (see `folded`).

    >>> chr(folding()[ord("５")])
    '0'
    """
    table = np.arange(0x110000, dtype=np.uint32)
    for start, end in ((0x21, 0x3400), (0xA000, 0xD800), (0xF900, 0x10000)):  # no ideograph folds, nor anything beyond
        table[start:end] = [ord(folded(chr(code))) for code in range(start, end)]
    table.setflags(write=False)
    return table
