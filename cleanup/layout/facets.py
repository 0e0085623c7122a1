"""What reflow asks of lines and line ends: the facets that are measured, and the groups of them weighed together.

A facet sorts every line, or every line end, into a few named bins; a group is a facet or a cross of several, and every
bin of a group has learned weights (breaks.json), kept by these names: what is renamed here is forgotten there. Nothing
is measured or decided here.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from cleanup.bins import edges
from cleanup.layout import groups as g
from cleanup.layout.groups import Groups, make_groups

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


LINE_FACETS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("fill-before", "fill-around", "fill-after", "fill"), edges(g.FILL)),
    **dict.fromkeys(("room-before", "room-around", "room-after", "room"), edges(g.ROOM)),
    "support-before": edges(g.SUPPORT), "support-around": edges(g.SUPPORT), "support-after": edges(g.SUPPORT),
    "room-next": edges(g.NEXT), "room-near": edges(g.NEXT),
    "slack": edges(g.SLACK), "end": ENDS, "tone": g.TONES, "tone-before": g.TONES, "start": STARTS,
    "filling": g.FILLINGS, "filling-before": g.FILLINGS, "filling-after": g.FILLINGS,
    "width": edges(g.WIDTH), "indent": edges(g.INDENT), "margin": g.MARGINS,
    "spaced": g.SPACED, "inside": g.INSIDE,
    "closed-share": edges(g.SHARE), "mark-share": edges(g.SHARE), "shape": SHAPES, "row": g.ROWS,
    "shattered": g.SHATTERED,
}  # fmt: skip

END_FACETS: dict[str, tuple[str, ...]] = {
    "end": ENDS, "start": STARTS, "tone": g.TONES, "filling": g.FILLINGS, "filling-after": g.FILLINGS,
    "witness": edges(g.WITNESS), "bond": edges(g.BOND),
    "opening": edges(g.OPENING), "ending": edges(g.ENDING),
    "head": g.HEADS, "beside": BESIDE, "taper": edges(g.TAPER),
    "gap": g.GAPS, "habit": g.HABITS, "sense": edges(g.SENSE),
    "quote": g.PAIRS_BEFORE, "quote-after": g.PAIRS_AFTER, "bracket": g.PAIRS_BEFORE, "bracket-after": g.PAIRS_AFTER,
    "measure-step": edges(g.MEASURE_STEP), "broad": edges(g.BROAD), "broad-after": edges(g.BROAD),
    "width-step": edges(g.WIDTH_STEP), "typical": edges(g.WIDTH), "indent-step": edges(g.INDENT_STEP),
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
