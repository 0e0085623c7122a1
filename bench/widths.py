"""Prints how wide lines are, by their place in the paragraph, so that imitated pages can be held against real ones.

`python -m bench.widths DIR...`: each DIR has raw/ and gold/ with the lines of every block. It changes nothing.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
import numpy as np

PLACES = ("first", "middle", "last", "whole")


def em(text: str) -> float:
    """Width of a line in em; quotes, dashes and ellipses count as the full-width marks they are in Chinese text.

    >>> em("第10条“")
    4.0
    """
    return sum(1.0 if unicodedata.east_asian_width(c) in "WFA" else 0.5 for c in text.strip())


def relative(raw: str, truth: dict[str, object]) -> Iterator[tuple[str, float]]:
    """(place, width minus the story's measure) of each paragraph line; the measure is the median middle line."""
    lines = raw.replace("\r\n", "\n").split("\n")
    articles = truth["articles"]
    assert isinstance(articles, list)
    for article in articles:
        rows = [
            [em(lines[n]) for n in b["lines"]] for b in article["blocks"] if b["role"] == "paragraph" and b.get("lines")
        ]
        middles = [w for row in rows for w in row[1:-1]]
        if len(middles) < 5:
            continue
        measure = float(np.median(middles))
        for row in rows:
            for place, width in (
                [("whole", row[0])]
                if len(row) == 1
                else [("first", row[0]), *(("middle", w) for w in row[1:-1]), ("last", row[-1])]
            ):
                yield place, width - measure


@click.command()
@click.argument("folders", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--kind", default="", help="only pages whose name starts with this")
def main(folders: Sequence[Path], kind: str) -> None:
    """Print percentiles of line widths minus the measure, in em."""
    click.echo(f"{'pages':32} {'place':7} {'n':>6} " + " ".join(f"{f'p{p}':>6}" for p in (1, 5, 25, 50, 75, 95, 99)))
    for folder in folders:
        seen: dict[str, list[float]] = {p: [] for p in PLACES}
        for path in sorted((folder / "gold").glob(f"{kind}*.json")):
            truth = json.loads(path.read_text("utf-8"))
            source = next((folder / "raw").glob(f"{path.stem}*.txt"))
            for place, width in relative(source.read_bytes().decode(truth.get("encoding", "utf-8-sig")), truth):
                seen[place].append(width)
        for place, widths in seen.items():
            if widths:
                cells = " ".join(f"{v:6.1f}" for v in np.percentile(widths, (1, 5, 25, 50, 75, 95, 99)))
                click.echo(f"{folder.name:32} {place:7} {len(widths):6} {cells}")


if __name__ == "__main__":
    main()
