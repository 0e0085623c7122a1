"""Rejoin: spaces, split numbers and words, marks and widths, once the paragraphs are whole lines.

It changes what stands between characters and how a mark is set; it never changes a word.
"""

from __future__ import annotations

from cleanup.document import Draft
from cleanup.firing import program
from cleanup.firing import propose as fire
from cleanup.options import Options
from cleanup.proposal import Proposal
from cleanup.rulebook import Rulebook


def propose(draft: Draft, book: Rulebook, options: Options) -> Proposal:
    """Propose the edits of the rules of rules/rejoin/."""
    proposal = Proposal()
    fire(program(book, "rejoin", options), draft, proposal.edits)
    return proposal
