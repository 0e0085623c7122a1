"""A long text settled stretch by stretch: every headline weighed against every body would take time without end.

A stretch ends where an article surely does and no link passes, so nothing is cut that would not be; among very many
headlines, where one likely does. It is settled as if it were a page of its own. A text without such places, a novel, is
one stretch, however long.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from cleanup.assembly.headlines import HEADLINE, Headline
from cleanup.assembly.judging import Evidence, Settled, State
from cleanup.assembly.links import Link
from cleanup.assembly.roles import LABEL
from cleanup.assembly.settle import settle
from cleanup.bins import Integers, Reals

PAGE = 400  # body passages; no newspaper page has more
LEAST = 100  # body passages of a stretch; it has fewer than twice as many where that can be helped
SURE = 3.0  # log-odds of an article ending: 19 of 20 do
CROWDED = 200  # headline lines; among more, a likely end must do


def settle_in_stretches(evidence: Evidence, labels: Integers, weights: Reals) -> Settled:
    """Return the best reading found of each stretch, together."""
    begins = [0, *_begins(evidence, labels)]
    if len(begins) == 1:
        return settle(evidence, labels, weights)
    stops = [*begins[1:], len(labels)]
    found = []
    for first, stop in zip(begins, stops, strict=True):
        own = _of_stretch(evidence, first, stop)
        found.append(_moved(settle(own, labels[first:stop], weights), first))
    return _together(found)


def _begins(evidence: Evidence, labels: Integers) -> Iterator[int]:
    """Yield the passage each stretch but the first begins with.

    The headlines between two stretches belong to the one after, unless the text opens without and closes with one.
    """
    body = evidence.body
    if len(body) <= PAGE:
        return
    place = np.searchsorted(body, [[link.left, link.right] for link in evidence.links]).reshape(-1, 2)
    passed = np.zeros(len(body) + 1, dtype=np.int64)
    np.add.at(passed, place.min(axis=1), 1)
    np.add.at(passed, place.max(axis=1), -1)
    shown = labels[labels != LABEL["furniture"]]
    headlines = np.isin(shown, [LABEL[name] for name in HEADLINE])
    closes = headlines[-1] and not headlines[0]
    least = SURE if np.count_nonzero(headlines) <= CROWDED else 0.0
    sure = np.flatnonzero((evidence.cut_odds > least) & (passed.cumsum()[: len(body) - 1] == 0))
    start = 0
    while len(body) - start > 2 * LEAST:
        near = sure[(sure >= start + LEAST) & (sure < start + 2 * LEAST)]
        far = sure[sure >= start + 2 * LEAST]
        if len(near):
            gap = int(near[evidence.cut_odds[near].argmax()])
        elif len(far):
            gap = int(far[0])
        else:
            return
        start = gap + 1
        yield int(body[start]) if closes else int(body[gap]) + 1


def _of_stretch(evidence: Evidence, first: int, stop: int) -> Evidence:
    """Return what the witnesses say of the passages of a stretch, numbered from its first one."""
    rows = slice(first, stop)
    begin, end = np.searchsorted(evidence.body, [first, stop]).tolist()
    return Evidence(
        role_odds=evidence.role_odds[rows],
        body=evidence.body[begin:end] - first,
        cut_odds=evidence.cut_odds[begin : max(end - 1, begin)],
        links=tuple(_shifted(link, -first) for link in evidence.links if first <= link.left < stop),
        ends=evidence.ends[rows],
        starts=evidence.starts[rows],
        run_in=evidence.run_in[rows],
        cohesion=evidence.cohesion.of(rows),
    )


def _shifted(link: Link, by: int) -> Link:
    others = tuple(other + by for other in link.alternatives)
    return replace(link, left=link.left + by, right=link.right + by, alternatives=others)


def _moved(settled: Settled, by: int) -> Settled:
    """Return a reading with its passages numbered as those of the whole text are."""
    state = replace(
        settled.state,
        links=tuple(_shifted(link, by) for link in settled.state.links),
        kindred=tuple((left + by, right + by) for left, right in settled.state.kindred),
    )
    return replace(
        settled,
        state=state,
        bodies=[[row + by for row in rows] for rows in settled.bodies],
        headlines=[replace(each, rows=tuple(row + by for row in each.rows)) for each in settled.headlines],
    )


def _together(parts: list[Settled]) -> Settled:
    """Return the readings of stretches as one; between two of them an article ends."""
    states = [part.state for part in parts]
    cuts = [cuts for state in states for cuts in (state.cuts, [True])][:-1]
    bodies: list[list[int]] = []
    headlines: list[Headline] = []
    named: dict[int, int] = {}
    odds: dict[int, float] = {}
    for part in parts:
        named |= {len(headlines) + headline: len(bodies) + body for headline, body in part.named.items()}
        odds |= {len(headlines) + headline: sure for headline, sure in part.odds.items()}
        bodies += part.bodies
        headlines += part.headlines
    return Settled(
        State(
            np.concatenate([state.labels for state in states]),
            np.concatenate(cuts).astype(np.bool_),
            tuple(link for state in states for link in state.links),
            tuple(pair for state in states for pair in state.kindred),
            *(sum(getattr(state, given) for state in states) for given in ("for_labels", "for_links", "for_kindred")),
        ),
        bodies,
        headlines,
        named,
        odds,
        np.sum([part.witnesses for part in parts], axis=0),
        sum(part.score for part in parts),
    )
