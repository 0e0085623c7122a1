"""What speaks for a passage being a headline line, a paragraph, a caption …: how it looks and what stands around it.

It measures and never decides: roles.py does, with learned weights.
"""

from __future__ import annotations

from collections import Counter

import numpy as np
import regex
from numpy.typing import NDArray

from cleanup.assembly.cohesion import Cohesion, Vectors
from cleanup.assembly.passages import Passages, edge_ids
from cleanup.bins import Group, Reals, binned, cross, edges
from cleanup.language import headlinese
from cleanup.language.edges import ENDS, RUNS_ON, SENTENCE, STARTS
from cleanup.language.ngrams import NGrams
from cleanup.language.openings import OPENING, OPENINGS
from cleanup.layout.lines import Integers
from cleanup.markers import Marker

LENGTH_EDGES = (3, 5, 7, 10, 13, 16, 20, 26, 34, 50, 80, 140)
LONG = 35  # characters; a longer passage is body text, whatever else it may be
LIKELIHOOD_EDGES = (-7.0, -6.3, -5.7, -5.2, -4.8, -4.4, -4.0, -3.5)
STOP_EDGES = (-9.0, -7.0, -5.0, -3.5, -2.2, -1.2, -0.5)
COHESION_EDGES = (0.001, 0.01, 0.02, 0.04, 0.07, 0.12, 0.2)
LEAN_EDGES = (-0.1, -0.04, -0.015, -0.004, 0.004, 0.015, 0.04, 0.1)
ABOUT_EDGES = (0.05, 0.15, 0.25, 0.35, 0.5, 0.7)
TORN_EDGES = (-4.0, -2.0, -1.0, 0.0, 1.0, 2.0, 4.0)  # log-odds of a sentence being cut; beyond, they are too sure
RUN_EDGES = (-8.0, -4.0, -2.0, 0.0, 2.0, 4.0, 8.0)  # log-odds of a sentence running on in the next passage
STEP_EDGES = (-7, -2, 0, 1, 3, 8)  # characters a short line is longer than its short neighbour; halves are alike
TEXT_EDGES, HEADLINESE_EDGES = (-6.0, -4.0, -2.0, -1.0), (1.0, 2.0, 4.0, 6.0)  # log-odds of being worded as a headline
WORDED_EDGES = (8, 16)  # characters; the more of them, the more the wording tells
ABOUT_LEAN_EDGES = (-0.3, -0.15, -0.05, 0.05, 0.15, 0.3)
# forms that tell by themselves, and those of them that make a text of items; among items all forms tell
MADE_OF = [OPENING[name] for name in ("date", "dated-apart", "entry", "life", "section", "section-alone", "number")]
TELLING = [*MADE_OF, OPENING["note"], OPENING["greeting"]]
ITEMS = 2  # signs of such a text: passages of these forms, labels one under another, a greeting, a date that closes
ALIKE_EDGES = (2, 4)  # passages of the page that open as items in the same form
NEIGHBOURS = ("none", "long-closed", "long-open", "short-closed", "short-open", "dateline")
WINDOW = 3  # body passages taken together on either side
SPACED = regex.compile(r"\S+(?:[ \u3000]+\S+)+")

UNTOLD = "none"  # of a line whose wording does not speak for this side, or is too short or too long to tell
# labels that share one weight: wording tells headlines from text, but which line of a headline one is it would tell by
# the taste of one paper, and a heading need not be worded as a headline
HEADLINES = ("title", "half", "subtitle", "kicker")
ALIKE = {"worded-as-text": HEADLINES, "worded-as-headline": (*HEADLINES, "heading")}

# the level of the heading before or after, when nothing else stands between
LEVEL_STEPS = ("none", "higher", "same", "lower")
GAPS = ("less", "usual", "more")
HALVES = ("solid", "even", "uneven", "names", "many", "fours")
TWINS = ("none", "over-short", "over-long", "over-both")  # what stands under the same line elsewhere on the page


def few_words(passages: Passages) -> NDArray[np.bool_]:
    """Tell which passages are a few words that no mark closes, as the lines of a headline are."""
    return np.asarray((passages.length <= LONG) & (SENTENCE[passages.ending] == RUNS_ON))


def groups(markers: tuple[Marker, ...]) -> tuple[Group, ...]:
    """Return the groups of bins a passage is described by; the markers' own bins are named after them."""
    lengths = edges(LENGTH_EDGES)
    return (
        Group("bias", ("any",)),
        Group("length-end", cross(lengths, tuple(ENDS))),
        Group("length-start", cross(lengths, tuple(STARTS))),
        Group("marker", ("none", *(marker.id for marker in markers))),
        Group("marker-before", ("none", *(marker.id for marker in markers))),
        Group("marker-after", ("none", *(marker.id for marker in markers))),
        Group("level", ("unmarked", "1", "2", "3", "4", "5", "6", "plain")),
        Group("level-length", cross(("unmarked", "top", "middle", "low", "plain"), lengths)),
        Group("level-around", cross(LEVEL_STEPS, LEVEL_STEPS, ("unique", "usual"))),
        Group("gap-before", cross(GAPS, lengths)),
        Group("gap-after", cross(GAPS, lengths)),
        Group("neighbours", cross(NEIGHBOURS, NEIGHBOURS, ("short", "long"))),
        Group("halves", cross(HALVES, lengths)),
        Group("likelihood", cross(edges(LIKELIHOOD_EDGES), ("short", "long"))),
        Group("stop", cross(edges(STOP_EDGES), ("short", "long"))),
        Group("lean", cross(edges(LEAN_EDGES), ("short", "long"))),
        Group("across", cross(edges(COHESION_EDGES), ("short", "long"))),
        Group("own", cross(edges(COHESION_EDGES), ("short", "long"))),
        Group("lean-about", cross(edges(ABOUT_LEAN_EDGES), ("short", "long"))),
        Group("across-about", cross(edges(ABOUT_EDGES), ("short", "long"))),
        Group("own-about", cross(edges(ABOUT_EDGES), ("short", "long"))),
        Group("kin", cross(("alone", "same", "other", "none"), ("short", "long"))),
        Group("kin-run", cross(("alone", "same", "other", "none"), ("1", "2", "3", "4", "5+"), ("short", "long"))),
        Group("parallel", cross(("no", "one", "more", "run"), ("solid", "marked"), ("short", "long"))),
        Group("repeats", cross(("once", "again"), ("short", "long"))),
        Group("twin", cross(TWINS, ("over-short", "over-long"))),
        Group("place", cross(("only", "first", "second", "inner", "last"), ("short", "long"))),
        Group("quotes", cross(("none", "some"), ("colon", "none"), ("short", "long"))),
        Group("torn-end", cross(edges(TORN_EDGES), lengths)),
        Group("torn-start", cross(edges(TORN_EDGES), lengths)),
        Group("runs-from", cross(("none", *edges(RUN_EDGES)), ("short", "long"))),
        Group("runs-to", cross(("none", *edges(RUN_EDGES)), ("short", "long"))),
        Group("run", cross(("1", "2", "3", "4", "5+"), ("first", "inner", "last", "alone"))),
        Group("run-edges", cross(NEIGHBOURS, NEIGHBOURS, ("first", "inner", "last", "alone"))),
        Group("step-before", cross(("none", *edges(STEP_EDGES)), lengths)),
        Group("step-after", cross(("none", *edges(STEP_EDGES)), lengths)),
        Group("steps", cross(("none", *edges(STEP_EDGES)), ("none", *edges(STEP_EDGES)))),
        Group("worded-as-text", cross((UNTOLD, *edges(TEXT_EDGES)), edges(WORDED_EDGES))),
        Group("worded-as-headline", cross((UNTOLD, *edges(HEADLINESE_EDGES)), edges(WORDED_EDGES))),
        Group("form", cross(OPENINGS, lengths)),
        Group("form-before", cross(OPENINGS, ("short", "long"))),
        Group("form-after", cross(OPENINGS, ("short", "long"))),
        Group("forms", cross(OPENINGS, edges(ALIKE_EDGES), ("short", "long"))),
        Group("form-place", cross(OPENINGS, ("only", "first", "second", "inner", "last"), ("short", "long"))),
        Group("among-items", cross((UNTOLD, "items"), ("only", "first", "second", "inner", "last"), lengths)),
    )


def describe(passages: Passages, cohesion: Cohesion, model: NGrams) -> NDArray[np.int16]:
    """Return the bin of each passage in each group, shape (n, groups)."""
    count = len(passages)
    ends, starts = passages.ending, passages.opening
    size = binned(passages.length, LENGTH_EDGES)
    long = (passages.length > LONG).astype(np.int64)
    closed = np.isin(ends, [ENDS.index(name) for name in ("end", "end-closed", "ellipsis")])
    dateline = starts == STARTS.index("dateline")
    look = np.where(dateline, 5, np.where(long == 1, np.where(closed, 1, 2), np.where(closed, 3, 4)))
    before = np.concatenate([[0], look[:-1]])
    after = np.concatenate([look[1:], [0]])
    marker = passages.marker + 1
    gap_before = _gap(passages.gap)
    gap_after = np.concatenate([gap_before[1:], [2]]) if count else gap_before
    lean, across, own = _cohesion(passages, cohesion.words, long)
    lean_about, across_about, own_about = _cohesion(passages, cohesion.topics, long)
    likelihood, stop = _likelihood(passages, model)
    halves = np.array([_halves(text) for text in passages.texts], dtype=np.int64)
    repeats = _repeats(passages)
    kin = _kin(cohesion.words, long)
    place = np.full(count, 3)
    if count:
        place[-1] = 4
        place[0] = 1
        if count > 2:
            place[1] = 2
        if count == 1:
            place[0] = 0
    quotes = np.array([("“" in t) * 2 + ("：" not in t and ":" not in t) for t in passages.texts], dtype=np.int64)
    level = np.minimum(passages.level, 6)
    top = int(level[level > 0].min()) if level.any() else 0
    low = int(level.max()) if count else 0
    rank = np.where(level == 0, 0, np.where(level == top, 1, np.where(level == low, 3, 2)))
    width = len(LENGTH_EDGES) + 1
    rows = np.arange(max(count - 1, 0))
    runs_on = 1 + binned(cohesion.runs_on(rows, rows + 1), RUN_EDGES)
    runs = _runs(long)
    step_before, step_after = _steps(passages.length, long)
    form, among = items(passages.form)

    columns = [
        np.zeros(count, dtype=np.int64),
        size * len(ENDS) + ends,
        size * len(STARTS) + starts,
        marker,
        np.concatenate([[0], marker[:-1]]) if count else marker,
        np.concatenate([marker[1:], [0]]) if count else marker,
        level if top else np.full(count, 7),
        (rank if top else np.full(count, 4)) * width + size,
        _level_around(level),
        gap_before * width + size,
        gap_after * width + size,
        (before * len(NEIGHBOURS) + after) * 2 + long,
        halves * width + size,
        binned(likelihood, LIKELIHOOD_EDGES) * 2 + long,
        binned(stop, STOP_EDGES) * 2 + long,
        binned(lean, LEAN_EDGES) * 2 + long,
        binned(across, COHESION_EDGES) * 2 + long,
        binned(own, COHESION_EDGES) * 2 + long,
        binned(lean_about, ABOUT_LEAN_EDGES) * 2 + long,
        binned(across_about, ABOUT_EDGES) * 2 + long,
        binned(own_about, ABOUT_EDGES) * 2 + long,
        kin * 2 + long,
        (kin * 5 + runs // 4) * 2 + long,
        (np.array(_parallel(passages.texts, long)) * 2 + [not text.isalpha() for text in passages.texts]) * 2 + long,
        repeats * 2 + long,
        _twins(passages.texts, long),
        place * 2 + long,
        quotes * 2 + long,
        binned(cohesion.ends.torn, TORN_EDGES) * width + size,
        binned(cohesion.starts.torn, TORN_EDGES) * width + size,
        np.concatenate([[0], runs_on])[:count] * 2 + long,
        np.concatenate([runs_on, [0]])[:count] * 2 + long,
        runs,
        _run_edges(long, look) * 4 + runs % 4,
        step_before * width + size,
        step_after * width + size,
        step_before * (len(STEP_EDGES) + 2) + step_after,
        *_wording(passages),
        form * width + size,
        np.concatenate([[0], form])[:count] * 2 + long,
        np.concatenate([form, [0]])[-count:] * 2 + long if count else form,
        (form * (len(ALIKE_EDGES) + 1) + binned(np.bincount(form)[form], ALIKE_EDGES)) * 2 + long,
        (form * 5 + place) * 2 + long,
        (among * 5 + place) * width + size,
    ]
    return np.stack(columns, axis=1).astype(np.int16)


def items(form: Integers) -> tuple[Integers, bool]:
    """Return the forms of passages, as far as they tell on such a page, and whether it is made of items."""
    labels = form == OPENING["label"]
    signs = np.isin(form, MADE_OF).sum() + (labels[1:] & labels[:-1]).sum()
    signs += (form == OPENING["greeting"]).any() + (form[-1:] == OPENING["date"]).sum()
    among = bool(signs >= ITEMS)
    return (form if among else np.where(np.isin(form, TELLING), form, 0)), among


def _level_around(level: Integers) -> Integers:
    """Tell for each Markdown heading how the headings right before and after it rank, and whether its level recurs."""
    steps = np.zeros((2, len(level)), dtype=np.int64)
    marked = level > 0
    if len(level) > 1:
        both = marked[1:] & marked[:-1]
        upper, lower = level[:-1], level[1:]
        steps[0, 1:] = np.where(both, 2 + np.sign(upper - lower), 0)
        steps[1, :-1] = np.where(both, 2 + np.sign(lower - upper), 0)
    recurs = np.bincount(level)[level] > 1
    return np.asarray((steps[0] * len(LEVEL_STEPS) + steps[1]) * 2 + recurs, dtype=np.int64)


def _gap(gap: Integers) -> Integers:
    usual = np.median(gap[1:]) if len(gap) > 1 else 0
    return np.where(gap < usual, 0, np.where(gap > usual, 2, 1))


def _runs(long: Integers) -> Integers:
    """Return for each passage how many short ones stand together, and which of them it is."""
    bins = np.zeros(len(long), dtype=np.int64)
    row = 0
    while row < len(long):
        stop = row
        while stop < len(long) and long[stop] == long[row]:
            stop += 1
        size = min(stop - row, 5)
        bins[row:stop] = (size - 1) * 4 + 1
        bins[row] = (size - 1) * 4
        bins[stop - 1] = (size - 1) * 4 + 2
        if stop - row == 1:
            bins[row] = 3
        row = stop
    return bins


def _run_edges(long: Integers, look: Integers) -> Integers:
    """Return for each passage what stands before and after the short or long ones it stands among."""
    if not len(long):
        return np.zeros(0, dtype=np.int64)
    starts = np.flatnonzero(np.append(True, long[1:] != long[:-1]))
    sizes = np.diff(np.append(starts, len(long)))
    before = np.append(0, look[starts[1:] - 1])
    after = np.append(look[starts[1:]], 0)
    return np.repeat(before * len(NEIGHBOURS) + after, sizes)


def _steps(length: Integers, long: Integers) -> tuple[Integers, Integers]:
    """Return by how much each short passage is longer than the short one before it, and than the one after it, binned.

    0: it is long, or no short one is there.
    """
    steps = np.zeros((2, len(length)), dtype=np.int64)
    both = (long[1:] == 0) & (long[:-1] == 0)
    longer = length[1:] - length[:-1]
    steps[0, 1:] = np.where(both, 1 + binned(longer, STEP_EDGES), 0)
    steps[1, :-1] = np.where(both, 1 + binned(-longer, STEP_EDGES), 0)
    return steps[0], steps[1]


def _cohesion(passages: Passages, vectors: Vectors, long: Integers) -> tuple[Reals, Reals, Reals]:
    """Return for each passage what it shares with the body after it less the body before it, what those two share
    with each other, and what it shares with the nearer of them."""
    body = np.flatnonzero(long).tolist()
    count = len(passages)
    if not body or not count:
        return np.zeros(count), np.zeros(count), np.zeros(count)
    place = np.searchsorted(body, np.arange(count))
    following = np.searchsorted(body, np.arange(count), side="right")
    before = [body[max(p - WINDOW, 0) : p] for p in place.tolist()]
    after = [body[p : p + WINDOW] for p in following.tolist()]
    alone = [[row] for row in range(count)]
    with_before = vectors.pairwise(alone, before)
    with_after = vectors.pairwise(alone, after)
    return with_after - with_before, vectors.pairwise(before, after), np.maximum(with_before, with_after)


def _kin(vectors: Vectors, long: Integers) -> Integers:
    """Tell for each short line whether it is nearest to the same body text as the short line before it.

    0: no short line before it; 1: the same; 2: another; 3: one of the two is near to none.
    """
    body, short = np.flatnonzero(long), np.flatnonzero(long == 0)
    found = np.zeros(len(long), dtype=np.int64)
    if not len(body) or len(short) < 2:
        return found
    windows = [body[max(place - 1, 0) : place + 2].tolist() for place in range(len(body))]
    likeness = vectors.similarity([[row] for row in short.tolist()], windows[:MOST_COMPARED])
    nearest, strength = likeness.argmax(axis=1), likeness.max(axis=1)
    adjacent = short[1:] == short[:-1] + 1
    weak = (strength[1:] <= 0) | (strength[:-1] <= 0)
    same = np.abs(nearest[1:] - nearest[:-1]) <= SAME_PLACE
    found[short[1:][adjacent]] = np.where(weak, 3, np.where(same, 1, 2))[adjacent]
    return found


MOST_COMPARED = 500  # body windows; beyond, a page is a book
SAME_PLACE = 2  # passages; windows of three overlap so far


def _likelihood(passages: Passages, model: NGrams) -> tuple[Reals, Reals]:
    """Return for each passage the mean log P of its characters, and log P(¶) after its last one."""
    scores = model.score_text(passages.ids).astype(np.float64) if len(passages.ids) else np.zeros(0)
    total = np.concatenate([[0.0], np.cumsum(scores)])
    mean = (total[passages.last] - total[passages.first]) / np.maximum(passages.length, 1)
    _, tails = edge_ids(passages, model)
    if not len(tails):
        return mean, np.zeros(0)
    marks = np.full((len(tails), 1), model.PARAGRAPH, dtype=tails.dtype)
    return mean, model.log_prob(np.concatenate([tails, marks], axis=1)).astype(np.float64)


def _wording(passages: Passages) -> tuple[Integers, Integers]:
    """Return for each passage how much it is worded as text, and how much as a headline, binned."""
    odds = headlinese.log_odds(passages.codes, passages.first, passages.last, headlinese.load())
    size, told = binned(passages.length, WORDED_EDGES), np.nan_to_num(odds)
    text = np.where(odds < 0, 1 + binned(told, TEXT_EDGES), 0)
    headline = np.where(odds >= 0, 1 + binned(told, HEADLINESE_EDGES), 0)
    return text * (len(WORDED_EDGES) + 1) + size, headline * (len(WORDED_EDGES) + 1) + size


def _halves(text: str) -> int:
    """Tell how spaces divide a passage: not, into like or unlike halves, name-sized words, or many parts.

    Words of four characters each are no names but a slogan.
    """
    if len(text) > 4 * LONG or not SPACED.fullmatch(text):
        return 0
    parts = text.split()
    if all(len(part) == FOUR and part.isalpha() and not part.isascii() for part in parts):
        return 5
    if all(len(part) <= FOUR for part in parts):
        return 3
    if len(parts) == 2:
        return 1 if abs(len(parts[0]) - len(parts[1])) <= 3 else 2
    return 4


def _parallel(texts: tuple[str, ...], long: Integers) -> list[int]:
    """Count for each short line how many others (up to 2) have its length and its marks in the same places.

    3 where it stands among three such lines or more, one under another: headings drawn apart from their sections.
    """
    forms = [
        None if far else (len(text), *(place for place, c in enumerate(text) if not c.isalpha()))
        for text, far in zip(texts, long.tolist(), strict=True)
    ]
    seen = Counter(forms)
    counts = [0 if form is None or form[0] < SHORTEST_PARALLEL else min(seen[form] - 1, 2) for form in forms]
    for row in range(1, len(forms) - 1):
        if counts[row] and forms[row - 1] == forms[row] == forms[row + 1]:
            counts[row - 1 : row + 2] = [3, 3, 3]
    return counts


FOUR = 4  # characters of a set phrase, and the longest word that may be a name
SHORTEST_PARALLEL = 7  # characters; shorter lines are alike by chance


def _twins(texts: tuple[str, ...], long: Integers) -> Integers:
    """Tell of each short line what stands under the same line elsewhere on the page, and under itself.

    The title of a column recurs over several articles, a heading within one never does.
    """
    over_long = np.append(long[1:], 1)
    places: dict[str, list[int]] = {}
    for row in np.flatnonzero(long == 0).tolist():
        places.setdefault("".join(texts[row].split()), []).append(row)
    twins = np.zeros(len(texts), dtype=np.int64)
    for rows in places.values():
        under = over_long[rows]
        over = under.sum()
        for row, own in zip(rows, under.tolist(), strict=True):
            long_elsewhere, short_elsewhere = over > own, len(rows) - over > 1 - own
            twins[row] = short_elsewhere + 2 * long_elsewhere
    return np.asarray(twins * 2 + over_long, dtype=np.int64)


def _repeats(passages: Passages) -> Integers:
    shapes = [regex.sub(r"\d", "0", text) for text in passages.texts]
    seen: dict[str, int] = {}
    for shape in shapes:
        seen[shape] = seen.get(shape, 0) + 1
    return np.array([seen[shape] > 1 for shape in shapes], dtype=np.int64)
