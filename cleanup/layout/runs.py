"""What the language model says of each line end: does the text run on, and how does it know.

It reads the few characters on either side, white space left out, and weighs nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cleanup.document import Draft
from cleanup.language.ngrams import PAD, PARAGRAPH, Ids, Logs, NGrams, Slots
from cleanup.layout.lines import Integers, Lines, blank

DEPTH = 3  # characters looked at on either side; the model's order less one
REACH = 2 * DEPTH  # characters searched for them, letter-spaced lines being half white space


@dataclass(frozen=True, slots=True)
class Evidence:
    """Natural logarithms, one for each of n - 1 line ends.

    `ending`: log P(¶ | the characters before). `bond`: log P of the characters after given those before, less the same
    given nothing: are they parts of one phrase? `opening`: log P of the characters after given ¶, less the same given
    nothing: is this how paragraphs begin?
    """

    ending: Logs
    bond: Logs
    opening: Logs


def contexts(draft: Draft, lines: Lines, model: NGrams) -> tuple[Ids, Ids]:
    """Return the ids before and after each of the n - 1 line ends, each of shape (n - 1, DEPTH).

    Characters are taken from the two lines alone; where a line is shorter, nothing stands there (PAD).
    """
    codes = draft.codes
    left = _solid(codes, lines.ends[:-1, None] - 1, -1, lines.starts[:-1, None])[:, ::-1]
    right = _solid(codes, lines.starts[1:, None], 1, lines.ends[1:, None] - 1)
    places = np.concatenate([left, right], axis=1)
    known = model.encode(codes.take(places, mode="clip"))
    known[places < 0] = PAD
    return known[:, :DEPTH], known[:, DEPTH:]


def _solid(codes: NDArray[np.uint32], first: Integers, step: int, last: Integers) -> Integers:
    """Return the DEPTH places of each row from `first` on, up to `last`, that hold no white space; -1 for none."""
    places = first + step * np.arange(DEPTH)
    solid = ~blank()[codes.take(places, mode="clip")]
    solid &= step * places <= step * last
    rest = np.flatnonzero(~solid.all(axis=1))
    if not len(rest):  # as in nearly every text without spaces
        return places
    further = first[rest] + step * np.arange(REACH)
    solid = ~blank()[codes.take(further, mode="clip")]
    solid &= step * further <= step * last[rest]
    rank = np.cumsum(solid, axis=1)
    rows, columns = np.nonzero(solid & (rank <= DEPTH))
    places[rest] = -1
    places[rest[rows], rank[rows, columns] - 1] = further[rows, columns]
    return places


def evidence(draft: Draft, lines: Lines, model: NGrams) -> Evidence:
    """Return what the model says of each of the n - 1 line ends.

    Of the characters a b c | d e f around an end all n-grams that matter are looked up at once, an order at a time:
    those that run over the end, those that end in ¶ after c, and those that begin with ¶ before d.
    """
    joined = np.empty((2 * DEPTH + 1, max(len(lines) - 1, 0)), dtype=np.uint16)  # a b c d e f ¶, a row each
    joined[:DEPTH], joined[DEPTH:-1] = (ids.T for ids in contexts(draft, lines, model))
    joined[-1] = PARAGRAPH
    right, prefixes = joined[DEPTH:-1], joined[[0, 1, 2, 3, 4, 2, 6]].astype(np.int32)
    words = joined[[1, 2, 3, 4, 5, 6, 3]]  # ab bc cd de ef c¶ ¶d
    two, slots = _known(model, 2, prefixes, words, model.unigrams.take(words) + model.unigram_backoffs.take(prefixes))
    prefixes, words = slots[[0, 1, 2, 3, 1, 6]], joined[[2, 3, 4, 5, 6, 4]]  # abc bcd cde def bc¶ ¶de
    three, slots = _known(model, 3, prefixes, words, two[[1, 2, 3, 4, 5, 3]] + _backoff(model, 2, prefixes))
    prefixes, words = slots[[0, 1, 2, 0, 5]], joined[[3, 4, 5, 6, 5]]  # abcd bcde cdef abc¶ ¶def
    four, _ = _known(model, 4, prefixes, words, three[[1, 2, 3, 4, 3]] + _backoff(model, 3, prefixes))
    there = right != PAD
    alone = np.stack([model.unigrams.take(right[0]), two[3], three[3]])
    after_mark = np.stack([two[6], three[5], four[4]])
    return Evidence(
        ending=four[3],
        bond=((four[:3] - alone) * there).sum(axis=0),
        opening=((after_mark - alone) * there).sum(axis=0),
    )


def _known(model: NGrams, order: int, prefixes: Slots, words: Ids, lower: Logs) -> tuple[Logs, Slots]:
    """Return log P of the words and the slots of the n-grams they end; `lower` is what the shorter context gives."""
    slots = model.find(order, prefixes.ravel(), words.ravel()).reshape(words.shape)
    level = model.levels[order - 2]
    return np.where(slots >= 0, level.log_prob_values.take(level.log_probs.take(slots, mode="clip")), lower), slots


def _backoff(model: NGrams, order: int, slots: Slots) -> Logs:
    level = model.levels[order - 2]
    weights = level.backoff_values.take(level.backoffs.take(slots, mode="clip"))
    weights[slots < 0] = 0
    return weights
