"""A text in the form of a clean file, read as it stands: one article, nothing joined, moved or left out.

Cleaning a clean article must change nothing, and many a clean article has a line that looks torn or a heading that
looks like a headline. So the reading found must be better than this one by more than chance brings about. A text whose
lines had to be joined was no clean file, and is never read so.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from cleanup.assembly.judging import Evidence, Settled, State, judge
from cleanup.assembly.links import Link
from cleanup.assembly.passages import HINTS, Passages
from cleanup.assembly.roles import LABEL
from cleanup.bins import Integers, Reals

HEAD = ("kicker", "title", "subtitle", "byline")  # in the order of print
BELOW = ("byline", "heading", "paragraph", "caption", "credit")
OVER_TEXT = BELOW[1:]  # a name between the headline and the text would be drawn to the headline


def as_it_stands(evidence: Evidence, passages: Passages, weights: Reals, least_torn: float) -> Settled:
    """Return the reading of a text in clean form that changes nothing.

    Lines that follow one another at its head are its headline, in the order of print; all below are text. Passages
    that go on in one another count against it where the log-odds of all such links together reach `least_torn`.
    """
    labels, sure = _labels(evidence, passages)
    body = np.flatnonzero(labels == LABEL["paragraph"])
    spent = float((np.log(np.maximum(sure, LEAST)) - np.log(evidence.role_odds.max(axis=1))).clip(max=0.0).sum())
    whole = tuple(Link(row, row + 1, 1.0) for row in np.flatnonzero(passages.run_in).tolist())
    gaps = max(len(body) - 1, 0)
    standing = replace(evidence, body=body, cut_odds=np.zeros(gaps))
    torn = sum(link.log_odds for link in evidence.links if link not in whole)
    given_up = -torn if torn >= least_torn else 0.0
    state = State(labels, np.zeros(gaps, dtype=np.bool_), whole, for_labels=spent, for_links=given_up)
    return judge(standing, state, weights)


LEAST = 1e-6


def head_lines(passages: Passages) -> int:
    """Return how many lines of a text in clean form are its headline: those that follow one another; else one."""
    spaced = np.flatnonzero(passages.gap[1:] > 0)
    return int(spaced[0]) + 1 if passages.clean_form and len(spaced) else 1


def _labels(evidence: Evidence, passages: Passages) -> tuple[Integers, Reals]:
    """Return the likeliest label of each passage that leaves it where it is, and how probable such labels are."""
    head = head_lines(passages)
    labels, sure = np.full(len(passages), -1), np.empty(len(passages))
    first = 0
    for row, odds in enumerate(evidence.role_odds):
        named: tuple[str, ...] = BELOW if LABEL["paragraph"] in labels[:row] else OVER_TEXT
        if passages.hint[row] == HINTS.index("furniture"):
            named = (*BELOW, "furniture")
        elif row < head:
            named = HEAD[first:] if head > 1 else (*HEAD, *BELOW)
        label = max(named, key=lambda name: odds[LABEL[name]])
        if label in HEAD and row < head:
            first = HEAD.index(label) + (label == "title")  # a headline has one title
        labels[row] = LABEL[label]
        alike = {*named, *HEAD, "half"} if row < head else set(named)
        sure[row] = odds[[LABEL[name] for name in alike]].sum()
    rest = np.append(False, passages.run_in[:-1])
    labels[passages.run_in | rest] = LABEL["paragraph"]
    return labels, sure
