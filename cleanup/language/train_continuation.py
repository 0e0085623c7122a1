"""Learns whether one passage runs on in another: the encoders that continuation.py reads.

    python -m cleanup.language.train_continuation CORPUS… [-o continuation.npz]

Paragraphs are cut in mid-sentence; of all the second halves of a batch, eight from each of many articles, and of the
beginnings of whole paragraphs among them, each first half has to find its own, and the other way about. Each side also
learns by itself whether it was cut or is a paragraph's own beginning or end. Only the training side of the fence is
read (corpus.held_out). It prints how often the right half is found among twenty, on both sides of the fence, beside
the n-grams. Needs PyTorch; one thread and a seed make it reproducible. It writes one file and touches nothing else.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import numpy as np
import torch
from torch.nn import functional

from cleanup.language import ngrams
from cleanup.language.continuation import (
    NEAR,
    NONE,
    SHIPPED,
    UNKNOWN,
    Codes,
    Encoders,
    Integers,
    after_gaps,
    before_gaps,
    encode,
    identify,
    load,
    pair_rows,
)
from cleanup.language.corpus import articles, characters, held_out, name_of

COMMON = 60  # times a character is met in training to be listed; rarer ones could be recited
WIDTH = 48  # numbers for a character or a pair
PAIRS = 1 << 14  # rows of the table of pairs
INNER = 256
OUTER = 128
SHORTEST = 20  # characters of a paragraph that is cut
EDGE = 4  # characters that stay on either side of a cut at least
ARTICLES, CUTS, WHOLE = 64, 8, 2  # a batch; WHOLE: whole paragraphs of each article, headlines among them
MOST = 4000  # characters; longer articles are drawn no oftener
RATE = 2e-3
STEPS = 20_000
SEED = 1


@dataclass(frozen=True, slots=True, eq=False)
class Texts:
    """The characters of all articles, where each paragraph starts and ends in them, and its article's number."""

    codes: Codes
    starts: Integers
    ends: Integers
    article: Integers


def read(corpora: Iterable[Path], every: dict[str, int], *, held: bool) -> Texts:
    """Read one side of the fence; of some corpora every n-th article only."""
    parts: list[Codes] = []
    owner: list[int] = []
    number = 0
    for corpus in corpora:
        kept = (paragraphs for title, paragraphs in articles(corpus) if held_out(title) == held)
        for place, paragraphs in enumerate(kept):
            if place % every.get(name_of(corpus), 1):
                continue
            found = [codes for paragraph in paragraphs if len(codes := characters([paragraph])[:-1])]
            parts += found
            owner += [number] * len(found)
            number += 1
    sizes = np.array([len(part) for part in parts])
    ends = np.cumsum(sizes)
    return Texts(np.concatenate(parts), ends - sizes, ends, np.array(owner))


def common_characters(codes: Codes) -> Codes:
    """Return the code points met often enough to be listed."""
    found, counts = np.unique(codes, return_counts=True)
    return np.asarray(found[counts >= COMMON])


@dataclass(frozen=True, slots=True, eq=False)
class Draws:
    """Batches of cut paragraphs, drawn with a seed."""

    texts: Texts
    ids: Integers
    random: np.random.Generator

    def batches(self, count: int) -> Iterable[tuple[Integers, Integers, Integers]]:
        """Yield the ids before the cuts, after them and after them the beginnings of whole paragraphs, and before the
        ends of whole paragraphs."""
        texts, random = self.texts, self.random
        sizes = texts.ends - texts.starts
        long = np.flatnonzero(sizes >= SHORTEST)
        weight = np.bincount(texts.article[long], sizes[long])
        known = np.flatnonzero(weight)
        share = np.minimum(weight[known], MOST)
        share /= share.sum()
        first, last = (np.searchsorted(texts.article[long], known, side) for side in ("left", "right"))
        begin, stop = (np.searchsorted(texts.article, known, side) for side in ("left", "right"))
        for _ in range(count):
            drawn = random.choice(len(known), ARTICLES, p=share)
            rows = np.repeat(drawn, CUTS)
            cut = long[first[rows] + (random.random(len(rows)) * (last - first)[rows]).astype(np.int64)]
            gaps = texts.starts[cut] + EDGE + (random.random(len(cut)) * (sizes[cut] - 2 * EDGE)).astype(np.int64)
            rows = np.repeat(drawn, WHOLE)
            whole = begin[rows] + (random.random(len(rows)) * (stop - begin)[rows]).astype(np.int64)
            after = np.concatenate([gaps, texts.starts[whole]]), np.concatenate([texts.ends[cut], texts.ends[whole]])
            yield (
                before_gaps(self.ids, texts.starts[cut], gaps),
                after_gaps(self.ids, after[1], after[0]),
                before_gaps(self.ids, texts.starts[whole], texts.ends[whole]),
            )


def fresh(words: int) -> dict[str, Any]:
    """Return the tensors of an untaught encoder."""
    seen = WIDTH * (NEAR + NEAR - 1 + 2)
    tables = {"characters": 0.3 * torch.randn(words, WIDTH), "pairs": 0.3 * torch.randn(PAIRS, WIDTH)}
    for table in tables.values():
        table[NONE] = 0.0
    layers = {
        "inner": torch.randn(seen, INNER) / seen**0.5,
        "inner-bias": torch.zeros(INNER),
        "outer": torch.randn(INNER, OUTER + 1) / INNER**0.5,
        "outer-bias": torch.zeros(OUTER + 1),
    }
    return {name: tensor.requires_grad_() for name, tensor in (tables | layers).items()}


def run(side: dict[str, Any], ids: Integers) -> tuple[Any, Any]:
    """Return vectors and log-odds of being torn, as continuation.encode does."""
    share = torch.from_numpy(1.0 / np.maximum((ids > NONE).sum(axis=1, keepdims=True), 1)).float()
    pairs = torch.from_numpy(pair_rows(ids, PAIRS))
    rows = torch.from_numpy(ids)

    def pick(table: Any, places: Any) -> Any:
        return functional.embedding(places, table, padding_idx=NONE)

    seen = torch.cat(
        [
            pick(side["characters"], rows[:, :NEAR]).flatten(1),
            pick(side["pairs"], pairs[:, : NEAR - 1]).flatten(1),
            pick(side["characters"], rows[:, NEAR:]).sum(1) * share,
            pick(side["pairs"], pairs[:, NEAR - 1 :]).sum(1) * share,
        ],
        1,
    )
    said = torch.relu(seen @ side["inner"] + side["inner-bias"]) @ side["outer"] + side["outer-bias"]
    return said[:, :-1], said[:, -1]


def learn(draws: Draws, words: int, steps: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the tensors of both encoders after so many batches."""
    before, after = fresh(words), fresh(words)
    sharpness = torch.tensor(-2.0).requires_grad_()
    optimizer = torch.optim.Adam([*before.values(), *after.values(), sharpness], lr=RATE)
    right = torch.arange(ARTICLES * CUTS)
    total = 0.0
    for step, (left, candidates, ends) in enumerate(draws.batches(steps)):
        for group in optimizer.param_groups:
            group["lr"] = RATE * min(1.0, step / 100) * (1.0 - step / steps) + 1e-6
        vectors, torn = run(before, np.concatenate([left, ends]))
        others, begun = run(after, candidates)
        products = vectors[: len(right)] @ others.T * sharpness.exp()
        loss = functional.cross_entropy(products, right)
        loss = loss + 0.5 * functional.cross_entropy(products[:, : len(right)].T, right)
        for logits in (torn, begun):
            truth = (torch.arange(len(logits)) < len(right)).float()
            loss = loss + 0.5 * functional.binary_cross_entropy_with_logits(logits, truth)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item()
        if step % 500 == 499:
            click.echo(f"{step + 1} batches, loss {total / 500:.3f}")
            total = 0.0
    scale = sharpness.exp().sqrt().detach()
    for side in (before, after):
        for name in ("outer", "outer-bias"):  # the sharpness goes into the vectors, so that a product is log-odds
            side[name] = torch.cat([side[name][..., :-1] * scale, side[name][..., -1:]], -1)
    return before, after


def packed(side: dict[str, Any], name: str) -> dict[str, Any]:
    """Return the arrays of a side as a byte a number, with the scale of each."""
    arrays: dict[str, Any] = {}
    for part, tensor in side.items():
        values = tensor.detach().numpy()
        small = part in ("characters", "pairs")
        scale = np.abs(values).max() / 127 if small else np.float32(1)
        arrays[f"{name}-{part}"] = np.round(values / scale).astype(np.int8) if small else values.astype(np.float16)
        arrays[f"{name}-{part}-scale"] = np.float32(scale)
    return arrays


def learn_encoders(corpora: Iterable[Path], every: dict[str, int], steps: int) -> bytes:
    """Return the file of both encoders, learned from the training side of the corpora in so many batches."""
    torch.manual_seed(SEED)
    torch.set_num_threads(1)
    texts = read(corpora, every, held=False)
    vocabulary = common_characters(texts.codes)
    draws = Draws(texts, identify(texts.codes, vocabulary), np.random.default_rng(SEED))
    before, after = learn(draws, len(vocabulary) + UNKNOWN + 1, steps)
    file = io.BytesIO()
    np.savez(file, vocabulary=vocabulary.astype(np.uint32), **packed(before, "before"), **packed(after, "after"))
    return file.getvalue()


def measure(encoders: Encoders, texts: Texts, pages: int) -> tuple[float, float, float]:
    """Return how often the right second half is the best of some twenty of three articles: by the encoders, by the
    n-grams, by both."""
    random = np.random.default_rng(SEED)
    model = ngrams.load()
    ids = identify(texts.codes, encoders.vocabulary)
    sizes = texts.ends - texts.starts
    long = np.flatnonzero(sizes >= 2 * SHORTEST)
    eligible = np.flatnonzero(np.bincount(texts.article[long]) >= 3)
    names = model.encode(texts.codes)
    hits = np.zeros(3)
    asked = 0
    for _ in range(pages):
        cuts: list[int] = []
        whole: list[int] = []
        for article in random.choice(eligible, 3, replace=False):
            rows = random.permutation(long[texts.article[long] == article])
            cuts += rows[:4].tolist()
            whole += rows[4:8].tolist()
        cut = np.array(cuts)
        gaps = texts.starts[cut] + random.integers(SHORTEST // 2, sizes[cut] - SHORTEST // 2)
        begins = np.concatenate([gaps, texts.starts[whole]]).astype(np.int64)
        stops = texts.ends[np.array(cuts + whole)]
        own = encode(before_gaps(ids, texts.starts[cut], gaps), encoders.before).vectors
        own = own @ encode(after_gaps(ids, stops, begins), encoders.after).vectors.T
        tails, heads = (
            names[gaps[:, None] + np.arange(-3, 0)],
            names[np.minimum(begins[:, None] + np.arange(3), len(names) - 1)],
        )
        grid = np.repeat(tails, len(heads), axis=0), np.tile(heads, (len(tails), 1))
        near = model.continuation(*grid).reshape(own.shape)
        for place, scores in enumerate((own, near, own + near)):
            hits[place] += (scores.argmax(axis=1) == np.arange(len(cut))).sum()
        asked += len(cut)
    return tuple((hits / asked).tolist())


@click.command(help=__doc__)
@click.argument("corpora", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("-o", "output", default=SHIPPED, type=click.Path(path_type=Path))
@click.option("--every", multiple=True, metavar="NAME=N", help="read every N-th article of a corpus only")
@click.option("--steps", default=STEPS, show_default=True, help="batches learned from")
def main(corpora: tuple[Path, ...], output: Path, every: tuple[str, ...], steps: int) -> None:
    """Learn, write, measure."""
    taken = {name: int(step) for name, _, step in (item.partition("=") for item in every)}
    output.write_bytes(learn_encoders(corpora, taken, steps))
    texts = read(corpora, taken, held=False)
    for name, held in (("training", False), ("held out", True)):
        found = measure(load(output), texts if not held else read(corpora, taken, held=True), 300)
        click.echo("{}: found by the encoders {:.3f}, by n-grams {:.3f}, by both {:.3f}".format(name, *found))


if __name__ == "__main__":
    main()
