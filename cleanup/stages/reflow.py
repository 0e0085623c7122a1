"""Stage reflow."""

from __future__ import annotations

from cleanup.document import Draft
from cleanup.options import Options
from cleanup.proposal import Proposal
from cleanup.rulebook import Rulebook


def propose(draft: Draft, book: Rulebook, options: Options) -> Proposal:
    """Propose nothing."""
    return Proposal()
