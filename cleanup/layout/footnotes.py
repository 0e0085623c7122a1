"""Footnotes at the end of a page: lines behind a mark that the text of the page has called.

The paragraph they stand in goes on overleaf, and they find their place behind it. It finds them and that place, and
moves nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Final

import numpy as np
import regex
from numpy.typing import NDArray

from cleanup.document import Draft
from cleanup.language.characters import members
from cleanup.language.ngrams import NGrams
from cleanup.layout.breaks import break_probabilities, load_weights
from cleanup.layout.heads import EVEN, closed_up
from cleanup.layout.lines import Lines
from cleanup.layout.recurring import NOTE_MARK
from cleanup.layout.witnesses import gather

FOOTNOTE: Final = "footnote"
# a star before a space or another star is one of Markdown
MARK: Final = regex.compile(rf"{NOTE_MARK}|[*＊](?![*＊\s])")
MOST_LINES: Final = 20  # of one page that are notes; what stands further up is text
MOST_BETWEEN: Final = 80  # lines from the call of a note to the note: a long page


def find_footnotes(draft: Draft, lines: Lines, ends: Iterable[int]) -> list[tuple[int, int]]:
    """Return the first and last row of the notes at each page's end; `ends`: the last row of text on each page.

    The mark of the first of them stands in the text above, where it calls the note.
    """
    text, found, top = draft.text, [], 0
    for last in sorted(ends):
        first = -1
        for row in range(last, max(top, last - MOST_LINES), -1):
            start = int(lines.starts[row])
            mark = MARK.match(text, start)
            if mark and _called(text, mark[0], int(lines.starts[top]), start, lines, top, row):
                first = row
        if first > top:
            found.append((first, last))
        top = last + 1
    return found


def above_notes(draft: Draft, lines: Lines) -> list[int]:
    """Return the lines above notes that stand apart from them: whatever ends such a line, it does not go on there."""
    if not _marks().take(draft.codes).any():
        return []
    text, found = draft.text, []
    apart = lines.gap > np.median(lines.gap[1:]) if len(lines) > 1 else np.zeros(len(lines), np.bool_)
    for row in np.flatnonzero(apart).tolist():
        start, top = int(lines.starts[row]), max(0, row - MOST_BETWEEN)
        mark = MARK.match(text, start)
        if row and mark and _called(text, mark[0], int(lines.starts[top]), start, lines, top, row):
            found.append(row - 1)
    return found


@cache
def _marks() -> NDArray[np.bool_]:
    """Return a table of the characters a mark begins with."""
    circled = "".join(map(chr, (*range(0x2460, 0x2488), *range(0x3251, 0x3260), *range(0x2776, 0x2780))))
    return members(circled + "†‡[［〔【*＊")


def behind_paragraphs(
    draft: Draft, lines: Lines, rows: list[int], notes: list[tuple[int, int]], model: NGrams
) -> list[int]:
    """Return the rows with each page's notes behind the paragraph that goes on overleaf."""
    noted = {row for first, last in notes for row in range(first, last + 1)}
    text = np.array([row for row in rows if row not in noted], dtype=np.int64)
    kept = np.zeros(len(lines), dtype=np.bool_)
    kept[text] = True
    goes_on = np.append(break_probabilities(gather(draft, closed_up(lines, kept), model), load_weights()) < EVEN, False)
    behind: dict[int, list[int]] = {}
    for first, last in notes:
        place = int(np.searchsorted(text, first)) - 1
        place += int((~goes_on[place:]).argmax())
        behind.setdefault(int(text[place]), []).extend(range(first, last + 1))
    return [row for line in text.tolist() for row in (line, *behind.get(line, ()))]


def _called(text: str, mark: str, begin: int, end: int, lines: Lines, top: int, row: int) -> bool:
    """Tell whether the mark stands on the page above the note, inside or at the end of a line."""
    at = text.find(mark, begin, end)
    while at >= 0:
        line = top + int(np.searchsorted(lines.starts[top:row], at, side="right")) - 1
        if at > lines.starts[line]:
            return True
        at = text.find(mark, at + 1, end)
    return False
