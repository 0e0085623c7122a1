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


def find_furniture(passages: Passages, reading: Reading, markers: Sequence[Marker]) -> dict[int, str]:
    """Return the passages that are furniture, each with the marker that names why.

    What only looks like it stays in the article, as furniture: nobody could say why it was left out.
    """
    found: dict[int, str] = {}
    for row in np.flatnonzero(reading.labels == LABEL["furniture"]).tolist():
        marker = markers[passages.marker[row]] if passages.marker[row] >= 0 else None
        if marker is not None and marker.role == "furniture":
            found[row] = marker.id
    return found


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
