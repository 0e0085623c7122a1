"""Learns the weights of breaks.py from typeset pages whose truth is known.

    python -m cleanup.layout.learn PAGES… [--articles CORPUS…] [--held-out PAGES] [-o breaks.json]

PAGES are folders with raw/NAME.txt and gold/NAME.json, as `python -m bench.pages` makes them; a folder named twice
counts twice. The weights maximise the conditional likelihood of the true chain of joins and breaks less a penalty on
their squares (L-BFGS); the result is the same at every run. With the corpora the language model has read, every passage
is judged by a model that has not (unread.py). It writes one file and touches nothing else.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

import click
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_array

from cleanup.decode import decode
from cleanup.document import HEADLINE_ROLES, Draft
from cleanup.language import ngrams
from cleanup.language.in_force import models_beside
from cleanup.layout.breaks import SHIPPED, STATES, Weights, break_probabilities, load_weights
from cleanup.layout.facets import ENDINGS, LINES, Places
from cleanup.layout.groups import Groups
from cleanup.layout.lines import Lines, measure_lines
from cleanup.layout.unread import Unread, train_unread
from cleanup.layout.witnesses import Witnesses, gather

Reals = NDArray[np.float64]
IGNORED = -1
UNTOLD = "none"  # begins the name of a bin of what stands in no form at all
SPLIT_ROLES = HEADLINE_ROLES | {"heading"}
LEFT_OUT = ("K4", "K5")  # side by side or interleaved: the columns stage mends these before lines are joined
INTERRUPTED = 0.1  # of the lines; a page with more breaks of reading order is such a page, whatever its name


@dataclass(frozen=True, slots=True)
class Page:
    """One page for learning: its witnesses, and for each line end 1 (break), 0 (join) or IGNORED."""

    name: str
    witnesses: Witnesses
    truth: NDArray[np.int8]


def line_numbers(text: str, starts: list[int]) -> list[int]:
    """Return the numbers of the lines that begin at `starts`, counted from 0.

    >>> line_numbers("标题\\n\\n正文", [0, 4])
    [0, 2]
    """
    return list(accumulate(text.count("\n", before, start) for before, start in pairwise([0, *starts])))


def truth_of(text: str, starts: list[int], ends: list[int], gold: dict[str, Any]) -> NDArray[np.int8]:
    """Return the true decision at each line end of a page, from the line numbers its gold gives to every block.

    A line that neither a block nor the furniture owns (a reading of an extractor that could not be matched) leaves the
    ends on both its sides undecided.
    """
    numbers = line_numbers(text, starts)
    row_of = {number: row for row, number in enumerate(numbers)}
    contents = ["".join(text[a:b].split()) for a, b in zip(starts, ends, strict=True)]
    furniture = ["".join(piece.split()) for piece in gold.get("furniture", ())]
    owned = np.array([any(content in piece or piece in content for piece in furniture) for content in contents])
    truth = np.ones(max(len(numbers) - 1, 0), dtype=np.int8)
    for article in gold["articles"]:
        for block in article["blocks"]:
            rows = [row_of[n] for n in block.get("lines", ()) if n in row_of]
            owned[rows] = True
            halves = block["text"].split() if block["role"] in SPLIT_ROLES else []
            for row, following in pairwise(rows):
                if following == row + 1:
                    truth[row] = _parts_halves(contents[row], contents[following], halves)
    truth[~(owned[:-1] & owned[1:])] = IGNORED
    return truth


def interruptions(numbers: list[int], gold: dict[str, Any]) -> int:
    """Return how often something else stands between two lines of one block.

    >>> interruptions([0, 1, 2], {"articles": [{"blocks": [{"lines": [0, 2]}, {"lines": [1]}]}]})
    1
    """
    row_of = {number: row for row, number in enumerate(numbers)}
    blocks = [block.get("lines", ()) for article in gold["articles"] for block in article["blocks"]]
    rows = [[row_of[number] for number in block if number in row_of] for block in blocks]
    return sum(following != row + 1 for block in rows for row, following in pairwise(block))


def _parts_halves(line: str, following: str, halves: list[str]) -> bool:
    """Tell whether a headline breaks between two of its halves here, be a few of its characters misread.

    >>> halves = ["守一座城", "护一方人"]
    >>> _parts_halves("守一座诚", "护一方人", halves), _parts_halves("守一", "座城", halves)
    (True, False)
    """
    line, following = line.lstrip("#"), following.lstrip("#")

    def like(read: str, printed: str) -> bool:
        size = min(len(read), len(printed), 6)
        return size > 0 and sum(a == b for a, b in zip(read, printed, strict=False)) * 2 >= size

    return any(like(line[::-1][:6], a[::-1][:6]) and like(following[:6], b[:6]) for a, b in pairwise(halves))


def read_lines(folders: Iterable[Path]) -> Iterator[tuple[str, Draft, Lines, dict[str, Any]]]:
    """Yield name, text, lines and gold of the pages whose lines stand one below the other, by folder and name."""
    for folder in folders:
        with models_beside(folder):
            yield from _of_folder(folder)


def _of_folder(folder: Path) -> Iterator[tuple[str, Draft, Lines, dict[str, Any]]]:
    for path in sorted((folder / "gold").glob("*.json")):
        if path.stem.startswith(LEFT_OUT):
            continue
        gold = json.loads(path.read_text("utf-8"))
        raw = (folder / "raw" / f"{path.stem}.txt").read_bytes()
        draft = Draft(decode(raw)[0].replace("\r\n", "\n").replace("\r", "\n"))
        lines = measure_lines(draft)
        if len(lines) >= 2:
            yield path.stem, draft, lines, gold


def read_pages(folders: Iterable[Path], unread: Unread | None = None) -> Iterator[Page]:
    """Yield the pages of the folders by their names, judged by the model in force or by those that have not read them.

    Pages whose reading order is broken often are left out.
    """
    for name, draft, lines, gold in read_lines(folders):
        numbers = line_numbers(draft.text, lines.starts.tolist())
        if interruptions(numbers, gold) > INTERRUPTED * len(lines):
            continue
        judged = partial(unread.hear, numbers=numbers, gold=gold) if unread else ngrams.load()
        truth = truth_of(draft.text, lines.starts.tolist(), lines.ends.tolist(), gold)
        yield Page(name, gather(draft, lines, judged), truth)


def unpack(vector: Reals) -> Weights:
    """Turn the flat vector of the optimiser into weights."""
    split = LINES.size * len(STATES)
    return Weights(vector[:split].reshape(-1, len(STATES)), vector[split:])


class Chains:
    """All pages padded to one shape, so that a step of the forward-backward recursion runs over all of them at once."""

    def __init__(self, pages: list[Page]) -> None:
        ordered = sorted(pages, key=lambda page: len(page.witnesses.lines))
        self.groups = [_Group(ordered[a : a + 200]) for a in range(0, len(ordered), 200)]
        self.count = sum(len(page.truth) for page in pages)

    def loss(self, vector: Reals, penalty: float) -> tuple[float, Reals]:
        """Return the negative log-likelihood per line end plus the penalty, and its gradient."""
        weights = unpack(vector)
        gradient = np.zeros_like(vector)
        total = sum(group.loss(weights, unpack(gradient)) for group in self.groups)
        gradient /= self.count
        return total / self.count + penalty * float(vector @ vector), gradient + 2 * penalty * vector


class _Group:
    """Pages of about the same length: what their lines say as sparse rows, and what the truth allows."""

    def __init__(self, pages: list[Page]) -> None:
        self.length = np.array([len(page.witnesses.lines) for page in pages])
        self.rows = np.repeat(np.arange(len(pages)), self.length)
        self.columns = np.concatenate([np.arange(n) for n in self.length])
        self.inner = self.columns < self.length[self.rows] - 1
        self.lines = _rows([page.witnesses.lines for page in pages], LINES)
        self.endings = _rows([page.witnesses.endings for page in pages], ENDINGS)
        truth = np.concatenate([page.truth for page in pages])
        after = np.ones(len(self.rows), dtype=np.int64)
        before = np.ones(len(self.rows), dtype=np.int64)
        after[self.inner] = truth
        before[np.flatnonzero(self.inner) + 1] = truth
        sides = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])  # of each state: is there a break before, after
        agrees = ((before[:, None] == sides[:, 0]) | (before[:, None] == IGNORED)) & (
            (after[:, None] == sides[:, 1]) | (after[:, None] == IGNORED)
        )
        self.forbidden = np.where(agrees, 0.0, -1e4)

    def loss(self, weights: Weights, gradient: Weights) -> float:
        """Return the negative log-likelihood of the pages and add its gradient to `gradient`."""
        score = np.zeros((len(self.length), int(self.length.max()), len(STATES)))
        values = self.lines @ weights.lines
        cut = self.endings @ weights.endings
        values[self.inner, 1] += cut
        values[self.inner, 3] += cut
        score[self.rows, self.columns] = values
        free = np.zeros(len(self.length))
        difference = _forward_backward(score, self.length, free)[self.rows, self.columns]
        score[self.rows, self.columns] = values + self.forbidden
        bound = np.zeros(len(self.length))
        difference -= _forward_backward(score, self.length, bound)[self.rows, self.columns]
        gradient.lines[:] += self.lines.T @ difference
        gradient.endings[:] += self.endings.T @ (difference[:, 1] + difference[:, 3])[self.inner]
        return float(free.sum() - bound.sum())


def _rows(places: list[Places], groups: Groups) -> csr_array:
    """Return a sparse matrix with a one at each place."""
    table = np.concatenate(places)
    ones = np.ones(table.size)
    return csr_array(
        (ones, table.ravel(), np.arange(0, table.size + 1, table.shape[1])), shape=(len(table), groups.size)
    )


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


def taught(only: tuple[str, ...]) -> NDArray[np.bool_]:
    """Return which of the flat weights are learned: all, or of the end groups `only` the bins that tell something."""
    if not only:
        return np.ones(LINES.size * len(STATES) + ENDINGS.size, dtype=np.bool_)
    endings = [group.name in only and not name.startswith(UNTOLD) for group in ENDINGS.groups for name in group.bins]
    return np.concatenate([np.zeros(LINES.size * len(STATES), dtype=np.bool_), endings])


def report(pages: list[Page], weights: Weights) -> dict[str, Any]:
    """Return break precision, recall, F1 per kind of page, and how often decisions given p >= .99 are wrong."""
    found: dict[str, list[int]] = {}
    for page in pages:
        probability = break_probabilities(page.witnesses, weights)
        known = page.truth != IGNORED
        probability, truth = probability[known], page.truth[known]
        said, true = probability > 0.5, truth == 1
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

    def named(groups: Groups, table: Reals) -> dict[str, dict[str, Any]]:
        rows = iter(np.round(table, 3).tolist())
        return {
            group.name: {name: row for name, row in zip(group.bins, rows, strict=False) if np.any(row)}
            for group in groups.groups
        }

    tree = {
        "about": about,
        "states": list(STATES),
        "lines": named(LINES, weights.lines),
        "endings": named(ENDINGS, weights.endings),
    }
    text = json.dumps(tree, ensure_ascii=False, indent=1)
    return re.sub(r"\[\s+([^\[\]{}]*?)\s+\]", lambda m: "[" + " ".join(m[1].split()) + "]", text) + "\n"


def pack(weights: Weights) -> Reals:
    """Turn weights into the flat vector of the optimiser."""
    return np.concatenate([weights.lines.ravel(), weights.endings])


FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command(help=__doc__)
@click.argument("folders", nargs=-1, required=True, type=FOLDER)
@click.option("--articles", multiple=True, type=FILE, help="a corpus that the language model has read")
@click.option("--weight", multiple=True, metavar="NAME=W", help="what the language model counted a corpus")
@click.option("--held-out", multiple=True, type=FOLDER, help="pages to measure with, after learning")
@click.option("-o", "output", default=SHIPPED, type=click.Path(path_type=Path))
@click.option("--start", type=FILE, help="weights to start from; fewer steps lead to the same end")
@click.option("--penalty", default=4e-6, show_default=True, help="weight of the squares")
@click.option("--steps", default=150, show_default=True, help="most steps of L-BFGS")
@click.option("--only", multiple=True, metavar="GROUP", help="learn these ends, beside the weights there are")
def main(
    *,
    folders: tuple[Path, ...],
    articles: tuple[Path, ...],
    weight: tuple[str, ...],
    held_out: tuple[Path, ...],
    output: Path,
    start: Path | None,
    penalty: float,
    steps: int,
    only: tuple[str, ...],
) -> None:
    """Learn and write the weights."""
    counted = {name: float(value) for name, _, value in (given.partition("=") for given in weight)}
    pages = list(read_pages(folders, train_unread(articles, counted) if articles else None))
    chains = Chains(pages)
    learned, start_at = taught(only), np.zeros(LINES.size * len(STATES) + ENDINGS.size)
    start = SHIPPED if only and start is None else start
    if start is not None:
        start_at = pack(load_weights(start))

    def loss(part: Reals) -> tuple[float, Reals]:
        vector = start_at.copy()
        vector[learned] = part
        value, slope = chains.loss(vector, penalty)
        return value, slope[learned]

    options = {"maxiter": steps, "maxcor": 20}
    result = minimize(loss, start_at[learned], jac=True, method="L-BFGS-B", options=options)
    start_at[learned] = result.x
    weights = unpack(start_at)
    about: dict[str, Any] = {}
    if only and start is not None:
        about = {"beside": json.loads(start.read_text("utf-8"))["about"], "only": only}
    about |= {
        "pages": len(pages),
        "line_ends": int(sum(len(page.truth) for page in pages)),
        "penalty": penalty,
        "log_loss": round(float(result.fun), 5),
    }
    click.echo(json.dumps(report(pages, weights), indent=1))
    if held_out:
        about["held_out"] = report(list(read_pages(held_out)), weights)
        click.echo(json.dumps(about["held_out"], indent=1))
    output.write_text(to_json(weights, about), "utf-8")


if __name__ == "__main__":
    main()
