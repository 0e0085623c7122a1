"""Reflow: the lines of a paragraph become one line.

Decides at each line end alone whether the paragraph goes on; it moves nothing, and the halves of a headline stay apart
(separate knows which headlines have two). What stands between joined lines follows docs/conventions.md, Line joins.
"""

from __future__ import annotations

import numpy as np

from cleanup.document import Boundary, Draft
from cleanup.language import ngrams
from cleanup.layout.breaks import break_probabilities, load_weights
from cleanup.layout.lines import measure_lines
from cleanup.layout.witnesses import gather
from cleanup.options import Options
from cleanup.proposal import Proposal
from cleanup.rulebook import Rulebook

JOIN_LINE = "join-line"
JOIN_WORDS = "join-words"
JOIN_HYPHENATED = "join-hyphenated"
EVEN = 0.5


def propose(draft: Draft, book: Rulebook, options: Options) -> Proposal:
    """Propose to remove each line end inside a paragraph; each edit and each kept break carries its probability."""
    lines = measure_lines(draft.without(draft.aside))
    if len(lines) < 2:
        return Proposal()
    witnesses = gather(draft, lines, ngrams.load(options.model))
    probability = break_probabilities(witnesses, load_weights())
    joins = np.flatnonzero(probability < EVEN)
    proposal = Proposal(
        breaks=tuple(
            Boundary(at, sure)
            for at, sure in zip(
                lines.ends[:-1][probability >= EVEN].tolist(), probability[probability >= EVEN].tolist(), strict=True
            )
        )
    )
    text = draft.text
    for end, start, sure in zip(
        lines.ends[joins].tolist(), lines.starts[joins + 1].tolist(), (1 - probability[joins]).tolist(), strict=True
    ):
        begin, new, rule = joiner(text, end, start)
        proposal.edits.add(begin, start, new, rule, sure)
    return proposal


def joiner(text: str, end: int, start: int) -> tuple[int, str, str]:
    """Return where the replaced stretch between two joined lines begins, what takes its place, and the rule's id.

    >>> joiner("疫情\\n防控", 2, 3), joiner("inter-\\nnational", 6, 7)
    ((2, '', 'join-line'), (5, '', 'join-hyphenated'))
    >>> joiner("COVID-\\n19", 6, 7), joiner("a\\nb", 1, 2)
    ((6, '', 'join-line'), (1, ' ', 'join-words'))
    """
    last, first = text[end - 1], text[start]
    if last == "-" and end > 1 and _latin(text[end - 2]):
        if first.islower() and _latin(first) and not _written_elsewhere(text, end, start):
            return end - 1, "", JOIN_HYPHENATED
        return end, "", JOIN_LINE
    if (_latin_or_mark(last) and _latin(first)) or (_latin(last) and first.isascii() and first.isdigit()):
        return end, " ", JOIN_WORDS
    return end, "", JOIN_LINE


def _latin(character: str) -> bool:
    return character.isalpha() and character < "\u0530"


def _latin_or_mark(character: str) -> bool:
    return _latin(character) or character in ",.;:!?)\"'%" or (character.isascii() and character.isdigit())


def _written_elsewhere(text: str, end: int, start: int) -> bool:
    """Tell whether the document writes the word with its hyphen inside a line too, so that the hyphen is its own."""
    left, right = end - 1, start
    while left > 0 and _latin(text[left - 1]):
        left -= 1
    while right < len(text) and _latin(text[right]):
        right += 1
    return text[left:end] + text[start:right] in text
