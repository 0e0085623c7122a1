"""The words of cells, matched with the words that read on from them: beside them on the line, or below.

A gap of one space parts words, and now and then two columns that stand close; which, the match of the whole stretch
says. It finds where cells end and which cell surely follows which; it orders nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from cleanup import markers
from cleanup.document import Draft
from cleanup.language.characters import east_asian_width
from cleanup.layout.cells import Cells, Edges, Flags, Integers, Reals, Sheet, read_edges
from cleanup.layout.matching import assign
from cleanup.layout.places import BESIDE

REACH = 3  # rows down to the next line of a column: neighbours set off the line grid stand between
SHIFT = 8  # columns a cell may stand left of its column when the cell beside it runs close to it
NEAR = 12  # rows in which columns keep their edges and their measure
WIDEST = 130  # half em; no printed line is wider
NARROWEST = 10  # half em; no column is narrower than five characters
INDENT = 4  # half em
WHOLE = ("byline", "credit", "furniture")  # lines of names, whose spaces no sentence holds together
LONGEST = 60  # characters of such a line


@dataclass(frozen=True, slots=True)
class Words:
    """The words of cells: what no space parts, letter-spaced runs whole; `cell` is the cell each stands in."""

    starts: Integers
    ends: Integers
    cell: Integers


def words_of(draft: Draft, cells: Cells) -> Words:
    """Part cells at their single spaces; a line of names known by its form, as bylines and imprints are, stays one."""
    text = draft.text
    known = [form.find for form in markers.load() if form.role in WHOLE]
    starts: list[int] = []
    ends: list[int] = []
    owner: list[int] = []
    for cell, (start, end) in enumerate(zip(cells.starts.tolist(), cells.ends.tolist(), strict=True)):
        at = start
        single = False
        whole = text[start:end]
        if " " in whole and len(whole) <= LONGEST and any(form.fullmatch(whole) for form in known):
            starts.append(start)
            ends.append(end)
            owner.append(cell)
            continue
        for word in whole.split():
            here = text.index(word, at)
            at = here + len(word)
            # a letter-spaced line is one word
            if single and len(word) == 1 and owner and owner[-1] == cell:
                ends[-1] = at
            else:
                starts.append(here)
                ends.append(at)
                owner.append(cell)
            single = len(word) == 1
    return Words(np.array(starts, np.int64), np.array(ends, np.int64), np.array(owner, np.int64))


@dataclass(frozen=True, slots=True)
class Matched:
    """For each word the one that reads on from it (-1: none), and the one it reads on from.

    `gain` is the weight of the joint to `after`; `stands` that of the joint to the next word as the text stands.
    """

    after: Integers
    before: Integers
    gain: Reals
    stands: Reals
    left: Integers


def match_words(sheet: Sheet, cells: Cells, words: Words) -> Matched:
    """Match words with the words that read on from them, so that the joints together are the best.

    Where single spaces part whole pages, cells are two columns wide at first: the parts that a first match finds tell
    how wide columns are, and a second match is made with them.
    """
    edges = read_edges(sheet, words.starts, words.ends)
    pairs = _pairs(sheet, cells, words, edges)
    matched = _match(sheet, cells, words, pairs, cells)
    same = np.concatenate([[False], words.cell[1:] == words.cell[:-1]])
    parted = np.concatenate([[False], matched.after[:-1] != np.arange(1, len(words.starts))])
    parts = _parts(sheet.draft, cells, words, ~same | parted)
    if not (same & parted).any() or _usual(parts.width) == _usual(cells.width):
        return matched
    return _match(sheet, cells, words, pairs, parts)


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Words that might read on: each of `upper` to its `lower` one, and each word to the next as the text stands."""

    upper: Integers
    lower: Integers
    down: Reals
    stands: Reals
    left: Integers


def _pairs(sheet: Sheet, cells: Cells, words: Words, edges: Edges) -> _Pairs:
    """Return which words might read on and the weights of these joints."""
    count = len(words.starts)
    limits = sheet.limits
    home = cells.left[words.cell]
    left = home + words.starts - cells.starts[words.cell]
    right = left + words.ends - words.starts
    row = cells.row[words.cell]

    def weigh(ends: Integers, starts: Integers) -> Reals:
        odds = edges.continuation(sheet.model, ends, starts)
        return np.clip(odds - limits["joint-floor"], 0.0, limits["joint-most"])

    first = np.searchsorted(row, row, "right")
    stop = np.searchsorted(row, row + REACH, "right")
    reach = stop - first
    upper = np.repeat(np.arange(count), reach)
    lower = np.arange(len(upper)) - np.repeat(np.cumsum(reach) - reach, reach) + np.repeat(first, reach)
    under = (left[lower] <= right[upper] + 1) & (left[lower] >= home[upper] - SHIFT)
    upper, lower = upper[under], lower[under]
    down = weigh(upper, lower) - limits["row-skipped"] * (row[lower] - row[upper] - 1)
    stands = np.append(weigh(np.arange(count - 1), np.arange(1, count)), 0.0)
    return _Pairs(upper[down > 0], lower[down > 0], down[down > 0], stands, left)


def _match(sheet: Sheet, cells: Cells, words: Words, pairs: _Pairs, parts: Cells) -> Matched:
    """Match the words, where `parts` tell how wide columns are."""
    limits = sheet.limits
    here = np.flatnonzero(words.cell[1:] == words.cell[:-1])
    stands = pairs.stands.copy()
    held = stands[here] + limits["word-space"]
    held = np.maximum(held - limits["full-line"] * _full(sheet.draft, cells, words, parts)[here], 0.0)
    stands[here] = held
    ends = np.concatenate([pairs.upper, here])
    starts = np.concatenate([pairs.lower, here + 1])
    after, gain = assign(len(words.starts), ends, starts, np.concatenate([pairs.down, held]))
    before = np.full(len(words.starts), -1)
    before[after[after >= 0]] = np.flatnonzero(after >= 0)
    return Matched(after, before, gain, stands, pairs.left)


def _parts(draft: Draft, cells: Cells, words: Words, fresh: Flags) -> Cells:
    """Return the parts of cells that begin at the words marked."""
    first = np.flatnonzero(fresh)
    last = np.append(first[1:], len(fresh)) - 1
    starts, ends, owner = words.starts[first], words.ends[last], words.cell[first]
    origin = int(starts[0])
    widths = np.concatenate([[0], np.cumsum(east_asian_width()[draft.codes[origin : ends[-1]]], dtype=np.int64)])
    left = cells.left[owner] + starts - cells.starts[owner]
    width = widths[ends - origin] - widths[starts - origin]
    return Cells(starts, ends, cells.line[owner], cells.row[owner], left, left + ends - starts, width)


def _full(draft: Draft, cells: Cells, words: Words, parts: Cells) -> Flags:
    """Tell for each word whether a line of the columns around it would be full with it, though its cell goes on.

    `parts` tell how wide and where columns are.
    """
    found = np.zeros(len(words.starts), dtype=np.bool_)
    counts = np.bincount(words.cell, minlength=len(cells))
    usual = _usual(parts.width)
    first = np.concatenate([[0], np.cumsum(counts)])
    table = east_asian_width()
    for cell in np.flatnonzero((counts > 1) & (cells.width > usual + NARROWEST)).tolist():
        low, high = np.searchsorted(parts.row, [cells.row[cell] - NEAR, cells.row[cell] + NEAR + 1])
        measures = {usual, _usual(parts.width[low:high])}
        near = slice(*np.searchsorted(parts.row, [cells.row[cell] - 2, cells.row[cell] + 3]))
        inset = cells.left[cell] - parts.left[near]
        indent = INDENT if ((inset > 0) & (inset <= BESIDE)).any() else 0
        start = int(cells.starts[cell])
        spaces = draft.text.count(" ", start, int(cells.ends[cell]))
        if 3 * spaces > cells.ends[cell] - start:
            continue  # letter-spaced: its spaces say nothing
        best, error = -1, np.inf
        for word in range(int(first[cell]), int(first[cell + 1]) - 1):
            end = int(words.ends[word])
            # a space between figures and Han is half as wide as a character of the line
            width = float(table[draft.codes[start:end]].sum()) - draft.text.count(" ", start, end) / 2
            over = min((width + lost - measure for measure in measures for lost in {0, indent}), key=abs)
            rest = float(table[draft.codes[end : cells.ends[cell]]].sum())
            if -2 <= over <= 1 and abs(over) < error and rest >= NARROWEST:
                best, error = word, abs(over)
            elif best >= 0:
                found[best] = True
                start, indent = int(words.starts[best + 1]), INDENT
                best, error = -1, np.inf
        if best >= 0:
            found[best] = True
    return found


def _usual(widths: Integers) -> int:
    """Return the most frequent width of texts, give or take one."""
    counts = np.bincount(np.clip(widths, 0, WIDEST))
    counts[:NARROWEST] = 0
    return int(np.convolve(counts, np.ones(3, np.int64), "same").argmax())


def cells_of(sheet: Sheet, cells: Cells, words: Words, matched: Matched) -> tuple[Cells, Integers]:
    """Return the cells as they are read, and for each the one that surely follows it (-1: none)."""
    count = len(words.starts)
    same = np.concatenate([[False], words.cell[1:] == words.cell[:-1]])
    parted = np.concatenate([[False], matched.after[:-1] != np.arange(1, count)])
    upward = matched.before
    for_cut = np.concatenate([[0.0], matched.gain[:-1]]) + np.where(upward >= 0, matched.gain[upward], 0.0)
    held = np.concatenate([[0.0], matched.stands[:-1]])
    cut = same & parted & ((for_cut > held) | (held <= 0.0)) & _wide_enough(sheet, words)
    cut |= _straddling(sheet, cells, words, matched, ~same | cut)
    fresh = ~same | cut
    first = np.flatnonzero(fresh)
    last = np.append(first[1:], count) - 1
    number = np.cumsum(fresh) - 1
    parts = _parts(sheet.draft, cells, words, fresh)
    row, left = parts.row - cells.row[0], matched.left[first]
    loose = cut[first]
    for cell in np.flatnonzero(loose).tolist():
        left[cell] = _column_of(cell, row, left, loose)
    after = matched.after[last]
    sure = (after >= 0) & fresh[after] & (matched.gain[last] >= sheet.limits["joint-sure"])
    follows = np.where(sure, number[after], -1)
    follows[(follows >= 0) & (row[np.maximum(follows, 0)] <= row)] = -1
    return replace(parts, row=row, left=left, right=left + parts.ends - parts.starts), follows


def _wide_enough(sheet: Sheet, words: Words) -> Flags:
    """Tell for each word whether what stands before it in its cell could be a line of a column."""
    first, last = int(words.starts[0]), int(words.ends[-1])
    widths = np.concatenate([[0], np.cumsum(east_asian_width()[sheet.draft.codes[first:last]], dtype=np.int64)])
    begins = np.searchsorted(words.cell, words.cell)
    before = widths[words.starts - first] - widths[words.starts[begins] - first]
    return np.asarray(before >= sheet.limits["text-cell"])


def _straddling(sheet: Sheet, cells: Cells, words: Words, matched: Matched, fresh: Flags) -> Flags:
    """Return where words begin the right-hand part of a cell that begins in one column and surely goes on in another.

    A line that goes on is full, so the part is as wide as the lines it goes on in, give or take an indent.
    """
    found = np.zeros(len(fresh), dtype=np.bool_)
    begins = np.flatnonzero(fresh)
    stops = np.append(begins[1:], len(fresh)) - 1
    goes_on = matched.after[stops]
    sure = (goes_on >= 0) & (matched.gain[stops] > 0)
    target = words.cell[np.maximum(goes_on, 0)]
    apart = matched.left[np.maximum(goes_on, 0)] - matched.left[begins] > BESIDE
    lower = cells.row[target] > cells.row[words.cell[stops]]
    for at in np.flatnonzero(sure & apart & lower & (stops > begins)).tolist():
        cell = int(target[at])
        low, high = np.searchsorted(cells.row, [cells.row[cell] - NEAR, cells.row[cell] + NEAR + 1])
        inset = cells.left[low:high] - cells.left[cell]
        widths = cells.width[low:high][(inset >= -1) & (inset <= BESIDE)]
        measure = float(np.percentile(widths, 75))
        if cells.width[words.cell[stops[at]]] < measure + NARROWEST:
            continue
        inner = np.arange(begins[at] + 1, stops[at] + 1)
        end = int(words.ends[stops[at]])
        places = words.starts[inner]
        table = np.cumsum(east_asian_width()[sheet.draft.codes[places[0] : end]][::-1], dtype=np.int64)[::-1]
        lack = measure - table[places - places[0]]
        cost = np.abs(lack - np.where(lack > 2, INDENT, 0)) + matched.stands[inner - 1] / 2
        cost[(lack < -3) | (lack > 6)] = np.inf
        best = int(cost.argmin())
        if np.isfinite(cost[best]):
            found[inner[best]] = True
    return found


def _column_of(cell: int, row: Integers, left: Integers, loose: Flags) -> int:
    """Return where a cell that ran up to its neighbour would stand: at the left edge most frequent near it."""
    low, high = np.searchsorted(row, [row[cell] - NEAR, row[cell] + NEAR + 1])
    near = np.arange(low, high)
    near = near[~loose[low:high] & (left[low:high] >= left[cell] - 1) & (left[low:high] <= left[cell] + 2 * SHIFT)]
    places, counts = np.unique(left[near], return_counts=True)
    common = places[counts >= max(2.0, counts.max(initial=0) / 3)]
    return int(common[0]) if len(common) else int(left[cell])
