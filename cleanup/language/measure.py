"""Measure a language model on the articles training never saw: perplexity, joins against breaks, speed.

Reached by `python -m cleanup.language.train --measure FILE CORPUS…`. It prints figures and never writes a file.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cleanup.language.corpus import articles, characters, held_out
from cleanup.language.ngrams import PAD, PARAGRAPH, NGrams, load

REACH: Final = 3  # characters shown to the model on either side of a gap
SEED: Final = 0
SENTENCE_ENDS: Final = "。！？…”"


@dataclass(frozen=True, slots=True)
class Figures:
    """What a model achieves on one held-out corpus.

    `anywhere` compares the gaps between paragraphs with as many gaps inside paragraphs, drawn at random; `sentence_ends` with
    those inside paragraphs after a closing mark. Each is the area under the ROC curve and the accuracy at the best threshold
    for classes of equal size.
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
    """The REACH ids before and after each gap (gap g lies before ids[g]), cut at paragraph marks and filled with PAD."""
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
        corpus=corpus.name.split(".")[0],
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
    for name, count, ask in (
        ("score_text, characters", len(ids), lambda: model.score_text(ids)),
        ("log_prob, rows", len(rows), lambda: model.log_prob(rows[:, : model.order])),
        ("continuation, gaps", len(rows), lambda: model.continuation(rows[:, :REACH], rows[:, REACH:])),
    ):
        ask()
        start = time.perf_counter()
        ask()
        yield name, count / (time.perf_counter() - start)


def report(path: Path, corpora: Sequence[Path]) -> str:
    """The figures of a model as a Markdown table, with its size, load time and speed."""
    start = time.perf_counter()
    model = load(path)
    milliseconds = 1000 * (time.perf_counter() - start)
    lines = [
        "| held-out tenth of | characters | perplexity | AUC, anywhere | accuracy | AUC, after a closing mark | accuracy |",
        "|---|---|---|---|---|---|---|",
    ]
    for corpus in corpora:
        got = figures(model, corpus)
        shown = " | ".join(f"{value:.3f}" for value in (*got.anywhere, *got.sentence_ends))
        lines.append(f"| {got.corpus} | {got.characters:,} | {got.perplexity:.1f} | {shown} |")
    lines.append(f"\n{path.stat().st_size:,} bytes, loads in {milliseconds:.0f} ms.")
    lines += [f"{name} a second: {rate / 1e6:.1f} million." for name, rate in speeds(model, corpora[0])]
    return "\n".join(lines)
