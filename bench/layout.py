"""Places simulated lines on a page of columns and reads them back the way extractors do: by drawing, row or grid.

It knows geometry only; it never changes a line's words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from bench.page import Line, Owner


@dataclass(frozen=True, slots=True)
class Placed:
    """A line at column position `x` (columns from the left, 0 first) and height `y` (body lines from the top)."""

    line: Line
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Zone:
    """A story's ground: headline lines over the whole width, body lines poured into `columns` columns."""

    head: tuple[Line, ...]
    body: tuple[Line, ...]
    columns: int


def stack(zones: Sequence[Zone], across: int, rng: Random) -> list[list[Placed]]:
    """Each column of each zone as placed lines; zones fill rows of `across` columns, side by side where they fit."""
    rows: list[list[Zone]] = []
    for zone in zones:
        if rows and sum(z.columns for z in rows[-1]) + zone.columns <= across:
            rows[-1].append(zone)
        else:
            rows.append([zone])
    strips: list[list[Placed]] = []
    top = 0.0
    for row in rows:
        left, bottom = 0, top
        for zone in row:
            y = top
            head = []
            for line in zone.head:
                head.append(Placed(line, left + 0.2, y))
                y += rng.choice((1.4, 1.8, 2.2))
            if head:
                strips.append(head)
            start = y + (0.5 if rng.random() < 0.3 else 0.0)  # bodies off the common line grid now and then
            depth = -(-len(zone.body) // zone.columns)
            for column in range(zone.columns):
                part = zone.body[column * depth : (column + 1) * depth]
                if part:
                    strips.append([Placed(line, left + column, start + n) for n, line in enumerate(part)])
            bottom = max(bottom, start + depth)
            left += zone.columns
        top = bottom + 1
    return strips


def rows(strips: Sequence[Sequence[Placed]]) -> list[Line]:
    """All lines by height, then from the left: what sorting boxes by their top edge gives."""
    placed = [p for strip in strips for p in strip]
    return [p.line for p in sorted(placed, key=lambda p: (round(p.y * 2), p.x))]


def grid(strips: Sequence[Sequence[Placed]], pitch: int, rng: Random) -> list[Line]:
    """Lines with columns side by side, `pitch` characters apart, as layout modes of fixed pitch print them."""
    by_row: dict[int, list[Placed]] = {}
    for strip in strips:
        for p in strip:
            by_row.setdefault(round(p.y), []).append(p)
    out: list[Line] = []
    for row in range(max(by_row, default=-1) + 1):
        text = ""
        owners: list[Owner] = []
        for p in sorted(by_row.get(row, []), key=lambda p: p.x):
            at = int(p.x * pitch)
            text = text.ljust(at) if len(text) + 1 < at else text + " " * rng.choice((1, 2, 3, 4)) if text else text
            text += p.line.text
            owners.extend(p.line.owners)
        out.append(Line(text, tuple(dict.fromkeys(owners))))
    return out
