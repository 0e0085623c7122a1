"""What speaks for and against a paragraph break at each line end, as bins of named groups.

Line groups describe a line (is it full, short, or short by an indent?), boundary groups describe the end of one line
and the start of the next. Nothing here weighs them: breaks.py does, with learned weights.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from cleanup.document import Draft
from cleanup.language.characters import CLOSERS, CODE_POINTS, OPENERS, han
from cleanup.language.ngrams import NGrams
from cleanup.layout.lines import SPACES, Integers, Lines
from cleanup.layout.measure import Measure, find_measures

Bins = NDArray[np.int16]

# ---------------------------------------------------------------------------------------------- kinds of characters

KINDS = (
    "other han digit latin end ellipsis comma list semicolon colon opener closer quote dash bullet numeral hash stop"
).split()
KIND = {name: number for number, name in enumerate(KINDS)}
_MEMBERS = {
    "end": "。！？!?",
    "ellipsis": "…",
    "comma": "，,",
    "list": "、",
    "semicolon": "；;",
    "colon": "：:",
    "opener": OPENERS.replace("“", "").replace("‘", "").replace("「", "").replace("『", ""),
    "closer": CLOSERS,
    "quote": "“‘「『",
    "dash": "—─－-–",
    "bullet": "●■□◆○▲△★☆◇▼※·•＊*",
    "numeral": "一二三四五六七八九十",
    "hash": "#",
    "stop": ".．",
}
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
    return table


@cache
def _slack_table() -> NDArray[np.uint8]:
    table = np.zeros(CODE_POINTS, dtype=np.uint8)
    table[[ord(character) for character in COMPRESSIBLE + SPACES]] = 1
    return table


# --------------------------------------------------------------------------------------------------------- the groups

FILL_EDGES = (-9, -5, -3, -1, 1, 2, 3, 5, 7, 11, 17, 27)  # half em missing to the measure
SUPPORT_EDGES = (3, 5, 7)  # full lines in the window
SLACK_EDGES = (1, 3, 5)
WIDTH_EDGES = (7, 13, 19, 25, 31, 37, 43, 51, 61, 75, 100, 131)
WITNESS_EDGES = (-12.0, -9.0, -7.0, -5.0, -3.5, -2.0, -0.5, 1.0, 2.5, 4.0, 6.0, 8.0, 11.0)
GAPS = ("none", "less", "usual", "more", "page")
HABITS = ("tight", "rare", "some", "most")
ENDS = (
    "han digit latin hyphen end end-closed ellipsis comma list semicolon colon opener closer dash stop other"
).split()
STARTS = "han digit latin quote opener closed dash bullet numbered hash dateline other".split()
CLOSED_STARTS = ("end", "comma", "list", "semicolon", "colon", "closer", "ellipsis")
QUOTE_REACH = 6  # lines over which an open quotation mark is remembered


@dataclass(frozen=True, slots=True)
class Group:
    """A group of bins: its name and the name of each bin."""

    name: str
    bins: tuple[str, ...]


def _edges(edges: tuple[float, ...]) -> tuple[str, ...]:
    return (f"<{edges[0]:g}", *(f"{a:g}..{b:g}" for a, b in zip(edges, edges[1:], strict=False)), f">={edges[-1]:g}")


def _cross(*sides: tuple[str, ...]) -> tuple[str, ...]:
    names = [""]
    for side in sides:
        names = [f"{left} {right}".strip() for left in names for right in side]
    return tuple(names)


_FILL = _cross(_edges(FILL_EDGES), tuple(f"full{edge}" for edge in _edges(SUPPORT_EDGES)))
LINE_GROUPS = (
    Group("bias", ("any",)),
    Group("fill-before", _FILL),
    Group("fill-around", _FILL),
    Group("fill-after", _FILL),
    Group("fill-slack", _cross(_edges(FILL_EDGES), tuple(f"slack{edge}" for edge in _edges(SLACK_EDGES)))),
    Group("fill-end", _cross(_edges(FILL_EDGES), tuple(ENDS))),
    Group("width", _edges(WIDTH_EDGES)),
    Group("indent", _cross(("<-2", "-2..-1", "0", "1..2", "3..5", "6..9", ">9"), ("flush", "indents"))),
    Group("start", tuple(STARTS)),
)
BOUNDARY_GROUPS = (
    Group("end-start", _cross(tuple(ENDS), tuple(STARTS))),
    Group("witness-end", _cross(_edges(WITNESS_EDGES), tuple(ENDS))),
    Group("gap", _cross(GAPS, HABITS)),
    Group("gap-end", _cross(GAPS, tuple(ENDS))),
    Group("quotes", _cross(("open", "closed", "none"), ("opens", "closes", "none"))),
    Group("brackets", _cross(("open", "closed", "none"), ("opens", "closes", "none"))),
    Group("measure-step", _edges((-20, -8, -3, 4, 9, 21))),
    Group("widths", _cross(_edges(WIDTH_EDGES[::2]), _edges(WIDTH_EDGES[::2]))),
    Group("typical-width", _edges(WIDTH_EDGES)),
    Group("indent-step", _cross(("<-9", "-9..-6", "-5..-3", "-2..2", "3..5", "6..9", ">9"), ("flush", "indents"))),
)


@dataclass(frozen=True, slots=True)
class Witnesses:
    """Bins for n lines and the n - 1 boundaries between them: shapes (n, line groups), (n - 1, boundary groups)."""

    lines: Bins
    boundaries: Bins


def _digitize(values: Integers | NDArray[np.float32], edges: tuple[float, ...]) -> Integers:
    return np.searchsorted(np.array(edges), values, side="right")


def gather(draft: Draft, lines: Lines, model: NGrams) -> Witnesses:
    """Return what the layout and the language say about each line and each boundary."""
    codes = draft.codes
    kind = kinds()[codes]
    slack_total = np.concatenate([[0], np.cumsum(_slack_table()[codes])])
    slack = slack_total[lines.ends] - slack_total[lines.starts]
    count = len(lines)
    margin = _margin(lines.indent)
    indent = lines.indent - margin
    extent = lines.width + np.where(indent > 0, indent, 0)
    measures = find_measures(extent, slack)
    ends = _end_kinds(kind, lines)
    starts = _start_kinds(kind, codes, lines)
    nearest = _nearest(extent, measures.before, measures.around, measures.after)

    def fill(measure: Measure) -> Integers:
        short = _digitize(measure.value - extent, FILL_EDGES)
        return short * (len(SUPPORT_EDGES) + 1) + _digitize(measure.support, SUPPORT_EDGES)

    short = _digitize(nearest - extent, FILL_EDGES)
    habit = int(np.mean(lines.indent > margin) > 0.02)  # some line is indented: indents were kept
    line_bins = np.stack(
        [
            np.zeros(count, np.int64),
            fill(measures.before),
            fill(measures.around),
            fill(measures.after),
            short * (len(SLACK_EDGES) + 1) + _digitize(slack, SLACK_EDGES),
            short * len(ENDS) + ends,
            _digitize(lines.width, WIDTH_EDGES),
            _digitize(indent, (-2, 0, 1, 3, 6, 10)) * 2 + habit,
            starts,
        ],
        axis=1,
    )
    here, there = slice(None, -1), slice(1, None)
    gaps = _gap_kinds(lines)
    usual = int(np.median(lines.gap[1:])) if count > 1 else 0
    wider = float(np.mean(lines.gap[1:] > usual)) if count > 1 else 0.0
    spacing = 0 if not lines.gap[1:].any() else 1 + int(_digitize(np.array([wider]), (0.02, 0.35))[0])
    witness = _witness(draft, lines, model)
    typical = int(np.median(lines.width)) if count else 0
    boundary_bins = np.stack(
        [
            ends[here] * len(STARTS) + starts[there],
            _digitize(witness, WITNESS_EDGES) * len(ENDS) + ends[here],
            gaps * len(HABITS) + spacing,
            gaps * len(ENDS) + ends[here],
            _pairs(codes, lines, "“‘「『", "”’」』"),
            _pairs(codes, lines, "（(《〈【〔［[", "）)》〉】〕］]"),
            _digitize(measures.after.value[there] - measures.before.value[here], (-20, -8, -3, 4, 9, 21)),
            _digitize(lines.width[here], WIDTH_EDGES[::2]) * (len(WIDTH_EDGES[::2]) + 1)
            + _digitize(lines.width[there], WIDTH_EDGES[::2]),
            np.repeat(_digitize(np.array([typical]), WIDTH_EDGES), max(count - 1, 0)),
            _digitize(lines.indent[there] - lines.indent[here], (-9, -5, -2, 3, 6, 10)) * 2 + habit,
        ],
        axis=1,
    )
    return Witnesses(line_bins.astype(np.int16), boundary_bins.astype(np.int16))


def _margin(indent: Integers) -> Integers:
    """Return the left margin around each line: the least indent of the lines near it."""
    reach = 4
    padded = np.pad(indent, reach, mode="edge") if len(indent) else indent
    if not len(indent):
        return indent
    return np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1).min(axis=1)


def _nearest(extent: Integers, *measures: Measure) -> Integers:
    """Return, of the measures of each line, the one its width comes nearest to."""
    values = np.stack([measure.value for measure in measures])
    return np.asarray(values[np.abs(values - extent).argmin(axis=0), np.arange(len(extent))], dtype=np.int64)


def _end_kinds(kind: NDArray[np.uint8], lines: Lines) -> Integers:
    last = kind[lines.ends - 1]
    before = kind[np.maximum(lines.ends - 2, lines.starts)]
    table = np.full(len(KINDS), ENDS.index("other"))
    for name in ENDS:
        if name in KIND:
            table[KIND[name]] = ENDS.index(name)
    table[KIND["numeral"]] = ENDS.index("han")
    table[KIND["quote"]] = ENDS.index("opener")
    found = table[last]
    closed = (last == KIND["closer"]) & ((before == KIND["end"]) | (before == KIND["ellipsis"]))
    found[closed] = ENDS.index("end-closed")
    found[(last == KIND["dash"]) & (before == KIND["latin"])] = ENDS.index("hyphen")
    return found


def _start_kinds(kind: NDArray[np.uint8], codes: NDArray[np.uint32], lines: Lines) -> Integers:
    first = kind[lines.starts]
    second = kind[np.minimum(lines.starts + 1, lines.ends - 1)]
    third = kind[np.minimum(lines.starts + 2, lines.ends - 1)]
    table = np.full(len(KINDS), STARTS.index("other"))
    for name in STARTS:
        if name in KIND:
            table[KIND[name]] = STARTS.index(name)
    table[KIND["numeral"]] = STARTS.index("han")
    for name in CLOSED_STARTS:
        table[KIND[name]] = STARTS.index("closed")
    found = table[first]
    numbered = (first == KIND["numeral"]) & (second == KIND["list"])
    numbered |= (first == KIND["opener"]) & (second == KIND["numeral"])
    numbered |= (first == KIND["digit"]) & ((second == KIND["stop"]) | (second == KIND["list"])) & (third != KIND["digit"])
    found[numbered] = STARTS.index("numbered")
    third_code = codes[np.minimum(lines.starts + 2, lines.ends - 1)]
    report = (codes[lines.starts] == ord("本")) & (third_code == ord("讯"))
    found[report] = STARTS.index("dateline")
    return found


def _gap_kinds(lines: Lines) -> Integers:
    gap = lines.gap[1:]
    usual = np.median(gap) if len(gap) else 0
    found = np.where(gap < usual, GAPS.index("less"), np.where(gap > usual, GAPS.index("more"), GAPS.index("usual")))
    found = np.where(gap == 0, np.where(usual == 0, GAPS.index("none"), GAPS.index("less")), found)
    return np.where(lines.page[1:], GAPS.index("page"), found)


def _pairs(codes: NDArray[np.uint32], lines: Lines, openers: str, closers: str) -> Integers:
    """Return for each boundary whether the last such mark before it opened or closed, and what the next one does."""
    opens = np.isin(codes, [ord(c) for c in openers])
    closes = np.isin(codes, [ord(c) for c in closers])
    marks = np.flatnonzero(opens | closes)
    count = len(lines)
    if count < 2:
        return np.zeros(max(count - 1, 0), dtype=np.int64)
    if not len(marks):
        return np.full(count - 1, 8)
    opening = opens[marks]
    row = np.searchsorted(marks, lines.ends[:-1])
    far = np.arange(count - 1)
    reach_back = lines.starts[np.maximum(far - QUOTE_REACH + 1, 0)]
    reach_on = lines.ends[np.minimum(far + QUOTE_REACH, count - 1)]
    previous, following = np.maximum(row - 1, 0), np.minimum(row, len(marks) - 1)
    has_previous = (row > 0) & (marks[previous] >= reach_back)
    has_following = (row < len(marks)) & (marks[following] < reach_on)
    before = np.where(has_previous, np.where(opening[previous], 0, 1), 2)
    after = np.where(has_following, np.where(opening[following], 0, 1), 2)
    return before * 3 + after


def _witness(draft: Draft, lines: Lines, model: NGrams) -> NDArray[np.float32]:
    """Return the language model's log-odds that the text runs on over each boundary."""
    from cleanup.layout.runs import contexts

    left, right = contexts(draft, lines, model)
    return model.continuation(left, right)
