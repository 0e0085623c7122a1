"""Rejoin: spaces, split numbers and words, marks and widths, once the paragraphs are whole lines.

It changes what stands between characters and how a mark is set; it never changes a word.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from operator import itemgetter
from typing import Final

import numpy as np

from cleanup.document import Draft
from cleanup.edits import Proposals
from cleanup.firing import Fired, Scene, program
from cleanup.language import ngrams, sentences
from cleanup.language.classes import SPACE
from cleanup.language.letterspacing import letter_spacing
from cleanup.language.quotes import QUOTES, turn_quotes, turn_white_corners
from cleanup.language.table_rows import table_rows
from cleanup.layout.lines import has_clean_form, measure_lines
from cleanup.options import Options
from cleanup.proposal import Proposal
from cleanup.rulebook import Rulebook

OUTSIDE_QUOTE: Final = "space-outside-quote"
IN_SENTENCE: Final = "space-inside-sentence"
BESIDE: Final = frozenset({"space-before-number", "space-after-number", "space-beside-latin"})
AT_MARK: Final = frozenset({"space-after-mark", "space-outside-bracket", "space-beside-link"})
THOUSANDS: Final = "full-width-comma-in-number"
LETTER_SPACED: Final = "letter-spaced-run"


def propose(draft: Draft, book: Rulebook, options: Options) -> Proposal:
    """Propose the edits of the rules of rules/rejoin/, and what letter-spacing and pairs of quotes ask for."""
    proposal = Proposal()
    scene = Scene(program(book, "rejoin", options, QUOTES), draft)
    edits = proposal.edits
    surnames = frozenset(book.tables["surnames"])
    rows = table_rows(draft.text, surnames)
    if book.runs(LETTER_SPACED, options):
        least, share = int(book.limits["spaced-gaps"]), book.limits["spaced-share"]
        names = book.tables["before_names"]
        for gap in letter_spacing(draft.text, scene.classes, least, share, names, surnames):
            if scene.is_chinese(gap.start) and not _inside(rows, gap.start):
                edits.add(gap.start, gap.end, " " if gap.real else "", LETTER_SPACED)
    for turned in turn_quotes(draft.text, draft.codes, scene.apart):
        if book.runs(turned.rule, options) and scene.is_chinese(turned.at):
            edits.add(turned.at, turned.at + 1, turned.mark, turned.rule)
    if "『" in draft.text and scene.is_simplified:
        for turned in turn_white_corners(draft.text):
            if book.runs(turned.rule, options) and scene.is_chinese(turned.at):
                edits.add(turned.at, turned.at + 1, turned.mark, turned.rule)
    _fire(scene, book, rows, edits)
    if not len(edits) and " " in draft.text:  # once the marks, which tell sentences, are settled
        _close_gaps(scene, book, options, edits)
    return proposal


def _fire(scene: Scene, book: Rulebook, rows: list[tuple[int, int]], edits: Proposals) -> None:
    """Propose what the rules say, save where a space parts the halves of a headline.

    Beside a number or a Latin word it may do so in any text, after a mark only in one that is clean already.
    """
    beside: list[Fired] = []
    at_mark: list[Fired] = []
    text = scene.draft.text
    for fired in (_but_in(rows, fired, text) for fired in scene.fire()):
        if fired.rule.id in BESIDE:
            beside.append(fired)
        elif fired.rule.id in AT_MARK:
            at_mark.append(fired)
        else:
            edits.extend(fired.starts, fired.ends, fired.news, fired.rule.id, fired.rule.confidence)
    _but_for_halves(scene, beside, int(book.limits["half-headline"]), edits)
    if at_mark and not scene.draft.wrapped and has_clean_form(scene.draft, measure_lines(scene.draft)):
        _but_for_halves(scene, at_mark, 1, edits)
    else:
        for fired in at_mark:
            edits.extend(fired.starts, fired.ends, fired.news, fired.rule.id, fired.rule.confidence)


def _but_in(rows: list[tuple[int, int]], fired: Fired, text: str) -> Fired:
    """Return what fired without the gaps in rows of tables, which keep columns apart, and the commas between pages."""
    if not rows:
        return fired
    spans = enumerate(zip(fired.starts, fired.ends, strict=True))
    pages = fired.rule.id == THOUSANDS  # of an index
    kept = [at for at, (start, end) in spans if not _inside(rows, start) or not (pages or text[start:end].isspace())]
    if len(kept) == len(fired.starts):
        return fired
    news = fired.news if isinstance(fired.news, str) else [fired.news[place] for place in kept]
    return Fired(fired.rule, [fired.starts[place] for place in kept], [fired.ends[place] for place in kept], news)


def _inside(rows: list[tuple[int, int]], place: int) -> bool:
    """Tell whether a place is in one of the rows, which stand in the order of the text."""
    row = bisect_right(rows, place, key=itemgetter(0)) - 1
    return row >= 0 and place < rows[row][1]


def _but_for_halves(scene: Scene, spaces: list[Fired], shortest: int, edits: Proposals) -> None:
    """Propose to take out these spaces, save between the halves of headlines, which have `shortest` characters."""
    gaps = sorted((start, end) for fired in spaces for start, end in zip(fired.starts, fired.ends, strict=True))
    halves = sentences.between_halves(scene.draft.text, gaps, shortest) if gaps else set()
    for fired in spaces:
        for start, end in zip(fired.starts, fired.ends, strict=True):
            if start not in halves:
                edits.add(start, end, str(fired.news), fired.rule.id, fired.rule.confidence)


def _close_gaps(scene: Scene, book: Rulebook, options: Options, edits: Proposals) -> None:
    """Propose to close the gaps over which a sentence runs on; the language model is loaded only when there are any."""
    text = scene.draft.text
    space = scene.classes == SPACE
    begin = (np.flatnonzero(space[1:] & ~space[:-1]) + 1).tolist()
    if book.runs(OUTSIDE_QUOTE, options):
        for start, end in sentences.gaps(text, sentences.OUTSIDE_QUOTE, begin):
            if scene.is_chinese(start):
                edits.add(start, end, "", OUTSIDE_QUOTE)
    if not book.runs(IN_SENTENCE, options):
        return
    places = [start for start, _ in sentences.gaps(text, sentences.BETWEEN_HAN, begin) if scene.is_chinese(start)]
    if not places:
        return
    least, least_likely = book.limits["running-on"], book.limits["next-character"]
    said = sentences.running_on(text, places, ngrams.load(options.model))
    for place, (log_odds, likely) in zip(places, said, strict=True):
        if log_odds > least and likely > least_likely:
            edits.add(place, place + 1, "", IN_SENTENCE, 1 / (1 + math.exp(least / 2 - log_odds)))
