"""Injects one kind of corruption at a time and counts what the character stages alone repair and what else they change.

`python -m bench.characters --articles FILE...` reads held-out articles only, and of these such as come through repair,
rejoin and simplify unchanged, so that whatever differs afterwards is the doing of the corruption. bench.damage asks the
same of the whole product.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Final

import click
import regex

from bench.articles import Article, read
from bench.damage import DAMAGES, Damage, clean_text, judge

STAGES_OFF: Final = frozenset({"columns", "reflow", "separate"})
Tool = Callable[[str], str]


def _here_and_there(pattern: str, change: Callable[[str], str], share: float) -> Damage:
    """The change made to a share of the places that a pattern finds."""
    found = regex.compile(pattern)
    return lambda text, rng: found.sub(lambda hit: change(hit.group()) if rng.random() < share else hit.group(), text)


def _mapped(old: str, new: str) -> Damage:
    table = str.maketrans(dict(zip(old, new, strict=True)))
    return lambda text, rng: text.translate(table)


FURTHER: Final[Mapping[str, Damage]] = {
    "ideographic letter-spacing": _here_and_there(r"(?<!\p{Han})\p{Han}{5,9}(?!\p{Han})", "　".join, 0.1),
    "whole lines letter-spaced": _here_and_there(r"(?m)^[\p{Han}，。、；：“”（）]{6,}$", " ".join, 0.2),
    "spaces inside sentences": _here_and_there(
        r"(?<=[，。；][^\n“《（]{2,30}\p{Han})(?=\p{Han})", lambda hit: " ", 0.02
    ),
    "spaces beside marks": _here_and_there(r"[，。、；：！？）”》]", lambda hit: hit + " ", 0.1),
    "spaces before marks": _here_and_there(r"(?<=\p{Han})[，。、；：！？）]", lambda hit: " " + hit, 0.1),
    "full-width letters and digits": _here_and_there(r"[0-9A-Za-z%]+", lambda hit: "".join(
        chr(ord(character) + 0xFEE0) for character in hit), 1.0),
    "no-break spaces": _mapped(" ", "\u00a0"),
    "straight quotes": _mapped("“”", '""'),
    "quotes turned one way": _mapped("“", "”"),
    "corner quotes": _mapped("“”‘’", "「」『』"),
    "vertical quotes": _mapped("“”‘’", "﹁﹂﹃﹄"),
    "typed ellipses": _here_and_there("……", lambda hit: "......", 1.0),
    "typed dashes": _here_and_there("——", lambda hit: "--", 1.0),
    "box-drawing dashes": _here_and_there("——", lambda hit: "──", 1.0),
    "small forms": _mapped("，、；：？！（）", "﹐﹑﹔﹕﹖﹗﹙﹚"),
    "bullets in names": _mapped("·", "•"),
    "decomposed letters": lambda text, rng: unicodedata.normalize("NFD", text),
    "repeated marks": _here_and_there(r"(?<=\p{Han})[，。、；](?=\p{Han})", lambda hit: hit * 2, 0.1),
    "specks": _here_and_there(r"(?<=\p{Han})(?=\p{Han})", lambda hit: "^", 0.01),
    "control characters": _here_and_there(r"(?<=\p{Han})(?=\p{Han})", lambda hit: "\x07", 0.02),
    "private-use characters": _here_and_there(r"(?<=\p{Han})(?=\p{Han})", lambda hit: "\ue004", 0.02),
    "GBK read as Latin-1": _here_and_there(
        r"(?m)^[\p{Han}，。、；：“”（）]{8,}$", lambda hit: hit.encode("gbk", "ignore").decode("latin-1"), 1.0
    ),
    "UTF-8 read as CP1252": _here_and_there(
        r"(?m)^.{8,}$",
        lambda hit: "".join(bytes([b]).decode("cp1252") if b not in _NOT_CP1252 else chr(b) for b in hit.encode()),
        0.2,
    ),
    "thousands parted": _here_and_there(
        r"(?<![\d.])\d{4,6}(?=[人名户元个亩吨])", lambda hit: f"{int(hit):,}".replace(",", " "), 1.0
    ),
    "decimals parted": _here_and_there(r"(?<=\d)\.(?=\d+[%万亿])", lambda hit: ". ", 1.0),
}  # fmt: skip
_NOT_CP1252: Final = frozenset({0x81, 0x8D, 0x8F, 0x90, 0x9D})


def product() -> Tool:
    """Return the character stages of the product as one function."""
    from cleanup.options import Options
    from cleanup.pipeline import Pipeline

    pipeline = Pipeline(Options(stages_off=STAGES_OFF))
    return lambda text: pipeline.filter(text).text


def unharmed(articles: Sequence[Article], tool: Tool, count: int, seed: int) -> list[str]:
    """Return clean texts of up to so many articles, drawn at random, that the tool leaves as they are."""
    drawn = Random(seed).sample(list(articles), len(articles))
    texts: list[str] = []
    for article in drawn:
        text = clean_text(article)
        if tool(text) == text:
            texts.append(text)
        if len(texts) == count:
            break
    return texts


@click.command()
@click.option("--articles", type=click.Path(exists=True, path_type=Path), multiple=True, required=True)
@click.option("--count", default=200, help="articles taken")
@click.option("--seed", default=1)
@click.option("--only", default="", help="the kinds of damage whose name holds this")
@click.option("--show", default=0, help="places shown of each kind that is not repaired")
def main(articles: Sequence[Path], count: int, seed: int, only: str, show: int) -> None:
    """Print the share repaired and the share of other characters changed, by kind of damage."""
    tool = product()
    texts = unharmed(list(read(articles, "heldout")), tool, count, seed)
    click.echo(f"{len(texts)} articles, {sum(map(len, texts))} characters\n{'damage':32}  places  repaired    harmed")
    for name, inject in {**DAMAGES, **FURTHER}.items():
        if only not in name:
            continue
        total: Counter[str] = Counter()
        for number, text in enumerate(texts):
            damaged = inject(text, Random(number))
            made = tool(damaged)
            total += judge(text, damaged, made)
            if show and made.split() != text.split():
                show_difference(text, made, show)
        repaired = 1 - total["unrepaired"] / total["damaged"] if total["damaged"] else 1.0
        harmed = total["harmed"] / max(1, total["untouched"])
        click.echo(f"{name:32} {total['damaged']:7} {100 * repaired:8.2f}% {100 * harmed:8.3f}%")


def show_difference(want: str, got: str, most: int) -> None:
    """Print up to so many places where two texts differ."""
    from rapidfuzz.distance import Levenshtein

    for piece in [piece for piece in Levenshtein.opcodes(want, got) if piece.tag != "equal"][:most]:
        old, new = want[piece.src_start : piece.src_end], got[piece.dest_start : piece.dest_end]
        click.echo(f"    {want[max(0, piece.src_start - 12) : piece.src_end + 12]!r}: {old!r} came out as {new!r}")


if __name__ == "__main__":
    main()
