"""Suspects: probable misreadings are reported, with what was probably meant and how probable that is.

It proposes no edit, whatever the probability: nothing here changes a text.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from cleanup.document import Draft, Finding
from cleanup.firing import Scene, program
from cleanup.language import ngrams
from cleanup.language.doublings import weigh_doubled
from cleanup.language.misreadings import Reading, likely, load_weights, probabilities_of, read, weigh
from cleanup.language.ngrams import NGrams
from cleanup.options import Options
from cleanup.proposal import Proposal
from cleanup.rulebook import Rulebook

LOOK_ALIKE: Final = "look-alike"
DOUBLED: Final = "doubled-character"
DOUBLED_LINE: Final = "doubled-line"


def propose(draft: Draft, book: Rulebook, options: Options) -> Proposal:
    """Report what the rules of rules/suspects/ find, and what the language model takes for misread."""
    scene = Scene(program(book, "suspects", options), draft)
    findings = [
        Finding(fired.rule.id, start, end, fired.news if isinstance(fired.news, str) else fired.news[number], sure)
        for fired in scene.fire()
        for sure in (fired.rule.confidence,)
        for number, (start, end) in enumerate(zip(fired.starts, fired.ends, strict=True))
    ]
    model = ngrams.load(options.model)
    if draft.text and (book.runs(LOOK_ALIKE, options) or book.runs(DOUBLED, options)):
        reading = read(draft.codes, model)
        if book.runs(LOOK_ALIKE, options):
            findings += _look_alikes(reading, book, model)
        if book.runs(DOUBLED, options):
            findings += _doubled(reading, book, model)
    if book.runs(DOUBLED_LINE, options):
        findings += _doubled_lines(draft.text)
    chinese = [finding for finding in findings if scene.is_chinese(finding.start)]
    return Proposal(findings=tuple(sorted(chinese, key=lambda finding: (finding.start, finding.end))))


def _look_alikes(reading: Reading, book: Rulebook, model: NGrams) -> Iterator[Finding]:
    """Report for each place the look-alike that fits best, where one fits better than what was read."""
    learned, least = load_weights(), book.limits["suspect-least"]
    worth = likely(learned.look_alikes, least)
    found = weigh(reading, book.tables["shapes"], model, learned.least_surprise, worth)
    sure = probabilities_of(found.witnesses, learned.look_alikes)
    best: dict[int, tuple[float, str]] = {}
    for number in np.flatnonzero(sure >= least).tolist():
        place = int(found.places[number])
        best[place] = max(best.get(place, (0.0, "")), (float(sure[number]), chr(found.others[number])))
    for place, (probability, other) in best.items():
        yield Finding(LOOK_ALIKE, place, place + 1, other, probability)


def _doubled(reading: Reading, book: Rulebook, model: NGrams) -> Iterator[Finding]:
    """Report second characters that were hardly meant."""
    found = weigh_doubled(reading, model)
    sure = probabilities_of(found.witnesses, load_weights().doubled)
    for number in np.flatnonzero(sure >= book.limits["suspect-least"]).tolist():
        place = int(found.places[number])
        yield Finding(DOUBLED, place, place + 1, "", float(sure[number]))


def _doubled_lines(text: str) -> Iterator[Finding]:
    """Report each paragraph with a full stop inside or at its end that repeats the paragraph before it."""
    before, at = "", 0
    for line in text.split("\n"):
        if line:
            if line == before and "。" in line and "，" in line:
                yield Finding(DOUBLED_LINE, at, at + len(line), "", 1.0)
            before = line
        at += len(line) + 1
