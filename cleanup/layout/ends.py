"""How lines end and begin: the kinds of their outermost characters, and what an engine would have kept together.

It describes what stands at a line's edges and weighs nothing.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from cleanup.language.characters import CODE_POINTS
from cleanup.layout.facets import ENDS, STARTS
from cleanup.layout.lines import Integers, Lines
from cleanup.layout.marks import CLOSED, KIND, KINDS, of_kinds

Kinds = NDArray[np.uint8]

SAYING = 120  # characters; a longer quotation is not looked through
REACH = 6  # lines over which an open quotation mark or bracket is remembered
SIGNED = 14  # characters of names in brackets, the brackets with them
LONGEST_NUMBER = 9  # characters: 第一百二十三条
LONGEST_WORD = 14  # half em; engines break longer ones
_QUOTES = ("“‘「『", "”’」』")
_BRACKETS = ("（(《〈【〔［[", "）)》〉】〕］]")


def _map(names: tuple[str, ...], exceptions: dict[str, str]) -> NDArray[np.int64]:
    """Return a table from KINDS to `names`: kinds of the same name, the exceptions, and "other" for the rest."""
    return np.array([names.index(exceptions.get(kind, kind if kind in names else "other")) for kind in KINDS])


_END_OF = _map(ENDS, {"numeral": "han", "quote": "opener"})
_START_OF = _map(STARTS, {"numeral": "han"} | dict.fromkeys(CLOSED, "closed"))
_NUMERALS = (KIND["numeral"], KIND["digit"])
_NUMBERED = of_kinds("numeral", "closer")
_WORDS = of_kinds("digit", "latin")
_OPENING = of_kinds("opener", "quote")
_CLOSED = of_kinds(*CLOSED)
_ENDED = of_kinds("end", "ellipsis")


def end_kinds(kind: Kinds, lines: Lines) -> Integers:
    """Return the kind of each line's end, an index into ENDS."""
    last = kind[lines.ends - 1]
    before = kind[np.maximum(lines.ends - 2, lines.starts)]
    found = _END_OF[last]
    found[(last == KIND["closer"]) & _ENDED[before]] = ENDS.index("end-closed")
    found[(last == KIND["dash"]) & (before == KIND["latin"])] = ENDS.index("hyphen")
    found[(last == KIND["stop"]) & (before == KIND["digit"])] = ENDS.index("decimal")
    closed = np.flatnonzero((last == KIND["closer"]) & (lines.ends - lines.starts > SIGNED))
    if len(closed):
        places = lines.ends[closed, None] - 2 - np.arange(SIGNED - 1)
        opens = kind[places] == KIND["opener"]
        before = places[np.arange(len(closed)), opens.argmax(axis=1)] - 1
        found[closed[opens.any(axis=1) & _ENDED[kind[before]]]] = ENDS.index("signed")
    return found


def start_kinds(kind: Kinds, codes: NDArray[np.uint32], lines: Lines) -> Integers:
    """Return the kind of each line's start, an index into STARTS."""
    limit = lines.ends - 1
    third_at = np.minimum(lines.starts + 2, limit)
    first, second, third = kind[lines.starts], kind[np.minimum(lines.starts + 1, limit)], kind[third_at]
    found = _START_OF[first]
    code = codes[lines.starts]
    found[(code >= ord("A")) & (code <= ord("Z"))] = STARTS.index("capital")
    quoting = np.flatnonzero(first == KIND["quote"])
    closers = np.flatnonzero(kind == KIND["closer"])
    if len(quoting) and len(closers):  # a quotation that holds a whole sentence
        begin = lines.starts[quoting]
        place = closers[np.minimum(np.searchsorted(closers, begin), len(closers) - 1)]
        whole = _ENDED[kind[place - 1]] & (place > begin) & (place < begin + SAYING)
        found[quoting[whole]] = STARTS.index("said")
    numbered = (first == KIND["numeral"]) & (second == KIND["list"])
    numbered |= (first == KIND["opener"]) & (second == KIND["numeral"]) & _NUMBERED[third]  # （一）, but not 《三国》
    numbered |= (
        (first == KIND["digit"]) & ((second == KIND["stop"]) | (second == KIND["list"])) & (third != KIND["digit"])
    )
    for row in np.flatnonzero(code == ord("第")).tolist():
        numbered[row] = _numbers_an_article(kind, codes, int(lines.starts[row]), int(lines.ends[row]))
    found[numbered] = STARTS.index("numbered")
    found[(code == ord("本")) & (codes[third_at] == ord("讯"))] = STARTS.index("dateline")
    return found


def _numbers_an_article(kind: Kinds, codes: NDArray[np.uint32], start: int, end: int) -> bool:
    """Tell whether 第, a number and one of 条章节编篇款 open the line."""
    at = start + 1
    while at < min(end, start + LONGEST_NUMBER) and (kind[at] in _NUMERALS or chr(codes[at]) in "百千零〇 "):
        at += 1
    return start + 1 < at < end and chr(codes[at]) in "条章节编篇款"


def first_words(kind: Kinds, lines: Lines) -> Integers:
    """Return the width in half em of what no engine parts at the start of each line: a word, and the marks it drags."""
    gaps = np.append(np.flatnonzero(~_WORDS[kind]), len(kind))
    limit = lines.ends - 1
    at = lines.starts
    opens = _OPENING[kind[at]] & (at < limit)
    at = at + opens
    word = _WORDS[kind[at]]
    run = np.where(word, np.minimum(gaps[np.searchsorted(gaps, at)], lines.ends) - at, 1)
    width = np.where(word, run, 2) + 2 * opens
    at = at + run
    for _ in range(2):
        drags = _CLOSED[kind[np.minimum(at, limit)]] & (at <= limit)
        width += 2 * drags
        at = at + drags
    return np.asarray(np.minimum(width, LONGEST_WORD), dtype=np.int64)


@cache
def _pair_table() -> NDArray[np.uint8]:
    """Return a table of code points: 1 and 2 for marks that open and close a quotation, 3 and 4 for brackets."""
    table = np.zeros(CODE_POINTS, dtype=np.uint8)
    for value, marks in enumerate((*_QUOTES, *_BRACKETS), start=1):
        table[[ord(mark) for mark in marks]] = value
    return table


def pairs(codes: NDArray[np.uint32], lines: Lines) -> tuple[Integers, Integers, Integers, Integers]:
    """Return, for each line end, the quotation mark last before and next after it, then the same for brackets.

    Before: 0 opened, 1 closed, 2 none near; after: 0 opens, 1 closes, 2 none near.
    """
    table = _pair_table()[codes]
    marks = np.flatnonzero(table)
    values = table[marks]
    far = np.arange(len(lines) - 1)
    back = lines.starts[np.maximum(far - REACH + 1, 0)]
    on = lines.ends[np.minimum(far + REACH, len(lines) - 1)]
    quotes = values <= 2
    return (
        *_around(marks[quotes], values[quotes] == 2, lines.ends[:-1], back, on),
        *_around(marks[~quotes], values[~quotes] == 4, lines.ends[:-1], back, on),
    )


def _around(
    marks: Integers, closing: NDArray[np.bool_], ends: Integers, back: Integers, on: Integers
) -> tuple[Integers, Integers]:
    if not len(marks):
        return np.full(len(ends), 2), np.full(len(ends), 2)
    row = np.searchsorted(marks, ends)
    previous, following = np.maximum(row - 1, 0), np.minimum(row, len(marks) - 1)
    near_before = (row > 0) & (marks[previous] >= back)
    near_after = (row < len(marks)) & (marks[following] < on)
    return np.where(near_before, closing[previous], 2), np.where(near_after, closing[following], 2)
