"""Weighs whether a character was misread for one of its look-alikes: how much better each would fit its place.

The witnesses are the language model and the document's own words; their weights are learned (learn_misreadings.py) and
kept in misreadings.json. It reports and never changes anything.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cleanup.language.characters import CODE_POINTS, han
from cleanup.language.ngrams import PARAGRAPH, UNKNOWN, Contexts, NGrams

Reals = NDArray[np.float64]
LINE_END: Final = 10
IDEOGRAPHIC_SPACE: Final = 0x3000
COMMON_IDEOGRAPHS: Final = (0x4E00, 0xA000)
ROUNDING: Final = 1e-6  # log-odds, more than the rounding of a sum of ten
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
class Reading:
    """What the model reads of a text: all but spaces, of several line ends one.

    `places`: of each character in the text; `codes` and `ids`: what it is; `scores`: log P of it after what stands
    before it; `contexts`: what stands before it, as the model takes it.
    """

    places: NDArray[np.intp]
    codes: NDArray[np.uint32]
    ids: NDArray[np.uint16]
    scores: Reals
    contexts: Contexts


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """Candidates while they are weighed, a row each: where in a reading, which look-alike, and how often it is there.

    `as_read` and `instead` have a column for the place and each character after it that it takes part in: log P as
    read, and with the look-alike; as long as that is not known it is 0, as high as it can be. After the end of the
    paragraph, where `beyond` is true, the two are equal.
    """

    places: NDArray[np.intp]
    others: NDArray[np.uint32]
    often: NDArray[np.int64]
    as_read: Reals
    instead: Reals
    beyond: NDArray[np.bool_]

    def only(self, rows: NDArray[np.intp]) -> Asked:
        """Some of the rows."""
        return Asked(*(getattr(self, name).take(rows, axis=0) for name in self.__slots__))


Worth = Callable[[Asked], NDArray[np.bool_]]


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
def _listed(groups: tuple[str, ...]) -> tuple[NDArray[np.uint16], NDArray[np.intp], NDArray[np.uint32]]:
    """The look-alikes in arrays: a number of each code point, 0 for none, where its look-alikes begin, and all."""
    table = look_alikes(groups)
    numbers = np.zeros(CODE_POINTS, dtype=np.uint16)
    numbers[list(table)] = np.arange(1, len(table) + 1)
    begins = np.cumsum([0, 0, *map(len, table.values())])
    return numbers, begins, np.array([other for others in table.values() for other in others], dtype=np.uint32)


def read(codes: NDArray[np.uint32], model: NGrams) -> Reading:
    """Let the model read a text, given by its code points."""
    solid = np.flatnonzero((codes != ord(" ")) & (codes != IDEOGRAPHIC_SPACE) & (codes != ord("\t")))
    text = codes[solid]
    ended = text == LINE_END
    fresh = ~ended
    fresh[1:] |= ended[1:] & ~ended[:-1]  # empty lines end nothing twice
    solid, text = solid[fresh], text[fresh]
    ids = model.encode(text)
    ids[text == LINE_END] = PARAGRAPH
    scores, contexts = model.read(ids)
    return Reading(solid, text, ids, scores.astype(np.float64), contexts)


def _every_one(asked: Asked) -> NDArray[np.bool_]:
    return np.ones(len(asked.places), dtype=np.bool_)


def likely(weights: Weights, least: float) -> Worth:
    """What to ask on about, for `weigh`: the candidates whose probability may still reach `least`.

    The words with the look-alike are put at twice as many as there are look-alikes in the text.
    """
    gain, surprise, fit, after, with_it, with_other = weights.witnesses
    assert gain > 0 and fit > 0 and with_it < 0, "the bounds go up with these"
    needed = np.log(least / (1 - least)) - weights.bias - ROUNDING

    def worth(asked: Asked) -> NDArray[np.bool_]:
        order = asked.as_read.shape[1]
        read = np.full(order, -gain - after / (order - 1))  # what each column counts for
        read[0] = -gain - surprise
        instead = np.full(order, gain)
        instead[0] += fit
        odds = asked.as_read @ read + asked.instead @ instead
        odds += max(with_other, 0.0) * np.log1p(2 * asked.often)
        return np.asarray(odds >= needed)

    return worth


def weigh(
    reading: Reading, groups: tuple[str, ...], model: NGrams, least_surprise: float, worth: Worth = _every_one
) -> Candidates:
    """Find the characters that have look-alikes and surprise the model, and ask the witnesses about each look-alike.

    `worth` is shown the candidates each time one more character is known, and tells which to ask on about.
    """
    asked = _ask(reading, groups, model, least_surprise)
    contexts = tuple(each[asked.places] for each in reading.contexts)
    following = np.append(reading.ids, np.full(model.order, PARAGRAPH, dtype=np.uint16))
    for offset in range(model.order):  # the look-alike is the last, the last but one, ... character of an n-gram
        words = following[asked.places + offset] if offset else model.encode(asked.others)
        contexts, told = model.advance(contexts, words)
        asked.instead[:, offset] = np.where(asked.beyond[:, offset], asked.as_read[:, offset], told)
        rows = np.flatnonzero(worth(asked))
        if len(rows) < len(asked.places):
            asked, contexts = asked.only(rows), tuple(each.take(rows) for each in contexts)
    witnesses = (
        (asked.instead - asked.as_read).sum(axis=1),
        -asked.as_read[:, 0],
        asked.instead[:, 0],
        -asked.as_read[:, 1:].mean(axis=1),
        *_words(reading.codes, asked.places, asked.others),
    )
    return Candidates(reading.places[asked.places], asked.others, np.column_stack(witnesses))


def _ask(reading: Reading, groups: tuple[str, ...], model: NGrams, least_surprise: float) -> Asked:
    """The look-alikes that the model knows, of the characters that surprise it."""
    numbers, begins, alike = _listed(groups)
    number = numbers[reading.codes]
    surprised = np.flatnonzero((number > 0) & (reading.scores < -least_surprise))
    order, number = model.order, number[surprised]
    at = surprised[:, None] + np.arange(order)
    as_read = np.append(reading.scores, np.zeros(order))[at]
    as_read[:, 0] -= (reading.ids[surprised] == UNKNOWN) * np.log(_unlisted(model))
    ended = np.append(reading.ids, np.full(order, PARAGRAPH, dtype=np.uint16))[at] == PARAGRAPH
    beyond = at >= len(reading.ids)
    for offset in range(1, order):
        beyond[:, offset] |= beyond[:, offset - 1] | ended[:, offset - 1]
    count = begins[number + 1] - begins[number]
    rows = np.repeat(np.arange(len(surprised)), count)
    first = begins[number] - (np.cumsum(count) - count)
    others = alike[np.arange(len(rows)) + first[rows]]
    ids = model.encode(others)
    known = np.flatnonzero(ids != UNKNOWN)
    rows, others = rows[known], others[known]
    often = np.bincount(reading.ids, minlength=len(model.unigrams))[ids[known]]
    as_read, beyond = as_read.take(rows, axis=0), beyond.take(rows, axis=0)
    return Asked(surprised[rows], others, often, as_read, np.where(beyond, as_read, 0.0), beyond)


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
