"""What recurs on a page after a page: lines of one shape, the title among them, and numbers that count up.

It says which lines recur at the distance of pages; whether they belong to the pages is decided by others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import regex

from cleanup.document import Draft
from cleanup.language.characters import PAUSES
from cleanup.language.openings import OPENING, openings
from cleanup.layout.lines import Lines

RUNNING_HEAD = "running-head"
PAGE_NUMBER = "page-number"
DIGITS = regex.compile(r"\d+")
LETTERS = regex.compile(r"[^\p{L}\p{N}]+")
NUMBER = regex.compile(r"[-—–─·•.~～\[［(（【\s　]*(?:第[ 　]?)?(\d{1,4})(?:[ 　]?页)?[-—–─·•.~～\]］)）】\s　]*")
NOTE_MARK = r"[①-⑳㉑-㉟❶-❿⑴-⒇†‡]|[\[［〔【]\d{1,3}[\]］〕】]"  # and the star, which Markdown has too
# no running head: a line that ends in a pause or a full stop, and a footnote, which may cite one book page after page
NEVER_HEAD = regex.compile(rf"[，、：；。]$|^(?:{NOTE_MARK}|[*＊]|注[:：])")
FULL_STOP = "。"
SENTENCE = "。！？…”"
SHORTEST_MISREAD = 4  # characters of a title that is known though one was read otherwise; fewer are alike by chance
LONGEST_NUMBER = 16  # characters; a number with its ornaments


@dataclass(frozen=True, slots=True)
class Recurring:
    """Lines that may stand on every page: their rows in the text's order, and the rule that would name them.

    `title`: what the line says stands at the head of the text too, where it is the headline. `doubled`: there it stands
    twice in a row, the running head of the first page and the headline under it. `closing`: it is the last line of a
    text in prose, too. `sections`: numbers that count from 1, as sections do.
    """

    rows: tuple[int, ...]
    rule: str
    title: bool = False
    doubled: bool = False
    closing: bool = False
    sections: bool = False

    @property
    def known(self) -> bool:
        """Whether one page's sign is enough: it repeats the title, or counts on from an earlier page."""
        return self.title or (self.rule == PAGE_NUMBER and not self.sections)


def find_recurring(draft: Draft, lines: Lines, limits: Mapping[str, float]) -> list[Recurring]:
    """Return what recurs at the distance of pages: lines of one shape, and numbers that count up."""
    text = draft.text
    shapes: dict[str, list[int]] = {}
    numbers: list[tuple[int, int]] = []
    short = np.flatnonzero(lines.width <= limits["head-most"])
    for row, start, end in zip(short.tolist(), lines.starts[short].tolist(), lines.ends[short].tolist(), strict=True):
        line = text[start:end]
        number = NUMBER.fullmatch(line) if end - start < LONGEST_NUMBER else None
        if number:
            numbers.append((row, int(number[1])))
        elif not NEVER_HEAD.search(line) and len(shape := shape_of(line)) > 1:
            shapes.setdefault(shape, []).append(row)
    opening, least = int(limits["opening"]), int(limits["page-least"])
    titles = _titles(shapes, opening)
    closing = set(_closing(draft, lines, limits))
    found: list[Recurring] = []
    for shape, rows in shapes.items():
        if len(rows) < 2:
            continue
        title = shape in titles
        closes = not closing.isdisjoint(rows)
        if title and _doubled(rows, lines, text, limits["text-to-title"]):
            found.append(Recurring((rows[0], *rows[2:]), RUNNING_HEAD, title=True, doubled=True))
            closing.difference_update(rows)
            continue
        headline = rows[0] < opening and not _over_section(draft, lines, rows[0])
        later = tuple(rows[1:] if headline else rows)
        if not closes and float(np.median(np.diff(lines.starts[rows]))) < least:
            continue
        found.append(Recurring(later, RUNNING_HEAD, title=title or closes, closing=closes))
        closing.difference_update(rows)
    if closing:
        found.append(Recurring(tuple(sorted(closing)), RUNNING_HEAD, title=True, closing=True))
    if over := _over_its_halves(_shapes(draft, lines, range(min(opening, len(lines))))):
        found.append(Recurring(tuple(range(over)), RUNNING_HEAD, title=True, doubled=True))
    values = dict(numbers)
    places = dict(zip(values, lines.starts[list(values)].tolist(), strict=True))
    from_one = {row for chain in _chains(numbers, places, 1) if values[chain[0]] == 1 for row in chain}
    for chain in _chains(numbers, places, least, len(lines) - 1):
        found.append(Recurring(chain, PAGE_NUMBER, sections=chain[0] in from_one))
    return found


def _over_section(draft: Draft, lines: Lines, row: int) -> bool:
    """Tell whether a line in two parts stands over the name of a chapter or section: a head, and the text begins."""
    parted = WIDE_GAP.search(draft.text, int(lines.starts[row]), int(lines.ends[row]))
    if not parted or row + 1 >= len(lines):
        return False
    return int(openings(draft.codes, lines.starts[row + 1 : row + 2], lines.ends[row + 1 : row + 2])[0]) in SECTIONS


WIDE_GAP = regex.compile(r"\S(?:[ \t]{3,}|　{2,})\S")
SECTIONS = [OPENING[name] for name in ("section", "section-alone")]


def numbers_alone(draft: Draft, lines: Lines) -> list[int]:
    """Return the lines that are a number and nothing else, as that of a page is."""
    short = np.flatnonzero(lines.ends - lines.starts < LONGEST_NUMBER).tolist()
    return [row for row in short if NUMBER.fullmatch(draft.text, int(lines.starts[row]), int(lines.ends[row]))]


def _over_its_halves(head: list[str]) -> int:
    """Return how many lines at the head say what those under them say: the running head over a title in halves.

    >>> [_over_its_halves(head) for head in (["甲乙丙", "甲乙", "丙", "正文"], ["甲", "甲", "乙"], ["甲"] * 4)]
    [1, 0, 0]
    """
    for over in range(1, len(head)):
        above = head[:over]
        for below in (head[over:end] for end in range(over + 1, len(head) + 1)):
            if above != below and "".join(above) == "".join(below) != "":
                return over
    return 0


def _closing(draft: Draft, lines: Lines, limits: Mapping[str, float]) -> list[int]:
    """Return the last rows of a text in prose where they say what opens it: no prose ends with its title.

    Lines of verse are of like length, and a refrain may well be the title.
    """
    opening = int(limits["opening"])
    ends = [draft.text[end - 1] in (*PAUSES, FULL_STOP) for end in lines.ends[:opening].tolist()]
    head = _shapes(draft, lines, range([*ends, True].index(True)))  # a title ends in no mark
    titles = {"".join(head[begin:end]) for begin in (0, 1) for end in range(begin + 1, len(head) + 1)}
    known = {shape: frozenset(shape) for shape in titles if len(shape) > 1}
    most = int(limits["head-lines"])
    found: list[int] = []
    stop = len(lines)
    while stop > opening:
        taken = next((n for n in range(1, most + 1) if _says_title(draft, lines, stop - n, stop, known, limits)), 0)
        if not taken:
            return sorted(found) if len(found) <= most else []
        found += range(stop - taken, stop)
        stop -= taken
    return []


def _says_title(
    draft: Draft, lines: Lines, first: int, stop: int, known: Mapping[str, frozenset[str]], limits: Mapping[str, float]
) -> bool:
    """Tell whether these lines under prose say together what opens the text."""
    if first < int(limits["opening"]) or draft.text[lines.ends[stop - 1] - 1] in PAUSES:
        return False
    shape = "".join(_shapes(draft, lines, range(first, stop)))
    if stop - first > 1:
        return shape in known
    if len(shape) < SHORTEST_MISREAD:
        return shape in known and draft.text[lines.ends[first] - 1] != FULL_STOP
    prose = lines.width[1:first].max(initial=0) >= limits["text-to-title"] * lines.width[first]
    return bool(prose and nearly(shape, known, limits["head-misread"]))


def _shapes(draft: Draft, lines: Lines, rows: range) -> list[str]:
    return [shape_of(draft.text[lines.starts[row] : lines.ends[row]]) for row in rows]


def _titles(shapes: Mapping[str, list[int]], opening: int) -> set[str]:
    """Return the shapes that recur and, one after another, open the text; they may be set in other lines there.

    >>> sorted(_titles({"甲乙": [0], "丙丁": [1], "甲乙丙": [9, 40], "丁": [10, 41], "第0章": [2, 30]}, 4))
    ['丁', '甲乙丙']
    """
    first = "".join(shape for shape, rows in shapes.items() if rows[0] < opening)
    found: set[str] = set()
    reach = 0
    for shape in sorted((shape for shape, rows in shapes.items() if len(rows) > 1 and shape in first), key=first.find):
        if first.find(shape) <= reach and "0" not in shape:
            found.add(shape)
            reach = max(reach, first.find(shape) + len(shape))
    return found


def _doubled(rows: list[int], lines: Lines, text: str, text_to_title: float) -> bool:
    """Tell whether a line that opens the text stands there twice in a row, and again or over running text.

    Verse repeats its lines too, but not one that recurs a page further on.
    """
    under = rows[1] + 1
    if rows[1] != rows[0] + 1 or under >= len(lines) or text[lines.ends[rows[0]] - 1] in SENTENCE:
        return False
    if len(rows) > 2:
        return True
    return int(lines.width[under] + lines.indent[under]) >= text_to_title * int(lines.width[rows[0]])


def _chains(
    numbers: list[tuple[int, int]], places: Mapping[int, int], least: int, last: int = -1
) -> list[tuple[int, ...]]:
    """Return the runs of rows whose numbers count up by one, each in a place at least so far behind the one before.

    The last page may be shorter: its number is the last row.

    >>> numbers = [(10, 46), (40, 47), (41, 3), (70, 48), (73, 49)]
    >>> _chains(numbers, {row: 20 * row for row, _ in numbers}, 160, 73)
    [(10, 40, 70, 73)]
    """
    open_at: dict[int, list[int]] = {}  # next value: rows so far
    done: list[list[int]] = []
    for row, value in numbers:
        chain = open_at.get(value)
        if chain is not None and (places[row] - places[chain[-1]] >= least or row == last):
            del open_at[value]
            chain.append(row)
        else:
            chain = [row]
            done.append(chain)
        open_at[value + 1] = chain
    return [tuple(chain) for chain in done if len(chain) > 1]


def shape_of(line: str) -> str:
    """Return a line as it is compared: its letters, with every number alike."""
    return str(LETTERS.sub("", DIGITS.sub("0", line)))


def nearly(shape: str, heads: Mapping[str, frozenset[str]], misread: float) -> bool:
    """Tell whether a line is one of the heads but for a few characters."""
    for head, letters in heads.items():
        most = max(1, int(misread * len(head)))
        if (
            abs(len(shape) - len(head)) <= most
            and len(letters.difference(shape)) <= most
            and _apart(shape, head) <= most
        ):
            return True
    return False


def _apart(left: str, right: str) -> int:
    """Return how many characters must be changed, put in or taken out to make one text of another.

    (V. Levenshtein, Binary codes capable of correcting deletions, insertions and reversals, 1966.)

    >>> _apart("冬天的河流", "冬无的河")
    2
    """
    before = list(range(len(right) + 1))
    for row, a in enumerate(left, 1):
        now = [row]
        for column, b in enumerate(right, 1):
            now.append(min(before[column] + 1, now[-1] + 1, before[column - 1] + (a != b)))
        before = now
    return before[-1]
