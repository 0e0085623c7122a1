"""From a plan of articles to an order and edits: how the last stage's decisions become changes that can be undone.

A plan names spans of the text the stage saw. This room works out which spans move and what stands between them; it
decides nothing itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from cleanup.document import HEADLINE_ROLES, Flag, Role, Span
from cleanup.edits import CERTAIN, Order, Proposals

BLOCK_GAP = "block-gap"
ARTICLE_GAP = "article-gap"
OUTER_SPACE = "outer-space"


@dataclass(frozen=True, slots=True)
class Piece:
    """A span of one block; `joiner` is what stands between it and the piece before it, `rule` who joined them."""

    start: int
    end: int
    joiner: str = ""
    rule: str = BLOCK_GAP
    confidence: float = CERTAIN


@dataclass(frozen=True, slots=True)
class BlockPlan:
    """One block to be: its role and the pieces of text it is made of, in reading order.

    `duplicate_of`: where the block begins that it repeats.
    """

    role: Role
    pieces: tuple[Piece, ...]
    confidence: float = CERTAIN
    duplicate_of: int | None = None
    alternatives: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ArticlePlan:
    """One article to be: its blocks in reading order, and the pages where turn lines say that it goes on or began."""

    blocks: tuple[BlockPlan, ...]
    flags: tuple[Flag, ...] = ()
    confidence: float = CERTAIN
    continued_on: str = ""
    continued_from: str = ""


@dataclass(frozen=True, slots=True)
class Omission:
    """A span that a named rule leaves out."""

    start: int
    end: int
    rule: str


@dataclass(frozen=True, slots=True)
class Arrangement:
    """What becomes of a whole text: articles, and what is left out. No two spans overlap; the rest is white space."""

    articles: tuple[ArticlePlan, ...]
    omissions: tuple[Omission, ...] = ()
    metadata: dict[str, str] = field(default_factory=dict)


def separator(before: Role, after: Role) -> str:
    """Return what stands between two blocks of an article (docs/conventions.md, File)."""
    return "\n" if before in HEADLINE_ROLES and after in HEADLINE_ROLES else "\n\n"


def realise(text: str, arrangement: Arrangement) -> tuple[Order | None, Proposals]:
    """Return the order that brings the planned spans together, and the edits that set what stands between them.

    Each span takes along the white space that follows it, so that the order tiles the text; the edits, counted in the
    ordered text, then replace that space by what belongs there. Nothing else is touched.

    >>> plan = Arrangement((ArticlePlan((BlockPlan("title", (Piece(5, 7),)), BlockPlan("paragraph", (Piece(0, 3),)))),))
    >>> order, edits = realise("正文。\\n\\n标题\\n", plan)
    >>> layer, _ = edits.settle(order.apply("正文。\\n\\n标题\\n"), "separate")
    >>> layer.apply(order.apply("正文。\\n\\n标题\\n"))
    '标题\\n\\n正文。\\n'
    """
    # what stands before each span of the new text: (span, separator, rule, confidence); omissions carry None
    sequence: list[tuple[Span, str, str, float]] = []
    omitted = {(o.start, o.end): o.rule for o in arrangement.omissions}
    first = True
    for article in arrangement.articles:
        before: Role | None = None
        headline = True
        for block in article.blocks:
            gap, rule = ("", OUTER_SPACE) if first else ("\n\n", ARTICLE_GAP)
            if before is not None:
                headline = headline and block.role in HEADLINE_ROLES
                gap, rule = ("\n" if headline else "\n\n"), BLOCK_GAP
            for number, piece in enumerate(block.pieces):
                lead = (gap, rule, CERTAIN) if number == 0 else (piece.joiner, piece.rule, piece.confidence)
                sequence.append(((piece.start, piece.end), *lead))
            headline = headline and block.role in HEADLINE_ROLES
            before, first = block.role, False
    spans = [row[0] for row in sequence]
    everything = sorted([*spans, *omitted])
    if not everything:
        proposals = Proposals()
        if text:
            proposals.add(0, len(text), "", OUTER_SPACE)
        return None, proposals
    following = dict(zip(everything, [s for s, _ in everything[1:]] + [len(text)], strict=True))
    lead_in = everything[0][0]
    # omissions stay behind the span they follow in the source, so that they move as little as possible
    ordered = _with_omissions(spans, sorted(omitted), everything)
    starts = np.array([0] * bool(lead_in) + [span[0] for span in ordered], dtype=np.int32)
    ends = np.array([lead_in] * bool(lead_in) + [following[span] for span in ordered], dtype=np.int32)
    order = Order("separate", starts, ends)
    proposals = Proposals()
    wanted = {span: (gap, rule, sure) for span, gap, rule, sure in sequence}
    at = 0
    hole = lead_in  # length of the replaceable stretch that ends where the next kept span begins
    for span in ordered:
        at_span = at + hole
        length = span[1] - span[0]
        space = following[span] - span[1]
        if span in wanted:
            gap, rule, sure = wanted[span]
            proposals.add(at, at_span, gap, rule, sure)
            at = at_span + length
            hole = space
        else:
            proposals.add(at, at_span, "", BLOCK_GAP)
            proposals.add(at_span, at_span + length, "", omitted[span])
            at = at_span + length
            hole = space
    proposals.add(at, at + hole, "\n" if sequence else "", OUTER_SPACE)
    return (order if order.moved else None), proposals


def _with_omissions(kept: list[Span], omitted: list[Span], everything: list[Span]) -> list[Span]:
    """Weave the omitted spans into the new order, each right after the kept span it follows in the source."""
    behind: dict[Span | None, list[Span]] = {}
    last: Span | None = None
    drop = set(omitted)
    for span in everything:
        if span in drop:
            behind.setdefault(last, []).append(span)
        else:
            last = span
    result = list(behind.get(None, []))
    for span in kept:
        result.append(span)
        result += behind.get(span, [])
    return result
