"""What speaks for and against a paragraph break at each line end, sorted into the bins of facets.py.

Line facets describe a line (is it full, short, or short by an indent?), end facets the end of one line and the start
of the next. Nothing here weighs them: breaks.py does, with learned weights.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial

import numpy as np
from numpy.typing import NDArray

from cleanup import rulebook
from cleanup.document import Draft
from cleanup.language.characters import members
from cleanup.language.ngrams import NGrams
from cleanup.language.openings import openings
from cleanup.layout import facets as f
from cleanup.layout import groups as g
from cleanup.layout.ends import end_kinds, pairs, start_kinds
from cleanup.layout.geometry import Geometry, beside, measure_filling, widest_near
from cleanup.layout.lines import Integers, Lines
from cleanup.layout.marks import count_marks, kinds, of_kinds
from cleanup.layout.runs import Evidence, evidence

Hear = Callable[[Draft, Lines], Evidence]

SHARE_REACH = 6  # lines before and after among which closed ends are counted
SIGN = 40  # characters; no byline or credit is longer
BRACKETS = "（()）"
STRETCH = 1 << 13  # lines looked at together
NOTHING = np.zeros(1, dtype=np.int64)  # stands before the first line and after the last
SEAM = 32  # lines known on either side of a stretch; more than any window reaches

_CLOSED, _PAUSE, _OPEN, _BARE = range(len(g.TONES))
_SHORT = g.FILLINGS.index("short")
_ENDED = np.isin(np.array(f.ENDS), ("end", "end-closed", "ellipsis", "semicolon"))
_PAUSED = np.isin(np.array(f.ENDS), ("comma", "list", "colon"))
_DRAGGED = np.isin(np.array(f.STARTS), ("closed", "quote", "said", "opener"))
_NUMBERS = of_kinds("digit", "dash", "bullet", "space")


@dataclass(frozen=True, slots=True)
class Witnesses:
    """For n lines and the n - 1 ends between them, the places of their bins in f.LINES and f.ENDINGS, a row each."""

    lines: f.Places
    endings: f.Places


@dataclass(frozen=True, slots=True)
class _Edges:
    """Of each line: the kinds of its end and start, its tone, what is inside it, its shape."""

    end: Integers
    start: Integers
    tone: Integers
    inside: Integers
    shape: Integers


def gather(draft: Draft, lines: Lines, judge: NGrams | Hear) -> Witnesses:
    """Return what the layout says about each line and line end, and what a language model or its stand-in hears there.

    A text of very many lines is looked at in stretches, so that memory stays bounded; habits are those of a stretch.
    """
    count = len(lines)
    hear = partial(evidence, model=judge) if isinstance(judge, NGrams) else judge
    if count <= STRETCH + 2 * SEAM:
        return _gather(draft, lines, hear)
    parts = []
    for first in range(0, count, STRETCH):
        low, high = max(first - SEAM, 0), min(first + STRETCH + SEAM, count)
        begin, end = int(lines.starts[low]), int(lines.ends[high - 1])
        rows = slice(low, high)
        stretch = Lines(
            starts=lines.starts[rows] - begin,
            ends=lines.ends[rows] - begin,
            width=lines.width[rows],
            indent=lines.indent[rows],
            gap=lines.gap[rows],
            page=lines.page[rows],
        )
        seen = _gather(Draft(draft.text[begin:end]), stretch, hear)
        own = slice(first - low, first - low + min(STRETCH, count - first))
        parts.append(Witnesses(seen.lines[own], seen.endings[own]))
    return Witnesses(np.concatenate([part.lines for part in parts]), np.concatenate([part.endings for part in parts]))


def _gather(draft: Draft, lines: Lines, hear: Hear) -> Witnesses:
    kind = kinds().take(draft.codes)
    slack, spaces, stops, pauses = count_marks(draft.codes, lines.starts, lines.ends)
    end = end_kinds(kind, lines.starts, lines.ends)
    start = start_kinds(kind, draft.codes, lines)
    stops -= _ENDED[end]
    pauses -= _PAUSED[end]
    inside = np.where(stops > 0, 2, (pauses > 0).astype(np.int64))
    edges = _Edges(end, start, f.TONE_OF_END[end], inside, _shapes(draft, kind, lines))
    geometry = measure_filling(kind, lines, slack=slack, spaces=spaces, tone=edges.tone, start=start)
    return Witnesses(
        f.LINES.places(_line_facets(lines, edges, geometry, slack), len(lines)),
        f.ENDINGS.places(_end_facets(draft, lines, edges, geometry, hear), max(len(lines) - 1, 0)),
    )


def _sort(edges: g.Edges, values: NDArray[np.generic]) -> Integers:
    return np.asarray(edges.searchsorted(values, side="right"))


def _line_facets(lines: Lines, edges: _Edges, geometry: Geometry, slack: Integers) -> dict[str, g.Facet]:
    tone, filling, extent = edges.tone, geometry.filling, geometry.extent
    fill, room, support = _sort(g.FILL, geometry.lack), _sort(g.ROOM, geometry.room), _sort(g.SUPPORT, geometry.support)
    needed = extent + geometry.word
    width = _sort(g.WIDTH, lines.width)
    closed, marked = _shares(np.stack([tone == _CLOSED, tone <= _PAUSE]))
    bounded = np.concatenate([NOTHING, extent, NOTHING])
    steps = _sort(g.STEP, bounded[1:] - bounded[:-1])
    return {
        "fill-before": fill[0], "fill-around": fill[1], "fill-after": fill[2], "fill": fill[3],
        "room-before": room[0], "room-around": room[1], "room-after": room[2], "room": room[3],
        "support-before": support[0], "support-around": support[1], "support-after": support[2],
        "room-next": _sort(g.NEXT, bounded[2:] - needed),
        "room-near": _sort(g.NEXT, widest_near(extent) - needed),
        "slack": _sort(g.SLACK, slack), "end": edges.end, "start": edges.start,
        "tone": tone, "tone-before": np.append(_CLOSED, tone[:-1]),
        "filling": filling, "filling-before": np.append(_SHORT, filling[:-1]),
        "filling-after": np.append(filling[1:], _SHORT),
        "width": width, "indent": _sort(g.INDENT, geometry.indent), "margin": _margins(geometry, tone),
        "spaced": geometry.spaced, "inside": edges.inside, "shape": edges.shape,
        "closed-share": closed, "mark-share": marked,
        "row": geometry.row, "shattered": geometry.shattered,
        "step-before": steps[:-1], "step-after": steps[1:],
    }  # fmt: skip


def _end_facets(draft: Draft, lines: Lines, edges: _Edges, geometry: Geometry, hear: Hear) -> dict[str, g.Facet]:
    if len(lines) < 2:
        return dict.fromkeys(f.ENDINGS.facets, 0)
    tone, filling, indent = edges.tone, geometry.filling, geometry.indent
    said = hear(draft, lines)
    gap, habit, sense = _gaps(lines, tone[:-1])
    quote, quote_after, bracket, bracket_after = pairs(draft.codes, lines)
    step = geometry.extent[1:] - geometry.extent[:-1]
    unfilled = filling >= g.FILLINGS.index("indent")
    head = (tone == _BARE) & unfilled & (edges.inside < g.INSIDE.index("sentences"))
    broad = _sort(g.BROAD, lines.width)
    opened = openings(draft.codes, lines.starts, lines.ends)
    return {
        "end": edges.end[:-1], "start": edges.start[1:], "tone": tone[:-1],
        "filling": filling[:-1], "filling-after": filling[1:],
        "witness": _sort(g.WITNESS, said.bond - said.opening - said.ending),
        "bond": _sort(g.BOND, said.bond), "opening": _sort(g.OPENING, said.opening),
        "ending": _sort(g.ENDING, said.ending),
        "head": head[:-1] & unfilled[1:], "beside": beside(geometry.extent, geometry.word),
        "taper": _sort(g.TAPER, step), "width-step": _sort(g.WIDTH_STEP, step),
        "gap": gap, "habit": habit, "sense": sense,
        "quote": quote, "quote-after": quote_after, "bracket": bracket, "bracket-after": bracket_after,
        "measure-step": _sort(g.MEASURE_STEP, geometry.step), "broad": broad[:-1], "broad-after": broad[1:],
        "typical": int(g.WIDTH.searchsorted(_median(lines.width), side="right")),
        "indent-step": _sort(g.INDENT_STEP, lines.indent[1:] - lines.indent[:-1]), "margin": _margins(geometry, tone),
        "indents": (indent[:-1] > 0) + 2 * (indent[1:] > 0),
        "row": geometry.inside_row, "shattered": geometry.shattered, "drag": 1 - _DRAGGED[edges.start[1:]],
        "shape": edges.shape[:-1], "shape-after": edges.shape[1:], "run": _runs(head),
        "opened": opened[:-1], "opens": opened[1:], "opens-sense": _closed_before(opened[1:], tone[:-1]),
    }  # fmt: skip


def _runs(head: NDArray[np.bool_]) -> Integers:
    """Return for each line end how many lines in a row look like headlines up to it and from it on (RUNS).

    >>> [f.RUNS[run] for run in _runs(np.array([False, True, True, False]))]
    ['none', '1 1', '2 0']
    """
    here = np.arange(len(head))
    before = here - np.maximum.accumulate(np.where(head, -1, here))
    after = np.minimum.accumulate(np.where(head, len(head), here)[::-1])[::-1] - here
    return np.where(head[:-1], 4 * np.minimum(before[:-1], 3) + np.minimum(after[1:], 3) - 3, 0)


def _margins(geometry: Geometry, tone: Integers) -> int:
    """Return how often paragraphs of the document open with an indent, an index into MARGINS.

    Full lines behind a short one that closes a sentence open one for sure; half a line without an indent is added.
    """
    if not g.INDENTED.searchsorted(geometry.indented, side="right"):
        return 0
    sure = (tone[:-1] == _CLOSED) & (geometry.filling[:-1] == _SHORT) & (geometry.filling[1:] != _SHORT)
    share = np.count_nonzero(sure & (geometry.indent[1:] > 0)) / (np.count_nonzero(sure) + 0.5)
    return 1 + int(g.OPENED.searchsorted(share, side="right"))


def _median(values: Integers) -> int:
    middle = len(values) // 2
    return int(np.partition(values, middle)[middle])


def _shares(flags: NDArray[np.bool_]) -> Integers:
    """Return, as bins of SHARE, how many of the lines near each one bear each of the flags, itself left out."""
    kinds, count = flags.shape
    window = 2 * SHARE_REACH + 1
    borne = np.zeros((kinds + 1, count + window), dtype=np.int64)
    here = borne[:, SHARE_REACH + 1 : SHARE_REACH + 1 + count]
    here[:kinds], here[kinds] = flags, 1  # every line is a line: the last row counts them
    total = borne.cumsum(axis=1)
    near = total[:, window:] - total[:, :-window] - here
    return _sort(g.SHARE, near[:kinds] / np.maximum(near[kinds], 1))


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
    return found, habit, _closed_before(found, tone)


def _closed_before(kinds: Integers, tone: Integers) -> Integers:
    """Return for each line end how often sentences close before what is of its kind, as bins of SENSE."""
    closed, seen = np.bincount(kinds, tone == _CLOSED), np.bincount(kinds)
    # a kind seen but once or twice says little: a fifth of one closed sentence is added to one
    return _sort(g.SENSE, (closed + 0.2) / (seen + 1.0))[kinds]


def _shapes(draft: Draft, kind: NDArray[np.uint8], lines: Lines) -> Integers:
    """Return for each line whether it stands repeatedly, is a bare number, or has the form of a byline or credit."""
    text, codes = draft.text, draft.codes
    texts = [text[start:end] for start, end in zip(lines.starts.tolist(), lines.ends.tolist(), strict=True)]
    found = np.zeros(len(texts), dtype=np.int64)
    if len(set(texts)) < len(texts):
        seen: dict[str, int] = {}
        for row, line in enumerate(texts):
            first = seen.setdefault(line, row)
            if first != row and len(line) > 1:
                found[first] = found[row] = f.SHAPES.index("repeated")
    forms = _forms()
    limit = lines.ends - 1
    number = _NUMBERS.take(kind.take(lines.starts)) & _NUMBERS.take(kind.take(limit))
    likely = forms.first.take(codes.take(lines.starts)) | forms.last.take(codes.take(limit)) | number
    for row in (likely & (lines.ends - lines.starts < SIGN)).nonzero()[0].tolist():
        line = texts[row]
        if line.endswith(forms.credit_ends):
            found[row] = f.SHAPES.index("credit")
        elif line.startswith(forms.byline_starts):
            found[row] = f.SHAPES.index("signed")
        elif line[0] in BRACKETS and line[-1] in BRACKETS:
            found[row] = f.SHAPES.index("bracketed")
        elif number[row] and any(c.isdigit() for c in line) and not any(c.isalpha() for c in line):
            found[row] = f.SHAPES.index("number")
    return found


@dataclass(frozen=True, slots=True)
class _Forms:
    """The words that bylines begin and credits end with, and tables of the outermost characters of such lines."""

    byline_starts: tuple[str, ...]
    credit_ends: tuple[str, ...]
    first: NDArray[np.bool_]
    last: NDArray[np.bool_]


@cache
def _forms() -> _Forms:
    tables = rulebook.load().tables
    starts, ends = tables["byline-starts"], tables["credit-ends"]
    first, last = "".join(word[0] for word in starts), "".join(word[-1] for word in ends)
    return _Forms(starts, ends, members(first + BRACKETS), members(last + BRACKETS))
