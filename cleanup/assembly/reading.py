"""One reading of a page: roles, links, bodies and headlines, each from what is already known, then settled together.

It puts the rooms beside it to work in their order and keeps what they said; it writes no plan.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cleanup.assembly import cuts, links, roles
from cleanup.assembly.cohesion import Vectors
from cleanup.assembly.passages import Passages
from cleanup.assembly.roles import LABEL
from cleanup.assembly.settle import Evidence, Settled, settle
from cleanup.bins import Integers, Reals, weigh
from cleanup.document import Draft
from cleanup.language.edges import STARTS, start_kinds
from cleanup.language.ngrams import NGrams
from cleanup.markers import Marker


@dataclass(frozen=True, slots=True)
class Reading:
    """What was decided about the passages of a page.

    `odds`: probability of each label. `settled`: bodies in reading order, headlines and who names whom.
    """

    odds: Reals
    settled: Settled

    @property
    def labels(self) -> Integers:
        """The label of each passage."""
        return self.settled.state.labels

    @property
    def links(self) -> tuple[links.Link, ...]:
        """The links between broken passages."""
        return self.settled.state.links


def gather(draft: Draft, passages: Passages, vectors: Vectors, model: NGrams, markers: tuple[Marker, ...]) -> Evidence:
    """Return what each witness says about a page: roles, links between broken passages, cuts."""
    odds = roles.role_probabilities(roles.describe(draft, passages, vectors, model), roles.load_weights(markers))
    odds = _run_in(passages, odds)
    pairs = links.candidates(draft, passages, vectors, roles.running_text(odds), model)
    chosen = links.choose(pairs, links.load_weights(), len(passages))
    body = roles.body_rows(odds)
    chosen = _run_on(passages, odds, chosen)
    torn = {row for link in chosen for row in (link.left, link.right)}
    body = np.array(sorted(torn.union(body.tolist())), dtype=np.int64)
    bins = cuts.describe(draft, passages, vectors, odds, body)
    return Evidence(
        role_odds=odds,
        body=body,
        cut_odds=weigh(bins, cuts.load_weights()) if len(bins) else np.zeros(0),
        links=tuple(chosen),
        dateline=start_kinds(draft.codes, passages.starts, passages.ends) == STARTS.index("dateline"),
        vectors=vectors,
    )


def _run_in(passages: Passages, odds: Reals) -> Reals:
    """Return the probabilities with headline roles taken from what stands on one line with its paragraph: it heads that
    paragraph or belongs to it."""
    odds = odds.copy()
    heading = LABEL["heading"]
    others = [number for name, number in LABEL.items() if name not in ("heading", "paragraph")]
    odds[passages.run_in, heading] += odds[np.ix_(passages.run_in, others)].sum(axis=1)
    odds[np.ix_(passages.run_in, others)] = 0.0
    return odds


def _run_on(passages: Passages, odds: Reals, chosen: list[links.Link]) -> list[links.Link]:
    """Return the links, and one for each line whose beginning is no heading after all: it stays one passage."""
    heading = odds[:, [LABEL[name] for name in ("heading", "kicker", "title", "subtitle")]].sum(axis=1)
    whole = np.flatnonzero(passages.run_in & (heading < EVEN)).tolist()
    kept = [link for link in chosen if link.left not in whole and link.right - 1 not in whole]
    return sorted([*kept, *(links.Link(row, row + 1, 1.0) for row in whole)], key=lambda link: link.left)


EVEN = 0.5


def read(draft: Draft, passages: Passages, vectors: Vectors, model: NGrams, markers: tuple[Marker, ...]) -> Reading:
    """Return the reading of a page."""
    evidence = gather(draft, passages, vectors, model, markers)
    return Reading(evidence.role_odds, settle(evidence, labels_of(evidence)))


def labels_of(evidence: Evidence) -> Integers:
    """Return the most probable label of each passage; what a link joins is running text."""
    labels = evidence.role_odds.argmax(axis=1)
    labels[evidence.body] = LABEL["paragraph"]
    return np.asarray(labels, dtype=np.int64)
