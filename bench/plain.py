"""Whole articles just as their files give them, one a page: `python -m bench.plain --articles FILE --split train …`.

The pages of bench.pages are composed of tidied articles; these are not tidied: lists, clauses, questions and answers,
short lines and bare headings stay. Each is one article and must stay one. Writes DIR/raw and DIR/gold like bench.pages.
"""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from random import Random

import click
import orjson

from bench.articles import FOLDS, SPLITS, Split, split_of
from cleanup.language.corpus import fold_of

SHORT_LINE = 24  # characters; a longer line without a closing mark is a paragraph that lost it
CLOSING = "。！？；…”：，、）.!?;:"


def role_of(text: str, *, marked: bool, first: bool) -> str:
    """The role of a line of an untidied article: its title, a heading, or a paragraph."""
    if first:
        return "title"
    return "heading" if marked or (len(text) <= SHORT_LINE and text[-1] not in CLOSING) else "paragraph"


@click.command(help=__doc__)
@click.option("--articles", "paths", multiple=True, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--split", type=click.Choice(SPLITS), required=True)
@click.option("--fold", type=int, help="articles of this fold alone, for models that have not read it")
@click.option("--count", default=200, show_default=True, help="articles of each file")
@click.option("--seed", default=1, show_default=True)
@click.option("--out", required=True, type=click.Path(path_type=Path))
def main(paths: tuple[Path, ...], split: Split, fold: int | None, count: int, seed: int, out: Path) -> None:
    """Write the pages."""
    (out / "raw").mkdir(parents=True, exist_ok=True)
    (out / "gold").mkdir(parents=True, exist_ok=True)
    rng = Random(seed)
    number = 0
    for path in paths:
        with (gzip.open if path.suffix == ".gz" else open)(path, "rb") as lines:
            records = [record for line in lines if _drawn((record := orjson.loads(line))["title"], split, fold)]
        for record in rng.sample(records, min(count, len(records))):
            write(record, f"single_p{number:05d}", out, rng)
            number += 1


def _drawn(title: str, split: Split, fold: int | None) -> bool:
    return split_of(title) == split and (fold is None or fold_of(title, FOLDS) == fold)


def write(record: dict[str, object], name: str, out: Path, rng: Random) -> None:
    """Write one article as raw text and gold."""
    paragraphs = record["paragraphs"]
    assert isinstance(paragraphs, list)
    texts = [str(record["title"]), *(str(p) for p in paragraphs)]
    texts = [" ".join(text.split()) for text in texts if text.strip()]
    gap = rng.choice((1, 2))
    keep_marks = rng.random() < 0.3
    blocks, shown = [], []
    for place, text in enumerate(texts):
        bare = text.lstrip("# ")
        if not bare:
            continue
        shown.append(text if keep_marks else bare)
        role = role_of(bare, marked=text.startswith("#"), first=place == 0)
        blocks.append({"role": role, "text": bare, "lines": [(len(shown) - 1) * gap]})
    (out / "raw" / f"{name}.txt").write_text(("\n" * gap).join(shown) + "\n", "utf-8")
    gold = {"source": f"{name}.txt", "category": "single", "encoding": "utf-8", "furniture": [],
            "articles": [{"flags": [], "blocks": blocks}], "meta": {}}  # fmt: skip
    (out / "gold" / f"{name}.json").write_text(json.dumps(gold, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
