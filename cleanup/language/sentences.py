"""Finds spaces inside sentences: gaps where the text runs on, though a space stands there; and gaps between halves.

In a sentence Chinese has no spaces; what is kept is the gap between names, between the halves of a title or slogan in
quotes, and after what opens a paragraph (a dateline, a run-in heading). The language model says whether a text runs on.
It changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import numpy as np
import regex

from cleanup.language.ngrams import PAD, Ids, NGrams

# both begin with the first of the spaces
BETWEEN_HAN: Final = regex.compile(r" (?<=\p{Han} )(?=\p{Han}[^\n ])")
OUTSIDE_QUOTE: Final = regex.compile(
    r"[ 　]+(?:(?<=[\p{Han}0-9A-Za-z”’》〉」』][ 　]+)(?=[“‘《〈「『])|(?<=[”’》〉」』][ 　]+)(?=[\p{Han}0-9A-Za-z]))"
)
# a gap counts only after a mark that pauses or ends, so that it is no dateline's, and when no quote or bracket is open
PAUSE: Final = regex.compile(r"[，。；！？]")
SENTENCE: Final = "。"
SPACED_NUMBER: Final = regex.compile(r"(?<=\p{Han})[ \t　]+[0-9A-Za-z.,%+\-]+[ \t　]+(?=\p{Han})")
PAIRS: Final = tuple(zip("“‘「『《〈（(【[", "”’」』》〉）)】]", strict=True))
REACH: Final = 3  # characters looked at on either side


def gaps(text: str, kind: regex.Pattern[str], places: Iterable[int]) -> list[tuple[int, int]]:
    """Return the gaps [start, end) of a kind that stand in the middle of sentences; `places` are where spaces begin.

    >>> gaps("本报讯 今年以来，灵石 县把“凝心 聚力”写进方案。", BETWEEN_HAN, [3, 11, 17])
    [(11, 12)]
    """
    found: list[tuple[int, int]] = []
    end, begun, seen = -1, 0, 0
    depth = [0] * len(PAIRS)
    for place in places:
        gap = kind.match(text, place)
        if gap is None:
            continue
        if place > end:  # another line
            seen, end = text.rfind("\n", 0, place) + 1, text.find("\n", place)
            end = end if end >= 0 else len(text)
            pause = PAUSE.search(text, seen, end)
            begun = pause.end() if pause and text.find(SENTENCE, seen, end) >= 0 else end
            depth = [0] * len(PAIRS)
        if place < begun or text.find(SENTENCE, place, end) < 0:
            continue
        for number, (opening, closing) in enumerate(PAIRS):
            depth[number] += text.count(opening, seen, place) - text.count(closing, seen, place)
        seen = place
        if max(depth) <= 0:
            found.append(gap.span())
    return found


def between_halves(text: str, gaps: Sequence[tuple[int, int]], shortest: int) -> set[int]:
    """Return where gaps [start, end) beside numbers or Latin words begin that part the halves of headlines.

    None does in a text that has such gaps in its sentences: there they are noise everywhere. A half has at least
    `shortest` characters, and a number with a gap on either side is no end of one.

    >>> sorted(between_halves("也门多地遭空袭 31人死亡\\n共有 5 个省份受影响", [(7, 8), (17, 18), (19, 20)], 4))
    [7]
    """
    lines: dict[int, list[tuple[int, int]]] = {}
    for start, end in gaps:
        lines.setdefault(text.rfind("\n", 0, start) + 1, []).append((start, end))
    found: set[int] = set()
    for begin, own in lines.items():
        stop = text.find("\n", begin)
        stop = stop if stop >= 0 else len(text)
        if PAUSE.search(text, begin, stop):
            return set()
        if SPACED_NUMBER.search(text, begin, stop):
            continue
        edges = [begin, *(edge for gap in own for edge in gap), stop]
        if all(last - first >= shortest for first, last in zip(edges[::2], edges[1::2], strict=True)):
            found.update(start for start, _ in own)
    return found


def running_on(text: str, places: list[int], model: NGrams) -> Iterator[tuple[float, float]]:
    """Yield what the model says of each space: log-odds that the text runs on, and how likely the next character is.

    The first are against a sentence that ends there; the second is a log probability. Beside a name the model does not
    know, the first alone may be high, for no sentence ends so either.
    """
    before = [text[max(0, place - 2 * REACH) : place].replace(" ", "") for place in places]
    after = [text[place + 1 : place + 1 + 2 * REACH].replace(" ", "").split("\n")[0] for place in places]
    left, right = _beside(before, after, model)
    likely = model.log_prob(np.column_stack([left, right[:, 0]]))
    yield from zip(model.continuation(left, right).tolist(), likely.tolist(), strict=True)


def going_on(before: Sequence[str], after: Sequence[str], model: NGrams) -> list[float]:
    """Return the log-odds that each text goes on in the one after it, against ending where that begins.

    >>> from cleanup.language import ngrams
    >>> halves = ["第38届非洲联盟峰", "党建引领筑堡垒"], ["会致贺电", "全力以赴战疫情"]
    >>> [odds > 14 for odds in going_on(*halves, ngrams.load(None))]
    [True, False]
    """
    if not before:
        return []
    return [float(odds) for odds in model.continuation(*_beside(before, after, model))]


def _beside(before: Sequence[str], after: Sequence[str], model: NGrams) -> tuple[Ids, Ids]:
    """Return the ids of the last characters before, and of the first after, each gap."""
    left, right = (np.full((len(before), REACH), PAD, dtype=np.uint16) for _ in range(2))
    for row, (last, first) in enumerate(zip(before, after, strict=True)):
        ids = model.encode_text(last[-REACH:])
        left[row, REACH - len(ids) :] = ids
        ids = model.encode_text(first[:REACH])
        right[row, : len(ids)] = ids
    return left, right
