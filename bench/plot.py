"""Draws grouped bars as SVG. It knows nothing of what the figures mean."""

from __future__ import annotations

import math
from collections.abc import Mapping
from xml.sax.saxutils import escape

_COLOURS = ("#1b4965", "#b56576", "#e0a458", "#8d99ae", "#6d597a", "#5fa8a0", "#a3b18a", "#c9ada7", "#777777")
_WIDE, _HIGH, _LEFT, _TOP = 900, 260, 40, 30


def bars(figures: Mapping[str, Mapping[str, float]], label: str) -> str:
    """An SVG picture of figures between 0 and 1: a group of bars for each column, a colour for each row.

    >>> bars({"a": {"x": 0.5}}, "share").count("<rect")
    3
    """
    columns = sorted({c for row in figures.values() for c in row})
    group = (_WIDE - _LEFT) / max(1, len(columns))
    width = group * 0.85 / max(1, len(figures))
    parts = [f'<rect width="100%" height="100%" fill="white"/><text x="{_LEFT}" y="18">{escape(label)}</text>']
    for tick in (0, 0.25, 0.5, 0.75, 1):
        y = _TOP + _HIGH * (1 - tick)
        parts.append(
            f'<line x1="{_LEFT}" x2="{_WIDE}" y1="{y:.1f}" y2="{y:.1f}" stroke="#ddd"/>'
            f'<text x="4" y="{y + 4:.1f}">{tick:g}</text>'
        )
    for c, column in enumerate(columns):
        left = _LEFT + c * group
        parts.append(
            f'<text x="{left + group / 2:.1f}" y="{_TOP + _HIGH + 18}" text-anchor="middle">{escape(column)}</text>'
        )
        for r, (_, row) in enumerate(figures.items()):
            value = row.get(column, 0.0)
            value = 0.0 if math.isnan(value) else value
            x, high = left + group * 0.08 + r * width, _HIGH * value
            y = _TOP + _HIGH - high
            parts.append(f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{high:.1f}" fill="{_colour(r)}"/>')
    for r, name in enumerate(figures):
        x, y = _LEFT + (r % 5) * 170, _TOP + _HIGH + 40 + (r // 5) * 18
        parts.append(
            f'<rect x="{x}" y="{y - 10}" width="10" height="10" fill="{_colour(r)}"/>'
            f'<text x="{x + 14}" y="{y}">{escape(name)}</text>'
        )
    high = _TOP + _HIGH + 70
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDE} {high}" font-family="sans-serif" font-size="12">'
    )
    return head + "".join(parts) + "</svg>\n"


def _colour(row: int) -> str:
    return _COLOURS[row % len(_COLOURS)]
