"""The composed page and its gold: what was printed, before any engine or extractor touched it.

Every later step carries lines that name the block they came from, so gold is never read off an extractor's text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

Role = Literal["kicker", "title", "subtitle", "byline", "heading", "paragraph", "caption", "credit", "furniture"]
Owner = tuple[int, int]
HEADLINE: frozenset[Role] = frozenset({"kicker", "title", "subtitle", "byline"})


@dataclass(frozen=True, slots=True)
class Block:
    """One block as printed. `halves` are the pieces set on lines of their own; gold joins them by a space."""

    role: Role
    halves: tuple[str, ...]
    free: bool = False  # a block set beside the flow: its place in reading order is not scored
    late: bool = False  # a line of the headline that is drawn after the rest of it

    @property
    def text(self) -> str:
        """The clean text of the block.

        >>> Block("title", ("守一座城", "护一方人")).text
        '守一座城 护一方人'
        """
        return " ".join(self.halves)


@dataclass(frozen=True, slots=True)
class Story:
    """One article of a page in reading order."""

    blocks: tuple[Block, ...]
    flags: tuple[str, ...] = ()


def drawn(blocks: Sequence[Block]) -> list[Block]:
    """The blocks in the order of drawing: late ones after the last title or subtitle.

    >>> [block.role for block in drawn([Block("kicker", ("专题",), late=True), Block("title", ("题",))])]
    ['title', 'kicker']
    """
    late = [block for block in blocks if block.late]
    rest = [block for block in blocks if not block.late]
    place = max((n + 1 for n, block in enumerate(rest) if block.role in ("title", "subtitle")), default=0)
    return [*rest[:place], *late, *rest[place:]]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of raw text and the blocks it prints as (story, block): none for furniture, two for a run-in heading."""

    text: str
    owners: tuple[Owner, ...] = ()
    at: int = 0  # its place among the lines of its block, in reading order


@dataclass(frozen=True, slots=True)
class Page:
    """Stories and the furniture around them; `look` is what the compositor chose (measure, order, font …)."""

    stories: tuple[Story, ...]
    head: tuple[str, ...] = ()
    foot: tuple[str, ...] = ()
    look: Mapping[str, object] = field(default_factory=dict)
    traps: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The title of the first story, which a book prints over its pages; none where the story has lost it."""
        first = self.stories[0].blocks[0]
        return first.text if first.role == "title" else ""


def gold(page: Page, lines: Sequence[Line], encoding: str, meta: Mapping[str, object]) -> dict[str, object]:
    """The truth of a page as JSON data; `lines` of a block are zero-based raw line numbers in reading order.

    >>> page = Page((Story((Block("paragraph", ("甲乙",)),)),))
    >>> lines = [Line("甲", ((0, 0),)), Line(""), Line("乙", ((0, 0),))]
    >>> gold(page, lines, "utf-8", {})["articles"][0]["blocks"][0]["lines"]
    [0, 2]
    """
    where: dict[Owner, list[tuple[int, int]]] = {}
    for number, line in enumerate(lines):
        for owner in line.owners:
            where.setdefault(owner, []).append((line.at, number))
    articles = []
    for s, story in enumerate(page.stories):
        blocks = []
        for b, block in enumerate(story.blocks):
            entry: dict[str, object] = {"role": block.role, "text": block.text}
            if block.free:
                entry["placement"] = "free"
            if (s, b) in where:
                entry["lines"] = [number for _, number in sorted(where[s, b])]
            blocks.append(entry)
        articles.append({"flags": list(story.flags), "blocks": blocks})
    truth: dict[str, object] = {"encoding": encoding, "furniture": [*page.head, *page.foot], "articles": articles}
    if page.traps:
        truth["traps"] = list(page.traps)
    return truth | {"meta": dict(meta)}
