"""What the index of a batch tells of each source and of all of them, gathered from the output folder.

It reads document.json files and run.json; it changes nothing and needs no record of how the outputs were made.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleanup.batch.tally import Tally, confidence, tally
from cleanup.batch.targets import RUN_RECORD
from cleanup.document import CleanupError, Document, Draft
from cleanup.edits import Layer
from cleanup.formats.text import RECORD
from cleanup.journal import from_json
from cleanup.layout.lines import measure_lines
from cleanup.layout.measure import WIDEST, find_measures
from cleanup.options import Options
from cleanup.wording import cause_of, shown

BINS = 20  # of a confidence, for the plot
STEPS = (0.5, 0.8, 0.95)  # of a confidence, for the small bar of a source: the colours of a reader's attention


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What the index tells of one source.

    `folder`: of its output, below the output folder. `least`: how sure its least sure decision is. `bar`: how many of
    its decisions lie below each of STEPS, and above the last. `measure`: the commonest width of its columns in em, 0
    where its lines are whole paragraphs.
    """

    folder: str
    name: str
    tally: Tally
    flags: Counter[str]
    least: float
    bar: tuple[int, ...]
    measure: float


@dataclass(slots=True)
class Batch:
    """All sources of an output folder, and what is told of them together.

    `confidences`: how many decisions lie in each of BINS equal parts between 0 and 1. `stages` and `rules`: how many
    edits each made. `failures`: sources that could not be cleaned, with the cause. `threshold`: below it a decision is
    doubtful.
    """

    sources: list[Cleaned] = field(default_factory=list)
    total: Tally = field(default_factory=Tally)
    confidences: NDArray[np.int64] = field(default_factory=lambda: np.zeros(BINS, dtype=np.int64))
    stages: Counter[str] = field(default_factory=Counter)
    rules: Counter[tuple[str, str]] = field(default_factory=Counter)
    failures: list[tuple[str, str]] = field(default_factory=list)
    threshold: float = Options().threshold
    further_rules: tuple[Path, ...] = ()
    version: str = ""


def gather(out: Path) -> Batch:
    """Return what is known of an output folder; raise CleanupError when it holds no output of a run."""
    batch = _run_record(out)
    found = False
    for folder in output_folders(out):
        found = True
        try:
            _add(batch, folder.relative_to(out).as_posix(), read(folder))
        except CleanupError as error:
            batch.failures.append((folder.relative_to(out).as_posix(), cause_of(error)))
    if not found and not batch.failures:
        raise CleanupError(f"{shown(out)}: no {RECORD} in it; name a folder that `cleanup run -o` wrote, as text files")
    # worst first, as the index shows them
    batch.sources.sort(key=lambda entry: (entry.least, -entry.tally.doubtful, entry.folder))
    return batch


def output_folders(out: Path) -> Iterator[Path]:
    """Yield the folders below `out` that hold the output of a source, in the order of their names."""
    for folder, below, files in os.walk(out):
        below.sort()
        if RECORD in files:
            yield Path(folder)


def read(folder: Path) -> Document:
    """Read the document of an output folder; raise CleanupError."""
    try:
        return from_json((folder / RECORD).read_bytes())
    except OSError as error:
        raise CleanupError(f"{shown(folder / RECORD)}: {cause_of(error)}") from None


def _run_record(out: Path) -> Batch:
    """Return an empty batch with what run.json says; a missing or strange one says nothing."""
    batch = Batch()
    try:
        tree: dict[str, Any] = json.loads((out / RUN_RECORD).read_bytes())
        settings = tree.get("settings", {})
        batch.failures = [(str(entry["source"]), str(entry["cause"])) for entry in tree.get("failures", [])]
        batch.threshold = float(settings.get("threshold", batch.threshold))
        batch.further_rules = tuple(Path(folder) for folder in settings.get("rules", []))
        batch.version = str(tree.get("version", ""))
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        pass
    return batch


def _add(batch: Batch, folder: str, document: Document) -> None:
    counts = tally(document, batch.threshold)
    sure = _confidences(document)
    batch.sources.append(
        Cleaned(
            folder,
            document.source.name,
            counts,
            Counter(flag for article in document.articles for flag in article.flags),
            confidence(document),
            tuple(np.bincount(np.searchsorted(STEPS, sure, side="right"), minlength=len(STEPS) + 1).tolist()),
            measure(document.original),
        )
    )
    batch.total.add(counts)
    batch.confidences += np.bincount(np.minimum((sure * BINS).astype(np.int64), BINS - 1), minlength=BINS)
    for layer in document.layers:
        if isinstance(layer, Layer):
            batch.stages[layer.stage] += len(layer)
            numbers = np.bincount(layer.rule_index, minlength=len(layer.rules)).tolist()
            batch.rules.update({(layer.stage, rule): n for rule, n in zip(layer.rules, numbers, strict=True)})


def _confidences(document: Document) -> NDArray[np.float64]:
    """Return how sure each decision of a document is: kept breaks, blocks, articles, and edits that were weighed."""
    weighed = [layer.confidence[layer.confidence < 1] for layer in document.layers if isinstance(layer, Layer)]
    return np.concatenate(
        [
            np.array([boundary.confidence for boundary in document.breaks]),
            np.array([article.confidence for article in document.articles]),
            np.array([block.confidence for article in document.articles for block in article.blocks]),
            *[column.astype(np.float64) for column in weighed],
        ]
    )


def measure(text: str) -> float:
    """Return the commonest measure of the printed lines of a text in em, 0 where most text stands in longer lines.

    >>> measure("一二三四五六七八九十一二\\n" * 9)
    12.0
    """
    widths = measure_lines(Draft(text)).width
    printed = widths[widths <= WIDEST]
    if not len(printed) or printed.sum() * 2 < widths.sum():
        return 0.0
    found = find_measures(printed, np.zeros_like(printed)).around
    return float(np.bincount(found.value, weights=found.support).argmax()) / 2
