"""What is counted about one cleaned source and about a batch; it prints nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np

from cleanup.document import Document
from cleanup.edits import Layer, Order


@dataclass(slots=True)
class Tally:
    """Counts of one source or, added up, of many.

    `joined`: line ends taken out inside paragraphs. `converted`: characters changed from one script to the other.
    `moved`: passages that no longer follow the passage they followed. `doubtful`: decisions below the threshold.
    `size`: bytes of source.
    """

    sources: int = 0
    size: int = 0
    articles: int = 0
    paragraphs: int = 0
    edits: int = 0
    joined: int = 0
    converted: int = 0
    moved: int = 0
    dropped: int = 0
    suspects: int = 0
    doubtful: int = 0

    def add(self, other: Tally) -> None:
        """Add another count to this one."""
        for name in COUNTS:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def as_dict(self) -> Mapping[str, int]:
        """Return the counts by name."""
        return {name: getattr(self, name) for name in COUNTS}


COUNTS = tuple(entry.name for entry in fields(Tally))


def tally(document: Document, threshold: float) -> Tally:
    """Count what became of one source; decisions less sure than `threshold` are doubtful."""
    edits = [layer for layer in document.layers if isinstance(layer, Layer)]
    return Tally(
        sources=1,
        size=document.source.size,
        articles=len(document.articles),
        paragraphs=sum(len(article.paragraphs) for article in document.articles),
        edits=sum(len(layer) for layer in edits),
        joined=sum(_joined(layer) for layer in edits),
        converted=sum(len(layer.old) for layer in edits if layer.stage == "simplify"),
        moved=sum(layer.moved for layer in document.layers if isinstance(layer, Order)),
        dropped=len(document.dropped),
        suspects=len(document.suspects),
        doubtful=doubtful(document, threshold),
    )


def doubtful(document: Document, threshold: float) -> int:
    """Count the decisions less sure than `threshold`: edits, kept breaks, blocks and articles."""
    return (
        sum(
            int(np.count_nonzero(layer.confidence < np.float32(threshold)))
            for layer in document.layers
            if isinstance(layer, Layer)
        )
        + sum(boundary.confidence < threshold for boundary in document.breaks)
        + sum(article.confidence < threshold for article in document.articles)
        + sum(block.confidence < threshold for article in document.articles for block in article.blocks)
    )


def confidence(document: Document) -> float:
    """Return how sure the least sure article, block or break is, between 0 and 1."""
    return min(
        (
            *(boundary.confidence for boundary in document.breaks),
            *(article.confidence for article in document.articles),
            *(block.confidence for article in document.articles for block in article.blocks),
        ),
        default=1.0,
    )


def _joined(layer: Layer) -> int:
    """Count the edits that take a line end out."""
    if "\n" not in layer.old:
        return 0
    stops = np.cumsum(layer.ends - layer.starts)
    line_ends = np.flatnonzero(np.frombuffer(layer.old.encode("utf-32-le", "surrogatepass"), "<u4") == ord("\n"))
    edits = np.unique(np.searchsorted(stops, line_ends, side="right"))
    keeps = np.array(["\n" in new for new in layer.news], dtype=bool)
    return int(np.count_nonzero(~keeps[layer.new_index[edits]]))
