"""Which form a character of several forms takes: by protected words, by the same text elsewhere, by the language model.

Three witnesses for characters that a table cannot convert alone (乾 著 藉 餘). They say which form and how surely; they
never change a text and never overrule one another: stages/simplify.py asks them in turn.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Final

import numpy as np
import regex
from numpy.typing import NDArray

from cleanup.language.characters import han
from cleanup.language.ngrams import PAD, PARAGRAPH, UNKNOWN, NGrams
from cleanup.language.script import Scripts

WINDOWS: Final = (4, 3, 2)  # characters of the windows in which a text is asked how it spells, the most telling first


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """Words with their right spelling: `find` runs over folded text, `spellings` gives the words of a folded form."""

    find: regex.Pattern[str]
    spellings: Mapping[str, tuple[str, ...]]


@cache
def words(scripts: Scripts, entries: tuple[str, ...]) -> Words:
    """Make a table of words ready for `spelled`; of words that begin alike the longest is found."""
    spellings: dict[str, tuple[str, ...]] = {}
    for word in entries:
        folded = scripts.fold(word)
        spellings[folded] = (*spellings.get(folded, ()), word)
    longest_first = sorted(spellings, key=lambda word: (-len(word), word))
    return Words(regex.compile("|".join(map(regex.escape, longest_first)) or r"(?!)"), spellings)


def spelled(
    text: str, folded: str, table: Words, scripts: Scripts, places: Collection[int]
) -> Iterator[tuple[int, str]]:
    """Yield the form that a word of the table gives to each of some places of a text.

    A word counts only where each of those places may be read as its character: 乾和 is not found in 幹和.
    """
    for match in table.find.finditer(folded):
        start, end = match.span()
        if not any(place in places for place in range(start, end)):
            continue
        for word in table.spellings[match.group()]:
            pairs = [(place, form) for place, form in zip(range(start, end), word, strict=True) if place in places]
            if all(scripts.may_become(text[place], form) for place, form in pairs):
                yield from pairs
                break


@dataclass(slots=True, eq=False)
class OwnSpelling:
    """How a text spells where it needs no conversion: `elsewhere` tells the characters that count."""

    text: str
    elsewhere: NDArray[np.bool_]
    _seen: dict[str, Counter[str]] = field(default_factory=dict)

    def form(self, skeleton: str, place: int, forms: Sequence[str], widths: Sequence[int]) -> str | None:
        """Return the one form that the text has elsewhere in the surroundings that the skeleton has here, if any."""
        for width in widths:
            known = [form for form in forms if self._votes(skeleton, place, form, width)]
            if known:
                return known[0] if len(known) == 1 else None
        return None

    def _votes(self, skeleton: str, place: int, form: str, width: int) -> bool:
        seen = self._windows(form)
        return bool(seen) and any(
            skeleton[first:place] + form + skeleton[place + 1 : first + width] in seen
            for first in range(max(place - width + 1, 0), place + 1)
        )

    def _windows(self, form: str) -> Counter[str]:
        """Count the windows of Han around a character where the text counts."""
        if form not in self._seen:
            table, text = han(), self.text
            seen: Counter[str] = Counter()
            at = text.find(form)
            while at >= 0:
                if self.elsewhere[at]:
                    for width in WINDOWS:
                        for first in range(max(at - width + 1, 0), at + 1):
                            window = text[first : first + width]
                            if len(window) == width and all(table[ord(character)] for character in window):
                                seen[window] += 1
                at = text.find(form, at + 1)
            self._seen[form] = seen
        return self._seen[form]


def model_log_odds(
    model: NGrams, codes: NDArray[np.uint32], places: Sequence[int], pairs: Sequence[tuple[str, str]]
) -> NDArray[np.float32]:
    """Log-odds of the first of two forms over the second, at each place of a text given by its code points.

    Every n-gram that the place is part of counts. A form that the model never met says nothing: the log-odds are 0.
    """
    reach = model.order - 1
    if not len(places):
        return np.zeros(0, dtype=np.float32)
    rows = np.asarray(places, dtype=np.int64)[:, None] + np.arange(-reach, reach + 1)
    inside = (rows >= 0) & (rows < len(codes))
    near = codes[np.clip(rows, 0, len(codes) - 1)]
    ids = np.where(near == ord("\n"), PARAGRAPH, model.encode(near))
    ids = np.where(inside, ids, np.where((rows == -1) | (rows == len(codes)), PARAGRAPH, PAD)).astype(np.uint16)
    totals, met = [], np.ones(len(places), dtype=np.bool_)
    for which in (0, 1):
        forms = np.array([ord(pair[which]) for pair in pairs], dtype=np.uint32)
        ids[:, reach] = model.encode(forms)
        met &= ids[:, reach] != UNKNOWN
        totals.append(sum(model.log_prob(ids[:, last - reach : last + 1]) for last in range(reach, 2 * reach + 1)))
    return np.asarray(np.where(met, totals[0] - totals[1], 0), dtype=np.float32)
