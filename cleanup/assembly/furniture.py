"""The furniture of a page: what is left out of its articles and why, and what it tells of the issue.

It names what belongs to no article and why; where articles begin and end is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from cleanup.arrangement import Arrangement, Omission
from cleanup.assembly.passages import Passages
from cleanup.assembly.reading import Reading
from cleanup.assembly.roles import LABEL
from cleanup.document import Aside
from cleanup.facts import Fact, told
from cleanup.markers import Marker

FURNITURE_BY_FORM = "furniture-by-form"


def find_furniture(
    passages: Passages, reading: Reading, markers: Sequence[Marker], threshold: float, most: float
) -> dict[int, str]:
    """Return the passages that are furniture, each with the rule that names why.

    What only looks like it, and has no marker, must be as sure as the threshold; and all of it together must not be
    more than a share `most` of the text, for a page that is all frame is none.
    """
    found: dict[int, str] = {}
    by_form: list[int] = []
    for row in np.flatnonzero(reading.labels == LABEL["furniture"]).tolist():
        marker = markers[passages.marker[row]] if passages.marker[row] >= 0 else None
        if marker is not None and marker.role == "furniture":
            found[row] = marker.id
        elif reading.odds[row, LABEL["furniture"]] >= threshold:
            by_form.append(row)
    if passages.length[by_form].sum() <= most * passages.length.sum():
        found |= dict.fromkeys(by_form, FURNITURE_BY_FORM)
    return dict(sorted(found.items()))


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
