"""One issue of a newspaper: which article of one page goes on in which article of another (下转第2版, 上接第1版).

It looks at cleaned articles and says which are parts of one another; the pages themselves stay as they are.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from cleanup.document import HEADLINE_ROLES, Article, Block

Place = tuple[int, int]  # page, article
NEVER = -1e6


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the issue: its name, the numbers it is known by (none where no furniture told one), its articles."""

    name: str
    numbers: frozenset[str]
    articles: tuple[Article, ...]


@dataclass(frozen=True, slots=True)
class Turn:
    """An article that goes on in another one, and how sure that is."""

    first: Place
    second: Place
    confidence: float


def find_turns(pages: Sequence[Page], limits: Mapping[str, float]) -> tuple[Turn, ...]:
    """Return which article goes on in which, as one assignment.

    A pair must not go against what is printed: the page named by a turn line is the page where the other part stands,
    wherever both are known. Among several the likeness of words and titles decides; a pair that is not clearly better
    than its rivals is not made.
    """
    places = [(p, a) for p, page in enumerate(pages) for a in range(len(page.articles))]
    ons = [(p, a) for p, a in places if pages[p].articles[a].continued_on]
    froms = [(p, a) for p, a in places if pages[p].articles[a].continued_from]
    if not ons or not froms:
        return ()
    every = [article for page in pages for article in page.articles]
    likeness = _likeness([pages[p].articles[a] for p, a in ons], [pages[p].articles[a] for p, a in froms], every)
    scores = np.full((len(ons), len(froms)), NEVER)
    for row, (p, a) in enumerate(ons):
        for column, (q, b) in enumerate(froms):
            on, back = bare(pages[p].articles[a].continued_on), bare(pages[q].articles[b].continued_from)
            there, here = frozenset(map(bare, pages[q].numbers)), frozenset(map(bare, pages[p].numbers))
            printed = (not there or on in there) and (not here or back in here)
            if printed and (p, a) != (q, b) and likeness[row, column] >= limits["turn-least"]:
                scores[row, column] = likeness[row, column]
    found: list[Turn] = []
    for row, column in zip(*linear_sum_assignment(scores, maximize=True), strict=True):
        own = float(scores[row, column])
        if own <= NEVER:
            continue
        rivals = np.concatenate([np.delete(scores[row], column), np.delete(scores[:, column], row)])
        sure = own / (own + max(float(rivals.max(initial=0.0)), limits["turn-chance"]))
        if sure >= limits["turn-clear"]:
            found.append(Turn(ons[row], froms[column], sure))
    return tuple(found)


def bare(page: str) -> str:
    """Return the number of a page without zeros that only fill it.

    >>> bare("A03"), bare("10")
    ('A3', '10')
    """
    letter = page.rstrip("0123456789")
    return letter + page[len(letter) :].lstrip("0")


def _likeness(firsts: Sequence[Article], seconds: Sequence[Article], every: Sequence[Article]) -> NDArray[np.float64]:
    """Return how much each of some articles and each of others have in common: pairs of characters of the bodies, the
    rarer among all articles the weightier (K. Spärck Jones, 1972), and pairs of the titles."""
    spread = Counter(pair for article in every for pair in _pairs("".join(article.paragraphs)))
    weighted = [
        {pair: (1 + math.log(n)) * math.log((1 + len(every)) / spread[pair]) for pair, n in _pairs(body).items()}
        for body in ("".join(article.paragraphs) for article in (*firsts, *seconds))
    ]
    lengths = [math.sqrt(sum(weight * weight for weight in body.values())) or 1.0 for body in weighted]
    found = np.zeros((len(firsts), len(seconds)))
    for row, first in enumerate(firsts):
        for column, second in enumerate(seconds):
            left, right = weighted[row], weighted[len(firsts) + column]
            shared = sum(weight * right[pair] for pair, weight in left.items() if pair in right)
            found[row, column] = shared / (lengths[row] * lengths[len(firsts) + column])
            titles = _pairs(first.title), _pairs(second.title)
            both = sum((titles[0] & titles[1]).values())
            if both:
                found[row, column] += both / min(titles[0].total(), titles[1].total())
    return found


def _pairs(text: str) -> Counter[str]:
    letters = "".join(character for character in text if character.isalnum())
    return Counter(a + b for a, b in pairwise(letters))


def chains(turns: Sequence[Turn]) -> list[tuple[list[Place], float]]:
    """Return the parts of each article in order, from the first on, and how sure the least sure turn is."""
    after = {turn.first: turn for turn in turns}
    heads = sorted(set(after) - {turn.second for turn in turns})
    found: list[tuple[list[Place], float]] = []
    for head in heads:
        parts, sure = [head], 1.0
        while parts[-1] in after:
            turn = after[parts[-1]]
            parts.append(turn.second)
            sure = min(sure, turn.confidence)
        found.append((parts, sure))
    return found


def join_parts(parts: Sequence[Article], confidence: float) -> Article:
    """Return one article of several parts: the headline of the first, then all bodies.

    Where a part breaks off, its last paragraph goes on in the first one of the next. Headlines of later parts repeat
    the first in other words, and stay with their pages.

    >>> first = Article((Block("title", "甲"), Block("paragraph", "一半")), ("truncated",), continued_on="2")
    >>> second = Article((Block("paragraph", "另一半。"),), ("headless",), continued_from="1")
    >>> join_parts([first, second], 0.9).text
    '甲\\n\\n一半另一半。\\n'
    """
    blocks: list[Block] = list(parts[0].blocks)
    for before, part in pairwise(parts):
        body = [block for block in part.blocks if block.role not in HEADLINE_ROLES]
        if "truncated" in before.flags and body and body[0].role == blocks[-1].role == "paragraph":
            last = blocks.pop()
            sure = min(last.confidence, body[0].confidence)
            body[0] = replace(body[0], text=last.text + body[0].text, source=(), confidence=sure)
        blocks += body
    flags = tuple(flag for flag in parts[-1].flags if flag == "truncated") + tuple(
        flag for flag in parts[0].flags if flag == "headless"
    )
    return Article(tuple(blocks), flags, confidence)
