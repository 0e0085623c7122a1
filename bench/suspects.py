"""Misreads characters of clean articles by shape and counts how many of the product's reports point at one of them.

`python -m bench.suspects --articles FILE...` reads held-out articles only; reports on the article before it was
misread count as false, for the text was right.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from random import Random

import click

from bench.articles import read
from bench.corrupt import confusions
from bench.damage import clean_text

LEVELS = (0.0, 0.5, 0.8, 0.9, 0.95)


def misread(text: str, share: float, rng: Random) -> tuple[str, dict[int, str]]:
    """The text with a share of the confusable characters swapped for their likes, and what stood at each place.

    >>> misread("己", 1.0, Random(0))
    ('已', {0: '己'})
    """
    table = confusions()
    out, was = list(text), {}
    for at, char in enumerate(text):
        if char in table and rng.random() < share:
            out[at], was[at] = table[char], char
    return "".join(out), was


@click.command()
@click.option("--articles", type=click.Path(exists=True, path_type=Path), multiple=True, required=True)
@click.option("--count", default=300, help="articles taken")
@click.option("--share", default=0.02, help="share of confusable characters misread")
@click.option("--seed", default=1)
def main(articles: Sequence[Path], count: int, share: float, seed: int) -> None:
    """Print precision, right suggestions and recall of the reports by confidence."""
    import cleanup

    every = list(read(articles, "heldout"))
    chosen = Random(seed).sample(every, min(count, len(every)))
    reports: list[tuple[float, bool, bool]] = []
    places, found = 0, 0
    for number, article in enumerate(chosen):
        text, was = misread(clean_text(article), share, Random(number))
        places += len(was)
        hit: set[int] = set()
        for suspect in cleanup.clean(text).suspects:
            inside = [at for at in range(*suspect.source) if at in was]
            right = "".join(was.get(at, text[at]) for at in range(*suspect.source))
            reports.append((suspect.confidence, bool(inside), suspect.suggestion == right))
            hit.update(inside)
        found += len(hit)
    click.echo(f"{len(chosen)} articles, {places} characters misread, {len(reports)} reports")
    click.echo(f"recall {found / max(1, places):.3f}")
    for level in LEVELS:
        kept = [r for r in reports if r[0] >= level]
        if kept:
            pointing, exact = sum(r[1] for r in kept) / len(kept), sum(r[2] for r in kept) / len(kept)
            click.echo(
                f"p >= {level:4.2f}: {len(kept):6} reports, {pointing:.3f} of a misread character, {exact:.3f} right"
            )


if __name__ == "__main__":
    main()
