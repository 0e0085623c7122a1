"""A document on its way from source to articles: what was read, what it became, and what was noticed about it.

Plain data; nothing here decides, reads files or prints.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from cleanup.edits import CERTAIN, Edit, Layer, Order, Skipped
from cleanup.errors import CleanupError as CleanupError  # noqa: PLC0414 - handed on, most rooms take it from here

if TYPE_CHECKING:
    from cleanup.explain import Explanation

Role = Literal["kicker", "title", "subtitle", "byline", "heading", "paragraph", "caption", "credit", "furniture"]
HEADLINE_ROLES: frozenset[str] = frozenset({"kicker", "title", "subtitle", "byline"})
Flag = Literal["truncated", "headless", "continued"]
Span = tuple[int, int]
Step = Layer | Order
Measured = TypeVar("Measured")


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a decoded source, `length` code points long, and the codec and error handler that read it."""

    length: int
    encoding: str
    errors: str


@dataclass(frozen=True, slots=True)
class Source:
    """Where the text came from and how to write its bytes again.

    `encoding` is a Python codec name, `errors` its error handler, `bom` the mark that stood before the text. `raw`
    holds the bytes themselves only when encoding the text would not restore them. A source that mixes encodings lists
    its `parts` in order; `encoding` is then that of the longest. `confidence`: how surely it was read right.
    """

    name: str
    encoding: str
    errors: str
    bom: bytes
    sha256: str
    size: int
    raw: bytes | None = None
    parts: tuple[Part, ...] = ()
    confidence: float = CERTAIN


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, heading or headline line of an article.

    `source` lists the spans of the decoded source (code points) the text was made from, in reading order.
    `confidence` is the probability that role, limits and place are right; `alternatives` what else was weighed.
    `duplicate_of` names the block it repeats by article and block, counted from 1: "2/5".
    """

    role: Role
    text: str
    source: tuple[Span, ...] = ()
    confidence: float = CERTAIN
    duplicate_of: str | None = None
    alternatives: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Article:
    """One article: its blocks in reading order, headline blocks first.

    `continued_on`, `continued_from`: the page that a turn line names, where the article goes on or began.
    """

    blocks: tuple[Block, ...]
    flags: tuple[Flag, ...] = ()
    confidence: float = CERTAIN
    continued_on: str = ""
    continued_from: str = ""

    @property
    def title(self) -> str:
        """The main title, or an empty string for a headless article."""
        return next((block.text for block in self.blocks if block.role == "title"), "")

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The texts of the body paragraphs, in order."""
        return tuple(block.text for block in self.blocks if block.role == "paragraph")

    @property
    def text(self) -> str:
        """The article as a clean text file: the headline lines, an empty line, then a block a line, spaced by one."""
        head = 0
        while head < len(self.blocks) and self.blocks[head].role in HEADLINE_ROLES:
            head += 1
        lines = [block.text for block in self.blocks]
        parts = ["\n".join(lines[:head])] * bool(head) + lines[head:]
        return "\n\n".join(parts) + "\n"


@dataclass(frozen=True, slots=True)
class Drop:
    """A passage that a named rule left out of the articles; `source` is its span in the decoded source."""

    rule: str
    source: Span
    text: str


@dataclass(frozen=True, slots=True)
class Suspect:
    """A passage that looks misread and was left as it is; `source` is its span in the decoded source."""

    rule: str
    source: Span
    text: str
    suggestion: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Boundary:
    """A line end that was kept as a paragraph break: its offset in the text reflow saw, and how sure that is."""

    at: int
    confidence: float


@dataclass(frozen=True, slots=True)
class Decision:
    """What a user decided about a place of the source; spans are code-point offsets into the decoded source.

    `do` says what (cleanup/decisions names the deeds), `source` where. `to` is the passage that it is to stand with,
    `role` what the block is, `text` what is to stand there.
    """

    do: str
    source: Span
    to: Span | None = None
    role: Role | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A cleaned source: its articles, everything left out, everything doubted, and every change in order.

    `layers` lead from `original`, the decoded source, to `text`: the article texts one after another. `decisions` are
    those of the user that were obeyed.
    """

    source: Source
    original: str
    text: str
    layers: tuple[Step, ...]
    articles: tuple[Article, ...]
    dropped: tuple[Drop, ...] = ()
    suspects: tuple[Suspect, ...] = ()
    breaks: tuple[Boundary, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    metadata: dict[str, str] = field(default_factory=dict)
    decisions: tuple[Decision, ...] = ()

    @property
    def edits(self) -> Iterator[tuple[str, Edit]]:
        """Every edit with the name of its stage, stage after stage."""
        for layer in self.layers:
            if isinstance(layer, Layer):
                for edit in layer:
                    yield layer.stage, edit

    def undo(self) -> bytes:
        """Return the source's bytes, recovered by taking back every layer."""
        from cleanup.journal import undo

        return undo(self)

    def to_json(self) -> bytes:
        """Return the document as it is kept in document.json (docs/design.md, external contract)."""
        from cleanup.journal import to_json

        return to_json(self)

    @staticmethod
    def from_json(data: bytes) -> Document:
        """Read a document back from what `to_json` returned; raise CleanupError when it is none."""
        from cleanup.journal import from_json

        return from_json(data)

    def explain(self, line: int, article: int | None = None) -> Explanation:
        """Tell what became of a line of the source, or of an article given by its number, all counted from 1.

        Raise CleanupError when there is no such line.
        """
        from cleanup.explain import explain

        return explain(self, line, article)

    def diff(self, context: int = 3) -> str:
        """Return the change from source to result as a unified diff with so many lines around each change."""
        from cleanup.explain import diff

        return diff(self, context)


@dataclass(frozen=True, slots=True)
class Aside:
    """A span that belongs to the page and not to the text, and the rule that leaves it out in the end."""

    start: int
    end: int
    rule: str

    def trimmed(self, text: str) -> Aside:
        """Return the span without the white space at its ends.

        >>> Aside(0, 5, "page-number").trimmed(" 12\\n").end
        3
        """
        inner = text[self.start : self.end]
        start = self.start + len(inner) - len(inner.lstrip())
        return Aside(start, max(start, self.start + len(inner.rstrip())), self.rule)


class Draft:
    """The text as it stands between two stages, with the views of it that several stages need.

    `aside`: what an earlier stage has set aside, in ascending order: later ones pass over it, the last leaves it out.
    `wrapped`: whether earlier stages have joined lines of the source.
    """

    def __init__(self, text: str, aside: Iterable[Aside] = (), *, wrapped: bool = False) -> None:
        self.text = text
        self.wrapped = wrapped
        self._measured: dict[Callable[[Draft], Any], Any] = {}
        self.aside = tuple(trimmed for each in aside if (trimmed := each.trimmed(text)).end > trimmed.start)

    def once(self, measure: Callable[[Draft], Measured]) -> Measured:
        """Return what is measured in the text, which is done but once however many stages ask for it."""
        if measure not in self._measured:
            self._measured[measure] = measure(self)
        found: Measured = self._measured[measure]
        return found

    def without(self, spans: Iterable[Aside]) -> Draft:
        """Return the draft with spans turned into spaces; every other offset stays what it is.

        >>> Draft("完。（下转第2版）").without([Aside(2, 9, "turn-line")]).text
        '完。       '
        """
        pieces: list[str] = []
        at = 0
        for span in sorted(spans, key=lambda span: span.start):
            pieces += (self.text[at : span.start], " " * (span.end - span.start))
            at = span.end
        return Draft("".join([*pieces, self.text[at:]]), wrapped=self.wrapped) if pieces else self

    @cached_property
    def codes(self) -> NDArray[np.uint32]:
        """The code points of the text, one per character."""
        return np.frombuffer(self.text.encode("utf-32-le", "surrogatepass"), dtype="<u4")

    @cached_property
    def characters(self) -> frozenset[str]:
        """The distinct characters of the text, for gating rules."""
        return frozenset(self.text)


@dataclass(frozen=True, slots=True)
class Finding:
    """A suspect as a stage reports it: a span of the text the stage saw."""

    rule: str
    start: int
    end: int
    suggestion: str
    confidence: float
