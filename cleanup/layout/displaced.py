"""The last characters of a headline's line, which a recogniser has set down somewhere else.

Headlines are set large and wide; a recogniser may take the last one to three characters of such a line for a region of
their own and put them out before it, or far behind. They stand alone on a line and do not go on from the one before,
while one line near them, which breaks off, spells a word with them. The n-grams compare all lines near them; what they
do not tell clearly stays where it is. It proposes nothing: the columns stage does.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import regex

from cleanup.layout.cells import DEPTH, Integers, Reals, Sheet
from cleanup.layout.lines import Lines, measure_lines
from cleanup.layout.reading import Piece, Reading

DISPLACED = "displaced-line-end"
STRAY = regex.compile(r"\p{Han}{1,3}[”’」』》]?")  # a closing mark may stand behind the last character
OPEN = regex.compile(r"[^\n]*[\p{Han}\p{L}\p{N}]")  # a line that breaks off


def read_displaced(sheet: Sheet) -> list[Reading]:
    """Return the whole text as it reads once such characters stand behind the lines they end; nothing without any."""
    text = sheet.draft.text
    lines = measure_lines(sheet.draft)
    spans = list(zip(lines.starts.tolist(), lines.ends.tolist(), strict=True))
    moved = dict(_moves(sheet, lines, spans))
    if not moved:
        return []
    behind: dict[int, int] = {}
    for stray, line in moved.items():
        behind.setdefault(line, stray)
    ends = set(behind.values())
    pieces: list[Piece] = []
    for row in range(len(spans)):
        if row not in ends:
            pieces.append(Piece(*spans[row], None, DISPLACED, 1.0))
            if row in behind:
                pieces.append(Piece(*spans[behind[row]], "\n", DISPLACED, 1.0))
    return [Reading(0, len(text), tuple(pieces))]


def _moves(sheet: Sheet, lines: Lines, spans: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the rows of lines that end another one, each with the row of that."""
    text, limits = sheet.draft.text, sheet.limits
    strays = [row for row, (start, end) in enumerate(spans) if STRAY.fullmatch(text, start, end)]
    if not strays or len(strays) > max(1, limits["displaced-share"] * len(spans)):
        return  # names, a table, verse: such lines are what the text is made of
    # two such lines one under the other are pieces of a line that was shattered
    alone = [row for row in strays if {row - 1, row + 1}.isdisjoint(strays)]
    short = (lines.width > 2 * DEPTH) & (lines.width <= 2 * limits["displaced-widest"])
    open_ends = [row for row in np.flatnonzero(short).tolist() if OPEN.fullmatch(text, *spans[row])]
    broken = np.array(open_ends, dtype=np.int64)
    for stray in alone:
        near = broken[(np.abs(broken - stray) <= limits["displaced-reach"]) & (broken != stray)]
        if not len(near):
            continue
        odds = _run_on(sheet, lines, near, stray)
        best = int(odds.argmax())
        line = int(near[best])
        least = max(limits["displaced-floor"], np.delete(odds, best).max(initial=-np.inf) + limits["displaced-lead"])
        if stray:
            least = max(least, _run_on(sheet, lines, np.array([stray - 1]), stray)[0] + limits["displaced-before"])
        if line + 1 < len(spans):
            least = max(least, _run_on(sheet, lines, near[best : best + 1], line + 1)[0] + limits["displaced-lead"])
        if line != stray - 1 and odds[best] >= least:
            yield stray, line


def _run_on(sheet: Sheet, lines: Lines, rows: Integers, row: int) -> Reals:
    """Return the log-odds of the n-grams that each of the lines `rows` runs on in the line `row`."""
    codes, model = sheet.draft.codes, sheet.model
    head = model.encode(codes[lines.starts[row] : lines.ends[row]][:DEPTH])
    heads = np.full((len(rows), DEPTH), model.PAD, dtype=np.uint16)
    heads[:, : len(head)] = head
    # of a line shorter than that, what it goes on from on the lines above
    last = sheet.solid.searchsorted(lines.ends[rows])[:, None] - DEPTH + np.arange(DEPTH)
    tails = model.encode(codes[sheet.solid[np.maximum(last, 0)]])
    return np.asarray(model.continuation(tails, heads), dtype=np.float64)
