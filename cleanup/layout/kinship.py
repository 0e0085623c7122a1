"""Which runs of a page are about the same: how much of their rare words any two share, how near their topics are.

It counts pairs of characters; of places it knows only which runs stand in one column.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cleanup.language import topics
from cleanup.language.characters import han
from cleanup.language.folding import folding
from cleanup.layout.cells import Cells, Integers, Reals, Sheet, letters_of

AROUND = 2  # runs of the column that are taken together with a run, to tell what it is about
COMMON = 9.0  # nats; a pair of characters likelier than e^-9 is grammar, not matter


def kinship(sheet: Sheet, cells: Cells, runs: Sequence[Sequence[int]]) -> Reals:
    """Return how much of their rare pairs of characters any two runs share: a cosine, shape (n, n).

    A pair weighs its surprise under the language model, less where many runs have it (K. Spärck Jones, A statistical
    interpretation of term specificity, 1972).
    """
    model, count = sheet.model, len(runs)
    owner, left, right = _pairs(sheet, cells, runs)
    if not len(owner):
        return np.zeros((count, count))
    distinct, number = np.unique(left * len(model.unigrams) + right, return_inverse=True)
    rows = np.unique(owner * len(distinct) + number)
    owner, number = rows // len(distinct), rows % len(distinct)
    first, second = np.divmod(distinct, len(model.unigrams))
    surprise = -model.bigram_log_prob(np.stack([first, second], axis=1).astype(np.uint16)).astype(np.float64)
    surprise -= model.unigram_log_prob(first.astype(np.uint16))
    shared = np.bincount(number, minlength=len(distinct))
    weight = np.maximum(surprise - COMMON, 0.0) * np.log((count + 1) / shared)
    length = np.sqrt(np.bincount(owner, weight[number] ** 2, minlength=count))
    several = shared > 1
    kept = several[number]
    column = (np.cumsum(several) - 1)[number[kept]]
    table = np.zeros((count, int(several.sum())))
    table[owner[kept], column] = weight[number[kept]]
    table /= np.where(length > 0, length, np.inf)[:, None]
    return np.asarray(table @ table.T)


def about(sheet: Sheet, cells: Cells, runs: Sequence[Sequence[int]], column: Integers) -> Reals:
    """Return how near the topics of a run and of those before it in its column are to those of another run and of those
    after that: a cosine, shape (n, n).

    `column` is the same number for runs of one column; runs stand in it as their first cells do.
    """
    count = len(runs)
    order = np.concatenate([np.asarray(run) for run in runs])
    owner = np.repeat(np.arange(count), [len(run) for run in runs])
    codes, lengths = letters_of(sheet, cells.starts[order], cells.ends[order])
    vectors = topics.describe(folding()[codes], han()[codes], np.repeat(owner, lengths), count, topics.load())
    first = np.array([run[0] for run in runs])
    ranked = np.lexsort((first, column))
    before, after = vectors.copy(), vectors.copy()
    for step in range(1, min(AROUND, count - 1) + 1):
        upper, lower = ranked[:-step], ranked[step:]
        same = column[upper] == column[lower]
        np.add.at(before, lower[same], vectors[upper[same]])
        np.add.at(after, upper[same], vectors[lower[same]])
    return np.asarray(_unit(before) @ _unit(after).T, dtype=np.float64)


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(length > 0, length, np.inf), dtype=np.float32)


def _pairs(sheet: Sheet, cells: Cells, runs: Sequence[Sequence[int]]) -> tuple[Integers, Integers, Integers]:
    """Return each pair of neighbouring Han characters: its run, and the ids of the two; no pair crosses a cell."""
    run_of = np.zeros(len(cells), dtype=np.int64)
    for number, run in enumerate(runs):
        run_of[list(run)] = number
    begins, stops = np.searchsorted(sheet.solid, cells.starts), np.searchsorted(sheet.solid, cells.ends)
    places = sheet.solid[int(begins.min()) : int(stops.max())]
    cell = np.searchsorted(cells.starts, places, "right") - 1
    ids = sheet.model.encode(sheet.draft.codes[places]).astype(np.int64)
    characters = sheet.model.characters[ids]
    han = (characters >= 0x4E00) & (characters <= 0x9FFF)
    inside = (cell[1:] == cell[:-1]) & han[1:] & han[:-1]
    return run_of[cell[:-1][inside]], ids[:-1][inside], ids[1:][inside]
