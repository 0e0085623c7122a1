"""The lines of a text as columns of numbers: where they stand, how wide they are, what stands between them.

It measures; it never decides.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cleanup.document import Draft
from cleanup.language.characters import CODE_POINTS, east_asian_width

Integers = NDArray[np.int64]

SPACES = "\t\x0b\x0c\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
TAB = 8  # half em; what terminals and pdftotext agree on

NEWLINE = 10
FORM_FEED = 12


def _space_table() -> NDArray[np.bool_]:
    table = np.zeros(CODE_POINTS, dtype=np.bool_)
    table[[ord(character) for character in SPACES]] = True
    return table


_SPACE = _space_table()


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of a text that hold something other than white space.

    `starts`, `ends`: code-point offsets, white space trimmed. `width`, `indent`: in half em (East Asian Width). `gap`:
    empty lines between the line and the one before it (for the first: before it). `page`: true where a form feed stands
    in that gap.
    """

    starts: Integers
    ends: Integers
    width: Integers
    indent: Integers
    gap: Integers
    page: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.starts)


def measure_lines(draft: Draft) -> Lines:
    """Return the lines of a draft.

    >>> lines = measure_lines(Draft("　　灵石县\\n\\n11月 "))
    >>> lines.indent.tolist(), lines.width.tolist(), lines.gap.tolist()
    ([4, 0], [6, 4], [0, 1])
    """
    codes = draft.codes
    newlines = np.flatnonzero(codes == NEWLINE)
    line_starts = np.concatenate([[0], newlines + 1])
    solid = np.flatnonzero(~_SPACE[codes] & (codes != NEWLINE))
    if not len(solid):
        empty = np.zeros(0, dtype=np.int64)
        return Lines(empty, empty, empty, empty, empty, np.zeros(0, dtype=np.bool_))
    line_of = np.searchsorted(newlines, solid)
    first = np.concatenate([[True], line_of[1:] != line_of[:-1]])
    starts = solid[first]
    ends = solid[np.concatenate([first[1:], [True]])] + 1
    number = line_of[first]
    widths = east_asian_width()[codes].astype(np.int64)
    widths[codes == 9] = TAB
    total = np.concatenate([[0], np.cumsum(widths)])
    before = np.concatenate([[-1], number[:-1]])
    feeds = np.concatenate([[0], np.cumsum(codes == FORM_FEED)])
    previous_end = np.concatenate([[0], ends[:-1]])
    return Lines(
        starts=starts,
        ends=ends,
        width=total[ends] - total[starts],
        indent=total[starts] - total[line_starts[number]],
        gap=number - before - 1,
        page=feeds[starts] > feeds[previous_end],
    )
