"""Weighs whether a Han character that stands twice in a row was meant once: how much better the text reads without one.

The witness is the language model; weights are learned with those of misreadings.py. It changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cleanup.language.characters import han
from cleanup.language.misreadings import Reals, reading_of
from cleanup.language.ngrams import PAD, PARAGRAPH, NGrams

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


def weigh_doubled(codes: NDArray[np.uint32], model: NGrams) -> Doubled:
    """Find Han characters that stand twice, save in words like 犹犹豫豫 and 一条条 and in rows of three."""
    solid, text, ids = reading_of(codes, model)
    same = np.concatenate([[False], (text[1:] == text[:-1]) & han()[text[1:]], [False] * 3]).astype(np.bool_)
    # a second character whose neighbours are no second characters, near or two places off
    pair = same[2:-2] & ~same[:-4] & ~same[1:-3] & ~same[3:-1] & ~same[4:]
    places = np.flatnonzero(pair) + 2
    places = places[places < len(text)]
    places = places[text[places - 2] != EACH]
    reach = model.order - 1
    before = np.concatenate([np.full(reach - 1, PAD), [PARAGRAPH], ids, np.full(reach, PARAGRAPH)]).astype(np.uint16)
    scores = np.append(model.score_text(ids).astype(np.float64), np.zeros(reach + 1))
    without = np.zeros((len(places), reach))
    for offset in range(reach):  # of the character so many places after the second one
        back = np.arange(reach, -1, -1)
        rows = before[places[:, None] + reach + 1 + offset - back - (back > offset)]
        without[:, offset] = model.log_prob(rows)
    read = scores[places[:, None] + np.arange(reach + 1)]
    gain = without.sum(axis=1) - read[:, 1:].sum(axis=1)
    pairs = np.sort(text[np.flatnonzero(same[: len(text)])])
    elsewhere = np.searchsorted(pairs, text[places], "right") - np.searchsorted(pairs, text[places], "left") - 1
    return Doubled(solid[places], np.column_stack([gain, -read[:, 0], np.log1p(elsewhere)]))
