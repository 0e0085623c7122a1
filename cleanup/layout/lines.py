"""The lines of a text as columns of numbers: where they stand, how wide they are, what stands between them.

It measures; it never decides.
"""

from __future__ import annotations

import string
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from cleanup.document import Draft
from cleanup.language.characters import east_asian_width, members

Integers = NDArray[np.int64]

SPACES = (
    "\t\x0b\x0c\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
TAB = 8  # half em; what terminals and pdftotext agree on

NEWLINE = 10
FORM_FEED = 12


@cache
def blank() -> NDArray[np.bool_]:
    """Return a table of the code points that are white space."""
    return members(SPACES + "\r\n")


@cache
def _widths() -> NDArray[np.uint8]:
    table = east_asian_width().copy()
    table[ord("\t")] = TAB
    return table


@cache
def _wide() -> NDArray[np.bool_]:
    return members("".join(chr(ord(c) + 0xFEE0) for c in string.digits + string.ascii_letters))


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
    solid = np.flatnonzero(~blank()[codes])
    # of each line, where its characters stand among all that are not white space
    begin = np.concatenate([[0], newlines + 1])
    first = solid.searchsorted(begin)
    last = np.append(first[1:], len(solid))
    number = np.flatnonzero(last > first)
    starts, ends = solid[first[number]], solid[last[number] - 1] + 1
    total = _total(_widths()[codes])
    width = total[ends] - total[starts]
    wide = _wide()[codes]
    if wide.any():
        width = _as_printed(width, _total(wide)[ends] - _total(wide)[starts])
    gap = number.copy()
    gap[1:] -= number[:-1] + 1
    return Lines(
        starts=starts,
        ends=ends,
        width=width,
        indent=total[starts] - total[begin[number]],
        gap=gap,
        page=_pages(codes, starts, ends),
    )


def has_clean_form(draft: Draft, lines: Lines) -> bool:
    """Tell whether the lines stand as the paragraphs of a clean file do: one empty line between them, no space around.

    Lines at the head may follow one another, as those of a headline. A page with an empty line after every printed line
    has this form, too.

    >>> drafts = [Draft("标题\\n副题\\n\\n正文"), Draft("正文\\n正文\\n")]
    >>> [has_clean_form(draft, measure_lines(draft)) for draft in drafts]
    [True, False]
    """
    codes = draft.codes
    tails = lines.ends[lines.ends < len(codes)]
    spaced = np.flatnonzero(lines.gap > 0)
    return bool(
        len(spaced)
        and (lines.gap[max(int(spaced[0]), 1) :] == 1).all()
        and not lines.indent.any()
        and (codes[tails] == NEWLINE).all()
    )


def _total(values: NDArray[np.generic]) -> Integers:
    """Return the sums of the values before each place, the last of all of them."""
    total = np.zeros(len(values) + 1, dtype=np.int64)
    np.cumsum(values, out=total[1:])
    return total


def _as_printed(width: Integers, wide: Integers) -> Integers:
    """Return the widths, or those with every wide digit and letter taken for a narrow one.

    Data bases widen digits after the press has set them narrow. Whichever makes more lines as wide as the next tells.

    >>> _as_printed(np.array([36, 39, 36]), np.array([0, 3, 0])).tolist()
    [36, 36, 36]
    """
    narrow = width - wide

    def alike(widths: Integers) -> int:
        return int(np.count_nonzero((np.abs(np.diff(widths)) <= 1) & (widths[1:] > 2 * TAB)))

    return narrow if alike(narrow) > alike(width) else width


def _pages(codes: NDArray[np.uint32], starts: Integers, ends: Integers) -> NDArray[np.bool_]:
    feeds = np.flatnonzero(codes == FORM_FEED)
    found = np.zeros(len(starts), dtype=np.bool_)
    if len(feeds):
        before = feeds.searchsorted(starts)
        found[:] = before > np.concatenate([[0], feeds.searchsorted(ends[:-1])])
    return found
