"""Learns the weights of doubts.py from typeset pages whose truth is known, given those of breaks.py.

    python -m cleanup.layout.learn_doubts PAGES… [--held-out PAGES] [-o doubts.json]

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
from cleanup.layout.breaks import break_probabilities, load_weights
from cleanup.layout.doubts import GROUPS, SHIPPED, find_doubts
from cleanup.layout.learn import IGNORED, read_lines, truth_of
from cleanup.layout.witnesses import gather
from cleanup.logistic import logistic, report

PENALTY = 0.5


def examples(folders: Iterable[Path]) -> tuple[NDArray[np.int64], NDArray[np.int8]]:
    """Return the bins of all line ends in doubt on the pages of the folders, and which of them are breaks."""
    weights = load_weights()
    bins, truth = [], []
    for _, draft, lines, gold in read_lines(folders):
        doubts = find_doubts(draft, lines, break_probabilities(gather(draft, lines, ngrams.load()), weights))
        known = truth_of(draft.text, lines.starts.tolist(), lines.ends.tolist(), gold)[doubts.rows]
        bins.append(doubts.bins[known != IGNORED])
        truth.append(known[known != IGNORED])
    return np.concatenate(bins), np.concatenate(truth)


@click.command(help=__doc__)
@click.argument("folders", nargs=-1, required=True, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--held-out", multiple=True, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("-o", "output", default=SHIPPED, type=click.Path(path_type=Path))
def main(folders: tuple[Path, ...], held_out: tuple[Path, ...], output: Path) -> None:
    """Learn and write the weights."""
    bins, truth = examples(folders)
    weights = logistic(bins, truth, GROUPS, PENALTY)
    about: dict[str, Any] = {"learned_from": report(bins, truth, weights)}
    if held_out:
        about["held_out"] = report(*examples(held_out), weights)
    click.echo(json.dumps(about))
    tree = {"about": about, "groups": readable(weights, GROUPS)}
    output.write_text(json.dumps(tree, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
