"""Rejoin: spaces, split numbers and words, marks and widths, once the paragraphs are whole lines.

It changes what stands between characters and how a mark is set; it never changes a word.
"""

from __future__ import annotations

from typing import Final

from cleanup.document import Draft
from cleanup.firing import Scene, program
from cleanup.language.letterspacing import letter_spacing
from cleanup.language.quotes import turn_quotes, turn_white_corners
from cleanup.options import Options
from cleanup.proposal import Proposal
from cleanup.rulebook import Rulebook

LETTER_SPACED: Final = "letter-spaced-run"


def propose(draft: Draft, book: Rulebook, options: Options) -> Proposal:
    """Propose the edits of the rules of rules/rejoin/, and what letter-spacing and pairs of quotes ask for."""
    proposal = Proposal()
    scene = Scene(program(book, "rejoin", options), draft)
    edits = proposal.edits
    if book.runs(LETTER_SPACED, options):
        least, share = int(book.limits["spaced-gaps"]), book.limits["spaced-share"]
        for gap in letter_spacing(draft.text, scene.classes, least, share, book.tables["before_names"]):
            if scene.is_chinese(gap.start):
                edits.add(gap.start, gap.end, " " if gap.real else "", LETTER_SPACED)
    for turned in turn_quotes(draft.text, draft.codes):
        if book.runs(turned.rule, options) and scene.is_chinese(turned.at):
            edits.add(turned.at, turned.at + 1, turned.mark, turned.rule)
    if "『" in draft.text and scene.is_simplified:
        for turned in turn_white_corners(draft.text):
            if book.runs(turned.rule, options) and scene.is_chinese(turned.at):
                edits.add(turned.at, turned.at + 1, turned.mark, turned.rule)
    scene.propose(edits)
    return proposal
