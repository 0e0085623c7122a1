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
    known = _around(draft, lines, model)
    return known[:DEPTH].T, known[DEPTH:].T


def _around(draft: Draft, lines: Lines, model: NGrams) -> Ids:
    """Return the ids of the DEPTH characters before each line end and of those after it, a row for each place."""
    codes = draft.codes
    near = np.arange(DEPTH)[:, None]
    last, first = lines.ends[:-1] - 1, lines.starts[1:]
    beyond = last - lines.starts[:-1], lines.ends[1:] - 1 - first  # characters that the two lines have besides
    seen = codes.take(np.concatenate([last - near[::-1], first + near]), mode="clip")
    known = model.encode(seen)
    apart = blank().take(seen).any(axis=0)
    apart |= np.minimum(*beyond) < DEPTH - 1
    rest = apart.nonzero()[0]
    if len(rest):  # white space stands there, or a line is short
        before = _solid(codes, last[rest], -1, beyond[0][rest])
        after = _solid(codes, first[rest], 1, beyond[1][rest])
        places = np.concatenate([before[::-1], after])
        known[:, rest] = np.where(places < 0, PAD, model.encode(codes.take(places, mode="clip")))
    return known


def _solid(codes: NDArray[np.uint32], first: Integers, step: int, beyond: Integers) -> Integers:
    """Return the first DEPTH places that hold no white space from `first` on, a row each; -1 where there are no more.

    So many places `beyond` the first are looked at.
    """
    reach = np.arange(REACH)[:, None]
    further = first + step * reach
    solid = ~blank().take(codes.take(further, mode="clip"))
    solid &= reach <= beyond
    rank = solid.cumsum(axis=0)
    rows, columns = (solid & (rank <= DEPTH)).nonzero()
    places = np.full((DEPTH, len(first)), -1)
    places[rank[rows, columns] - 1, columns] = further[rows, columns]
    return places


def evidence(draft: Draft, lines: Lines, model: NGrams) -> Evidence:
    """Return what the model says of each of the n - 1 line ends.

    Of the characters a b c | d e f around an end all n-grams that matter are looked up at once, an order at a time:
    those that run over the end, those that end in ¶ after c, and those that begin with ¶ before d.
    """
    joined = np.empty((2 * DEPTH + 1, max(len(lines) - 1, 0)), dtype=np.uint16)  # a b c d e f ¶, a row each
    joined[:-1] = _around(draft, lines, model)
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
