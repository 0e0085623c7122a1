"""Numbers as short text: how a page carries a hundred thousand changes without growing past its source.

Base 64 with a continuation bit, five bits a character, sign in the lowest bit: the variable-length quantity of MIDI
and of JavaScript source maps. The page's script (templates/unpack.js) is the other half. It knows no documents.
"""

from __future__ import annotations

from collections.abc import Iterable

DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
BITS = 5
MORE = 1 << BITS


def packed(numbers: Iterable[int]) -> str:
    """Return whole numbers as text; small ones take one character.

    >>> packed([0, 1, -1, 15, 16, 1000])
    'ACDegBw-B'
    """
    known = _SHORT
    return "".join([known[n] if -RANGE <= n < RANGE else _pack(n) for n in numbers])


def unpacked(text: str) -> list[int]:
    """Return the numbers again.

    >>> unpacked(packed([0, -7, 31, 123456789]))
    [0, -7, 31, 123456789]
    """
    numbers: list[int] = []
    value = shift = 0
    for character in text:
        digit = DIGITS.index(character)
        value |= (digit & (MORE - 1)) << shift
        shift += BITS
        if digit < MORE:
            numbers.append(-(value >> 1) if value & 1 else value >> 1)
            value = shift = 0
    return numbers


def _pack(number: int) -> str:
    value = -number << 1 | 1 if number < 0 else number << 1
    digits: list[str] = []
    while value >= MORE:
        digits.append(DIGITS[value & (MORE - 1) | MORE])
        value >>= BITS
    return "".join(digits) + DIGITS[value]


RANGE = 1 << 10  # of the numbers whose texts are kept ready; nearly all distances within a page are smaller
_SHORT = {number: _pack(number) for number in range(-RANGE, RANGE)}
