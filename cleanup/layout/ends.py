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
NOWHERE = np.array([-1])  # before any offset of a text
FARTHEST = np.iinfo(np.int64).max  # and behind any
_QUOTES = ("“‘「『", "”’」』")
_BRACKETS = ("（(《〈【〔［[", "）)》〉】〕］]")


def _map(names: tuple[str, ...], exceptions: dict[str, str]) -> NDArray[np.int64]:
    """Return a table from KINDS to `names`: kinds of the same name, the exceptions, and "other" for the rest."""
    return np.array([names.index(exceptions.get(kind, kind if kind in names else "other")) for kind in KINDS])


_COUNT = len(KINDS)
_START_OF = _map(STARTS, {"numeral": "han"} | dict.fromkeys(CLOSED, "closed"))
_NUMERALS = (KIND["numeral"], KIND["digit"])
_NUMBERED = of_kinds("numeral", "closer")
_WORDS = of_kinds("digit", "latin")
_OPENING = of_kinds("opener", "quote")
_CLOSED = of_kinds(*CLOSED)
_ENDED = of_kinds("end", "ellipsis")


def _pairs_at_ends() -> NDArray[np.int64]:
    """Return the kind of a line's end for each kind of the last character and the one before it (in rows of KINDS)."""
    table = np.repeat(_map(ENDS, {"numeral": "han", "quote": "opener"})[:, None], _COUNT, axis=1)
    table[KIND["closer"], _ENDED] = ENDS.index("end-closed")
    table[KIND["dash"], KIND["latin"]] = ENDS.index("hyphen")
    table[KIND["stop"], KIND["digit"]] = ENDS.index("decimal")
    return table.ravel()


def _numbered_starts() -> NDArray[np.bool_]:
    """Tell for each kind of the first three characters whether they number what follows (in rows of KINDS)."""
    table = np.zeros((_COUNT, _COUNT, _COUNT), dtype=np.bool_)
    table[KIND["numeral"], KIND["list"]] = True
    table[KIND["opener"], KIND["numeral"], _NUMBERED] = True  # （一）, but not 《三国》
    for mark in ("stop", "list"):
        table[KIND["digit"], KIND[mark]] = True
        table[KIND["digit"], KIND[mark], KIND["digit"]] = False
    return table.ravel()


_END_OF = _pairs_at_ends()
_NUMBERS = _numbered_starts()


@cache
def _telling() -> NDArray[np.uint8]:
    """Return a table of the first characters that tell more than their kind: 1 for capitals, 2 for 第, 3 for 本."""
    table = np.zeros(CODE_POINTS, dtype=np.uint8)
    table[ord("A") : ord("Z") + 1] = 1
    table[ord("第")], table[ord("本")] = 2, 3
    return table


def end_kinds(kind: Kinds, starts: Integers, ends: Integers) -> Integers:
    """Return the kind of the end of each line, an index into ENDS."""
    last = kind.take(ends - 1).astype(np.int64)
    before = kind.take(np.maximum(ends - 2, starts))
    found = _END_OF.take(last * _COUNT + before)
    closed = ((last == KIND["closer"]) & (ends - starts > SIGNED)).nonzero()[0]
    if len(closed):
        places = ends[closed, None] - 2 - np.arange(SIGNED - 1)
        opens = kind[places] == KIND["opener"]
        before = places[np.arange(len(closed)), opens.argmax(axis=1)] - 1
        found[closed[opens.any(axis=1) & _ENDED[kind[before]]]] = ENDS.index("signed")
    return found


def start_kinds(kind: Kinds, codes: NDArray[np.uint32], lines: Lines) -> Integers:
    """Return the kind of each line's start, an index into STARTS."""
    limit = lines.ends - 1
    third_at = np.minimum(lines.starts + 2, limit)
    first = kind.take(lines.starts).astype(np.int64)
    second, third = kind.take(np.minimum(lines.starts + 1, limit)), kind.take(third_at)
    found = _START_OF.take(first)
    telling = _telling().take(codes.take(lines.starts))
    found[telling == 1] = STARTS.index("capital")
    quoting = (first == KIND["quote"]).nonzero()[0]
    closers = (kind == KIND["closer"]).nonzero()[0] if len(quoting) else quoting
    if len(closers):  # a quotation that holds a whole sentence
        begin = lines.starts[quoting]
        place = closers[np.minimum(np.searchsorted(closers, begin), len(closers) - 1)]
        whole = _ENDED[kind[place - 1]] & (place > begin) & (place < begin + SAYING)
        found[quoting[whole]] = STARTS.index("said")
    numbered = _NUMBERS.take((first * _COUNT + second) * _COUNT + third)
    for row in (telling == 2).nonzero()[0].tolist():
        numbered[row] = _numbers_an_article(kind, codes, int(lines.starts[row]), int(lines.ends[row]))
    found[numbered] = STARTS.index("numbered")
    dated = (telling == 3).nonzero()[0]
    found[dated[codes[third_at[dated]] == ord("讯")]] = STARTS.index("dateline")
    return found


def _numbers_an_article(kind: Kinds, codes: NDArray[np.uint32], start: int, end: int) -> bool:
    """Tell whether 第, a number and one of 条章节编篇款, in either script, open the line."""
    at = start + 1
    while at < min(end, start + LONGEST_NUMBER) and (kind[at] in _NUMERALS or chr(codes[at]) in "百千零〇 "):
        at += 1
    return start + 1 < at < end and chr(codes[at]) in "条條章节節编編篇款"


def first_words(kind: Kinds, lines: Lines) -> Integers:
    """Return the width in half em of what no engine parts at the start of each line: a word, and the marks it drags."""
    limit = lines.ends - 1
    opens = _OPENING.take(kind.take(lines.starts)) & (lines.starts < limit)
    at = lines.starts + opens
    words = _WORDS.take(kind.take(at)).nonzero()[0]
    width = 2 * opens + 2
    run = np.ones(len(at), dtype=np.int64)
    if len(words):
        run[words] = _lengths(kind, at.take(words), lines.ends.take(words))
        width[words] += run.take(words) - 2
    at += run
    for _ in range(2):
        drags = _CLOSED.take(kind.take(np.minimum(at, limit))) & (at <= limit)
        if not drags.any():
            break
        width += 2 * drags
        at += drags
    return np.asarray(np.minimum(width, LONGEST_WORD))


def _lengths(kind: Kinds, starts: Integers, ends: Integers) -> Integers:
    """Return how many characters each word has; one of LONGEST_WORD may have more."""
    inside = _WORDS.take(kind.take(starts[:, None] + np.arange(LONGEST_WORD), mode="clip"))
    length = np.where(inside.all(axis=1), LONGEST_WORD, inside.argmin(axis=1))
    return np.asarray(np.minimum(length, ends - starts))


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
    table = _pair_table().take(codes)
    marks = table.nonzero()[0]
    values = table.take(marks)
    far = np.arange(len(lines) - 1)
    back = lines.starts.take(np.maximum(far - (REACH - 1), 0))
    on = lines.ends.take(np.minimum(far + REACH, len(lines) - 1))
    found: list[Integers] = []
    for chosen, closing in ((values <= 2, 2), (values > 2, 4)):
        found += _around(marks[chosen], values[chosen] == closing, lines.ends[:-1], back, on)
    quote, quote_after, bracket, bracket_after = found
    return quote, quote_after, bracket, bracket_after


def _around(
    marks: Integers, closing: NDArray[np.bool_], ends: Integers, back: Integers, on: Integers
) -> tuple[Integers, Integers]:
    if not len(marks):
        return np.full(len(ends), 2), np.full(len(ends), 2)
    before = marks.searchsorted(ends)
    after = before + 1
    # with a mark on either side that is never near, every place has one before and one after it
    places = np.concatenate([NOWHERE, marks, NOWHERE])
    open_or_closed = np.concatenate([NOWHERE, closing, NOWHERE])
    places[-1] = FARTHEST
    return (
        np.where(places.take(before) >= back, open_or_closed.take(before), 2),
        np.where(places.take(after) < on, open_or_closed.take(after), 2),
    )
