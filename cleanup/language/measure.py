"""Measure a language model on the articles training never saw: perplexity, joins against breaks, speed.

Reached by `python -m cleanup.language.train --measure FILE CORPUS…`. It prints figures and never writes a file.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cleanup.language.corpus import articles, characters, held_out, name_of
from cleanup.language.ngrams import PAD, PARAGRAPH, NGrams, load

REACH: Final = 3  # characters shown to the model on either side of a gap
SEED: Final = 0
PASSAGE: Final = 20
PASSAGES: Final = 100  # drawn from each corpus
SENTENCE_ENDS: Final = "。！？…”"


@dataclass(frozen=True, slots=True)
class Figures:
    """What a model achieves on one held-out corpus.

    `anywhere` compares the gaps between paragraphs with as many gaps inside paragraphs, drawn at random;
    `sentence_ends` with those inside paragraphs after a closing mark. Each is the area under the ROC curve and the
    accuracy at the best threshold for classes of equal size.
    """

    corpus: str
    characters: int
    perplexity: float
    anywhere: tuple[float, float]
    sentence_ends: tuple[float, float]


def auc_and_accuracy(joins: NDArray[Any], breaks: NDArray[Any]) -> tuple[float, float]:
    """Area under the ROC curve, and the best balanced accuracy, of scores that should be higher for joins.

    >>> auc_and_accuracy(np.array([3.0, 2.0]), np.array([1.0, 2.0]))
    (0.875, 0.75)
    """
    values, places = np.unique(np.concatenate([joins, breaks]), return_inverse=True)
    of_joins = np.bincount(places[: len(joins)], minlength=len(values)) / max(len(joins), 1)
    of_breaks = np.bincount(places[len(joins) :], minlength=len(values)) / max(len(breaks), 1)
    breaks_below = np.cumsum(of_breaks) - of_breaks
    area = float((of_joins * (breaks_below + of_breaks / 2)).sum())
    joins_above = 1 - np.cumsum(of_joins) + of_joins
    return area, float(((joins_above + breaks_below) / 2).max(initial=0.5))


def windows(ids: NDArray[np.uint16], gaps: NDArray[np.int64]) -> tuple[NDArray[np.uint16], NDArray[np.uint16]]:
    """The REACH ids on either side of each gap (gap g lies before ids[g]), cut at paragraph marks, filled with PAD."""
    padded = np.concatenate([np.full(REACH, PARAGRAPH), ids, np.full(REACH, PARAGRAPH)]).astype(np.uint16)
    left = padded[gaps[:, None] + np.arange(REACH)]
    right = padded[gaps[:, None] + REACH + np.arange(REACH)]
    inside = np.cumprod(left[:, ::-1] != PARAGRAPH, axis=1)[:, ::-1] == 0
    left[inside] = PAD
    right[np.cumprod(right != PARAGRAPH, axis=1) == 0] = PAD
    return left, right


def figures(model: NGrams, corpus: Path) -> Figures:
    """Figures of a model on the held-out tenth of a corpus."""
    codes = characters(p for title, paragraphs in articles(corpus) if held_out(title) for p in paragraphs)
    marks = codes == ord("\n")
    ids = np.where(marks, np.uint16(PARAGRAPH), model.encode(codes)).astype(np.uint16)
    draw = np.random.default_rng(SEED)
    ends = np.flatnonzero(marks)[:-1]
    after_left, after_right = windows(ids, ends)[0], windows(ids, ends + 1)[1]
    breaks = model.continuation(after_left, after_right)
    inside = np.flatnonzero(~marks[1:] & ~marks[:-1]) + 1
    closed = np.isin(codes[inside - 1], [ord(mark) for mark in SENTENCE_ENDS])
    closed_breaks = np.isin(codes[ends - 1], [ord(mark) for mark in SENTENCE_ENDS])
    anywhere = draw.choice(inside, min(len(inside), 4 * len(ends)), replace=False)
    return Figures(
        corpus=name_of(corpus),
        characters=len(ids),
        perplexity=model.perplexity(ids),
        anywhere=auc_and_accuracy(model.continuation(*windows(ids, anywhere)), breaks),
        sentence_ends=auc_and_accuracy(model.continuation(*windows(ids, inside[closed])), breaks[closed_breaks]),
    )


def speeds(model: NGrams, corpus: Path) -> Iterator[tuple[str, float]]:
    """Names and rates (a second) of the ways to ask a model, on the held-out tenth of a corpus."""
    codes = characters(p for title, paragraphs in articles(corpus) if held_out(title) for p in paragraphs)
    ids = model.encode(codes)
    rows = np.lib.stride_tricks.sliding_window_view(ids, 2 * REACH)[::5].copy()
    asking: list[tuple[str, int, Callable[[], object]]] = [
        ("score_text, characters", len(ids), lambda: model.score_text(ids)),
        ("log_prob, rows", len(rows), lambda: model.log_prob(rows[:, : model.order])),
        ("continuation, gaps", len(rows), lambda: model.continuation(rows[:, :REACH], rows[:, REACH:])),
    ]
    for name, count, ask in asking:
        ask()
        start = time.perf_counter()
        ask()
        yield name, count / (time.perf_counter() - start)


def recited(model: NGrams, corpora: Sequence[Path]) -> tuple[int, int]:
    """How many passages of PASSAGE characters, each read once in training, a model completes from their first half.

    Of each corpus at most PASSAGES are drawn; the most likely character is taken each time. Returns the completed and
    the drawn.
    """
    texts = [characters(p for title, ps in articles(corpus) if not held_out(title) for p in ps) for corpus in corpora]
    strings = [text.tobytes().decode("utf-32-le", "surrogatepass") for text in texts]
    whole = "".join(strings)
    draw = np.random.default_rng(SEED)
    once: list[str] = []
    for text in strings:
        starts = draw.integers(0, max(len(text) - PASSAGE, 1), 4 * PASSAGES).tolist()
        drawn = (text[start : start + PASSAGE] for start in starts)
        fit = (passage for passage in drawn if "\n" not in passage and len(passage) == PASSAGE)
        once += islice((passage for passage in fit if whole.find(passage, whole.find(passage) + 1) < 0), PASSAGES)
    if not once:
        return 0, 0
    true = np.stack([model.encode_text(passage) for passage in once])
    said = true[:, : PASSAGE // 2]
    every = np.arange(PARAGRAPH, len(model.unigrams), dtype=np.uint16)
    while said.shape[1] < PASSAGE:
        ends = said[:, 1 - model.order :]
        nexts = [
            every[np.argmax(model.log_prob(np.column_stack([np.tile(end, (len(every), 1)), every])))] for end in ends
        ]
        said = np.column_stack([said, np.array(nexts, dtype=np.uint16)])
    return int(np.count_nonzero(np.all(said == true, axis=1))), len(once)


def report(path: Path, corpora: Sequence[Path]) -> str:
    """The figures of a model as a Markdown table, with its size, load time and speed."""
    start = time.perf_counter()
    model = load(path)
    milliseconds = 1000 * (time.perf_counter() - start)
    lines = [
        "| held-out tenth of | characters | perplexity | AUC, anywhere | accuracy | AUC, sentence ends | accuracy |",
        "|---|---|---|---|---|---|---|",
    ]
    for corpus in corpora:
        got = figures(model, corpus)
        shown = " | ".join(f"{value:.3f}" for value in (*got.anywhere, *got.sentence_ends))
        lines.append(f"| {got.corpus} | {got.characters:,} | {got.perplexity:.1f} | {shown} |")
    lines.append(f"\n{path.stat().st_size:,} bytes, loads in {milliseconds:.0f} ms.")
    lines += [f"{name} a second: {rate / 1e6:.1f} million." for name, rate in speeds(model, corpora[0])]
    completed, drawn = recited(model, corpora)
    lines.append(
        f"Of {drawn} passages of {PASSAGE} characters read once, {completed} are completed from the first half."
    )
    return "\n".join(lines)
