"""Repair: characters that a machine broke become the characters that were meant.

It works on single characters and line ends; marks, spaces inside lines and widths wait until the lines are joined.
"""

from __future__ import annotations

import unicodedata
from typing import Final

import regex

from cleanup.document import Draft
from cleanup.edits import Proposals
from cleanup.firing import Scene, program
from cleanup.language.mojibake import misread
from cleanup.options import Options
from cleanup.proposal import Proposal
from cleanup.rulebook import Rulebook

COMPATIBILITY: Final = "compatibility-ideograph"
DECOMPOSED: Final = "decomposed-letter"


def propose(draft: Draft, book: Rulebook, options: Options) -> Proposal:
    """Propose the edits of the rules of rules/repair/, and what mojibake and Unicode's normal form ask for."""
    proposal = Proposal()
    for run in misread(draft.text, draft.codes, book.limits["mojibake-common-share"]):
        if book.runs(run.rule, options):
            proposal.edits.add(run.start, run.end, run.meant, run.rule)
    Scene(program(book, "repair", options), draft).propose(proposal.edits)
    if not unicodedata.is_normalized("NFC", draft.text):
        _compose(draft.text, book, options, proposal.edits)
    return proposal


def _compose(text: str, book: Rulebook, options: Options, edits: Proposals) -> None:
    """Propose Normalization Form C where the text is not in it."""
    for cluster in regex.finditer(r"\X", text):
        old = cluster.group()
        new = unicodedata.normalize("NFC", old)
        if old != new:
            rule = COMPATIBILITY if len(old) == len(new) == 1 and new >= "⺀" else DECOMPOSED
            if book.runs(rule, options):
                edits.add(cluster.start(), cluster.end(), new, rule)
