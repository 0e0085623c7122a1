"""Weighs whether a Han character that stands twice in a row was meant once: how much better the text reads without one.

The witness is the language model; weights are learned with those of misreadings.py. It changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cleanup.language.characters import han
from cleanup.language.misreadings import Reading, Reals
from cleanup.language.ngrams import PARAGRAPH, NGrams

WITNESSES: Final = ("gain", "surprise", "elsewhere")
EACH: Final = ord("一")  # 一条条, one by one, doubles measure words


@dataclass(frozen=True, slots=True, eq=False)
class Doubled:
    """The places of second characters, counted in code points, and what the witnesses say, a row each.

    `gain`: log-odds by the model of the characters after the pair, without the second one against with it; `surprise`:
    minus its log probability; `elsewhere`: log of one more than how often the document has the pair elsewhere.
    """

    places: NDArray[np.intp]
    witnesses: Reals


def weigh_doubled(reading: Reading, model: NGrams) -> Doubled:
    """Find Han characters that stand twice, save in words like 犹犹豫豫 and 一条条 and in rows of three."""
    text, ids = reading.codes, reading.ids
    same = np.concatenate([[False], (text[1:] == text[:-1]) & han()[text[1:]], [False] * 3]).astype(np.bool_)
    # a second character whose neighbours are no second characters, near or two places off
    pair = same[2:-2] & ~same[:-4] & ~same[1:-3] & ~same[3:-1] & ~same[4:]
    places = np.flatnonzero(pair) + 2
    places = places[places < len(text)]
    places = places[text[places - 2] != EACH]
    if not len(places):
        return Doubled(places, np.zeros((0, len(WITNESSES))))
    reach = model.order - 1
    following = np.append(ids, np.full(reach, PARAGRAPH, dtype=np.uint16))
    scores = np.append(reading.scores, np.zeros(reach + 1))
    contexts = tuple(each[places] for each in reading.contexts)
    without = np.zeros((len(places), reach))
    for offset in range(reach):  # of the character so many places after the second one
        contexts, without[:, offset] = model.advance(contexts, following[places + 1 + offset])
    read = scores[places[:, None] + np.arange(reach + 1)]
    gain = without.sum(axis=1) - read[:, 1:].sum(axis=1)
    pairs = np.sort(text[np.flatnonzero(same[: len(text)])])
    elsewhere = np.searchsorted(pairs, text[places], "right") - np.searchsorted(pairs, text[places], "left") - 1
    return Doubled(reading.places[places], np.column_stack([gain, -read[:, 0], np.log1p(elsewhere)]))
