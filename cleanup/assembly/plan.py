"""From a reading of the page to the plan of its articles: headlines on their bodies, blocks in order, flags.

Everything here is bookkeeping over decisions already taken; the only choice left is which body takes which headline.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from cleanup.arrangement import Arrangement, ArticlePlan, BlockPlan, Omission, Piece
from cleanup.assembly.asides import attach
from cleanup.assembly.cohesion import Cohesion
from cleanup.assembly.furniture import find_furniture
from cleanup.assembly.passages import Passages
from cleanup.assembly.reading import Reading
from cleanup.assembly.roles import LABEL, LABELS
from cleanup.document import Draft, Flag, Role
from cleanup.markers import Marker
from cleanup.options import Options

JOIN_PASSAGE = "join-broken-passage"
JOIN_HALVES = "join-headline-halves"
HEADLINE_ORDER = ("kicker", "title", "subtitle", "byline")


def plan(
    draft: Draft,
    passages: Passages,
    reading: Reading,
    cohesion: Cohesion,
    markers: tuple[Marker, ...],
    options: Options,
) -> Arrangement:
    """Return the arrangement of a page into articles."""
    if not len(passages):
        return Arrangement(())
    furniture = find_furniture(passages, reading, markers)
    left_out = {} if options.keep_furniture else furniture
    settled = reading.settled
    odds, bodies, chosen = settled.odds, settled.bodies, settled.named
    articles: list[tuple[int, ArticlePlan]] = []
    named = {body: headline for headline, body in chosen.items()}
    attached = attach(reading, cohesion, set(left_out))
    spare = _spare(reading, bodies) if bodies else {}
    for number, rows in enumerate(bodies):
        headline = reading.settled.headlines[named[number]] if number in named else None
        own = (*(headline.rows if headline else ()), *spare.get(number, ()))
        blocks = _headline_blocks(own, passages, reading)
        titled = any(block.role == "title" for block in blocks)
        blocks += _body_blocks(rows, attached.get(number, []), passages, reading)
        flags: list[Flag] = []
        if reading.labels[rows[-1]] == LABEL["paragraph"] and _breaks_off(passages, rows[-1]):
            flags.append("truncated")
        if not titled:
            flags.append("headless")
        sure = float(1 / (1 + np.exp(-odds[named[number]]))) if headline else 0.5
        sure = min(sure, float(reading.apart[number]))
        articles.append((min(rows), ArticlePlan(tuple(blocks), tuple(flags), sure)))
    for number, headline in enumerate(settled.headlines if bodies else []):
        if number not in chosen and headline.has_title:
            articles.append((headline.rows[0], _without_body(_headline_blocks(headline.rows, passages, reading))))
    left = [row for row in range(len(passages)) if row not in left_out]
    # headlines alone, names or a table: nothing tells where one article would end, so it is one
    if left and not bodies:
        articles.append((0, _without_body(_attach(left, passages, reading))))
    return Arrangement(
        tuple(article for _, article in sorted(articles, key=lambda pair: pair[0])),
        tuple(Omission(int(passages.outer[row]), int(passages.ends[row]), rule) for row, rule in left_out.items()),
    )


def _breaks_off(passages: Passages, row: int) -> bool:
    """Tell whether a passage is running text that ends amid a sentence: no signature, no bracket behind the text."""
    signed = passages.length[row] <= LONGEST_SIGNATURE or passages.texts[row].endswith(("）", ")"))
    return not (passages.closed[row] or passages.fixed[row] or signed)


LONGEST_SIGNATURE = 16  # characters: an office, a date, the end of a letter


def _without_body(blocks: list[BlockPlan]) -> ArticlePlan:
    """Return the article of blocks none of which is body text."""
    titled = any(block.role == "title" for block in blocks)
    return ArticlePlan(tuple(blocks), () if titled else ("headless",), 0.5)


def _piece(row: int, passages: Passages, joiner: str = "", rule: str = "", confidence: float = 1.0) -> Piece:
    start, end = int(passages.starts[row]), int(passages.ends[row])
    return Piece(start, end, joiner, rule, confidence) if rule else Piece(start, end)


def _half(row: int, passages: Passages, reading: Reading) -> Piece:
    """Return a further half of a headline."""
    return _piece(row, passages, reading.joiners[row], JOIN_HALVES, float(reading.odds[row, LABEL["half"]]))


def _single(row: int, passages: Passages, reading: Reading) -> BlockPlan:
    label = int(reading.labels[row])
    role: Role = "title" if LABELS[label] == "half" else LABELS[label]  # type: ignore[assignment]
    return BlockPlan(role, (_piece(row, passages),), float(reading.odds[row, label]), None, _others(row, reading))


def _others(row: int, reading: Reading) -> tuple[str, ...]:
    """Return the other roles that were weighed in earnest."""
    odds = reading.odds[row]
    return tuple(f"{LABELS[k]} {odds[k]:.2f}" for k in np.argsort(-odds)[1:3].tolist() if odds[k] >= WORTH_NAMING)


WORTH_NAMING = 0.05  # probability; rarer alternatives only clutter the list of doubts


def _spare(reading: Reading, bodies: list[list[int]]) -> dict[int, list[int]]:
    """Return the rows of kickers and names that name no body, by the body they stand nearest to: no text is theirs."""
    found: dict[int, list[int]] = {}
    for number, headline in enumerate(reading.settled.headlines):
        if number not in reading.settled.named and not headline.has_title:
            near = [min(abs(row - headline.rows[0]) for row in rows) for rows in bodies]
            found.setdefault(near.index(min(near)), []).extend(headline.rows)
    return found


def _headline_blocks(rows: Iterable[int], passages: Passages, reading: Reading) -> list[BlockPlan]:
    """Return the blocks of headline lines in the order of print: kicker, title, subtitle, byline."""
    blocks: list[BlockPlan] = []
    for row in rows:
        if reading.labels[row] == LABEL["half"] and blocks:
            last, half = blocks[-1], _half(row, passages, reading)
            sure = min(last.confidence, half.confidence)
            blocks[-1] = BlockPlan(last.role, (*last.pieces, half), sure, None, last.alternatives)
        else:
            blocks.append(_single(row, passages, reading))
    return sorted(blocks, key=lambda block: HEADLINE_ORDER.index(block.role))


def _body_blocks(rows: list[int], attached: list[int], passages: Passages, reading: Reading) -> list[BlockPlan]:
    """Return the blocks of a body: linked passages become one block; headings, captions and credits stand between."""
    linked = {link.left: link for link in reading.links}
    before: dict[int, list[int]] = {}
    after: dict[int, list[int]] = {}
    source = sorted(rows)
    for row in attached:
        place = int(np.searchsorted(source, row))
        if reading.labels[row] == LABEL["heading"] and place < len(source):
            before.setdefault(source[place], []).append(row)
        elif place:
            after.setdefault(source[place - 1], []).append(row)
        else:
            before.setdefault(source[0], []).append(row)
    blocks: list[BlockPlan] = []
    pending: list[int] = []
    joined = False
    for place, row in enumerate(rows):
        link = linked.get(rows[place - 1]) if place else None
        if link is not None and link.right == row:
            last = blocks.pop()
            joiner = " " if passages.run_in[link.left] else ""
            piece = _piece(row, passages, joiner, JOIN_PASSAGE, link.confidence)
            alternatives = tuple(f"{JOIN_PASSAGE} {passages.texts[other][:12]}" for other in link.alternatives)
            sure = min(last.confidence, link.confidence)
            blocks.append(BlockPlan(last.role, (*last.pieces, piece), sure, None, (*last.alternatives, *alternatives)))
            pending += before.get(row, [])
        else:
            blocks += _attach(pending, passages, reading)
            pending = []
            blocks += _attach(before.get(row, []), passages, reading)
            blocks.append(_single(row, passages, reading))
        pending += after.get(row, [])
        following = linked.get(row)
        joined = following is not None and place + 1 < len(rows) and following.right == rows[place + 1]
        if not joined:
            blocks += _attach(pending, passages, reading)
            pending = []
    return blocks + _attach(pending, passages, reading)


def _attach(rows: list[int], passages: Passages, reading: Reading) -> list[BlockPlan]:
    """Return the blocks of headings, captions and the like that stand together; halves join what they continue."""
    blocks: list[BlockPlan] = []
    for row in rows:
        if reading.labels[row] == LABEL["half"] and blocks:
            last, half = blocks[-1], _half(row, passages, reading)
            blocks[-1] = BlockPlan(last.role, (*last.pieces, half), half.confidence)
        else:
            blocks.append(_single(row, passages, reading))
    return blocks
