"""What the language model says of each line end: does the text run on, and how does it know.

It reads the few characters on either side, white space left out, and weighs nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from cleanup.document import Draft
from cleanup.language.characters import members
from cleanup.language.ngrams import PAD, PARAGRAPH, Ids, Logs, NGrams, Slots
from cleanup.layout.lines import SPACES, Integers, Lines

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
    known = np.append(model.encode(codes), np.uint16(PAD))
    steps = np.arange(REACH)
    back = lines.ends[:-1, None] - 1 - steps
    on = lines.starts[1:, None] + steps
    left = _solid(codes, back, back >= lines.starts[:-1, None])[:, ::-1]
    right = _solid(codes, on, on < lines.ends[1:, None])
    return known[left], known[right]


def _solid(codes: NDArray[np.uint32], places: Integers, inside: NDArray[np.bool_]) -> Integers:
    """Return the first DEPTH of the places of each row that lie inside and hold no white space; -1 for none."""
    inside &= ~_space()[codes.take(places, mode="clip")]
    if inside[:, :DEPTH].all():  # as in nearly every text without spaces
        return places[:, :DEPTH]
    found = np.full((len(places), DEPTH), -1, dtype=np.int64)
    rank = np.cumsum(inside, axis=1)
    rows, columns = np.nonzero(inside & (rank <= DEPTH))
    found[rows, rank[rows, columns] - 1] = places[rows, columns]
    return found


@cache
def _space() -> NDArray[np.bool_]:
    return members(SPACES + "\r\n")


def evidence(draft: Draft, lines: Lines, model: NGrams) -> Evidence:
    """Return what the model says of each of the n - 1 line ends.

    Of the characters a b c | d e f around an end all n-grams that matter are looked up at once, an order at a time:
    those that run over the end, those that end in ¶ after c, and those that begin with ¶ before d.
    """
    left, right = contexts(draft, lines, model)
    mark = np.full((len(left), 1), PARAGRAPH, dtype=np.uint16)
    joined = np.concatenate([left, right], axis=1)
    words = np.concatenate([joined[:, 1:], mark, right[:, :1]], axis=1)
    prefixes = np.concatenate([joined[:, :-1], left[:, -1:], mark], axis=1).astype(np.int32)
    backoff = model.unigram_backoffs.take(prefixes)
    two, slots = _known(model, 2, prefixes, words, model.unigrams[words] + backoff)  # ab bc cd de ef c¶ ¶d
    words = np.concatenate([joined[:, 2:], mark, right[:, 1:2]], axis=1)
    prefixes = slots[:, (0, 1, 2, 3, 1, 6)]
    lower = two[:, (1, 2, 3, 4, 5, 3)] + _backoff(model, 2, prefixes)
    three, slots = _known(model, 3, prefixes, words, lower)  # abc bcd cde def bc¶ ¶de
    words = np.concatenate([joined[:, 3:], mark, right[:, 2:]], axis=1)
    prefixes = slots[:, (0, 1, 2, 0, 5)]
    lower = three[:, (1, 2, 3, 4, 3)] + _backoff(model, 3, prefixes)
    four, _ = _known(model, 4, prefixes, words, lower)  # abcd bcde cdef abc¶ ¶def
    there = right != PAD
    alone = np.stack([model.unigrams[right[:, 0]], two[:, 3], three[:, 3]], axis=1)
    after_mark = np.stack([two[:, 6], three[:, 5], four[:, 4]], axis=1)
    return Evidence(
        ending=four[:, 3],
        bond=((four[:, :3] - alone) * there).sum(axis=1),
        opening=((after_mark - alone) * there).sum(axis=1),
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
