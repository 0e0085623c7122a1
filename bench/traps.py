"""Scores script conversion on sentences with a known right answer: words to convert by phrase, words to leave alone.

`python -m bench.traps` prints the share right by tool. Each sentence stands between simplified ones, as a stray run
in a newspaper does; bench/texts/traps.tsv holds kind, text and right answer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from bench.peers import Peer, found

TRAPS = Path(__file__).parent / "texts" / "traps.tsv"
BEFORE = "今年以来，全县各项工作有序推进，群众的满意度不断提高。"
AFTER = "记者还走访了附近的几个村庄，了解大家的生产生活情况。"
CONVERTERS = ("OpenCC t2s", "OpenCC tw2sp", "zhconv", "ftfy", "autocorrect")


@dataclass(frozen=True, slots=True)
class Trap:
    """A sentence and its right answer; `kind` is "keep" where nothing may change, else "convert"."""

    kind: str
    text: str
    right: str


def traps() -> Iterator[Trap]:
    """The sentences, in file order.

    >>> len(list(traps())) >= 300
    True
    """
    for line in TRAPS.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            yield Trap(*line.split("\t"))


def answer(tool: Callable[[str], str], trap: Trap) -> str:
    """What the tool makes of the sentence between its neighbours; the neighbours must come back unharmed to find it."""
    made = "".join(tool(f"{BEFORE}{trap.text}{AFTER}").split())
    return made.removeprefix(BEFORE).removesuffix(AFTER)


def product(text: str) -> str:
    """The product's articles as one text."""
    import cleanup

    return "".join(block.text for article in cleanup.clean(text).articles for block in article.blocks)


def _joined(peer: Peer) -> Callable[[str], str]:
    return lambda text: "".join(peer(text))


@click.command()
@click.option("--failures/--no-failures", default=False, help="list what the product got wrong")
def main(failures: bool) -> None:
    """Print the share of right answers."""
    tools: dict[str, Callable[[str], str]] = {"cleanup": product}
    tools |= {name: _joined(peer) for name, peer in found().items() if name in CONVERTERS}
    every = list(traps())
    kinds = Counter(trap.kind for trap in every)
    click.echo(
        f"{'tool':14} " + " ".join(f"{f'{kind} ({n})':>14}" for kind, n in sorted(kinds.items())) + f" {'all':>8}"
    )
    for name, tool in tools.items():
        right: Counter[str] = Counter()
        for trap in every:
            made = answer(tool, trap)
            right[trap.kind] += made == trap.right
            if failures and name == "cleanup" and made != trap.right:
                click.echo(f"  {trap.kind}: {trap.text} gave {made}", err=True)
        cells = " ".join(f"{100 * right[kind] / kinds[kind]:13.1f}%" for kind in sorted(kinds))
        click.echo(f"{name:14} {cells} {100 * right.total() / len(every):7.1f}%")


if __name__ == "__main__":
    main()
