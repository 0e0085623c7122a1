"""To which body a passage belongs that is none of its text: headings, captions, credits, names that sign.

A headline between two bodies parts what stands before it from what stands after it; where none does, likeness decides.
It moves nothing: plan.py puts the passages among the blocks of their body.
"""

from __future__ import annotations

from bisect import bisect_left

from cleanup.assembly.cohesion import Cohesion
from cleanup.assembly.reading import Reading
from cleanup.assembly.roles import LABEL

PICTURE = (LABEL["caption"], LABEL["credit"])  # what a picture shows, and right under it who took it


def attach(reading: Reading, cohesion: Cohesion, left_out: set[int]) -> dict[int, list[int]]:
    """Return for each body, by its number, the passages that belong to it without being its text.

    `left_out`: passages that belong to no article.
    """
    bodies = reading.settled.bodies
    if not bodies:
        return {}
    owner = {row: number for number, rows in enumerate(bodies) for row in rows}
    in_headline = {row for headline in reading.settled.headlines for row in headline.rows}
    headlines = sorted(in_headline)
    texts = sorted(owner)
    of: dict[int, int] = {}
    for row in range(len(reading.labels)):
        if row in owner or row in in_headline or row in left_out:
            continue
        if row - 1 in of and tuple(reading.labels[row - 1 : row + 1]) == PICTURE:
            of[row] = of[row - 1]
            continue
        place = bisect_left(texts, row)
        beside = texts[max(place - 1, 0) : place + 1]  # one alone where the page begins or ends
        of[row] = _body_of(row, beside[0], beside[-1], owner, headlines, reading, cohesion)
    found: dict[int, list[int]] = {}
    for row, body in of.items():
        found.setdefault(body, []).append(row)
    return found


def _body_of(
    row: int,
    before: int,
    after: int,
    owner: dict[int, int],
    headlines: list[int],
    reading: Reading,
    cohesion: Cohesion,
) -> int:
    """Return the body of one passage, given the passages of body text next to it."""
    first, second = owner[before], owner[after]
    if first == second or reading.labels[row] == LABEL["heading"]:
        return second
    place = bisect_left(headlines, row)
    if place and headlines[place - 1] > before:
        return second
    if reading.labels[row] == LABEL["byline"] or (place < len(headlines) and headlines[place] < after):
        return first
    bodies = [reading.settled.bodies[number] for number in (first, second)]
    like = cohesion.words.similarity([[row]], bodies) + cohesion.topics.similarity([[row]], bodies)
    return second if like[0, 1] > like[0, 0] else first
