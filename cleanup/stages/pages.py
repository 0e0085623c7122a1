"""Pages: running heads, feet, page numbers and date lines are set aside, so that what they tore can be joined.

It moves them behind the text, where the last stage leaves them out by name; it joins nothing itself.
"""

from __future__ import annotations

import numpy as np

from cleanup import markers
from cleanup.document import Aside, Draft
from cleanup.edits import Order
from cleanup.language import ngrams
from cleanup.layout.frame import find_frame
from cleanup.layout.heads import find_heads
from cleanup.layout.lines import FORM_FEED, NEWLINE, measure_lines
from cleanup.layout.recurring import PAGE_NUMBER, RUNNING_HEAD
from cleanup.options import Options
from cleanup.proposal import Proposal
from cleanup.rulebook import Rulebook


def propose(draft: Draft, book: Rulebook, options: Options) -> Proposal:
    """Propose to set aside what belongs to pages; nothing where furniture is kept or no stage would leave it out."""
    named = {rule for rule in (RUNNING_HEAD, PAGE_NUMBER) if book.runs(rule, options)}
    if options.keep_furniture or "separate" in options.stages_off:
        return Proposal()
    lines = measure_lines(draft)
    if len(lines) <= 2:
        return Proposal()
    model = ngrams.load(options.model)
    frame = find_frame(draft, lines, model, markers.load(*options.rules))
    found = find_heads(draft, lines, model, book.limits)
    heads = {row: rule for row, rule in frame.items() if rule not in options.off}
    heads |= {row: rule for row, rule in found.items() if rule in named}
    if not heads:
        return Proposal()
    text = draft.text
    median = int(np.median(lines.gap[1:]))
    usual = "\n" * (median + 1)
    # each line takes along what stands before it in its line and what follows up to the next one
    marks = np.flatnonzero((draft.codes == NEWLINE) | (draft.codes == FORM_FEED))
    begins = np.append(0, marks + 1)[marks.searchsorted(lines.starts)].tolist()
    for row in np.flatnonzero(lines.page).tolist():
        if row in heads:  # its form feed goes with it
            begins[row] = int(lines.ends[row - 1]) + text[lines.ends[row - 1] : begins[row]].find("\f") if row else 0
    begins[0] = 0
    stops = [*begins[1:], len(text)]
    order = [row for row in range(len(lines)) if row not in heads] + sorted(heads)
    proposal = Proposal(
        order=Order(
            "pages",
            np.array([begins[row] for row in order], dtype=np.int32),
            np.array([stops[row] for row in order], dtype=np.int32),
        ),
        aside=tuple(Aside(int(lines.starts[row]), int(lines.ends[row]), heads[row]) for row in sorted(heads)),
    )
    at = 0
    for number, row in enumerate(order):
        inner = int(lines.starts[row]) - begins[row]
        if number and row not in heads and row - 1 in heads:
            # the gap at the end of a page says nothing: it becomes what stands between lines elsewhere. But what a
            # frame stood in and was set apart from both sides is where a column may have ended
            gap = int(stops[order[number - 1]] - lines.ends[order[number - 1]])
            lead = text[begins[row] : begins[row] + inner].lstrip("\f\r\n")
            apart = row - 1 in frame and lines.gap[order[number - 1] + 1 : row + 1].max() > median
            proposal.edits.add(at - gap, at + inner - len(lead), usual + "\n" * int(apart), heads[row - 1])
        elif number and row in heads:
            gap = int(stops[order[number - 1]] - lines.ends[order[number - 1]])
            proposal.edits.add(at - gap, at + inner, "\n\n", heads[row])
        at += stops[row] - begins[row]
    return proposal
