"""Trains models that have not read some articles: a set of all four for each fold, without the articles of that fold.

    python -m cleanup.language.train_folds CORPUS… -o DIR [--weight NAME=W] [--every NAME=N]

DIR/0, DIR/1 … get `models`, where pages made of the articles of that fold belong (`python -m bench.pages --fold 0`):
what is learned from them then trusts the models as far as they deserve on pages nobody has read (D. Wolpert, Stacked
generalization, 1992). Needs PyTorch. It writes these files and touches nothing else.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from cleanup.language import (
    continuation,
    headlinese,
    ngrams,
    topics,
    train,
    train_continuation,
    train_headlinese,
    train_topics,
)
from cleanup.language.corpus import without_fold

FOLDS = 3


def train_without(
    fold: int, corpora: tuple[Path, ...], weights: dict[str, float], every: dict[str, int]
) -> dict[str, bytes]:
    """Return the files of the models that have not read the articles of a fold, by name."""
    with tempfile.TemporaryDirectory() as room:
        kept = [without_fold(fold, FOLDS, corpus, Path(room)) for corpus in corpora]
        steps = train_continuation.STEPS * (FOLDS - 1) // FOLDS  # as many for an article as the shipped model takes
        return {
            ngrams.SHIPPED.name: train.train(kept, weights=weights),
            topics.SHIPPED.name: train_topics.learn(kept, every),
            continuation.SHIPPED.name: train_continuation.learn_encoders(kept, every, steps),
            headlinese.SHIPPED.name: train_headlinese.learn(train_headlinese.draw(kept, measured=False)),
        }


@click.command(help=__doc__)
@click.argument("corpora", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("-o", "output", required=True, type=click.Path(path_type=Path))
@click.option("--weight", "weights", multiple=True, metavar="NAME=W", help="multiply a corpus's counts of n-grams")
@click.option(
    "--every", multiple=True, metavar="NAME=N", help="read every N-th article of a corpus only, but for n-grams"
)
@click.option("--fold", "folds", multiple=True, type=click.IntRange(0, FOLDS - 1), default=range(FOLDS))
def main(
    corpora: tuple[Path, ...], output: Path, weights: tuple[str, ...], every: tuple[str, ...], folds: tuple[int, ...]
) -> None:
    """Train and write the models."""
    counted = {name: float(weight) for name, _, weight in (given.partition("=") for given in weights)}
    taken = {name: int(step) for name, _, step in (given.partition("=") for given in every)}
    for fold in folds:
        folder = output / str(fold) / "models"
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in train_without(fold, corpora, counted, taken).items():
            (folder / name).write_bytes(content)


if __name__ == "__main__":
    main()
