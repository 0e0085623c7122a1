"""What stands over the opening of a report: few words above 本报讯 are a headline, whatever the learned weights say.

No text of its own stands there, and no report has a heading over its first sentence but below its title. It moves
probabilities from label to label and looks at nothing but passages and their order.
"""

from __future__ import annotations

import numpy as np

from cleanup.assembly.passages import Passages
from cleanup.assembly.role_witnesses import LONG, few_words
from cleanup.assembly.roles import LABEL
from cleanup.bins import Reals
from cleanup.language.edges import STARTS

TITLE, HALF, KICKER = LABEL["title"], LABEL["half"], LABEL["kicker"]
HEADING, PARAGRAPH = LABEL["heading"], LABEL["paragraph"]


def headed(passages: Passages, odds: Reals) -> Reals:
    """Return the probabilities of labels, shape (n, labels), with headlines over reports.

    Few words between the head of the page and the first report are no text. Few words between a text that is over and a
    report are no heading, where the page has fewer titles than reports and none of them is one.
    """
    reports = np.flatnonzero(passages.opening == STARTS.index("dateline")).tolist()
    likeliest = odds.argmax(axis=1)
    untitled = np.count_nonzero(likeliest == TITLE) < len(reports)
    over = passages.closed & (passages.length > LONG)
    short = few_words(passages)
    odds = odds.copy()
    for report in reports:
        above = report
        while above and short[above - 1]:
            above -= 1
        rows = range(above, report)
        if rows and not above and report == reports[0]:
            _no_text(odds, rows)
        elif rows and above and over[above - 1] and untitled and not (likeliest[rows] == TITLE).any():
            _no_heading(odds, rows)
    return odds


def _no_text(odds: Reals, rows: range) -> None:
    """Make the last of the lines a title and those above it kickers where they would be text."""
    for row in rows:
        odds[row, TITLE if row == rows[-1] else KICKER] += odds[row, PARAGRAPH]
        odds[row, PARAGRAPH] = 0.0


def _no_heading(odds: Reals, rows: range) -> None:
    """Make a line a title where it would be a heading; of several, the last may be half of one, others kickers."""
    for row in rows:
        heirs = [TITLE, HALF if row == rows[-1] else KICKER]
        share = odds[row, heirs] if len(rows) > 1 else np.array([1.0, 0.0])
        odds[row, heirs] += odds[row, HEADING] * share / max(share.sum(), np.finfo(np.float64).tiny)
        odds[row, HEADING] = 0.0
