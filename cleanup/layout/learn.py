"""Learns the weights of breaks.py from typeset pages whose truth is known.

    python -m cleanup.layout.learn PAGES… [--held-out PAGES] [-o breaks.json]

PAGES are folders with raw/NAME.txt and gold/NAME.json, as `python -m bench.pages` makes them. The weights maximise the
conditional likelihood of the true chain of joins and breaks less a penalty on their squares (L-BFGS); the result is the
same at every run. It writes one file and touches nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from cleanup.decode import decode
from cleanup.document import HEADLINE_ROLES, Draft
from cleanup.language import ngrams
from cleanup.layout.breaks import STATES, Weights, break_probabilities
from cleanup.layout.lines import measure_lines
from cleanup.layout.witnesses import BOUNDARY_GROUPS, LINE_GROUPS, Witnesses, gather

Reals = NDArray[np.float64]
IGNORED = -1
SPLIT_ROLES = HEADLINE_ROLES | {"heading"}
LEFT_OUT = ("K4", "K5")  # side by side or interleaved: the columns stage mends these before lines are joined


@dataclass(frozen=True, slots=True)
class Page:
    """One page for learning: its witnesses, and for each line end 1 (break), 0 (join) or IGNORED."""

    name: str
    witnesses: Witnesses
    truth: NDArray[np.int8]


def truth_of(text: str, starts: Iterable[int], ends: Iterable[int], gold: dict[str, Any]) -> NDArray[np.int8]:
    """Return the true decision at each line end of a page, from the line numbers its gold gives to every block."""
    numbers = [text.count("\n", 0, start) for start in starts]
    row_of = {number: row for row, number in enumerate(numbers)}
    contents = ["".join(text[a:b].split()) for a, b in zip(starts, ends, strict=True)]
    truth = np.ones(max(len(numbers) - 1, 0), dtype=np.int8)
    for article in gold["articles"]:
        for block in article["blocks"]:
            rows = [row_of[n] for n in block.get("lines", ()) if n in row_of]
            gaps = _spaces(block["text"]) if block["role"] in SPLIT_ROLES else frozenset()
            at = 0
            for row, following in zip(rows, rows[1:], strict=False):
                at += len(contents[row])
                if following == row + 1:
                    truth[row] = at in gaps
    return truth


def _spaces(text: str) -> frozenset[int]:
    """Return how many other characters stand before each space of the text."""
    seen, found = 0, set()
    for character in text:
        if character.isspace():
            found.add(seen)
        else:
            seen += 1
    return frozenset(found)


def read_pages(folders: Iterable[Path], model: ngrams.NGrams) -> Iterator[Page]:
    """Yield the pages of the folders in the order of their names."""
    for folder in folders:
        for path in sorted((folder / "gold").glob("*.json")):
            if path.stem.startswith(LEFT_OUT):
                continue
            gold = json.loads(path.read_text("utf-8"))
            raw = (folder / "raw" / f"{path.stem}.txt").read_bytes()
            text = decode(raw)[0].replace("\r\n", "\n").replace("\r", "\n")
            draft = Draft(text)
            lines = measure_lines(draft)
            if len(lines) < 2:
                continue
            truth = truth_of(text, lines.starts.tolist(), lines.ends.tolist(), gold)
            yield Page(path.stem, gather(draft, lines, model), truth)


LINE_SIZES = [len(group.bins) for group in LINE_GROUPS]
BOUNDARY_SIZES = [len(group.bins) for group in BOUNDARY_GROUPS]
LINE_OFFSETS = np.concatenate([[0], np.cumsum(LINE_SIZES)])
BOUNDARY_OFFSETS = np.concatenate([[0], np.cumsum(BOUNDARY_SIZES)])


def unpack(vector: Reals) -> Weights:
    """Turn the flat vector of the optimiser into weights."""
    lines = vector[: LINE_OFFSETS[-1] * len(STATES)].reshape(-1, len(STATES))
    boundaries = vector[LINE_OFFSETS[-1] * len(STATES) :]
    return Weights(
        tuple(lines[a:b] for a, b in zip(LINE_OFFSETS, LINE_OFFSETS[1:], strict=False)),
        tuple(boundaries[a:b] for a, b in zip(BOUNDARY_OFFSETS, BOUNDARY_OFFSETS[1:], strict=False)),
    )


class Chains:
    """All pages padded to one shape, so that a step of the forward-backward recursion runs over all of them at once."""

    def __init__(self, pages: list[Page]) -> None:
        self.pages = sorted(pages, key=lambda page: len(page.witnesses.lines))
        self.groups = [self.pages[a : a + 200] for a in range(0, len(self.pages), 200)]

    def loss(self, vector: Reals, penalty: float) -> tuple[float, Reals]:
        """Return the negative log-likelihood per line end plus the penalty, and its gradient."""
        weights = unpack(vector)
        gradient_lines = np.zeros((LINE_OFFSETS[-1], len(STATES)))
        gradient_boundaries = np.zeros(BOUNDARY_OFFSETS[-1])
        total = 0.0
        for group in self.groups:
            total += _group_loss(group, weights, gradient_lines, gradient_boundaries)
        count = sum(len(page.truth) for page in self.pages)
        gradient = np.concatenate([gradient_lines.ravel(), gradient_boundaries]) / count
        return total / count + penalty * float(vector @ vector), gradient + 2 * penalty * vector


def _group_loss(pages: list[Page], weights: Weights, gradient_lines: Reals, gradient_boundaries: Reals) -> float:
    size, longest = len(pages), max(len(page.witnesses.lines) for page in pages)
    score = np.zeros((size, longest, 4))
    length = np.array([len(page.witnesses.lines) for page in pages])
    line_rows = np.concatenate([np.full(n, k) for k, n in enumerate(length)])
    line_columns = np.concatenate([np.arange(n) for n in length])
    line_bins = np.concatenate([page.witnesses.lines for page in pages]).astype(np.int64)
    values = np.zeros((len(line_bins), 4))
    for column, table in enumerate(weights.lines):
        values += table[line_bins[:, column]]
    score[line_rows, line_columns] = values
    inner = line_columns < length[line_rows] - 1
    boundary_bins = np.concatenate([page.witnesses.boundaries for page in pages]).astype(np.int64)
    cut = np.zeros(len(boundary_bins))
    for column, table in enumerate(weights.boundaries):
        cut += table[boundary_bins[:, column]]
    score[line_rows[inner], line_columns[inner], 1] += cut
    score[line_rows[inner], line_columns[inner], 3] += cut
    free = np.zeros(size)
    marginal = _forward_backward(score, length, free)
    truth = np.concatenate([page.truth for page in pages])
    before = np.ones(len(line_rows), dtype=np.int64)
    after = np.ones(len(line_rows), dtype=np.int64)
    after[inner] = truth
    following = np.flatnonzero(inner) + 1
    before[following] = truth
    state = before * 2 + after
    true_score = score[line_rows, line_columns, state].sum()
    difference = marginal[line_rows, line_columns]
    difference[np.arange(len(state)), state] -= 1.0
    for column, offset in enumerate(LINE_OFFSETS[:-1]):
        np.add.at(gradient_lines, line_bins[:, column] + offset, difference)
    break_difference = (difference[:, 1] + difference[:, 3])[inner]
    for column, offset in enumerate(BOUNDARY_OFFSETS[:-1]):
        gradient_boundaries += np.bincount(
            boundary_bins[:, column] + offset, break_difference, minlength=len(gradient_boundaries)
        )
    return float(free.sum() - true_score)


def _forward_backward(score: Reals, length: NDArray[np.int64], free: Reals) -> Reals:
    """Return the marginal of each state of each line; add each chain's log partition to `free`."""
    size, longest, _ = score.shape
    top = score.max(axis=2, keepdims=True)
    factor = np.exp(score - top).reshape(size, longest, 2, 2)
    forward = np.zeros((size, longest, 2))
    forward[:, 0, 1] = 1.0
    scale = np.zeros((size, longest))
    state = forward[:, 0]
    for step in range(longest):
        forward[:, step] = state
        moved = np.einsum("ka,kab->kb", state, factor[:, step])
        final = step == length - 1
        inside = step < length
        norm = np.where(final, moved[:, 1], moved.sum(axis=1))
        norm = np.where(inside, np.maximum(norm, 1e-300), 1.0)
        scale[:, step] = norm
        free += np.where(inside, np.log(norm) + top[:, step, 0], 0.0)
        state = moved / norm[:, None]
    marginal = np.zeros((size, longest, 2, 2))
    behind = np.zeros((size, 2))
    for step in range(longest - 1, -1, -1):
        behind[step == length - 1] = (0.0, 1.0)
        here = factor[:, step] / scale[:, step, None, None]
        marginal[:, step] = forward[:, step, :, None] * here * behind[:, None, :]
        behind = np.einsum("kab,kb->ka", here, behind)
    return marginal.reshape(size, longest, 4)


def report(pages: list[Page], weights: Weights) -> dict[str, Any]:
    """Return break precision, recall, F1 per kind of page, and how often decisions given p >= .99 are wrong."""
    found: dict[str, list[int]] = {}
    for page in pages:
        probability = break_probabilities(page.witnesses, weights)
        said, true = probability > 0.5, page.truth == 1
        sure = np.maximum(probability, 1 - probability) >= 0.99
        row = np.array(
            [(said & true).sum(), said.sum(), true.sum(), sure.sum(), (sure & (said != true)).sum(), len(true)]
        )
        for kind in (page.name.split("_")[0], "all"):
            found[kind] = [int(a + b) for a, b in zip(found.get(kind, [0] * 6), row, strict=True)]
    return {
        kind: {
            "F1": round(2 * hit / (said + true or 1), 4),
            "precision": round(hit / (said or 1), 4),
            "recall": round(hit / (true or 1), 4),
            "sure": round(sure / all_, 3),
            "wrong_when_sure": round(wrong / (sure or 1), 4),
            "ends": all_,
        }
        for kind, (hit, said, true, sure, wrong, all_) in sorted(found.items())
    }


def to_json(weights: Weights, about: dict[str, Any]) -> str:
    """Write the weights as readable data: a number (four for lines) for each named bin that says anything."""

    def lines(table: Reals, bins: tuple[str, ...]) -> dict[str, list[float]]:
        return {name: [round(float(v), 3) for v in row] for name, row in zip(bins, table, strict=True) if np.any(np.abs(row) >= 0.0005)}

    def boundaries(table: Reals, bins: tuple[str, ...]) -> dict[str, float]:
        return {name: round(float(v), 3) for name, v in zip(bins, table, strict=True) if abs(v) >= 0.0005}

    tree = {
        "about": about,
        "states": list(STATES),
        "lines": {g.name: lines(t, g.bins) for g, t in zip(LINE_GROUPS, weights.lines, strict=True)},
        "boundaries": {g.name: boundaries(t, g.bins) for g, t in zip(BOUNDARY_GROUPS, weights.boundaries, strict=True)},
    }
    return json.dumps(tree, ensure_ascii=False, indent=1) + "\n"


@click.command(help=__doc__)
@click.argument("folders", nargs=-1, required=True, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--held-out", multiple=True, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("-o", "output", default=Path(__file__).with_name("breaks.json"), type=click.Path(path_type=Path))
@click.option("--penalty", default=2e-6, show_default=True, help="weight of the squares")
@click.option("--steps", default=150, show_default=True, help="most steps of L-BFGS")
def main(folders: tuple[Path, ...], held_out: tuple[Path, ...], output: Path, penalty: float, steps: int) -> None:
    """Learn and write the weights."""
    model = ngrams.load()
    pages = list(read_pages(folders, model))
    chains = Chains(pages)
    size = int(LINE_OFFSETS[-1] * len(STATES) + BOUNDARY_OFFSETS[-1])
    result = minimize(
        chains.loss, np.zeros(size), args=(penalty,), jac=True, method="L-BFGS-B", options={"maxiter": steps, "maxcor": 20}
    )
    weights = unpack(result.x)
    about: dict[str, Any] = {
        "pages": len(pages),
        "line_ends": int(sum(len(page.truth) for page in pages)),
        "penalty": penalty,
        "log_loss": round(float(result.fun), 5),
    }
    click.echo(json.dumps(report(pages, weights), indent=1))
    if held_out:
        about["held_out"] = report(list(read_pages(held_out, model)), weights)
        click.echo(json.dumps(about["held_out"], indent=1))
    output.write_text(to_json(weights, about), "utf-8")


if __name__ == "__main__":
    main()
