"""What speaks for one passage going on in another: every pair of an open end and a possible continuation, described.

What stands on both sides of the gap, how far apart the two are, what they and their surroundings share. It measures and
never decides: links.py does, with learned weights. Far pairs are described only within windows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cleanup.assembly.cohesion import Cohesion, Vectors
from cleanup.assembly.passages import HINTS, Passages, before_numbers, edge_ids
from cleanup.assembly.spelled import spelled_elsewhere
from cleanup.bins import Group, Integers, Reals, binned, cross, edges, weigh
from cleanup.document import Draft
from cleanup.language.edges import ENDS, SENTENCE, STARTS
from cleanup.language.ngrams import NGrams
from cleanup.language.openings import OPENING

WITNESS_EDGES = (-12.0, -9.0, -6.0, -4.0, -2.0, 0.0, 2.0, 4.0, 6.0, 9.0, 12.0)
AFRESH_EDGES = (-26.0, -22.0, -19.0, -16.0, -13.0, -10.0)
STEP_EDGES = (-6, -2, -1, 1, 2, 3, 7)  # a block may have been moved any way far
KIN_EDGES = (0.001, 0.01, 0.03, 0.06, 0.12)
ABOUT_EDGES = (0.05, 0.15, 0.25, 0.35, 0.5, 0.7)
ABOUT_LEAD_EDGES = (-0.3, -0.1, -0.02, 0.02, 0.1, 0.3)
STOP_EDGES = (-9.0, -7.0, -5.0, -3.5, -2.2, -1.2, -0.5)  # log P(¶) after the last characters of a passage
OPENING_EDGES = (-4.0, -2.5, -1.5, -0.7, 0.0, 0.7, 1.5, 2.5, 4.0)  # how much likelier its first ones are after ¶
COARSE_STOP = (-5.0, -2.2)
COARSE_OPENING = (-1.5, 0.7)
COUNT_EDGES = (1, 2, 3, 5)
RUN_EDGES = (-6.0, -4.0, -2.0, 0.0, 2.0, 4.0, 6.0, 8.0, 10.0, 13.0)  # log-odds of the encoders
TORN_EDGES = (-4.0, -2.0, -1.0, 0.0, 1.0, 2.0, 4.0)
COARSE_RUN = (-2.0, 1.0, 4.0, 7.0)
COARSE_WITNESS = (-4.0, 0.0, 4.0)
COARSE_TORN = (-1.0, 1.0)
TEXT_EDGES = (0.3, 0.6, 0.9, 0.99)  # probability of being running text
SPELLED = ("none", "two", "three", "four")  # characters across the gap that stand elsewhere on the page as well
QUOTE_STATES = ("open", "closed", "none")
QUOTE_TURNS = ("opens", "closes", "none")
ECHO = 8  # characters on either side of a gap in which an enumeration repeats a word
HARDLY = 0.1  # probability; a torn piece of a paragraph may look like a headline line
# forms of an item that opens a paragraph wherever it stands; that a torn end goes on so is hardly ever seen
BEGUN = [OPENING[name] for name in ("date", "dated-apart", "entry", "life", "section-alone", "greeting", "note")]
FIELD = 35  # characters; 联系电话：… and what else is as short behind its label is a field of a form, and whole
WINDOW = 400  # open ends and continuations weighed against each other at once

GROUPS = (
    Group("bias", ("any",)),
    Group("witness-end", cross(edges(WITNESS_EDGES), tuple(ENDS))),
    Group("witness-step", cross(edges(WITNESS_EDGES), edges(STEP_EDGES))),
    Group("afresh", edges(AFRESH_EDGES)),
    Group("end-start", cross(tuple(ENDS), tuple(STARTS))),
    Group("step", edges(STEP_EDGES)),
    Group("quotes", cross(QUOTE_STATES, QUOTE_TURNS)),
    Group("brackets", cross(QUOTE_STATES, QUOTE_TURNS)),
    Group("kin", edges(KIN_EDGES)),
    Group("kin-around", cross(edges(KIN_EDGES), ("next", "far"))),
    Group("kin-around-lead", edges((-0.1, -0.03, -0.005, 0.005, 0.03, 0.1))),
    Group("kin-lead", edges((-0.1, -0.03, -0.005, 0.005, 0.03, 0.1))),
    Group("headline-before", cross(("no", "yes"), ("next", "far"))),
    Group("headline-after", cross(("no", "yes"), ("next", "far"))),
    Group("gap-next", ("usual", "more", "far")),
    Group("lengths", cross(edges((20, 60, 150)), edges((20, 60, 150)))),
    Group("hint-left", HINTS),
    Group("hint-right", HINTS),
    Group("text-left", cross(edges(TEXT_EDGES), ("next", "far"))),
    Group("text-right", cross(edges(TEXT_EDGES), ("next", "far"))),
    Group("about-around", cross(edges(ABOUT_EDGES), ("next", "far"))),
    Group("about-lead", edges(ABOUT_LEAD_EDGES)),
    Group("echo", cross(("none", "some"), tuple(ENDS), ("next", "far"))),
    Group("end-start-far", cross(tuple(ENDS), tuple(STARTS), ("next", "far"))),
    Group("stop-left", cross(edges(STOP_EDGES), ("next", "far"))),
    Group("opening-right", cross(edges(OPENING_EDGES), ("next", "far"))),
    Group("torn", cross(edges(COARSE_STOP), edges(COARSE_OPENING), ("next", "far"))),
    Group("page", cross(edges(COUNT_EDGES), edges(COUNT_EDGES), ("next", "far"))),
    Group("runs-on", cross(edges(RUN_EDGES), ("closed", "open", "paused"), ("next", "far"))),
    Group("runs-on-witness", cross(edges(COARSE_RUN), edges(COARSE_WITNESS), ("next", "far"))),
    Group("cut-left", cross(edges(TORN_EDGES), ("closed", "open", "paused"), ("next", "far"))),
    Group("cut-right", cross(edges(TORN_EDGES), ("next", "far"))),
    Group("cut-both", cross(edges(COARSE_TORN), edges(COARSE_TORN), edges(COARSE_RUN), ("next", "far"))),
    Group("spelled", cross(SPELLED, edges(COARSE_WITNESS), ("next", "far"))),
    Group("next-begun", cross(edges(COARSE_TORN), edges(COARSE_TORN), ("next", "far"))),
    Group("last-open", cross(edges(COARSE_TORN), edges(COARSE_TORN), ("next", "far"))),
    Group("quotes-far", cross(QUOTE_STATES, QUOTE_TURNS, ("closed", "open", "paused"), ("next", "far"))),
)


@dataclass(frozen=True, slots=True)
class Pairs:
    """Candidate links: `left` may go on in `right` (rows of the passages), described by `bins` (a column a group).

    `left` ascends.
    `prior`: log-odds of each before it is looked at. What does not go on in the next passage may go on anywhere, so
    the more other passages there are, the less each of them is likely to be the one.
    """

    left: Integers
    right: Integers
    prior: Reals
    bins: Integers


def candidates(draft: Draft, passages: Passages, cohesion: Cohesion, running: Reals, model: NGrams) -> Pairs:
    """Describe every pair of an open end and a possible continuation among the body passages.

    `running`: the probability of each passage being running text; what is hardly that neither breaks off nor goes on.
    """
    none = Pairs(*(np.zeros(0, dtype=np.int64),) * 2, np.zeros(0), np.zeros((0, len(GROUPS)), dtype=np.int64))
    headline = running < HARDLY
    body = np.flatnonzero(~headline)
    if len(body) < 2:
        return none
    ends, starts = passages.ending, passages.opening
    quote_state, quote_turn = _pair_marks(draft, passages, "“‘「『", "”’」』")
    bracket_state, bracket_turn = _pair_marks(draft, passages, "（(《〈【〔［[", "）)》〉】〕］]")
    closed = passages.closed
    opened = body[(~closed[body]) | (quote_state[body] == 0) | (bracket_state[body] == 0)]
    if not len(opened):
        return none
    place = np.full(len(passages), -1, dtype=np.int64)
    place[body] = np.arange(len(body))
    left, right = _near(opened, body, place)
    rest = np.append(False, passages.run_in[:-1])  # what shares a line with its heading goes on nothing else
    labelled = passages.form == OPENING["label"]
    free = ~passages.run_in[left] & ~(rest | np.isin(passages.form, BEGUN))[right]
    free &= ~(labelled[left] & (labelled[right] | (passages.length[left] <= FIELD)))
    free &= ~((right == left + 1) & before_numbers(draft, passages)[left])
    left, right = left[free], right[free]
    if not len(left):
        return none
    heads, tails = edge_ids(passages, model)
    witness = model.continuation(tails[left], heads[right]).astype(np.float64)
    afresh = _afresh(heads, model)
    stop, opening = _stop(tails, model), afresh - _inner(heads, model)
    broken = body[~closed[body] & (stop[body] < COARSE_STOP[0])]
    begun = body[opening[body] < COARSE_OPENING[0]]
    counts = binned(np.array([len(broken), len(begun)]), COUNT_EDGES).tolist()
    page = counts[0] * (len(COUNT_EDGES) + 1) + counts[1]
    runs_on = cohesion.runs_on(left, right)
    torn, resumed = cohesion.ends.torn[left], cohesion.starts.torn[right]
    spelled = np.maximum(spelled_elsewhere(passages, left, right) - 1, 0)
    kin = cohesion.words.pairs(left, right)
    around = _around(cohesion.words, body, place, left, right)
    about = _around(cohesion.topics, body, place, left, right)
    following, preceding = body[np.minimum(place[left] + 1, len(body) - 1)], body[np.maximum(place[right] - 1, 0)]
    step = place[right] - place[left]
    near = (step != 1).astype(np.int64)
    usual = np.median(passages.gap[1:]) if len(passages) > 1 else 0
    more_before = (passages.gap > usual).astype(np.int64)
    headed = np.append(False, headline[:-1]).astype(np.int64)
    followed = np.append(headline[1:], True).astype(np.int64)
    sizes = binned(passages.length, (20, 60, 150))
    text = binned(running, TEXT_EDGES)
    columns = [
        np.zeros(len(left), dtype=np.int64),
        binned(witness, WITNESS_EDGES) * len(ENDS) + ends[left],
        binned(witness, WITNESS_EDGES) * (len(STEP_EDGES) + 1) + binned(step, STEP_EDGES),
        binned(afresh[right], AFRESH_EDGES),
        ends[left] * len(STARTS) + starts[right],
        binned(step, STEP_EDGES),
        quote_state[left] * 3 + quote_turn[right],
        bracket_state[left] * 3 + bracket_turn[right],
        binned(kin, KIN_EDGES),
        binned(around, KIN_EDGES) * 2 + near,
        binned(lead_over(around, left, len(passages)), (-0.1, -0.03, -0.005, 0.005, 0.03, 0.1)),
        binned(lead_over(kin, left, len(passages)), (-0.1, -0.03, -0.005, 0.005, 0.03, 0.1)),
        headed[right] * 2 + near,
        followed[left] * 2 + near,
        np.where(near == 1, 2, more_before[right]),
        sizes[left] * 4 + sizes[right],
        passages.hint[left],
        passages.hint[right],
        text[left] * 2 + near,
        text[right] * 2 + near,
        binned(about, ABOUT_EDGES) * 2 + near,
        binned(lead_over(about, left, len(passages)), ABOUT_LEAD_EDGES),
        (_echo(passages, left, right) * len(ENDS) + ends[left]) * 2 + near,
        (ends[left] * len(STARTS) + starts[right]) * 2 + near,
        binned(stop[left], STOP_EDGES) * 2 + near,
        binned(opening[right], OPENING_EDGES) * 2 + near,
        (binned(stop[left], COARSE_STOP) * (len(COARSE_OPENING) + 1) + binned(opening[right], COARSE_OPENING)) * 2
        + near,
        page * 2 + near,
        (binned(runs_on, RUN_EDGES) * 3 + SENTENCE[ends[left]]) * 2 + near,
        (binned(runs_on, COARSE_RUN) * (len(COARSE_WITNESS) + 1) + binned(witness, COARSE_WITNESS)) * 2 + near,
        (binned(torn, TORN_EDGES) * 3 + SENTENCE[ends[left]]) * 2 + near,
        binned(resumed, TORN_EDGES) * 2 + near,
        (
            (binned(torn, COARSE_TORN) * (len(COARSE_TORN) + 1) + binned(resumed, COARSE_TORN)) * (len(COARSE_RUN) + 1)
            + binned(runs_on, COARSE_RUN)
        )
        * 2
        + near,
        (spelled * (len(COARSE_WITNESS) + 1) + binned(witness, COARSE_WITNESS)) * 2 + near,
        (binned(resumed, COARSE_TORN) * 3 + binned(cohesion.starts.torn[following], COARSE_TORN)) * 2 + near,
        (binned(torn, COARSE_TORN) * 3 + binned(cohesion.ends.torn[preceding], COARSE_TORN)) * 2 + near,
        ((quote_state[left] * 3 + quote_turn[right]) * 3 + SENTENCE[ends[left]]) * 2 + near,
    ]
    prior = np.where(near == 1, -np.log(np.bincount(left)[left]), 0.0)
    return Pairs(left, right, prior, np.stack(columns, axis=1))


def odds_of(pairs: Pairs, weights: tuple[Reals, ...]) -> Reals:
    """Return the log-odds of each pair by itself."""
    return pairs.prior + weigh(pairs.bins, weights)


def _near(opened: Integers, body: Integers, place: Integers) -> tuple[Integers, Integers]:
    """Return all pairs of an open end and another body passage, near ones only where there are very many."""
    left = np.repeat(opened, len(body)) if len(body) <= WINDOW else None
    if left is not None:
        right = np.tile(body, len(opened))
    else:
        offsets = np.arange(-WINDOW // 8, WINDOW // 8 + 1)
        position = place[opened][:, None] + offsets
        inside = (position >= 0) & (position < len(body))
        left = np.repeat(opened, inside.sum(axis=1))
        right = body[position[inside]]
    other = left != right
    return left[other], right[other]


NEIGHBOURS = 2  # body passages before an open end and after a continuation that are compared with them


def _around(vectors: Vectors, body: Integers, place: Integers, left: Integers, right: Integers) -> Reals:
    """Return what the passages up to an open end and those from a continuation on have in common, pair by pair."""
    opened, going_on = np.unique(left), np.unique(right)
    before = [body[max(place[row] - NEIGHBOURS, 0) : place[row] + 1].tolist() for row in opened.tolist()]
    after = [body[place[row] : place[row] + NEIGHBOURS + 1].tolist() for row in going_on.tolist()]
    table = vectors.similarity(before, after)
    return np.asarray(table[np.searchsorted(opened, left), np.searchsorted(going_on, right)], dtype=np.float64)


def _echo(passages: Passages, left: Integers, right: Integers) -> Integers:
    """Tell of each pair whether the end of one and the beginning of the other share two Han characters in a row.

    The members of an enumeration often end alike, and a break may part them.
    """
    steps = np.arange(ECHO)
    count = max(len(passages.ids) - 1, 1)
    pairs = np.zeros(count, dtype=np.int64)
    if len(passages.ids) > 1:
        both = passages.is_han[:-1] & passages.is_han[1:]
        codes = passages.codes.astype(np.int64)
        pairs = np.where(both, codes[:-1] << 32 | codes[1:], 0)
    tails = passages.last[:, None] - 2 - steps[:-1]
    heads = passages.first[:, None] + steps[:-1]
    inside_tail = tails >= passages.first[:, None]
    inside_head = heads < passages.last[:, None] - 1
    ending = np.where(inside_tail, pairs[np.clip(tails, 0, count - 1)], 0)
    opening = np.where(inside_head, pairs[np.clip(heads, 0, count - 1)], 0)
    found = np.zeros(len(left), dtype=np.int64)
    for step in range(ECHO - 1):
        here = ending[left, step]
        found |= (here != 0) & (opening[right] == here[:, None]).any(axis=1)
    return found


def lead_over(values: Reals, owner: Integers, count: int) -> Reals:
    """Return how far each value is ahead of the best other value of the same owner."""
    order = np.lexsort((-values, owner))
    best = np.full(count, -np.inf)
    second = np.full(count, -np.inf)
    sorted_owner = owner[order]
    first = np.append(True, sorted_owner[1:] != sorted_owner[:-1])
    best[sorted_owner[first]] = values[order][first]
    runner = np.append(False, first[:-1]) & ~first
    second[sorted_owner[runner]] = values[order][runner]
    ahead = values - np.where(values == best[owner], second[owner], best[owner])
    return np.nan_to_num(ahead, posinf=99.0, neginf=-99.0)


def _afresh(heads: NDArray[np.uint16], model: NGrams) -> Reals:
    """Return log P of the first characters of each passage as the beginning of a paragraph."""
    mark = np.full((len(heads), 1), model.PARAGRAPH, dtype=heads.dtype)
    rows = np.concatenate([mark, heads], axis=1)
    total = np.zeros(len(heads))
    for size in range(2, rows.shape[1] + 1):
        total += np.where(rows[:, size - 1] == model.PAD, 0.0, model.log_prob(rows[:, :size]))
    return total


def _inner(heads: NDArray[np.uint16], model: NGrams) -> Reals:
    """Return log P of the first characters of each passage as they come anywhere."""
    total = np.asarray(model.unigram_log_prob(heads[:, 0]), dtype=np.float64)
    for size in range(2, heads.shape[1] + 1):
        total += np.where(heads[:, size - 1] == model.PAD, 0.0, model.log_prob(heads[:, :size]))
    return total


def _stop(tails: NDArray[np.uint16], model: NGrams) -> Reals:
    """Return log P of a paragraph ending after the last characters of each passage."""
    mark = np.full((len(tails), 1), model.PARAGRAPH, dtype=tails.dtype)
    return np.asarray(model.log_prob(np.concatenate([tails, mark], axis=1)), dtype=np.float64)


def _pair_marks(draft: Draft, passages: Passages, openers: str, closers: str) -> tuple[Integers, Integers]:
    """Return for each passage whether its last such mark is open, closed or missing, and what its first one does."""
    codes = draft.codes
    opens = np.isin(codes, [ord(c) for c in openers])
    marks = np.flatnonzero(opens | np.isin(codes, [ord(c) for c in closers]))
    if not len(marks):
        return np.full(len(passages), 2), np.full(len(passages), 2)
    first = np.searchsorted(marks, passages.starts)
    last = np.searchsorted(marks, passages.ends) - 1
    some = last >= first
    state = np.where(some, np.where(opens[marks[np.maximum(last, 0)]], 0, 1), 2)
    turn = np.where(some, np.where(opens[marks[np.minimum(first, len(marks) - 1)]], 0, 1), 2)
    return state, turn
