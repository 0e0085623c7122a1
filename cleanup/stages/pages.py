"""Pages: running heads, feet, page numbers and date lines are set aside, so that what they tore can be joined.

It moves them behind the text, where the last stage leaves them out by name, and footnotes behind the paragraph they
stand in; it joins nothing itself.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from cleanup import markers
from cleanup.document import Aside, Draft
from cleanup.edits import Order
from cleanup.language import ngrams
from cleanup.language.ngrams import NGrams
from cleanup.layout.footnotes import FOOTNOTE, behind_paragraphs, find_footnotes
from cleanup.layout.frame import find_frame
from cleanup.layout.heads import PAGE_GAP, closed_up, find_heads
from cleanup.layout.lines import FORM_FEED, NEWLINE, Lines, measure_lines
from cleanup.layout.recurring import PAGE_NUMBER, RUNNING_HEAD, numbers_alone
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
    median = int(np.median(lines.gap[1:]))
    footnotes = book.runs(FOOTNOTE, options)
    ended = {row - 1 for row in numbers_alone(draft, lines)} | {len(lines) - 1}
    ended.update((np.flatnonzero(lines.gap >= median + PAGE_GAP) - 1).tolist())
    notes = find_footnotes(draft, lines, ended) if footnotes else []
    frame = find_frame(draft, lines, model, markers.load(*options.rules))
    found = _find_heads(draft, lines, notes, model, book)
    heads = {row: rule for row, rule in frame.items() if rule not in options.off}
    heads |= {row: rule for row, rule in found.items() if rule in named}
    text = draft.text
    rest = [row for row in range(len(lines)) if row not in heads]
    ended.update(row for row, after in pairwise(rest) if after > row + 1)
    notes = find_footnotes(draft, lines, ended.intersection(rest)) if footnotes else []
    if notes:
        rest = behind_paragraphs(draft, lines, rest, notes, model)
    elif not heads:
        return Proposal()
    opened, closed = {first for first, _ in notes}, {last for _, last in notes}
    usual = "\n" * (median + 1)
    # each line takes along what stands before it in its line and what follows up to the next one
    marks = np.flatnonzero((draft.codes == NEWLINE) | (draft.codes == FORM_FEED))
    begins = np.append(0, marks + 1)[marks.searchsorted(lines.starts)].tolist()
    for row in np.flatnonzero(lines.page).tolist():
        if row in heads:  # its form feed goes with it
            begins[row] = int(lines.ends[row - 1]) + text[lines.ends[row - 1] : begins[row]].find("\f") if row else 0
    begins[0] = 0
    stops = [*begins[1:], len(text)]
    order = rest + sorted(heads)
    proposal = Proposal(
        order=Order(
            "pages",
            np.array([begins[row] for row in order], dtype=np.int32),
            np.array([stops[row] for row in order], dtype=np.int32),
        ),
        aside=tuple(Aside(int(lines.starts[row]), int(lines.ends[row]), heads[row]) for row in sorted(heads)),
    )
    at = 0
    for before, row in pairwise([-1, *order]):
        inner = int(lines.starts[row]) - begins[row]
        gap = int(stops[before] - lines.ends[before]) if before >= 0 else 0
        lead = text[begins[row] : begins[row] + inner].lstrip("\f\r\n")
        if before < 0:
            pass
        elif row in heads:
            proposal.edits.add(at - gap, at + inner, "\n\n", heads[row])
        elif row in opened or before in closed:
            proposal.edits.add(at - gap, at + inner - len(lead), usual + "\n", FOOTNOTE)
        elif row - 1 in heads:
            # the gap at the end of a page says nothing: it becomes what stands between lines elsewhere. But what a
            # frame stood in and was set apart from both sides is where a column may have ended
            apart = row - 1 in frame and lines.gap[before + 1 : row + 1].max() > median
            proposal.edits.add(at - gap, at + inner - len(lead), usual + "\n" * int(apart), heads[row - 1])
        at += stops[row] - begins[row]
    return proposal


def _find_heads(
    draft: Draft, lines: Lines, notes: list[tuple[int, int]], model: NGrams, book: Rulebook
) -> dict[int, str]:
    """Return what belongs to pages, sought among the lines without their footnotes, which stand in their way."""
    kept = np.ones(len(lines), dtype=np.bool_)
    for first, last in notes:
        kept[first : last + 1] = False
    rows = np.flatnonzero(kept).tolist()
    return {rows[row]: rule for row, rule in find_heads(draft, closed_up(lines, kept), model, book.limits).items()}
