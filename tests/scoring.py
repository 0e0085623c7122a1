"""Scores a cleaned document against hand-made truth: characters, paragraph breaks, articles, roles, numbers.

White space is left out of all measures, so that they look at one thing each. Blocks of free placement, whose place
nobody can know from the text, are cut out of both sides first and looked for on their own.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from rapidfuzz.distance import Levenshtein

HEADLINES = ("kicker", "title", "subtitle", "byline")
NUMBER = re.compile(r"\d+(?:[.,:]\d+)*[%％‰℃]?")


@dataclass(frozen=True, slots=True)
class Piece:
    """A block without its white space, and where it belongs."""

    article: int
    role: str
    text: str
    free: bool = False


@dataclass(frozen=True, slots=True)
class Score:
    """What was measured; rates between 0 and 1."""

    error_rate: float
    break_f1: float
    article_f1: float
    role_f1: dict[str, float]
    merged: list[str]  # output blocks that hold more than one block of the truth
    split: list[str]  # blocks of the truth that are no single block of the output
    numbers_expected: list[str]
    numbers_found: list[str]


def pieces(tree: dict[str, Any]) -> list[Piece]:
    """Return the blocks of a document.json or a gold.json in order."""
    return [
        Piece(number, block["role"], "".join(block["text"].split()), block.get("placement") == "free")
        for number, article in enumerate(tree["articles"])
        for block in article["blocks"]
    ]


def score(gold_tree: dict[str, Any], output_tree: dict[str, Any]) -> Score:
    """Score an output against the truth."""
    gold, output, missing = set_free_apart(pieces(gold_tree), pieces(output_tree))
    output = in_gold_order(gold, output)
    gold_text, output_text = (("".join(piece.text for piece in side)) for side in (gold, output))
    mapping = align(gold_text, output_text)
    errors = Levenshtein.distance(gold_text, output_text) + sum(map(len, missing))
    size = len(gold_text) + sum(len(piece.text) for piece in pieces(gold_tree) if piece.free)
    gold_owner, output_owner = owners(gold), owners(output)
    merged, split = joins(gold, output, gold_owner, output_owner, mapping)
    return Score(
        error_rate=errors / size,
        break_f1=break_f1(gold, output, mapping),
        article_f1=b_cubed(
            [gold[owner].article for owner in gold_owner], [output[owner].article for owner in output_owner], mapping
        ),
        role_f1={
            role: f1(
                sum(
                    gold[g].role == output[output_owner[at]].role == role
                    for g, at in zip(gold_owner, mapping, strict=True)
                    if at >= 0
                ),
                sum(len(piece.text) for piece in gold if piece.role == role),
                sum(len(piece.text) for piece in output if piece.role == role),
            )
            for role in sorted({piece.role for piece in gold})
        },
        merged=merged,
        split=split,
        numbers_expected=NUMBER.findall(gold_text),
        numbers_found=NUMBER.findall(output_text),
    )


def set_free_apart(gold: list[Piece], output: list[Piece]) -> tuple[list[Piece], list[Piece], list[str]]:
    """Cut the free blocks out of both sides; return the two sides and the free texts that were found nowhere."""
    missing: list[str] = []
    rest = list(output)
    for piece in gold:
        if not piece.free:
            continue
        for number, other in enumerate(rest):
            if piece.text in other.text:
                kept = other.text.replace(piece.text, "", 1)
                rest[number : number + 1] = [Piece(other.article, other.role, kept)] if kept else []
                break
        else:
            missing.append(piece.text)
    return [piece for piece in gold if not piece.free], rest, missing


def in_gold_order(gold: list[Piece], output: list[Piece]) -> list[Piece]:
    """Bring the output's articles into the order of the truth: each by where most of its text stands there."""
    gold_text = "".join(piece.text for piece in gold)
    places: dict[int, float] = {}
    for article in dict.fromkeys(piece.article for piece in output):
        hits = [
            place
            for piece in output
            if piece.article == article
            for place in (gold_text.find(piece.text[:12]),)
            if place >= 0
        ]
        places[article] = sorted(hits)[len(hits) // 2] if hits else len(gold_text)
    return sorted(output, key=lambda piece: places[piece.article])


def align(gold: str, output: str) -> list[int]:
    """Return for each character of the truth the index of its character in the output, or -1."""
    mapping = [-1] * len(gold)
    for code in Levenshtein.opcodes(gold, output):
        length = code.src_end - code.src_start
        if code.tag == "equal" or (code.tag == "replace" and length == code.dest_end - code.dest_start):
            for offset in range(length):
                mapping[code.src_start + offset] = code.dest_start + offset
    return mapping


def owners(side: list[Piece]) -> list[int]:
    """Return for each character the number of its block."""
    return [number for number, piece in enumerate(side) for _ in piece.text]


def ends(side: Iterable[Piece]) -> list[int]:
    """Return the offsets at which blocks end."""
    total, stops = 0, []
    for piece in side:
        total += len(piece.text)
        stops.append(total)
    return stops


def break_f1(gold: list[Piece], output: list[Piece], mapping: list[int]) -> float:
    """Return the F1 of block ends; an end is found when the characters on either side of it stand in two blocks."""
    back = {at: index for index, at in enumerate(mapping) if at >= 0}
    expected = set(ends(gold)[:-1])
    found = set()
    for end in ends(output)[:-1]:
        after, before = back.get(end), back.get(end - 1)
        found.add(after if after is not None else before + 1 if before is not None else -end)
    return f1(len(expected & found), len(expected), len(found))


def b_cubed(gold: list[int], output: list[int], mapping: list[int]) -> float:
    """Return the B-cubed F1 of two groupings of the characters that both sides have."""
    pairs = [(gold[index], output[at]) for index, at in enumerate(mapping) if at >= 0]
    both, left, right = Counter(pairs), Counter(g for g, _ in pairs), Counter(o for _, o in pairs)
    precision = sum(n * n / right[o] for (_, o), n in both.items()) / len(pairs)
    recall = sum(n * n / left[g] for (g, _), n in both.items()) / len(pairs)
    return 2 * precision * recall / (precision + recall)


def joins(
    gold: list[Piece], output: list[Piece], gold_owner: list[int], output_owner: list[int], mapping: list[int]
) -> tuple[list[str], list[str]]:
    """Return the output blocks that merge blocks of the truth, and the blocks of the truth that are split."""
    pairs = Counter((gold_owner[index], output_owner[at]) for index, at in enumerate(mapping) if at >= 0)
    solid = [pair for pair, count in pairs.items() if count > 1]
    by_output, by_gold = Counter(o for _, o in solid), Counter(g for g, _ in solid)
    return (
        [output[number].text for number, count in by_output.items() if count > 1],
        [gold[number].text for number, count in by_gold.items() if count > 1],
    )


def f1(hits: int, expected: int, found: int) -> float:
    """Return the harmonic mean of hits / expected and hits / found; 1 where nothing was expected and nothing found."""
    return 2 * hits / (expected + found) if expected + found else 1.0
