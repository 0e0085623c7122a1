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
from cleanup.language.ngrams import NGrams
from cleanup.layout.breaks import break_probabilities, load_weights
from cleanup.layout.lines import Lines
from cleanup.layout.witnesses import gather

RUNNING_HEAD = "running-head"
PAGE_NUMBER = "page-number"
EVEN = 0.5
DIGITS = regex.compile(r"\d+")
LETTERS = regex.compile(r"[^\p{L}\p{N}]+")
NUMBER = regex.compile(r"[-—–─·•.~～\[［(（【\s　]*(?:第[ 　]?)?(\d{1,4})(?:[ 　]?页)?[-—–─·•.~～\]］)）】\s　]*")
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Recurring:
    """Lines that may stand on every page: their rows in the text's order, and the rule that would name them.

    `title`: what the line says stands at the head of the text too, where it is the headline. `sections`: numbers that
    count from 1, as sections do.
    """

    rows: tuple[int, ...]
    rule: str
    title: bool = False
    sections: bool = False


def find_heads(draft: Draft, lines: Lines, model: NGrams, limits: Mapping[str, float]) -> dict[int, str]:
    """Return the rows of the lines that belong to pages, each with the rule that names why."""
    groups = _recurring(draft, lines, limits)
    candidates = _candidates(groups, len(lines), int(limits["head-lines"]))
    groups = [replace(group, rows=kept) for group in groups if (kept := tuple(r for r in group.rows if candidates[r]))]
    if not groups or candidates.sum() + 2 > len(lines):
        return {}
    torn = _torn(draft, lines, candidates, model) & ~_running(draft, lines, candidates, model)
    paged = _paged(lines, candidates)
    beside = _beside(groups, len(lines))
    found: dict[int, str] = {}
    for group in groups:
        rows = list(group.rows)
        regular = _regular(rows, limits["page-slack"])
        signs = torn[rows] | paged[rows] | beside[rows] | regular
        signs[-1] |= group.rule == PAGE_NUMBER and rows[-1] == len(lines) - 1  # no section ends with its number
        known = group.title or (group.rule == PAGE_NUMBER and not group.sections)
        least = 1 if known else limits["page-signs"]
        turned = torn[rows].any() or (known and signs.any()) or beside[rows].sum() >= limits["page-signs"]
        if turned and signs.sum() >= least and signs.mean() >= limits["page-sign-share"]:
            # where a line stands first it may be the heading that the running head repeats
            first = [] if group.title or group.rule == PAGE_NUMBER or signs[0] else rows[:1]
            found |= {row: group.rule for row in rows if row not in first}
    return found


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
        elif line[-1] not in PAUSES and len(shape := LETTERS.sub("", DIGITS.sub("0", line))) > 1:
            shapes.setdefault(shape, []).append(row)
    opening, least = int(limits["opening"]), int(limits["page-least"])
    first = "".join(shape for shape, rows in shapes.items() if rows[0] < opening)
    found: list[Recurring] = []
    for shape, rows in shapes.items():
        if len(rows) < 2:
            continue
        title = shape in first  # which may be set in other lines there
        later = tuple(rows[1:] if rows[0] < opening else rows)
        if float(np.median(np.diff(rows))) < least:
            continue
        found.append(Recurring(later, RUNNING_HEAD, title=title))
    for chain in _chains(numbers, least, len(lines) - 1):
        values = dict(numbers)
        found.append(Recurring(chain, PAGE_NUMBER, sections=values[chain[0]] == 1))
    return found


PAUSES = "，、；：,;:"  # a line that ends in one is part of a sentence
LONGEST_NUMBER = 16  # characters; a number with its ornaments


def _chains(numbers: list[tuple[int, int]], least: int, last: int) -> list[tuple[int, ...]]:
    """Return the runs of numbers that count up by one, each at least so many lines after the one before.

    The last page may be shorter: its number is the last line.

    >>> _chains([(10, 46), (40, 47), (41, 3), (70, 48), (73, 49)], 8, 73)
    [(10, 40, 70, 73)]
    """
    open_at: dict[int, list[int]] = {}  # next value: rows so far
    done: list[list[int]] = []
    for row, value in numbers:
        chain = open_at.get(value)
        if chain is not None and (row - chain[-1] >= least or row == last):
            del open_at[value]
            chain.append(row)
        else:
            chain = [row]
            done.append(chain)
        open_at[value + 1] = chain
    return [tuple(chain) for chain in done if len(chain) > 1]


def _regular(rows: list[int], slack: float) -> Flags:
    """Tell which of the rows stand as far from the one before or after as that one stands from the next.

    >>> _regular([9, 44, 79, 93], 1).tolist()
    [True, True, True, False]
    """
    steps = np.diff(rows)
    alike = np.abs(np.diff(steps)) <= slack
    found = np.zeros(len(rows), dtype=np.bool_)
    for place in np.flatnonzero(alike).tolist():
        found[place : place + 3] = True
    return found


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


def _running(draft: Draft, lines: Lines, candidates: Flags, model: NGrams) -> Flags:
    """Tell which of the candidates are lines of the running text: it runs on both into them and out of them."""
    joined = break_probabilities(gather(draft, lines, model), load_weights()) < EVEN
    found = np.zeros(len(lines), dtype=np.bool_)
    for start, end in _runs(candidates):
        found[start:end] = start > 0 and end < len(lines) and joined[start - 1] and joined[end - 1]
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
