"""Counts how far documents agree with gold: breaks, characters, articles, order, links, headlines, roles, numbers.

`python -m bench.score --gold DIR --out DIR` reads GOLD/NAME.json and OUT/NAME/document.json. It never looks at the
program that made the documents. Counts add up over documents; `summary` turns them into the figures.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import click

from bench.align import align

ROLES = ("title", "subtitle", "kicker", "byline", "heading", "caption", "paragraph")
SEAM = 30  # characters on either side of a seam that must run on for two blocks to count as neighbours
_SAME = {"credit": "caption"}  # a caption and its credit are one line in many papers
_NUMBER = re.compile(r"\d+(?:[.,:/\-]\d+)*%?")


@dataclass(frozen=True, slots=True)
class Piece:
    """A block as compared: article, role, characters without white space, and which of them a space precedes."""

    article: int
    role: str
    text: str
    free: bool
    spaces: frozenset[int]
    lines: tuple[int, ...] = ()


@dataclass(slots=True)
class View:
    """A document as one string of characters with, for each, the number of its block."""

    pieces: list[Piece] = field(default_factory=list)
    owner: list[int] = field(default_factory=list)
    spaced: list[bool] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(p.text for p in self.pieces)


def view(document: Mapping[str, Any], duplicates: bool = False) -> View:
    """The articles of gold or of a document.json; of gold, either the required articles or the optional repeats."""
    out = View()
    for number, article in enumerate(document.get("articles", ())):
        if ("duplicate" in article.get("flags", ())) != duplicates:
            continue
        for block in article.get("blocks", ()):
            raw = block.get("text") or ""
            text = "".join(raw.split())
            spaces, at, gap = set(), 0, False
            for char in raw.strip():
                gap = gap or char.isspace()
                if not char.isspace():
                    if gap:
                        spaces.add(at)
                    at, gap = at + 1, False
            role = str(block.get("role", "paragraph"))
            piece = Piece(
                number,
                _SAME.get(role, role),
                text,
                block.get("placement") == "free" or role in ("caption", "credit"),
                frozenset(spaces),
                tuple(block.get("lines", ())),
            )
            out.owner += [len(out.pieces)] * len(text)
            out.spaced += [k in spaces for k in range(len(text))]
            out.pieces.append(piece)
    return out


@dataclass(frozen=True, slots=True)
class Pair:
    """Truth and output laid side by side: `where` maps truth to output (-1 none), `back` output to truth.

    `optional` holds the output characters that print a repeated passage, which an output may keep or drop.
    """

    truth: View
    made: View
    where: list[int]
    back: dict[int, int]
    optional: set[int]


def score(gold: Mapping[str, Any], document: Mapping[str, Any], raw: Sequence[str] = ()) -> Counter[str]:
    """Counts for one document. `raw` lines, where given, tell which joins and links the output had to make.

    >>> text = {"articles": [{"blocks": [{"role": "paragraph", "text": "甲乙丙。"}]}]}
    >>> summary(score(text, text))["break_f1"]
    1.0
    """
    truth, repeats, made = (
        view(gold),
        view(gold, duplicates=True),
        view({**document, "articles": [{**a, "flags": []} for a in document.get("articles", ())]}),
    )
    where = align([p.text for p in [*truth.pieces, *repeats.pieces]], made.text)
    where, optional = where[: len(truth.owner)], {o for o in where[len(truth.owner) :] if o >= 0}
    pair = Pair(truth, made, where, {o: g for g, o in enumerate(where) if o >= 0}, optional)
    count: Counter[str] = Counter(documents=1)
    for part in (_characters, _breaks, _articles, _order, _roles, _numbers):
        part(count, pair)
    if raw:
        _joins(count, pair, raw)
    for line in gold.get("furniture", ()):
        bare = "".join(line.split())
        if len(bare) >= 3:
            count["furniture"] += 1
            # a running head may repeat the title, which is to stay
            count["furniture_kept"] += made.text.count(bare) > truth.text.count(bare)
    for word in gold.get("traps", ()):
        if word in truth.text:
            count["traps"] += 1
            count["traps_kept"] += word in made.text
    return count


def _characters(count: Counter[str], pair: Pair) -> None:
    truth, made, where, back, optional = pair.truth, pair.made, pair.where, pair.back, pair.optional
    text, output = truth.text, made.text
    count["characters"] += len(text)
    count["substituted"] += sum(o >= 0 and text[g] != output[o] for g, o in enumerate(where))
    count["missing"] += sum(o < 0 for o in where)
    count["extra"] += sum(o not in back and o not in optional for o in range(len(output)))


def _breaks(count: Counter[str], pair: Pair) -> None:
    """Starts and ends of blocks: a break is right where a block begins (ends) at the same character in both."""
    truth, made, where, back, optional = pair.truth, pair.made, pair.where, pair.back, pair.optional
    for step in (1, -1):
        wanted = {_first([g for g in span if where[g] >= 0]) for span in _spans(truth, step)} - {None}
        found = set()
        for span in _spans(made, step):
            o = _first([o for o in span if o in back or o in optional])
            if o is not None and o not in optional:
                found.add(back[o])
        count["breaks_right"] += len(wanted & found)
        count["breaks_gold"] += len(truth.pieces)
        count["breaks_made"] += len(found)


def _spans(seen: View, step: int) -> list[range]:
    spans, at = [], 0
    for piece in seen.pieces:
        spans.append(range(at, at + len(piece.text))[::step])
        at += len(piece.text)
    return spans


def _first(numbers: Sequence[int]) -> int | None:
    return numbers[0] if numbers else None


def _articles(count: Counter[str], pair: Pair) -> None:
    """B-cubed over characters, and whether each headline heads the article that holds its body."""
    truth, made, where = pair.truth, pair.made, pair.where
    pairs: Counter[tuple[int, int]] = Counter()
    titles: dict[int, Counter[int]] = defaultdict(Counter)
    bodies: dict[int, Counter[int]] = defaultdict(Counter)
    for g, o in enumerate(where):
        if o >= 0:
            piece, article = truth.pieces[truth.owner[g]], made.pieces[made.owner[o]].article
            pairs[piece.article, article] += 1
            if piece.role == "title":
                titles[piece.article][article] += 1
            elif piece.role == "paragraph":
                bodies[piece.article][article] += 1
    rows, columns = Counter[int](), Counter[int]()
    for (a, b), n in pairs.items():
        rows[a] += n
        columns[b] += n
    total = sum(pairs.values()) or 1
    precision = sum(n * n / columns[b] for (_, b), n in pairs.items()) / total
    recall = sum(n * n / rows[a] for (a, _), n in pairs.items()) / total
    count["b_cubed"] += 2 * precision * recall / (precision + recall) if precision + recall else 0.0  # type: ignore[assignment]
    count["alone"] += len(rows) == 1
    count["alone_kept"] += len(rows) == 1 and len(columns) == 1
    for a in titles.keys() & bodies.keys():
        body = bodies[a].most_common(1)[0][0]
        owner = max((n, x) for (x, y), n in pairs.items() if y == body)[1]
        count["headlines"] += 1
        count["headlines_right"] += titles[a].most_common(1)[0][0] == body and owner == a


def _order(count: Counter[str], pair: Pair) -> None:
    """Neighbouring blocks of the flow that are neighbours in the output too; captions stand outside the flow."""
    truth, where = pair.truth, pair.where
    fixed = {g: o for g, o in enumerate(where) if o >= 0 and not truth.pieces[truth.owner[g]].free}
    rank = {g: n for n, g in enumerate(sorted(fixed, key=lambda g: fixed[g]))}
    spans = _spans(truth, 1)
    flow = [n for n, p in enumerate(truth.pieces) if not p.free and p.text]
    for last, this in pairwise(flow):
        if truth.pieces[last].article != truth.pieces[this].article:
            continue
        end = [rank[g] for g in spans[last] if g in rank][-SEAM:]
        start = [rank[g] for g in spans[this] if g in rank][:SEAM]
        right = bool(end and start) and all(0 < b - a <= 3 for a, b in pairwise([*end, *start]))
        count["neighbours"] += 1
        count["neighbours_right"] += right
        if truth.pieces[last].role == truth.pieces[this].role == "paragraph":
            count["paragraph_neighbours"] += 1
            count["paragraph_neighbours_right"] += right


def _roles(count: Counter[str], pair: Pair) -> None:
    truth, made, where, optional = pair.truth, pair.made, pair.where, pair.optional
    for piece in truth.pieces:
        count[f"gold {piece.role}"] += len(piece.text)
    for o, block in enumerate(made.owner):
        count[f"made {made.pieces[block].role}"] += o not in optional
    for g, o in enumerate(where):
        if o >= 0:
            role = truth.pieces[truth.owner[g]].role
            count[f"right {role}"] += role == made.pieces[made.owner[o]].role


def _numbers(count: Counter[str], pair: Pair) -> None:
    """Numbers whose digits stand together, spaced from their neighbours as in gold; spaces too many."""
    truth, made, where = pair.truth, pair.made, pair.where
    at = 0
    for piece in truth.pieces:
        for found in _NUMBER.finditer(piece.text):
            a, b = at + found.start(), at + found.end()
            if any(k in piece.spaces for k in range(found.start() + 1, found.end())):
                continue
            o = where[a]
            right = o >= 0 and all(
                where[a + k] == o + k and made.text[o + k] == truth.text[a + k] for k in range(b - a)
            )
            right = (
                right
                and not any(made.spaced[o + k] for k in range(1, b - a))
                and made.owner[o] == made.owner[o + b - a - 1]
            )
            if right and found.start():
                right = made.spaced[o] == truth.spaced[a] and o > 0 and made.owner[o - 1] == made.owner[o]
            if right and found.end() < len(piece.text):
                after = o + b - a
                right = (
                    after < len(made.owner)
                    and made.owner[after] == made.owner[o]
                    and made.spaced[after] == truth.spaced[b]
                )
            count["numbers"] += 1
            count["numbers_right"] += right
        for k in range(1, len(piece.text)):
            o = where[at + k]
            if o > 0 and where[at + k - 1] == o - 1 and made.owner[o] == made.owner[o - 1]:
                count["pairs"] += 1
                count["spaces_extra"] += made.spaced[o] and not truth.spaced[at + k]
                count["spaces_gold"] += truth.spaced[at + k]
                count["spaces_kept"] += made.spaced[o] and truth.spaced[at + k]
        at += len(piece.text)


def _joins(count: Counter[str], pair: Pair, raw: Sequence[str]) -> None:
    """Joins across line ends, and links: joins of lines that were not neighbours in the source.

    Only blocks whose lines carry exactly their characters are counted; others have been damaged or misread.
    """
    truth, made, where, back = pair.truth, pair.made, pair.where, pair.back
    filled = [n for n, line in enumerate(raw) if line.strip()]
    rank = {n: k for k, n in enumerate(filled)}
    line_of: dict[int, int] = {}
    at = 0
    for piece in truth.pieces:
        sizes = [len("".join(raw[n].split())) for n in piece.lines]
        if piece.lines and sum(sizes) == len(piece.text):
            g = at
            for n, size in zip(piece.lines, sizes, strict=True):
                line_of.update(dict.fromkeys(range(g, g + size), n))
                g += size
            g = at
            for last, size, this in zip(piece.lines, sizes, piece.lines[1:], strict=False):
                g += size
                joined = (
                    where[g] > 0 and where[g - 1] == where[g] - 1 and made.owner[where[g]] == made.owner[where[g - 1]]
                )
                far = rank[this] != rank[last] + 1
                count["links" if far else "joins"] += 1
                count["links_right" if far else "joins_right"] += joined
        at += len(piece.text)
    for o in range(1, len(made.owner)):
        here, before = back.get(o), back.get(o - 1)
        if (
            here is None
            or before is None
            or made.owner[o] != made.owner[o - 1]
            or here not in line_of
            or before not in line_of
        ):
            continue
        a, b = line_of[before], line_of[here]
        if a != b and rank[b] != rank[a] + 1:
            count["links_made"] += 1
            count["links_true"] += here == before + 1


def _ratio(count: Mapping[str, float], right: str, of: str) -> float:
    return count.get(right, 0) / count[of] if count.get(of) else float("nan")


def _f1(right: float, gold: float, made: float) -> float:
    return 2 * right / (gold + made) if gold + made else float("nan")


def summary(count: Mapping[str, float]) -> dict[str, float]:
    """The figures the counts add up to; a figure nothing was counted for is NaN."""
    wrong = sum(count.get(k, 0) for k in ("substituted", "missing", "extra"))
    out = {
        "documents": count.get("documents", 0),
        "cer": wrong / count["characters"] if count.get("characters") else float("nan"),
        "break_precision": _ratio(count, "breaks_right", "breaks_made"),
        "break_recall": _ratio(count, "breaks_right", "breaks_gold"),
        "break_f1": _f1(count.get("breaks_right", 0), count.get("breaks_gold", 0), count.get("breaks_made", 0)),
        "joins": _ratio(count, "joins_right", "joins"),
        "thread": _ratio(
            {
                "right": count.get("joins_right", 0) + count.get("links_right", 0),
                "of": count.get("joins", 0) + count.get("links", 0),
            },
            "right",
            "of",
        ),
        "link_recall": _ratio(count, "links_right", "links"),
        "link_precision": _ratio(count, "links_true", "links_made"),
        "b_cubed": _ratio(count, "b_cubed", "documents"),
        "alone": _ratio(count, "alone_kept", "alone"),
        "headline": _ratio(count, "headlines_right", "headlines"),
        "order": _ratio(count, "neighbours_right", "neighbours"),
        "order_paragraphs": _ratio(count, "paragraph_neighbours_right", "paragraph_neighbours"),
        "numbers": _ratio(count, "numbers_right", "numbers"),
        "spaces_extra": 1000 * _ratio(count, "spaces_extra", "pairs"),
        "spaces_kept": _ratio(count, "spaces_kept", "spaces_gold"),
        "traps": _ratio(count, "traps_kept", "traps"),
        "furniture_kept": _ratio(count, "furniture_kept", "furniture"),
    }
    for role in ROLES:
        out[f"role {role}"] = _f1(*(count.get(f"{k} {role}", 0) for k in ("right", "gold", "made")))
    return out


def raw_lines(data: bytes, encoding: str) -> list[str]:
    """The lines gold's numbers count: decoded, with universal line ends, split at line feeds."""
    return data.decode(encoding, errors="replace").replace("\r\n", "\n").split("\n")


@click.command()
@click.option("--gold", type=click.Path(exists=True, path_type=Path), required=True)
@click.option("--out", type=click.Path(exists=True, path_type=Path), required=True)
@click.option("--raw", type=click.Path(exists=True, path_type=Path))
def main(gold: Path, out: Path, raw: Path | None) -> None:
    """Print the figures per kind of page."""
    kinds: dict[str, Counter[str]] = defaultdict(Counter)
    for path in sorted(gold.glob("*.json")):
        truth = json.loads(path.read_text("utf-8"))
        made = out / path.stem / "document.json"
        lines: list[str] = []
        if raw and (sources := sorted(raw.glob(f"{path.stem}*.txt"))):
            lines = raw_lines(sources[0].read_bytes(), truth.get("encoding", "utf-8-sig"))
        document = json.loads(made.read_text("utf-8")) if made.exists() else {"articles": []}
        kinds[path.stem.split("_")[0]] += score(truth, document, lines)
    for kind, count in sorted(kinds.items()):
        click.echo(kind + " " + " ".join(f"{k}={v:.4f}" for k, v in summary(count).items() if not math.isnan(v)))


if __name__ == "__main__":
    main()
