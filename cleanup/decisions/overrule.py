"""Puts decisions before what a stage proposes: edits are taken back, confirmed or added, line ends joined or kept.

Every decision is counted in the source; here it is carried forward to the text the stage saw.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from cleanup.decisions.arrange import rearrange
from cleanup.decisions.file import DECISION, Decisions
from cleanup.document import Boundary, Decision, Span, Step
from cleanup.edits import CERTAIN, Proposals
from cleanup.proposal import Proposal
from cleanup.stages.reflow import joiner

LINES = "reflow"  # the stage that decides about line ends
MOVES = frozenset({"pages", "columns", LINES, "separate"})  # stages that change no character a user could keep


def replacements(decisions: Decisions) -> Proposals:
    """Return the edits of the source that put in what the user wrote, before any stage."""
    proposals = Proposals()
    for entry in decisions.entries:
        if entry.do == "change" and entry.text is not None:
            proposals.add(*entry.source, entry.text, DECISION)
    return proposals


def overrule(decisions: Decisions, stage: str, proposal: Proposal, text: str, layers: Sequence[Step]) -> Proposal:
    """Return what a stage proposes as the decisions would have it; `layers` led from the source to `text`.

    Raise DecisionsError for a decision about something that is not there.
    """
    if stage == LINES:
        return _lines(decisions, proposal, text, layers)
    if proposal.arrangement is not None:
        places = list(zip(decisions.entries, _carried(decisions, layers), strict=True))
        return replace(proposal, arrangement=rearrange(decisions, places, proposal.arrangement, text))
    return proposal if stage in MOVES else _characters(decisions, proposal, layers)


def _carried(decisions: Decisions, layers: Sequence[Step]) -> list[tuple[Span, Span | None]]:
    """Return the spans of each decision, its own and the one it refers to, in the text that the layers led to."""
    spans = [span for entry in decisions.entries for span in (entry.source, entry.to or entry.source)]
    flat = np.array(spans, dtype=np.int64).reshape(-1)
    for layer in layers:
        flat = layer.forward(flat)
    pairs = [(start, max(start, end)) for start, end in flat.reshape(-1, 2).tolist()]
    return [(pairs[2 * n], pairs[2 * n + 1] if entry.to else None) for n, entry in enumerate(decisions.entries)]


def _meets(start: int, end: int, span: Span) -> bool:
    """Tell whether an edit of [start, end) touches a span; one that puts something in must stand inside it."""
    if start == end:
        return span[0] < start < span[1] or span[0] == span[1] == start
    return start < span[1] and end > span[0]


def _characters(decisions: Decisions, proposal: Proposal, layers: Sequence[Step]) -> Proposal:
    """Leave out the edits that touch what is to be kept, and make those the user's own that were found right."""
    kept: list[Span] = []
    right: list[Span] = []
    for entry, (span, _) in zip(decisions.entries, _carried(decisions, layers), strict=True):
        if entry.do == "keep" or (entry.do == "change" and entry.text is not None):
            kept.append(span)
        elif entry.do == "change":
            right.append(span)
    if not kept and not right:
        return proposal
    edits = Proposals()
    for start, end, new, rule, sure in proposal.edits:
        if any(_meets(start, end, span) for span in kept):
            continue
        if any(_meets(start, end, span) for span in right):
            edits.add(start, end, new, DECISION)
        else:
            edits.add(start, end, new, rule, sure)
    judged = [*kept, *right]
    findings = tuple(f for f in proposal.findings if not any(_meets(f.start, f.end, span) for span in judged))
    return replace(proposal, edits=edits, findings=findings)


def _lines(decisions: Decisions, proposal: Proposal, text: str, layers: Sequence[Step]) -> Proposal:
    """Join and break as decided, whatever the stage proposed at those line ends."""
    gaps = list(_gaps(decisions, text, layers))
    if not gaps:
        return proposal
    edits = Proposals()
    for start, end, new, rule, sure in proposal.edits:
        if not any(start < gap[1] and end > gap[0] for _, gap in gaps):
            edits.add(start, end, new, rule, sure)
    decided = {gap[0] for _, gap in gaps}
    breaks = [boundary for boundary in proposal.breaks if boundary.at not in decided]
    for entry, (first, last) in gaps:
        if entry.do == "break":
            breaks.append(Boundary(first, CERTAIN))
        else:
            begin, new, _ = joiner(text, first, last)
            edits.add(begin, last, new, DECISION)
    return replace(proposal, edits=edits, breaks=tuple(sorted(breaks, key=lambda boundary: boundary.at)))


def _gaps(decisions: Decisions, text: str, layers: Sequence[Step]) -> Iterator[tuple[Decision, Span]]:
    """Yield the decisions about line ends, each with the white space between the two lines."""
    for number, (entry, (span, _)) in enumerate(zip(decisions.entries, _carried(decisions, layers), strict=True), 1):
        if entry.do not in ("join", "break"):
            continue
        first = last = min(span[1], len(text))
        while first and text[first - 1].isspace():
            first -= 1
        while last < len(text) and text[last].isspace():
            last += 1
        if "\n" not in text[first:last] or first == 0 or last == len(text):
            raise decisions.error(number, entry, "no line ends there")
        yield entry, (first, last)
