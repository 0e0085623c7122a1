"""Scores the guess of encodings on articles of known text: every encoding, both scripts, short and long, and mixtures.

`python -m bench.encodings --articles FILE...` prints the share of pieces read exactly as they were written, beside what
charset-normalizer makes of the same bytes. It reads held-out articles only and keeps none of their text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain, zip_longest
from pathlib import Path
from random import Random

import click
import opencc
from charset_normalizer import from_bytes

from bench.articles import read
from cleanup.decode import decode

ENCODINGS = (
    "utf-8", "utf-8-sig", "gb18030", "cp950", "big5hkscs", "utf-16", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be",
)  # fmt: skip
MIXTURES = (("utf-8", "gb18030"), ("gb18030", "utf-8"), ("gb18030", "cp950"), ("utf-8", "cp950"))
LINES = 12  # of either half of a mixture


def product(raw: bytes) -> str:
    """The text the product reads."""
    return decode(raw)[0]


def charset_normalizer(raw: bytes) -> str:
    """The text charset-normalizer reads; its guess of a mark it leaves in the text is no error."""
    best = from_bytes(raw).best()
    return str(best).removeprefix("\ufeff") if best is not None else ""


def pieces(texts: Sequence[str], length: int, rng: Random) -> Iterator[str]:
    """One stretch of each text, so many characters long, that has Han in it."""
    for text in texts:
        start = rng.randrange(max(1, len(text) - length))
        piece = text[start : start + length]
        if any("\u4e00" <= character <= "\u9fff" for character in piece):
            yield piece


def mixture(one: str, other: str, encodings: tuple[str, str], *, in_turn: bool) -> tuple[str, bytes] | None:
    """Lines of two texts in two encodings, one half after the other or by turns; None when one cannot be written."""
    halves = [
        [(line, encoding) for line in text.split("\n")[:LINES] if line]
        for text, encoding in zip((one, other), encodings, strict=True)
    ]
    lines = [line for line in chain(*zip_longest(*halves)) if line] if in_turn else halves[0] + halves[1]
    try:
        return "\n".join(line for line, _ in lines), b"\n".join(line.encode(encoding) for line, encoding in lines)
    except UnicodeEncodeError:
        return None


@click.command()
@click.option("--articles", type=click.Path(exists=True, path_type=Path), multiple=True, required=True)
@click.option("--count", default=300, help="articles taken")
@click.option("--seed", default=1)
def main(articles: tuple[Path, ...], count: int, seed: int) -> None:
    """Print the share of pieces read exactly, by script, encoding and length."""
    rng = Random(seed)
    texts = ["\n".join((article.title, *article.paragraphs)) for article in read(articles, "heldout")]
    texts = rng.sample(texts, min(count, len(texts)))
    traditional = opencc.OpenCC("s2tw").convert
    lengths = (20, 100, 1000)
    heads = " ".join(f"{f'{n} characters':>17}" for n in lengths)
    click.echo(f"{'script':12} {'encoding':10} {heads}  (charset-normalizer)")
    for script, change in (("simplified", str), ("traditional", traditional)):
        written = {n: [change(piece) for piece in pieces(texts, n, rng)] for n in lengths}
        for encoding in ENCODINGS:
            cells = []
            for n in lengths:
                right: Counter[str] = Counter()
                for piece in written[n]:
                    try:
                        raw = piece.encode(encoding)
                    except UnicodeEncodeError:
                        continue
                    right["all"] += 1
                    right["ours"] += product(raw) == piece
                    right["theirs"] += charset_normalizer(raw) == piece
                share = {who: 100 * right[who] / max(right["all"], 1) for who in ("ours", "theirs")}
                cells.append(f"{share['ours']:6.2f} ({share['theirs']:5.1f}) " if right["all"] else f"{'':16}")
            click.echo(f"{script:12} {encoding:10} " + " ".join(f"{cell:>17}" for cell in cells))
    for encodings in MIXTURES:
        for in_turn in (False, True):
            made = []
            for one, other in zip(texts[::2], texts[1::2], strict=False):
                halves = [traditional(t) if e == "cp950" else t for t, e in zip((one, other), encodings, strict=True)]
                made.append(mixture(halves[0], halves[1], encodings, in_turn=in_turn))
            cases = [case for case in made if case is not None]
            share = 100 * sum(product(raw) == text for text, raw in cases) / max(len(cases), 1)
            order = "by turns" if in_turn else "in halves"
            click.echo(f"{' + '.join(encodings)}, {order}: {share:.2f} % of {len(cases)}")


if __name__ == "__main__":
    main()
