"""Separate: the articles of a page, each under its own headline, its broken passages joined, furniture left out.

The last stage: it plans whole articles out of the passages and never rewrites a character of them.
"""

from __future__ import annotations

from cleanup import markers
from cleanup.assembly.cohesion import Vectors
from cleanup.assembly.passages import find_passages
from cleanup.assembly.plan import plan
from cleanup.assembly.reading import read
from cleanup.document import Draft
from cleanup.language import ngrams
from cleanup.options import Options
from cleanup.proposal import Proposal
from cleanup.rulebook import Rulebook


def propose(draft: Draft, book: Rulebook, options: Options) -> Proposal:
    """Propose the arrangement of the text into articles."""
    model = ngrams.load(options.model)
    known = markers.load(*options.rules)
    passages = find_passages(draft, known, model)
    vectors = Vectors(passages, model)
    reading = read(draft, passages, vectors, model, known)
    return Proposal(arrangement=plan(draft, passages, reading, known, options))
