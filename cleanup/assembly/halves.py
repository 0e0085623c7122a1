"""What parts the halves of a headline: a space between two halves, nothing where a line ran out amid a word or phrase.

It looks at lines that are halves already and decides nothing else about them.
"""

from __future__ import annotations

from cleanup.assembly.passages import Passages
from cleanup.assembly.roles import LABEL
from cleanup.bins import Integers
from cleanup.language import sentences
from cleanup.language.ngrams import NGrams

NO_SPACE_BEFORE = ("（", "(", "——")  # as nowhere in clean text


def joiners(passages: Passages, labels: Integers, model: NGrams, least: float) -> dict[int, str]:
    """Return what stands before each further half of a headline, by its row.

    A headline that did not fit its measure was broken anywhere, and goes on: log-odds of at least `least`.
    """
    rows = [row for row in range(1, len(passages)) if labels[row] == LABEL["half"]]
    texts = passages.texts
    odds = sentences.going_on([texts[row - 1] for row in rows], [texts[row] for row in rows], model)
    found: dict[int, str] = {}
    for row, goes_on in zip(rows, odds, strict=True):
        close = goes_on >= least or texts[row].startswith(NO_SPACE_BEFORE)
        found[row] = "" if close else " "
    return found
