"""Typeset pages with known truth, as the passages the separate stage would see: what learn.py learns from.

Reads folders with raw/NAME.txt and gold/NAME.json (as `python -m bench.pages` makes them) and says for each passage
which block and article it came from. It learns nothing itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleanup import markers
from cleanup.assembly.cohesion import Cohesion, measure_cohesion
from cleanup.assembly.passages import Passages, find_passages
from cleanup.document import Draft
from cleanup.language import ngrams
from cleanup.language.in_force import models_beside
from cleanup.layout.lines import Integers


@dataclass(frozen=True, slots=True)
class TruePassages:
    """One page: its passages, and for each the gold article, block and label it belongs to (-1 where unknown).

    `offset`: how many characters of the block stand before the passage, so that pieces of a block can be ordered.
    `model`: the n-grams its folder was read with; `limits`: those of the rules.
    """

    name: str
    draft: Draft
    passages: Passages
    cohesion: Cohesion
    article: Integers
    block: Integers
    offset: Integers
    label: tuple[str, ...]
    gold: dict[str, Any]
    model: ngrams.NGrams
    limits: Mapping[str, float]


def read_pages(folders: Iterable[Path], kinds: tuple[str, ...]) -> Iterator[TruePassages]:
    """Yield the pages of some kinds in the order of their names, cleaned up to the stage before separate.

    A folder that holds models is read with them.
    """
    for folder in folders:
        with models_beside(folder):
            yield from _of_folder(folder, kinds)


def _of_folder(folder: Path, kinds: tuple[str, ...]) -> Iterator[TruePassages]:
    from cleanup.pipeline import Pipeline

    pipeline, model, known = Pipeline(), ngrams.load(), markers.load()
    for path in sorted((folder / "gold").glob("*.json")):
        if not path.stem.startswith(kinds):
            continue
        gold = json.loads(path.read_text("utf-8"))
        raw = (folder / "raw" / f"{path.stem}.txt").read_bytes()
        original, draft, spans_of = pipeline.before_separate(raw)
        passages = find_passages(draft, known, model, pipeline.rulebook.tables)
        if not len(passages):
            continue
        spans = spans_of(list(zip(passages.starts.tolist(), passages.ends.tolist(), strict=True)))
        yield _align(path.stem, original, draft, passages, spans, gold, model, pipeline.rulebook.limits)


SAMPLE = 8  # characters by which two blocks that share a line are told apart


def _align(
    name: str,
    original: str,
    draft: Draft,
    passages: Passages,
    spans: list[list[tuple[int, int]]],
    gold: dict[str, Any],
    model: ngrams.NGrams,
    limits: Mapping[str, float],
) -> TruePassages:
    owner: dict[int, list[tuple[int, int, int]]] = {}  # raw line -> (article, block number, place in the block)
    labels: list[str] = []
    contents: list[str] = []
    for number, article in enumerate(gold["articles"]):
        for block in article["blocks"]:
            for place, line in enumerate(block.get("lines", ())):
                owner.setdefault(line, []).append((number, len(labels), place))
            labels.append(block["role"])
            contents.append("".join(block["text"].split()))
    newlines = np.flatnonzero(np.frombuffer(original.encode("utf-32-le", "surrogatepass"), "<u4") == 10)
    count = len(passages)
    article_of, block_of, offset_of = (np.full(count, -1, dtype=np.int64) for _ in range(3))
    label = ["furniture"] * count
    seen: set[int] = set()
    for row, pieces in enumerate(spans):
        votes: dict[tuple[int, int], list[int]] = {}
        for start, end in pieces:
            first, last = np.searchsorted(newlines, [start, end - 1]).tolist()
            for line in range(first, last + 1):
                for article, block, place in owner.get(line, ()):
                    votes.setdefault((article, block), []).append(place)
        if not votes:
            continue
        inner = "".join(passages.texts[row].split())[:SAMPLE]
        article, block = max(votes, key=lambda key: (len(votes[key]), inner in contents[key[1]], key[1]))
        article_of[row], block_of[row], offset_of[row] = article, block, min(votes[article, block])
        label[row] = labels[block]
        if block in seen and labels[block] in ("title", "subtitle", "kicker", "heading"):
            label[row] = "half"
        seen.add(block)
    cohesion = measure_cohesion(passages, model)
    return TruePassages(
        name, draft, passages, cohesion, article_of, block_of, offset_of, tuple(label), gold, model, limits
    )


def article_sets(page: TruePassages) -> NDArray[np.int64]:
    """Return the article of each passage, a fresh number for each passage of none."""
    return np.where(page.article >= 0, page.article, 10_000 + np.arange(len(page.article)))
