"""Finds single spaces inside sentences: gaps where the text runs on, though a space stands there.

In a sentence Chinese has no spaces; what is kept is the gap between names, between the halves of a title or slogan in
quotes, and after what opens a paragraph (a dateline, a run-in heading). The language model says whether a text runs on.
It changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import regex

from cleanup.language.ngrams import PAD, NGrams

GAP: Final = regex.compile(r"(?<=\p{Han}) (?=\p{Han}[^\n ])")
# a gap counts only after a mark that pauses or ends, so that it is no dateline's, and when no quote or bracket is open
PAUSE: Final = regex.compile(r"[，。；：！？]")
SENTENCE: Final = "。"
OPENING: Final = "“‘「『《〈（(【["
CLOSING: Final = "”’」』》〉）)】]"
REACH: Final = 3  # characters looked at on either side


def gaps(text: str) -> list[int]:
    """Return the places of single spaces between Han characters in the middle of sentences.

    >>> gaps("本报讯 今年以来，灵石 县把“凝心 聚力”写进方案。")
    [11]
    """
    found: list[int] = []
    start, end, begun = 0, -1, 0
    for gap in GAP.finditer(text):
        place = gap.start()
        if place > end:  # another line
            start, end = text.rfind("\n", 0, place) + 1, text.find("\n", place)
            end = end if end >= 0 else len(text)
            pause = PAUSE.search(text, start, end)
            begun = pause.end() if pause and SENTENCE in text[start:end] else end
        if place >= begun:
            before = text[start:place]
            if all(before.count(one) <= before.count(other) for one, other in zip(OPENING, CLOSING, strict=True)):
                found.append(place)
    return found


def running_on(text: str, places: list[int], model: NGrams) -> Iterator[tuple[float, float]]:
    """Yield what the model says of each space: log-odds that the text runs on, and how likely the next character is.

    The first are against a sentence that ends there; the second is a log probability. Beside a name the model does not
    know, the first alone may be high, for no sentence ends so either.
    """
    left, right = (np.full((len(places), REACH), PAD, dtype=np.uint16) for _ in range(2))
    for row, place in enumerate(places):
        before = text[max(0, place - 2 * REACH) : place].replace(" ", "")[-REACH:]
        after = text[place + 1 : place + 1 + 2 * REACH].replace(" ", "").split("\n")[0][:REACH]
        left[row, REACH - len(before) :] = model.encode_text(before)
        right[row, : len(after)] = model.encode_text(after)
    likely = model.log_prob(np.column_stack([left, right[:, 0]]))
    yield from zip(model.continuation(left, right).tolist(), likely.tolist(), strict=True)
