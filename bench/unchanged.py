"""Cleans text that is clean already and lists every class of change with its count: most should be none at all.

`python -m bench.unchanged --articles FILE...` reads the held-out articles as they stand in the files, untidied, so the
conventions' own spacing and width changes show as classes of their own.
"""

from __future__ import annotations

import gzip
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
import orjson
from rapidfuzz.distance import Levenshtein

from bench.articles import split_of


def texts(paths: Sequence[Path], most: int) -> Iterator[str]:
    """Held-out articles as plain text, at most `most` of each file."""
    for path in paths:
        taken = 0
        with (gzip.open if path.suffix == ".gz" else open)(path, "rb") as lines:
            for line in lines:
                record = orjson.loads(line)
                if taken < most and split_of(str(record["title"])) == "heldout":
                    taken += 1
                    yield (
                        "\n\n".join([str(record["title"]), *(str(p).lstrip("# ") for p in record["paragraphs"])]) + "\n"
                    )


def kind_of(text: str) -> str:
    """The class of a changed piece.

    >>> kind_of("，"), kind_of("县")
    ('full-width mark', 'Han')
    """
    if not text:
        return "nothing"
    char = text[0]
    if char.isspace():
        return "space"
    if char.isascii():
        return "ASCII letter or digit" if char.isalnum() else "ASCII mark"
    if "CJK UNIFIED" in unicodedata.name(char, ""):
        return "Han"
    if char.isalnum():
        return "full-width letter or digit"
    return "full-width mark" if unicodedata.category(char)[0] in "PS" else "other"


def changes(before: str, after: str) -> Counter[tuple[str, str]]:
    """How often a class of character became another; a deletion becomes nothing.

    >>> changes("共 5个", "共5个")
    Counter({('space', 'nothing'): 1})
    """
    count: Counter[tuple[str, str]] = Counter()
    for op in Levenshtein.opcodes(before, after):
        if op.tag == "equal":
            continue
        old, new = before[op.src_start : op.src_end], after[op.dest_start : op.dest_end]
        for k in range(max(len(old), len(new))):
            count[kind_of(old[k : k + 1]), kind_of(new[k : k + 1])] += 1
    return count


@click.command()
@click.option("--articles", type=click.Path(exists=True, path_type=Path), multiple=True, required=True)
@click.option("--most", default=300, help="articles of each file")
@click.option("--han/--no-han", default=False, help="list the Han characters changed")
def main(articles: Sequence[Path], most: int, han: bool) -> None:
    """Print classes of change, rules that fired, and Han characters changed."""
    import cleanup

    pipeline = cleanup.Pipeline()
    classes: Counter[tuple[str, str]] = Counter()
    rules: Counter[str] = Counter()
    pairs: Counter[str] = Counter()
    characters = split = documents = 0
    for text in texts(articles, most):
        document = pipeline.filter(text)
        flat, made = " ".join(text.split()), " ".join(document.text.split())
        documents += 1
        characters += len(flat)
        split += len(pipeline.clean(text).articles) > 1
        found = changes(flat, made)
        classes += found
        rules.update(f"{stage} {edit.rule}" for stage, edit in document.edits if edit.old.strip() or edit.new.strip())
        if found[("Han", "Han")]:
            for op in Levenshtein.opcodes(flat, made):
                if op.tag == "replace":
                    pairs[f"{flat[op.src_start : op.src_end]}→{made[op.dest_start : op.dest_end]}"] += 1
    click.echo(f"{documents} documents, {characters} characters, {split} split into several articles")
    for (old, new), n in classes.most_common():
        click.echo(f"{n:8} {old} → {new} ({1e6 * n / characters:.1f} per million)")
    click.echo("rules that changed more than space:")
    for rule, n in rules.most_common():
        click.echo(f"{n:8} {rule}")
    if han:
        for pair, n in pairs.most_common(60):
            click.echo(f"{n:8} {pair}")


if __name__ == "__main__":
    main()
