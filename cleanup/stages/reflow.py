"""Reflow: the lines of a paragraph become one line.

Decides at each line end alone whether the paragraph goes on; it moves nothing, and the halves of a headline stay apart
(separate knows which headlines have two). What stands between joined lines follows docs/conventions.md, Line joins.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from cleanup.document import Boundary, Draft
from cleanup.language import ngrams
from cleanup.layout.amid import set_amid
from cleanup.layout.breaks import break_probabilities, load_weights
from cleanup.layout.doubts import hear_again, log_odds
from cleanup.layout.footnotes import above_notes
from cleanup.layout.forms import ended, running_on
from cleanup.layout.indented import running_on_unindented
from cleanup.layout.joints import (
    JOIN_LINE,
    JOIN_NAMES,
    RULES,
    WITHOUT_SPACES,
    Joints,
    between_names,
    cut_inside_words,
)
from cleanup.layout.lines import Lines, has_clean_form, measure_lines
from cleanup.layout.unwrapped import among_passages
from cleanup.layout.witnesses import gather
from cleanup.options import Options
from cleanup.proposal import Proposal
from cleanup.rulebook import Rulebook

EVEN = 0.5  # the likelier of the two is done
# probability of a break that is enough across a wide gap: one that ought not to be is mended by the last stage more
# often than not, a join hardly ever. On pages to learn from, this parts 84 of 100 wrong joins instead of 64, and 3 of
# 100 right ones instead of 1
PARTED_SOONER = 0.18
HARDLY = 0.01  # probability of a break where none can be, but for a page whose lines stand in disorder


def propose(draft: Draft, book: Rulebook, options: Options) -> Proposal:
    """Propose to remove each line end inside a paragraph; each edit and each kept break carries its probability."""
    seen = draft.without(draft.aside)
    lines = measure_lines(seen)
    if len(lines) < 2:
        return Proposal()
    model = ngrams.load(options.model)
    chain = break_probabilities(gather(draft, lines, model), load_weights())
    probability, across = hear_again(seen, lines, chain, model)
    probability[[*running_on(seen, lines, book.tables), *running_on_unindented(seen, lines)]] = HARDLY
    names = _ending_at(between_names(draft.text), lines)
    probability[names] = HARDLY
    by_form = [*ended(seen, lines, book.tables), *above_notes(seen, lines)]
    by_form += set_amid(seen, lines, book.tables)
    fixed = [row for row in by_form if row < len(probability)]
    probability[fixed] = np.maximum(probability[fixed], 1 - HARDLY)
    joins = probability < EVEN
    joins[across] = probability[across] < PARTED_SOONER
    torn = among_passages(lines.width, probability, joins, book.limits)
    joins &= ~torn
    probability[torn] = EVEN
    if not _is_wrapped(_odds_of_all(probability[joins]), seen, lines, book):
        joins[:] = False
        probability = np.maximum(probability, EVEN)
    kept, joined = np.flatnonzero(~joins), np.flatnonzero(joins)
    proposal = Proposal(
        breaks=tuple(map(Boundary, lines.ends[kept].tolist(), probability[kept].tolist())),
    )
    if len(joined):
        runs = {rule: book.runs(rule, options) for rule in RULES}
        cut = cut_inside_words(draft, lines, joined)
        joints = Joints(draft.text, book.tables.get("hyphen-prefixes", ()), cut=cut)
        sure = 1 - probability[joined]
        plain = draft.codes[lines.starts[joined + 1]] >= WITHOUT_SPACES if not cut else np.zeros(len(joined), np.bool_)
        if runs[JOIN_NAMES]:
            named = names[joined]
            for row, certainty in zip(joined[named].tolist(), sure[named].tolist(), strict=True):
                proposal.edits.add(int(lines.ends[row]), int(lines.starts[row + 1]), " ", JOIN_NAMES, certainty)
            joined, sure, plain = joined[~named], sure[~named], plain[~named]
        if runs[JOIN_LINE]:
            rows = joined[plain]
            proposal.edits.extend(lines.ends[rows], lines.starts[rows + 1], "", JOIN_LINE, sure[plain].tolist())
        rows = joined[~plain]
        ends, starts = lines.ends[rows].tolist(), lines.starts[rows + 1].tolist()
        for end, start, certainty in zip(ends, starts, sure[~plain].tolist(), strict=True):
            begin, new, rule = joints.between(end, start)
            if runs[rule]:
                proposal.edits.add(begin, start, new, rule, certainty)
    return proposal


def _ending_at(ends: Iterable[int], lines: Lines) -> NDArray[np.bool_]:
    """Tell which lines but the last end at one of the offsets."""
    offsets = list(ends)
    return np.isin(lines.ends[:-1], offsets) if offsets else np.zeros(len(lines) - 1, dtype=np.bool_)


def _is_wrapped(odds: float, seen: Draft, lines: Lines, book: Rulebook) -> bool:
    """Tell whether these odds are enough; what has the form of a clean file needs more of them."""
    least, against_clean = book.limits["least-evidence"], book.limits["least-evidence-against-clean"]
    if odds >= max(least, against_clean):  # the form needs no look where it would not tell
        return True
    return odds >= (against_clean if has_clean_form(seen, lines) else least)


def _odds_of_all(probability: NDArray[np.float64]) -> float:
    """Return the log-odds of all these line ends being joins rather than none: is the document wrapped at all?"""
    return -float(log_odds(probability).sum())


def joiner(text: str, end: int, start: int) -> tuple[int, str, str]:
    """Return where the stretch between two passages to be joined begins, what takes its place, and the rule's id.

    >>> joiner("疫情\\n防控", 2, 3)
    (2, '', 'join-line')
    """
    return Joints(text).between(end, start)
