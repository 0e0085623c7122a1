"""Rows of a table as they stand in a text: fields with wide gaps between them, or with the bars of Markdown.

Gaps are all that keeps columns apart. One line with a name and two figures is a row; words alone are rows where
several lines stand one under another, for a running head may look like one. It finds rows and changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

import regex

_FIGURE = r"[+\-−－]?\d[\d.,，]*%?"
_WIDE = r"(?:[ \t]{3,}+|[ \t]*+　{2,}+)[ 　\t]*+"
_FIELD = r"[^\s。，；：！？](?:[ 　]?[^\s。，；：！？]){0,12}+"
GAPS: Final = ("   ", "　　", "\t")  # one of them stands in every wide gap
FIGURES: Final = regex.compile(
    rf"^[ 　\t]*+(?:[^\d\n]{{1,24}}?|{_FIGURE})(?:{_WIDE}{_FIGURE}){{2,}}+[ 　\t]*$", regex.MULTILINE
)
FIELDS: Final = regex.compile(rf"^[ 　\t]*+{_FIELD}(?:{_WIDE}{_FIELD}){{2,}}+[ 　\t]*$", regex.MULTILINE)
ENTRY: Final = regex.compile(r"^[ 　\t]*+[\p{Han}·（）()]{2,16}[ 　\t]+\d[\d\-—－、， ]{0,30}+$", regex.MULTILINE)
ENTRY_END: Final = regex.compile(r"[ 　\t]\d[^\n]{0,31}\n")  # what no text without an entry need be read for
FEWEST_ENTRIES: Final = 3  # one under another, a name and a number each: a list of telephones, an index
_PAGE = r"(?:第?[ 　]?\d{1,3}[ 　]?[版页]|[A-D]\d{1,2}版?)"
GUIDE: Final = regex.compile(rf"^[ 　\t]*+[^\s。][^\n。]{{1,40}}?{_WIDE}{_PAGE}[ 　\t]*$", regex.MULTILINE)
FEWEST_GUIDES: Final = 2  # a headline and the page it stands on
BARRED: Final = regex.compile(r"^[ 　\t]*+\|[^\n]*\|[ 　\t]*$", regex.MULTILINE)
FEWEST_BARRED: Final = 2  # the names of the columns and what is below them
STRETCHED: Final = regex.compile(r"[ 　\t]*+(?:\S[ 　\t]++)*\S?")  # single characters: a word set wide


def table_rows(text: str) -> list[tuple[int, int]]:
    """Return where the rows [start, end) of tables stand.

    >>> table_rows("小麦　　30.8　　31.5\\n全县小麦播种面积31.5万亩。")
    [(0, 14)]
    >>> table_rows("王二牛　　男　　王家庄\\n李大山　　男　　李家洼"), table_rows("晨河日报　　2版　　要闻")
    ([(0, 11), (12, 23)], [])
    >>> table_rows("| 产品 | 产量 |\\n| --- | --- |")
    [(0, 11), (12, 25)]
    """
    found = set(_runs(ENTRY, FEWEST_ENTRIES, text)) if ENTRY_END.search(text) else set()
    if "|" in text:
        found |= set(_runs(BARRED, FEWEST_BARRED, text))
    if not any(gap in text for gap in GAPS):
        return sorted(found)
    found |= {row.span() for row in FIGURES.finditer(text)}
    found |= set(_runs(GUIDE, FEWEST_GUIDES, text))
    fields = [row.span() for row in FIELDS.finditer(text) if not STRETCHED.fullmatch(row[0])]
    for above, below in pairwise(fields):
        if text[above[1] : below[0]].isspace():
            found |= {above, below}
    return sorted(found)


def _runs(form: regex.Pattern[str], fewest: int, text: str) -> Iterator[tuple[int, int]]:
    """Yield the lines of a form where so many stand one under another."""
    run: list[tuple[int, int]] = []
    for line in (found.span() for found in form.finditer(text)):
        if run and not text[run[-1][1] : line[0]].isspace():
            yield from run if len(run) >= fewest else ()
            run = []
        run.append(line)
    yield from run if len(run) >= fewest else ()
