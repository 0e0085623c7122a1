"""Passages that stand twice in one source: found by what they share, marked, or left out where that is asked for.

A passage is compared with the few earlier ones whose fingerprints it shares, so that the time grows with the text and
not with its square. It looks at texts alone and never at which was written first: the earlier one is the original.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import regex
from numpy.typing import NDArray

from cleanup.arrangement import Arrangement, ArticlePlan, BlockPlan, Omission

REPEATED_PASSAGE = "repeated-passage"
SHINGLE = 5  # characters
SKETCH = 8  # smallest hashes kept of a passage: of two passages alike in .9 one in 3,000 pairs shares none of them
MOST_COMPARED = 8  # earlier passages looked at, those that share most first
UNREAD = regex.compile(r"[^\p{L}\p{N}]+")
DIGITS = regex.compile(r"\d")
ROLES = frozenset({"paragraph", "caption"})
MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)  # 2^64 over the golden ratio (D. Knuth, TAOCP 3, 6.4)


def mark_duplicates(arrangement: Arrangement, text: str, limits: Mapping[str, float], *, drop: bool) -> Arrangement:
    """Return the arrangement with each repeated passage marked by where its original begins, or left out."""
    places = [
        (a, b)
        for a, article in enumerate(arrangement.articles)
        for b, block in enumerate(article.blocks)
        if block.role in ROLES
    ]
    texts = ["".join(text[p.start : p.end] for p in arrangement.articles[a].blocks[b].pieces) for a, b in places]
    repeats = find_repeats(texts, int(limits["repeat-least"]), limits["repeat-likeness"])
    if not repeats:
        return arrangement
    original = {places[copy]: places[first] for copy, first in repeats.items()}
    original = _turned(arrangement, original)
    if drop:
        return _without(arrangement, frozenset(original))
    starts = {place: arrangement.articles[place[0]].blocks[place[1]].pieces[0].start for place in original.values()}
    articles = tuple(
        replace(
            article,
            blocks=tuple(
                replace(block, duplicate_of=starts[original[a, b]]) if (a, b) in original else block
                for b, block in enumerate(article.blocks)
            ),
        )
        for a, article in enumerate(arrangement.articles)
    )
    return replace(arrangement, articles=articles)


Place = tuple[int, int]  # article, block


def _turned(arrangement: Arrangement, original: dict[Place, Place]) -> dict[Place, Place]:
    """Return which block repeats which, turned round where the first of two is the whole body of its article and the
    second is not: what stands alone was pasted."""
    turned = dict(original)
    twice = Counter(original.values())
    for copy, first in original.items():
        bodies = [arrangement.articles[article].blocks for article, _ in (first, copy)]
        lone = [sum(block.role in ROLES for block in body) == 1 for body in bodies]
        if lone == [True, False] and twice[first] == 1 and first not in original:
            del turned[copy]
            turned[first] = copy
    return turned


def _without(arrangement: Arrangement, repeats: frozenset[Place]) -> Arrangement:
    articles: list[ArticlePlan] = []
    omissions = list(arrangement.omissions)
    for a, article in enumerate(arrangement.articles):
        kept: list[BlockPlan] = []
        for b, block in enumerate(article.blocks):
            if (a, b) in repeats:
                omissions += [Omission(piece.start, piece.end, REPEATED_PASSAGE) for piece in block.pieces]
            else:
                kept.append(block)
        if kept:
            articles.append(replace(article, blocks=tuple(kept)))
    omissions.sort(key=lambda omission: omission.start)
    return replace(arrangement, articles=tuple(articles), omissions=tuple(omissions))


def find_repeats(texts: Sequence[str], least: int, likeness: float) -> dict[int, int]:
    """Return for each text that repeats an earlier one the number of that one.

    Compared are letters and digits alone; texts with fewer than `least` of them are none. Two texts repeat each other
    when they share so much of their pairs of characters (L. Dice, 1945) and all their digits.

    >>> find_repeats(["今天上午九点开会。", "今天上午，九点开会", "今天下午九点开会。"], 5, 0.9)
    {1: 0}
    """
    bare = [UNREAD.sub("", text) for text in texts]
    sketches = _sketches(bare)
    kept: dict[int, list[int]] = {}  # of each hash, the texts that repeat no other
    found: dict[int, int] = {}
    for number, (letters, sketch) in enumerate(zip(bare, sketches, strict=True)):
        if len(letters) < least:
            continue
        shared = Counter(other for print_ in sketch for other in kept.get(print_, ()))
        near = [other for other, _ in sorted(shared.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_COMPARED]]
        first = next((other for other in near if _alike(bare[other], letters, likeness)), None)
        if first is not None:
            found[number] = first
            continue
        for print_ in sketch:
            bucket = kept.setdefault(print_, [])
            if len(bucket) < MOST_COMPARED:  # what many passages have in common tells none apart
                bucket.append(number)
    return found


def _sketches(texts: Sequence[str]) -> list[list[int]]:
    """Return for each text the few smallest hashes of its shingles (A. Broder, Resemblance of documents, 1997)."""
    codes = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint64)
    hashes: NDArray[np.uint64] = np.zeros(max(len(codes) - SHINGLE + 1, 0), dtype=np.uint64)
    for step in range(SHINGLE):
        hashes = (hashes ^ codes[step : step + len(hashes)]) * MULTIPLIER
        hashes ^= hashes >> np.uint64(29)
    sketches: list[list[int]] = []
    at = 0
    for text in texts:
        own = hashes[at : max(at + len(text) - SHINGLE + 1, at)]
        sketches.append(np.unique(own)[:SKETCH].tolist())
        at += len(text)
    return sketches


def _alike(left: str, right: str, likeness: float) -> bool:
    if left == right:
        return True
    short, long = sorted((len(left), len(right)))
    if 2 * short < likeness * (short + long) or DIGITS.findall(left) != DIGITS.findall(right):
        return False
    pairs = [Counter(pairwise(text)) for text in (left, right)]
    return 2 * sum((pairs[0] & pairs[1]).values()) >= likeness * (len(left) + len(right) - 2)
