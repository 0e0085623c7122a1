"""Learns the weights of links.py, cuts.py, kindred.py and headlines.py from typeset pages, given the learned roles.

    python -m cleanup.assembly.learn_pairs PAGES… [--held-out PAGES] [--only links]

Logistic regressions over named bins with a penalty on the squares of the weights (links: learn_links.py); each reads
the pages with those before it. The result is the same at every run. It writes their .json files and touches nothing
else.
"""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import click
import numpy as np
from numpy.typing import NDArray

from cleanup import markers
from cleanup.assembly import cuts, headlines, kindred, link_witnesses, links, reading, role_witnesses, roles
from cleanup.assembly.bodies import gather_bodies, opening_reports
from cleanup.assembly.judging import Evidence
from cleanup.assembly.learn_links import Gathered, gathered, learn_links, report_links
from cleanup.assembly.pages import TruePassages, read_pages
from cleanup.bins import Group, Integers, readable
from cleanup.logistic import logistic, report

KINDS = ("K1", "K2", "K3", "K6", "K7", "single", "book")
HERE = Path(__file__).parent


Examples = tuple[NDArray[np.int64], NDArray[np.int8]]


def true_successors(page: TruePassages) -> dict[int, int]:
    """Return for each passage that its block goes on after the passage that goes on with it."""
    pieces: dict[int, list[tuple[int, int]]] = {}
    for row, block in enumerate(page.block.tolist()):
        if block >= 0 and page.label[row] not in ("title", "half", "kicker", "subtitle", "heading", "byline"):
            pieces.setdefault(block, []).append((int(page.offset[row]), row))
    follows: dict[int, int] = {}
    for parts in pieces.values():
        parts.sort()
        for (_, left), (_, right) in itertools.pairwise(parts):
            follows[left] = right
    return follows


def _unsettled(page: TruePassages) -> tuple[Evidence, Integers, list[list[int]]]:
    """Return what the witnesses say of a page, the likeliest labels, and the bodies, as they are before settling."""
    evidence = reading.gather(page.draft, page.passages, page.cohesion, page.model, markers.load(), page.limits)
    labels = reading.labels_of(evidence)
    reports = opening_reports(evidence.dateline, labels)
    return evidence, labels, gather_bodies(evidence.body, evidence.cut_odds, list(evidence.links), reports)


def gather_headlines(pages: list[TruePassages]) -> Examples:
    """Return the bins and the truth of every pair of a headline and a body, as pages are read before settling."""
    bins, truth = [], []
    for page in pages:
        evidence, labels, bodies = _unsettled(page)
        found = headlines.find_headlines(labels)
        if not found or not bodies:
            continue
        bins.append(headlines.pair_bins(found, bodies, labels, evidence.dateline, page.cohesion))
        named = [_most(page.article[list(headline.rows)]) for headline in found]
        owned = [_most(page.article[body]) for body in bodies]
        truth += [a == b and a >= 0 for a in named for b in owned]
    return np.concatenate(bins), np.array(truth, dtype=np.int8)


def gather_kindred(pages: list[TruePassages]) -> Examples:
    """Return the bins and the truth of every pair of bodies that are no neighbours, before settling."""
    bins, truth = [], []
    for page in pages:
        evidence, labels, bodies = _unsettled(page)
        pairs = kindred.apart(bodies, evidence.body)
        bins.append(kindred.describe(pairs, bodies, labels, evidence.ends, evidence.starts, page.cohesion))
        owned = [_most(page.article[body]) for body in bodies]
        truth += [owned[a] == owned[b] and owned[a] >= 0 for a, b in pairs]
    return np.concatenate(bins), np.array(truth, dtype=np.int8)


def _most(articles: NDArray[np.int64]) -> int:
    values, counts = np.unique(articles, return_counts=True)
    return int(values[counts.argmax()])


def gather_links(pages: list[TruePassages]) -> Gathered:
    """Return every candidate link, with the truth."""
    weights = roles.load_weights(markers.load())
    found = []
    for page in pages:
        odds = roles.role_probabilities(role_witnesses.describe(page.passages, page.cohesion, page.model), weights)
        pairs = link_witnesses.candidates(
            page.draft, page.passages, page.cohesion, roles.running_text(odds), page.model
        )
        follows = true_successors(page)
        truth = [follows.get(a) == b for a, b in zip(pairs.left.tolist(), pairs.right.tolist(), strict=True)]
        found.append((pairs, len(page.passages), np.array(truth, dtype=np.bool_)))
    return gathered(found)


def gather_cuts(pages: list[TruePassages]) -> Examples:
    """Return every gap between body passages, as it is read with the learned links, with the truth."""
    known = markers.load()
    bins, truth = [], []
    for page in pages:
        odds, chosen, body = reading.read_links(
            page.draft, page.passages, page.cohesion, page.model, known, page.limits
        )
        left, right = page.article[body[:-1]], page.article[body[1:]]
        keep = (left >= 0) & (right >= 0)
        bins.append(cuts.describe(page.passages, page.cohesion, odds, body, chosen)[keep])
        truth.append((left != right)[keep])
    return np.concatenate(bins), np.concatenate(truth).astype(np.int8)


LEARNED = {
    "cuts": (cuts.GROUPS, gather_cuts),
    "kindred": (kindred.GROUPS, gather_kindred),
    "headlines": (headlines.GROUPS, gather_headlines),
}


@click.command(help=__doc__)
@click.argument("folders", nargs=-1, required=True, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--held-out", multiple=True, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("-o", "output", default=HERE, type=click.Path(path_type=Path), help="folder for links.json and cuts.json")
@click.option("--only", type=click.Choice(["links", *LEARNED]), multiple=True, help="leave the others as they are")
@click.option("--penalty", default=0.5, show_default=True, help="weight of the squares")
def main(
    folders: tuple[Path, ...], held_out: tuple[Path, ...], output: Path, only: tuple[str, ...], penalty: float
) -> None:
    """Learn and write the weights."""
    pages = list(read_pages(folders, KINDS))
    unseen = list(read_pages(held_out, KINDS))
    if not only or "links" in only:
        _learn_links(gather_links(pages), gather_links(unseen) if unseen else None, penalty, output)
        links.load_weights.cache_clear()
    for name, (groups, examples) in LEARNED.items():
        if not only or name in only:
            _learn(name, groups, examples(pages), examples(unseen) if unseen else None, penalty, output)
            cuts.load_weights.cache_clear()


def _learn_links(data: Gathered, test: Gathered | None, penalty: float, output: Path) -> None:
    """Learn the weights of pairs, say how good they are, and write them."""
    weights = learn_links(data, penalty)
    about: dict[str, Any] = {"learned_from": report_links(data, weights)}
    if test is not None:
        about["held_out"] = report_links(test, weights)
    click.echo(f"links {json.dumps(about)}")
    tree = {"about": about, "groups": readable(weights, link_witnesses.GROUPS)}
    (output / "links.json").write_text(json.dumps(tree, ensure_ascii=False, indent=1) + "\n", "utf-8")


def _learn(
    name: str,
    groups: tuple[Group, ...],
    data: Examples,
    test: Examples | None,
    penalty: float,
    output: Path,
) -> None:
    """Learn one set of weights, say how good it is, and write it."""
    weights = logistic(*data, groups, penalty)
    about: dict[str, Any] = {"learned_from": report(*data, weights)}
    if test is not None:
        about["held_out"] = report(*test, weights)
    click.echo(f"{name} {json.dumps(about)}")
    tree = {"about": about, "groups": readable(weights, groups)}
    (output / f"{name}.json").write_text(json.dumps(tree, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
