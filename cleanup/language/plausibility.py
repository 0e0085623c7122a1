"""How likely a string is as written Chinese, against bytes that mean nothing: for choosing among readings of bytes.

Traditional characters count as their simplified forms, so that both scripts are known alike. It never decodes and never
decides; decode.py compares.
"""

from __future__ import annotations

import math
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cleanup.language import ngrams, script
from cleanup.language.characters import CODE_POINTS, HAN_RANGES
from cleanup.language.ngrams import UNKNOWN

NOISE: Final = -math.log(256)  # of one byte, when any byte is as likely as another
# A character the model never met is one of a class: how often each class is met among such characters in Chinese print,
# in orders of magnitude, and so the probability of each member of the class.
RARE_HAN, OTHER_LETTERS, NO_TEXT = 0.9, 0.09, 0.0001
DAMAGE: Final = NOISE - math.log(1000)  # a byte that fits no character: one in a thousand, and then any
BREAK: Final = -math.log(30)  # a space or a line end: lines have some thirty characters

Codes = NDArray[np.uint32]


def codes_of(text: str) -> Codes:
    """Return the code points of a text."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")


@cache
def _folding() -> Codes:
    table = np.arange(CODE_POINTS, dtype=np.uint32)
    for configuration in ("hk2s", "tw2s", "t2s"):
        for old, new in script.single_forms(configuration).items():
            table[ord(old)] = ord(new)
    return table


@cache
def _unmet() -> NDArray[np.float32]:
    """Log probability of each code point among those that the model never met."""
    table = np.full(CODE_POINTS, math.log(NO_TEXT / CODE_POINTS), dtype=np.float32)
    letters = ((0xA0, 0x2E80), (0x3000, 0x3400), (0xA000, 0xD800), (0xFE10, 0xFFF0), (0x1F000, 0x1FB00))
    total = sum(high - low for low, high in letters)
    for low, high in letters:
        table[low:high] = math.log(OTHER_LETTERS / total)
    total = sum(high - low for low, high in HAN_RANGES)
    for low, high in HAN_RANGES:
        table[low : high + 1] = math.log(RARE_HAN / total)
    return table


@cache
def characters() -> NDArray[np.float32]:
    """Log probability of each code point by its frequency alone, for judging many short pieces at once.

    >>> table = characters()
    >>> bool(table[ord("的")] > table[ord("齉")])
    True
    """
    model = ngrams.load()
    every = np.arange(CODE_POINTS, dtype=np.uint32)
    ids = model.encode(_folding()[every])
    table = np.array(model.unigram_log_prob(ids), dtype=np.float32)
    table[ids == UNKNOWN] += _unmet()[ids == UNKNOWN]
    return _marked(table, every)


def _marked(scores: NDArray[np.float32], codes: Codes) -> NDArray[np.float32]:
    """Set the scores of what is no character of the model: breaks, and bytes that fitted nothing (PEP 383)."""
    scores[(codes >= 0x9) & (codes <= 0xD) | (codes == 0x20) | (codes == 0x3000)] = BREAK
    scores[(codes >= 0xDC80) & (codes <= 0xDCFF)] = DAMAGE
    return scores


def log_likelihood(text: str) -> float:
    """Return the natural logarithm of the probability of a text under the language model.

    >>> log_likelihood("人民日报") > log_likelihood("浜烘皯鏃ユ姤")
    True
    """
    codes = codes_of(text)
    if not len(codes):
        return 0.0
    model = ngrams.load()
    ids = model.encode(_folding()[codes])
    scores = np.array(model.score_text(ids), dtype=np.float32)
    scores[ids == UNKNOWN] += _unmet()[codes[ids == UNKNOWN]]
    return float(_marked(scores, codes).sum(dtype=np.float64))
