"""Torn passages whose next one nobody claims: what line ends alone would have joined stays joined.

Where lines are passages already, reflow leaves an end in mid-sentence to the links, which weigh every passage of the
page against every other (layout/unwrapped.py). Where they find nothing likelier than not, neither for the end nor for
what stands next, the reading of line ends is what is left to go by. Of the few such ends on 290 held-out pages of cut
and moved passages, five of six go on in the next passage.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from cleanup.assembly.links import LEAST_CONFIDENCE, Link, led_to
from cleanup.assembly.passages import Passages, before_numbers
from cleanup.bins import Reals
from cleanup.document import Draft
from cleanup.language.ngrams import NGrams
from cleanup.layout.breaks import break_probabilities, load_weights
from cleanup.layout.doubts import hear_again, log_odds
from cleanup.layout.lines import measure_lines
from cleanup.layout.unwrapped import where_few_go_on
from cleanup.layout.witnesses import gather

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
    """Return links from torn passages to the next ones where these would go on nothing and those go on nowhere.

    `running`: the probability of each passage being running text.
    """
    free = (running[:-1] >= EVEN) & (running[1:] >= EVEN) & ~passages.closed[:-1]
    free &= ~passages.run_in[:-1] & ~np.append(False, passages.run_in[:-2])
    free &= ~before_numbers(draft, passages)[:-1]
    follows = {link.left: link.right for link in chosen}
    for left, right in follows.items():
        free[left : left + 1] = False
        free[right - 1 : right] = False
    if not free.any():
        return []
    lines = measure_lines(draft)
    chance, _ = hear_again(draft, lines, break_probabilities(gather(draft, lines, model), load_weights()), model)
    if -float(log_odds(chance[chance < EVEN]).sum()) < limits["least-evidence"]:
        return []
    torn = where_few_go_on(chance, chance < MOST_OF_A_BREAK, limits)
    ends = set(lines.ends[:-1][torn].tolist())
    return as_they_stand([row for row in np.flatnonzero(free).tolist() if int(passages.ends[row]) in ends], follows)


def as_they_stand(rows: Iterable[int], follows: dict[int, int]) -> list[Link]:
    """Return a link from each of the rows to the next one, but for those that would come round to themselves.

    `follows`: where other links lead from and to.

    >>> [(link.left, link.right) for link in as_they_stand([0, 1, 5], {2: 0})]
    [(0, 1), (5, 6)]
    """
    follows, links = dict(follows), []
    for row in rows:
        if led_to(row + 1, follows) != row:
            follows[row] = row + 1
            links.append(Link(row, row + 1, LEAST_CONFIDENCE))
    return links
