"""Learns which pairs of characters are met in the same matter: the table that topics.py reads.

    python -m cleanup.language.train_topics CORPUS… [-o topics.npz.xz]

Articles are cut into stretches of some hundred characters; a table of stretches by pairs, weighed by how rare a pair
is (K. Spärck Jones, 1972), is brought down to its strongest directions (truncated singular value decomposition). Only
the training side of the fence is read (corpus.held_out). Nothing is random but the start of the decomposition, which is
seeded. It writes one file and touches nothing else.
"""

from __future__ import annotations

import io
import lzma
from collections.abc import Iterable, Iterator
from pathlib import Path

import click
import numpy as np
from scipy.sparse import csr_matrix, diags
from scipy.sparse.linalg import svds

from cleanup.language.characters import han
from cleanup.language.corpus import articles, characters, held_out, name_of
from cleanup.language.topics import SHIPPED, Codes, pair_keys

STRETCH = 250  # characters; shorter ones share too little, longer ones mix matters
COMMONEST = 0.02  # share of the stretches; a pair met in more of them is grammar
RAREST = 8  # stretches; what is met in fewer teaches a name, no matter, and could be recited
PAIRS = 40_000  # commonest pairs kept
COLUMNS = 96  # directions kept
SEED = 1


def stretches(corpora: Iterable[Path], every: dict[str, int]) -> Iterator[Codes]:
    """Yield the distinct pairs of each stretch of the training articles; of some corpora every n-th article only."""
    for corpus in corpora:
        taken = (paragraphs for title, paragraphs in articles(corpus) if not held_out(title))
        step = every.get(name_of(corpus), 1)
        for number, paragraphs in enumerate(taken):
            if number % step:
                continue
            held: list[str] = []
            for paragraph in paragraphs:
                held.append(paragraph)
                if sum(map(len, held)) >= STRETCH:
                    yield _pairs(held)
                    held = []
            if held:
                yield _pairs(held)


def _pairs(paragraphs: list[str]) -> Codes:
    codes = characters(paragraphs)
    keys, both = pair_keys(codes, han()[codes])
    return np.unique(keys[both])


def learn(corpora: Iterable[Path], every: dict[str, int], pairs: int = PAIRS, columns: int = COLUMNS) -> bytes:
    """Return the file of the table learned from the training side of the corpora."""
    texts = list(stretches(corpora, every))
    keys, column, counts = np.unique(np.concatenate(texts), return_inverse=True, return_counts=True)
    row = np.repeat(np.arange(len(texts)), [len(text) for text in texts])
    kept = np.flatnonzero((counts >= RAREST) & (counts < COMMONEST * len(texts)))
    kept = np.sort(kept[np.argsort(-counts[kept], kind="stable")[:pairs]])
    number = np.full(len(keys), -1)
    number[kept] = np.arange(len(kept))
    here = number[column] >= 0
    weight = np.log(len(texts) / counts[kept])
    table = csr_matrix((weight[number[column[here]]], (row[here], number[column[here]])), (len(texts), len(kept)))
    lengths = np.sqrt(np.asarray(table.multiply(table).sum(axis=1)).ravel())
    table = diags(1 / np.maximum(lengths, 1e-9)) @ table
    _, _, directions = svds(table.astype(np.float32), k=columns, random_state=SEED)
    vectors = directions.T * weight[:, None]
    scale = np.abs(vectors).max(axis=0) / 127
    arrays = io.BytesIO()
    np.savez(
        arrays,
        keys=keys[kept].astype(np.uint32),
        vectors=np.round(vectors / scale).astype(np.int8),
        scale=scale.astype(np.float32),
    )
    return lzma.compress(arrays.getvalue())


@click.command(help=__doc__)
@click.argument("corpora", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("-o", "output", default=SHIPPED, type=click.Path(path_type=Path))
@click.option("--every", multiple=True, metavar="NAME=N", help="read every N-th article of a corpus only")
@click.option("--pairs", default=PAIRS, show_default=True, help="commonest pairs kept")
@click.option("--columns", default=COLUMNS, show_default=True, help="directions kept")
def main(corpora: tuple[Path, ...], output: Path, every: tuple[str, ...], pairs: int, columns: int) -> None:
    """Learn and write the table."""
    output.write_bytes(
        learn(corpora, {name: int(n) for name, _, n in (e.partition("=") for e in every)}, pairs, columns)
    )


if __name__ == "__main__":
    main()
