"""Language models that have not read the pages to be learned from, for learning what their word is worth.

The model that is shipped has read every article that pages for learning are made of, and is surer of them than it will
ever be of a page it meets. So the articles are dealt into folds, a model is trained without each fold, and every
passage of a page is judged by the one that never saw it (cross-fitting). Used in learning alone; it decides nothing.
"""

from __future__ import annotations

import tempfile
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from cleanup.document import Draft
from cleanup.language import ngrams, train
from cleanup.language.corpus import articles, fold_of, without_fold
from cleanup.layout.lines import Integers, Lines
from cleanup.layout.runs import Evidence, evidence

FOLDS = 5
KEY = 16  # characters; enough to tell one passage from nearly all others


def keys(passage: str) -> tuple[str, str]:
    """Return how a passage begins and how it ends, signs and spaces of a printing left out.

    >>> keys("# 第２条 消息")
    ('第2条消息', '第2条消息')
    """
    bare = "".join(unicodedata.normalize("NFKC", passage).lstrip("# ").split())
    return bare[:KEY], bare[-KEY:]


@dataclass(frozen=True, slots=True)
class Unread:
    """A model for each fold, which has not read it, and the fold of each passage by its beginning or its end."""

    models: tuple[ngrams.NGrams, ...]
    folds: Mapping[str, int]

    def hear(self, draft: Draft, lines: Lines, numbers: Sequence[int], gold: Mapping[str, Any]) -> Evidence:
        """Return what the models say of each line end of a page; `numbers` are those its gold gives to the lines."""
        fold = self._of_lines(numbers, gold)[:-1]
        said = [evidence(draft, lines, model) for model in self.models]
        return Evidence(
            *(np.choose(fold, [getattr(one, name) for one in said]) for name in ("ending", "bond", "opening"))
        )

    def _of_lines(self, numbers: Sequence[int], gold: Mapping[str, Any]) -> Integers:
        """Return the fold of each line; a passage not found goes with its article, an article with its page."""
        found: dict[int, int] = {}
        usual = Counter[int]()
        for article in gold["articles"]:
            known = {row: self._of_passage(block["text"]) for row, block in enumerate(article["blocks"])}
            votes = Counter(fold for fold in known.values() if fold is not None)
            usual += votes
            most = votes.most_common(1)[0][0] if votes else None
            for row, block in enumerate(article["blocks"]):
                fold = most if known[row] is None else known[row]
                if fold is not None:
                    found.update(dict.fromkeys(block.get("lines", ()), fold))
        otherwise = usual.most_common(1)[0][0] if usual else 0
        return np.array([found.get(number, otherwise) for number in numbers], dtype=np.int64)

    def _of_passage(self, passage: str) -> int | None:
        return next((self.folds[key] for key in keys(passage) if key in self.folds), None)


def train_unread(corpora: Sequence[Path], weights: Mapping[str, float]) -> Unread:
    """Train a model without each fold of the corpora; `weights` are those of the model that is shipped."""
    folds: dict[str, int] = {}
    for corpus in corpora:
        for title, passages in articles(corpus):
            folds.update(dict.fromkeys((key for passage in passages for key in keys(passage)), fold_of(title, FOLDS)))
    models = []
    with tempfile.TemporaryDirectory() as room:
        for fold in range(FOLDS):
            kept = [without_fold(fold, FOLDS, corpus, Path(room)) for corpus in corpora]
            path = Path(room) / f"{fold}.ngrams"
            path.write_bytes(train.train(kept, weights=dict(weights)))
            models.append(ngrams.load(path))
    return Unread(tuple(models), folds)
