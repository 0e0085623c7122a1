"""Separate: the articles of a page, each under its own headline, its broken passages joined, furniture left out.

The last stage: it plans whole articles out of the passages and never rewrites a character of them.
"""

from __future__ import annotations

from cleanup import facts, markers
from cleanup.assembly.cohesion import measure_cohesion
from cleanup.assembly.duplicates import REPEATED_PASSAGE, mark_duplicates
from cleanup.assembly.furniture import leave_out, with_issue
from cleanup.assembly.passages import find_passages
from cleanup.assembly.plan import plan
from cleanup.assembly.reading import read
from cleanup.assembly.turns import continued, find_turns, turn_forms
from cleanup.document import Aside, Draft
from cleanup.language import ngrams
from cleanup.options import Options
from cleanup.proposal import Proposal
from cleanup.rulebook import Rulebook


def propose(draft: Draft, book: Rulebook, options: Options) -> Proposal:
    """Propose the arrangement of the text into articles."""
    model = ngrams.load(options.model)
    known = markers.load(*options.rules)
    text = draft.without(draft.aside)
    turns = find_turns(text.text, turn_forms(*options.rules))
    cut = [] if options.keep_furniture else [Aside(turn.start, turn.end, turn.rule) for turn in turns]
    page = text.without(cut)
    passages = find_passages(page, known, model, book.tables)
    cohesion = measure_cohesion(passages, model)
    reading = read(page, passages, cohesion, model, known, book.limits)
    arrangement = plan(page, passages, reading, cohesion, known, options)
    drop = book.runs(REPEATED_PASSAGE, options)
    arrangement = mark_duplicates(arrangement, draft.text, book.limits, drop=drop)
    arrangement = continued(leave_out(arrangement, [*draft.aside, *cut]), turns, draft)
    return Proposal(arrangement=with_issue(arrangement, draft.text, facts.load(*options.rules)))
