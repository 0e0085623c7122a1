"""Learns the weights of misreadings.py and doublings.py from clean articles with characters swapped or set twice.

    python -m cleanup.language.learn_misreadings CORPUS… [-o misreadings.json]

Only articles the language model was not trained on are read (corpus.held_out): where it has read the text, it knows too
well what stands there. Half of them, by the hash of the title, are learned from; on the other half the script reports.
The weights maximise the likelihood of what was damaged and what was not, less a penalty on their squares; the result is
the same at every run. It writes one file and touches nothing else.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import click
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from cleanup.language import doublings, misreadings, ngrams
from cleanup.language.characters import is_han
from cleanup.language.corpus import articles, held_out
from cleanup.language.doublings import weigh_doubled
from cleanup.language.misreadings import SHIPPED, Reals, Weights, look_alikes, probabilities_of, read, weigh

LEVELS = (0.5, 0.8, 0.9, 0.95)
MILLI = 1000


@dataclass(frozen=True, slots=True)
class Sample:
    """What the witnesses say of each candidate, whether it is right, and whether its place was swapped at all."""

    witnesses: Reals
    right: NDArray[np.bool_]
    swapped: NDArray[np.bool_]
    errors: int
    characters: int


def texts(corpora: Sequence[Path], learning: bool) -> Iterator[str]:
    """Yield held-out articles of one half."""
    for corpus in corpora:
        for title, paragraphs in articles(corpus):
            digest = hashlib.sha256(title.encode("utf-8", "surrogatepass")).digest()
            if held_out(title) and (digest[8] % 2 == 0) == learning:
                yield "\n".join(paragraphs)


def swapped(
    text: str, groups: tuple[str, ...], share: float, chance: Random
) -> tuple[NDArray[np.uint32], dict[int, int]]:
    """Swap a share of the characters that have look-alikes; return the code points and what stood at each place."""
    table = look_alikes(groups)
    codes, were = [ord(character) for character in text], {}
    for place, code in enumerate(codes):
        if code in table and chance.random() < share:
            were[place], codes[place] = code, chance.choice(table[code])
    return np.array(codes, dtype=np.uint32), were


def repeated(text: str, share: float, chance: Random) -> tuple[NDArray[np.uint32], set[int]]:
    """Set a share of the Han characters twice; return the code points and the places of the second ones."""
    codes: list[int] = []
    seconds: set[int] = set()
    for character in text:
        codes.append(ord(character))
        if is_han(character) and chance.random() < share:
            seconds.add(len(codes))
            codes.append(ord(character))
    return np.array(codes, dtype=np.uint32), seconds


def sample_look_alikes(
    corpora: Sequence[Path], learning: bool, share: float, *, seed: int, groups: tuple[str, ...], surprise: float
) -> Sample:
    """Swap characters of one half of the articles and ask the witnesses."""
    model, chance = ngrams.load(), Random(seed)
    witnesses, right, touched = [], [], []
    errors = characters = 0
    for text in texts(corpora, learning):
        codes, were = swapped(text, groups, share, chance)
        found = weigh(read(codes, model), groups, model, surprise)
        witnesses.append(found.witnesses)
        places = found.places.tolist()
        right += [were.get(place) == other for place, other in zip(places, found.others.tolist(), strict=True)]
        touched += [place in were for place in places]
        errors, characters = errors + len(were), characters + len(codes)
    return Sample(np.concatenate(witnesses), np.array(right), np.array(touched), errors, characters)


def sample_doubled(corpora: Sequence[Path], learning: bool, share: float, seed: int) -> Sample:
    """Set characters of one half of the articles twice and ask the witnesses."""
    model, chance = ngrams.load(), Random(seed)
    witnesses, right = [], []
    errors = characters = 0
    for text in texts(corpora, learning):
        codes, seconds = repeated(text, share, chance)
        found = weigh_doubled(read(codes, model), model)
        witnesses.append(found.witnesses)
        right += [place in seconds for place in found.places.tolist()]
        errors, characters = errors + len(seconds), characters + len(codes)
    return Sample(np.concatenate(witnesses), np.array(right), np.array(right), errors, characters)


def fit(data: Sample, penalty: float) -> Weights:
    """Return the weights of a logistic regression."""
    columns = np.column_stack([np.ones(len(data.right)), data.witnesses])
    truth = data.right.astype(np.float64)

    def loss(weights: Reals) -> tuple[float, Reals]:
        odds = columns @ weights
        slope = columns.T @ (1 / (1 + np.exp(-odds)) - truth)
        slope[1:] += 2 * penalty * weights[1:]
        return float(np.sum(np.logaddexp(0, odds) - truth * odds) + penalty * np.sum(weights[1:] ** 2)), slope

    learned = minimize(loss, np.zeros(columns.shape[1]), jac=True, method="L-BFGS-B").x
    return Weights(round(float(learned[0]), 4), tuple(round(weight, 4) for weight in learned[1:].tolist()))


def report(what: str, data: Sample, weights: Weights) -> None:
    """Print precision and recall by confidence."""
    sure = probabilities_of(data.witnesses, weights)
    click.echo(f"{what}: {data.errors} errors in {data.characters} characters")
    for level in LEVELS:
        told = sure >= level
        if told.any():
            precision, pointing = data.right[told].mean(), data.swapped[told].mean()
            recall = data.right[told].sum() / max(1, data.errors)
            click.echo(
                f"  p >= {level:4.2f}: {told.sum():6} reports, {precision:.3f} right, {pointing:.3f} of a damaged "
                f"place, recall {recall:.3f}"
            )


@click.command()
@click.argument("corpora", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--shapes", type=click.Path(exists=True, path_type=Path), default=Path("rules/suspects/shapes.toml"))
@click.option("-o", "--output", type=click.Path(path_type=Path), default=SHIPPED)
@click.option("--share", default=0.003, help="share of the characters with look-alikes that is swapped for learning")
@click.option("--doubled", default=0.0003, help="share of the Han characters that is set twice for learning")
@click.option("--penalty", default=1.0)
@click.option("--least-surprise", default=4.0, help="nats below which no look-alike is asked about")
@click.option("--seed", default=1)
def main(
    *, corpora: tuple[Path, ...], shapes: Path, output: Path, share: float, doubled: float, penalty: float,
    least_surprise: float, seed: int,
) -> None:  # fmt: skip
    """Learn the weights of misreadings.py and doublings.py; report on the other half of the held-out articles."""
    tables = tomllib.loads(shapes.read_text("utf-8"))["table"]
    groups = tuple(next(table["entries"] for table in tables if table["name"] == "shapes"))
    alike = fit(sample_look_alikes(corpora, True, share, seed=seed, groups=groups, surprise=least_surprise), penalty)
    twice = fit(sample_doubled(corpora, True, doubled, seed), penalty)
    content = {
        name: {"bias": weights.bias, "witnesses": dict(zip(witnesses, weights.witnesses, strict=True))}
        for name, weights, witnesses in (
            ("look-alikes", alike, misreadings.WITNESSES),
            ("doubled", twice, doublings.WITNESSES),
        )
    }
    output.write_text(json.dumps({**content, "least surprise": least_surprise}, indent=1) + "\n", encoding="utf-8")
    click.echo(output.read_text("utf-8"))
    for tried in (10 * share, share, 0.0):
        data = sample_look_alikes(corpora, False, tried, seed=seed + 1, groups=groups, surprise=least_surprise)
        report(f"{MILLI * tried:g} in a thousand swapped", data, alike)
    for tried in (10 * doubled, doubled, 0.0):
        report(f"{MILLI * tried:g} in a thousand doubled", sample_doubled(corpora, False, tried, seed + 1), twice)


if __name__ == "__main__":
    main()
