"""How well each line would stand below each of the lines before it, in one column: what tells, and how it is weighed.

What the language says of the joint, how a line ends and begins, and how full it is; the weights were learned by
learn_threads.py and are kept in threads.json. It threads nothing.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from cleanup.language.classes import CLOSER, END, bits
from cleanup.layout.cells import Edges, Flags, Reals, Sheet
from cleanup.layout.geometry import SPACED
from cleanup.layout.lines import Lines
from cleanup.layout.onward import read_sides

REACH = 8  # lines down to the next line of a column: four columns, and as many lines of headlines between
WINDOW = 10  # lines on either side that tell how long a full line is
LACK_EDGES = (-1.5, 1.5, 2.5, 6.0)  # half em; an indent is four


@cache
def load_line_weights(path: Path) -> Reals:
    """Read the learned weights of ENDED, FRESH and ON, one after another."""
    tree = json.loads(path.read_text("utf-8"))["lines"]
    return np.array([tree[group][name] for group, names in LINE_GROUPS.items() for name in names])


@dataclass(frozen=True, slots=True, eq=False)
class Odds:
    """What is weighed between lines: natural logarithms of probabilities.

    `follow[i, d]` that line i + d stands below line i in one column, `begin` that a line begins a column or a headline;
    `joint[i, d]` the log-odds that the text runs on from one to the other; `afresh[i, d]` tells whether it is likelier
    that a paragraph or a headline ends between the two.
    """

    follow: Reals
    begin: Reals
    joint: Reals
    afresh: Flags


LACKS = ("over", "full", "nearly", "set in", "short", "spaced")  # how full a line is; "set in": lacks an indent
ENDED = ("any", "stop", *LACKS, *(f"closed {lack}" for lack in LACKS), "torn")  # what tells that its paragraph ends
FRESH = ("opening", "resumes", *LACKS, "indented")  # what tells that a line begins a paragraph
ON = ("n-grams", "encoders")  # what tells that the text runs on
LINE_GROUPS = {"ended": ENDED, "fresh": FRESH, "on": ON}


@dataclass(frozen=True, slots=True, eq=False)
class Witnesses:
    """What speaks for line i + d standing below line i in one column, shape (n, REACH + 1), where there is such a line.

    `ngrams` and `encoded`: log-odds that the text runs on, by the language model and by the encoders. `end` and
    `fresh`: what tells that each line ends its paragraph and begins one, columns ENDED and FRESH.
    """

    inside: Flags
    ngrams: Reals
    encoded: Reals
    end: Reals
    fresh: Reals


def weigh_lines(witnesses: Witnesses, weights: Reals) -> Odds:
    """Return what is weighed between lines, given what speaks for each joint and the learned weights (see LINE_GROUPS).

    A line goes on in mid-paragraph, or its paragraph has ended and another begins.
    """
    ngrams, encoded, inside = witnesses.ngrams, witnesses.encoded, witnesses.inside
    ended, begun, onward = np.split(weights, [len(ENDED), len(ENDED) + len(FRESH)])
    end = witnesses.end @ ended
    log_ended, log_open = -np.logaddexp(0.0, -end), -np.logaddexp(0.0, end)
    fresh = witnesses.fresh @ begun
    on = onward[0] * ngrams + onward[1] * encoded
    lower = np.minimum(np.arange(len(end))[:, None] + np.arange(REACH + 1), len(end) - 1)
    same, other = on + log_open[:, None], fresh[lower] + log_ended[:, None]
    follow = np.logaddexp(same, other)
    stop, opening = witnesses.end[:, ENDED.index("stop")], witnesses.fresh[:, FRESH.index("opening")]
    joint = ngrams - stop[:, None] - opening[lower]
    return Odds(
        np.where(inside, follow, -99.0),
        np.logaddexp(fresh, 0.0) + np.log(0.5),
        np.where(inside, joint, -99.0),
        inside & (other > same),
    )


def read_witnesses(sheet: Sheet, lines: Lines, edges: Edges) -> Witnesses:
    """Return what speaks for each line standing below each of the lines before it."""
    model = sheet.model
    count = len(lines)
    contexts = model.contexts_after(edges.last)
    stop = edges.stops(model)
    upper = np.repeat(np.arange(count), REACH)
    lower = upper + np.tile(np.arange(1, REACH + 1), count)
    within = lower < count
    upper, lower = upper[within], lower[within]
    on = np.zeros(len(upper))
    reached = tuple(slots[upper] for slots in contexts)
    anywhere = edges.anywhere(model)
    for words in edges.first[lower].T:
        reached, score = model.advance(reached, words)
        on += np.where(words == model.PAD, 0.0, score)
    before, after = read_sides(sheet, lines.starts, lines.ends, np.ones(count, dtype=np.int64))
    inside = np.zeros((count, REACH + 1), dtype=np.bool_)
    inside[upper, lower - upper] = True
    ngrams, encoded = np.zeros((count, REACH + 1)), np.zeros((count, REACH + 1))
    ngrams[upper, lower - upper] = on - anywhere[lower]
    for step in range(1, min(REACH, count - 1) + 1):
        encoded[:-step, step] = np.einsum("ij,ij->i", before.vectors[:-step], after.vectors[step:])
    closing = closed_lines(sheet, lines)[:, None]
    lacks = _lacks(sheet, lines)
    one = np.ones(count)
    end = np.column_stack([one, stop, lacks, lacks & closing, before.torn])
    fresh = np.column_stack([edges.openings(model), after.torn, lacks, lines.indent > 0])
    return Witnesses(inside, ngrams, encoded, end, fresh)


def closed_lines(sheet: Sheet, lines: Lines) -> Flags:
    """Tell which lines end in a mark that closes a sentence."""
    kinds = bits()[sheet.draft.codes[lines.ends - 1]]
    return np.asarray((kinds & (END | CLOSER)) != 0)


def _lacks(sheet: Sheet, lines: Lines) -> Flags:
    """Return which of LACKS each line shows, shape (n, 6)."""
    letters = np.searchsorted(sheet.solid, lines.ends) - np.searchsorted(sheet.solid, lines.starts)
    spaces = lines.ends - lines.starts - letters
    extent = lines.width - 0.5 * spaces
    lack = np.searchsorted(np.array(LACK_EDGES), _full_width(extent) - extent, "right")
    lack[spaces >= SPACED * (letters - 1)] = LACKS.index("spaced")
    return np.asarray(lack[:, None] == np.arange(len(LACKS)))


def _full_width(widths: Reals) -> Reals:
    """Return how wide the full lines around each line are."""
    if not len(widths):
        return widths
    padded = np.pad(widths, WINDOW, mode="reflect" if len(widths) > WINDOW else "edge")
    return np.asarray(np.percentile(sliding_window_view(padded, 2 * WINDOW + 1), 75, axis=1))
