"""Stage repair: runs the rules of rules/repair/."""

from __future__ import annotations

from cleanup.document import Draft
from cleanup.options import Options
from cleanup.proposal import Proposal
from cleanup.rulebook import Rulebook


def propose(draft: Draft, book: Rulebook, options: Options) -> Proposal:
    """Propose the edits of every rule of the stage."""
    proposal = Proposal()
    for rule in book.stage("repair", options):
        if rule.suggests:
            continue
        rule.propose(draft.text, proposal.edits)
    return proposal
