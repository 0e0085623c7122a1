"""Bodies and headlines settled together: the reading of a page that is most probable as a whole.

Cuts, roles and links are first decided each by itself, which gives a first reading; pages that keep to one habit give
others. From the best of them neighbouring readings are tried (one more cut or one less, a headline taken for two, a
heading or a paragraph taken for a title, a link let go) as long as that raises the score that judging.py gives.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import breadth_first_order, maximum_flow

from cleanup.assembly import kindred
from cleanup.assembly.headlines import find_headlines
from cleanup.assembly.judging import Evidence, Settled, State, judge, spent
from cleanup.assembly.links import Link
from cleanup.assembly.roles import LABEL, LABELS
from cleanup.bins import Integers, Reals, weigh

ROUNDS = 8  # changes tried one after another; a page rarely needs more than two
TRIES = 5  # most likely changes of each kind tried in a round
DOUBLES = 3  # most likely halves of a double change
LEAST = -7.0  # log-odds; a change less likely than one in a thousand is not tried
NEVER = -1e9
MOST_GAIN = 9.0  # of the score beyond what a change spends: 999 of 1,000 changes tried on held-out pages gain less


def settle(evidence: Evidence, labels: Integers, weights: Reals) -> Settled:
    """Return the best reading found."""
    begun = (judge(evidence, state, weights) for state in beginnings(evidence, labels))
    now = max(begun, key=lambda settled: settled.score)
    for _ in range(ROUNDS):
        best = now
        most = now.score - spent(evidence, now.state, weights) + MOST_GAIN
        for state in changes(evidence, now):
            if best.score <= most + spent(evidence, state, weights):
                best = max(best, judge(evidence, state, weights), key=lambda settled: settled.score)
        if best is now:
            break
        now = best
    return _kept_on_their_line(evidence, now, weights)


def _kept_on_their_line(evidence: Evidence, settled: Settled, weights: Reals) -> Settled:
    """Return the reading with headings for kickers that would be moved away from the text they share a line with."""
    owner = {row: number for number, rows in enumerate(settled.bodies) for row in rows}
    state = settled.state
    for number, headline in enumerate(settled.headlines):
        for row in headline.rows:
            if evidence.run_in[row] and settled.named.get(number) != owner.get(row + 1):
                odds = float(_relabelling(evidence, state, LABELS[state.labels[row]], "heading")[row])
                state = state.relabelled(row, LABEL["heading"], odds)
    return settled if state is settled.state else judge(evidence, state, weights)


def beginnings(evidence: Evidence, labels: Integers) -> Iterator[State]:
    """Yield the states a page may begin to be read with: the likely cuts, and those of pages that keep to one habit.

    These are a cut at every headline, a cut between every two, and as many cuts as that takes.
    """
    likely = evidence.cut_odds > 0
    yield State(labels, likely, evidence.links)
    tops = [headline.rows[0] for headline in find_headlines(labels) if headline.has_title]
    if len(tops) < 2 or len(likely) < len(tops) - 1:
        return
    gaps = (np.searchsorted(evidence.body, tops) - 1).tolist()  # the gap each headline stands in; -1 before all bodies
    habits = [np.zeros_like(likely) for _ in range(3)]
    habits[0][[gap for gap in gaps if 0 <= gap < len(likely)]] = True
    for first, last in itertools.pairwise(gaps):
        if last - first > 1:
            habits[1][first + 1 + int(evidence.cut_odds[first + 1 : last].argmax())] = True
    habits[2][np.argsort(-evidence.cut_odds, kind="stable")[: len(tops) - 1]] = True
    known = {likely.tobytes()}
    for cuts in habits:
        if cuts.tobytes() not in known:
            known.add(cuts.tobytes())
            yield State(labels, cuts, evidence.links)


def changes(evidence: Evidence, now: Settled) -> Iterator[State]:
    """Yield the states next to the one at hand: a step, or two that belong together."""
    state = now.state
    fewer = _most(np.where(state.cuts, -evidence.cut_odds, NEVER))
    more = _most(np.where(state.cuts, NEVER, evidence.cut_odds))
    merged = [state.cut(gap, here=False) for gap in fewer]
    if now.headless:
        yield from merged
    if now.alone:
        yield from (parted(evidence, state, gap) for gap in more)
    for one in merged[:DOUBLES]:
        yield from (parted(evidence, one, gap) for gap in more[:DOUBLES])
    raised = _relabelled(evidence, state, RAISED)
    lowered = _relabelled(evidence, state, LOWERED)
    yield from _headed(evidence, state)
    if now.headless or now.untitled:
        yield from raised
    if now.alone:
        yield from lowered
    for one in raised[:DOUBLES]:
        yield from (parted(evidence, one, gap) for gap in more[:DOUBLES])
    for one in lowered[:DOUBLES]:
        yield from (one.cut(gap, here=False) for gap in fewer[:DOUBLES])
    pairs = kindred.apart(now.bodies, evidence.body)
    if pairs:
        bins = kindred.describe(pairs, now.bodies, state.labels, evidence.ends, evidence.starts, evidence.cohesion)
        kin = weigh(bins, kindred.load_weights())
        yield from (
            state.joined(now.bodies[pairs[n][0]][0], now.bodies[pairs[n][1]][0], float(kin[n])) for n in _most(kin)
        )


def _headed(evidence: Evidence, state: State) -> Iterator[State]:
    """Yield the states with one body passage more taken for a title where an article ends, or ends now."""
    held = {row for link in state.links for row in (link.left, link.right)}
    held.update(row for pair in state.kindred for row in pair)
    rows = evidence.body
    odds = _relabelling(evidence, state, "paragraph", "title")[rows]
    for place in _most(odds):
        row = int(rows[place])
        if row in held:
            continue
        titled = state.relabelled(row, LABEL["title"], float(odds[place]))
        beside = [gap for gap in (place - 1, place) if 0 <= gap < len(state.cuts)]
        if state.cuts[beside].any():
            yield titled  # amid the text of one article it would be a line of that
        yield from (titled.cut(gap, here=True) for gap in beside if not state.cuts[gap])


# one headline more, and one less
RAISED = (("half", "title"), ("half", "kicker"), ("heading", "title"), ("kicker", "title"))
LOWERED = (("title", "heading"), ("title", "half"), ("title", "subtitle"), ("kicker", "half"), ("kicker", "heading"))


def _relabelled(evidence: Evidence, state: State, pairs: Sequence[tuple[str, str]]) -> list[State]:
    """Return the most likely states with one label changed, the likeliest first."""
    found = []
    for old, new in pairs:
        odds = _relabelling(evidence, state, old, new)
        found += [(float(odds[row]), state.relabelled(row, LABEL[new], float(odds[row]))) for row in _most(odds)]
    return [other for _, other in sorted(found, key=lambda pair: -pair[0])[: 2 * TRIES]]


def _relabelling(evidence: Evidence, state: State, old: str, new: str) -> Reals:
    """Return of each passage the log-odds of one label instead of another; of those that do not bear it NEVER."""
    before, after = np.log(np.maximum(evidence.role_odds[:, [LABEL[old], LABEL[new]]], 1e-6)).T
    return np.where(state.labels == LABEL[old], after - before, NEVER)


def parted(evidence: Evidence, state: State, gap: int) -> State:
    """Return the state with a cut, and all that would still hold together what stands on either side of it let go.

    What is let go is what costs least (L. Ford and D. Fulkerson, Maximal flow through a network, 1956).
    """
    state = state.cut(gap, here=True)
    before, after = evidence.body[gap], evidence.body[gap + 1]
    if not any(min(link.left, link.right) <= before < after <= max(link.left, link.right) for link in state.links):
        return state
    # a link that is let go may bring its ends together with what stands beside them: these are parted in turn
    while (without := _let_go(evidence, state, gap)) is not None:
        state = without
    return state


def _let_go(evidence: Evidence, state: State, gap: int) -> State | None:
    """Return the state without what holds the two sides of a gap together most cheaply; None where nothing does."""
    rows = evidence.body.tolist()
    place = {row: number for number, row in enumerate(rows)}
    follows = {link.left: link.right for link in state.links}
    led = set(follows.values())
    held: list[tuple[int, int, float, Link | None]] = []  # places of two passages, what it costs to part them, by what
    for number in np.flatnonzero(~state.cuts).tolist():
        if not (rows[number] in follows and rows[number + 1] in led):
            held.append((number, number + 1, -float(evidence.cut_odds[number]), None))
    for link in state.links:
        if link.left in place and link.right in place:
            held.append((place[link.left], place[link.right], link.log_odds, link))
    if not held:
        return None
    left, right, costs, _ = zip(*held, strict=True)
    units = np.maximum(np.rint(np.array(costs) * UNITS), 1).astype(np.int32)
    width = csr_matrix((np.tile(units, 2), ((*left, *right), (*right, *left))), (len(rows), len(rows)))
    flow = maximum_flow(width, gap, gap + 1)
    if not flow.flow_value:
        return None
    spare = width - flow.flow
    spare.eliminate_zeros()
    reached = set(breadth_first_order(spare, gap, return_predecessors=False).tolist())
    for a, b, _, by in held:
        if (a in reached) != (b in reached):
            state = state.without(by) if by else state.cut(a, here=True)
    return state


UNITS = 100  # a log-odds in whole numbers


def _most(odds: Reals) -> list[int]:
    """Return the places of the few largest log-odds worth trying."""
    order = np.argsort(-odds, kind="stable")[:TRIES]
    return [int(place) for place in order if odds[place] > LEAST]
