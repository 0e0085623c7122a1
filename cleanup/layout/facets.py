"""What reflow asks of lines and line ends: the facets that are measured, and the groups of them weighed together.

A facet sorts every line, or every line end, into a few named bins; a group is a facet or a cross of several, and every
bin of a group has learned weights (breaks.json), kept by these names: what is renamed here is forgotten there. Nothing
is measured or decided here.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cleanup.bins import edges
from cleanup.language.openings import OPENINGS
from cleanup.layout import groups as g
from cleanup.layout.groups import make_groups

Places = NDArray[np.int32]

# -------------------------------------------------------------------------------------------------------- named kinds

ENDS = (*g.ENDS, "decimal", "signed")  # a stop behind a digit; names in brackets behind a sentence
STARTS = (*g.STARTS, "capital")
SHAPES = (*g.SHAPES, "signed", "credit", "bracketed")
INDENTS = ("neither", "this", "next", "both")
BESIDE = ("none", "below", "above")
DRAGS = ("mark", "word")
RUNS = ("none", *(f"{before} {after}" for before in ("1", "2", "3+") for after in ("0", "1", "2", "3+")))

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
    "closed-share": edges(g.SHARE), "mark-share": edges(g.SHARE), "shape": SHAPES, "row": g.PLACES,
    "shattered": g.SHATTERED,
    "step-before": edges(g.STEP), "step-after": edges(g.STEP),
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
    "shape-after": SHAPES, "run": RUNS, "opened": OPENINGS, "opens": OPENINGS, "opens-sense": edges(g.SENSE),
}  # fmt: skip

LINES = make_groups(LINE_FACETS, (
    "",
    "fill-before support-before", "fill-around support-around", "fill-after support-after",
    "room-before support-before", "room-around support-around", "room-after support-after",
    "room-next tone", "room-near tone", "room slack", "fill slack", "fill end",
    "filling-before filling filling-after tone", "tone-before tone filling",
    "width tone", "indent margin filling", "start tone", "start end", "spaced filling", "inside filling tone",
    "closed-share tone", "mark-share tone", "shape filling", "row shattered tone", "filling tone shattered",
    "step-before step-after filling tone",
))  # fmt: skip

ENDINGS = make_groups(END_FACETS, (
    "end start", "end filling", "start filling tone", "run beside taper",
    "witness end", "witness filling filling-after", "witness head taper", "bond head beside taper",
    "bond tone filling", "opening tone filling", "ending tone filling",
    "gap habit", "gap end", "gap start", "gap sense", "quote quote-after", "bracket bracket-after",
    "measure-step", "broad broad-after", "width-step", "typical", "indent-step margin",
    "indents margin filling tone", "row shattered tone drag", "row filling-after", "shape shape-after",
    "opened tone filling", "opened opens filling", "opens tone filling", "opens opens-sense tone",
    "opens gap habit", "opens indents margin",
))  # fmt: skip
