"""Learns how headlines are worded: the n-grams that headlinese.py reads.

    python -m cleanup.language.train_headlinese CORPUS… [-o headlinese.npz.xz]

Headlines, whole and in the halves that spaces part, against stretches of the same articles' text that are as long: some
from anywhere, some from the beginning of a paragraph, some from the beginning of a clause to the end of one, most of
them without a mark at the end. A logistic regression with a penalty on the squares of the weights. Only the training
side of the fence is read (corpus.held_out), n-grams of few lines are left out, and a seed makes it reproducible. It
prints how well the two are told apart on both sides of the fence, writes one file and touches nothing else.
"""

from __future__ import annotations

import io
import lzma
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_array

from cleanup.language.corpus import articles, characters, held_out
from cleanup.language.headlinese import (
    LONGEST,
    SHIPPED,
    SHORTEST,
    Codes,
    Headlinese,
    Integers,
    Reals,
    grams,
    log_odds,
    read,
)
from cleanup.language.listed import held
from cleanup.language.measure import auc_and_accuracy

RAREST = 8  # lines an n-gram is met in; rarer ones could be recited
PENALTY = 0.1  # weight of the squares: of 1, .3 and .1 the one that tells most on held-out pages
STRETCHES = 12  # of text drawn from each article
UNLIKE = 6  # characters a stretch is longer or shorter than the headline at most
PARAGRAPH = 30  # characters; what is shorter may be a headline itself
MARKS = "。！？；，、：”）"
BARE = 0.7  # share of the stretches that lose the mark they end with
SEED = 1


@dataclass(frozen=True, slots=True, eq=False)
class Examples:
    """Lines in a row, where each begins and ends among the characters, and whether it is a headline."""

    codes: Codes
    first: Integers
    last: Integers
    truth: Reals


def draw(corpora: Iterable[Path], *, measured: bool) -> Examples:
    """Draw the headlines and the stretches of text of one side of the fence: those measured on, or learned from."""
    random = np.random.default_rng(SEED)
    headlines: list[str] = []
    texts: list[str] = []
    for corpus in corpora:
        for title, (_, *paragraphs) in articles(corpus):
            if held_out(title) != measured:
                continue
            headlines += _headlines(title)
            size = len("".join(title.split()))
            bodies = [text for text in ("".join(one.split()) for one in paragraphs) if len(text) > PARAGRAPH]
            texts += (_stretch(bodies, size, random) for _ in range(STRETCHES) if bodies)
    headlines, texts = ([line for line in lines if SHORTEST <= len(line) <= LONGEST] for lines in (headlines, texts))
    lines = [*headlines, *texts]
    sizes = np.array([len(line) for line in lines])
    last = np.cumsum(sizes)
    codes = characters(["".join(lines)])[:-1]
    return Examples(codes, last - sizes, last, (np.arange(len(lines)) < len(headlines)).astype(np.float64))


def _headlines(title: str) -> list[str]:
    """Return a headline, and its halves.

    >>> _headlines("春耕备耕 抢抓农时")
    ['春耕备耕抢抓农时', '春耕备耕', '抢抓农时']
    """
    halves = title.split()
    return ["".join(halves), *(halves if len(halves) > 1 else ())]


def _stretch(bodies: list[str], size: int, random: np.random.Generator) -> str:
    """Return a stretch of one of the paragraphs, about as long as the headline."""
    text = bodies[random.integers(len(bodies))]
    size = int(np.clip(size + random.integers(-UNLIKE, UNLIKE + 1), SHORTEST, min(LONGEST, len(text) - 1)))
    kind = random.integers(3)
    at = 0 if kind == 1 else int(random.integers(len(text) - size))
    if kind == 2:
        while 0 < at < len(text) and text[at - 1] not in MARKS:
            at += 1
    stretch = text[at : at + size]
    if kind == 2:
        end = max(map(stretch.rfind, MARKS))
        stretch = stretch[:end] if end > SHORTEST else stretch
    return stretch.rstrip(MARKS[:-2]) if random.random() < BARE else stretch


def table(examples: Examples, keys: Integers) -> Any:
    """Return which of the n-grams each line has, by the root of its length; shape (lines, keys)."""
    owner, place = held(*grams(examples.codes, examples.first, examples.last), keys)
    weight = 1.0 / np.sqrt(examples.last - examples.first)
    return csr_array((weight[owner], (owner, place)), (len(examples.first), len(keys)))


def learn(examples: Examples) -> bytes:
    """Return the file of the n-grams learned from examples."""
    found, owner = grams(examples.codes, examples.first, examples.last)
    each = np.unique(np.stack([found, owner]), axis=1)[0]
    keys, counts = np.unique(each, return_counts=True)
    keys = keys[counts >= RAREST]
    rows = table(examples, keys)
    columns = rows.T.tocsr()

    def loss(vector: Reals) -> tuple[float, Reals]:
        odds = rows @ vector[1:] + vector[0]
        slope = 1.0 / (1.0 + np.exp(-odds)) - examples.truth
        value = (np.logaddexp(0.0, odds) - examples.truth * odds).sum() + PENALTY * float(vector[1:] @ vector[1:]) / 2
        return value, np.concatenate([[slope.sum()], columns @ slope + PENALTY * vector[1:]])

    start = np.zeros(len(keys) + 1)
    result = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 150, "maxcor": 20}).x
    scale = np.abs(result[1:]).max() / 127
    file = io.BytesIO()
    np.savez(
        file,
        steps=np.diff(keys, prepend=0),
        weights=np.round(result[1:] / scale).astype(np.int8),
        scale=np.float64(scale),
        bias=np.float64(result[0]),
    )
    return lzma.compress(file.getvalue())


def told_apart(examples: Examples, model: Headlinese) -> float:
    """Return how often a headline has higher odds than a stretch of text (AUC)."""
    odds, headline = log_odds(examples.codes, examples.first, examples.last, model), examples.truth > 0
    return auc_and_accuracy(odds[headline], odds[~headline])[0]


@click.command(help=__doc__)
@click.argument("corpora", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("-o", "output", default=SHIPPED, type=click.Path(path_type=Path))
def main(corpora: tuple[Path, ...], output: Path) -> None:
    """Learn, write, measure."""
    learned_from = draw(corpora, measured=False)
    output.write_bytes(learn(learned_from))
    model = read(output)
    for name, examples in (("training", learned_from), ("held out", draw(corpora, measured=True))):
        ones = int(examples.truth.sum())
        click.echo(
            f"{name}: {ones} headlines, {len(examples.truth) - ones} stretches, AUC {told_apart(examples, model):.4f}"
        )


if __name__ == "__main__":
    main()
