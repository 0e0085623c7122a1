"""Where paragraphs break: the most probable chain of joins and breaks over the lines of a text.

A linear-chain model (J. Lafferty et al., Conditional Random Fields, ICML 2001) of two states per line end. What a line
looks like is weighed together with the state before and after it: a line two em short is the first of a paragraph
whose indent was lost, or the last, or neither, and only the chain tells. Weights are learned by learn.py and kept in
breaks.json, a number for every named bin. It decides from witnesses alone and never looks at a text.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cleanup.layout.facets import ENDINGS, LINES
from cleanup.layout.witnesses import Witnesses

Reals = NDArray[np.float64]

# a line's state: is there a break before it, is there one after it
STATES = ("middle", "last", "first", "whole")


@dataclass(frozen=True, slots=True)
class Weights:
    """The learned weights: of every bin of every line group in each state, of every bin of an end group for a break.

    Shapes (LINES.size, 4) and (ENDINGS.size,).
    """

    lines: Reals
    endings: Reals


BLOCK = 1 << 14  # lines
FARTHEST = 100.0  # log-odds; so that products of two odds stay finite
SHIPPED = Path(__file__).with_name("breaks.json")


@cache
def load_weights(path: Path = SHIPPED) -> Weights:
    """Read the learned weights; a bin that was never seen weighs nothing."""
    tree = json.loads(path.read_text("utf-8"))
    nothing = [0.0] * len(STATES)
    lines = [tree["lines"].get(group.name, {}).get(name, nothing) for group in LINES.groups for name in group.bins]
    endings = [tree["endings"].get(group.name, {}).get(name, 0.0) for group in ENDINGS.groups for name in group.bins]
    return Weights(np.array(lines), np.array(endings))


def potentials(witnesses: Witnesses, weights: Weights) -> tuple[Reals, Reals]:
    """Return the score of each line in each of the four states (n, 4) and of a break at each line end (n - 1,)."""
    count = len(witnesses.lines)
    lines = np.empty((count, len(STATES)))
    for first in range(0, count, BLOCK):  # so that temporaries stay small
        rows = slice(first, first + BLOCK)
        weights.lines.take(witnesses.lines[rows].T, axis=0).sum(axis=0, out=lines[rows])
    return lines, weights.endings.take(witnesses.endings.T).sum(axis=0)


def break_probabilities(witnesses: Witnesses, weights: Weights) -> Reals:
    """Return for each of the n - 1 line ends the probability that a paragraph ends there (forward-backward)."""
    return marginals(*potentials(witnesses, weights))


def marginals(lines: Reals, endings: Reals) -> Reals:
    """Return the probability of a break at each line end, from the scores of lines in each state and of breaks.

    Forward and backward each carry one number along: the odds of a break before the next line, given all lines so far.
    """
    count = len(lines)
    if count < 2:
        return np.zeros(0)
    odds = lines[:, 1:] - lines[:, :1]  # last, first, whole against middle
    odds[:-1, 0] += endings
    odds[:-1, 2] += endings
    np.clip(odds, -FARTHEST, FARTHEST, out=odds)
    last, first, whole = np.exp(odds, out=odds).T.tolist()
    ahead = whole[0] / first[0]  # the text begins with a break
    forward = [ahead]
    for ends, begins, both in zip(last[1:-1], first[1:-1], whole[1:-1], strict=True):
        ahead = (ends + both * ahead) / (1.0 + begins * ahead)
        forward.append(ahead)
    behind = whole[-1] / last[-1]  # and ends with one
    backward = [behind]
    for ends, begins, both in zip(last[-2:0:-1], first[-2:0:-1], whole[-2:0:-1], strict=True):
        behind = (begins + both * behind) / (1.0 + ends * behind)
        backward.append(behind)
    product = np.array(forward) * np.array(backward[::-1])
    return np.asarray(product / (1.0 + product))
