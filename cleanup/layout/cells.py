"""The cells of lines: stretches of text parted by wide gaps, as columns, tables and page heads have them.

It measures where cells stand, how wide they are and what stands at their edges; it never decides what a gap means.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cleanup.document import Draft
from cleanup.language.characters import CODE_POINTS, east_asian_width
from cleanup.language.ngrams import Contexts, NGrams
from cleanup.layout.lines import NEWLINE, SPACES, TAB

Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]
Reals = NDArray[np.float64]
Limits = Mapping[str, float]

GAP = 2  # spaces that part two cells; the words of a line stand one space apart
DEPTH = 3  # characters the language model sees on either side; its order less one

_SPACE = np.zeros(CODE_POINTS, dtype=np.bool_)
_SPACE[[ord(character) for character in SPACES]] = True


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """A text to be read: its draft, the offsets of all that is not white space, and what weighs its joints."""

    draft: Draft
    solid: Integers
    model: NGrams
    limits: Limits


def lay_out(draft: Draft, model: NGrams, limits: Limits) -> Sheet:
    """Return a draft as a sheet to be read."""
    codes = draft.codes
    return Sheet(draft, np.flatnonzero(~_SPACE[codes] & (codes != NEWLINE)), model, limits)


@dataclass(frozen=True, slots=True)
class Cells:
    """Stretches of text, line by line and from left to right.

    `starts`, `ends`: code-point offsets. `line`: the number of the line. `row`: how far down the cell stands, in lines,
    where the blank lines that this text has between all its lines are left out. `left`, `right`: in columns of the
    line, a code point each, as fixed-pitch text modes count. `width`: in half em (East Asian Width).
    """

    starts: Integers
    ends: Integers
    line: Integers
    row: Integers
    left: Integers
    right: Integers
    width: Integers

    def __len__(self) -> int:
        return len(self.starts)

    def take(self, which: Integers | slice) -> Cells:
        """Return some of the cells."""
        return Cells(
            self.starts[which],
            self.ends[which],
            self.line[which],
            self.row[which],
            self.left[which],
            self.right[which],
            self.width[which],
        )

    @property
    def beside(self) -> Flags:
        """For each cell but the last: does the next one stand on the same line?"""
        return np.asarray(self.line[1:] == self.line[:-1])


def measure_cells(sheet: Sheet) -> Cells:
    """Return the cells of a text.

    >>> from cleanup.language import ngrams
    >>> cells = measure_cells(lay_out(Draft("甲乙  丙丁\\n\\n  戊 己   庚"), ngrams.load(), {}))
    >>> cells.left.tolist(), cells.right.tolist(), cells.row.tolist()
    ([0, 4, 2, 8], [2, 6, 5, 9], [0, 0, 1, 1])
    """
    codes, solid = sheet.draft.codes, sheet.solid
    if not len(solid):
        none = np.zeros(0, dtype=np.int64)
        return Cells(none, none, none, none, none, none, none)
    newlines = np.flatnonzero(codes == NEWLINE)
    tabs = np.flatnonzero(codes == 9)
    hollow = solid[1:] - solid[:-1] > 1
    # only where white space stands can a line end or a gap be
    edge = np.flatnonzero(hollow) + 1
    after, before = solid[edge], solid[edge - 1]
    line_step = np.searchsorted(newlines, after) - np.searchsorted(newlines, before)
    tab_step = np.searchsorted(tabs, after) - np.searchsorted(tabs, before)
    parts = (line_step > 0) | (after - before - 1 + (TAB - 1) * tab_step >= GAP)
    first = np.concatenate([[0], edge[parts]])
    starts = solid[first]
    ends = solid[np.concatenate([first[1:], [len(solid)]]) - 1] + 1
    line = np.searchsorted(newlines, starts)
    line_starts = np.concatenate([[0], newlines + 1])[line]
    shift = (TAB - 1) * (np.searchsorted(tabs, starts) - np.searchsorted(tabs, line_starts))
    left = starts - line_starts + shift
    widths = np.concatenate([[0], np.cumsum(east_asian_width()[codes], dtype=np.int32)])
    step = np.diff(line, prepend=line[0])
    steps = step[step > 0]
    usual = int(np.median(steps)) if len(steps) else 1
    return Cells(
        starts=starts,
        ends=ends,
        line=line,
        row=np.cumsum(np.where(step > 0, np.maximum(step - usual, 0) + 1, 0)),
        left=left,
        right=left + ends - starts,
        width=(widths[ends] - widths[starts]).astype(np.int64),
    )


def letters_of(sheet: Sheet, starts: Integers, ends: Integers) -> tuple[NDArray[np.uint32], Integers]:
    """Return the code points of stretches of text one after another, white space left out, and how many each holds."""
    begins = np.searchsorted(sheet.solid, starts)
    lengths = np.searchsorted(sheet.solid, ends) - begins
    stops = np.cumsum(lengths)
    places = np.arange(int(stops[-1])) + np.repeat(begins - stops + lengths, lengths)
    return sheet.draft.codes[sheet.solid[places]], lengths


@dataclass(frozen=True, slots=True)
class Edges:
    """The first and the last characters of stretches as the language model reads them: ids, shape (n, DEPTH)."""

    first: NDArray[np.uint16]
    last: NDArray[np.uint16]

    def continuation(self, model: NGrams, ends: Integers, starts: Integers) -> Reals:
        """Return the log-odds that the text runs on from the end of each of `ends` to the start of its `starts`."""
        if not len(ends):
            return np.zeros(0)
        return model.continuation(self.last[ends], self.first[starts]).astype(np.float64)

    def anywhere(self, model: NGrams) -> Reals:
        """Return log P of the first characters of each stretch, wherever they stand."""
        first = self.first[:, 0]
        score = np.where(first == model.PAD, 0.0, model.unigrams.take(first))
        contexts: Contexts = (first,)
        for words in self.first.T[1:]:
            contexts, met = model.advance(contexts, words)
            score += np.where(words == model.PAD, 0.0, met)
        return np.asarray(score, dtype=np.float64)

    def openings(self, model: NGrams) -> Reals:
        """Return the log-odds that each stretch begins a paragraph, against standing anywhere in one."""
        contexts: Contexts = (np.full(len(self.first), model.PARAGRAPH, dtype=np.uint16),)
        score = -self.anywhere(model)
        for words in self.first.T:
            contexts, begun = model.advance(contexts, words)
            score += np.where(words == model.PAD, 0.0, begun)
        return score

    def stops(self, model: NGrams) -> Reals:
        """Return log P of a paragraph's end after each stretch."""
        mark = np.full(len(self.last), model.PARAGRAPH, dtype=np.uint16)
        return model.advance(model.contexts_after(self.last), mark)[1].astype(np.float64)


def read_edges(sheet: Sheet, starts: Integers, ends: Integers) -> Edges:
    """Return the edges of stretches of text, white space left out; what is shorter than DEPTH is padded."""
    solid, model = sheet.solid, sheet.model
    begins, stops = np.searchsorted(solid, starts), np.searchsorted(solid, ends)
    steps = np.arange(DEPTH)
    first, last = begins[:, None] + steps, stops[:, None] - DEPTH + steps
    codes = sheet.draft.codes

    def ids(places: Integers, inside: Flags) -> NDArray[np.uint16]:
        found = model.encode(codes[solid[np.where(inside, places, 0)]])
        return np.where(inside, found, np.uint16(model.PAD)).astype(np.uint16)

    return Edges(ids(first, first < stops[:, None]), ids(last, last >= begins[:, None]))
