"""Columns whose lines stand in turn, row after row, as they do where boxes were sorted by their height.

First it asks whether lines run on to the next line or to one further down; only where they clearly do not run on as
they stand are they threaded. It finds pieces and their reading order; it changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from cleanup.layout.cells import Cells, Edges, Integers, Limits, Reals, Sheet, read_edges
from cleanup.layout.followers import (
    REACH,
    Odds,
    Witnesses,
    closed_lines,
    load_line_weights,
    read_witnesses,
    weigh_lines,
)
from cleanup.layout.lines import Lines, measure_lines
from cleanup.layout.places import boxes, load_weights
from cleanup.layout.reading import Piece, Reading, Stretch, load_passage, passes_on, reading_order, stretch_of

WEIGHTS = Path(__file__).with_name("threads.json")
THREAD = "column-thread"

BEAM = 40  # ways of threading kept at each line
WIDEST = 130  # half em; a longer line is a paragraph
LOOKED_AT = 24  # lines of one window of suspicion
MARGIN_LINES = 12  # lines threaded beyond the suspicious ones: a column may have begun or gone on alone
PORTION = 400  # lines read as one page
PITCH = 20  # columns of the line: how far apart threads are set when they are read as columns


def read_threads(sheet: Sheet) -> list[Reading]:
    """Return the stretches of columns whose lines stand in turn, in reading order."""
    return [_pieces(sheet, stretch) for stretch in take_apart(sheet)]


def take_apart(sheet: Sheet) -> Iterator[Stretch]:
    """Yield the stretches whose lines do not run on as they stand."""
    limits = sheet.limits
    for lines, edges, witnesses in suspicious(sheet):
        odds = weigh_lines(witnesses, load_line_weights(WEIGHTS))
        above, total = thread(odds, limits)
        if not _interleaved(sheet, lines, odds, above, total):
            continue
        above = first_leftmost(above, odds, limits)
        for low, high in _portions(above):
            within = [upper - low for upper in above[low:high]]
            cells, runs, margin = _as_columns(_part(lines, low, high), within, odds.joint[low:high], limits)
            some = Edges(edges.first[low:high], edges.last[low:high])
            yield stretch_of(sheet, cells, runs, boxes(cells, runs, margin), some, WEIGHTS)


def suspicious(sheet: Sheet) -> Iterator[tuple[Lines, Edges, Witnesses]]:
    """Yield the stretches of lines that may stand in turn, with what speaks for each line below each other."""
    lines = measure_lines(sheet.draft)
    if len(lines) < sheet.limits["thread-joints"]:
        return
    edges = read_edges(sheet, lines.starts, lines.ends)
    for first, stop in _suspects(sheet, lines, edges):
        part = _part(lines, first, stop)
        own = Edges(edges.first[first:stop], edges.last[first:stop])
        yield part, own, read_witnesses(sheet, part, own)


def _part(lines: Lines, first: int, stop: int) -> Lines:
    """Return some of the lines."""
    which = slice(first, stop)
    return Lines(
        lines.starts[which],
        lines.ends[which],
        lines.width[which],
        lines.indent[which],
        lines.gap[which],
        lines.page[which],
    )


def _suspects(sheet: Sheet, lines: Lines, edges: Edges) -> list[tuple[int, int]]:
    """Return the stretches of lines that run on to a line further down more often than to the next."""
    limits, model = sheet.limits, sheet.model
    count = len(lines)
    printed = lines.width <= WIDEST
    here = np.flatnonzero(printed[:-1] & printed[1:] & ~closed_lines(sheet, lines)[:-1])
    if len(here) < limits["thread-joints"]:
        return []
    # where a text is not in turn, nine of ten lines run on as they stand
    onward = edges.continuation(model, here, here + 1)
    doubtful = here[onward < limits["joint-floor"]]
    asked, failed = _around(_marked(count, here)), _around(_marked(count, doubtful))
    floor = limits["joint-floor"] + limits["thread-clear"]
    suspect = (failed >= limits["thread-joints"]) & (failed >= limits["thread-suspicion"] * asked)
    unjoined = here[suspect[here] & (onward < floor)]
    further = np.zeros(count, dtype=np.int64)
    for step in range(2, REACH // 2 + 1):
        there = unjoined[unjoined + step < count]
        further[there] = np.maximum(further[there], edges.continuation(model, there, there + step) >= floor)
    enough = np.maximum(limits["thread-joints"], limits["thread-share"] * _around(_marked(count, unjoined)))
    places = np.flatnonzero((further > 0) & (_around(further) >= enough))
    if not len(places):
        return []
    parts = np.split(places, np.flatnonzero(np.diff(places) > 2 * MARGIN_LINES + REACH) + 1)
    return [(max(0, int(part[0]) - MARGIN_LINES), min(count, int(part[-1]) + REACH + MARGIN_LINES)) for part in parts]


def _marked(count: int, places: Integers) -> Integers:
    """Return an array of zeros with ones at some places."""
    marks = np.zeros(count, dtype=np.int64)
    marks[places] = 1
    return marks


def _around(marks: Integers) -> Integers:
    """Return how many marks stand in the window around each line."""
    count, half = len(marks), LOOKED_AT // 2
    total = np.concatenate([[0], np.cumsum(marks)])
    here = np.arange(count)
    return np.asarray(total[np.minimum(here + half, count)] - total[np.maximum(here - half, 0)])


def _interleaved(sheet: Sheet, lines: Lines, odds: Odds, above: list[int], total: float) -> bool:
    """Tell whether the threads found are beyond doubt better than the lines as they stand."""
    limits = sheet.limits
    count = len(lines)
    plain = float(odds.begin[0] + odds.follow[np.arange(count - 1), 1].sum()) + limits["thread-onward"] * (count - 1)
    lower = np.flatnonzero(np.array(above) >= 0)
    upper = np.array(above)[lower]
    far = (lower - upper > 1) & ~closed_lines(sheet, lines)[upper]
    joints = odds.joint[upper[far], (lower - upper)[far]]
    clear = int((joints >= limits["joint-floor"] + limits["thread-clear"]).sum())
    return (
        total - plain >= limits["thread-gain"]
        and clear >= limits["thread-joints"]
        and clear >= limits["thread-share"] * len(joints)
    )


def _portions(above: list[int]) -> Iterator[tuple[int, int]]:
    """Part a long stretch where no thread but one crosses, so that no portion is longer than a large page."""
    count = len(above)
    first = 0
    while count - first > PORTION:
        reach = np.zeros(count, dtype=np.int64)
        for line in range(first, count):
            if above[line] >= 0:
                reach[above[line] + 1 : line + 1] += 1
        window = reach[first + PORTION // 2 : first + PORTION]
        stop = first + PORTION // 2 + int(window.argmin())
        yield first, stop
        first = stop
    yield first, count


def _as_columns(
    lines: Lines, above: list[int], joint: Reals, limits: Limits
) -> tuple[Cells, list[list[int]], Integers]:
    """Set the lines as if they stood side by side: a row for each turn, a column for each thread."""
    count = len(lines)
    thread_of = np.zeros(count, dtype=np.int64)
    threads: list[int] = []  # from left to right
    for line in range(count):
        if above[line] >= 0:
            thread_of[line] = thread_of[above[line]]
        else:
            thread_of[line] = len(threads)
            threads.insert(threads.index(int(thread_of[line - 1])) + 1 if line else 0, int(thread_of[line]))
    place = np.argsort(np.array(threads))[thread_of]
    row = np.concatenate([[0], np.cumsum(np.diff(place) <= 0)])
    runs: list[list[int]] = []
    run_of: dict[int, list[int]] = {}
    sure = limits["joint-floor"] + limits["joint-sure"]
    for line in range(count):
        last = above[line]
        if last >= 0 and joint[last, line - last] >= sure:
            run_of[line] = run_of[last]
            run_of[line].append(line)
        else:
            run_of[line] = [line]
            runs.append(run_of[line])
    left = place * PITCH
    cells = Cells(lines.starts, lines.ends, np.arange(count), row, left, left + PITCH // 2, lines.width)
    return cells, runs, left[np.array([run[0] for run in runs])]


def _pieces(sheet: Sheet, stretch: Stretch) -> Reading:
    """Return the lines of a stretch in reading order; an empty line more where a column does not go on."""
    cells, runs = stretch.cells, stretch.runs
    text, weights = sheet.draft.text, load_passage(WEIGHTS)
    usual = int(np.median([text.count("\n", a, b) for a, b in zip(cells.ends[:-1], cells.starts[1:], strict=True)]))
    pieces: list[Piece] = []
    before = -1
    for run, sure, follows in reading_order(stretch, load_weights(WEIGHTS), sheet.limits["cut-allowance"]):
        apart = before >= 0 and not near(stretch, before, run, follows)
        apart = apart and not passes_on(stretch, before, run, follows, weights)
        for number, line in enumerate(runs[run]):
            start, end = int(cells.starts[line]), int(cells.ends[line])
            indent = text[text.rfind("\n", 0, start) + 1 : start]
            gap = "\n" * (usual + (apart and number == 0)) + indent if pieces else None
            pieces.append(Piece(start, end, gap, THREAD, 1.0 if number else sure))
        before = run
    start = text.rfind("\n", 0, int(cells.starts.min())) + 1
    stop = text.find("\n", int(cells.ends.max()))
    return Reading(start, len(text) if stop < 0 else stop + 1, tuple(pieces))


def near(stretch: Stretch, before: int, run: int, follows: bool) -> bool:
    """Tell whether a run stands below the one before it, where a later stage sees how lines stand."""
    box, runs = stretch.box, stretch.runs
    below = box.margin[run] == box.margin[before] and box.top[run] - box.bottom[before] == 1
    return bool(below or (follows and runs[run][0] > runs[before][-1]))


def thread(odds: Odds, limits: Limits) -> tuple[list[int], float]:
    """Return for each line the one it stands below in its column (-1: none), and the log-probability of it all.

    Lines of k columns take turns: the next line goes on with the column that has waited longest. It costs something
    that a column begins, that one which waited has ended, that two changed their turns; where all else is equal, a line
    goes on with the line before it. A beam of states is kept, each the last lines of the columns that wait.
    """
    new, ended, swapped = limits["thread-begins"], limits["thread-ends"], limits["thread-swaps"]
    onward = limits["thread-onward"]
    count = len(odds.begin)
    follow = odds.follow.tolist()
    begin = odds.begin.tolist()
    states: dict[tuple[int, ...], float] = {(): 0.0}
    history: list[dict[tuple[int, ...], tuple[tuple[int, ...], int]]] = []
    for line in range(count):
        found: dict[tuple[int, ...], float] = {}
        back: dict[tuple[int, ...], tuple[tuple[int, ...], int]] = {}
        for state, score in states.items():
            waiting = tuple(last for last in state if line - last <= REACH)
            ways = [((*waiting, line), score + begin[line] + (new if line else 0.0), -1)]
            for turn, last in enumerate(waiting):
                here = score + follow[last][line - last] + (onward if len(waiting) == 1 and line - last == 1 else 0.0)
                ways.append(((*waiting[turn + 1 :], line), here + ended * turn, last))
                if turn:
                    ways.append(((*waiting[:turn], *waiting[turn + 1 :], line), here + swapped, last))
            for after, total, last in ways:
                if after not in found or total > found[after]:
                    found[after] = total
                    back[after] = (state, last)
        kept = sorted(found.items(), key=lambda item: -item[1])[:BEAM]
        states = dict(kept)
        history.append({state: back[state] for state in states})
    state = max(states, key=lambda found: states[found])
    total = states[state]
    above = [-1] * count
    for line in range(count - 1, -1, -1):
        state, above[line] = history[line][state]
    return above, total


def first_leftmost(above: list[int], odds: Odds, limits: Limits) -> list[int]:
    """Return the threads with the first of several columns that begin below a text taken for its continuation.

    Where a headline or a paragraph has ended, whichever of the columns goes on with its thread decides which is read
    first; lines of one row are seldom sorted otherwise than from left to right.
    """
    above = list(above)
    for line, upper in enumerate(above):
        first = upper + 1
        if upper < 0 or line == first or not (odds.afresh[upper, 1] and odds.afresh[upper, line - upper]):
            continue
        if any(above[between] >= 0 for between in range(first, line)):
            continue
        now = odds.follow[upper, line - upper] + odds.begin[first]
        if now - odds.follow[upper, 1] - odds.begin[line] < limits["thread-leftmost"]:
            above[first], above[line] = upper, -1
    return above
