"""Line ends that the form of a line decides by itself.

What only opens a report runs on; verse, code and the lines of a table of contents never do. The forms are tables of
rules/reflow/lines.toml. Everything else is weighed by breaks.py.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

import numpy as np
import regex
from numpy.typing import NDArray

from cleanup.document import Draft
from cleanup.language.edges import RUNS_ON, SENTENCE, end_kinds
from cleanup.language.series import in_series
from cleanup.language.table_rows import table_rows
from cleanup.layout.indented import SHORT
from cleanup.layout.lines import Integers, Lines

LONGEST_OPENING = 80  # characters of what opens a report
OPENING_ENDS = "讯电）)"
REPORT_SIGNS = ("讯", "电", "记者")  # one of them stands in everything that opens a report
FENCE = "```"
FENCED = regex.compile(rf"^{FENCE}", regex.MULTILINE)
LEAST_STANZA = 20  # Han characters: a quatrain of five-syllable lines; less may be cut so by chance

Tables = Mapping[str, tuple[str, ...]]


def running_on(draft: Draft, lines: Lines, tables: Tables) -> list[int]:
    """Return the lines that go on in the next one by their form."""
    return [*openings(draft, lines, tables), *labels_alone(draft, lines)]


def ended(draft: Draft, lines: Lines, tables: Tables) -> list[int]:
    """Return the lines that end where they do, by their form or that of the next one."""
    alone = [*table_lines(draft, lines, tables), *series_lines(draft, lines)]
    above = [*above_signs(draft, lines, tables), *above_fields(draft, lines, tables), *above_counted(draft, lines)]
    above += above_people(draft, lines, tables)
    above += between_numbers(draft, lines)
    return [*kept_lines(draft, lines, tables), *alone, *(row - 1 for row in alone if row), *above]


def openings(draft: Draft, lines: Lines, tables: Tables) -> list[int]:
    """Return the lines before others that only open a report: 本报讯（记者 …） is no paragraph by itself."""
    text = draft.text
    if not any(sign in text for sign in REPORT_SIGNS):
        return []
    forms = [_compiled(form) for form in tables.get("report-openings", ())]
    found: list[int] = []
    short = (lines.ends - lines.starts)[:-1] <= LONGEST_OPENING
    for row in np.flatnonzero(short & _ending_in(OPENING_ENDS, draft, lines)[:-1]).tolist():
        end = int(lines.ends[row])
        for first in (row, row - 1)[: row + 1]:  # a bracket with many names takes two lines
            start = int(lines.starts[first])
            if end - start <= LONGEST_OPENING and any(form.fullmatch(text, start, end) for form in forms):
                found += range(first, row + 1)
    return found


def kept_lines(draft: Draft, lines: Lines, tables: Tables) -> list[int]:
    """Return the lines that stand by themselves: of regular verse, of contents, of code between fences."""
    length = lines.ends - lines.starts
    if length.max(initial=0) <= LONGEST_VERSE_LINE:
        marked = SENTENCE[end_kinds(draft.codes, lines.starts, lines.ends)] != RUNS_ON
        if nothing_but_verse(length, marked):
            return list(range(len(lines)))
    return [
        *_verse(draft, lines, tables.get("verse-lines", ())),
        *_contents(draft, lines, tables.get("contents-lines", ())),
        *_code(draft, lines),
    ]


def nothing_but_verse(length: Integers, marked: NDArray[np.bool_]) -> bool:
    """Tell whether lines of so many characters are verse, the names of poems and poets among them.

    `marked`: which of them a mark ends. Of 4,000 articles set 7 to 9 characters wide as many do on seven; cut at every
    mark besides, as some extractors do, on 31.

    >>> marked = np.array([0, 0, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1]) > 0
    >>> nothing_but_verse(np.array([4, 3, 8, 8, 8, 8, 5, 4, 6, 8, 8, 6]), marked)
    True
    """
    if len(length) < FEWEST_OF_A_POEM or length.max() > LONGEST_VERSE_LINE or not marked.any():
        return False
    regular = np.isin(length[marked], REGULAR).mean() >= MOSTLY
    return bool(marked.mean() >= (LEAST_MARKED_REGULAR if regular else LEAST_MARKED))


FEWEST_OF_A_POEM = 8  # lines: two quatrains, or one and its heads
LONGEST_VERSE_LINE = 9  # characters, the mark among them
LEAST_MARKED, LEAST_MARKED_REGULAR = 0.7, 0.5  # share of lines
REGULAR, MOSTLY = (6, 8), 0.75  # five syllables or seven, and a mark


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
    same = (length[1:] == length[:-1]) & (length[1:] <= LONGEST_VERSE)
    if not same.any():
        return []
    edges = np.flatnonzero(np.diff(np.concatenate([[False], same, [False]]).astype(np.int8)))
    return [(int(first), int(last) + 1) for first, last in edges.reshape(-1, 2).tolist()]


LONGEST_VERSE = 16  # characters: two clauses of seven syllables with their marks


def _contents(draft: Draft, lines: Lines, forms: tuple[str, ...]) -> list[int]:
    """Return the lines of a table of contents."""
    text = draft.text
    if not any(leader in text for leader in LEADERS):
        return []
    found: list[int] = []
    for row in np.flatnonzero(_ending_in(PAGE_ENDS, draft, lines)).tolist():
        start, end = int(lines.starts[row]), int(lines.ends[row])
        if end - start <= LONGEST_CONTENTS and any(_compiled(form).fullmatch(text, start, end) for form in forms):
            found.append(row)
    return found


LEADERS = ("……", "....", "．．．．", "····", "… …", ". . .", "· · ·")
PAGE_ENDS = "0123456789)）"
LONGEST_CONTENTS = 160  # characters, leaders among them


def _ending_in(characters: str, draft: Draft, lines: Lines) -> NDArray[np.bool_]:
    """Tell which lines end in one of the characters."""
    return _table(characters).take(draft.codes.take(lines.ends - 1), mode="clip")


@cache
def _table(characters: str) -> NDArray[np.bool_]:
    """Tell of each code point whether it is one of the characters; the last one stands for all beyond."""
    codes = [ord(character) for character in characters]
    table = np.zeros(max(codes) + 2, dtype=np.bool_)
    table[codes] = True
    return table


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


def table_lines(draft: Draft, lines: Lines, tables: Tables) -> list[int]:
    """Return the rows of tables."""
    rows = table_rows(draft.text, frozenset(tables.get("surnames", ())))
    firsts = np.array([first for first, _ in rows], dtype=np.int64)
    return [row for row in np.searchsorted(lines.starts, firsts).tolist() if row < len(lines)]


def between_numbers(draft: Draft, lines: Lines) -> list[int]:
    """Return the lines that end in a number which the next line, though it begins with one, does not go on with.

    Each of the two is a number and no more, as in a list or a table with one cell a line (where many stand one under
    another, what is above and below them ends there as well), or the next line has an indent that the line itself has
    not, or stands under a line that ends short.
    """
    digits = _table("0123456789")
    ends = digits.take(draft.codes.take(lines.ends[:-1] - 1), mode="clip")
    rows = np.flatnonzero(ends & digits.take(draft.codes.take(lines.starts[1:]), mode="clip")).tolist()
    if not rows:
        return []
    alone = {
        row
        for row in {*rows, *(row + 1 for row in rows)}
        if NUMBER_ALONE.fullmatch(draft.text, lines.starts[row], lines.ends[row])
    }
    listed = [row for row in rows if row in alone and row + 1 in alone]
    around = [row for run in near_each_other(listed, 1) for row in (run[0] - 1, run[-1] + 1) if row >= 0]
    reach = lines.width + lines.indent
    deep = lines.indent[1:] - lines.indent.min() >= LEAST_INDENT
    deep &= (lines.indent[1:] > lines.indent[:-1]) | (reach[:-1] <= reach.max() - SHORT)
    return [*listed, *around, *(row for row in rows if deep[row])]


NUMBER_ALONE = regex.compile(r"[\d ,.，．+%\-—－/]{2,}")
LEAST_INDENT = 4  # half em: two ideographs


def series_lines(draft: Draft, lines: Lines) -> list[int]:
    """Return the lines that head the parts of a list: 一等奖, 二等奖."""
    short = np.flatnonzero(lines.ends - lines.starts <= LONGEST_COUNTED).tolist()
    places = in_series(draft.text[lines.starts[row] : lines.ends[row]] for row in short)
    return [short[place] for place in places]


LONGEST_COUNTED = 12  # characters


def above_signs(draft: Draft, lines: Lines, tables: Tables) -> list[int]:
    """Return the lines above those that say behind a slash who wrote it or took the pictures."""
    text, signs = draft.text, tables.get("slash-signs", ())
    if not any(slash in text for slash in SLASHES):
        return []
    short = np.flatnonzero((lines.ends - lines.starts)[1:] <= LONGEST_SIGN)
    return [row for row in short.tolist() if text.startswith(signs, int(lines.starts[row + 1]))]


SLASHES = "/／"
LONGEST_SIGN = 24  # characters: 文/本刊记者 and four names


def above_fields(draft: Draft, lines: Lines, tables: Tables) -> list[int]:
    """Return the lines above the fields that stand over a paper: 关键词：, Abstract:."""
    names = tables.get("field-names", ())
    firsts = "".join({name[0] for name in names}) + FIELD_BRACKETS
    if not firsts:
        return []
    likely = _table(firsts).take(draft.codes.take(lines.starts[1:]), mode="clip")
    fields = _fields(names)
    return [row for row in np.flatnonzero(likely).tolist() if fields.match(draft.text, int(lines.starts[row + 1]))]


FIELD_BRACKETS = "[［〔【"


@cache
def _single(surnames: tuple[str, ...]) -> str:
    """Return the surnames of one character."""
    return "".join(name for name in surnames if len(name) == 1)


@cache
def _fields(names: tuple[str, ...]) -> regex.Pattern[str]:
    spaced = "|".join("[ \u3000]*".join(map(regex.escape, name)) for name in names)
    return regex.compile(rf"(?:{spaced})[ \u3000]*[:：]|[{regex.escape(FIELD_BRACKETS)}](?:{spaced})[\]］〕】]")


def labels_alone(draft: Draft, lines: Lines) -> list[int]:
    """Return the lines that are a label and no more, where others say something behind it: 问：, then what is asked."""
    text = draft.text
    colon = _ending_in("：:", draft, lines)[:-1] & ((lines.ends - lines.starts)[:-1] <= LONGEST_LABEL)
    alone = {row: text[lines.starts[row] : lines.ends[row]] for row in np.flatnonzero(colon).tolist()}
    if not alone:
        return []
    begun = Counter(match[0] for start in lines.starts.tolist() if (match := FOLLOWED.match(text, start)))
    return [row for row, label in alone.items() if begun[label] >= FEWEST_LABELS]


FOLLOWED = regex.compile(r"[^：:\n]{1,8}[：:](?=\S)")
LONGEST_LABEL = 9  # characters, the colon among them
FEWEST_LABELS = 2  # lines that say something behind a label: it is no greeting then


def above_counted(draft: Draft, lines: Lines) -> list[int]:
    """Return the lines above the items of a list: [2] and [3], or 2． and 3．, open lines near each other."""
    likely = _table(COUNT_FIRST).take(draft.codes.take(lines.starts), mode="clip")
    numbered = [
        (row, item[0].replace(item["n"], ""), int(item["n"]))
        for row in np.flatnonzero(likely).tolist()
        if (item := COUNTED.match(draft.text, int(lines.starts[row])))
    ]
    pairs = itertools.pairwise(numbered)
    near = [
        (above, below)
        for (above, form, first), (below, same, second) in pairs
        if same == form and second == first + 1 and below - above <= LONGEST_ITEM
    ]
    return sorted({row - 1 for pair in near for row in pair if row})


def above_people(draft: Draft, lines: Lines, tables: Tables) -> list[int]:
    """Return the lines above entries for people: a name, a wide gap and what is told, three and more together."""
    surnames = _single(tables.get("surnames", ()))
    if not surnames:
        return []
    likely = np.flatnonzero(_table(surnames).take(draft.codes.take(lines.starts), mode="clip")).tolist()
    rows = [row for row in likely if PERSON.match(draft.text, int(lines.starts[row]))]
    return sorted({row - 1 for run in near_each_other(rows, LONGEST_ITEM) for row in run if row})


def near_each_other(rows: Sequence[int], step: int) -> list[list[int]]:
    """Return the runs of rows that stand no more than a step apart, of as many rows as make a list.

    >>> near_each_other([3, 4, 6, 20, 21], 2)
    [[3, 4, 6]]
    """
    return [run for run in runs_of(rows, step) if len(run) >= FEWEST_OF_A_LIST]


def runs_of(rows: Iterable[int], step: int) -> list[list[int]]:
    """Return the runs of rows that stand no more than a step apart.

    >>> runs_of([3, 4, 6, 20, 21], 2)
    [[3, 4, 6], [20, 21]]
    """
    runs: list[list[int]] = []
    for row in rows:
        if runs and row - runs[-1][-1] <= step:
            runs[-1].append(row)
        else:
            runs.append([row])
    return runs


FEWEST_OF_A_LIST = 3
PERSON = regex.compile(r"\p{Han}(?:\p{Han}{1,2}|[ \u3000]\p{Han})(?:\u3000{2,}|[ \t]{3,}|[ ]*\t[ ]*)(?=\p{Han})")
COUNT_FIRST = "[〔［0123456789"
COUNTED = regex.compile(r"[\[〔［](?<n>\d{1,3})[\]〕］](?=[ \u3000]*[\p{Han}\p{Lu}])|(?<n>\d{1,2})[．、](?=\S)")
LONGEST_ITEM = 6  # lines


@cache
def _compiled(form: str) -> regex.Pattern[str]:
    return regex.compile(form)
