"""Learns how lines that stand in turn are weighed against each other (threads.py), from pages whose truth is known.

    python -m cleanup.layout.learn_threads PAGES… [--held-out PAGES]

PAGES are folders with raw/NAME.txt and gold/NAME.json, as `python -m bench.pages` makes them; of these the pages of
lines in turn (K5) are read. The weights maximise the likelihood of the line that truly stands below each line, among
all within reach, and of the one above it, less a penalty on how far they are from a plain sum of probabilities
(L-BFGS). It writes the weights of lines in threads.json; after it, learn_columns learns the rest anew.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import click
import numpy as np
from scipy.optimize import minimize

from cleanup.document import Draft
from cleanup.language import ngrams
from cleanup.layout.cells import Integers, Reals, lay_out
from cleanup.layout.followers import LACKS, LINE_GROUPS, REACH, Witnesses, weigh_lines
from cleanup.layout.learn_columns import owners, places_after, read_pages
from cleanup.layout.threads import WEIGHTS, suspicious
from cleanup.rulebook import Rulebook
from cleanup.rulebook import load as load_rules

# probabilities added up as they are, by the n-grams alone, and a paragraph's end told from the form of its last line
PLAIN = {
    "ended": {"any": 0.4, "stop": 0.7, "short": 3.5, **{f"closed {lack}": 1.0 for lack in LACKS}},
    "fresh": {"opening": 1.0},
    "on": {"n-grams": 1.0},
}

Case = tuple[Witnesses, Integers]


def read_cases(folders: Iterable[Path], book: Rulebook) -> Iterator[Case]:
    """Yield the suspicious stretches of the pages, and how far down the true follower of each line is (0: unknown)."""
    for _, text, gold in read_pages("K5", folders, book):
        block, place = owners(text, gold)
        for lines, _, witnesses in suspicious(lay_out(Draft(text), ngrams.load(), book.limits)):
            last = lines.ends - 1
            begins = zip(block[lines.starts].tolist(), place[lines.starts].tolist(), strict=True)
            at = {begin: line for line, begin in enumerate(begins)}
            after = places_after(gold, block[last], place[last])
            below = np.array([at.get(found, -1) if found[0] >= 0 else -1 for found in after])
            step = below - np.arange(len(below))
            yield witnesses, np.where((below >= 0) & (step > 0) & (step <= REACH), step, 0)


def loss(weights: Reals, cases: list[Case], plain: Reals, penalty: float) -> float:
    """Return the negative log-likelihood per line plus the penalty."""
    total, count = 0.0, 0
    for witnesses, step in cases:
        follow = weigh_lines(witnesses, weights).follow
        upper = np.flatnonzero(step)
        lower = upper + step[upper]
        true = follow[upper, step[upper]]
        back = lower[:, None] - np.arange(1, REACH + 1)
        above = np.where(back >= 0, follow[np.maximum(back, 0), np.arange(1, REACH + 1)], -99.0)
        total += float((np.logaddexp.reduce(follow[upper, 1:], axis=1) - true).sum())
        total += float((np.logaddexp.reduce(above, axis=1) - true).sum())
        count += 2 * len(upper)
    return total / count + penalty * float((weights - plain) @ (weights - plain))


def report(cases: list[Case], weights: Reals) -> dict[str, float]:
    """Return the share of lines whose true follower is the likeliest, the rest of the page left aside."""
    right = count = 0
    for witnesses, step in cases:
        known = step > 0
        best = weigh_lines(witnesses, weights).follow[:, 1:].argmax(axis=1) + 1
        right += int((best == step)[known].sum())
        count += int(known.sum())
    return {"told": round(right / (count or 1), 4), "lines": count}


@click.command(help=__doc__)
@click.argument("folders", nargs=-1, required=True, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--held-out", multiple=True, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--penalty", default=1e-3, show_default=True, help="of the squared distance from the plain sum")
def main(folders: tuple[Path, ...], held_out: tuple[Path, ...], penalty: float) -> None:
    """Learn, write the weights, and say what they reach."""
    book = load_rules()
    tree = json.loads(WEIGHTS.read_text("utf-8"))
    cases = list(read_cases(folders, book))
    plain = np.array([PLAIN[group].get(name, 0.0) for group, names in LINE_GROUPS.items() for name in names])
    found = minimize(loss, plain, args=(cases, plain, penalty), method="L-BFGS-B").x
    for title, some in (("training", cases), ("held out", list(read_cases(held_out, book)))):
        click.echo(f"{title} plain {report(some, plain)} learned {report(some, found)}")
    values = iter(np.round(found, 3).tolist())
    tree["lines"] = {group: {name: next(values) for name in names} for group, names in LINE_GROUPS.items()}
    WEIGHTS.write_text(json.dumps(tree, ensure_ascii=False, indent=1) + "\n", "utf-8")
    click.echo(json.dumps(tree["lines"], indent=1))


if __name__ == "__main__":
    main()
