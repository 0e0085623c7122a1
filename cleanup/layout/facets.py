"""What reflow asks of lines and line ends: the facets that are measured, and the groups of them weighed together.

A facet sorts every line, or every line end, into a few named bins; a group is a facet or a cross of several, and every
bin of a group has learned weights (breaks.json), kept by these names: what is renamed here is forgotten there. Nothing
is measured or decided here.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from cleanup.layout import groups as g
from cleanup.layout.groups import Edges, Groups, make_groups

Facet = NDArray[np.int64] | NDArray[np.bool_] | int  # of each line or line end, or of all of them
Places = NDArray[np.int32]

# -------------------------------------------------------------------------------------------------------- named kinds

ENDS = (*g.ENDS, "decimal")  # a stop behind a digit
STARTS = (*g.STARTS, "capital")
SHAPES = (*g.SHAPES, "signed", "credit", "bracketed")
INDENTS = ("neither", "this", "next", "both")
BESIDE = ("none", "below", "above")
DRAGS = ("mark", "word")

_TONE_OF = {
    "han": "bare", "digit": "bare", "decimal": "bare", "latin": "bare", "other": "bare", "hyphen": "open",
    "opener": "open", "comma": "pause", "list": "pause", "closer": "pause", "dash": "pause",
}  # fmt: skip
TONE_OF_END: NDArray[np.int64] = np.array([g.TONES.index(_TONE_OF.get(name, "closed")) for name in ENDS])
# what rows.py knows of starts
ROW_START: NDArray[np.int64] = np.array([g.STARTS.index(name if name in g.STARTS else "latin") for name in STARTS])


def _between(edges: Edges) -> tuple[str, ...]:
    return (f"<{edges[0]:g}", *(f"{a:g}..{b:g}" for a, b in pairwise(edges)), f">={edges[-1]:g}")


LINE_FACETS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("fill-before", "fill-around", "fill-after", "fill"), _between(g.FILL)),
    **dict.fromkeys(("room-before", "room-around", "room-after", "room"), _between(g.ROOM)),
    "support-before": _between(g.SUPPORT), "support-around": _between(g.SUPPORT), "support-after": _between(g.SUPPORT),
    "room-next": _between(g.NEXT), "room-near": _between(g.NEXT),
    "slack": _between(g.SLACK), "end": ENDS, "tone": g.TONES, "tone-before": g.TONES, "start": STARTS,
    "filling": g.FILLINGS, "filling-before": g.FILLINGS, "filling-after": g.FILLINGS,
    "width": _between(g.WIDTH), "indent": _between(g.INDENT), "margin": g.MARGINS,
    "spaced": g.SPACED, "inside": g.INSIDE,
    "closed-share": _between(g.SHARE), "mark-share": _between(g.SHARE), "shape": SHAPES, "row": g.ROWS,
    "shattered": g.SHATTERED,
}  # fmt: skip

END_FACETS: dict[str, tuple[str, ...]] = {
    "end": ENDS, "start": STARTS, "tone": g.TONES, "filling": g.FILLINGS, "filling-after": g.FILLINGS,
    "witness": _between(g.WITNESS), "bond": _between(g.BOND),
    "opening": _between(g.OPENING), "ending": _between(g.ENDING),
    "head": g.HEADS, "beside": BESIDE, "taper": _between(g.TAPER),
    "gap": g.GAPS, "habit": g.HABITS, "sense": _between(g.SENSE),
    "quote": g.PAIRS_BEFORE, "quote-after": g.PAIRS_AFTER, "bracket": g.PAIRS_BEFORE, "bracket-after": g.PAIRS_AFTER,
    "measure-step": _between(g.MEASURE_STEP), "broad": _between(g.BROAD), "broad-after": _between(g.BROAD),
    "width-step": _between(g.WIDTH_STEP), "typical": _between(g.WIDTH), "indent-step": _between(g.INDENT_STEP),
    "margin": g.MARGINS, "indents": INDENTS, "row": g.ROWS, "shattered": g.SHATTERED, "drag": DRAGS, "shape": SHAPES,
    "shape-after": SHAPES,
}  # fmt: skip

LINES = make_groups(LINE_FACETS, (
    "",
    "fill-before support-before", "fill-around support-around", "fill-after support-after",
    "room-before support-before", "room-around support-around", "room-after support-after",
    "room-next tone", "room-near tone", "room slack", "fill slack", "fill end",
    "filling-before filling filling-after tone", "tone-before tone filling",
    "width tone", "indent margin filling", "start tone", "start end", "spaced filling", "inside filling tone",
    "closed-share tone", "mark-share tone", "shape filling", "row shattered tone", "filling tone shattered",
))  # fmt: skip

ENDINGS = make_groups(END_FACETS, (
    "end start", "witness end", "witness filling filling-after", "witness head taper", "bond head beside taper",
    "bond tone filling", "opening tone filling", "ending tone filling",
    "gap habit", "gap end", "gap start", "gap sense", "quote quote-after", "bracket bracket-after",
    "measure-step", "broad broad-after", "width-step", "typical", "indent-step margin",
    "indents margin filling tone", "row shattered tone drag", "row filling-after", "shape shape-after",
))  # fmt: skip


def places(groups: Groups, facets: Mapping[str, Facet], count: int) -> Places:
    """Return, for each of `count` rows, the place of its bin in every group, counted over all bins.

    >>> spaced = make_groups({"spaced": g.SPACED, "tone": g.TONES}, ["tone", "spaced tone"])
    >>> places(spaced, {"spaced": 1, "tone": np.array([0, 3])}, 2).tolist()
    [[0, 8], [3, 11]]
    """
    table = np.ones((len(groups.facets) + 1, count))
    for row, name in enumerate(groups.facets):
        table[row] = facets[name]
    return (table.T @ groups.radix).astype(np.int32)
