"""Rows of a table as they stand in a text: fields with gaps between them, or with the bars of Markdown.

The gaps are all that keeps columns apart. A line with a name and two figures across wide gaps is a row by itself; other
lines are where several alike stand one under another: words across wide gaps, for a running head may look like one,
fields with figures in the same columns, names of people. It finds rows and changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby, pairwise
from typing import Final

import regex

_FIGURE = r"[+\-−－]?\d[\d.,，]*%?"
_WIDE = r"(?:[ ]*+\t[ \t]*+|[ \t]{3,}+|[ \t]*+　{2,}+)[ 　\t]*+"
_FIELD = r"[^\s。，；：！？](?:[ 　]?[^\s。，；：！？]){0,12}+"
GAPS: Final = ("   ", "　　", "\t")  # one of them stands in every wide gap
FIGURES: Final = regex.compile(rf"[ 　\t]*+(?:[^\d\n]{{1,24}}?|{_FIGURE})(?:{_WIDE}{_FIGURE}){{2,}}+[ 　\t]*")
FIELDS: Final = regex.compile(rf"[ 　\t]*+{_FIELD}(?:{_WIDE}{_FIELD}){{2,}}+[ 　\t]*")
WIDE: Final = regex.compile(_WIDE)
FEWEST_GAPS: Final = 2  # of a line in three parts
FEWEST_PARTED: Final = 3
ENTRY: Final = regex.compile(
    r"[ 　\t]*+(?:\p{Han}[ 　]\p{Han}|[\p{Han}·（）()]{2,16})[ 　\t]+\d[\d.\-—－、，,～ ]{0,30}+"
)
FEWEST_ENTRIES: Final = 3  # one under another, a name and a number each: a list of telephones, an index
_CELL = r"[^\s。，；！？]{1,24}+"
ALIGNED: Final = regex.compile(rf"[ 　\t]*+{_CELL}(?:[ 　\t]++{_CELL}){{2,}}+[ 　\t]*")
FEWEST_ALIGNED: Final = 3
FIGURE: Final = regex.compile(r"[（(]?[+\-−－]?\d[\d.,，:：/\-—～%]*[）)]?|[-—－]{1,2}")
FEWEST_FIGURES: Final = 2  # columns that hold a figure in every row
NAMES: Final = regex.compile(r"[ 　\t]*+(?:\p{Han}{1,4}+[ 　\t]++){3,}+\p{Han}{1,4}+[ 　\t]*")
FEWEST_NAMED: Final = 2
NAME: Final = regex.compile(r"(?<!\S)(?:\p{Han}[ 　\t]+\p{Han}|\p{Han}{2,4})(?!\S)")
_PAGE = r"(?:第?[ 　]?\d{1,3}[ 　]?[版页]|[A-D]\d{1,2}版?)"
GUIDE: Final = regex.compile(rf"[ 　\t]*+[^\s。][^\n。]{{1,40}}?{_WIDE}{_PAGE}[ 　\t]*")
FEWEST_GUIDES: Final = 2  # a headline and the page it stands on
BARRED: Final = regex.compile(r"[ 　\t]*+\|[^\n]*\|[ 　\t]*")
FEWEST_BARRED: Final = 2  # the names of the columns and what is below them
STRETCHED: Final = regex.compile(r"[ 　\t]*+(?:\S[ 　\t]++)*\S?")  # single characters: a word set wide
Span = tuple[int, int]


def table_rows(text: str, surnames: frozenset[str] = frozenset()) -> list[Span]:
    """Return where the rows [start, end) of tables stand; `surnames` tell the rows of names.

    >>> table_rows("小麦　　30.8　　31.5\\n全县小麦播种面积31.5万亩。")
    [(0, 14)]
    >>> table_rows("王二牛　　男　　王家庄\\n李大山　　男　　李家洼"), table_rows("晨河日报　　2版　　要闻")
    ([(0, 11), (12, 23)], [])
    >>> table_rows("| 产品 | 产量 |\\n| --- | --- |")
    [(0, 11), (12, 25)]
    >>> table_rows("队名 胜 积分\\n1 大连 26\\n2 深圳 24\\n3 北京 22")
    [(0, 7), (8, 15), (16, 23), (24, 31)]
    >>> table_rows("王建国 李志强 刘　洋 陈　静\\n赵明亮 孙丽华 周　涛 吴桂芳", frozenset("王李刘陈赵孙周吴"))
    [(0, 15), (16, 31)]
    """
    lines = list(_gapped(text))
    if not lines:
        return []
    found: set[Span] = set()
    close = _in_company(lines, text)  # most lines with a space stand alone, and a row of these forms never does
    for form, fewest in ((ENTRY, FEWEST_ENTRIES), (BARRED, FEWEST_BARRED), (GUIDE, FEWEST_GUIDES)):
        found.update(row for run in _together(form.fullmatch, close, text) if len(run) >= fewest for row in run)
    for run in _together(ALIGNED.fullmatch, close, text):
        found.update(_aligned(run, text) if len(run) >= FEWEST_ALIGNED else ())
    found.update(row for run in _together(NAMES.fullmatch, close, text) if _named(run, text, surnames) for row in run)
    if any(gap in text for gap in GAPS):
        found.update(span for span, line in lines if FIGURES.fullmatch(line))
        for run in _together(FIELDS.fullmatch, close, text):
            words = [span for span in run if not STRETCHED.fullmatch(text, *span)]
            found.update(words if len(words) > 1 else ())
        for run in _together(_parted, close, text):
            found.update(run if len(run) >= FEWEST_PARTED else ())
        found = _with_neighbours(found, text)
    return sorted(found)


def _gapped(text: str) -> Iterator[tuple[Span, str]]:
    """Yield the lines that have a space or a bar in them, each with its span."""
    start = 0
    for line in text.split("\n"):
        if " " in line or "　" in line or "\t" in line or "|" in line:
            yield (start, start + len(line)), line
        start += len(line) + 1


def _in_company(lines: Sequence[tuple[Span, str]], text: str) -> list[tuple[Span, str]]:
    """Return the lines with another one of them right above or below, but for white space."""
    joined = [not text[above[1] : below[0]].strip() for (above, _), (below, _) in pairwise(lines)]
    return [line for line, *near in zip(lines, [False, *joined], [*joined, False], strict=True) if any(near)]


def _parted(line: str) -> bool:
    """Tell whether a line has three parts across wide gaps, whatever they are."""
    return len(WIDE.findall(line.strip())) >= FEWEST_GAPS


def _together(fits: Callable[[str], object], lines: Sequence[tuple[Span, str]], text: str) -> Iterator[list[Span]]:
    """Yield the lines that fit in runs that stand one under another."""
    run: list[Span] = []
    for span, line in lines:
        if not fits(line):
            continue
        if run and not text[run[-1][1] : span[0]].isspace():
            yield run
            run = []
        run.append(span)
    if run:
        yield run


def _aligned(run: Sequence[Span], text: str) -> Iterator[Span]:
    """Yield the lines of as many fields, one under another, with figures in the same columns, and what names these."""
    rows = [(span, text[slice(*span)].split()) for span in run]
    above: Span | None = None
    for count, group in groupby(rows, key=lambda row: len(row[1])):
        alike = list(group)
        heads = alike[:1] if not any(map(FIGURE.fullmatch, alike[0][1])) else []
        columns = zip(*(fields for _, fields in alike[len(heads) :]), strict=True)
        figures = sum(all(map(FIGURE.fullmatch, column)) for column in columns)
        if len(alike) - len(heads) >= FEWEST_ALIGNED and figures >= min(FEWEST_FIGURES, count - 1):
            yield from (span for span, _ in alike)
            if above and not heads:
                yield above
        above = alike[-1][0]


def _named(run: Sequence[Span], text: str, surnames: frozenset[str]) -> bool:
    """Tell whether lines are names of people and nothing else."""
    if len(run) < FEWEST_NAMED or not surnames:
        return False
    words = "\n".join(text[slice(*line)] for line in run)
    names = NAME.findall(words)
    solid = [name for name in names if len(name.split()) == 1]
    known = sum(name[0] in surnames for name in names)
    return bool(solid) and sum(map(len, "".join(names).split())) == len("".join(words.split())) and known == len(names)


def _with_neighbours(found: set[Span], text: str) -> set[Span]:
    """Return the rows with the lines right above and below that have three parts across wide gaps as well."""
    known = set(found)
    waiting = list(found)
    while waiting:
        start, end = waiting.pop()
        above = (text.rfind("\n", 0, start - 1) + 1, start - 1) if start > 1 else None
        stop = text.find("\n", end + 1)
        below = (end + 1, stop if stop >= 0 else len(text)) if end + 1 < len(text) else None
        for line in (above, below):
            if line and line not in known and _parted(text[slice(*line)]):
                known.add(line)
                waiting.append(line)
    return known
