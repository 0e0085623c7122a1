"""Torn passages whose next one nobody claims: what line ends alone would have joined stays joined.

Where lines are passages already, reflow leaves an end in mid-sentence to the links, which weigh every passage of the
page against every other (layout/unwrapped.py). Where they find nothing likelier than not, neither for the end nor for
what stands next, the reading of line ends is what is left to go by. Of the few such ends on 290 held-out pages of cut
and moved passages, five of six go on in the next passage.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from cleanup.assembly.links import LEAST_CONFIDENCE, Link
from cleanup.assembly.passages import Passages
from cleanup.bins import Reals
from cleanup.document import Draft
from cleanup.language.edges import ENDS
from cleanup.language.ngrams import NGrams
from cleanup.layout.breaks import break_probabilities, load_weights
from cleanup.layout.doubts import hear_again, log_odds
from cleanup.layout.lines import measure_lines
from cleanup.layout.unwrapped import where_few_go_on
from cleanup.layout.witnesses import gather

CLOSED = [ENDS.index(name) for name in ("end", "end-closed", "ellipsis")]
EVEN = 0.5
MOST_OF_A_BREAK = 0.2  # probability of a break, by the reading of line ends


def unclaimed(
    draft: Draft,
    passages: Passages,
    running: Reals,
    chosen: Iterable[Link],
    model: NGrams,
    limits: Mapping[str, float],
) -> list[Link]:
    """Return links from torn passages to the next ones where neither is part of a link already.

    `running`: the probability of each passage being running text.
    """
    free = (running[:-1] >= EVEN) & (running[1:] >= EVEN) & ~np.isin(passages.ending[:-1], CLOSED)
    free &= ~passages.run_in[:-1] & ~np.append(False, passages.run_in[:-2])
    for link in chosen:
        free[link.left : link.left + 1] = False
        free[link.right - 1 : link.right] = False
    if not free.any():
        return []
    lines = measure_lines(draft)
    chance, _ = hear_again(draft, lines, break_probabilities(gather(draft, lines, model), load_weights()), model)
    if -float(log_odds(chance[chance < EVEN]).sum()) < limits["least-evidence"]:
        return []
    torn = where_few_go_on(chance, chance < MOST_OF_A_BREAK, limits)
    ends = set(lines.ends[:-1][torn].tolist())
    rows = [row for row in np.flatnonzero(free).tolist() if int(passages.ends[row]) in ends]
    return [Link(row, row + 1, LEAST_CONFIDENCE) for row in rows]
