"""Pairs quotation marks: which straight one opens, which closes, and which curly one is turned the wrong way.

Where the places do not settle it, nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import regex
from numpy.typing import NDArray

STRAIGHT: Final = "straight-quote"
STRAIGHT_SINGLE: Final = "straight-single-quote"
MISDIRECTED: Final = "misdirected-quote"

INNER_CORNER: Final = "inner-white-corner-quote"
OUTER_CORNER: Final = "outer-white-corner-quote"

DOUBLE: Final = '"＂″“”'
SINGLE: Final = "'＇′‘’"
QUOTES: Final = DOUBLE + SINGLE
CURLY: Final = "“”‘’"
PRIMES: Final = "′″"
CHINESE: Final = regex.compile(r"[\p{Han}，、；：。！？…《》（）—]")
# what a quotation mark that closes may not stand behind, and one that opens may not stand before
OPENS_AFTER: Final = "：（《"
CLOSES_BEFORE: Final = "，、；。：！？）》”’"
OPENING, CLOSING = map(ord, "“”")
LINE_END: Final = 10
# a line of quotation marks, others left out, in which not all are curly ones that open and close by turns
UNTURNED: Final = regex.compile(rf"(?m)^.*(?:[^{CURLY}\n]|““|””|‘‘|’’|^[”’]|[“‘]$).*$")
SINGLES: Final = regex.compile(
    # an apostrophe, as in don't, '98 or James' book, is no quotation mark
    rf"(?<![A-Za-z])[{SINGLE}](?!\d0?s|[A-Za-z]+(?![A-Za-z'＇])\s)|(?<=[A-Za-z])[{SINGLE}](?![A-Za-z]|\s[A-Za-z])"
)
WHITE_CORNERS: Final = "『』"
CORNERS: Final = regex.compile("[「」『』“”\n]")


@dataclass(frozen=True, slots=True)
class Turned:
    """The quotation mark that belongs at a place, and the rule that says so."""

    at: int
    mark: str
    rule: str


def turn_quotes(text: str, codes: NDArray[np.uint32], places: NDArray[np.intp]) -> Iterator[Turned]:
    """Yield the quotation marks of a text that should be other marks, line by line.

    `codes` are the code points of the text, `places` where the marks of QUOTES stand in it.

    >>> text = '筑牢"红色堡垒”。'
    >>> codes = np.array([ord(mark) for mark in text])
    >>> [(turned.at, turned.mark) for turned in turn_quotes(text, codes, np.array([2, 7]))]
    [(2, '“')]
    """
    marks = codes[places]
    if not (len(marks) % 2 or (marks[::2] != OPENING).any() or (marks[1::2] != CLOSING).any()):  # nearly every text
        return
    if not UNTURNED.search(_string(marks)):
        return
    places = np.sort(np.concatenate([places, np.flatnonzero(codes == LINE_END)]))
    for line in UNTURNED.finditer(_string(codes[places])):
        own = [at for at in places[line.start() : line.end()].tolist() if not _is_prime(text, at)]
        if not own:
            continue
        double = [at for at in own if text[at] in DOUBLE]
        yield from _turn_line(text, double, "“", "”", STRAIGHT)
        if len(double) < len(own):
            single = [match.start() for match in SINGLES.finditer(text, own[0], own[-1] + 1)]
            yield from _turn_line(text, single, "‘", "’", STRAIGHT_SINGLE)


def turn_white_corners(text: str) -> Iterator[Turned]:
    """Yield the curly marks for white corner brackets: single inside another quotation, double elsewhere.

    >>> [turned.mark for turned in turn_white_corners("「坚持『快』字」『稳』字")]
    ['‘', '’', '“', '”']
    """
    inside = False
    for match in CORNERS.finditer(text):
        mark = match.group()
        if mark in WHITE_CORNERS:
            inner = INNER_CORNER if inside else OUTER_CORNER
            yield Turned(match.start(), ("‘’" if inside else "“”")[WHITE_CORNERS.index(mark)], inner)
        else:
            inside = mark in "「“"


def _string(codes: NDArray[np.uint32]) -> str:
    return codes.astype("<u4").tobytes().decode("utf-32-le")


def _turn_line(text: str, places: list[int], opening: str, closing: str, name: str) -> Iterator[Turned]:
    """Turn the marks of one line when they open and close by turns and every mark can stand where it does.

    A speech that goes on over several paragraphs leaves one mark without a partner in each; then the line begins with
    a mark that closes, or ends with one that opened, if only one of the two makes sense. Curly marks were turned by
    somebody: they are not doubted in such a line, nor when they nest, nor most of them at once.
    """
    curly = [at for at in places if text[at] in CURLY]
    if not places or (curly and (len(places) % 2 or _nest(text, places, opening, closing))):
        return
    readings = [_by_turns(len(places), opening, closing)]
    if len(places) % 2:
        readings.append(_by_turns(len(places), closing, opening))
    sound = [
        marks
        for marks in readings
        if not any(_absurd(text, at, mark == opening) for at, mark in zip(places, marks, strict=True))
    ]
    if len(sound) != 1:
        return
    wrong = [(turn, at, mark) for turn, (at, mark) in enumerate(zip(places, sound[0], strict=True)) if text[at] != mark]
    if 2 * sum(text[at] in CURLY for _, at, _ in wrong) > len(curly):
        return
    for turn, at, mark in wrong:
        other = places[min(max(turn + (1 if mark == opening else -1), 0), len(places) - 1)]
        if CHINESE.search(text, max(min(at, other) - 1, 0), max(at, other) + 2):
            yield Turned(at, mark, MISDIRECTED if text[at] in CURLY else name)


def _is_prime(text: str, at: int) -> bool:
    """Tell whether a mark is the sign of minutes, seconds, feet or inches: it stands right after a digit."""
    return text[at] in PRIMES and at > 0 and text[at - 1].isdigit()


def _by_turns(count: int, first: str, second: str) -> list[str]:
    return [(first, second)[place % 2] for place in range(count)]


def _absurd(text: str, at: int, opens: bool) -> bool:
    """Tell whether a mark that opens, or closes, cannot stand at a place."""
    before = text[at - 1] if at else "\n"
    after = text[at + 1] if at + 1 < len(text) else "\n"
    if opens:
        return after in CLOSES_BEFORE or after == "\n"
    return before in OPENS_AFTER or before == "\n"


def _nest(text: str, places: list[int], opening: str, closing: str) -> bool:
    """Tell whether the marks of a line are all curly and close what they open, one inside another."""
    depth = 0
    for at in places:
        depth += {opening: 1, closing: -1}.get(text[at], -len(places) - 1)
        if depth < 0:
            return False
    return depth == 0
