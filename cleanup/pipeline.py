"""The one road from bytes to articles: decode, then each stage proposes, the pipeline settles, applies and keeps."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from cleanup import rulebook
from cleanup.arrangement import Arrangement, ArticlePlan, BlockPlan, Piece, realise
from cleanup.decode import decode
from cleanup.document import (
    Article,
    Aside,
    Block,
    Boundary,
    Document,
    Draft,
    Drop,
    Finding,
    Source,
    Span,
    Step,
    Suspect,
)
from cleanup.edits import Order, Proposals, Skipped
from cleanup.extensions import with_further
from cleanup.options import Options
from cleanup.proposal import Proposal
from cleanup.stages import STAGES, Stage

if TYPE_CHECKING:
    from cleanup.decisions import Decisions


@dataclass(slots=True)
class _Road:
    """What has been gathered so far on one document's way through the stages."""

    text: str
    wrapped: bool = False  # whether lines of the source have been joined
    layers: list[Step] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    breaks: list[Boundary] = field(default_factory=list)
    findings: list[tuple[int, Finding]] = field(default_factory=list)  # with how many layers the stage had behind it
    aside: list[Aside] = field(default_factory=list)
    arrangement: Arrangement | None = None
    arranged_after: int = 0
    _body: Draft | None = None

    @property
    def draft(self) -> Draft:
        """The text with what was set aside behind it."""
        return Draft(self.text, self.aside, wrapped=self.wrapped)

    @property
    def body(self) -> Draft:
        """The text without what was set aside behind it; the same draft as long as that text stays as it is."""
        text = self.text[: self.aside[0].start] if self.aside else self.text
        if self._body is None or self._body.text != text or self._body.wrapped != self.wrapped:
            self._body = Draft(text, wrapped=self.wrapped)
        return self._body

    def step(self, stage: str, order: Order | None, edits: Proposals) -> bool:
        """Apply an order and edits; tell whether anything changed."""
        changed = False
        if order is not None:
            order = order.over(len(self.text))
            self.text = order.apply(self.text)
            self.layers.append(order)
            self._carry(order)
            changed = True
        if len(edits):
            layer, lost = edits.settle(self.text, stage)
            self.skipped += lost
            if len(layer):
                lines = self.text.count("\n")
                self.text = layer.apply(self.text)
                self.wrapped |= self.text.count("\n") < lines
                self.layers.append(layer)
                self._carry(layer)
                changed = True
        return changed

    def _carry(self, step: Step) -> None:
        """Carry what was set aside along with a step."""
        if not self.aside:
            return
        starts = step.forward(np.array([aside.start for aside in self.aside]))
        ends = step.forward(np.array([aside.end - 1 for aside in self.aside])) + 1
        self.aside = [
            Aside(start, max(start, end), aside.rule)
            for start, end, aside in zip(starts.tolist(), ends.tolist(), self.aside, strict=True)
        ]


class Pipeline:
    """A cleaning with its options and rules, built once and used for many documents; safe to share between threads.

    >>> Pipeline().clean("标题\\n\\n短短 114 个小时。").articles[0].paragraphs
    ('短短114个小时。',)
    """

    def __init__(self, options: Options | None = None) -> None:
        self.options = options or Options()
        self.rulebook = rulebook.load(*self.options.rules)
        self.stages = with_further(STAGES, self.options.stages)

    @classmethod
    def load(cls, settings: str | Path | None = None) -> Pipeline:
        """Build a pipeline under a settings file, or under the one nearest to a folder, by default the working folder.

        Raise CleanupError for settings or rules that are not understood.
        """
        from cleanup.settings import load_options

        return cls(load_options(Path(settings) if settings is not None else Path.cwd()))

    def stream(self, items: Iterable[Path | str | bytes], workers: int = 1) -> Iterator[Document]:
        """Yield the document of each item in order: a Path is a file, a str is text, bytes are those of a source.

        `cleanup.stream` says more, and takes more choices.
        """
        from cleanup.batch.stream import stream

        return stream(items, self.options, workers=workers)

    def clean(self, raw: bytes | str, name: str = "", decisions: Decisions | None = None) -> Document:
        """Clean one source; any bytes and any text are accepted, and `Document.undo` gives them back.

        `decisions` are put before what the stages propose. Raise DecisionsError when they do not fit the source.
        """
        original, source = decode(raw, name)
        if decisions is not None:
            decisions.fit(source, len(original))
        road = self._run(original, self.stages, decisions=decisions)
        return _document(source, original, road, decisions)

    def filter(self, raw: bytes | str, name: str = "") -> Document:
        """Clean in place: only the stages that rewrite text, nothing split, moved or dropped."""
        original, source = decode(raw, name)
        road = self._run(original, tuple(stage for stage in self.stages if stage.filters), plan=False)
        return Document(
            source=source,
            original=original,
            text=road.text,
            layers=tuple(road.layers),
            articles=(),
            suspects=_suspects(original, road),
            breaks=tuple(road.breaks),
            skipped=tuple(road.skipped),
        )

    def before_separate(self, raw: bytes | str) -> tuple[str, Draft, Callable[[list[Span]], list[list[Span]]]]:
        """Return the decoded source, the draft the separate stage would see, and how spans of it lead back.

        For learning and measuring what separate does; cleaning never takes this door.
        """
        original, _ = decode(raw)
        road = self._run(original, self.stages[:-1], plan=False)
        return original, road.body, lambda spans: trace(road.layers, spans)

    def _run(
        self, text: str, stages: Iterable[Stage], *, plan: bool = True, decisions: Decisions | None = None
    ) -> _Road:
        road = _Road(text)
        if decisions is not None:
            from cleanup.decisions import DECISION, replacements

            road.step(DECISION, None, replacements(decisions))
        for stage in stages:
            if stage.name in self.options.stages_off:
                continue
            for _ in range(stage.passes):
                behind = len(road.layers)
                seen = road.draft if stage.whole else road.body
                proposal = stage.propose(seen, self.rulebook, self.options)
                proposal = _overruled(decisions, stage.name, proposal, road)
                road.findings += [(behind, finding) for finding in proposal.findings]
                road.breaks += proposal.breaks
                road.aside += proposal.aside
                order, edits = proposal.order, proposal.edits
                if proposal.arrangement is not None:
                    road.arrangement, road.arranged_after = proposal.arrangement, behind
                    order, edits = realise(road.text, proposal.arrangement)
                if not road.step(stage.name, order, edits):
                    break
        if plan and road.arrangement is None:
            proposal = _overruled(decisions, "separate", Proposal(arrangement=one_article(road.text)), road)
            assert proposal.arrangement is not None
            road.arrangement, road.arranged_after = proposal.arrangement, len(road.layers)
            road.step("separate", *realise(road.text, road.arrangement))
        return road


def _overruled(decisions: Decisions | None, stage: str, proposal: Proposal, road: _Road) -> Proposal:
    """Return what a stage proposes once the user's decisions, if there are any, have been put before it."""
    if decisions is None:
        return proposal
    from cleanup.decisions import overrule  # most sources have none, and a hook must start fast

    return overrule(decisions, stage, proposal, road.text, road.layers)


def one_article(text: str) -> Arrangement:
    """Return the plan that takes every line for a paragraph of one article."""
    blocks: list[BlockPlan] = []
    at = 0
    for line in text.split("\n"):
        kept = line.strip()
        if kept:
            start = at + len(line) - len(line.lstrip())
            blocks.append(BlockPlan("paragraph", (Piece(start, start + len(kept)),)))
        at += len(line) + 1
    return Arrangement((ArticlePlan(tuple(blocks), ("headless",)),) if blocks else ())


def trace(layers: list[Step], spans: list[Span]) -> list[list[Span]]:
    """Carry spans of a text back through the layers that led to it: for each, the spans of the first text."""
    traced = [[span] for span in spans]
    for layer in reversed(layers):
        if isinstance(layer, Order):
            traced = [[piece for span in pieces for piece in layer.backward_spans(*span)] for pieces in traced]
        else:
            flat = [span for pieces in traced for span in pieces]
            first = np.array([span[0] for span in flat], dtype=np.int64)
            starts, ends = layer.backward_spans(first, np.array([span[1] for span in flat], dtype=np.int64))
            moved = iter(zip(starts.tolist(), ends.tolist(), strict=True))
            traced = [[next(moved) for _ in pieces] for pieces in traced]
    return traced


def _told_once(traced: list[list[Span]], length: int) -> list[list[Span]]:
    """Return the spans of a source of that length with no place in two of them; the first one keeps it.

    A change that a user has written may hold line ends: what it makes two passages of was one stretch of the source.

    >>> _told_once([[(0, 3)], [(0, 3), (3, 5)]], 5)
    [[(0, 3)], [(3, 3), (3, 5)]]
    """
    taken = np.zeros(length, dtype=np.bool_)
    apart: list[list[Span]] = []
    for spans in traced:
        apart.append([])
        for start, end in spans:
            free = np.flatnonzero(~taken[start:end])
            own = (start + int(free[0]), start + int(free[-1]) + 1) if len(free) else (end, end)
            taken[slice(*own)] = True
            apart[-1].append(own)
    return apart


def _document(source: Source, original: str, road: _Road, decisions: Decisions | None) -> Document:
    """Put the articles together from the text, the plan and the layers."""
    plan = road.arrangement
    assert plan is not None
    before = road.layers[: road.arranged_after]
    seen = original
    for layer in before:
        seen = layer.apply(seen)
    pieces = [piece for article in plan.articles for block in article.blocks for piece in block.pieces]
    spans = [(piece.start, piece.end) for piece in pieces] + [(o.start, o.end) for o in plan.omissions]
    traced = trace(before, spans)
    if decisions is not None:
        traced = _told_once(traced, len(original))
    where = dict(zip(spans, traced, strict=True))
    names = {
        piece.start: f"{a}/{b}"
        for a, article in enumerate(plan.articles, 1)
        for b, block in enumerate(article.blocks, 1)
        for piece in block.pieces
    }
    articles = tuple(
        Article(
            tuple(_block(seen, block, where, names) for block in article.blocks),
            article.flags,
            article.confidence,
            article.continued_on,
            article.continued_from,
        )
        for article in plan.articles
    )
    dropped = tuple(
        Drop(omission.rule, span, original[slice(*span)])
        for omission in plan.omissions
        for span in where[omission.start, omission.end]
    )
    return Document(
        source=source,
        original=original,
        text=road.text,
        layers=tuple(road.layers),
        articles=articles,
        dropped=dropped,
        suspects=_suspects(original, road),
        breaks=tuple(road.breaks),
        skipped=tuple(road.skipped),
        metadata=dict(plan.metadata),
        decisions=decisions.entries if decisions is not None else (),
    )


def _block(seen: str, block: BlockPlan, where: dict[Span, list[Span]], names: dict[int, str]) -> Block:
    text = "".join(
        (piece.joiner if number else "") + seen[piece.start : piece.end] for number, piece in enumerate(block.pieces)
    )
    source = tuple(span for piece in block.pieces for span in where[piece.start, piece.end])
    repeated = names.get(block.duplicate_of) if block.duplicate_of is not None else None
    return Block(block.role, text, source, block.confidence, repeated, block.alternatives)


def _suspects(original: str, road: _Road) -> tuple[Suspect, ...]:
    suspects: list[Suspect] = []
    for behind, finding in road.findings:
        for span in trace(road.layers[:behind], [(finding.start, finding.end)])[0]:
            suspects.append(Suspect(finding.rule, span, original[slice(*span)], finding.suggestion, finding.confidence))
    return tuple(suspects)
