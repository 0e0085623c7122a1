"""Finds runs of letter-spaced characters: stretched headlines and justified lines in which each character stands alone.

It tells which gaps are spacing and which are real spaces between words; it changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import regex

from cleanup.language.classes import CLOSER, END, HAN, LINK, OPENER, PAUSE, SPACE, Bits

# single Han characters and marks with gaps between; whole numbers may stand among them
UNIT: Final = r"(?:[\p{Han}，、；：。！？…“”‘’（）《》「」『』—·]|\d[\d.,:%]*+)"
RUN: Final = regex.compile(rf"{UNIT}(?:[ 　]++{UNIT}){{3,}}")
# three characters on a line of their own with the same gap between: a heading; not a date to be filled in
THREE: Final = regex.compile(
    r"^[ 　]*+(?!年[ 　]+月)\p{Han}(?P<one>[ 　]++)\p{Han}(?P<two>(?P=one))\p{Han}[ 　]*$", regex.MULTILINE
)
GAP: Final = regex.compile(r"[ 　]+")
ALONE: Final = HAN | PAUSE | END | OPENER | CLOSER | LINK


@dataclass(frozen=True, slots=True)
class Gap:
    """A gap [start, end) in a letter-spaced run; a `real` one stands between words, the others are spacing."""

    start: int
    end: int
    real: bool


def letter_spacing(
    text: str,
    kinds: Bits,
    least_gaps: int,
    least_share: float,
    after_which_names: Sequence[str] = (),
    surnames: Collection[str] = (),
) -> Iterator[Gap]:
    """Yield the gaps of letter-spaced runs; `kinds` are the class bits of the characters.

    A run has at least `least_gaps` gaps of its usual width, and these make up at least `least_share` of its gaps. An
    ideographic space counts as two. Where wide and narrow gaps take turns, the run is a list of two-character names
    with a wide space inside each; after one of `after_which_names` single characters may be names too, and after one
    that itself ends the word before the run they are names when they begin with one of `surnames`. Three characters
    are a run where they are the whole of a line.

    >>> text = "紧 急 会 议   召 开"
    >>> from cleanup.language.classes import bits
    >>> codes = np.array([ord(character) for character in text])
    >>> [(gap.start, gap.real) for gap in letter_spacing(text, bits()[codes], 3, 0.6)]
    [(1, False), (3, False), (5, False), (7, True), (11, False)]
    """
    for run in _runs(text, kinds):
        gaps = [(gap.start(), gap.end()) for gap in GAP.finditer(text, run.start(), run.end())]
        widths = [end - start + text.count("　", start, end) for start, end in gaps]
        if _are_names(widths):
            for number, (start, end) in enumerate(gaps):
                yield Gap(start, end, number % 2 == 1)
            continue
        if text.endswith(tuple(after_which_names), 0, run.start()):
            continue
        first = gaps[0][1]
        if text[first] in surnames and text.endswith(tuple(after_which_names), 0, first):
            continue
        usual = max(set(widths), key=widths.count)
        singles = sum(
            width == usual and _is_single(text, start - 1) and _is_single(text, end)
            for (start, end), width in zip(gaps, widths, strict=True)
        )
        if singles < least_gaps or widths.count(usual) < least_share * len(gaps):
            continue
        for (start, end), width in zip(gaps, widths, strict=True):
            beside_mark = not text[start - 1].isalnum() or not text[end].isalnum()
            yield Gap(start, end, width != usual and not beside_mark)
    for line in THREE.finditer(text) if (kinds == SPACE).any() else ():
        yield from (Gap(line.start(gap), line.end(gap), real=False) for gap in ("one", "two"))


def _runs(text: str, kinds: Bits) -> Iterator[regex.Match[str]]:
    """Find runs of characters with gaps between, in lines that have two lone ones with nothing but a gap between."""
    space = kinds == SPACE
    if not space.any():
        return
    lone = np.flatnonzero(space[:-2] & space[2:] & ((kinds[1:-1] & np.uint16(ALONE)) != 0)) + 1
    done = 0
    for one, other in pairwise(lone.tolist()):
        if one >= done and text[one + 1 : other].isspace():
            done = text.find("\n", one)
            done = len(text) if done < 0 else done
            yield from RUN.finditer(text, text.rfind("\n", 0, one) + 1, done)


def _are_names(widths: Sequence[int]) -> bool:
    """Tell whether wide and narrow gaps take turns, wide ones first and last."""
    inner, outer = widths[::2], widths[1::2]
    return len(inner) == len(outer) + 1 and min(inner) > max(outer)


def _is_single(text: str, at: int) -> bool:
    return not text[at].isascii()
