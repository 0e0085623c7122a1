"""The frame of a newspaper page: date lines and staff lines, told by their form alone before lines are joined.

Left among the lines of the text they would be joined to what stands beside them. It finds them; others set them aside.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import regex

from cleanup.document import Draft
from cleanup.facts import plain
from cleanup.language.ngrams import NGrams
from cleanup.layout.heads import running
from cleanup.layout.lines import Lines
from cleanup.markers import Marker

LONGEST = 80  # characters; no line of a frame is longer, its gaps counted as one each
WIDEST = 3 * LONGEST  # characters with the gaps that carry a running head across the page
DATE = regex.compile(r"\d{4}年\d{1,2}月\d{1,2}日")
DAY = regex.compile(
    rf"({DATE.pattern})(?:[ \u3000]*[（(]?(?:星期|周)[一二三四五六日天][）)]?)?(?:[ \u3000]+\p{{Han}}{{1,6}})?"
)
NUMBERED_HEAD = "furniture-numbered-head"
SPELLED = regex.compile(r"[A-Z]{2,12}(?: [A-Z]{2,12}){0,3}")
DATE_LINE, MASTHEAD = "furniture-date-line", "furniture-masthead"
_WIDE = r"(?: {6}|　{3})[ 　]*+"  # as between what stands at the two ends of a running head
_NUMBER, _NAME = r"(?:\d{1,4}|\d(?: \d){1,3})", r"[^\s\d](?:[^。，！？；：]{0,60}[^\s\d])?"
MOST_WIDE = 4  # lines of a page besides its head in which such a gap sets a name to the right; a table has more
WIDE_GAP = regex.compile(r"\S(?: {6}|　{3})")
NUMBERED = regex.compile(rf"{_NUMBER}{_WIDE}{_NAME}|{_NAME}{_WIDE}{_NUMBER}")
SIGNS = frozenset("年编校版审值·—首源备C上下分.")  # what some line of every frame holds


def find_frame(draft: Draft, lines: Lines, model: NGrams, markers: Sequence[Marker]) -> dict[int, str]:
    """Return the rows of the lines that some marker knows for a frame, each with the marker that names why.

    A line that the text runs on into and out of is none, and neither is one beside a turn line, whose article it helps
    to find. Where lines tell several dates they head the entries of a diary, and none is a frame.
    """
    found = dict.fromkeys(_numbered_at_edges(draft, lines), NUMBERED_HEAD)
    if not SIGNS & draft.characters and not found:
        return {}
    text = draft.text
    dates: set[str] = set()  # that lines are headed with, be they a frame or the weather of a day
    frames = [marker for marker in markers if marker.role == "furniture"]
    for row in np.flatnonzero(lines.ends - lines.starts <= WIDEST).tolist():
        line = text[lines.starts[row] : lines.ends[row]]
        if SIGNS.isdisjoint(line) or turns(line):
            continue
        tidy = plain(line)
        if len(tidy) > LONGEST:
            continue
        dates.update(day_of(tidy))
        for marker in frames:
            if marker.alone is not None and marker.find.fullmatch(tidy) and marker.alone.search(tidy):
                found[row] = marker.id
                dates.update(DATE.findall(tidy))
                break
    if len(dates) > 1:
        return {}
    found |= _mastheads(draft, lines, found, frames)
    if not found or len(found) + 2 > len(lines):
        return {}
    candidates = np.zeros(len(lines), dtype=np.bool_)
    candidates[list(found)] = True
    inside = running(draft, lines, candidates, model)
    beside = {row + step for row in found for step in (-1, 1) if 0 <= row + step < len(lines)} - set(found)
    turned = {row for row in beside if turns(text[lines.starts[row] : lines.ends[row]])}
    return {row: rule for row, rule in found.items() if not inside[row] and not {row - 1, row + 1} & turned}


def _mastheads(draft: Draft, lines: Lines, found: dict[int, str], frames: Sequence[Marker]) -> dict[int, str]:
    """Return the names of papers right above or below their dates, in Chinese or spelled in capitals."""
    dated = [row for row, rule in found.items() if rule == DATE_LINE]
    forms = [SPELLED, *(marker.find for marker in frames if marker.id == MASTHEAD)]
    beside = {row + step for row in dated for step in (-1, 1) if 0 <= row + step < len(lines)} - set(found)
    texts = {row: plain(draft.text[lines.starts[row] : lines.ends[row]]) for row in beside}
    return {row: MASTHEAD for row, line in texts.items() if any(form.fullmatch(line) for form in forms)}


def _numbered_at_edges(draft: Draft, lines: Lines) -> list[int]:
    """Return the first and the last line where they are a few words and, across a wide gap, a number, in no table."""
    text = draft.text
    edges = {
        row: text[lines.starts[row] : lines.ends[row]]
        for row in (0, len(lines) - 1)
        if WIDE_GAP.search(text, int(lines.starts[row]), int(lines.ends[row]))
    }
    if not edges or sum(bool(WIDE_GAP.search(line)) for line in text.splitlines()) > len(edges) + MOST_WIDE:
        return []
    return [row for row, line in edges.items() if NUMBERED.fullmatch(line)]


def day_of(line: str) -> list[str]:
    """Return the date where a line tells of one, its weekday and a word more: what heads the day in a diary.

    >>> day_of("2012年9月13日 星期四 雨"), day_of("2012年9月13日下了一天的")
    (['2012年9月13日'], [])
    """
    day = DAY.fullmatch(line)
    return [day[1]] if day else []


def turns(line: str) -> bool:
    """Tell whether a line may hold a turn line.

    >>> turns("责编 周元 下转第2版"), turns("第2版")
    (True, False)
    """
    return "版" in line and ("转" in line or "接" in line) and len(line) < LONGEST
