"""Running heads, feet and page numbers: lines that recur from page to page while the text runs on across them.

Recurrence alone proves nothing: refrains, bylines and dialogue recur too. What tells is the sign of a page's end: with
the lines that recur taken away, reflow finds that the line before runs on in the line after; a form feed stands beside;
the pages are of one depth. It finds them; others set them aside.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import regex
from numpy.typing import NDArray

from cleanup.document import Draft
from cleanup.language.characters import PAUSES
from cleanup.language.edges import ENDS, end_kinds
from cleanup.language.ngrams import NGrams
from cleanup.layout.breaks import break_probabilities, load_weights
from cleanup.layout.lines import Lines
from cleanup.layout.witnesses import gather

RUNNING_HEAD = "running-head"
PAGE_NUMBER = "page-number"
EVEN = 0.5
CLOSED = ("end", "end-closed", "ellipsis", "semicolon", "colon", "stop")
DIGITS = regex.compile(r"\d+")
LETTERS = regex.compile(r"[^\p{L}\p{N}]+")
NUMBER = regex.compile(r"[-—–─·•.~～\[［(（【\s　]*(?:第[ 　]?)?(\d{1,4})(?:[ 　]?页)?[-—–─·•.~～\]］)）】\s　]*")
# a number in which digits were read as the letters they look like
MISREAD_NUMBER = regex.compile(r"[-—–─·•.~\s　]*(?:第[ 　]?)?[0-9OoQIl|!SsZzBbgq]{1,4}(?:[ 　]?页)?[-—–─·•.~\s　]*")
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Recurring:
    """Lines that may stand on every page: their rows in the text's order, and the rule that would name them.

    `title`: what the line says stands at the head of the text too, where it is the headline. `doubled`: there it stands
    twice in a row, the running head of the first page and the headline under it. `sections`: numbers that count from 1,
    as sections do.
    """

    rows: tuple[int, ...]
    rule: str
    title: bool = False
    doubled: bool = False
    sections: bool = False

    @property
    def known(self) -> bool:
        """Whether one page's sign is enough: it repeats the title, or counts on from an earlier page."""
        return self.title or (self.rule == PAGE_NUMBER and not self.sections)


def find_heads(draft: Draft, lines: Lines, model: NGrams, limits: Mapping[str, float]) -> dict[int, str]:
    """Return the rows of the lines that belong to pages, each with the rule that names why."""
    groups = _recurring(draft, lines, limits)
    candidates = _candidates(groups, len(lines), int(limits["head-lines"]))
    groups = [replace(group, rows=kept) for group in groups if (kept := tuple(r for r in group.rows if candidates[r]))]
    if not groups or candidates.sum() + 2 > len(lines):
        return {}
    torn = _torn(draft, lines, candidates, model)
    titles = np.zeros(len(lines), dtype=np.bool_)
    titles[[row for group in groups if group.title for row in group.rows]] = True
    torn &= titles | ~running(draft, lines, candidates, model)  # a title names the text, it does not run on in it
    open_end = _open_before(draft, lines, candidates)
    paged = _paged(lines, candidates)
    beside = _beside([group for group in groups if group.known], len(lines))
    found: dict[int, str] = {}
    # what is sure of itself helps what stands beside it
    for group in sorted(groups, key=lambda group: not group.known):
        rows = list(group.rows)
        if group.doubled:
            found |= dict.fromkeys(rows, group.rule)
            continue
        regular = group.known and _regular(rows, limits["page-slack"])
        others = paged[rows] | beside[rows] | np.bool_(regular)
        flanked = np.array([row - 1 in found or row + 1 in found for row in rows])
        others |= flanked
        others[-1] |= group.rule == PAGE_NUMBER and rows[-1] == len(lines) - 1  # no section ends with its number
        signs = torn[rows] | others
        least = 1 if group.known else limits["page-signs"]
        turned = (torn & open_end)[rows].any() or (group.known and others.any()) or flanked.all()
        if turned and (signs.sum() >= least or flanked.all()) and signs.mean() >= limits["page-sign-share"]:
            # where a line stands first it may be the heading that the running head repeats
            first = [] if group.title or group.rule == PAGE_NUMBER or signs[0] else rows[:1]
            found |= {row: group.rule for row in rows if row not in first}
    return found | _misread(draft, lines, model, limits, found) if found else found


def _misread(
    draft: Draft, lines: Lines, model: NGrams, limits: Mapping[str, float], found: Mapping[int, str]
) -> dict[int, str]:
    """Return the lines that are nearly what was found, or a number out of turn, where a page ends too."""
    text = draft.text
    known = {text[lines.starts[row] : lines.ends[row]] for row, rule in found.items() if rule == RUNNING_HEAD}
    heads = {shape: frozenset(shape) for line in known if len(shape := _shape(line)) > 1}
    sentences = any(line[-1] in SENTENCE for line in known)
    numbered = PAGE_NUMBER in found.values()
    lengths = lines.ends - lines.starts
    longest = max([LONGEST_NUMBER * numbered, *(2 * len(head) for head in heads)])
    near: dict[int, str] = {}
    for row in np.flatnonzero(lengths <= longest).tolist():
        if row in found or row < limits["opening"]:
            continue
        line = text[lines.starts[row] : lines.ends[row]]
        shape = _shape(line)
        if numbered and len(line) < LONGEST_NUMBER and MISREAD_NUMBER.fullmatch(line):
            near[row] = PAGE_NUMBER
        elif shape and (line[-1] in SENTENCE) <= sentences and _nearly(shape, heads, limits["head-misread"]):
            near[row] = RUNNING_HEAD
    if not near:
        return {}
    candidates = np.zeros(len(lines), dtype=np.bool_)
    candidates[[*near, *found]] = True
    torn = _torn(draft, lines, candidates, model) & ~running(draft, lines, candidates, model)
    torn |= _paged(lines, candidates)
    sure = set(found) | {row for row in near if torn[row]}
    paired = {row for row, rule in near.items() if near.get(row + 1, rule) != rule or near.get(row - 1, rule) != rule}
    return {row: rule for row, rule in near.items() if row in sure or row in paired or {row - 1, row + 1} & sure}


def _nearly(shape: str, heads: Mapping[str, frozenset[str]], misread: float) -> bool:
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


def _shape(line: str) -> str:
    return str(LETTERS.sub("", DIGITS.sub("0", line)))


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


def _recurring(draft: Draft, lines: Lines, limits: Mapping[str, float]) -> list[Recurring]:
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
        elif line[-1] not in PAUSES and len(shape := _shape(line)) > 1:
            shapes.setdefault(shape, []).append(row)
    opening, least = int(limits["opening"]), int(limits["page-least"])
    titles = _titles(shapes, opening)
    found: list[Recurring] = []
    for shape, rows in shapes.items():
        if len(rows) < 2:
            continue
        title = shape in titles
        if title and _doubled(rows, lines, text, limits["text-to-title"]):
            found.append(Recurring((rows[0], *rows[2:]), RUNNING_HEAD, title=True, doubled=True))
            continue
        later = tuple(rows[1:] if rows[0] < opening else rows)
        if float(np.median(np.diff(lines.starts[rows]))) < least:
            continue
        found.append(Recurring(later, RUNNING_HEAD, title=title))
    values = dict(numbers)
    places = dict(zip(values, lines.starts[list(values)].tolist(), strict=True))
    from_one = {row for chain in _chains(numbers, places, 1) if values[chain[0]] == 1 for row in chain}
    for chain in _chains(numbers, places, least, len(lines) - 1):
        found.append(Recurring(chain, PAGE_NUMBER, sections=chain[0] in from_one))
    return found


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


SENTENCE = "。！？…”"
LONGEST_NUMBER = 16  # characters; a number with its ornaments


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


def _regular(rows: list[int], slack: float) -> bool:
    """Tell whether all rows stand equally far apart, as pages do, but for the last, which may close a short page.

    Two distances alone must be the same to the line.

    >>> _regular([9, 44, 79], 1), _regular([9, 44, 80], 1), _regular([9, 44, 80, 115, 120], 1)
    (True, False, True)
    """
    steps = np.diff(rows)
    if len(steps) > 2 and steps[-1] < steps[0]:
        steps = steps[:-1]
    return len(steps) > 1 and int(np.ptp(steps)) <= (slack if len(steps) > 2 else 0)


def _runs(candidates: Flags) -> list[tuple[int, int]]:
    """Return where the runs of candidates begin and end."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], candidates.astype(np.int8), [0]])))
    return [(start, end) for start, end in edges.reshape(-1, 2).tolist()]


def _candidates(groups: list[Recurring], count: int, most: int) -> Flags:
    """Return which rows recur, but for those that stand in a run of more than so many: a passage that is repeated.

    What repeats the title, and numbers, are not taken for a part of such a passage.
    """
    known, others = np.zeros(count, dtype=np.bool_), np.zeros(count, dtype=np.bool_)
    for group in groups:
        (known if group.title or group.rule == PAGE_NUMBER else others)[list(group.rows)] = True
    for start, end in _runs(known | others):
        if end - start > most:
            others[start:end] = False
    for start, end in _runs(known):
        if end - start > most:
            known[start:end] = False
    return np.asarray(known | others)


def _torn(draft: Draft, lines: Lines, candidates: Flags, model: NGrams) -> Flags:
    """Tell across which of the candidates the text runs on when all of them are taken away."""
    rest = np.flatnonzero(~candidates)
    kept = closed_up(lines, ~candidates)
    joined = break_probabilities(gather(draft, kept, model), load_weights()) < EVEN
    place = np.searchsorted(rest, np.arange(len(lines)))  # of a candidate: the number of the line after it
    inside = candidates & (place > 0) & (place < len(rest))
    found = np.zeros(len(lines), dtype=np.bool_)
    found[inside] = joined[place[inside] - 1]
    return found


def _open_before(draft: Draft, lines: Lines, candidates: Flags) -> Flags:
    """Tell before which of the candidates the text stands in mid-sentence; where it is closed it may end there."""
    closed = _closed(draft, lines)
    found = np.zeros(len(lines), dtype=np.bool_)
    for start, end in _runs(candidates):
        found[start:end] = start > 0 and not closed[start - 1]
    return found


def _closed(draft: Draft, lines: Lines) -> Flags:
    """Tell which lines close a sentence."""
    return np.isin(end_kinds(draft.codes, lines.starts, lines.ends), [ENDS.index(name) for name in CLOSED])


def running(draft: Draft, lines: Lines, candidates: Flags, model: NGrams) -> Flags:
    """Tell which of the candidates are lines of the running text: it runs on into them, and out of them or ends."""
    closed = _closed(draft, lines)
    joined = break_probabilities(gather(draft, lines, model), load_weights()) < EVEN
    found = np.zeros(len(lines), dtype=np.bool_)
    for start, end in _runs(candidates):
        found[start:end] = start > 0 and end < len(lines) and joined[start - 1] and (joined[end - 1] or closed[end - 1])
    return found


def closed_up(lines: Lines, kept: Flags) -> Lines:
    """Return the lines that are kept; what stood between two that have come together tells nothing and is as usual."""
    rest = np.flatnonzero(kept)
    gap, page = lines.gap[rest], lines.page[rest]
    together = np.concatenate([[False], np.diff(rest) > 1])
    usual = int(np.median(lines.gap[1:])) if len(lines) > 1 else 0
    return Lines(
        starts=lines.starts[rest],
        ends=lines.ends[rest],
        width=lines.width[rest],
        indent=lines.indent[rest],
        gap=np.where(together, usual, gap),
        page=page & ~together,
    )


def _paged(lines: Lines, candidates: Flags) -> Flags:
    """Tell which of the candidates stand beside a form feed, with at most other candidates between."""
    found = np.zeros(len(lines), dtype=np.bool_)
    if not lines.page.any():
        return found
    for start, end in _runs(candidates):
        found[start:end] = lines.page[start : end + 1].any()
    return found


def _beside(groups: list[Recurring], count: int) -> Flags:
    """Tell which recurring lines and numbers stand side by side, page after page."""
    numbered, headed = np.zeros(count + 2, dtype=np.bool_), np.zeros(count + 2, dtype=np.bool_)
    for group in groups:
        (numbered if group.rule == PAGE_NUMBER else headed)[np.array(group.rows) + 1] = True
    near_number = numbered[:-2] | numbered[2:]
    near_head = headed[:-2] | headed[2:]
    return np.asarray((headed[1:-1] & near_number) | (numbered[1:-1] & near_head))
