"""Rows of a table as they stand in a text: a name, perhaps, and figures, with wide gaps between the columns.

The gaps are all that keeps the columns apart. It finds such rows and changes nothing.
"""

from __future__ import annotations

from typing import Final

import regex

_FIGURE = r"[+\-−－]?\d[\d.,，]*%?"
_WIDE = r"(?:[ \t]{3,}+|[ \t]*+　{2,}+)[ 　\t]*+"
_GAP: Final = regex.compile(r"[ \t]{3}|　{2}")
ROW: Final = regex.compile(
    rf"^[ 　\t]*+(?:[^\d\n]{{1,24}}?|{_FIGURE})(?:{_WIDE}{_FIGURE}){{2,}}+[ 　\t]*$", regex.MULTILINE
)


def table_rows(text: str) -> list[tuple[int, int]]:
    """Return where the rows [start, end) of tables stand.

    >>> table_rows("小麦　　30.8　　31.5\\n全县小麦播种面积31.5万亩。")
    [(0, 14)]
    """
    return [row.span() for row in ROW.finditer(text)] if _GAP.search(text) else []
