"""What speaks for and against a paragraph break at each line end, sorted into the bins of groups.py.

Line facets describe a line (is it full, short, or short by an indent?), end facets the end of one line and the start
of the next. Nothing here weighs them: breaks.py does, with learned weights.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cleanup.document import Draft
from cleanup.language.ngrams import NGrams
from cleanup.layout import groups as g
from cleanup.layout.ends import end_kinds, first_words, pairs, start_kinds
from cleanup.layout.lines import Integers, Lines
from cleanup.layout.marks import KIND, count_marks, kinds, of_kinds
from cleanup.layout.measure import WIDEST, find_measures
from cleanup.layout.rows import find_rows
from cleanup.layout.runs import evidence

Reals = NDArray[np.float64]

MARGIN_REACH = 4  # lines before and after that share a left margin
SHARE_REACH = 6  # lines before and after among which closed ends are counted
INDENT = 4  # half em: two ideographs, GB/T 788 and every newspaper
SPACED = 0.6  # spaces a character from which a line is letter-spaced

_CLOSED, _PAUSE, _OPEN, _BARE = range(len(g.TONES))
_OVER, _FULL, _INDENTED, _SHORT, _PIECE = range(len(g.FILLINGS))
_ENDED = np.isin(np.array(g.ENDS), ("end", "end-closed", "ellipsis", "semicolon"))
_PAUSED = np.isin(np.array(g.ENDS), ("comma", "list", "colon"))
_DRAGGED = np.isin(np.array(g.STARTS), ("closed", "quote", "said", "opener"))
_NUMBERS = of_kinds("digit", "dash", "bullet", "space")


@dataclass(frozen=True, slots=True)
class Witnesses:
    """For n lines and the n - 1 ends between them, the places of their bins in g.LINES and g.ENDINGS, a row each."""

    lines: Integers
    boundaries: Integers


def gather(draft: Draft, lines: Lines, model: NGrams) -> Witnesses:
    """Return what the layout and the language say about each line and each line end."""
    count = len(lines)
    codes = draft.codes
    kind = kinds()[codes]
    slack, spaces, stops, pauses = count_marks(codes, lines.starts, lines.ends)
    end = end_kinds(kind, lines)
    start = start_kinds(kind, codes, lines)
    tone = g.TONE_OF_END[end]
    margin = _margin(lines.indent)
    indent = lines.indent - margin
    extent = lines.width - spaces // 2 + np.maximum(indent, 0)
    word = np.append(first_words(kind, lines)[1:], 2)
    measures = find_measures(extent, slack)
    values = np.stack([measures.before.value, measures.around.value, measures.after.value])
    supports = g.SUPPORT.searchsorted(
        np.stack([measures.before.support, measures.around.support, measures.after.support]), side="right"
    )
    lack = values - extent
    nearest = values[np.abs(lack).argmin(axis=0), np.arange(count)]
    room = nearest - extent - word
    fills = g.FILL.searchsorted(lack, side="right")
    rooms = g.ROOM.searchsorted(lack - word, side="right")
    letters = lines.ends - lines.starts - spaces
    spaced = (spaces > 0) + ((spaces >= SPACED * (letters - 1)) & (letters > 2))
    row, inside_row, shattered = find_rows(extent, measures.around.value, tone, start)
    filling = np.where(room < 0, _FULL, np.where(room <= INDENT, _INDENTED, _SHORT))
    filling[extent - slack > nearest + 2] = _OVER
    filling[spaced == 2] = _FULL
    if shattered:
        filling[row == 2] = _PIECE
        filling[:-1][inside_row == 2] = _PIECE
    stops -= _ENDED[end]
    pauses -= _PAUSED[end]
    inside = np.where(stops > 0, 2, (pauses > 0).astype(np.int64))
    shape = _shapes(draft, kind, lines)
    indents = int(g.INDENTED.searchsorted(np.count_nonzero(lines.indent > margin) / max(count, 1), side="right"))
    width = g.WIDTH.searchsorted(lines.width, side="right")
    broad = g.BROAD.searchsorted(lines.width, side="right")
    constant = np.ones(count, dtype=np.int64)
    line_facets = {
        "fill-before": fills[0], "fill-around": fills[1], "fill-after": fills[2],
        "fill": g.FILL.searchsorted(nearest - extent, side="right"),
        "room-before": rooms[0], "room-around": rooms[1], "room-after": rooms[2],
        "room": g.ROOM.searchsorted(room, side="right"),
        "support-before": supports[0], "support-around": supports[1], "support-after": supports[2],
        "room-next": g.NEXT.searchsorted(np.append(extent[1:], 0) - extent - word, side="right"),
        "room-near": g.NEXT.searchsorted(_widest_near(extent) - extent - word, side="right"),
        "slack": g.SLACK.searchsorted(slack, side="right"),
        "end": end, "tone": tone, "tone-before": np.append(_CLOSED, tone[:-1]), "start": start,
        "filling": filling, "filling-before": np.append(_SHORT, filling[:-1]),
        "filling-after": np.append(filling[1:], _SHORT),
        "width": width, "indent": g.INDENT.searchsorted(indent, side="right"), "margin": indents * constant,
        "spaced": spaced, "inside": inside, "closed-share": _share(tone == _CLOSED),
        "mark-share": _share(tone <= _PAUSE),
        "shape": shape, "row": row, "shattered": shattered * constant,
    }  # fmt: skip
    if count < 2:
        return Witnesses(g.LINES.places(line_facets, count), np.zeros((0, len(g.ENDINGS.groups)), dtype=np.int64))
    said = evidence(draft, lines, model)
    gap, habit, sense = _gaps(lines, tone[:-1])
    quote, quote_after, bracket, bracket_after = pairs(codes, lines)
    step = extent[1:] - extent[:-1]
    head = (tone == _BARE) & (filling >= _INDENTED) & (inside < 2)
    constant = constant[1:]
    end_facets = {
        "end": end[:-1], "start": start[1:], "tone": tone[:-1], "filling": filling[:-1], "filling-after": filling[1:],
        "witness": g.WITNESS.searchsorted(said.bond - said.opening - said.ending, side="right"),
        "bond": g.BOND.searchsorted(said.bond, side="right"),
        "opening": g.OPENING.searchsorted(said.opening, side="right"),
        "ending": g.ENDING.searchsorted(said.ending, side="right"),
        "head": head[:-1] & (filling[1:] >= _INDENTED), "taper": g.TAPER.searchsorted(step, side="right"),
        "gap": gap, "habit": habit * constant, "sense": sense,
        "quote": quote, "quote-after": quote_after, "bracket": bracket, "bracket-after": bracket_after,
        "measure-step": g.MEASURE_STEP.searchsorted(values[2, 1:] - values[0, :-1], side="right"),
        "broad": broad[:-1], "broad-after": broad[1:], "width-step": g.WIDTH_STEP.searchsorted(step, side="right"),
        "typical": g.WIDTH.searchsorted(_median(lines.width), side="right") * constant,
        "indent-step": g.INDENT_STEP.searchsorted(lines.indent[1:] - lines.indent[:-1], side="right"),
        "margin": indents * constant, "row": inside_row, "shattered": shattered * constant,
        "drag": 1 - _DRAGGED[start[1:]], "shape": shape[:-1], "shape-after": shape[1:],
    }  # fmt: skip
    return Witnesses(g.LINES.places(line_facets, count), g.ENDINGS.places(end_facets, count - 1))


def _median(values: Integers) -> int:
    middle = len(values) // 2
    return int(np.partition(values, middle)[middle])


def _share(flags: NDArray[np.bool_]) -> Integers:
    """Return, as bins of SHARE, how many of the lines near each one are flagged, itself left out."""
    total = np.concatenate([[0], np.cumsum(flags)])
    here = np.arange(len(flags))
    low, high = np.maximum(here - SHARE_REACH, 0), np.minimum(here + SHARE_REACH + 1, len(flags))
    share = (total[high] - total[low] - flags) / np.maximum(high - low - 1, 1)
    return np.asarray(g.SHARE.searchsorted(share, side="right"))


def _margin(indent: Integers) -> Integers:
    """Return the left margin around each line: the least indent of the lines near it."""
    if not indent.any():
        return indent
    padded = np.concatenate([np.repeat(indent[:1], MARGIN_REACH), indent, np.repeat(indent[-1:], MARGIN_REACH)])
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * MARGIN_REACH + 1)
    return np.asarray(windows.min(axis=1), dtype=np.int64)


def _widest_near(extent: Integers) -> Integers:
    """Return the widest of the line before, the line itself and the two after it."""
    padded = np.zeros(len(extent) + 3, dtype=np.int64)
    padded[1:-2] = np.where(extent > WIDEST, 0, extent)
    return np.maximum(np.maximum(padded[:-3], padded[1:-2]), np.maximum(padded[2:-1], padded[3:]))


def _gaps(lines: Lines, tone: Integers) -> tuple[Integers, int, Integers]:
    """Return the kind of gap at each line end, the document's habit, and how often sentences close before such gaps."""
    gap = lines.gap[1:]
    usual = _median(gap)
    found = g.GAPS.index("usual") + np.sign(gap - usual)
    if usual == 0:
        found[gap == 0] = g.GAPS.index("none")
    if lines.page.any():
        found[lines.page[1:]] = g.GAPS.index("page")
    wider = np.count_nonzero(gap > usual) / len(gap)
    habit = 1 + int(g.WIDER.searchsorted(wider, side="right")) if gap.any() else 0
    closed = np.bincount(found, tone == _CLOSED, minlength=len(g.GAPS))
    seen = np.bincount(found, minlength=len(g.GAPS))
    return found, habit, g.SENSE.searchsorted((closed + 0.2) / (seen + 1.0), side="right")[found]


def _shapes(draft: Draft, kind: NDArray[np.uint8], lines: Lines) -> Integers:
    """Return for each line whether it stands more than once, as running heads do, or is a bare number."""
    text = draft.text
    texts = [text[a:b] for a, b in zip(lines.starts.tolist(), lines.ends.tolist(), strict=True)]
    found = np.zeros(len(texts), dtype=np.int64)
    seen: dict[str, int] = {}
    for row, line in enumerate(texts):
        first = seen.setdefault(line, row)
        if first != row and len(line) > 1:
            found[first] = found[row] = g.SHAPES.index("repeated")
    outer = (kind[lines.starts], kind[lines.ends - 1])
    number = (
        _NUMBERS[outer[0]]
        & _NUMBERS[outer[1]]
        & ((outer[0] == KIND["digit"]) | (outer[1] == KIND["digit"]) | (lines.width < 14))
    )
    for row in np.flatnonzero(number).tolist():
        line = texts[row]
        if len(line) < 40 and any(c.isdigit() for c in line) and not any(c.isalpha() for c in line):
            found[row] = g.SHAPES.index("number")
    return found
