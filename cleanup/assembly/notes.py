"""Footnotes among the passages of a page: each stands behind the paragraph it was printed under.

Nothing leads to a note and nothing goes on from it, so that the order of links would leave it behind everything else,
or as an article of its own. It moves notes only.
"""

from __future__ import annotations

from dataclasses import replace

from cleanup.assembly.judging import Settled


def behind_paragraphs(settled: Settled, notes: list[int]) -> Settled:
    """Return the reading with each note behind the paragraph that the passage before it in the source is part of.

    A body of notes alone that no headline names is part of the body it stands under.
    """
    torn = {row for link in settled.state.links for row in (link.left, link.right)}
    loose = sorted(set(notes) - torn)
    home = {row: number for number, rows in enumerate(settled.bodies) for row in rows}
    if home.keys().isdisjoint(loose):
        return settled
    follows = {link.left: link.right for link in settled.state.links}
    bodies = [list(rows) for rows in settled.bodies]
    adrift = [set(rows) <= set(loose) and n not in settled.named.values() for n, rows in enumerate(bodies)]
    source = sorted(home)
    for row, before in zip(source[1:], source, strict=False):
        if row not in loose or (home[before] != home[row] and not adrift[home[row]]):
            continue
        bodies[home[row]].remove(row)
        home[row] = home[before]
        rows = bodies[home[before]]
        place = rows.index(before)
        while place + 1 < len(rows) and follows.get(rows[place]) == rows[place + 1]:
            place += 1
        rows.insert(place + 1, row)
    kept = [number for number, rows in enumerate(bodies) if rows]
    named = {headline: kept.index(body) for headline, body in settled.named.items()}
    return replace(settled, bodies=[bodies[number] for number in kept], named=named)
