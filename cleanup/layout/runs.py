"""The characters before and after each line end, as the language model reads them: white space left out."""

from __future__ import annotations

import numpy as np

from cleanup.document import Draft
from cleanup.language.ngrams import Ids, NGrams
from cleanup.layout.lines import SPACES, Lines

DEPTH = 3  # characters looked at on either side; the model's order less one


def contexts(draft: Draft, lines: Lines, model: NGrams) -> tuple[Ids, Ids]:
    """Return the ids before and after each of the n - 1 line ends, each of shape (n - 1, DEPTH).

    Characters are taken from the two lines alone; where a line is shorter, the paragraph mark stands.
    """
    codes = draft.codes
    solid = np.flatnonzero(~np.isin(codes, _SPACE_CODES))
    known = model.encode(codes[solid])
    ids = np.append(known, np.array([model.PARAGRAPH], dtype=known.dtype))
    begins = np.searchsorted(solid, lines.starts)
    stops = np.searchsorted(solid, lines.ends)
    steps = np.arange(DEPTH)
    left = stops[:-1, None] - DEPTH + steps
    right = begins[1:, None] + steps
    none = len(ids) - 1
    left = np.where(left >= begins[:-1, None], left, none)
    right = np.where(right < stops[1:, None], right, none)
    return ids[left], ids[right]


_SPACE_CODES = np.array([ord(character) for character in SPACES + "\n\r"], dtype=np.uint32)
