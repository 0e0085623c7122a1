"""Turn lines: where an article goes on in the paper (下转第2版), and where it comes from (上接第1版).

They are found before a page is read, and tell afterwards which articles go on, and where an article ends or begins.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

import numpy as np
import regex

from cleanup.arrangement import Arrangement, ArticlePlan, BlockPlan
from cleanup.document import HEADLINE_ROLES, Draft, Flag, Span
from cleanup.facts import page_number
from cleanup.language.edges import CLOSED_ENDS, ENDS, end_kinds
from cleanup.markers import forms

CONTINUED: Flag = "continued"
SIGNS = "转接→▶►☞"  # one of them stands in every turn line
JOIN_PASSAGE = "join-broken-passage"
TURNED = 0.9  # how sure it is that the only part that goes on goes on in the only one that comes from elsewhere
Way = Literal["on", "back"]


@dataclass(frozen=True, slots=True)
class TurnForm:
    """A form of turn lines: `find` is looked for at both ends of lines; `way` is where it leads."""

    id: str
    way: Way
    what: str
    why: str
    find: regex.Pattern[str]
    examples: tuple[str, ...]
    keeps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn line found: its span, where it leads and to which page, and whether its article stands before it.

    `page` is as printed, without white space.
    """

    start: int
    end: int
    way: Way
    page: str
    rule: str
    before: bool


@cache
def turn_forms(*further: Path) -> tuple[TurnForm, ...]:
    """Return the forms of turn lines of the built-in rules and of further folders, in file order."""
    return forms("turn", _turn_form, *further)


def _turn_form(raw: dict[str, Any], find: regex.Pattern[str]) -> TurnForm:
    return TurnForm(raw["id"], raw["way"], raw["what"], raw["why"], find, tuple(raw["examples"]), tuple(raw["keeps"]))


def find_turns(text: str, turns: Iterable[TurnForm]) -> tuple[Turn, ...]:
    """Return the turn lines of a text in its order: those on lines of their own and those at an end of a line.

    >>> [(turn.way, turn.page) for turn in find_turns("会议指出，要抓落实（下转第二版）\\n", turn_forms())]
    [('on', '二')]
    >>> find_turns("他说下转第2版的意思是请看第2版。", turn_forms())
    ()
    """
    if not any(sign in text for sign in SIGNS):
        return ()
    found: list[Turn] = []
    reach = 0
    matches = ((match, form) for form in turns for match in form.find.finditer(text))
    for match, form in sorted(matches, key=lambda pair: (pair[0].start(), -pair[0].end())):
        start, end = match.span()
        start += len(match[0]) - len(match[0].lstrip())
        line, stop = text.rfind("\n", 0, start) + 1, text.find("\n", end)
        opens = not text[line:start].strip()
        closes = not text[end : stop if stop >= 0 else len(text)].strip()
        if start < reach or not (opens or closes):
            continue
        before = not opens or (closes and form.way == "on")
        page = "".join(match["page"].split())
        found.append(Turn(start, end, form.way, page, form.id, before))
        reach = end
    return tuple(found)


def continued(arrangement: Arrangement, turns: Iterable[Turn], draft: Draft) -> Arrangement:
    """Return the arrangement with the article of each turn line flagged, and the page where it goes on or began.

    What stands behind 下转 or before 上接 is another article, and so is what follows a headline behind 上接; but not
    where the turn line stands among other furniture, at the foot of the page and not at an end of its article.
    """
    articles = list(arrangement.articles)
    turns = sorted(turns, key=lambda turn: turn.start)
    if _followed(arrangement, turns):
        return arrangement
    own_lines = {turn.start for turn in turns}
    left_out = sorted((each.start, each.end) for each in arrangement.omissions if each.start not in own_lines)
    places = sorted(
        (piece.start, piece.end, number)
        for number, article in enumerate(arrangement.articles)
        for block in article.blocks
        for piece in block.pieces
    )
    parts: dict[int, list[ArticlePlan]] = {}
    for turn in turns:
        place = bisect(places, (turn.start,)) - turn.before
        if 0 <= place < len(places):
            start, _, number = places[place]
            found = parts.setdefault(number, [arrangement.articles[number]])
            row = next(row for row, part in enumerate(found) if start in _starts(part))
            found[row : row + 1] = _turned(found[row], turn, draft, among=_among(draft.text, turn, left_out))
    articles = [part for number, article in enumerate(arrangement.articles) for part in parts.get(number, [article])]
    return replace(arrangement, articles=tuple(_met(articles, turns, draft)))


def _both_ways(turns: list[Turn]) -> bool:
    """Tell whether the text holds one turn each way and no more: both pages of one article."""
    return [turn.way for turn in turns] == ["on", "back"]


def _followed(arrangement: Arrangement, turns: list[Turn]) -> bool:
    """Tell whether the paragraph that a turn tore has been joined across it already, so that all is one article."""
    if not _both_ways(turns):
        return False
    on, back = turns
    pieces = [block.pieces for article in arrangement.articles for block in article.blocks if len(block.pieces) > 1]
    return any(a.end <= on.start and b.start >= back.end for each in pieces for a, b in pairwise(each))


def _met(articles: list[ArticlePlan], turns: list[Turn], draft: Draft) -> list[ArticlePlan]:
    """Return the articles with both parts of one joined where the text holds one turn each way and both pages.

    What the second part says on the way to its text, a headline of its own, keeps them apart.
    """
    firsts = [number for number, article in enumerate(articles) if article.continued_on]
    seconds = [number for number, article in enumerate(articles) if article.continued_from]
    if not _both_ways(turns) or len(firsts) != 1 or len(seconds) != 1 or firsts == seconds:
        return articles
    first, second = articles[firsts[0]], articles[seconds[0]]
    if any(block.role in HEADLINE_ROLES for block in second.blocks) or not first.blocks:
        return articles
    last, following = first.blocks[-1], second.blocks[0]
    blocks = (*first.blocks, *second.blocks)
    if last.role == following.role == "paragraph" and "truncated" in first.flags:
        begun = replace(following.pieces[0], joiner="", rule=JOIN_PASSAGE, confidence=TURNED)
        joined = replace(last, pieces=(*last.pieces, begun, *following.pieces[1:]), confidence=TURNED)
        blocks = (*first.blocks[:-1], joined, *second.blocks[1:])
    whole = _with_blocks(replace(first, flags=(), continued_on=""), blocks, draft)
    return [whole if number == firsts[0] else a for number, a in enumerate(articles) if number != seconds[0]]


def _turned(article: ArticlePlan, turn: Turn, draft: Draft, *, among: bool) -> list[ArticlePlan]:
    """Return an article with its turn told, and the articles that part from it there; none where it stands among
    furniture."""
    before, after = _parted(article.blocks, turn)
    own, other = (before, after) if turn.way == "on" else (after, before)
    parts = _parted_at_headline(own) if turn.way == "back" else (own,)
    if among:
        parts, other = (article.blocks,), ()
    mine = _with_blocks(article, parts[0], draft)
    flags = (*(flag for flag in mine.flags if flag != CONTINUED), CONTINUED)
    page = page_number(turn.page)
    if turn.way == "on":
        mine = replace(mine, flags=flags, continued_on=page)
    else:
        mine = replace(mine, flags=flags, continued_from=page)
    others = [_with_blocks(article, blocks, draft) for blocks in (other, *parts[1:]) if blocks]
    return sorted([mine, *others], key=lambda part: min(_starts(part)))


def _among(text: str, turn: Turn, left_out: list[Span]) -> bool:
    """Tell whether a turn line stands right beside what else is left out: on its line, or on lines of its own."""
    line, stop = text.rfind("\n", 0, turn.start) + 1, text.find("\n", turn.end)
    inline = text[line : turn.start].strip() or text[turn.end : stop if stop >= 0 else len(text)].strip()
    place = bisect(left_out, (turn.start,))
    gaps = [text[left_out[place - 1][1] : turn.start]] if place else []
    gaps += [text[turn.end : left_out[place][0]]] if place < len(left_out) else []
    return any(not gap.strip() and not (inline and "\n" in gap) for gap in gaps)


def _starts(article: ArticlePlan) -> set[int]:
    return {piece.start for block in article.blocks for piece in block.pieces}


def _parted(blocks: tuple[BlockPlan, ...], turn: Turn) -> tuple[tuple[BlockPlan, ...], tuple[BlockPlan, ...]]:
    """Part the blocks of an article at a turn line; nothing is parted where only one side has a body."""
    starts = [block.pieces[0].start for block in blocks]
    body = [start for block, start in zip(blocks, starts, strict=True) if block.role not in HEADLINE_ROLES]
    sides = {start < turn.start for start in body}
    if len(sides) < 2:
        return (blocks, ()) if turn.way == "on" else ((), blocks)
    before: list[BlockPlan] = []
    after: list[BlockPlan] = []
    for block, start in zip(blocks, starts, strict=True):
        # a headline right before 上接 heads what follows
        heads = turn.way == "back" and block.role in HEADLINE_ROLES and not any(start < s < turn.start for s in body)
        (before if start < turn.start and not heads else after).append(block)
    return tuple(before), tuple(after)


def _parted_at_headline(blocks: tuple[BlockPlan, ...]) -> tuple[tuple[BlockPlan, ...], ...]:
    """Part blocks that come from another page at the headline behind them, if there is one with a body of its own."""
    heads = [block.pieces[0].start for block in blocks if block.role in HEADLINE_ROLES]
    body = [block.pieces[0].start for block in blocks if block.role not in HEADLINE_ROLES]
    if not heads or not body or not min(body) < min(heads) < max(body):
        return (blocks,)
    at = min(heads)
    own = tuple(block for block in blocks if block.pieces[0].start < at)
    return own, tuple(block for block in blocks if block.pieces[0].start >= at)


def _with_blocks(article: ArticlePlan, blocks: tuple[BlockPlan, ...], draft: Draft) -> ArticlePlan:
    """Return an article with some of its blocks, and the flags that follow from them."""
    if blocks == article.blocks:
        return article
    flags: list[Flag] = []
    last = blocks[-1]
    if last.role == "paragraph":
        piece = last.pieces[-1]
        kind = end_kinds(draft.codes, np.array([piece.start]), np.array([piece.end]))[0]
        if ENDS[kind] not in CLOSED_ENDS:
            flags.append("truncated")
    if not any(block.role == "title" for block in blocks):
        flags.append("headless")
    flags += [flag for flag in article.flags if flag == CONTINUED]
    return replace(article, blocks=blocks, flags=tuple(flags))
