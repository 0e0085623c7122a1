"""Puts decisions before a plan of articles: blocks change role, place and article; headlines change hands.

It moves what the plan holds and reads no text but to find open ends; what is nowhere in the plan is an error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from cleanup.arrangement import Arrangement, ArticlePlan, BlockPlan, Omission, Piece
from cleanup.decisions.file import DECISION, Decisions
from cleanup.document import HEADLINE_ROLES, Decision, Draft, Flag, Span
from cleanup.edits import CERTAIN
from cleanup.language.edges import CLOSED_ENDS, ENDS, end_kinds
from cleanup.stages.reflow import joiner

HEADLINE_ORDER: Final = ("kicker", "title", "subtitle", "byline")
Placed = tuple[Decision, tuple[Span, Span | None]]
# joins before places, places before roles: each finds the blocks as the ones before it left them
IN_TURN: Final = ("break", "apart", "continue", "begin", "move", "headline", "role")


@dataclass(slots=True)
class _Plan:
    """A plan while it is being changed: articles as lists of blocks, none of them empty once it is sealed."""

    text: str
    articles: list[ArticlePlan]
    omissions: list[Omission]

    def find(self, at: int) -> tuple[int, int, int] | None:
        """Return article, block and piece in which an offset stands, or None."""
        for a, article in enumerate(self.articles):
            for b, block in enumerate(article.blocks):
                for p, piece in enumerate(block.pieces):
                    if piece.start <= at < piece.end:
                        return a, b, p
        return None

    def omission(self, at: int) -> Omission | None:
        """Return what is left out at an offset, or None."""
        return next((o for o in self.omissions if o.start <= at < o.end), None)

    def put(self, a: int, blocks: Sequence[BlockPlan]) -> None:
        """Give an article other blocks, and the flags that follow from them."""
        article = self.articles[a]
        self.articles[a] = replace(article, blocks=tuple(blocks), flags=self.flags(article, blocks))

    def flags(self, article: ArticlePlan, blocks: Sequence[BlockPlan]) -> tuple[Flag, ...]:
        """Return the flags of an article whose blocks have changed."""
        kept = [flag for flag in article.flags if flag not in ("truncated", "headless")]
        if blocks and blocks[-1].role == "paragraph":
            same = article.blocks and article.blocks[-1].pieces == blocks[-1].pieces
            if "truncated" in article.flags if same else self.open_end(blocks[-1]):
                kept.append("truncated")
        if not any(block.role == "title" for block in blocks):
            kept.append("headless")
        return tuple(kept)

    def open_end(self, block: BlockPlan) -> bool:
        """Tell whether a block breaks off in the middle of a sentence."""
        last = block.pieces[-1]
        kind = end_kinds(Draft(self.text).codes, np.array([last.start]), np.array([last.end]))[0]
        return ENDS[kind] not in CLOSED_ENDS

    def take(self, a: int, b: int) -> BlockPlan:
        """Take a block out of its article."""
        blocks = list(self.articles[a].blocks)
        block = blocks.pop(b)
        self.put(a, blocks)
        return block

    def after_neighbour(self, block: BlockPlan) -> None:
        """Put a block behind the one that stands before it in the source."""
        start = block.pieces[0].start
        before = [
            (piece.end, a, b)
            for a, article in enumerate(self.articles)
            for b, other in enumerate(article.blocks)
            for piece in other.pieces
            if piece.end <= start
        ]
        if before:
            _, a, b = max(before)
            self.put(a, [*self.articles[a].blocks[: b + 1], block, *self.articles[a].blocks[b + 1 :]])
        elif self.articles:
            self.put(0, [block, *self.articles[0].blocks])
        else:
            self.articles.append(ArticlePlan((block,), ("headless",)))

    def into(self, a: int, block: BlockPlan) -> None:
        """Put a block into an article: a headline line in front, in the order of print, others in source order."""
        blocks = list(self.articles[a].blocks)
        if block.role in HEADLINE_ORDER[:3]:
            rank = HEADLINE_ORDER.index(block.role)
            place = headline_length(blocks)
            while place and HEADLINE_ORDER.index(blocks[place - 1].role) > rank:
                place -= 1
        else:
            start = block.pieces[0].start
            earlier = [n for n, other in enumerate(blocks) if other.pieces[0].start < start]
            place = max(earlier[-1] + 1 if earlier else 0, headline_length(blocks))
        self.put(a, [*blocks[:place], block, *blocks[place:]])

    def sealed(self, metadata: dict[str, str]) -> Arrangement:
        """Return the plan without articles that have lost everything."""
        return Arrangement(
            tuple(article for article in self.articles if article.blocks),
            tuple(sorted(self.omissions, key=lambda o: o.start)),
            metadata,
        )


def rearrange(decisions: Decisions, places: Iterable[Placed], arrangement: Arrangement, text: str) -> Arrangement:
    """Return an arrangement as the decisions would have it; raise DecisionsError for a place that has no block."""
    plan = _Plan(text, list(arrangement.articles), list(arrangement.omissions))
    numbered = list(enumerate(places, 1))
    for deed in IN_TURN:
        for number, (entry, (span, to)) in numbered:
            if entry.do != deed:
                continue
            try:
                _DO[deed](plan, entry, span, to or span)
            except LookupError as error:
                raise decisions.error(number, entry, str(error.args[0])) from None
    return plan.sealed(arrangement.metadata)


def headline_length(blocks: Sequence[BlockPlan]) -> int:
    """Return how many blocks the headline of an article has."""
    return next((n for n, block in enumerate(blocks) if block.role not in HEADLINE_ROLES), len(blocks))


def _found(plan: _Plan, at: int) -> tuple[int, int, int]:
    found = plan.find(at)
    if found is None:
        raise LookupError("no passage of an article stands there")
    return found


def _sure(block: BlockPlan) -> BlockPlan:
    return replace(block, confidence=CERTAIN, alternatives=())


def _break(plan: _Plan, entry: Decision, span: Span, to: Span) -> None:
    """Undo a joining of the two passages beside a line end that was found to be a break."""
    found = plan.find(span[1])
    if found is not None and found[2] > 0:
        _apart(plan, entry, (span[1], span[1] + 1), to)


def _apart(plan: _Plan, entry: Decision, span: Span, to: Span) -> None:
    a, b, p = _found(plan, span[0])
    block = plan.articles[a].blocks[b]
    if p == 0:
        plan.put(a, [*plan.articles[a].blocks[:b], _sure(block), *plan.articles[a].blocks[b + 1 :]])
        return
    head, tail = block.pieces[:p], (Piece(block.pieces[p].start, block.pieces[p].end), *block.pieces[p + 1 :])
    blocks = list(plan.articles[a].blocks)
    blocks[b] = _sure(replace(block, pieces=head))
    plan.put(a, blocks)
    plan.after_neighbour(_sure(replace(block, pieces=tail)))


def _continue(plan: _Plan, entry: Decision, span: Span, to: Span) -> None:
    a, b, p = _found(plan, span[0])
    moving = plan.articles[a].blocks[b]
    first, last, piece = _found(plan, max(to[0], to[1] - 1))
    left = plan.articles[first].blocks[last]
    if (first, last) == (a, b):
        if p != piece + 1:
            raise LookupError("a passage cannot continue itself")
        pieces = list(left.pieces)
        pieces[p] = replace(pieces[p], rule=DECISION, confidence=CERTAIN)
        blocks = list(plan.articles[a].blocks)
        blocks[b] = _sure(replace(left, pieces=tuple(pieces)))
        plan.put(a, blocks)
        return
    # first off its old place, then on to its new one; what stood there goes its own way
    rest = moving.pieces[:p]
    blocks = list(plan.articles[a].blocks)
    blocks[b : b + 1] = [_sure(replace(moving, pieces=rest))] if rest else []
    plan.put(a, blocks)
    first, last, piece = _found(plan, max(to[0], to[1] - 1))
    left = plan.articles[first].blocks[last]
    head, freed = left.pieces[: piece + 1], left.pieces[piece + 1 :]
    begin = moving.pieces[p]
    between = " " if left.role != "paragraph" else joiner(plan.text, head[-1].end, begin.start)[1]
    tail = (Piece(begin.start, begin.end, between, DECISION), *moving.pieces[p + 1 :])
    blocks = list(plan.articles[first].blocks)
    blocks[last] = _sure(replace(left, pieces=(*head, *tail)))
    plan.put(first, blocks)
    if freed:
        plan.after_neighbour(replace(left, pieces=(Piece(freed[0].start, freed[0].end), *freed[1:])))


def _begin(plan: _Plan, entry: Decision, span: Span, to: Span) -> None:
    a, b, _ = _found(plan, span[0])
    article = plan.articles[a]
    if b == 0:
        plan.articles[a] = replace(article, confidence=CERTAIN)
        return
    before, after = article.blocks[:b], article.blocks[b:]
    second = ArticlePlan(after, plan.flags(article, after), CERTAIN)
    plan.put(a, before)
    plan.articles.insert(a + 1, second)


def _move(plan: _Plan, entry: Decision, span: Span, to: Span) -> None:
    a, b, _ = _found(plan, span[0])
    target, _, _ = _found(plan, to[0])
    if target == a:
        plan.put(a, [_sure(block) if n == b else block for n, block in enumerate(plan.articles[a].blocks)])
    else:
        plan.into(target, _sure(plan.take(a, b)))


def _headline(plan: _Plan, entry: Decision, span: Span, to: Span) -> None:
    """Give a headline to the article of a passage; the headline that stood there takes its old place."""
    a, b, _ = _found(plan, span[0])
    target, _, _ = _found(plan, to[0])
    if plan.articles[a].blocks[b].role not in HEADLINE_ROLES:
        raise LookupError("no headline stands there")
    if a != target:
        mine, theirs = plan.articles[a].blocks, plan.articles[target].blocks
        m, t = headline_length(mine), headline_length(theirs)
        plan.put(a, [*theirs[:t], *mine[m:]])
        plan.put(target, [*mine[:m], *theirs[t:]])
        # what has only a headline left is the other's, or nothing
        plan.articles[a] = replace(plan.articles[a], confidence=CERTAIN)
    plan.articles[target] = replace(plan.articles[target], confidence=CERTAIN)


def _role(plan: _Plan, entry: Decision, span: Span, to: Span) -> None:
    role = entry.role
    assert role is not None
    left_out = plan.omission(span[0])
    if left_out is not None:
        plan.omissions.remove(left_out)
        if role == "furniture":
            plan.omissions.append(replace(left_out, rule=DECISION))
        else:
            plan.after_neighbour(BlockPlan(role, (Piece(left_out.start, left_out.end),)))
        return
    a, b, _ = _found(plan, span[0])
    block = plan.articles[a].blocks[b]
    if role == "furniture":
        plan.take(a, b)
        plan.omissions += [Omission(piece.start, piece.end, DECISION) for piece in block.pieces]
        return
    changed = replace(_sure(block), role=role)
    blocks = list(plan.articles[a].blocks)
    in_headline = b < headline_length(blocks)
    if (role in HEADLINE_ORDER[:3]) != in_headline and (role not in HEADLINE_ROLES or not in_headline):
        plan.take(a, b)
        plan.into(a, changed)
    else:
        blocks[b] = changed
        plan.put(a, blocks)


_DO: Final[dict[str, Callable[[_Plan, Decision, Span, Span], None]]] = {
    "break": _break,
    "apart": _apart,
    "continue": _continue,
    "begin": _begin,
    "move": _move,
    "headline": _headline,
    "role": _role,
}
