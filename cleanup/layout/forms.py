"""Line ends that the form of a line decides by itself.

What only opens a report runs on; verse, code and the lines of a table of contents never do. The forms are tables of
rules/reflow/lines.toml. Everything else is weighed by breaks.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np
import regex

from cleanup.document import Draft
from cleanup.layout.lines import Integers, Lines

LONGEST_OPENING = 80  # characters of what opens a report
OPENING_ENDS = frozenset("讯电）)")
FENCE = "```"
LEAST_STANZA = 20  # Han characters: a quatrain of five-syllable lines; less may be cut so by chance

Tables = Mapping[str, tuple[str, ...]]


def openings(draft: Draft, lines: Lines, tables: Tables) -> list[int]:
    """Return the lines before others that only open a report: 本报讯（记者 …） is no paragraph by itself."""
    text = draft.text
    if "讯" not in text and "电" not in text:
        return []
    forms = [_compiled(form) for form in tables.get("report-openings", ())]
    found: list[int] = []
    for row in np.flatnonzero((lines.ends - lines.starts)[:-1] <= LONGEST_OPENING).tolist():
        end = int(lines.ends[row])
        if text[end - 1] not in OPENING_ENDS:
            continue
        for first in (row, row - 1)[: row + 1]:  # a bracket with many names takes two lines
            start = int(lines.starts[first])
            if end - start <= LONGEST_OPENING and any(form.fullmatch(text, start, end) for form in forms):
                found += range(first, row + 1)
    return found


def kept_lines(draft: Draft, lines: Lines, tables: Tables) -> list[int]:
    """Return the lines that end where they were meant to end: of regular verse, of contents, of code between fences."""
    return [
        *_verse(draft, lines, tables.get("verse-lines", ())),
        *_contents(draft, lines, tables.get("contents-lines", ())),
        *_code(draft, lines),
    ]


def _verse(draft: Draft, lines: Lines, forms: tuple[str, ...]) -> list[int]:
    """Return the lines of stanzas: one under another of one form and one length, each closed by a mark."""
    text = draft.text
    length = lines.ends - lines.starts
    found: list[int] = []
    for start, stop in _alike(length):
        spans = [(int(lines.starts[row]), int(lines.ends[row])) for row in range(start, stop)]
        for form in map(_compiled, forms):
            row = start
            while row < stop:
                end = row
                while end < stop and form.fullmatch(text, *spans[end - start]):
                    end += 1
                if end - row > 1 and int(length[row:end].sum()) >= LEAST_STANZA:
                    found += range(row, end)
                row = end + 1
    return found


def _alike(length: Integers) -> list[tuple[int, int]]:
    """Return where runs of lines of one length begin and end, of those short enough for verse."""
    if not len(length):
        return []
    edges = np.flatnonzero(np.diff(length)) + 1
    bounds = np.concatenate([[0], edges, [len(length)]])
    wanted = (np.diff(bounds) > 1) & (length[bounds[:-1]] <= LONGEST_VERSE)
    return [(int(bounds[at]), int(bounds[at + 1])) for at in np.flatnonzero(wanted).tolist()]


LONGEST_VERSE = 16  # characters: two clauses of seven syllables with their marks


def _contents(draft: Draft, lines: Lines, forms: tuple[str, ...]) -> list[int]:
    """Return the lines of a table of contents."""
    text = draft.text
    if not any(leader in text for leader in LEADERS):
        return []
    spans = zip(lines.starts.tolist(), lines.ends.tolist(), strict=True)
    numbered = [(row, start, end) for row, (start, end) in enumerate(spans) if text[end - 1] in PAGE_ENDS]
    return [row for row, *span in numbered if any(_compiled(form).fullmatch(text, *span) for form in forms)]


LEADERS = ("……", "....", "．．．．", "····", "… …", ". . .", "· · ·")
PAGE_ENDS = frozenset("0123456789)）")


def _code(draft: Draft, lines: Lines) -> list[int]:
    """Return the lines from one fence of Markdown to the next, and the line before them."""
    text = draft.text
    if FENCE not in text:
        return []
    fences = [row for row, start in enumerate(lines.starts.tolist()) if text.startswith(FENCE, start)]
    found: list[int] = []
    for first, last in zip(fences[::2], fences[1::2], strict=False):
        found += range(max(first - 1, 0), last + 1)
    return found


@cache
def _compiled(form: str) -> regex.Pattern[str]:
    return regex.compile(form)
