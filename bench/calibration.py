"""Holds the probabilities of joins and breaks against the truth of pages: of decisions given p, how many are right.

`python -m bench.calibration --pages DIR` looks at pages whose lines stand in reading order; it changes nothing.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import click

BINS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1.0)
IN_ORDER = ("K1", "K2", "K6", "book", "fixed", "single")


def truth_of(gold: dict[str, Any], filled: list[int]) -> dict[int, bool]:
    """For each filled raw line, whether the next filled line goes on with the same paragraph.

    Lines no block owns, and lines two blocks share, are left out.

    >>> truth_of({"articles": [{"blocks": [{"lines": [0, 2]}, {"lines": [3]}]}]}, [0, 2, 3])
    {0: True, 2: False}
    """
    owner: dict[int, tuple[int, int, int]] = {}
    shared: set[int] = set()
    for a, article in enumerate(gold["articles"]):
        for b, block in enumerate(article["blocks"]):
            for at, line in enumerate(block.get("lines", ())):
                shared.update({line} & owner.keys())
                owner[line] = (a, b, at)
    out: dict[int, bool] = {}
    for line, after in pairwise(filled):
        if line in owner and after in owner and not {line, after} & shared:
            (a, b, at), nxt = owner[line], owner[after]
            out[line] = nxt == (a, b, at + 1)
    return out


def decisions(data: bytes, encoding: str) -> Iterator[tuple[int, bool, float]]:
    """(raw line, joined to the next, probability) for every line end that reflow decided on."""
    import cleanup
    from cleanup.edits import Layer
    from cleanup.pipeline import trace

    document = cleanup.clean(data)
    starts = [0]
    for line in document.original.split("\n")[:-1]:
        starts.append(starts[-1] + len(line) + 1)
    before: list[Any] = []
    for layer in document.layers:
        if isinstance(layer, Layer) and layer.stage == "reflow":
            break
        before.append(layer)
    else:
        layer = None
    made = [(edit.start, True, edit.confidence) for edit in layer] if layer is not None else []
    made += [(boundary.at, False, boundary.confidence) for boundary in document.breaks]
    for at, joined, p in made:
        spans = trace(before, [(max(0, at - 1), at)])[0]
        yield bisect_right(starts, spans[0][0] if spans else at) - 1, joined, p


@click.command()
@click.option("--pages", type=click.Path(exists=True, path_type=Path), required=True)
def main(pages: Path) -> None:
    """Print, by probability, how many joins and breaks there are and how many are wrong."""
    tally: dict[tuple[bool, float], list[int]] = defaultdict(lambda: [0, 0])
    for path in sorted((pages / "gold").glob("*.json")):
        if path.stem.split("_")[0] not in IN_ORDER:
            continue
        gold = json.loads(path.read_text("utf-8"))
        data = sorted((pages / "raw").glob(f"{path.stem}*.txt"))[0].read_bytes()
        lines = data.decode(gold["encoding"], errors="replace").replace("\r\n", "\n").split("\n")
        truth = truth_of(gold, [n for n, line in enumerate(lines) if line.strip()])
        for line, joined, p in decisions(data, gold["encoding"]):
            if line in truth:
                bin_ = max((b for b in BINS if b <= p), default=0.0)
                tally[joined, bin_][0] += 1
                tally[joined, bin_][1] += truth[line] != joined
    click.echo(f"{'decision':9} {'p from':>7} {'made':>8} {'wrong':>7} {'share':>8}")
    for joined in (True, False):
        for bin_ in sorted({b for j, b in tally if j == joined}):
            made, wrong = tally[joined, bin_]
            click.echo(f"{'join' if joined else 'break':9} {bin_:7.2f} {made:8} {wrong:7} {wrong / made:8.4f}")
    sure = [v for (_, b), v in tally.items() if b >= 0.99]
    if sure:
        made, wrong = (sum(v[k] for v in sure) for k in (0, 1))
        click.echo(f"at p >= .99: {made} decisions, {100 * wrong / made:.2f} % wrong")


if __name__ == "__main__":
    main()
