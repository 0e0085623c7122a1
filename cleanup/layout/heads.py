"""Running heads, feet and page numbers: lines that recur from page to page while the text runs on across them.

Recurrence alone proves nothing: refrains, bylines and dialogue recur too. What tells is the sign of a page's end: with
the lines that recur taken away, reflow finds that the line before runs on in the line after; a form feed stands beside;
the pages are of one depth. It finds them; others set them aside.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import regex
from numpy.typing import NDArray

from cleanup.document import Draft
from cleanup.language.edges import ENDS, end_kinds
from cleanup.language.ngrams import NGrams
from cleanup.layout.breaks import break_probabilities, load_weights
from cleanup.layout.lines import Lines
from cleanup.layout.recurring import (
    LONGEST_NUMBER,
    NEVER_HEAD,
    PAGE_NUMBER,
    RUNNING_HEAD,
    SENTENCE,
    Recurring,
    find_recurring,
    nearly,
    numbers_alone,
    shape_of,
)
from cleanup.layout.witnesses import gather

EVEN = 0.5
PAGE_GAP = 3  # empty lines more than usual: what the rule page-break has put in place of a form feed
CLOSED = ("end", "end-closed", "ellipsis", "semicolon", "colon", "stop")
# a number in which digits were read as the letters they look like
MISREAD_NUMBER = regex.compile(r"[-—–─·•.~\s　]*(?:第[ 　]?)?[0-9OoQIl|!SsZzBbgq]{1,4}(?:[ 　]?页)?[-—–─·•.~\s　]*")
DASHED = regex.compile(r"[-—–·•]{1,2}\s*\d{1,4}\s*[-—–·•]{1,2}")
Flags = NDArray[np.bool_]


def find_heads(draft: Draft, lines: Lines, model: NGrams, limits: Mapping[str, float]) -> dict[int, str]:
    """Return the rows of the lines that belong to pages, each with the rule that names why."""
    groups = find_recurring(draft, lines, limits)
    candidates = _candidates(groups, len(lines), int(limits["head-lines"]))
    groups = [replace(group, rows=kept) for group in groups if (kept := tuple(r for r in group.rows if candidates[r]))]
    fed = _at_feet(draft, lines)
    if not (groups or fed) or candidates.sum() + 2 > len(lines):
        return {}
    candidates[fed] = True
    single = _beside_numbers(draft, lines, groups, fed, candidates, limits)
    candidates |= single
    torn = _torn(draft, lines, candidates, model)
    titles = np.zeros(len(lines), dtype=np.bool_)
    titles[[row for group in groups if group.title for row in group.rows]] = True
    torn &= titles | ~running(draft, lines, candidates, model)  # a title names the text, it does not run on in it
    open_end = _open_before(draft, lines, candidates)
    paged = _paged(lines, candidates)
    beside = _beside([group for group in groups if group.known], len(lines))
    found: dict[int, str] = dict.fromkeys(fed, PAGE_NUMBER)
    # what is sure of itself helps what stands beside it
    for group in sorted(groups, key=lambda group: not group.known):
        rows = list(group.rows)
        if group.doubled:
            found |= dict.fromkeys(rows, group.rule)
            continue
        regular = group.known and _regular(rows, group.title, limits)
        others = paged[rows] | beside[rows] | np.bool_(regular)
        flanked = np.array([row - 1 in found or row + 1 in found for row in rows])
        others |= flanked
        # no section ends with its number, and no text in prose with its title
        others[-1] |= group.closing or (group.rule == PAGE_NUMBER and rows[-1] == len(lines) - 1)
        signs = torn[rows] | others
        least = 1 if group.known else limits["page-signs"]
        turned = (torn & open_end)[rows].any() or (group.known and others.any()) or flanked.all()
        if turned and (signs.sum() >= least or flanked.all()) and signs.mean() >= limits["page-sign-share"]:
            # where a line stands first it may be the heading that the running head repeats
            first = [] if group.title or group.rule == PAGE_NUMBER or signs[0] else rows[:1]
            found |= {row: group.rule for row in rows if row not in first}
    numbers = {row for row, rule in found.items() if rule == PAGE_NUMBER}
    found |= {
        row: RUNNING_HEAD
        for row in np.flatnonzero(single & torn).tolist()
        if not {row - 1, row + 1}.isdisjoint(numbers)
    }
    return found | _misread(draft, lines, model, limits, found) if found else found


def _at_feet(draft: Draft, lines: Lines) -> list[int]:
    """Return the numbers alone that close a page before a form feed or the gap it left, or stand between dashes."""
    feeds = np.append(lines.page | (lines.gap >= np.median(lines.gap[1:]) + PAGE_GAP), False)
    numbers = [(row, draft.text[lines.starts[row] : lines.ends[row]]) for row in numbers_alone(draft, lines)]
    return [row for row, line in numbers if (feeds[row + 1] and not feeds[row]) or DASHED.fullmatch(line)]


def _beside_numbers(
    draft: Draft, lines: Lines, groups: list[Recurring], fed: list[int], candidates: Flags, limits: Mapping[str, float]
) -> Flags:
    """Tell which lines beside numbers that count up may be heads that recur nowhere: short, set apart from the text."""
    found = np.zeros(len(lines), dtype=np.bool_)
    longest = limits["single-head"] * float(np.median(lines.width))
    gap = [*lines.gap.tolist(), 0]
    usual = float(np.median(lines.gap[1:]))
    numbers = {row for group in groups if group.rule == PAGE_NUMBER and group.known for row in group.rows}
    numbers.update(fed)
    for number in numbers:
        for row, towards_text in ((number - 1, number - 1), (number + 1, number + 2)):
            if row < 1 or row >= len(lines) or candidates[row]:
                continue
            if gap[towards_text] > usual or gap[row] >= usual + PAGE_GAP:
                line = draft.text[lines.starts[row] : lines.ends[row]]
                found[row] = lines.width[row] <= longest and not NEVER_HEAD.search(line)
    return found


def _misread(
    draft: Draft, lines: Lines, model: NGrams, limits: Mapping[str, float], found: Mapping[int, str]
) -> dict[int, str]:
    """Return the lines that are nearly what was found, or a number out of turn, where a page ends too."""
    text = draft.text
    known = {text[lines.starts[row] : lines.ends[row]] for row, rule in found.items() if rule == RUNNING_HEAD}
    heads = {shape: frozenset(shape) for line in known if len(shape := shape_of(line)) > 1}
    sentences = any(line[-1] in SENTENCE for line in known)
    numbered = PAGE_NUMBER in found.values()
    lengths = lines.ends - lines.starts
    longest = max([LONGEST_NUMBER * numbered, *(2 * len(head) for head in heads)])
    near: dict[int, str] = {}
    for row in np.flatnonzero(lengths <= longest).tolist():
        if row in found or row < limits["opening"]:
            continue
        line = text[lines.starts[row] : lines.ends[row]]
        shape = shape_of(line)
        if numbered and len(line) < LONGEST_NUMBER and MISREAD_NUMBER.fullmatch(line):
            near[row] = PAGE_NUMBER
        elif shape and (line[-1] in SENTENCE) <= sentences and nearly(shape, heads, limits["head-misread"]):
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


def _regular(rows: list[int], title: bool, limits: Mapping[str, float]) -> bool:
    """Tell whether all rows stand equally far apart, as pages do, but for the last, which may close a short page.

    Where it is the `title` that recurs, the first page begins with the text, and two distances as long as pages tell
    enough. Between numbers, which count all kinds of things, two must be the same to the line.

    >>> limits = {"page-slack": 1, "page-lines": 15}
    >>> [_regular(rows, False, limits) for rows in ([9, 44, 79], [9, 44, 80], [9, 44, 80, 115, 120])]
    [True, False, True]
    >>> [_regular(rows, True, limits) for rows in ([35, 71], [35, 74], [4, 9])]
    [True, False, False]
    """
    slack = limits["page-slack"]
    if title and rows[0] >= limits["page-lines"] and int(np.ptp(np.diff([0, *rows]))) <= slack and len(rows) > 1:
        return True
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
