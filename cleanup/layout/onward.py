"""How one run goes on in another, as the encoders of continuation.py read the two dozen characters on either side.

It looks back and ahead through the cells of a run, where the n-grams see the last cell alone. It measures; it never
decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cleanup.language import continuation
from cleanup.language.continuation import Gaps
from cleanup.language.folding import folding
from cleanup.layout.cells import Cells, Integers, Reals, Sheet, letters_of


@dataclass(frozen=True, slots=True, eq=False)
class Onward:
    """What the encoders say of n runs, all log-odds.

    `runs_on[a, b]`: that the sentence at the end of run a runs on in run b; `torn`: that a run ends in mid-sentence
    rather than with its paragraph; `resumes`: that it begins in mid-sentence rather than with its paragraph.
    """

    runs_on: Reals
    torn: Reals
    resumes: Reals


def read_onward(sheet: Sheet, cells: Cells, runs: Sequence[Sequence[int]]) -> Onward:
    """Return how the runs go on in each other."""
    order = np.concatenate([np.asarray(run) for run in runs])
    before, after = read_sides(sheet, cells.starts[order], cells.ends[order], np.array([len(run) for run in runs]))
    runs_on = (before.vectors @ after.vectors.T).astype(np.float64)
    return Onward(runs_on, before.torn.astype(np.float64), after.torn.astype(np.float64))


def read_sides(sheet: Sheet, starts: Integers, ends: Integers, sizes: Integers) -> tuple[Gaps, Gaps]:
    """Return what is read before the end and after the beginning of each passage.

    A passage is put together from as many of the stretches, one after another, as `sizes` says.
    """
    encoders = continuation.load()
    codes, lengths = letters_of(sheet, starts, ends)
    ids = encoders.identify(folding()[codes])
    last = np.cumsum(lengths)[np.cumsum(sizes) - 1]
    first = np.concatenate([[0], last[:-1]])
    return (
        continuation.encode(continuation.before_gaps(ids, first, last), encoders.before),
        continuation.encode(continuation.after_gaps(ids, last, first), encoders.after),
    )
