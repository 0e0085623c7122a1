"""One reading of a page: roles, links, bodies and headlines, each from what is already known, then settled together.

It puts the rooms beside it to work in their order and keeps what they said; it writes no plan.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from cleanup.assembly import by_form, cuts, judging, link_witnesses, links, over_reports, role_witnesses, roles
from cleanup.assembly.cohesion import Cohesion
from cleanup.assembly.halves import joiners
from cleanup.assembly.judging import Evidence, Settled
from cleanup.assembly.notes import behind_paragraphs
from cleanup.assembly.passages import Passages
from cleanup.assembly.roles import LABEL
from cleanup.assembly.standing import as_it_stands, head_lines
from cleanup.assembly.stretches import settle_in_stretches
from cleanup.assembly.unclaimed import unclaimed
from cleanup.assembly.untitled import with_titles
from cleanup.bins import Integers, Reals, weigh
from cleanup.document import Draft
from cleanup.language.ngrams import NGrams
from cleanup.language.openings import OPENING
from cleanup.markers import Marker


@dataclass(frozen=True, slots=True)
class Reading:
    """What was decided about the passages of a page.

    `odds`: probability of each label. `settled`: bodies in reading order, headlines and who names whom. `apart`: how
    probable it is of each body that it begins and ends where it does, by the least certain place of it. `joiners`: what
    stands before each further half of a headline.
    """

    odds: Reals
    settled: Settled
    apart: Reals
    joiners: dict[int, str]

    @property
    def labels(self) -> Integers:
        """The label of each passage."""
        return self.settled.state.labels

    @property
    def links(self) -> tuple[links.Link, ...]:
        """The links between broken passages."""
        return self.settled.state.links


def read_links(
    draft: Draft,
    passages: Passages,
    cohesion: Cohesion,
    model: NGrams,
    markers: tuple[Marker, ...],
    limits: Mapping[str, float],
) -> tuple[Reals, list[links.Link], Integers]:
    """Return the label probabilities, the links between broken passages, and the passages that are body text."""
    odds, whole = read_labels(draft, passages, cohesion, model, markers)
    running = roles.running_text(odds)
    running[whole] = 0.0  # neither breaks off nor goes on
    odds = by_form.no_headlines(passages, odds)
    pairs = link_witnesses.candidates(draft, passages, cohesion, running, model)
    chosen = _run_on(passages, odds, links.choose(pairs, links.load_weights(), len(passages)))
    chosen = sorted([*chosen, *unclaimed(draft, passages, running, chosen, model, limits)], key=lambda link: link.left)
    torn = {row for link in chosen for row in (link.left, link.right)}
    body = np.array(sorted(torn.union(roles.body_rows(odds).tolist())), dtype=np.int64)
    return odds, chosen, body


def read_labels(
    draft: Draft, passages: Passages, cohesion: Cohesion, model: NGrams, markers: tuple[Marker, ...]
) -> tuple[Reals, list[int]]:
    """Return the label probabilities less what a passage cannot be by its form, and the passages whole by theirs."""
    odds = roles.role_probabilities(role_witnesses.describe(passages, cohesion, model), roles.load_weights(markers))
    forms, days = by_form.find_forms(passages, markers), by_form.diary_days(passages)
    for rows, labels in by_form.ruled_out(passages, markers, forms, days):
        odds[np.ix_(rows, labels)] = 0.0
    odds /= np.maximum(odds.sum(axis=1, keepdims=True), np.finfo(np.float64).tiny)
    odds = _run_in(passages, odds)
    odds = over_reports.headed(passages, _of_one_column(passages, odds))
    unmarked = by_form.nothing_but_lines(passages, draft.text)
    if unmarked:
        below = passages.level == 0
        below[: head_lines(passages)] = False
        odds[below] = np.eye(odds.shape[1])[LABEL["paragraph"]]
    certain = {row: label for row, label in by_form.beyond_doubt(passages, markers).items() if row not in days}
    for row, label in certain.items():
        odds[row] = (1.0 - FOR_CERTAIN) / (odds.shape[1] - 1)
        odds[row, label] = FOR_CERTAIN
    return odds, [*certain, *by_form.whole(passages, forms), *np.flatnonzero(passages.fixed | unmarked).tolist()]


def gather(
    draft: Draft,
    passages: Passages,
    cohesion: Cohesion,
    model: NGrams,
    markers: tuple[Marker, ...],
    limits: Mapping[str, float],
) -> Evidence:
    """Return what each witness says about a page: roles, links between broken passages, cuts."""
    odds, chosen, body = read_links(draft, passages, cohesion, model, markers, limits)
    bins = cuts.describe(passages, cohesion, odds, body, chosen)
    cut_odds = weigh(bins, cuts.load_weights()) if len(bins) else np.zeros(0)
    cut_odds[_within(passages, body)] = NEVER
    return Evidence(
        role_odds=odds,
        body=body,
        cut_odds=cut_odds,
        links=tuple(chosen),
        ends=passages.ending,
        starts=passages.opening,
        run_in=passages.run_in,
        cohesion=cohesion,
    )


NEVER = -20.0  # log-odds


def _within(passages: Passages, body: Integers) -> NDArray[np.bool_]:
    """Tell in which gaps between body passages no article ends: of a stanza, a table, a chronicle, a row of lives."""
    fixed = (np.diff(body) == 1) & passages.fixed[body[:-1]] & passages.fixed[body[1:]]
    heads = np.zeros(len(passages), dtype=np.int64)
    heads[by_form.over_entries(passages)] = 1
    between = np.diff(heads.cumsum()[body])
    return np.asarray(fixed | ((between > 0) & (between == np.diff(body) - 1)))


def _run_in(passages: Passages, odds: Reals) -> Reals:
    """Return the probabilities with most roles taken from what stands on one line with its paragraph.

    It heads that paragraph or belongs to it, or is the column title over an article that has no other headline.
    """
    odds = odds.copy()
    heading = LABEL["heading"]
    others = np.array([number for name, number in LABEL.items() if name not in ("heading", "paragraph", "kicker")])
    odds[passages.run_in, heading] += odds[np.ix_(passages.run_in, others)].sum(axis=1)
    odds[np.ix_(passages.run_in, others)] = 0.0
    return odds


def _of_one_column(passages: Passages, odds: Reals) -> Reals:
    """Return the probabilities with what would be a heading taken for a kicker where the same words stand over a title.

    The name of a column is printed over each of its articles; no heading recurs over a headline.
    """
    kicker, heading = LABEL["kicker"], LABEL["heading"]
    over = np.flatnonzero((odds[:-1, kicker] > EVEN) & (odds[1:, LABEL["title"]] > EVEN)).tolist()
    columns = {passages.texts[row] for row in over}
    again = [row for row, text in enumerate(passages.texts) if text in columns]
    if len(again) > len(over):
        odds = odds.copy()
        odds[again, kicker] += odds[again, heading]
        odds[again, heading] = 0.0
    return odds


def _run_on(passages: Passages, odds: Reals, chosen: list[links.Link]) -> list[links.Link]:
    """Return the links, and those that are beyond doubt.

    A line whose beginning is no headline after all stays one passage, and what begins with a mark that nothing can
    begin with goes on from the passage before it.
    """
    heading = odds[:, [LABEL[name] for name in ("heading", "kicker", "title", "subtitle")]].sum(axis=1)
    headline = heading + odds[:, LABEL["half"]]
    whole = np.flatnonzero(passages.run_in & (heading < EVEN) | passages.dashed & (headline < EVEN)).tolist()
    kept = [link for link in chosen if link.left not in whole and link.right - 1 not in whole]
    kept += (links.Link(row, row + 1, 1.0) for row in whole)
    taken = {link.left for link in kept} | {~link.right for link in kept}
    for row in range(len(passages) - 1):
        left, right = passages.texts[row : row + 2]
        free = row not in taken and ~(row + 1) not in taken
        if free and right.startswith(NEVER_FIRST) and not left.endswith(NEVER_FIRST):
            kept.append(links.Link(row, row + 1, FOR_CERTAIN))
    return sorted(kept, key=lambda link: link.left)


NEVER_FIRST = tuple("。，、；：？！）》")  # no line and no paragraph begins with these (GB/T 15834-2011, 5.1)
FOR_CERTAIN = 0.99


EVEN = 0.5


def read(
    draft: Draft,
    passages: Passages,
    cohesion: Cohesion,
    model: NGrams,
    markers: tuple[Marker, ...],
    limits: Mapping[str, float],
) -> Reading:
    """Return the reading of a page.

    A text in the form of a clean file is read as it stands unless the score of another reading is higher by the limit
    `least-against-clean`.
    """
    evidence = gather(draft, passages, cohesion, model, markers, limits)
    weights = judging.load_weights()
    settled = settle_in_stretches(evidence, labels_of(evidence), weights)
    if passages.clean_form:
        standing = as_it_stands(evidence, passages, weights, limits["torn-against-clean"])
        if settled.score < standing.score + limits["least-against-clean"]:
            settled = standing
    settled = behind_paragraphs(settled, np.flatnonzero(passages.form == OPENING["note"]).tolist())
    labels = with_titles(settled.state.labels, settled.headlines, passages)
    settled = replace(settled, state=replace(settled.state, labels=labels))
    return Reading(
        odds=evidence.role_odds,
        settled=settled,
        apart=_apart(evidence, settled),
        joiners=joiners(passages, labels, model, limits["half-goes-on"]),
    )


def _apart(evidence: Evidence, settled: Settled) -> Reals:
    """Return of each body the probability of its least certain cut, place without one, or link."""
    owner = {row: number for number, rows in enumerate(settled.bodies) for row in rows}
    linked = {(link.left, link.right): link.confidence for link in settled.state.links}
    cut = 1 / (1 + np.exp(-evidence.cut_odds))
    sure = np.ones(len(settled.bodies))
    for (left, right), odds in zip(itertools.pairwise(evidence.body.tolist()), cut.tolist(), strict=True):
        first, second = owner.get(left), owner.get(right)
        if first is None or second is None:
            continue
        here = odds if first != second else max(1 - odds, linked.get((left, right), 0.0))
        sure[[first, second]] = np.minimum(sure[[first, second]], here)
    for link in settled.state.links:
        body = owner.get(link.left)
        if body is not None:
            sure[body] = min(sure[body], link.confidence)
    return sure


def labels_of(evidence: Evidence) -> Integers:
    """Return the most probable label of each passage; what a link joins is running text."""
    labels = evidence.role_odds.argmax(axis=1)
    labels[evidence.body] = LABEL["paragraph"]
    return np.asarray(labels, dtype=np.int64)
