"""What the encoders of continuation.py read before and after line ends, further than the n-grams see.

What a paragraph holds on either side is bounded by the line ends that are likelier breaks than joins. It measures; it
never decides.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cleanup.bins import Reals
from cleanup.document import Draft
from cleanup.language import continuation
from cleanup.language.continuation import ROWS_AT_ONCE, Gaps, Side
from cleanup.layout import facets
from cleanup.layout.cells import Flags
from cleanup.layout.ends import end_kinds
from cleanup.layout.lines import Integers, Lines, solid_places
from cleanup.layout.marks import kinds


@dataclass(frozen=True, slots=True, eq=False)
class Sides:
    """Of n line ends, all log-odds: that the sentence `runs_on` over the end, that a sentence is cut there by what
    stands `before` it and by what stands `after` it; and the `tone` of the line's end, an index into TONES."""

    runs_on: Reals
    before: Reals
    after: Reals
    tone: Integers

    def take(self, which: Flags) -> Sides:
        """Return those of some of the line ends."""
        return Sides(self.runs_on[which], self.before[which], self.after[which], self.tone[which])


def read_sides(draft: Draft, lines: Lines, rows: Integers, odds: Reals) -> Sides:
    """Return what is read at the line ends of these rows, given the log-odds of a break at every end."""
    paragraph = np.append(0, (odds > 0).cumsum())  # of each line
    first = paragraph.searchsorted(paragraph.take(rows))
    last = paragraph.searchsorted(paragraph.take(rows + 1), side="right") - 1
    solid, codes = solid_places(draft), draft.codes
    begins, ends = solid.searchsorted(lines.starts.take(first)), solid.searchsorted(lines.ends.take(rows))
    starts, stops = solid.searchsorted(lines.starts.take(rows + 1)), solid.searchsorted(lines.ends.take(last))
    encoders = continuation.load()

    def read(encoder: Side, places: Integers, inside: Flags) -> Gaps:
        ids = np.where(inside, encoders.read(codes.take(solid.take(places))), continuation.NONE)
        return continuation.encode(ids, encoder)

    heard = np.empty((3, len(rows)))
    for at in range(0, len(rows), ROWS_AT_ONCE):  # so that temporaries stay small
        some = slice(at, at + ROWS_AT_ONCE)
        before = read(encoders.before, *continuation.places_before(begins[some], ends[some]))
        after = read(encoders.after, *continuation.places_after(stops[some], starts[some], len(solid)))
        heard[0, some] = np.einsum("ij,ij->i", before.vectors, after.vectors)
        heard[1, some], heard[2, some] = before.torn, after.torn
    tone = facets.TONE_OF_END.take(end_kinds(kinds().take(codes), lines.starts.take(rows), lines.ends.take(rows)))
    runs_on, torn, begun = heard
    return Sides(runs_on, torn, begun, tone)
