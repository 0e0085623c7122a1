"""Where paragraphs break: the most probable chain of joins and breaks over the lines of a text.

A linear-chain model (J. Lafferty et al., Conditional Random Fields, ICML 2001) of two states per line end. What a line
looks like is weighed together with the state before and after it: a line two em short is the first of a paragraph
whose indent was lost, or the last, or neither, and only the chain tells. Weights are learned by learn.py and kept in
breaks.json, a number for every named bin. It decides from witnesses alone and never looks at a text.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cleanup.layout.groups import ENDINGS, LINES
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
    lines = weights.lines.take(witnesses.lines, axis=0).sum(axis=1)
    return lines, weights.endings.take(witnesses.boundaries).sum(axis=1)


def break_probabilities(witnesses: Witnesses, weights: Weights) -> Reals:
    """Return for each of the n - 1 line ends the probability that a paragraph ends there (forward-backward)."""
    lines, boundaries = potentials(witnesses, weights)
    count = len(lines)
    if count < 2:
        return np.zeros(0)
    scores = lines.copy()
    scores[:-1, 1] += boundaries  # states with a break after the line
    scores[:-1, 3] += boundaries
    factor = np.exp(scores - scores.max(axis=1, keepdims=True)).tolist()
    # forward: the weight of a join and of a break before line i; the text begins and ends with a break
    forward = [(0.0, 1.0)]
    join, cut = 0.0, 1.0
    for middle, last, first, whole in factor[:-1]:
        join, cut = join * middle + cut * first, join * last + cut * whole
        total = join + cut or math.ulp(0.0)
        join, cut = join / total, cut / total
        forward.append((join, cut))
    result = [0.0] * (count - 1)
    back_join, back_cut = 0.0, 1.0
    for row in range(count - 1, 0, -1):
        middle, last, first, whole = factor[row]
        back_join, back_cut = middle * back_join + last * back_cut, first * back_join + whole * back_cut
        total = back_join + back_cut or math.ulp(0.0)
        back_join, back_cut = back_join / total, back_cut / total
        join, cut = forward[row]
        break_weight, join_weight = cut * back_cut, join * back_join
        result[row - 1] = break_weight / (break_weight + join_weight or math.ulp(0.0))
    return np.array(result)
