"""Weighs whether a character was misread for one of its look-alikes: how much better each would fit its place.

The witnesses are the language model and the document's own words; their weights are learned (learn_misreadings.py) and
kept in misreadings.json. It reports and never changes anything.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cleanup.language.characters import CODE_POINTS, han
from cleanup.language.ngrams import PAD, PARAGRAPH, UNKNOWN, NGrams

Reals = NDArray[np.float64]
LINE_END: Final = 10
IDEOGRAPHIC_SPACE: Final = 0x3000
COMMON_IDEOGRAPHS: Final = (0x4E00, 0xA000)
SHIPPED: Final = Path(__file__).with_name("misreadings.json")
WITNESSES: Final = (
    "gain",  # log-odds by the model that the look-alike stands there, over the characters it takes part in
    "surprise",  # minus the log probability of the character read
    "fit",  # the log probability of the look-alike
    "after",  # minus the log probability of the characters after the one read, a character
    "words with it",  # log of one more than how often the document has the two-character words elsewhere
    "words with the other",  # the same for the look-alike
)


@dataclass(frozen=True, slots=True)
class Weights:
    """What each witness counts for, and the log-odds before any speaks."""

    bias: float
    witnesses: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Learned:
    """The weights for look-alikes and for doubled characters, and below what surprise no look-alike is asked about."""

    look_alikes: Weights
    doubled: Weights
    least_surprise: float


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """Places of a text, counted in code points, a look-alike for each, and what the witnesses say, a row each."""

    places: NDArray[np.intp]
    others: NDArray[np.uint32]
    witnesses: Reals


@cache
def load_weights(path: Path = SHIPPED) -> Learned:
    """Read the learned weights."""
    content = json.loads(path.read_text("utf-8"))
    parts = (content["look-alikes"], content["doubled"])
    alike, twice = (Weights(part["bias"], tuple(part["witnesses"].values())) for part in parts)
    return Learned(alike, twice, content["least surprise"])


@cache
def look_alikes(groups: tuple[str, ...]) -> Mapping[int, tuple[int, ...]]:
    """The look-alikes of each code point, from groups whose members are taken for one another.

    >>> look_alikes(("人入八",))[ord("入")] == tuple(map(ord, "人八"))
    True
    """
    table: dict[int, dict[int, None]] = {}
    for group in groups:
        for one in group:
            for other in group:
                if one != other:
                    table.setdefault(ord(one), {})[ord(other)] = None
    return {one: tuple(others) for one, others in table.items()}


@cache
def _has_look_alikes(groups: tuple[str, ...]) -> NDArray[np.bool_]:
    table = np.zeros(CODE_POINTS, dtype=np.bool_)
    table[list(look_alikes(groups))] = True
    return table


def reading_of(
    codes: NDArray[np.uint32], model: NGrams
) -> tuple[NDArray[np.intp], NDArray[np.uint32], NDArray[np.uint16]]:
    """Return what the model reads of a text: the places of all but spaces, the code points there, and their ids."""
    solid = np.flatnonzero((codes != ord(" ")) & (codes != IDEOGRAPHIC_SPACE) & (codes != ord("\t")))
    text = codes[solid]
    ended = text == LINE_END
    fresh = ~ended
    fresh[1:] |= ended[1:] & ~ended[:-1]  # empty lines end nothing twice
    solid, text = solid[fresh], text[fresh]
    return solid, text, np.where(text == LINE_END, np.uint16(PARAGRAPH), model.encode(text)).astype(np.uint16)


def weigh(codes: NDArray[np.uint32], groups: tuple[str, ...], model: NGrams, least_surprise: float) -> Candidates:
    """Find the characters that have look-alikes and surprise the model, and ask the witnesses about each look-alike."""
    solid, text, ids = reading_of(codes, model)
    scores = model.score_text(ids).astype(np.float64)
    asked = np.flatnonzero(_has_look_alikes(groups)[text] & (scores < -least_surprise))
    table = look_alikes(groups)
    rows = [(place, other) for place in asked.tolist() for other in table[int(text[place])]]
    places = np.array([place for place, _ in rows], dtype=np.intp)
    others = np.array([other for _, other in rows], dtype=np.uint32)
    known = model.encode(others) != UNKNOWN
    places, others = places[known], others[known]
    as_read, instead = _scores(ids, scores, places, model.encode(others), model)
    witnesses = (
        (instead - as_read).sum(axis=1),
        -as_read[:, 0],
        instead[:, 0],
        -as_read[:, 1:].mean(axis=1),
        *_words(text, places, others),
    )
    return Candidates(solid[places], others, np.column_stack(witnesses))


def _scores(
    ids: NDArray[np.uint16], scores: Reals, places: NDArray[np.intp], others: NDArray[np.uint16], model: NGrams
) -> tuple[Reals, Reals]:
    """Log probabilities of each place's character and those after it that it takes part in, as read and with the other.

    Rows are places. After the end of the paragraph the two are equal.
    """
    order = model.order
    before = np.concatenate([np.full(order - 2, PAD), [PARAGRAPH], ids, np.full(order, PARAGRAPH)]).astype(np.uint16)
    at = places[:, None] + np.arange(order)
    as_read = np.concatenate([scores, np.zeros(order)])[at]
    as_read[:, 0] -= (ids[places] == UNKNOWN) * np.log(_unlisted(model))
    instead = np.zeros((len(places), order))
    for offset in range(order):  # the look-alike is the last, the last but one, ... character of the window
        rows = before[at + offset]
        rows[:, order - 1 - offset] = others
        instead[:, offset] = model.log_prob(rows)
    ended = np.append(ids, np.full(order, PARAGRAPH, dtype=np.uint16))[at] == PARAGRAPH
    beyond = (np.cumsum(ended, axis=1) - ended > 0) | (at >= len(ids))
    return as_read, np.where(beyond, as_read, instead)


@cache
def _unlisted(model: NGrams) -> int:
    """How many of the common ideographs a model does not list: they share what it gives to any unknown character."""
    return int(np.count_nonzero(model.encode(np.arange(*COMMON_IDEOGRAPHS, dtype=np.uint32)) == UNKNOWN))


def _words(text: NDArray[np.uint32], places: NDArray[np.intp], others: NDArray[np.uint32]) -> tuple[Reals, Reals]:
    """Log counts of the two-character words that a place makes with its neighbours, as read and with the other."""
    is_han = han()[text]
    pairs = (text[:-1].astype(np.uint64) << np.uint64(32)) | text[1:]
    pairs = np.where(is_han[:-1] & is_han[1:], pairs, np.uint64(0))
    every = np.sort(pairs)
    ends = np.concatenate([[np.uint32(10)], text, [np.uint32(10)]])
    left, right = ends[places].astype(np.uint64), ends[places + 2].astype(np.uint64)

    def count(words: NDArray[np.uint64]) -> NDArray[np.int64]:
        return np.searchsorted(every, words, "right") - np.searchsorted(every, words, "left")

    shift = np.uint64(32)
    own, other = text[places].astype(np.uint64), others.astype(np.uint64)
    as_read = count((left << shift) | own) + count((own << shift) | right)
    here = is_han[np.maximum(places - 1, 0)].astype(np.int64) * (places > 0)
    here = here + is_han[np.minimum(places + 1, len(text) - 1)] * (places + 1 < len(text))
    instead = count((left << shift) | other) + count((other << shift) | right)
    return np.log1p(np.maximum(as_read - here, 0)), np.log1p(instead)


def probabilities_of(witnesses: Reals, weights: Weights) -> Reals:
    """The probability of each candidate, a row of witnesses, that its look-alike was meant."""
    odds = witnesses @ np.array(weights.witnesses) + weights.bias
    return np.asarray(1 / (1 + np.exp(-np.clip(odds, -60, 60))))
