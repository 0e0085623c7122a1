"""Makes pages with gold: `python -m bench.pages --articles FILE... --split train --kind K1 --count 40 --seed 1 --out DIR`.

Writes DIR/raw/NAME.txt and DIR/gold/NAME.json. The same arguments give the same pages; it reads no other input.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from pathlib import Path
from random import Random

import click

from bench.articles import SPLITS, Split, read
from bench.compose import KINDS, Kind, Shelf, compose
from bench.corrupt import codec_of, encode
from bench.imitate import Printed, imitate
from bench.page import gold


def write(printed: Printed, name: str, kind: Kind, out: Path) -> None:
    """The raw bytes and the gold of one page, under `out`."""
    (out / "raw").mkdir(parents=True, exist_ok=True)
    (out / "gold").mkdir(parents=True, exist_ok=True)
    text = printed.newline.join(line.text for line in printed.lines) + printed.newline
    (out / "raw" / f"{name}.txt").write_bytes(encode(text, printed.encoding))
    truth = {"source": f"{name}.txt", "category": kind} | gold(printed.page, printed.lines, codec_of(printed.encoding), printed.meta)
    (out / "gold" / f"{name}.json").write_text(json.dumps(truth, ensure_ascii=False, indent=1) + "\n", "utf-8")


@click.command()
@click.option("--articles", type=click.Path(exists=True, path_type=Path), multiple=True, required=True)
@click.option("--split", type=click.Choice(SPLITS), required=True)
@click.option("--kind", "kinds", type=click.Choice(KINDS), multiple=True, default=KINDS)
@click.option("--engine", type=click.Choice(["imitation", "real"]), default="imitation")
@click.option("--count", type=int, default=20, help="pages of each kind")
@click.option("--seed", type=int, default=1)
@click.option("--out", type=click.Path(path_type=Path), required=True)
def main(articles: Sequence[Path], split: Split, kinds: Sequence[Kind], engine: str, count: int, seed: int, out: Path) -> None:
    """Make pages with gold."""
    shelf = Shelf(list(read(articles, split)))
    for kind in kinds:
        for number in range(count):
            rng = Random(zlib.crc32(f"{seed}/{split}/{kind}/{number}".encode()))
            write(imitate(compose(shelf, kind, rng), kind, rng), f"{kind}_{number:04d}", kind, out)


if __name__ == "__main__":
    main()
