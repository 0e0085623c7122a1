"""The index of a batch: every source, worst first, with what was counted, what failed, and the plots."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import quote

from cleanup.batch.targets import PAGE
from cleanup.report.gather import BINS, Batch, Cleaned
from cleanup.report.page import inert_json, render
from cleanup.report.payload import SURE, doubt
from cleanup.report.plots import HEIGHT, WIDTH, columns, rows
from cleanup.wording import shown

STYLES = ("base.css", "index.css")
SCRIPTS = ("words.js", "index.js")
STAGES = ("repair", "pages", "columns", "reflow", "rejoin", "simplify", "separate", "decision")
MEASURES = range(5, 66, 5)  # em, where the bars of the plot end


def index_page(batch: Batch, words: Mapping[str, tuple[str, ...]], pages: Collection[str], name: str) -> bytes:
    """Return the index as UTF-8 HTML; `pages` are the folders whose page has been written, `name` is the batch's."""
    data = {
        "sources": [_row(entry, entry.folder in pages) for entry in batch.sources],
        "failures": [[shown(source), cause] for source, cause in batch.failures],
        "sure": SURE,
        "threshold": doubt(batch.threshold),
    }
    rules: list[dict[str, Any]] = []
    for (stage, rule), count in sorted(batch.rules.items(), key=lambda pair: (-pair[1], pair[0])):
        what = words.get(rule, ("",))[::2]  # in English, and perhaps in Chinese
        rules.append({"stage": stage, "id": rule, "count": count, "what": what[0], "words": json.dumps(what)})
    return render(
        "index.html",
        STYLES,
        SCRIPTS,
        "index",
        name=name,
        version=batch.version,
        total=batch.total,
        failed=len(batch.failures),
        rules=rules,
        confidence=_confidence_plot(batch),
        measures=_measure_plot(batch),
        stages=rows({stage: batch.stages[stage] for stage in STAGES if batch.stages[stage]}),
        width=WIDTH,
        height=HEIGHT,
        data=inert_json(data),
    )


def _row(entry: Cleaned, written: bool) -> list[Any]:
    counts = entry.tally
    return [
        shown(entry.name or entry.folder),
        f"{quote(os.fsencode(entry.folder))}/{PAGE}" if written else shown(entry.folder),
        int(written),
        counts.size,
        counts.articles,
        counts.edits,
        counts.dropped,
        counts.suspects,
        counts.doubtful,
        doubt(entry.least),
        list(entry.bar),
        sum(entry.flags.values()),
    ]


def _confidence_plot(batch: Batch) -> list[Any]:
    bounds = [f"{100 * number // BINS}–{100 * (number + 1) // BINS} %" for number in range(BINS)]
    labels = [f"{100 * number // BINS} %" if number % 4 == 0 else "" for number in range(BINS)]
    counts = batch.confidences.tolist()
    return columns(counts, labels, [f"{bound}: {count:,}" for bound, count in zip(bounds, counts, strict=True)])


def _measure_plot(batch: Batch) -> list[Any]:
    found: Counter[int] = Counter()
    for entry in batch.sources:
        found[next((end for end in MEASURES if entry.measure < end), MEASURES[-1]) if entry.measure else 0] += 1
    ends = [0, *MEASURES]
    bounds = ["–", *(f"{end - 5}–{end} em" for end in MEASURES)]
    return columns(
        [found[end] for end in ends],
        ["–", *(str(end - 5) if end % 10 == 0 else "" for end in MEASURES)],
        [f"{bound}: {found[end]:,}" for bound, end in zip(bounds, ends, strict=True)],
    )
