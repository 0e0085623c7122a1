"""Says which block each raw line of a real extractor prints, by matching it against the composed page.

Used to number the lines of gold and to drop pages whose text an extractor lost; it never feeds text back into gold.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from bench.page import Line, Owner, Page

_RADICALS = {
    "⻓": "长",
    "⻰": "龙",
    "⻢": "马",
    "⻝": "食",
    "⻘": "青",
    "⻅": "见",
    "⻛": "风",
    "⻜": "飞",
    "⻩": "黄",
    "⻔": "门",
    "⼾": "户",
    "⻄": "西",
    "⻣": "骨",
    "⻥": "鱼",
    "⻦": "鸟",
    "⻋": "车",
    "⻉": "贝",
    "⻚": "页",
    "⻬": "齐",
    "⻮": "齿",
    "⻆": "角",
    "⻨": "麦",
}


def bare(text: str) -> str:
    """The text as compared: radicals unified, no white space and no invisible characters."""
    folded = "".join(
        _RADICALS.get(c, c) if not 0x2F00 <= ord(c) <= 0x2FDF else unicodedata.normalize("NFKC", c) for c in text
    )
    return "".join(c for c in folded if not c.isspace() and unicodedata.category(c) not in ("Cf", "Cc", "Co"))


@dataclass(slots=True)
class _Target:
    owner: Owner
    text: str
    used: list[bool] = field(default_factory=list)


def match(page: Page, lines: Sequence[str], fuzzy: bool) -> tuple[list[Line], float]:
    """Lines with their owners, and the share of the page's characters that no line was found to print."""
    targets = [
        _Target((s, b), bare(block.text))
        for s, story in enumerate(page.stories)
        for b, block in enumerate(story.blocks)
    ]
    for target in targets:
        target.used = [False] * len(target.text)
    pieces = [(n, p) for n, line in enumerate(lines) for p in re.split(r"\s{2,}", line.strip()) if bare(p)]
    owners: dict[int, dict[Owner, int]] = {}
    late: list[tuple[int, str]] = []
    last: tuple[_Target, int] | None = None
    for number, piece in pieces:
        found = _exact(targets, bare(piece), last)
        if found is None:
            late.append((number, piece))
            continue
        last = (found[0], found[1] + len(bare(piece)))
        owners.setdefault(number, {})[found[0].owner] = found[1]
    for number, piece in late:
        for owner, at in _fuzzy(targets, bare(piece)) if fuzzy else _split(targets, bare(piece)):
            owners.setdefault(number, {})[owner] = at
    total = sum(len(t.text) for t in targets) or 1
    lost = sum(t.used.count(False) for t in targets) / total
    return [Line(t, tuple(owners.get(n, {})), min(owners.get(n, {0: 0}).values())) for n, t in enumerate(lines)], lost


def in_order(page: Page, lines: Sequence[Line]) -> bool:
    """Whether the lines of every block, and the paragraphs of every story, stand in reading order.

    >>> from bench.page import Block, Story
    >>> page = Page((Story((Block("paragraph", ("甲乙",)),)),))
    >>> in_order(page, [Line("乙", ((0, 0),), 1), Line("甲", ((0, 0),), 0)])
    False
    """
    reached: dict[Owner, int] = {}
    latest: dict[int, int] = {}
    for line in lines:
        for story, block in line.owners[:1]:
            if line.at < reached.get((story, block), 0):
                return False
            reached[story, block] = line.at
            if page.stories[story].blocks[block].role == "paragraph":
                if block < latest.get(story, 0):
                    return False
                latest[story] = block
    return True


def _exact(targets: Sequence[_Target], text: str, last: tuple[_Target, int] | None) -> tuple[_Target, int] | None:
    """The unprinted place where the text stands, first choice where the last line left off."""
    if last and last[0].text.startswith(text, last[1]) and not last[0].used[last[1]]:
        return _take(last[0], last[1], len(text))
    best: tuple[_Target, int] | None = None
    for target in targets:
        at = target.text.find(text)
        while at >= 0 and (target.used[at] or target.used[at + len(text) - 1]):
            at = target.text.find(text, at + 1)
        if at >= 0 and (best is None or _fit(target, at, text) > _fit(best[0], best[1], text)):
            best = (target, at)
    return _take(best[0], best[1], len(text)) if best else None


def _fit(target: _Target, at: int, text: str) -> int:
    """Whole blocks first, then block starts, then places next to something printed."""
    return 3 if len(target.text) == len(text) else 2 if at == 0 else 1 if target.used[at - 1] else 0


def _take(target: _Target, at: int, length: int) -> tuple[_Target, int]:
    target.used[at : at + length] = [True] * length
    return target, at


def _split(targets: Sequence[_Target], text: str) -> list[tuple[Owner, int]]:
    """A line that prints two blocks, or one block and furniture: its longest pieces that stand on the page."""
    out: list[tuple[Owner, int]] = []
    while len(text) >= 2:
        for size in range(len(text), 1, -1):
            found = next(
                (f for i in range(len(text) - size + 1) if (f := _exact(targets, text[i : i + size], None))), None
            )
            if found:
                out.append((found[0].owner, found[1]))
                piece = found[0].text[found[1] : found[1] + size]
                text = text.replace(piece, "", 1)
                break
        else:
            break
    return out


def _fuzzy(targets: Sequence[_Target], text: str) -> list[tuple[Owner, int]]:
    """The place most like a misread line, where they share more than half of their characters."""
    best: tuple[float, _Target, int, int] | None = None
    for target in targets:
        if len(text) < 2:
            break
        found = (
            fuzz.partial_ratio_alignment(text, target.text, score_cutoff=55) if len(target.text) >= len(text) else None
        )
        if (
            found
            and (best is None or found.score > best[0])
            and target.used[found.dest_start : found.dest_end].count(True) < len(text) / 2
        ):
            best = (found.score, target, found.dest_start, found.dest_end)
    if best is None:
        return []
    _take(best[1], best[2], best[3] - best[2])
    return [(best[1].owner, best[2])]
