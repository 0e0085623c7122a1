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
from cleanup.layout import facets
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


def read_sides(draft: Draft, lines: Lines, rows: Integers, probability: Reals) -> Sides:
    """Return what is read at the line ends of these rows, given the probability of a break at every end."""
    paragraph = np.append(0, (probability > EVEN).cumsum())  # of each line
    first = paragraph.searchsorted(paragraph.take(rows))
    last = paragraph.searchsorted(paragraph.take(rows + 1), side="right") - 1
    encoders, solid = continuation.load(), solid_places(draft)
    ids = encoders.read(draft.codes.take(solid))
    begins, ends = lines.starts.take(first), lines.ends.take(rows)
    starts, stops = lines.starts.take(rows + 1), lines.ends.take(last)
    tails = continuation.before_gaps(ids, solid.searchsorted(begins), solid.searchsorted(ends))
    heads = continuation.after_gaps(ids, solid.searchsorted(stops), solid.searchsorted(starts))
    before, after = continuation.encode(tails, encoders.before), continuation.encode(heads, encoders.after)
    kind = end_kinds(kinds().take(draft.codes), lines.starts.take(rows), ends)
    runs_on = np.einsum("ij,ij->i", before.vectors, after.vectors)
    runs_on, torn, begun = (values.astype(np.float64) for values in (runs_on, before.torn, after.torn))
    return Sides(runs_on, torn, begun, facets.TONE_OF_END.take(kind))


EVEN = 0.5
