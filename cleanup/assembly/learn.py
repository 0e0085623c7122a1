"""Learns the weights of roles.py from typeset pages whose truth is known.

    python -m cleanup.assembly.learn PAGES… [--held-out PAGES] [-o roles.json]

The weights maximise the conditional likelihood of the true roles less a penalty on their squares (L-BFGS); the result
is the same at every run. It writes one file and touches nothing else.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_array

from cleanup import markers
from cleanup.assembly.pages import read_pages
from cleanup.assembly.role_witnesses import ALIKE, UNTOLD, describe, groups
from cleanup.assembly.roles import LABEL, LABELS, RoleWeights, load_weights, role_probabilities
from cleanup.bins import Group, readable

Reals = NDArray[np.float64]
SHIPPED = Path(__file__).with_name("roles.json")
KINDS = ("K1", "K2", "K3", "K6", "K7", "single", "book", "forms", "fixed")


@dataclass(frozen=True, slots=True)
class Example:
    """One page for learning: the bins of its passages and their true labels."""

    name: str
    bins: NDArray[np.int64]
    truth: NDArray[np.int64]


def examples(folders: tuple[Path, ...]) -> list[Example]:
    """Read the pages of the folders and describe their passages."""
    return [
        Example(
            page.name,
            describe(page.passages, page.cohesion, page.model).astype(np.int64),
            np.array([LABEL[name] for name in page.label], dtype=np.int64),
        )
        for page in read_pages(folders, KINDS)
    ]


class Chains:
    """All pages, padded in batches of like length so that one step of the recursion runs over a whole batch."""

    BATCH = 250

    def __init__(self, pages: list[Example], sizes: list[int]) -> None:
        ordered = sorted(pages, key=lambda page: len(page.truth))
        self.batches = [ordered[a : a + self.BATCH] for a in range(0, len(ordered), self.BATCH)]
        self.offsets = np.concatenate([[0], np.cumsum(sizes)])
        self.count = sum(len(page.truth) for page in pages)
        self.size = int(self.offsets[-1]) * len(LABELS) + len(LABELS) ** 2

    def unpack(self, vector: Reals) -> RoleWeights:
        """Turn the flat vector of the optimiser into weights."""
        table = vector[: -(len(LABELS) ** 2)].reshape(-1, len(LABELS))
        pairs = zip(self.offsets, self.offsets[1:], strict=False)
        return RoleWeights(
            tuple(table[a:b] for a, b in pairs), vector[-(len(LABELS) ** 2) :].reshape(len(LABELS), len(LABELS))
        )

    def pack(self, weights: RoleWeights) -> Reals:
        """Turn weights into the flat vector of the optimiser."""
        return np.concatenate([np.concatenate(weights.groups).ravel(), weights.transitions.ravel()])

    def loss(self, vector: Reals, penalty: float) -> tuple[float, Reals]:
        """Return the negative log-likelihood per passage plus the penalty, and its gradient."""
        table = vector[: -(len(LABELS) ** 2)].reshape(-1, len(LABELS))
        transitions = vector[-(len(LABELS) ** 2) :].reshape(len(LABELS), len(LABELS))
        gradient, gradient_pairs = np.zeros_like(table), np.zeros_like(transitions)
        total = sum(self._batch(batch, table, transitions, gradient, gradient_pairs) for batch in self.batches)
        flat = np.concatenate([gradient.ravel(), gradient_pairs.ravel()]) / self.count
        return total / self.count + penalty * float(vector @ vector), flat + 2 * penalty * vector

    def _batch(
        self, pages: list[Example], table: Reals, transitions: Reals, gradient: Reals, gradient_pairs: Reals
    ) -> float:
        size, longest, kinds = len(pages), max(len(page.truth) for page in pages), len(LABELS)
        length = np.array([len(page.truth) for page in pages])
        rows = np.repeat(np.arange(size), length)
        columns = np.concatenate([np.arange(n) for n in length])
        bins = np.concatenate([page.bins for page in pages]) + self.offsets[:-1]
        truth = np.concatenate([page.truth for page in pages])
        values = table[bins].sum(axis=1)
        score = np.zeros((size, longest, kinds))
        score[rows, columns] = values
        top = score.max(axis=2, keepdims=True)
        factor = np.exp(score - top)
        step = np.exp(transitions)
        forward = np.zeros((size, longest, kinds))
        norms = np.ones((size, longest))
        state = np.ones((size, kinds))
        for place in range(longest):
            moved = (state @ step if place else state) * factor[:, place]
            norm = moved.sum(axis=1)
            forward[:, place] = moved / norm[:, None]
            norms[:, place] = norm
            state = forward[:, place]
        inside = np.arange(longest) < length[:, None]
        free = float((np.log(norms) + top[:, :, 0])[inside].sum())
        behind = np.ones((size, kinds))
        marginal = np.zeros((size, longest, kinds))
        expected = np.zeros_like(transitions)
        for place in range(longest - 1, -1, -1):
            behind = np.where((place >= length - 1)[:, None], 1.0, behind)
            both = forward[:, place] * behind
            marginal[:, place] = both / both.sum(axis=1, keepdims=True)
            if place:
                ahead = factor[:, place] * behind / norms[:, place, None]
                active = (place < length)[:, None]
                pair = forward[:, place - 1].T @ np.where(active, ahead, 0.0)
                expected += pair * step
                behind = ahead @ step.T
        true_score = float(values[np.arange(len(truth)), truth].sum())
        inner = np.flatnonzero(columns[1:] == columns[:-1] + 1)
        true_score += float(transitions[truth[inner], truth[inner + 1]].sum())
        difference = marginal[rows, columns]
        difference[np.arange(len(truth)), truth] -= 1.0
        for column in range(bins.shape[1]):
            for kind in range(kinds):
                gradient[:, kind] += np.bincount(bins[:, column], difference[:, kind], minlength=len(gradient))
        gradient_pairs += expected
        np.subtract.at(gradient_pairs, (truth[inner], truth[inner + 1]), 1.0)
        return free - true_score


def spread_over(known: tuple[Group, ...], only: tuple[str, ...]) -> csr_array:
    """Return which weights each number that is learned goes to, shape (weights, numbers).

    Of a group of ALIKE its labels share one number in each bin; of it, and of groups learned beside others, nothing is
    learned of a bin that tells nothing.
    `only`: the groups to be learned, all and the transitions where none is named.
    """
    rows: list[list[int]] = []
    first = 0
    for group in known:
        learned = not only or group.name in only
        for name in group.bins:
            if not learned or (name.startswith(UNTOLD) and (only or group.name in ALIKE)):
                pass
            elif group.name not in ALIKE:
                rows += ([first + label] for label in range(len(LABELS)))
            else:
                rows.append([first + LABEL[label] for label in ALIKE[group.name]])
            first += len(LABELS)
    if not only:
        rows += ([first + pair] for pair in range(len(LABELS) ** 2))
    columns = np.repeat(np.arange(len(rows)), [len(row) for row in rows])
    flat = np.array([place for row in rows for place in row])
    return csr_array((np.ones(len(flat)), (flat, columns)), (first + len(LABELS) ** 2, len(rows)))


def report(pages: list[Example], weights: RoleWeights) -> dict[str, Any]:
    """Return the F1 of each label, counted in passages."""
    table = np.zeros((len(LABELS), len(LABELS)), dtype=np.int64)
    for page in pages:
        np.add.at(table, (page.truth, role_probabilities(page.bins.astype(np.int16), weights).argmax(axis=1)), 1)
    result: dict[str, Any] = {}
    for number, name in enumerate(LABELS):
        true, said = int(table[number].sum()), int(table[:, number].sum())
        missed = {LABELS[k]: int(v) for k, v in enumerate(table[number]) if v and k != number}
        result[name] = {"F1": round(2 * int(table[number, number]) / (true + said or 1), 4), "true": true, **missed}
    return result


@click.command(help=__doc__)
@click.argument("folders", nargs=-1, required=True, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--held-out", multiple=True, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("-o", "output", default=SHIPPED, type=click.Path(path_type=Path))
@click.option("--penalty", default=1e-5, show_default=True, help="weight of the squares")
@click.option("--steps", default=120, show_default=True, help="most steps of L-BFGS")
@click.option("--only", multiple=True, metavar="GROUP", help="learn this group, beside the weights there are")
def main(
    folders: tuple[Path, ...],
    held_out: tuple[Path, ...],
    output: Path,
    only: tuple[str, ...],
    *,
    penalty: float,
    steps: int,
) -> None:
    """Learn and write the weights."""
    known = groups(markers.load())
    pages = examples(folders)
    chains = Chains(pages, [len(group.bins) for group in known])
    spread, start = spread_over(known, only), np.zeros(chains.size)
    about: dict[str, Any] = {}
    if only:
        start = chains.pack(load_weights(markers.load()))
        about = {"beside": json.loads(SHIPPED.read_text("utf-8"))["about"], "only": only}
        start[abs(spread).sum(axis=1) > 0] = 0.0

    def loss(learned: Reals) -> tuple[float, Reals]:
        value, slope = chains.loss(start + spread @ learned, penalty)
        return value, spread.T @ slope

    options = {"maxiter": steps, "maxcor": 20}
    result = minimize(loss, np.zeros(spread.shape[1]), jac=True, method="L-BFGS-B", options=options)
    weights = chains.unpack(start + spread @ result.x)
    about |= {"pages": len(pages), "passages": chains.count, "log_loss": round(float(result.fun), 5)}
    if held_out:
        about["held_out"] = report(examples(held_out), weights)
        click.echo(json.dumps(about["held_out"], indent=1))
    tree = {
        "about": about,
        "labels": LABELS,
        "transitions": np.round(weights.transitions, 3).tolist(),
        "groups": readable(weights.groups, known),
    }
    lines = json.dumps(tree, ensure_ascii=False, indent=1)
    output.write_text(lines + "\n", "utf-8")


if __name__ == "__main__":
    main()
