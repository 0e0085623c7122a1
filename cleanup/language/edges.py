"""How a stretch of text begins and ends: the kind of its first and last characters, looked up for many at once."""

from __future__ import annotations

from functools import cache

import numpy as np
import regex
from numpy.typing import NDArray

from cleanup.language.characters import CLOSERS, CODE_POINTS, OPENERS, han

Integers = NDArray[np.int64]

ENDS = (
    "han", "digit", "latin", "hyphen", "end", "end-closed", "ellipsis", "comma", "list", "semicolon", "colon",
    "opener", "closer", "dash", "stop", "other",
)  # fmt: skip
CLOSED_ENDS = ("end", "end-closed", "ellipsis")
PAUSED_ENDS = ("comma", "list", "semicolon", "colon")
# what each of ENDS says of the sentence: it is closed (0), runs on (1) or pauses (2)
RUNS_ON = 1
SENTENCE = np.array([0 if name in CLOSED_ENDS else 2 if name in PAUSED_ENDS else 1 for name in ENDS])
STARTS = (
    "han", "digit", "latin", "quote", "opener", "closed", "dash", "bullet", "numbered", "hash", "dateline", "other",
)  # fmt: skip
KINDS = (
    "other", "han", "digit", "latin", "end", "ellipsis", "comma", "list", "semicolon", "colon", "opener", "closer",
    "quote", "dash", "bullet", "numeral", "hash", "stop",
)  # fmt: skip
KIND = {name: number for number, name in enumerate(KINDS)}
_QUOTES = "“‘「『"
_MEMBERS = {
    "end": "。！？!?",
    "ellipsis": "…",
    "comma": "，,",
    "list": "、",
    "semicolon": "；;",
    "colon": "：:",
    "opener": "".join(mark for mark in OPENERS if mark not in _QUOTES),
    "closer": CLOSERS,
    "quote": _QUOTES,
    "dash": "—─－-–",
    "bullet": "●■□◆○▲△★☆◇▼※·•＊*",
    "numeral": "一二三四五六七八九十",
    "hash": "#",
    "stop": ".．",
}
_CLOSED = ("end", "comma", "list", "semicolon", "colon", "closer", "ellipsis")


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
    return table


@cache
def _tables() -> tuple[Integers, Integers]:
    """Return which end and which start each kind of character makes by itself."""
    ends = np.full(len(KINDS), ENDS.index("other"))
    starts = np.full(len(KINDS), STARTS.index("other"))
    for name, number in KIND.items():
        if name in ENDS:
            ends[number] = ENDS.index(name)
        if name in STARTS:
            starts[number] = STARTS.index(name)
        if name in _CLOSED:
            starts[number] = STARTS.index("closed")
    ends[KIND["numeral"]], starts[KIND["numeral"]] = ENDS.index("han"), STARTS.index("han")
    ends[KIND["quote"]] = ENDS.index("opener")
    return ends, starts


def end_kinds(codes: NDArray[np.uint32], starts: Integers, ends: Integers) -> Integers:
    """Return how each stretch [start, end) of a text ends, as indices into ENDS; no stretch is empty.

    >>> codes = np.array([ord(c) for c in "他说：“好。”"], dtype=np.uint32)
    >>> ENDS[end_kinds(codes, np.array([0]), np.array([7]))[0]]
    'end-closed'
    """
    table = kinds()
    last = table[codes[ends - 1]]
    before = table[codes[np.maximum(ends - 2, starts)]]
    found = _tables()[0][last]
    closed = (last == KIND["closer"]) & ((before == KIND["end"]) | (before == KIND["ellipsis"]))
    found[closed] = ENDS.index("end-closed")
    found[(last == KIND["dash"]) & (before == KIND["latin"])] = ENDS.index("hyphen")
    return found


def start_kinds(codes: NDArray[np.uint32], starts: Integers, ends: Integers) -> Integers:
    """Return how each stretch [start, end) of a text begins, as indices into STARTS; no stretch is empty."""
    table = kinds()
    second_code = codes[np.minimum(starts + 1, ends - 1)]
    third_code = codes[np.minimum(starts + 2, ends - 1)]
    first, second, third = table[codes[starts]], table[second_code], table[third_code]
    found = _tables()[1][first]
    numbered = (first == KIND["numeral"]) & (second == KIND["list"])
    numbered |= (first == KIND["opener"]) & (second == KIND["numeral"])
    point = (second == KIND["stop"]) | (second == KIND["list"])
    numbered |= (first == KIND["digit"]) & point & (third != KIND["digit"])
    found[numbered] = STARTS.index("numbered")
    found[reports(codes, starts, ends)] = STARTS.index("dateline")
    return found


def reports(codes: NDArray[np.uint32], starts: Integers, ends: Integers) -> list[int]:
    """Return which of the stretches [start, end) of a text open a report.

    >>> codes = np.array([ord(c) for c in "本报讯 今年"], dtype=np.uint32)
    >>> reports(codes, np.array([0, 4]), np.array([6, 6]))
    [0]
    """
    found: list[int] = []
    for row in np.flatnonzero(_may_report().take(codes[starts])).tolist():
        head = codes[starts[row] : min(starts[row] + REPORT_REACH, ends[row])].tobytes().decode("utf-32-le", "replace")
        if REPORT.match(head):
            found.append(row)
    return found


REPORT_REACH = 40  # characters that are read of what may open a report
_DAY = (
    r"(?:(?:\d{1,2}[ ]?月[ ]?)?\d{1,2}[ ]?日|[一二三四五六七八九十廿]{1,3}(?:月[一二三四五六七八九十廿]{1,3})?日)[ ]?"
)
_SENT = r"(?:专|專|急|综合)?[电電讯訊]"
REPORT = regex.compile(
    rf"据?(?:新[华華]社|中[新央]社|本[报報])\p{{Han}}{{0,8}}{_DAY}{_SENT}|据(?:新华社|中新社)电"
    r"|本[报報刊网台]\p{Han}{0,6}?[讯訊](?![息号问员員社录])"
    rf"|[〔［【](?:[^〕］】]{{2,16}}{_DAY}{_SENT}|本[报報][讯訊]|[^〕］】]{{2,8}}[讯訊])[〕］】]"
)


@cache
def _may_report() -> NDArray[np.bool_]:
    """Return a table of the code points a report may open with."""
    table = np.zeros(CODE_POINTS, dtype=np.bool_)
    table[[ord(character) for character in "新据中本〔［【"]] = True
    return table
