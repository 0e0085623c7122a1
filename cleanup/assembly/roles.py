"""What each passage is: headline line, paragraph, caption, furniture …, as probabilities.

A linear-chain model over the passages in source order (J. Lafferty et al., ICML 2001): what a passage looks like, what
stands around it and what it shares with its surroundings are weighed with the roles before and after it. Weights are
learned by learn.py and kept in roles.json, a number for each named bin and role. It never looks at the order of
articles.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cleanup.assembly.role_witnesses import groups
from cleanup.bins import Integers, Reals, tables, weigh
from cleanup.markers import Marker

HERE = Path(__file__).parent

# "half": a further line of the headline, subtitle or heading begun by the passage before
LABELS = ("kicker", "title", "subtitle", "byline", "heading", "paragraph", "caption", "credit", "furniture", "half")
LABEL = {name: number for number, name in enumerate(LABELS)}


@dataclass(frozen=True, slots=True)
class RoleWeights:
    """The learned weights: a table (bins, labels) per group, and (labels, labels) for one label after another."""

    groups: tuple[Reals, ...]
    transitions: Reals


@cache
def load_weights(markers: tuple[Marker, ...], path: Path = HERE / "roles.json") -> RoleWeights:
    """Read the learned weights; a bin that was never seen weighs nothing."""
    tree = json.loads(path.read_text("utf-8"))
    return RoleWeights(
        groups=tables(tree["groups"], groups(markers), [0.0] * len(LABELS)),
        transitions=np.array(tree["transitions"]),
    )


def role_probabilities(bins: NDArray[np.int16], weights: RoleWeights) -> Reals:
    """Return the probability of each label of each passage, shape (n, labels) (forward-backward)."""
    count = len(bins)
    scores = weigh(bins, weights.groups)
    if not count:
        return scores
    step = np.exp(weights.transitions)
    factor = np.exp(scores - scores.max(axis=1, keepdims=True))
    forward = np.empty_like(factor)
    state = factor[0]
    forward[0] = state / state.sum()
    for row in range(1, count):
        state = (forward[row - 1] @ step) * factor[row]
        forward[row] = state / state.sum()
    behind = np.ones(len(LABELS))
    result = np.empty_like(factor)
    for row in range(count - 1, -1, -1):
        both = forward[row] * behind
        result[row] = both / both.sum()
        behind = step @ (factor[row] * behind)
        behind = behind / behind.sum()
    return np.asarray(result, dtype=np.float64)


def running_text(probabilities: Reals) -> Reals:
    """Return the probability of each passage being running text: a paragraph or a caption."""
    return np.asarray(probabilities[:, [LABEL["paragraph"], LABEL["caption"]]].sum(axis=1))


def body_rows(probabilities: Reals) -> Integers:
    """Return the passages that are body paragraphs."""
    return np.flatnonzero(probabilities.argmax(axis=1) == LABEL["paragraph"])
