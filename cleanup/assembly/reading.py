"""One reading of a page: roles, links, bodies and headlines decided in turn, each from what is already known.

It puts the rooms beside it to work in their order and keeps what they said; it writes no plan.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cleanup.assembly import cuts, headlines, links, roles
from cleanup.assembly.bodies import gather_bodies
from cleanup.assembly.cohesion import Vectors
from cleanup.assembly.passages import Passages
from cleanup.bins import Integers, Reals, weigh
from cleanup.document import Draft
from cleanup.language.edges import STARTS, start_kinds
from cleanup.language.ngrams import NGrams
from cleanup.markers import Marker


@dataclass(frozen=True, slots=True)
class Reading:
    """What was decided about the passages of a page.

    `odds`: probability of each label; `labels`: the chosen ones. `body`: the body passages in source order and
    `cut_odds` the log-odds of an article ending between neighbours. `bodies`: lists of passages in reading order.
    """

    odds: Reals
    labels: Integers
    links: list[links.Link]
    body: Integers
    cut_odds: Reals
    bodies: list[list[int]]
    headlines: list[headlines.Headline]


def read(draft: Draft, passages: Passages, vectors: Vectors, model: NGrams, markers: tuple[Marker, ...]) -> Reading:
    """Return the reading of a page."""
    odds = roles.role_probabilities(roles.describe(draft, passages, vectors, model), roles.load_weights(markers))
    labels = odds.argmax(axis=1)
    pairs = links.candidates(draft, passages, vectors, roles.is_headline(odds), model)
    chosen = links.choose(pairs, links.load_weights(), len(passages))
    body = roles.body_rows(odds)
    inside = set(body.tolist())
    chosen = [link for link in chosen if link.left in inside and link.right in inside]
    bins = cuts.describe(draft, passages, vectors, odds, body)
    cut_odds = weigh(bins, cuts.load_weights()) if len(bins) else np.zeros(0)
    bodies = gather_bodies(body, cut_odds, chosen)
    return Reading(odds, labels, chosen, body, cut_odds, bodies, headlines.find_headlines(labels, passages.gap))


def headline_odds(draft: Draft, passages: Passages, vectors: Vectors, reading: Reading) -> Reals:
    """Return the log-odds of every headline naming every body, shape (headlines, bodies)."""
    shape = (len(reading.headlines), len(reading.bodies))
    if not shape[0] or not shape[1]:
        return np.zeros(shape)
    bins = headlines.pair_bins(reading.headlines, reading.bodies, reading.labels, datelines(draft, passages), vectors)
    return headlines.odds_of(bins, headlines.load_weights(), shape)


def datelines(draft: Draft, passages: Passages) -> NDArray[np.bool_]:
    """Tell which passages open a report (本报讯)."""
    return np.asarray(
        start_kinds(draft.codes, passages.starts, passages.ends) == STARTS.index("dateline"), dtype=np.bool_
    )
