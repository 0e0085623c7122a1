"""Pairs quotation marks: which straight one opens, which closes, and which curly one is turned the wrong way.

Where the places do not settle it, nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import regex

STRAIGHT: Final = "straight-quote"
STRAIGHT_SINGLE: Final = "straight-single-quote"
MISDIRECTED: Final = "misdirected-quote"

DOUBLE: Final = "\"＂″“”"
SINGLE: Final = "'＇′‘’"
CURLY: Final = "“”‘’"
CHINESE: Final = regex.compile(r"[\p{Han}，、；：。！？…《》（）—]")
# what a quotation mark that closes may not stand behind, and one that opens may not stand before
OPENS_AFTER: Final = "：（《"
CLOSES_BEFORE: Final = "，、；。：！？）》”’…"
QUOTES: Final = regex.compile(f"[{DOUBLE}]")
SINGLES: Final = regex.compile(
    # an apostrophe, as in don't, '98 or James' book, is no quotation mark
    rf"(?<![A-Za-z])[{SINGLE}](?!\d0?s|[A-Za-z]+(?![A-Za-z'＇])\s)|(?<=[A-Za-z])[{SINGLE}](?![A-Za-z]|\s[A-Za-z])"
)


@dataclass(frozen=True, slots=True)
class Turned:
    """The quotation mark that belongs at a place, and the rule that says so."""

    at: int
    mark: str
    rule: str


def turn_quotes(text: str) -> Iterator[Turned]:
    """Yield the quotation marks of a text that should be other marks, line by line.

    >>> [(turned.at, turned.mark) for turned in turn_quotes('筑牢"红色堡垒”。')]
    [(2, '“')]
    """
    for marks, (opening, closing), name in ((QUOTES, "“”", STRAIGHT), (SINGLES, "‘’", STRAIGHT_SINGLE)):
        line: list[int] = []
        line_end = -1
        for match in marks.finditer(text):
            at = match.start()
            if at > line_end:
                yield from _turn_line(text, line, opening, closing, name)
                line = []
                line_end = text.find("\n", at)
                if line_end < 0:
                    line_end = len(text)
            line.append(at)
        yield from _turn_line(text, line, opening, closing, name)


def _turn_line(text: str, places: list[int], opening: str, closing: str, name: str) -> Iterator[Turned]:
    """Turn the marks of one line when they pair off one after the other and the pairs make sense."""
    if not places or len(places) % 2:
        return
    wanted = [opening, closing] * (len(places) // 2)
    wrong = [(at, mark) for at, mark in zip(places, wanted, strict=True) if text[at] != mark]
    if not wrong:
        return
    curly = [at for at, _ in wrong if text[at] in CURLY]
    if any(_absurd(text, at, mark == opening) for at, mark in zip(places, wanted, strict=True)):
        return
    if curly and not any(_absurd(text, at, text[at] == opening) for at in curly) and not _same_way(text, places):
        return
    for first, last in zip(places[::2], places[1::2], strict=True):
        around = text[max(first - 1, 0) : last + 2]
        if not CHINESE.search(around):
            continue
        for at, mark in ((first, opening), (last, closing)):
            if text[at] != mark:
                yield Turned(at, mark, MISDIRECTED if text[at] in CURLY else name)


def _absurd(text: str, at: int, opens: bool) -> bool:
    """Tell whether a mark that opens, or closes, cannot stand at a place."""
    before = text[at - 1] if at else "\n"
    after = text[at + 1] if at + 1 < len(text) else "\n"
    if opens:
        return after in CLOSES_BEFORE or after == "\n"
    return before in OPENS_AFTER or before == "\n"


def _same_way(text: str, places: list[int]) -> bool:
    """Tell whether two marks in a row are turned the same way, which no pairing allows."""
    return any(text[one] == text[other] for one, other in zip(places[::2], places[1::2], strict=True))
