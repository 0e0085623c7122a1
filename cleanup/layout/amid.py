"""Lines set amid the text of another: a caption with its credit, the headline over a report.

The sentence above such a line is open and the line above is full, so that line ends read as if the sentence went on.
What tells is the form: a credit ends what it stands in, and nothing but a headline stands short and open over a report.
It finds such line ends and weighs nothing.
"""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
import regex

from cleanup.document import Draft
from cleanup.language.characters import CLOSERS
from cleanup.language.edges import RUNS_ON, SENTENCE, end_kinds, reports
from cleanup.layout.forms import Tables
from cleanup.layout.indented import FULL, NEAR, SHORT
from cleanup.layout.lines import Lines

CREDIT_SIGN: Final = "摄"
MOST: Final = 3  # lines of a headline


def set_amid(draft: Draft, lines: Lines, tables: Tables) -> list[int]:
    """Return the lines that end where they do because a caption ends or a headline begins there.

    `tables`: those of the rules, which name the surnames and the ends of credits.
    """
    return [
        *_captions(draft, lines, tables.get("surnames", ())),
        *_over_reports(draft, lines, tables.get("credit-ends", ())),
    ]


def _captions(draft: Draft, lines: Lines, surnames: tuple[str, ...]) -> list[int]:
    """Return the lines that a credit closes."""
    text = draft.text
    if CREDIT_SIGN not in text or not surnames:
        return []
    credit = _credit(surnames)
    signed = np.flatnonzero(draft.codes.take(lines.ends[:-1] - 1) == ord(CREDIT_SIGN)).tolist()
    return [
        row
        for row in signed
        if text[lines.starts[row + 1]] not in GOES_ON and credit.search(text[lines.starts[row] : lines.ends[row]])
    ]


GOES_ON: Final = "影制像取"  # 摄影, 摄制 …: the word is cut


@cache
def _credit(surnames: tuple[str, ...]) -> regex.Pattern[str]:
    names = "|".join(map(regex.escape, surnames))
    given = r"(?:\p{Han}|[ \u3000]\p{Han}|\p{Han}{2})"
    return regex.compile(rf"(?:^|[ \u3000。）)])(?:{names}){given}[ \u3000]*摄$")


def _over_reports(draft: Draft, lines: Lines, credits: tuple[str, ...]) -> list[int]:
    """Return the full lines with open sentences above the headline of a report."""
    opening = reports(draft.codes, lines.starts, lines.ends)
    if not opening:
        return []
    runs_on = SENTENCE[end_kinds(draft.codes, lines.starts, lines.ends)] == RUNS_ON
    found: list[int] = []

    def open_words(row: int) -> bool:  # neither a sentence that closes nor the end of a caption or of an author's line
        return bool(runs_on[row]) and not draft.text.endswith((*credits, *CLOSERS), 0, int(lines.ends[row]))

    for report in filter(None, opening):
        near = lines.width[max(report - MOST - NEAR, 0) : report + NEAR]
        lack = int(near.max(initial=0)) - lines.width
        above = report - 1
        while above > max(report - 1 - MOST, 0) and lack[above] >= SHORT and open_words(above):
            above -= 1
        if above < report - 1 and lack[above] <= FULL and open_words(above):
            found.append(above)
    return found
