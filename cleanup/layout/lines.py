"""The lines of a text as columns of numbers: where they stand, how wide they are, what stands between them.

It measures; it never decides.
"""

from __future__ import annotations

import string
from dataclasses import dataclass
from functools import cache
from typing import Any

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
WIDTH = 0x0F  # of the traits of a code point, the bits that hold its width
WIDENED = 0x10  # a digit or letter as wide as an ideograph

NEWLINE = 10
FORM_FEED = 12


@cache
def blank() -> NDArray[np.bool_]:
    """Return a table of the code points that are white space."""
    return members(SPACES + "\r\n")


@cache
def _traits() -> NDArray[np.uint8]:
    """Return a table of the width of each code point, with a flag for digits and letters that were widened."""
    table = east_asian_width().copy()
    table[ord("\t")] = TAB
    table[members("".join(chr(ord(c) + 0xFEE0) for c in string.digits + string.ascii_letters))] |= WIDENED
    return table


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
    """Return the lines of a draft, which are measured once; nobody may change them.

    >>> lines = measure_lines(Draft("　　灵石县\\n\\n11月 "))
    >>> lines.indent.tolist(), lines.width.tolist(), lines.gap.tolist()
    ([4, 0], [6, 4], [0, 1])
    """
    return draft.once(_measure)


def _measure(draft: Draft) -> Lines:
    codes = draft.codes
    traits = _traits().take(codes)
    newlines = (codes == NEWLINE).nonzero()[0]
    solid = solid_places(draft)
    begin = np.zeros(len(newlines) + 1, dtype=np.int64)
    np.add(newlines, 1, out=begin[1:])
    # of each line, where its characters stand among all that are not white space
    places = np.append(solid.searchsorted(begin), len(solid))
    number = (places[1:] > places[:-1]).nonzero()[0]
    starts, ends = solid.take(places.take(number)), solid.take(places.take(number + 1) - 1) + 1
    widths = traits & WIDTH
    width = sums(widths, starts, ends)
    widened = traits & WIDENED
    if widened.any():
        width = _as_printed(width, sums(widened // WIDENED, starts, ends))
    gap = number.copy()
    gap[1:] -= number[:-1] + 1
    indent, page = _indents(widths, begin.take(number), starts), _pages(codes, starts, ends)
    for column in (starts, ends, width, indent, gap, page):
        column.setflags(write=False)
    return Lines(starts=starts, ends=ends, width=width, indent=indent, gap=gap, page=page)


def solid_places(draft: Draft) -> Integers:
    """Return the offsets of all that is no white space, which are sought once; nobody may change them."""
    return draft.once(_solid_places)


def _solid_places(draft: Draft) -> Integers:
    places = (~blank().take(draft.codes)).nonzero()[0]
    places.setflags(write=False)
    return places


def sums(values: NDArray[Any], starts: Integers, ends: Integers, dtype: type = np.int64) -> NDArray[Any]:
    """Return the sum of the values in each span, counted in `dtype`; spans ascend and none is empty.

    >>> sums(np.array([1, 2, 4, 8], dtype=np.uint8), np.array([0, 3]), np.array([2, 4])).tolist()
    [3, 8]
    """
    edges = np.empty(2 * len(starts), dtype=np.int64)
    edges[::2], edges[1::2] = starts, ends
    if len(ends) and ends[-1] == len(values):
        edges = edges[:-1]
    return np.add.reduceat(values, edges, dtype=dtype)[::2]


def _indents(widths: NDArray[Any], begins: Integers, starts: Integers) -> Integers:
    """Return how wide the white space before each line is."""
    indents = np.zeros(len(starts), dtype=np.int64)
    rows = (starts > begins).nonzero()[0]
    if len(rows):
        indents[rows] = sums(widths, begins.take(rows), starts.take(rows))
    return indents


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
    feeds = (codes == FORM_FEED).nonzero()[0]
    found = np.zeros(len(starts), dtype=np.bool_)
    if len(feeds):
        before = feeds.searchsorted(starts)
        found[:] = before > np.concatenate([[0], feeds.searchsorted(ends[:-1])])
    return found
