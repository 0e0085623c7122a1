"""Prints a composed page as raw lines without any engine, in the habits extractors have: thousands of pages a minute.

Every line knows the blocks it prints. What it makes is for learning; results are reported on pages of real engines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

from bench import corrupt
from bench.compose import Kind
from bench.layout import Zone, grid, rows, stack
from bench.page import HEADLINE, Line, Owner, Page, Story, drawn
from bench.simulate import Setting, break_lines, constant, cut_lines, random_setting


@dataclass(frozen=True, slots=True)
class Group:
    """The printed lines of one block."""

    owner: Owner
    lines: tuple[Line, ...]


def _group(owner: Owner, texts: Sequence[str]) -> Group:
    return Group(owner, tuple(Line(t, (owner,), at) for at, t in enumerate(texts)))


@dataclass(frozen=True, slots=True)
class Printed:
    """A page as an extractor would hand it over, with what was chosen on the way."""

    page: Page
    lines: tuple[Line, ...]
    encoding: str
    newline: str
    meta: dict[str, object]


def imitate(page: Page, kind: Kind, rng: Random) -> Printed:
    """The raw lines of a page of this kind."""
    makers = {"K3": _fragments, "K4": _gutter, "K5": _zipper, "book": _book, "forms": _forms, "fixed": _fixed,
              "single": _single}  # fmt: skip
    page, lines, meta = makers.get(kind, _flow)(page, rng)
    encoding, newline = "utf-8", "\n"
    if kind == "K6":
        lines = corrupt.recognise(lines, rng)
    if kind == "K7":
        page, lines, encoding, newline, ops = corrupt.mess(page, lines, rng)
        meta["ops"] = ops
    meta["engine"] = "imitation"
    return Printed(page, tuple(lines), encoding, newline, meta)


def _measures(page: Page, rng: Random, narrowest: int, widest: int) -> list[int]:
    base = rng.randint(narrowest, widest)
    if rng.random() < 0.6:
        return [base] * len(page.stories)
    return [max(8, base + rng.choice((0, 0, -4, -2, 2, 5))) for _ in page.stories]


@dataclass(slots=True)
class _Column:
    """The running line number of a story and the stretch of lines set narrow beside a picture."""

    measure: int
    narrow_from: int = -1
    narrow_to: int = -1
    narrow: int = 0
    line: int = 0

    def at(self, offset: int) -> float:
        return self.narrow if self.narrow_from <= self.line + offset < self.narrow_to else self.measure


def _pour(
    story: Story, number: int, rng: Random, *, measure: int, setting: Setting, indent: str
) -> tuple[list[Group], list[Group], list[Group]]:
    """Headline, asides and body of a story, broken into lines; `indent` is what is printed before a first line."""
    column = _Column(measure)
    if 14 <= measure < 22 and rng.random() < 0.15:
        start = rng.randint(3, 40)
        column = _Column(measure, start, start + rng.randint(5, 14), max(7, round(measure * rng.uniform(0.45, 0.7))))
    wide = max(7.0, measure * rng.choice((1, 1, 2, 2, 3)) / rng.uniform(1.5, 2.6))
    centred = rng.random() < 0.15
    indented_headings = rng.random() < 0.35
    # an opening paragraph may be set across several columns
    intro = float(measure * rng.choice((2, 2, 3, 4))) if measure < 22 and rng.random() < 0.04 else 0.0
    first = next((i for i, x in enumerate(story.blocks) if x.role == "paragraph"), -1)
    head: list[Group] = []
    aside: list[Group] = []
    body: list[Group] = []
    number_of = {id(block): b for b, block in enumerate(story.blocks)}
    for block in drawn(story.blocks):
        b = number_of[id(block)]
        owner = (number, b)
        texts: list[str] = []
        if block.role in HEADLINE and not (block.role == "byline" and body):
            limit = wide if block.role == "title" else wide * 1.7
            for half in block.halves:
                texts += break_lines(half, constant(limit), replace(setting, justify=False, space_threshold=9.0), rng)
            pad = " " * rng.choice((1, 2, 4, 10)) if centred else ""
            head.append(_group(owner, [pad + t for t in texts]))
            continue
        if block.role in ("caption", "credit"):
            limit = rng.choice((measure * 1.0, measure * 1.0, measure * 1.3, measure * 2.2))
            texts = break_lines(block.text, constant(limit), setting, rng)
            aside.append(_group(owner, texts))
            continue
        if block.role == "paragraph":
            measures = constant(intro) if b == first and intro else column.at
            texts = break_lines(block.text, measures, setting, rng, 2.0)
            texts[0] = indent + texts[0]
        elif block.role == "heading":
            texts = break_lines(block.text, lambda i: column.at(i) - 1, replace(setting, justify=False), rng)
            texts[0] = (indent if indented_headings else " " * rng.randint(1, 9) if centred else "") + texts[0]
        else:
            texts = [(" " * (measure // 2) if indent and centred else "") + block.text]
        column.line += len(texts)
        body.append(_group(owner, texts))
    return head, aside, _run_in(body, story, rng)


def _run_in(body: list[Group], story: Story, rng: Random) -> list[Group]:
    """Now and then a short heading ends up on the first line of the paragraph it opens."""
    if rng.random() > 0.06:
        return body
    out: list[Group] = []
    for group in body:
        last = out[-1] if out else None
        if last and story.blocks[last.owner[1]].role == "heading" and len(last.lines) == 1:
            first = group.lines[0]
            joined = Line(f"{last.lines[0].text} {first.text.strip()}", (*last.lines[0].owners, *first.owners))
            out[-1] = replace(group, lines=(joined, *group.lines[1:]))
        else:
            out.append(group)
    return out


def _habit(rng: Random) -> tuple[str, str]:
    """Blank-line policy and printed indent."""
    policy = rng.choice(("each", "each", "each", "none", "none", "blocks", "columns"))
    indent = (
        rng.choice(("", "", "", "", "　　", "    ", "  ", " "))
        if policy != "each"
        else rng.choice(("", "", "", "", "　　"))
    )
    return policy, indent


def _flow(page: Page, rng: Random) -> tuple[Page, list[Line], dict[str, object]]:
    """Blocks in drawing order: K1, K2, and the ground for K6 and K7."""
    setting, (policy, indent) = random_setting(rng), _habit(rng)
    order = rng.choice(("title_first", "title_first", "body_first", "bodies_titles", "middle"))
    measures = _measures(page, rng, 11, 24)
    first: list[list[Group]] = []
    last: list[list[Group]] = []
    depth = rng.randint(16, 60)
    parts: list[list[Group]] = []  # separated, where the policy says so, by a blank line
    furniture_last = rng.random() < 0.4
    running = list(range(len(page.stories)))
    if rng.random() < 0.3:
        rng.shuffle(running)
    stories = list(page.stories)
    for number in running:
        if len(running) > 1 and rng.random() < 0.04:  # a document that changes habit half-way
            indent = _habit(rng)[1]
        head, aside, body = _pour(
            page.stories[number], number, rng, measure=measures[number], setting=setting, indent=indent
        )
        if rng.random() < 0.14:
            stories[number], head, body = _headings_out(page.stories[number], head, body)
            if (
                len(head) > 2
                and page.stories[number].blocks[head[-1].owner[1]].role == "heading"
                and rng.random() < 0.3
            ):
                first.append([head.pop()])  # one of them is drawn before everything else
        if rng.random() < 0.1:
            rng.shuffle(head)
        parts = _columns(body, depth, aside, rng)
        if order == "middle" and len(parts) > 1:
            at = rng.randrange(len(parts))
            first += [*parts[:at], head, *parts[at:]]
        elif order == "title_first":
            first += [head, *parts]
        elif order == "body_first":
            first += [*parts, head]
        else:
            first += parts
            last.append(head)
    lines = _blanks([*first, *last], policy, rng)
    gap = [Line("")] if policy == "each" else []
    top = [x for t in page.head for x in (Line(t), *gap)]
    bottom = [x for t in page.foot for x in (Line(t), *gap)]
    if len(page.head) > 1 and rng.random() < 0.3:
        top = [Line((" " * rng.choice((1, 2, 8))).join(page.head)), *gap]
    lines = [*lines, *top, *bottom] if furniture_last else [*top, *lines, *bottom]
    meta: dict[str, object] = {"style": {"k": measures, "order": order, "indent": indent}, "policy": policy}
    if rng.random() < 0.1:
        lines = [replace(x, text=corrupt.as_radicals(x.text)) for x in lines]
    return replace(page, stories=tuple(stories)), _trailing(lines, rng), meta


def _headings_out(story: Story, head: list[Group], body: list[Group]) -> tuple[Story, list[Group], list[Group]]:
    """Headings set large are drawn with the headline: where they belong in the flow is lost, so they are free."""
    blocks = tuple(replace(b, free=True) if b.role == "heading" else b for b in story.blocks)
    out = [g for g in body if story.blocks[g.owner[1]].role == "heading" and len(g.lines[0].owners) == 1]
    return replace(story, blocks=blocks), [*head, *out], [g for g in body if g not in out]


def _columns(body: list[Group], depth: int, aside: list[Group], rng: Random) -> list[list[Group]]:
    """The body cut into columns of `depth` lines; a caption stands before, between or after them."""
    parts: list[list[Group]] = [[]]
    room = rng.randint(4, depth)
    for group in body:
        rest = group
        while len(rest.lines) > room:
            if room:
                parts[-1].append(replace(rest, lines=rest.lines[:room]))
            rest = replace(rest, lines=rest.lines[room:])
            parts.append([])
            room = depth
        parts[-1].append(rest)
        room -= len(rest.lines)
    if aside:
        at = rng.randint(0, len(parts))
        parts[at:at] = [[g] for g in aside] if rng.random() < 0.5 else [aside]
    return parts


def _blanks(parts: list[list[Group]], policy: str, rng: Random) -> list[Line]:
    lines: list[Line] = []
    wide = rng.random() < 0.25
    for part in parts:
        for group in part:
            for line in group.lines:
                lines.append(line)
                if policy == "each":
                    lines.append(Line(""))
            if policy == "blocks":
                lines.append(Line(""))
        if policy == "columns" and part:
            lines.append(Line(""))
        if policy == "each" and wide and part:
            lines.extend([Line("")] * rng.randint(1, 3))
    return lines


def _trailing(lines: list[Line], rng: Random) -> list[Line]:
    if rng.random() > 0.08:
        return lines
    return [replace(x, text=x.text + " " * rng.randint(0, 3)) for x in lines]


def _zones(page: Page, rng: Random, *, indent: str, setting: Setting, measure: int, across: int) -> list[Zone]:
    zones: list[Zone] = []
    for number, story in enumerate(page.stories):
        head, aside, body = _pour(story, number, rng, measure=measure, setting=setting, indent=indent)
        at = rng.randint(0, len(body))
        body[at:at] = aside
        lines = tuple(line for g in body for line in g.lines)
        columns = min(across, rng.randint(1, across), max(1, len(lines) // 4))
        zones.append(Zone(tuple(line for g in head for line in g.lines), lines, columns))
    return zones


def _gutter(page: Page, rng: Random) -> tuple[Page, list[Line], dict[str, object]]:
    setting, measure, across = random_setting(rng), rng.randint(12, 22), rng.choice((2, 2, 3, 3, 4))
    setting = replace(setting, letter_threshold=9.0)
    indent = rng.choice(("  ", "  ", "   ", "    ", ""))
    strips = stack(_zones(page, rng, indent=indent, setting=setting, measure=measure, across=across), across, rng)
    body = grid(strips, measure + rng.randint(3, 6), rng)
    top = [Line(rng.choice((" " * 12, " " * 25)).join(page.head)), Line("")] if page.head else []
    lines = [*top, *body, *([Line(""), Line((" " * 9).join(page.foot))] if page.foot else [])]
    if rng.random() < 0.15:
        lines = [x for line in lines for x in (line, Line(""))]
    return page, lines, {"style": {"k": measure, "across": across}, "policy": "as is", "extractor": "layout"}


def _zipper(page: Page, rng: Random) -> tuple[Page, list[Line], dict[str, object]]:
    setting, measure, across = random_setting(rng), rng.randint(11, 20), rng.choice((2, 3, 3, 4))
    indent = rng.choice(("", "", "", "　　"))
    strips = stack(_zones(page, rng, indent=indent, setting=setting, measure=measure, across=across), across, rng)
    way = rng.choice(("rows", "rows", "rows", "zones", "shuffled"))
    if way == "rows":
        body = rows(strips)
    elif way == "zones":
        cut = rng.randrange(1, len(strips) + 1)
        body = rows(strips[:cut]) + rows(strips[cut:])
    else:
        order = list(range(len(strips)))
        rng.shuffle(order)
        body = [p.line for s in order for p in strips[s]]
    lines = [*(Line(t) for t in page.head), *body, *(Line(t) for t in page.foot)]
    policy = rng.choice(("none", "none", "each"))
    if rng.random() < 0.4:  # the text layer of many embedded fonts
        wide = rng.random() < 0.5
        lines = [
            replace(
                x,
                text=corrupt.as_radicals(
                    x.text.replace(" ", "  ") if wide and len(x.text) > 3 and x.text[1] != " " else x.text
                ),
            )
            for x in lines
        ]
    if policy == "each":
        lines = [x for line in lines for x in (line, Line(""))]
    return page, lines, {"style": {"k": measure, "across": across, "way": way}, "policy": policy}


def _fragments(page: Page, rng: Random) -> tuple[Page, list[Line], dict[str, object]]:
    page, lines, ops = corrupt.fragments(page, rng)
    return page, lines, {"ops": ops, "policy": "each", "extractor": "segments"}


def _forms(page: Page, rng: Random) -> tuple[Page, list[Line], dict[str, object]]:
    """A book, often in two columns; now and then a text file; a newspaper where news stand beside it."""
    if any(block.role not in ("title", "heading", "paragraph") for story in page.stories for block in story.blocks):
        return _flow(page, rng)
    pick = rng.random()
    return _book(page, rng, 15) if pick < 0.75 else _fixed(page, rng) if pick < 0.85 else _single(page, rng)


def _book(page: Page, rng: Random, narrowest: int = 22) -> tuple[Page, list[Line], dict[str, object]]:
    setting, measure = random_setting(rng), rng.randint(narrowest, 34)
    setting = replace(setting, letter_threshold=9.0)
    policy, indent = _habit(rng)
    printed: list[Group] = []
    for number, story in enumerate(page.stories):
        head, _, body = _pour(story, number, rng, measure=measure, setting=setting, indent=indent)
        printed += [*head, *body]
    depth, number = rng.randint(22, 36), rng.randint(1, 300)
    running = page.title if rng.random() < 0.5 else ""
    numbered, feed = rng.random() < 0.6, rng.choice(("\f", "", ""))
    lines: list[Line] = []
    furniture: list[str] = []
    for part in _columns(printed, depth, [], rng):
        if lines and feed:
            lines.append(Line(feed))
        if running and lines:
            lines.append(Line(running))
            furniture.append(running)
        lines += _blanks([part], policy, rng)
        if numbered:
            lines.append(Line(f"— {number} —" if number % 1000 and measure % 2 else str(number)))
            furniture.append(lines[-1].text)
            number += 1
    page = replace(page, foot=tuple(dict.fromkeys(furniture)))
    return page, lines, {"style": {"k": measure, "indent": indent}, "policy": policy}


def _fixed(page: Page, rng: Random) -> tuple[Page, list[Line], dict[str, object]]:
    full = rng.choice((2, 2, 2, 1))
    columns = rng.choice((64, 64, 64, 60, 72, 76, 80)) if full == 2 else rng.choice((30, 32, 35, 36, 38, 40))
    indent = rng.choice(("", "", "stripped", "　　", "    ", "  "))
    policy = rng.choice(("none", "none", "blocks", "each"))
    lines: list[Line] = []
    for s, story in enumerate(page.stories):
        for b, block in enumerate(story.blocks):
            lead = "　　" if indent == "stripped" else indent
            text = (lead if block.role == "paragraph" else "") + block.text
            cut = cut_lines(text, columns, full)
            if indent == "stripped":
                cut[0] = cut[0].lstrip("　")
            for at, piece in enumerate(cut):
                lines.append(Line(piece, ((s, b),), at))
                if policy == "each":
                    lines.append(Line(""))
            if policy == "blocks":
                lines.append(Line(""))
    return page, lines, {"style": {"columns": columns, "full": full, "indent": indent}, "policy": policy}


def _single(page: Page, rng: Random) -> tuple[Page, list[Line], dict[str, object]]:
    indent, policy = rng.choice(("", "", "　　", "    ")), rng.choice(("none", "blocks", "each"))
    marked = rng.random() < 0.2
    lines: list[Line] = []
    for s, story in enumerate(page.stories):
        for b, block in enumerate(story.blocks):
            lead = (
                indent
                if block.role == "paragraph"
                else {"title": "# ", "heading": "## "}.get(block.role, "")
                if marked
                else ""
            )
            lines.append(Line(lead + block.text, ((s, b),)))
            lines += [Line("")] if policy != "none" else []
    return page, lines, {"style": {"indent": indent}, "policy": policy}
