"""Injects one kind of corruption at a time into clean articles and counts what is repaired and what else is changed.

`python -m bench.damage --articles FILE...` reads held-out articles only. Gold is the article as it was printed, which
the conventions do not always call clean (『』, --, half-width brackets): what a tool changes in it with no damage done
is counted apart, and for this project listed class by class, so that no wrong change can hide there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from random import Random

import click
from rapidfuzz.distance import Levenshtein

from bench import corrupt
from bench.articles import Article, read
from bench.peers import Peer, found
from bench.unchanged import kind_of

Damage = Callable[[str, Random], str]
Tool = Callable[[bytes], str]


def _per_line(share: float, change: Callable[[str, Random], str]) -> Damage:
    """The change made to a share of the lines."""
    return lambda text, rng: "\n".join(change(x, rng) if x and rng.random() < share else x for x in text.split("\n"))


def _pick(text: str, rng: Random, share: float, change: Callable[[str], str]) -> str:
    return "".join(change(c) if rng.random() < share else c for c in text)


def _half(text: str, rng: Random) -> str:
    return text.translate(str.maketrans("，；：！？（）", ",;:!?()"))


def _spaced_run(line: str, rng: Random) -> str:
    """A run of Han set wide, as headlines and stretched lines come out."""
    places = [i for i in range(len(line) - 6) if all("一" <= c <= "鿿" for c in line[i : i + 6])]
    if not places:
        return line
    at = rng.choice(places)
    return line[:at] + " ".join(line[at : at + 6]) + line[at + 6 :]


def _invisible(text: str, rng: Random) -> str:
    return _pick(text, rng, 0.01, lambda c: c + rng.choice("\u200b\ufeff\u00ad\u2060\x07\x02\u200e\ue004"))


def _traditional(line: str, rng: Random) -> str:
    """One sentence of the line in traditional characters."""
    import opencc

    sentences = [s for s in line.split("。") if len(s) > 8]
    if not sentences:
        return line
    chosen = rng.choice(sentences)
    return line.replace(chosen, opencc.OpenCC(rng.choice(("s2t", "s2tw", "s2hk"))).convert(chosen), 1)


def _latin_mojibake(line: str, rng: Random) -> str:
    return line.encode("utf-8").decode("latin-1")


def _gbk_mojibake(line: str, rng: Random) -> str:
    """UTF-8 read as GB18030; a line this reading cannot carry through unharmed is left as it is."""
    read_wrong = line.encode("utf-8").decode("gb18030", errors="replace")
    return line if "\ufffd" in read_wrong else read_wrong


DAMAGES: dict[str, Damage] = {
    "spaces round numbers": _per_line(1.0, lambda x, rng: corrupt.space_numbers(x)),
    "letter-spaced runs": _per_line(0.3, _spaced_run),
    "half-width marks": _half,
    "half-width marks, some lines": _per_line(0.3, _half),
    "radicals": lambda text, rng: corrupt.as_radicals(text),
    "invisible characters": _invisible,
    "full-width digits": lambda text, rng: "".join(
        chr(ord(c) + 0xFEE0) if c.isascii() and c.isdigit() else c for c in text
    ),
    "traditional sentences": _per_line(0.3, _traditional),
    "UTF-8 read as Latin-1": _per_line(0.2, _latin_mojibake),
    "UTF-8 read as GBK": _per_line(0.2, _gbk_mojibake),
    "CRLF": lambda text, rng: text.replace("\n", "\r\n"),
    "trailing spaces": _per_line(0.5, lambda x, rng: x + " " * rng.randint(1, 4)),
}
MARKS_AT_ONCE = 6  # a longer piece that differs is a passage that stands elsewhere
ENCODINGS = ("utf-8-sig", "utf-16", "utf-16-be-bom", "utf-32", "gb18030", "gbk")


def clean_text(article: Article) -> str:
    """The article as a clean file has it: title, then paragraphs parted by blank lines."""
    return "\n\n".join((article.title, *article.paragraphs)) + "\n"


def product(data: bytes) -> str:
    """The product's articles as one text, a block a line."""
    import cleanup

    return "\n".join(block.text for article in cleanup.clean(data).articles for block in article.blocks)


def judge(clean: str, damaged: str, made: str, plain: str | None = None) -> Counter[str]:
    """Places damaged, of those still wrong, places untouched, and of those changed; line breaks play no part.

    `plain` is what the tool makes of the undamaged article: a change found there as well counts as made anyway, any
    other as harm.

    >>> judge("共5个", "共 5个", "共5人")
    Counter({'untouched': 2, 'damaged': 1, 'harmed': 1, 'unrepaired': 0, 'anyway': 0})
    >>> judge("共5个", "共 5个", "共5人", "共5人")["anyway"]
    1
    """
    want = _flat(clean)
    hurt, wrong, own = (_places(want, _flat(text)) for text in (damaged, made, clean if plain is None else plain))
    untouched = len(want) - len({place for inserted, place in hurt if place < len(want)})
    return Counter(
        damaged=len(hurt),
        unrepaired=len(hurt & wrong),
        untouched=untouched,
        harmed=len(wrong - hurt - own),
        anyway=len((wrong - hurt) & own),
    )


def _flat(text: str) -> str:
    return " ".join(text.split("\n")).replace("  ", " ").strip()


def _places(want: str, have: str) -> set[tuple[bool, int]]:
    """Where two texts differ: whether something was put in before the character, and which character it is."""
    return {(op.tag == "insert", op.src_pos) for op in Levenshtein.editops(want, have)}


def _decoded(peer: Peer) -> Tool:
    return lambda data: "\n".join(peer(data.decode("utf-8")))


@click.command()
@click.option("--articles", type=click.Path(exists=True, path_type=Path), multiple=True, required=True)
@click.option("--count", default=200, help="articles taken")
@click.option("--seed", default=1)
@click.option("--peers/--no-peers", default=True)
def main(articles: Sequence[Path], count: int, seed: int, peers: bool) -> None:
    """Print the share repaired and the share of other characters changed, by kind of damage and tool."""
    every = [a for a in read(articles, "heldout") if a.genre not in ("laws", "essays") or len(a.paragraphs) < 40]
    chosen = Random(seed).sample(every, min(count, len(every)))
    tools: dict[str, Tool] = {"cleanup": product}
    if peers:
        names = ("ftfy", "OpenCC t2s", "zhconv", "autocorrect")
        tools |= {name: _decoded(peer) for name, peer in found().items() if name in names}
    texts = [clean_text(a) for a in chosen]
    plain = {name: {text: tool(text.encode()) for text in texts} for name, tool in tools.items()}
    click.echo("repaired, other characters changed by it, and changed with no damage done as well")
    click.echo(f"{'damage':32} " + " ".join(f"{name:>27}" for name in tools))
    for damage, inject in DAMAGES.items():
        damaged = [inject(text, Random(n)) for n, text in enumerate(texts)]
        _row(damage, zip(texts, damaged, strict=True), "utf-8", tools, plain)
    for encoding in ENCODINGS:
        fit = [text for text in texts if corrupt.fits(text, corrupt.codec_of(encoding))]
        _row(f"encoding {encoding}", zip(fit, fit, strict=True), encoding, {"cleanup": product}, plain)
    _list_changes(plain["cleanup"])


def _row(
    name: str,
    cases: Iterable[tuple[str, str]],
    encoding: str,
    tools: Mapping[str, Tool],
    plain: Mapping[str, Mapping[str, str]],
) -> None:
    """Print what each tool makes of damaged articles; `plain` is what it makes of them undamaged."""
    totals: dict[str, Counter[str]] = {which: Counter() for which in tools}
    for text, damaged in cases:
        for which, tool in tools.items():
            made = tool(corrupt.encode(damaged, encoding))
            totals[which] += judge(text, damaged, made, plain[which][text])
    cells = []
    for total in totals.values():
        repaired = 1 - total["unrepaired"] / total["damaged"] if total["damaged"] else 1.0
        shares = (total[kind] / max(1, total["untouched"]) for kind in ("harmed", "anyway"))
        cells.append(f"{100 * repaired:8.2f}% " + " ".join(f"{100 * share:7.3f}%" for share in shares))
    click.echo(f"{name:32} " + " ".join(f"{cell:>27}" for cell in cells))


def _list_changes(plain: Mapping[str, str]) -> None:
    """Print each class of change that the product makes in undamaged articles, its count, and the most frequent one."""
    classes: Counter[str] = Counter()
    pairs: dict[str, Counter[str]] = {}
    for text, made in plain.items():
        want, got = _flat(text), _flat(made)
        for op in Levenshtein.opcodes(want, got):
            old, new = want[op.src_start : op.src_end], got[op.dest_start : op.dest_end]
            if op.tag == "equal":
                continue
            moved = max(len(old), len(new)) > MARKS_AT_ONCE
            name = "a passage of several characters" if moved else f"{kind_of(old)} → {kind_of(new)}"
            classes[name] += max(len(old), len(new))
            pairs.setdefault(name, Counter())[f"{old} → {new}" if not moved else ""] += 1
    characters = sum(map(len, plain))
    click.echo(f"\nwith no damage done, of {characters} characters {sum(classes.values())} are changed:")
    for name, count in classes.most_common():
        shown = ", ".join(f"{pair} ({n})" for pair, n in pairs[name].most_common(8) if pair)
        click.echo(f"{count:6}  {name}: {shown}")


if __name__ == "__main__":
    main()
