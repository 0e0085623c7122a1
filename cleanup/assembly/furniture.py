"""The furniture of a page: turn lines found before the page is read, what is left out, and what it tells of the issue.

It names what belongs to no article and why; where articles begin and end is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np
import regex

from cleanup.arrangement import Arrangement, Omission
from cleanup.assembly.passages import Passages
from cleanup.assembly.reading import Reading
from cleanup.assembly.roles import LABEL
from cleanup.document import Aside
from cleanup.facts import Fact, told
from cleanup.markers import Marker, forms, missing

FURNITURE_BY_FORM = "furniture-by-form"
Way = Literal["on", "back"]


@dataclass(frozen=True, slots=True)
class TurnForm:
    """A form of turn lines: `find` is looked for at both ends of lines; `way` is where it leads."""

    id: str
    way: Way
    what: str
    why: str
    find: regex.Pattern[str]
    examples: tuple[str, ...]
    keeps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn line found: its span, where it leads and to which page, and whether its article stands before it.

    `page` is as printed, without white space.
    """

    start: int
    end: int
    way: Way
    page: str
    rule: str
    before: bool


@cache
def turn_forms(*further: Path) -> tuple[TurnForm, ...]:
    """Return the forms of turn lines of the built-in rules and of further folders, in file order."""
    found: dict[str, TurnForm] = {}
    for path, raw, find in forms("turn", *further):
        try:
            found[raw["id"]] = TurnForm(
                raw["id"], raw["way"], raw["what"], raw["why"], find, tuple(raw["examples"]), tuple(raw["keeps"])
            )
        except KeyError as error:
            raise missing(path, "turn", raw, error) from None
    return tuple(found.values())


def find_turns(text: str, turns: Iterable[TurnForm]) -> tuple[Turn, ...]:
    """Return the turn lines of a text in its order: those on lines of their own and those at an end of a line.

    >>> [(turn.way, turn.page) for turn in find_turns("会议指出，要抓落实（下转第二版）\\n", turn_forms())]
    [('on', '二')]
    >>> find_turns("他说下转第2版的意思是请看第2版。", turn_forms())
    ()
    """
    found: list[Turn] = []
    reach = 0
    matches = ((match, form) for form in turns for match in form.find.finditer(text))
    for match, form in sorted(matches, key=lambda pair: (pair[0].start(), -pair[0].end())):
        start, end = match.span()
        start += len(match[0]) - len(match[0].lstrip())
        line, stop = text.rfind("\n", 0, start) + 1, text.find("\n", end)
        opens = not text[line:start].strip()
        closes = not text[end : stop if stop >= 0 else len(text)].strip()
        if start < reach or not (opens or closes):
            continue
        before = not opens or (closes and form.way == "on")
        page = "".join(match["page"].split())
        found.append(Turn(start, end, form.way, page, form.id, before))
        reach = end
    return tuple(found)


def find_furniture(passages: Passages, reading: Reading, markers: Sequence[Marker], threshold: float) -> dict[int, str]:
    """Return the passages that are furniture, each with the rule that names why.

    What only looks like it, and has no marker, must be as sure as the threshold.
    """
    found: dict[int, str] = {}
    for row in np.flatnonzero(reading.labels == LABEL["furniture"]).tolist():
        marker = markers[passages.marker[row]] if passages.marker[row] >= 0 else None
        if marker is not None and marker.role == "furniture":
            found[row] = marker.id
        elif reading.odds[row, LABEL["furniture"]] >= threshold:
            found[row] = FURNITURE_BY_FORM
    return found


def continued(arrangement: Arrangement, turns: Iterable[Turn]) -> Arrangement:
    """Return the arrangement with the article of each turn line flagged: it goes on elsewhere, or began there."""
    turns = list(turns)
    if not turns:
        return arrangement
    places = sorted(
        (piece.start, piece.end, number)
        for number, article in enumerate(arrangement.articles)
        for block in article.blocks
        for piece in block.pieces
    )
    starts = [start for start, _, _ in places]
    flagged = set()
    for turn in turns:
        here = int(np.searchsorted(starts, turn.start))
        near = here - 1 if turn.before else here
        if 0 <= near < len(places):
            flagged.add(places[near][2])
    articles = tuple(
        replace(article, flags=(*article.flags, "continued")) if number in flagged else article
        for number, article in enumerate(arrangement.articles)
    )
    return replace(arrangement, articles=articles)


def with_issue(arrangement: Arrangement, text: str, facts: Iterable[Fact]) -> Arrangement:
    """Return the arrangement with what its furniture, left out or kept, tells of the issue."""
    kept = [block.pieces for article in arrangement.articles for block in article.blocks if block.role == "furniture"]
    spans = [(o.start, o.end) for o in arrangement.omissions] + [(p.start, p.end) for pieces in kept for p in pieces]
    lines = dict.fromkeys(text[start:end].strip() for start, end in sorted(spans))
    return replace(arrangement, metadata=told(lines, facts))


def leave_out(arrangement: Arrangement, spans: Iterable[Aside]) -> Arrangement:
    """Return the arrangement with further spans left out, each by its rule; they must belong to no article."""
    further = (Omission(span.start, span.end, span.rule) for span in spans if span.end > span.start)
    return replace(arrangement, omissions=tuple(sorted([*arrangement.omissions, *further], key=_start)))


def _start(omission: Omission) -> int:
    return omission.start
