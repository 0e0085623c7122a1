"""Learns the weights of judging.py from typeset pages, given everything else that was learned.

    python -m cleanup.assembly.learn_judging PAGES… [--held-out PAGES] [-o judging.json]

Of each page a number of readings is made, good and bad ones; the weights are those under which the expected quality of
the reading is highest (D. Smith and J. Eisner, Minimum risk annealing for training log-linear models, 2006). The
result is the same at every run. It writes one file and touches nothing else.
"""

from __future__ import annotations

import itertools
import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from cleanup import markers
from cleanup.assembly import reading, settle
from cleanup.assembly.judging import WITNESSES, Evidence, Settled, State, judge
from cleanup.assembly.learn_pairs import KINDS
from cleanup.assembly.pages import TruePassages, read_pages
from cleanup.assembly.roles import LABEL
from cleanup.bins import Integers, Reals

PATHS = 1  # beginnings from which all changes are tried, beside the reading found
HEADLINE = ("kicker", "title", "subtitle", "byline", "half")
WORTH_TITLE, WORTH_ROLES = 0.5, 0.3  # of a title on its body, and of roles, beside articles whole and apart
SHARPNESS = 3.0  # how far readings are told apart at first: score differences count threefold


@dataclass(frozen=True, slots=True)
class Readings:
    """Readings of one page: what the witnesses say of each, shape (readings, witnesses), and how good each is."""

    witnesses: Reals
    quality: Reals


def quality(page: TruePassages, settled: Settled) -> float:
    """Return how right a reading is: B-cubed F1 by characters (A. Bagga and B. Baldwin, 1998), titles and roles."""
    owner = {row: number for number, body in enumerate(settled.bodies) for row in body}
    for headline, body in settled.named.items():
        owner.update(dict.fromkeys(settled.headlines[headline].rows, body))
    rows = [
        row
        for row, article in enumerate(page.article.tolist())
        if article >= 0 and page.label[row] in ("paragraph", *HEADLINE)
    ]
    weights = page.passages.length
    true, said, both = Counter[int](), Counter[int](), Counter[tuple[int, int]]()
    main: dict[int, Counter[int]] = {}
    for row in rows:
        a, b, size = int(page.article[row]), owner.get(row, -1 - row), int(weights[row])
        true[a] += size
        said[b] += size
        both[a, b] += size
        if page.label[row] == "paragraph":
            main.setdefault(a, Counter())[b] += size
    whole = sum(true.values()) or 1
    precision = sum(n * n / said[b] for (_, b), n in both.items()) / whole
    recall = sum(n * n / true[a] for (a, _), n in both.items()) / whole
    apart = 2 * precision * recall / ((precision + recall) or 1)
    titles = [row for row in rows if page.label[row] == "title"]
    right = [
        owner.get(row, -1) == main[page.article[row]].most_common(1)[0][0]
        for row in titles
        if page.article[row] in main
    ]
    lines = [row for row, name in enumerate(page.label) if name not in ("paragraph", "furniture")]
    roles = [settled.state.labels[row] == LABEL[page.label[row]] for row in lines]
    return apart + WORTH_TITLE * _mean(right) + WORTH_ROLES * _mean(roles)


def _mean(found: list[bool]) -> float:
    return float(np.mean(found)) if found else 1.0


def gather(page: TruePassages, weights: Reals) -> Readings:
    """Return readings of a page: those a search would pass, and those nearest to the truth."""
    evidence = reading.gather(page.draft, page.passages, page.cohesion, page.model, markers.load(), page.limits)
    labels = reading.labels_of(evidence)
    begun = [
        judge(evidence, state, weights)
        for state in (*settle.beginnings(evidence, labels), _true(page, evidence, labels))
    ]
    begun.sort(key=lambda settled: -settled.score)
    found = [*begun, settle.settle(evidence, labels, weights)]
    for now in (found[-1], *begun[:PATHS]):
        found += (judge(evidence, state, weights) for state in settle.changes(evidence, now))
    return Readings(
        np.array([settled.witnesses for settled in found]), np.array([quality(page, settled) for settled in found])
    )


def _true(page: TruePassages, evidence: Evidence, labels: Integers) -> State:
    """Return the state with the true cuts."""
    owner = page.article[evidence.body].tolist()
    cuts = np.array([a != b for a, b in itertools.pairwise(owner)], dtype=np.bool_)
    return State(labels, cuts, evidence.links)


def learn(pages: list[Readings], start: Reals, penalty: float, sharpness: float) -> Reals:
    """Return the weights under which the expected quality of the readings is highest, less a penalty on moving far."""
    witnesses = np.concatenate([page.witnesses for page in pages])
    good = np.concatenate([page.quality for page in pages])
    sizes = np.array([len(page.quality) for page in pages])
    firsts = np.concatenate([[0], np.cumsum(sizes)[:-1]])

    def loss(weights: NDArray[np.float64]) -> tuple[float, Reals]:
        scores = sharpness * (witnesses @ weights)
        odds = np.exp(scores - np.repeat(np.maximum.reduceat(scores, firsts), sizes))
        odds /= np.repeat(np.add.reduceat(odds, firsts), sizes)
        expected = np.add.reduceat(odds * good, firsts)
        slope = sharpness * witnesses.T @ (odds * (good - np.repeat(expected, sizes)))
        away = weights - start
        return -expected.mean() + penalty * float(away @ away), -slope / len(pages) + 2 * penalty * away

    result = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 300, "maxcor": 20})
    return np.asarray(result.x)


def learn_in_rounds(pages: list[TruePassages], unseen: list[TruePassages], penalty: float) -> dict[str, Any]:
    """Return the weights as data: learned from readings that are searched with what the round before has learned."""
    weights = start = np.array([START.get(name, 0.0) for name in WITNESSES])
    found: list[list[Readings]] = [[] for _ in pages]
    about: dict[str, Any] = {}
    for _ in range(ROUNDS):
        for readings, page in zip(found, pages, strict=True):
            readings.append(gather(page, weights))
        together = [
            Readings(np.concatenate([r.witnesses for r in rounds]), np.concatenate([r.quality for r in rounds]))
            for rounds in found
        ]
        weights = learn(together, start, penalty, SHARPNESS)
        about = {"learned_from": report(together, weights)}
        if unseen:
            about["held_out"] = report([gather(page, weights) for page in unseen], weights)
        click.echo(json.dumps(about))
    return {"about": about, "weights": tree_of(weights)}


ROUNDS = 3
# log-odds count as they are, all else is learned
START = dict.fromkeys(("cuts", "roles", "links", "kindred", "matched"), 1.0)


def report(pages: list[Readings], weights: Reals) -> dict[str, float]:
    """Return the mean quality of the readings with the highest score, and of the best ones."""
    chosen = [page.quality[int((page.witnesses @ weights).argmax())] for page in pages]
    best = [page.quality.max() for page in pages]
    return {"chosen": round(float(np.mean(chosen)), 4), "best": round(float(np.mean(best)), 4), "pages": len(pages)}


def tree_of(weights: Reals) -> dict[str, float]:
    """Return the weights by the names of their witnesses."""
    return {name: round(float(value), 3) for name, value in zip(WITNESSES, weights, strict=True) if abs(value) > TINY}


TINY = 0.0005


@click.command(help=__doc__)
@click.argument("folders", nargs=-1, required=True, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--held-out", multiple=True, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("-o", "output", default=Path(__file__).with_name("judging.json"), type=click.Path(path_type=Path))
@click.option("--penalty", default=1e-4, show_default=True, help="weight of the squares of what is moved")
def main(folders: tuple[Path, ...], held_out: tuple[Path, ...], output: Path, penalty: float) -> None:
    """Learn and write the weights."""
    pages, unseen = list(read_pages(folders, KINDS)), list(read_pages(held_out, KINDS))
    tree = learn_in_rounds(pages, unseen, penalty)
    output.write_text(json.dumps(tree, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
