"""Plots as shapes: what templates/index.html draws as SVG. It counts nothing and writes no markup."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 360, 150  # units of the drawing
FOOT, SIDE = 22, 8  # room for the words below, and at either side


@dataclass(frozen=True, slots=True)
class Column:
    """One bar of a plot: where it stands, how large it is, and what is said of it; `label` stands at the axis."""

    x: float
    y: float
    width: float
    height: float
    label: str
    says: str


def columns(counts: Sequence[float], labels: Sequence[str], says: Sequence[str]) -> list[Column]:
    """Return upright bars, their height by the logarithm of the count, so that one stands out beside a thousand.

    >>> [round(column.height) for column in columns([0, 9, 99], ["", "", ""], ["", "", ""])]
    [0, 59, 118]
    """
    room = HEIGHT - FOOT - 10
    most = math.log10(1 + max(counts, default=0)) or 1
    step = (WIDTH - 2 * SIDE) / max(len(counts), 1)
    bars: list[Column] = []
    for number, (count, label, said) in enumerate(zip(counts, labels, says, strict=True)):
        height = room * math.log10(1 + count) / most
        x, y = SIDE + number * step, HEIGHT - FOOT - height
        bars.append(Column(round(x, 1), round(y, 1), round(step - 1, 1), round(height, 1), label, said))
    return bars


def rows(counts: Mapping[str, int]) -> list[Column]:
    """Return lying bars, one for each name, their length by the logarithm of the count."""
    room = WIDTH - 130
    most = math.log10(1 + max(counts.values(), default=0)) or 1
    step = (HEIGHT - 8) / max(len(counts), 1)
    return [
        Column(
            80,
            round(4 + number * step, 1),
            round(room * math.log10(1 + count) / most, 1),
            round(min(step - 3, 20), 1),
            name,
            f"{count:,}",
        )
        for number, (name, count) in enumerate(counts.items())
    ]
