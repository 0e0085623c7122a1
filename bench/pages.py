"""Makes pages with gold: `python -m bench.pages --articles FILE --split train --kind K1 --count 40 --out DIR`.

Writes DIR/raw/NAME.txt and DIR/gold/NAME.json. The same arguments give the same pages; it reads no other input.
"""

from __future__ import annotations

import json
import tempfile
import zlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

import click

from bench.articles import SPLITS, Split, read
from bench.compose import KINDS, Kind, Shelf, compose
from bench.corrupt import codec_of, encode
from bench.imitate import Printed, imitate
from bench.page import Page, gold

ATTEMPTS = 5  # pages tried before a number is left out
MOST_LOST, MOST_LOST_OCR = 0.02, 0.12  # a page that lost a larger share of its characters is dropped
# columns read across belong to K4 and K5
IN_ORDER: frozenset[Kind] = frozenset({"K1", "K2", "K7", "book", "forms"})
WITHOUT_ENGINE: frozenset[Kind] = frozenset(
    {"K3", "fixed", "single"}
)  # whole paragraphs or plain cuts: no engine sets them


def write(printed: Printed, name: str, kind: Kind, out: Path) -> None:
    """The raw bytes and the gold of one page, under `out`."""
    (out / "raw").mkdir(parents=True, exist_ok=True)
    (out / "gold").mkdir(parents=True, exist_ok=True)
    text = printed.newline.join(line.text for line in printed.lines) + printed.newline
    (out / "raw" / f"{name}.txt").write_bytes(encode(text, printed.encoding))
    truth = {"source": f"{name}.txt", "category": kind} | gold(
        printed.page, printed.lines, codec_of(printed.encoding), printed.meta
    )
    (out / "gold" / f"{name}.json").write_text(json.dumps(truth, ensure_ascii=False, indent=1) + "\n", "utf-8")


def print_real(page: Page, kind: Kind, rng: Random, room: Path) -> Printed | None:
    """The page set by an engine and read back by an extractor; None where too much of its text was lost on the way."""
    from bench import corrupt, extract, match, typeset

    if typeset.is_book(page, kind):
        page = replace(page, head=(page.title,) if page.title and rng.random() < 0.5 else ())
    look = typeset.random_look(page, kind, rng)
    pdf = room / "page.pdf"
    pdf.unlink(missing_ok=True)
    typeset.to_pdf(page, look, pdf)
    raw, how = extract.extract(pdf, kind, rng)
    recognised = "dpi" in how
    lines, lost = match.match(page, raw, fuzzy=recognised)
    if lost > (MOST_LOST_OCR if recognised else MOST_LOST) or (kind in IN_ORDER and not match.in_order(page, lines)):
        return None
    meta: dict[str, object] = {"engine": look.engine, "style": look.described(), **how, "lost": round(lost, 4)}
    encoding, newline = "utf-8", "\n"
    if kind == "K7":
        page, lines, encoding, newline, ops = corrupt.mess(page, lines, rng)
        meta["ops"] = ops
    return Printed(page, tuple(lines), encoding, newline, meta)


@click.command()
@click.option("--articles", type=click.Path(exists=True, path_type=Path), multiple=True, required=True)
@click.option("--split", type=click.Choice(SPLITS), required=True)
@click.option("--fold", type=int, help="articles of this fold alone, for models that have not read it")
@click.option("--kind", "kinds", type=click.Choice(KINDS), multiple=True, default=KINDS)
@click.option("--engine", type=click.Choice(["imitation", "real"]), default="imitation")
@click.option("--count", type=int, default=20, help="pages of each kind")
@click.option("--seed", type=int, default=1)
@click.option("--out", type=click.Path(path_type=Path), required=True)
def main(
    *,
    articles: Sequence[Path],
    split: Split,
    fold: int | None,
    kinds: Sequence[Kind],
    engine: str,
    count: int,
    seed: int,
    out: Path,
) -> None:
    """Make pages with gold."""
    shelf = Shelf(list(read(articles, split, fold)))
    with tempfile.TemporaryDirectory() as room:
        for kind in kinds:
            for number in range(count):
                for attempt in range(ATTEMPTS):
                    rng = Random(zlib.crc32(f"{seed}/{split}/{kind}/{number}/{attempt}".encode()))
                    page = compose(shelf, kind, rng)
                    real = engine == "real" and kind not in WITHOUT_ENGINE
                    printed = print_real(page, kind, rng, Path(room)) if real else imitate(page, kind, rng)
                    if printed:
                        write(printed, f"{kind}_{number:04d}", kind, out)
                        break


if __name__ == "__main__":
    main()
