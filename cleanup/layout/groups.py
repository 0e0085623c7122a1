"""The edges and the named kinds that lines are sorted by, and groups: crosses of facets, a bin for each combination.

Which facets are asked and which crosses are weighed stands in facets.py. Nothing is measured or decided here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from math import prod

import numpy as np
from numpy.typing import NDArray

from cleanup import bins
from cleanup.bins import Group

Edges = NDArray[np.int64] | NDArray[np.float64]
Counts = NDArray[np.int32]
Facet = NDArray[np.int64] | NDArray[np.bool_] | int  # of each line or line end, or of all of them

# ------------------------------------------------------------------------------------------- edges of measured numbers

FILL: Edges = np.array((-9, -5, -3, -1, 1, 2, 3, 5, 7, 11, 17, 27))  # half em missing to the measure
ROOM: Edges = np.array(
    (-6, -4, -3, -2, -1, 0, 1, 2, 3, 4, 6, 9, 14)
)  # half em left, once the next word were on the line
NEXT: Edges = np.array(
    (-24, -12, -7, -4, -3, -2, -1, 0, 1, 2, 3, 4, 6, 9, 14, 22)
)  # the same, by the width of a line nearby
SUPPORT: Edges = np.array((3, 5, 7))  # full lines in the window
SLACK: Edges = np.array((1, 3, 5))  # marks that can be squeezed
WIDTH: Edges = np.array((3, 7, 13, 19, 25, 31, 37, 43, 51, 61, 75, 100, 131))
BROAD: Edges = WIDTH[::2]
INDENT: Edges = np.array((-2, 0, 1, 3, 6, 10))
INDENT_STEP: Edges = np.array((-9, -5, -2, 3, 6, 10))
WIDTH_STEP: Edges = np.array((-30, -16, -9, -5, -3, -2, -1, 0, 1, 2, 3, 4, 6, 10, 17, 31))
STEP: Edges = np.array((-8, -1, 2, 9))  # half em from line to line
TAPER: Edges = np.array((-8, -3, 1, 4, 9))
MEASURE_STEP: Edges = np.array((-20, -8, -3, 4, 9, 21))
WITNESS: Edges = np.array((-12.0, -9.0, -7.0, -5.0, -3.5, -2.0, -0.5, 1.0, 2.5, 4.0, 6.0, 8.0, 11.0))
BOND: Edges = np.array((-3.0, -1.5, 0.0, 1.0, 2.0, 3.5, 5.0, 6.5, 8.0, 10.0, 12.0, 15.0))
OPENING: Edges = np.array((-3.0, -1.5, -0.5, 0.5, 1.5, 2.5, 4.0, 6.0, 9.0))
ENDING: Edges = np.array((-14.0, -12.0, -10.5, -9.0, -7.5, -6.0, -4.5, -3.0, -1.5, -0.7))
SHARE: Edges = np.array((0.08, 0.2, 0.35, 0.5, 0.65, 0.8, 0.93))
SENSE: Edges = np.array((0.3, 0.6, 0.9))
WIDER: Edges = np.array((0.02, 0.35))  # share of line ends with a gap wider than usual
INDENTED: Edges = np.array((0.02,))  # share of lines with an indent
OPENED: Edges = np.array((0.6, 0.85))  # share of lines with an indent, of those that open a paragraph for sure
PIECES: Edges = np.array((0.02, 0.1))  # share of line ends inside a printed line

# -------------------------------------------------------------------------------------------------------- named kinds

ENDS = (
    "han", "digit", "latin", "hyphen", "end", "end-closed", "ellipsis", "comma", "list", "semicolon", "colon", "opener",
    "closer", "dash", "stop", "other",
)  # fmt: skip
STARTS = (
    "han", "digit", "latin", "said", "quote", "opener", "closed", "dash", "bullet", "numbered", "hash", "dateline",
    "other",
)  # fmt: skip
TONES = (
    "closed",
    "pause",
    "open",
    "bare",
)  # how a line ends: sentence closed, at a pause, inside something, at a character
FILLINGS = ("over", "full", "indent", "short", "piece")
SPACED = ("solid", "some", "spaced")
INSIDE = ("plain", "pauses", "sentences")
SHAPES = ("plain", "repeated", "number")
ROWS = ("none", "short", "indented", "exact")
PLACES = (
    "none", "inside", "opens short", "opens indented", "opens exact", "closes short", "closes indented", "closes exact",
)  # fmt: skip
SHATTERED = ("whole", "few", "many")
GAPS = ("none", "less", "usual", "more", "page")
HABITS = ("tight", "rare", "some", "most")
PAIRS_BEFORE = ("open", "closed", "none")
PAIRS_AFTER = ("opens", "closes", "none")
MARGINS = ("flush", "indents", "mostly", "always")  # of paragraphs, whether their first lines have an indent
HEADS = ("text", "head")


@dataclass(frozen=True)
class Groups:
    """Groups over one set of facets.

    `steps`: how bins are told by those of the facets, a row a group and a column a facet: what one bin further in the
    facet is worth, which is the number of bins that the facets behind it have together. As reals, because matrices of
    these are multiplied fast; all numbers stay far below 2**24, up to which every whole one is exact.
    """

    facets: tuple[str, ...]
    groups: tuple[Group, ...]
    steps: NDArray[np.float32]

    @cached_property
    def size(self) -> int:
        """The number of bins of all groups together."""
        return sum(len(group.bins) for group in self.groups)

    @cached_property
    def starts(self) -> Counts:
        """The place of the first bin of each group among all bins."""
        sizes = [len(group.bins) for group in self.groups]
        return np.array([0, *accumulate(sizes[:-1])], dtype=np.int32)[:, None]

    def places(self, facets: Mapping[str, Facet], count: int) -> Counts:
        """Return, for each of `count` rows, the place of its bin in every group, counted over all bins.

        A facet is the bin of each row, or one for all rows.

        >>> groups = make_groups({"a": ("x", "y"), "b": ("u", "v")}, ["b", "a b"])
        >>> groups.places({"a": np.array([1]), "b": 0}, 1).tolist(), groups.groups[1].bins[2]
        ([[0, 4]], 'y u')
        """
        table = np.empty((len(self.facets), count), dtype=np.float32)
        for row, name in enumerate(self.facets):
            table[row] = facets[name]
        found = self.steps @ table
        found += self.starts
        return found.astype(np.int32).T


def make_groups(facets: Mapping[str, tuple[str, ...]], crosses: Sequence[str]) -> Groups:
    """Return the groups named by `crosses`, each the names of its facets with spaces between ("" for none)."""
    used = tuple(name for name in facets if any(name in cross.split() for cross in crosses))
    groups = []
    steps = np.zeros((len(crosses), len(used)), dtype=np.float32)
    for row, cross in enumerate(crosses):
        parts = cross.split()
        groups.append(Group(cross or "any", bins.cross(*(facets[part] for part in parts)) if parts else ("any",)))
        for number, part in enumerate(parts):
            behind = prod(len(facets[other]) for other in parts[number + 1 :])
            steps[row, used.index(part)] += behind
    return Groups(used, tuple(groups), steps)
