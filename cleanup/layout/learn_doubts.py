"""Learns the weights of doubts.py and across.py from typeset pages whose truth is known, given those of breaks.py.

    python -m cleanup.layout.learn_doubts undecided PAGES… [--held-out PAGES] [-o doubts.json]
    python -m cleanup.layout.learn_doubts across PAGES… [--held-out PAGES] [-o across.json]

A logistic regression over named bins with a penalty on the squares of the weights; the result is the same at every run.
It writes one file and touches nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click
import numpy as np
from numpy.typing import NDArray

from cleanup.bins import readable
from cleanup.language import ngrams
from cleanup.layout import across, doubts
from cleanup.layout.breaks import break_probabilities, load_weights
from cleanup.layout.learn import IGNORED, read_lines, truth_of
from cleanup.layout.sides import read_sides
from cleanup.layout.witnesses import gather
from cleanup.logistic import logistic, report

PENALTY = 0.5
LEARNED_FROM = 5.0  # log-odds of the chain: ends a little clearer than those asked about teach the same
UNDECIDED, ACROSS = "undecided", "across"
GROUPS = {UNDECIDED: doubts.GROUPS, ACROSS: across.GROUPS}
SHIPPED = {UNDECIDED: doubts.SHIPPED, ACROSS: across.SHIPPED}


def examples(which: str, folders: Iterable[Path]) -> tuple[NDArray[np.int64], NDArray[np.int8]]:
    """Return the bins of all line ends of a kind on the pages of the folders, and which of them are breaks."""
    weights = load_weights()
    bins, truth = [], []
    for _, draft, lines, gold in read_lines(folders):
        model = ngrams.load()
        odds = doubts.log_odds(break_probabilities(gather(draft, lines, model), weights))
        crossing = across.wide_gaps(lines) & (odds < across.UNSURE)
        asked = crossing if which == ACROSS else ~crossing & (np.abs(odds) < LEARNED_FROM)
        known = truth_of(draft.text, lines.starts.tolist(), lines.ends.tolist(), gold)
        rows = (asked & (known != IGNORED)).nonzero()[0]
        if not len(rows):
            continue
        sides = read_sides(draft, lines, rows, odds)
        if which == ACROSS:
            bins.append(across.describe(draft, lines, rows, odds[rows], sides, model))
        else:
            bins.append(doubts.describe(odds[rows], sides))
        truth.append(known[rows])
    return np.concatenate(bins), np.concatenate(truth)


@click.command(help=__doc__)
@click.argument("which", type=click.Choice(sorted(GROUPS)))
@click.argument("folders", nargs=-1, required=True, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--held-out", multiple=True, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("-o", "output", type=click.Path(path_type=Path), help="by default the weights that are shipped")
def main(which: str, folders: tuple[Path, ...], held_out: tuple[Path, ...], output: Path | None) -> None:
    """Learn and write the weights."""
    bins, truth = examples(which, folders)
    weights = logistic(bins, truth, GROUPS[which], PENALTY)
    about: dict[str, Any] = {"learned_from": report(bins, truth, weights)}
    if held_out:
        about["held_out"] = report(*examples(which, held_out), weights)
    click.echo(json.dumps(about))
    tree = {"about": about, "groups": readable(weights, GROUPS[which])}
    (output or SHIPPED[which]).write_text(json.dumps(tree, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
