"""Learns the weights of looks.py and places.py from pages of columns whose truth is known.

    python -m cleanup.layout.learn_columns side-by-side PAGES… [--held-out PAGES]
    python -m cleanup.layout.learn_columns in-turn PAGES… [--held-out PAGES]

PAGES are folders with raw/NAME.txt and gold/NAME.json, as `python -m bench.pages` makes them. Columns side by side
(K4) make columns.json, lines of columns in turn (K5) threads.json. First the weights of what runs look like maximise
the likelihood of their true roles; then, with these looks, those of the joints that of the true successor of each run
and of its true predecessor, both less a penalty on their squares (L-BFGS). The result is the same at every run. It
writes one file.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import click
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from cleanup.decode import decode
from cleanup.document import Draft
from cleanup.language import ngrams
from cleanup.language.in_force import models_beside
from cleanup.layout import gutters, threads
from cleanup.layout.cells import Flags, Integers, Reals, lay_out
from cleanup.layout.looks import GROUPS as LOOK_GROUPS
from cleanup.layout.looks import IMPRINT, LOOK_OF_ROLE, TOLD, load_looks
from cleanup.layout.places import BESIDE, GROUPS, NEAR, weigh
from cleanup.layout.reading import PASSAGE, Stretch, passage_signs, reading_order, successors
from cleanup.rulebook import Rulebook
from cleanup.rulebook import load as load_rules

WAYS = {
    "side-by-side": ("K4", gutters.take_apart, gutters.near, gutters.WEIGHTS),
    "in-turn": ("K5", threads.take_apart, threads.near, threads.WEIGHTS),
}
RADICALS = ("simplified-radical", "kangxi-radical", "radical-supplement")  # what repair has mended before columns
ASIDE = ("caption", "credit")
PASSAGE_PENALTY = 1e-4  # of the squared weights, per joint
SIZES = [len(group.bins) for group in GROUPS]
OFFSETS = np.concatenate([[0], np.cumsum(SIZES)])


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """A stretch, the true successor of each of its runs (-1 for none), and what each truly is (TOLD).

    `inside` tells which runs go on in their own block.
    """

    name: str
    stretch: Stretch
    truth: Integers
    inside: Flags
    look: Integers


def owners(text: str, gold: dict[str, Any]) -> tuple[Integers, Integers]:
    """Return for each character of a page its block (-1: none) and its place in the block, white space left out.

    Gold names the lines of a block, not where in a line it stands: the longest piece of the block that stands there and
    is not taken is its own.
    """
    lines = text.split("\n")
    begins = np.concatenate([[0], np.cumsum([len(line) + 1 for line in lines])])
    solid = [[int(begins[n]) + k for k, c in enumerate(line) if not c.isspace()] for n, line in enumerate(lines)]
    block = np.full(len(text), -1)
    place = np.full(len(text), -1)
    blocks = [found for article in gold["articles"] for found in article["blocks"]]
    for number in sorted(range(len(blocks)), key=lambda n: -len(blocks[n]["text"])):
        rest = "".join(blocks[number]["text"].split())
        at = 0
        last_line, last_left = -9, 0
        while at < len(rest):
            best: tuple[int, list[int]] = (0, [])
            for line in dict.fromkeys(blocks[number].get("lines", ())):
                places = solid[line]
                for first, offset in enumerate(places):
                    if text[offset] != rest[at] or block[offset] >= 0:
                        continue
                    size = 0
                    while (
                        first + size < len(places)
                        and at + size < len(rest)
                        and text[places[first + size]] == rest[at + size]
                        and block[places[first + size]] < 0
                    ):
                        size += 1
                    edge = first == 0 or offset > places[first - 1] + 1
                    last = first + size == len(places) or places[first + size] > places[first + size - 1] + 1
                    left = offset - int(begins[line])
                    below = 0 < line - last_line <= NEAR and abs(left - last_left) <= BESIDE
                    worth = size + 3 * edge + 2 * last + 2 * below
                    if worth > best[0]:
                        best = (worth, places[first : first + size])
            for step, offset in enumerate(best[1]):
                block[offset], place[offset] = number, at + step
            if best[1]:
                last_line = int(np.searchsorted(begins, best[1][0], "right")) - 1
                last_left = best[1][0] - int(begins[last_line])
            at += len(best[1]) or 1
    return block, place


def look_of(gold: dict[str, Any], stretch: Stretch, block: Integers) -> Integers:
    """Return what each run truly is, given the block of each character: an index into TOLD."""
    roles = [found["role"] for article in gold["articles"] for found in article["blocks"]]
    first = [int(block[int(stretch.cells.starts[run[0]])]) for run in stretch.runs]
    return np.array([LOOK_OF_ROLE[roles[number]] if number >= 0 else IMPRINT for number in first])


def places_after(gold: dict[str, Any], block: Integers, place: Integers) -> list[tuple[int, int]]:
    """Return the block and the place in it that are read after each (block, place): in its block or in the next of its
    article; block -1 where nothing is."""
    blocks = [(number, found) for number, article in enumerate(gold["articles"]) for found in article["blocks"]]
    sizes = [len("".join(found["text"].split())) for _, found in blocks]
    following = np.full(len(blocks), -1)
    before = -1
    for number, (article, found) in enumerate(blocks):
        if found.get("placement") == "free" or found["role"] in ASIDE:
            continue
        if before >= 0 and blocks[before][0] == article:
            following[before] = number
        before = number
    after = []
    for owner, at in zip(block.tolist(), place.tolist(), strict=True):
        inside = owner >= 0 and at + 1 < sizes[owner]
        after.append((owner, at + 1) if inside else (int(following[owner]) if owner >= 0 else -1, 0))
    return after


def truth_of(gold: dict[str, Any], stretch: Stretch, block: Integers, place: Integers) -> tuple[Integers, Flags]:
    """Return the true successor of each run, and whether it is in the same block."""
    first = np.array([stretch.cells.starts[run[0]] for run in stretch.runs])
    last = np.array([stretch.cells.ends[run[-1]] - 1 for run in stretch.runs])
    begin_of = dict(zip(zip(block[first].tolist(), place[first].tolist(), strict=True), range(len(first)), strict=True))
    after = places_after(gold, block[last], place[last])
    truth = np.array([begin_of.get(found, -1) if found[0] >= 0 else -1 for found in after])
    return truth, np.array([found[1] > 0 for found in after])


def read_pages(kind: str, folders: Iterable[Path], book: Rulebook) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield the name, the text as the columns stage sees it, and the gold of each page of a kind.

    A folder that holds models is read with them.
    """
    radicals = str.maketrans({old: new for name in RADICALS for old, new in book.by_id[name].map.items()})
    for folder in folders:
        with models_beside(folder):
            for path in sorted((folder / "gold").glob(f"{kind}*.json")):
                text = decode((folder / "raw" / f"{path.stem}.txt").read_bytes())[0].translate(radicals)
                text = text.replace("\r\n", "\n").replace("\r", "\n")
                yield path.stem, text, json.loads(path.read_text("utf-8"))


def read_cases(way: str, folders: Iterable[Path], book: Rulebook) -> Iterator[Case]:
    """Yield the stretches of the pages of the folders."""
    kind, take_apart, _, _ = WAYS[way]
    for name, text, gold in read_pages(kind, folders, book):
        block, place = owners(text, gold)
        for stretch in take_apart(lay_out(Draft(text), ngrams.load(), book.limits)):
            truth, inside = truth_of(gold, stretch, block, place)
            yield Case(name, stretch, truth, inside, look_of(gold, stretch, block))


def unpack(vector: Reals) -> tuple[Reals, ...]:
    """Turn the flat vector of the optimiser into weights."""
    return tuple(vector[a:b] for a, b in pairwise(OFFSETS))


def look_loss(vector: Reals, bins: Integers, truth: Integers, penalty: float) -> tuple[float, Reals]:
    """Return the negative log-likelihood per run of its true look plus the penalty, and its gradient."""
    table = vector.reshape(-1, len(TOLD))
    odds = table[bins].sum(axis=1)
    odds -= odds.max(axis=1, keepdims=True)
    chance = np.exp(odds)
    chance /= chance.sum(axis=1, keepdims=True)
    rows = np.arange(len(truth))
    total = -float(np.log(np.maximum(chance[rows, truth], 1e-300)).mean())
    chance[rows, truth] -= 1.0
    gradient = np.zeros_like(table)
    for column in range(bins.shape[1]):
        np.add.at(gradient, bins[:, column], chance)
    flat = gradient.ravel() / len(truth) + 2 * penalty * vector
    return total + penalty * float(vector @ vector), flat


def learn_looks(cases: list[Case], penalty: float) -> tuple[tuple[Reals, ...], float]:
    """Return the weights of looks.py, and the share of runs whose look they tell."""
    sizes = [len(group.bins) for group in LOOK_GROUPS]
    offsets = np.concatenate([[0], np.cumsum(sizes)])
    bins = np.concatenate([case.stretch.described for case in cases]) + offsets[:-1]
    truth = np.concatenate([case.look for case in cases])
    start: NDArray[np.float64] = np.zeros(int(offsets[-1]) * len(TOLD))
    found = minimize(look_loss, start, args=(bins, truth, penalty), jac=True, method="L-BFGS-B")
    table = found.x.reshape(-1, len(TOLD))
    told = float((table[bins].sum(axis=1).argmax(axis=1) == truth).mean())
    return tuple(table[a:b] for a, b in pairwise(offsets)), round(told, 4)


def loss(vector: Reals, cases: list[Case], penalty: float) -> tuple[float, Reals]:
    """Return the negative log-likelihood per run plus the penalty, and its gradient."""
    weights = unpack(vector)
    gradient = np.zeros(len(vector))
    total, count = 0.0, 0
    for case in cases:
        scores = weigh(case.stretch.bins, weights)
        size = len(scores)
        np.fill_diagonal(scores, -1e9)
        target = np.zeros((size, size + 1))
        target[np.arange(size), case.truth] = 1.0  # -1 is the last column: none
        difference = np.zeros((size, size))
        for table, wanted in ((scores, target), (scores.T, _turned(case.truth))):
            padded = np.concatenate([table, np.zeros((size, 1))], axis=1)
            padded -= padded.max(axis=1, keepdims=True)
            padded = np.exp(padded)
            chance = padded / padded.sum(axis=1, keepdims=True)
            total -= float(np.log(np.maximum((chance * wanted).sum(axis=1), 1e-300)).sum())
            step = (chance - wanted)[:, :size]
            difference += step if table is scores else step.T
        count += 2 * size
        for offset, bins in zip(OFFSETS, case.stretch.bins, strict=False):
            gradient += np.bincount((bins + offset).ravel(), difference.ravel(), minlength=len(gradient))
    return total / count + penalty * float(vector @ vector), gradient / count + 2 * penalty * vector


def _turned(truth: Integers) -> Reals:
    size = len(truth)
    target = np.zeros((size, size + 1))
    known = truth >= 0
    target[truth[known], np.flatnonzero(known)] = 1.0
    target[target.sum(axis=1) == 0, size] = 1.0
    return target


def learn_passage(way: str, cases: list[Case], weights: tuple[Reals, ...], allowance: float) -> tuple[Reals, float]:
    """Return the weights of whether a run goes on with the paragraph before it, and the share they tell."""
    near = WAYS[way][2]
    rows: list[Reals] = []
    same: list[bool] = []
    for case in cases:
        before = -1
        for run, _, follows in reading_order(case.stretch, weights, allowance):
            if before >= 0 and not near(case.stretch, before, run, follows):
                rows.append(passage_signs(case.stretch, before, run, follows))
                same.append(bool(case.truth[before] == run and case.inside[before]))
            before = run
    signs, sides = np.array(rows), 2.0 * np.array(same) - 1.0

    def cost(vector: Reals) -> float:
        return float(np.logaddexp(0.0, -sides * (signs @ vector)).mean() + PASSAGE_PENALTY * vector @ vector)

    found = minimize(cost, np.zeros(len(PASSAGE)), method="L-BFGS-B").x
    return found, round(float((sides * (signs @ found) > 0).mean()), 4)


def report(cases: list[Case], weights: tuple[Reals, ...]) -> dict[str, float]:
    """Return the share of true successors found and of found ones that are true."""
    hit = said = true = 0
    for case in cases:
        after, _ = successors(weigh(case.stretch.bins, weights))
        hit += int(((after == case.truth) & (after >= 0)).sum())
        said += int((after >= 0).sum())
        true += int((case.truth >= 0).sum())
    return {"recall": round(hit / (true or 1), 4), "precision": round(hit / (said or 1), 4), "joints": true}


def looks_to_json(weights: tuple[Reals, ...]) -> dict[str, dict[str, dict[str, float]]]:
    """Return the weights of looks as readable data: a number for each named bin and look that says anything."""
    return {
        group.name: {
            name: {look: round(float(v), 3) for look, v in zip(TOLD, row, strict=True) if abs(v) >= 0.0005}
            for name, row in zip(group.bins, table, strict=True)
            if np.abs(row).max() >= 0.0005
        }
        for group, table in zip(LOOK_GROUPS, weights, strict=True)
    }


def to_json(weights: tuple[Reals, ...], head: dict[str, Any]) -> str:
    """Write the weights as readable data: a number for each named bin that says anything."""
    groups = {
        group.name: {name: round(float(v), 3) for name, v in zip(group.bins, table, strict=True) if abs(v) >= 0.0005}
        for group, table in zip(GROUPS, weights, strict=True)
    }
    return json.dumps(head | {"groups": groups}, ensure_ascii=False, indent=1) + "\n"


@click.command(help=__doc__)
@click.argument("way", type=click.Choice(sorted(WAYS)))
@click.argument("folders", nargs=-1, required=True, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--held-out", multiple=True, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--penalty", default=3e-5, show_default=True, help="of the squared weights, per run")
def main(way: str, folders: tuple[Path, ...], held_out: tuple[Path, ...], penalty: float) -> None:
    """Learn, write the weights, and say what they reach."""
    book = load_rules()
    output = WAYS[way][3]
    kept = json.loads(output.read_text("utf-8")) if output.exists() else {}
    appearance, told = learn_looks(list(read_cases(way, folders, book)), penalty)
    kept["looks"] = looks_to_json(appearance)
    kept.setdefault("groups", {})
    output.write_text(json.dumps(kept, ensure_ascii=False, indent=1), "utf-8")
    load_looks.cache_clear()
    cases = list(read_cases(way, folders, book))
    start: NDArray[np.float64] = np.zeros(int(OFFSETS[-1]))
    found = minimize(loss, start, args=(cases, penalty), jac=True, method="L-BFGS-B", options={"maxiter": 400})
    weights = unpack(found.x)
    about: dict[str, Any] = {"stretches": len(cases), "penalty": penalty, "looks": told}
    about["training"] = report(cases, weights)
    passage, about["passages"] = learn_passage(way, cases, weights, book.limits["cut-allowance"])
    kept["passage"] = {name: round(float(value), 3) for name, value in zip(PASSAGE, passage, strict=True)}
    if held_out:
        about["held out"] = report(list(read_cases(way, held_out, book)), weights)
    kept.pop("groups")
    output.write_text(to_json(weights, kept | {"about": about}), "utf-8")
    click.echo(json.dumps(about, indent=1))


if __name__ == "__main__":
    main()
