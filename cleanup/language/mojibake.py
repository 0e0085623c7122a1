"""Finds text that was decoded by the wrong character set, and what it says when its bytes are read rightly.

A run is given only when its bytes prove the reading; what lost a byte on the way is left as it stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Final

import numpy as np
import regex
from numpy.typing import NDArray

from cleanup.language.characters import CODE_POINTS

UTF8_AS_LATIN1: Final = "utf8-read-as-latin1"
UTF8_AS_GBK: Final = "utf8-read-as-gbk"
GBK_AS_LATIN1: Final = "gbk-read-as-latin1"

# what a character may be a sign of: a byte read by itself; or the first, second and third two bytes of UTF-8's six
IN_LATIN1: Final = 1
FIRST: Final = 2
SECOND: Final = 4
THIRD: Final = 8


@dataclass(frozen=True, slots=True)
class Misread:
    """A run [start, end) of the text, what it says, and which misreading it suffered."""

    start: int
    end: int
    meant: str
    rule: str


@cache
def _bytes_of() -> dict[str, str]:
    """The byte, as a Latin-1 character, of each character that CP1252 or Latin-1 gives to a byte above 0x7F."""
    table = {chr(byte): chr(byte) for byte in range(0x80, 0x100)}
    for byte in range(0x80, 0xA0):
        character = bytes([byte]).decode("cp1252", "ignore")
        if character:
            table[character] = chr(byte)
    return table


@cache
def _signs() -> NDArray[np.uint8]:
    """By code point: what a character may be a sign of.

    Latin letters with accents are a sign of bytes read one by one. Two Chinese characters are six bytes in UTF-8, each
    E2–E9 or EF with two of 80–BF after it; read as GBK they are three characters of two bytes.
    """
    table = np.zeros(CODE_POINTS, dtype=np.uint8)
    table[0xC0:0x100] = IN_LATIN1
    leads, trails = (*range(0xE2, 0xEA), 0xEF), range(0x80, 0xC0)
    for sign, firsts, seconds in ((FIRST, leads, trails), (SECOND, trails, leads), (THIRD, trails, trails)):
        for first, second in product(firsts, seconds):
            character = bytes([first, second]).decode("gb18030", "ignore")
            if character:
                table[ord(character)] |= sign
    return table


@cache
def _latin1_run() -> regex.Pattern[str]:
    return regex.compile("[" + "".join(regex.escape(character) for character in _bytes_of()) + "]{2,}")


# UTF-8 of three bytes, or of two where the first is Â or Ã: the accents and signs of Latin-1, as in Â· and Ã©
UTF8_IN_LATIN1: Final = regex.compile(
    r"(?:[\xE2-\xEF][\x80-\xBF]{2}|\xF0[\x90-\xBF][\x80-\xBF]{2}|[\xC2\xC3][\x80-\xBF])+"
)
# what East Asian text in UTF-8 is made of: Latin-1, marks and signs (— ℃ → ① ■), kana, Han, Hangul, wide forms, emoji
EAST_ASIAN: Final = regex.compile(
    r"[\u0080-\u00FF\u2000-\u27BF\u3000-\u9FFF\uAC00-\uD7AF\uF900-\uFAFF\uFE30-\uFFEF"
    r"\U0001F300-\U0001FAFF\U00020000-\U000323AF]+"
)
SEQUENCE: Final = regex.compile(rb"\G(?:[\x00-\x7F]|[\xE2-\xE9\xEF][\x80-\xBF]{2})")
NOT_ASCII: Final = regex.compile(r"[^\x00-\x7F]{2,}")
LEAST_PROOF: Final = 2  # sequences of three bytes; one alone may be chance (tests/language/test_mojibake.py counts)


def misread(text: str, codes: NDArray[np.uint32], common_share: float) -> Iterator[Misread]:
    """Yield the misread runs of a text, given its code points too; runs of one kind do not overlap.

    `common_share` is the least share of common characters among those that bytes read one by one must make.

    >>> text = "鏂囧瓧澶勭悊"
    >>> [run.meant for run in misread(text, np.array([ord(c) for c in text], dtype=np.uint32), 0.75)]
    ['文字处理']
    """
    signs = _signs()[codes]
    if (signs & IN_LATIN1).any():
        yield from _read_one_by_one(text, common_share)
    six_bytes = (signs[:-2] & FIRST != 0) & (signs[1:-1] & SECOND != 0) & (signs[2:] & THIRD != 0)
    done = 0
    for place in np.flatnonzero(six_bytes).tolist():
        if place >= done:
            run = NOT_ASCII.match(text, place)
            done = place if run is None else run.end()
            yield from _read_as_gbk(text, place, done, common_share)


def _read_one_by_one(text: str, common_share: float) -> Iterator[Misread]:
    table = _bytes_of()
    for run in _latin1_run().finditer(text):
        as_bytes = "".join(table[character] for character in run.group())
        if _is_common_chinese(as_bytes, common_share):  # chance makes no such bytes valid UTF-8 as well
            yield Misread(run.start(), run.end(), as_bytes.encode("latin-1").decode("gb18030"), GBK_AS_LATIN1)
            continue
        for match in UTF8_IN_LATIN1.finditer(as_bytes):
            try:
                said = match.group().encode("latin-1").decode("utf-8")
            except UnicodeDecodeError:
                continue
            at, begun = run.start() + match.start(), 0
            for piece in EAST_ASIAN.finditer(said):
                meant = piece.group()
                at += len(said[begun : piece.start()].encode())
                begun = piece.end()
                end = at + len(meant.encode())
                if len(meant) > 1 or meant < "\u0100" or _is_common(meant, 1.0):
                    yield Misread(at, end, meant, UTF8_AS_LATIN1)
                at = end


def _is_common_chinese(as_bytes: str, common_share: float) -> bool:
    """Tell whether bytes are GB 2312 pairs, most of them of its first level or marks; repeated signs (····) are not."""
    letters = {character for character in as_bytes if character >= "\xc0" and character not in "\xd7\xf7"}
    if len(as_bytes) < 4 or len(as_bytes) % 2 or len(letters) < 2:
        return False
    if not all("\xa1" <= byte <= "\xfe" for byte in as_bytes):
        return False
    try:
        return _is_common(as_bytes.encode("latin-1").decode("gb2312"), common_share)
    except UnicodeDecodeError:
        return False


def _read_as_gbk(text: str, start: int, end: int, common_share: float) -> Iterator[Misread]:
    """Find whole UTF-8 sequences in the GBK bytes of a run; each begins and ends with whole characters of it."""
    # GBK's second byte may be ASCII, so a misread run may have swallowed the letter after it; nothing else is ASCII
    pieces = [_gbk(character) for character in text[start:end]]
    data = b"".join(pieces)
    borders = {0: start}
    at = 0
    for number, piece in enumerate(pieces, start + 1):
        at += len(piece)
        borders[at] = number
    low = 0
    while low < len(data):
        sequences = [match.group() for match in SEQUENCE.finditer(data, low)] if low in borders else []
        stop = low + sum(map(len, sequences))
        while sequences and stop not in borders:
            stop -= len(sequences.pop())
        meant = b"".join(sequences).decode("utf-8", "replace")
        if sum(len(sequence) == 3 for sequence in sequences) < LEAST_PROOF or not _is_common(meant, common_share):
            low += 1
            continue
        yield Misread(borders[low], borders[stop], meant, UTF8_AS_GBK)
        low = stop


def _is_common(text: str, common_share: float) -> bool:
    """Tell whether enough of a text is in the first level of GB 2312, a mark of it, or ASCII."""
    common = 0
    for character in text:
        pair = character.encode("gbk", "ignore")  # Python's gb2312 has other code points for — and ·
        common += len(pair) == 1 or (
            len(pair) == 2 and pair[1] > 0xA0 and (0xB0 <= pair[0] <= 0xD7 or pair[0] in (0xA1, 0xA3))
        )
    return common >= common_share * len(text)


def _gbk(character: str) -> bytes:
    if character == "€":
        return b"\x80"  # CP936 gives the single byte 80 to it
    return character.encode("gb18030", "replace") if not "\ud800" <= character <= "\udfff" else b"?"
