"""Makes pages to learn line ends from that typeset newspapers lack: text that is clean already, and rare habits.

    python -m cleanup.layout.practice CORPUS… [--side learn|measure] [--count 100] [--seed 1] -o DIR

Clean files of the project's own form, Markdown, dialogue, verse, laws, lists, tables, Latin prose, columns whose marks
are squeezed as press software does, and documents that change their habit half-way. It writes DIR/raw/NAME.txt and
DIR/gold/NAME.json as `learn` reads them and touches nothing else; its text is for learning and goes nowhere else.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import click

from cleanup.layout.compositor import Press, press, set_latin, set_lines
from cleanup.layout.shelf import SIDES, Shelf, shelve

_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红建文志海国春梅晓雪松林"


@dataclass(slots=True)
class Sheet:
    """A page being written: its raw lines, and its blocks with the numbers of their lines."""

    lines: list[str] = field(default_factory=list)
    blocks: list[dict[str, object]] = field(default_factory=list)

    def put(
        self, text: str, printed: list[str] | None = None, role: str = "paragraph", *, spaced: bool = False
    ) -> None:
        """Write a block as the lines it is printed on (by default itself); `spaced`: a blank after every line."""
        numbers = []
        for line in printed or [text]:
            numbers.append(len(self.lines))
            self.lines.append(line)
            if spaced:
                self.lines.append("")
        self.blocks.append({"role": role, "text": text, "lines": numbers})

    def blank(self) -> None:
        """Leave a line empty."""
        self.lines.append("")


# -------------------------------------------------------------------------------- what is written


def name(rng: Random) -> str:
    """Return a made-up name."""
    return rng.choice(_SURNAMES) + "".join(rng.choices(_GIVEN, k=rng.choice((1, 2, 2))))


def names(rng: Random) -> str:
    """Return one to three names with spaces between them."""
    return " ".join(name(rng) for _ in range(rng.choice((1, 1, 2, 3))))


def byline(rng: Random) -> str:
    """Return a byline in one of the forms of the press."""
    form = rng.choice(
        ("□ {}", "文/ {}", "本报记者 {}", "{}", "○ {}", "记者 {} 通讯员 " + name(rng), "作者：{}", "■ {} 文/图")
    )
    return form.format(names(rng))


def headline(shelf: Shelf, title: str, rng: Random) -> list[tuple[str, str]]:
    """Return the lines of a headline block: kicker, title, subtitle and byline, each as (role, text)."""
    other = rng.choice(shelf.news)[0]
    lines = [("title", title)]
    if rng.random() < 0.3:
        lines.insert(0, ("kicker", other[:14] if rng.random() < 0.5 else other))
    if rng.random() < 0.4:
        lines.append(("subtitle", ("——" if rng.random() < 0.8 else "") + rng.choice(shelf.news)[0]))
    if rng.random() < 0.5:
        lines.append(("byline", byline(rng)))
    return lines


def body(shelf: Shelf, rng: Random) -> tuple[str, list[tuple[str, str]]]:
    """Return a title and a stretch of body blocks, as (role, text)."""
    if rng.random() < 0.15 and shelf.short:
        return rng.choice(shelf.news)[0], [("paragraph", p) for p in rng.choice(shelf.short)[:40]]
    title, paragraphs = rng.choice(shelf.laws if rng.random() < 0.15 else shelf.news)
    first = rng.randrange(len(paragraphs)) if rng.random() < 0.3 else 0
    blocks: list[tuple[str, str]] = []
    room = rng.choice((120, 400, 800, 1500, 3000))
    for paragraph in paragraphs[first:]:
        if room < 0:
            break
        # a section often opens with direct speech, which a heading must not run into
        if rng.random() < (0.3 if paragraph[0] == "“" else 0.06):
            blocks.append(("heading", section(shelf, paragraph, rng)))
        if rng.random() < 0.03:
            blocks.append(("caption", f"{rng.choice(shelf.news)[0]}。{name(rng)} 摄"))
            if rng.random() < 0.5:
                blocks.append(("credit", f"本报记者 {name(rng)} 摄"))
        blocks.append(("paragraph", paragraph))
        room -= len(paragraph)
    return title, blocks


def section(shelf: Shelf, paragraph: str, rng: Random) -> str:
    """Return a section heading: another article's title, or words of the paragraph it stands over."""
    return rng.choice(shelf.news)[0] if rng.random() < 0.6 else paragraph[: rng.randint(4, 12)]


def clean_file(shelf: Shelf, rng: Random) -> Sheet:
    """The project's own output: headline lines, then blocks with one empty line between them."""
    sheet = Sheet()
    title, blocks = body(shelf, rng)
    if rng.random() < 0.9:
        for role, text in headline(shelf, title, rng):
            sheet.put(text, role=role)
    for role, text in blocks:
        if sheet.lines:
            sheet.blank()
        sheet.put(torn(text, rng) if role == "paragraph" and rng.random() < 0.03 else text, role=role)
    return sheet


def torn(text: str, rng: Random) -> str:
    """Return a passage that begins or breaks off in mid-sentence, as where the page had no continuation."""
    at = rng.randint(min(3, len(text)), len(text))
    return (text[at:] if rng.random() < 0.4 else text[:at]) or text


def several(shelf: Shelf, rng: Random) -> Sheet:
    """Several articles as a vision model or a converter writes them: a paragraph a line, blanks by habit."""
    sheet = Sheet()
    marked = rng.random() < 0.5
    gap = rng.choice((0, 1, 1, 1, 2))
    indent = rng.choice(("", "", "　　", "    "))
    level = rng.randint(1, 3)
    for _ in range(rng.randint(1, 4)):
        title, blocks = body(shelf, rng)
        for depth, (role, text) in enumerate(headline(shelf, title, rng)):
            sign = "#" * min(6, level + depth) + " " if marked and role != "byline" else ""
            sheet.put(sign + text, role=role)
            sheet.lines += [""] * gap
        for role, text in blocks:
            sign = "#" * (level + 2) + " " if marked and role == "heading" else indent if role == "paragraph" else ""
            sheet.put(sign + text, role=role)
            sheet.lines += [""] * gap
        if rng.random() < 0.3:
            add_list(sheet, shelf, rng)
        if rng.random() < 0.2:
            add_table(sheet, rng, marked)
    return sheet


def add_list(sheet: Sheet, shelf: Shelf, rng: Random) -> None:
    """Write a list of short entries, numbered or with bullets."""
    form = rng.choice(("- {1}", "* {1}", "{0}. {1}", "{0}．{1}", "{0}、{1}", "（{0}）{1}", "● {1}", "·{1}", "{1}"))
    end = rng.choice(("", "；", "。"))
    spaced = rng.random() < 0.3
    for number in range(1, rng.randint(4, 12)):
        clause = rng.choice(rng.choice(shelf.news)[1])
        text = form.format(
            "一二三四五六七八九十"[number % 10 - 1] if "（" in form or "、" in form else number,
            clause[: rng.randint(4, 26)],
        )
        sheet.put(text + end)
        if spaced:
            sheet.blank()


def add_table(sheet: Sheet, rng: Random, marked: bool) -> None:
    """Write rows of a table: cells between bars, tabs or runs of spaces."""
    between = " | " if marked else rng.choice(("\t", "  ", "   ", " "))
    heads = rng.sample(
        ("姓名", "单位", "数量（万元）", "同比增长", "名次", "地区", "比例", "备注", "日期", "电话"), rng.randint(2, 5)
    )
    rows = [heads] + [
        [name(rng) if i == 0 else str(round(rng.uniform(1, 9000), rng.choice((0, 1, 2)))) for i in range(len(heads))]
        for _ in range(rng.randint(3, 14))
    ]
    if marked:
        rows.insert(1, ["---"] * len(heads))
    for row in rows:
        sheet.put(f"| {between.join(row)} |" if marked else between.join(row))


def verse(shelf: Shelf, rng: Random) -> Sheet:
    """A poem, or prose with verse in it: lines of equal length, with or without marks."""
    sheet = Sheet()
    lines = rng.choice(shelf.verse)
    at = rng.randrange(len(lines) - 3)
    marks = rng.choice((("，", "。"), ("，", "；", "，", "。"), ("", ""), ("，", "，", "，", "。")))
    pair = rng.random() < 0.4  # two lines of verse on one line of text
    around, gap = rng.choice(shelf.news), rng.choice((0, 1))
    if rng.random() < 0.5:
        sheet.put(around[0], role="title")
        sheet.lines += [""] * gap
    if rng.random() < 0.5:
        sheet.put(around[1][0])
        sheet.lines += [""] * gap
    picked = [line + marks[i % len(marks)] for i, line in enumerate(lines[at : at + rng.choice((4, 8, 12, 16))])]
    if pair:
        picked = ["".join(picked[i : i + 2]) for i in range(0, len(picked), 2)]
    spaced = gap and rng.random() < 0.5
    for i, line in enumerate(picked):
        sheet.put(("　　" if rng.random() < 0.02 else "") + line)
        if spaced or (i % 4 == 3 and not pair and rng.random() < 0.5):
            sheet.blank()
    for paragraph in around[1][1 : rng.randint(1, 4)]:
        sheet.lines += [""] * gap
        sheet.put(paragraph)
    return sheet


def column(shelf: Shelf, rng: Random) -> Sheet:
    """A newspaper column with squeezed marks, its indents lost or kept, headlines broken where they had to be."""
    sheet = Sheet()
    spaced = rng.random() < 0.5
    indent = rng.choice(("", "", "", "　　", "    "))
    for _ in range(rng.randint(1, 3)):
        pour(sheet, shelf, rng, press(rng, 12, 24), indent, spaced=spaced)
    return sheet


def pour(sheet: Sheet, shelf: Shelf, rng: Random, style: Press, indent: str, *, spaced: bool) -> None:
    """Write one article into a column: headlines first or last, headings between paragraphs."""
    title, blocks = body(shelf, rng)
    head = headline(shelf, title, rng)
    large = Press(rng.uniform(7, 16), 0.5, 0.0, 0.0, 0.0, 0.0)
    first = rng.random() < 0.6

    def heads() -> None:
        for role, text in head:
            limit = large if role == "title" else Press(large.measure * 1.6, 0.5, 0.0, 0.0, 0.0, 0.0)
            halves = text.split() if role == "title" and rng.random() < 0.7 else [text]
            sheet.put(text, [line for half in halves for line in set_lines(half, limit, rng, 0.0)], role, spaced=spaced)

    if first:
        heads()
    for role, text in blocks:
        lines = set_lines(text, style, rng, 2.0 if role == "paragraph" else 0.0)
        if role == "paragraph":
            lines[0] = indent + lines[0]
        if "  " not in text and all(lines):
            sheet.put(text, lines, role, spaced=spaced)
    if not first:
        heads()


def changing(shelf: Shelf, rng: Random) -> Sheet:
    """A document that changes habit half-way: wrapped, then a paragraph a line, or the other way about."""
    sheet = Sheet()
    halves: list[Callable[[], None]] = [
        lambda: pour(sheet, shelf, rng, press(rng, 14, 34), rng.choice(("", "　　")), spaced=rng.random() < 0.5),
        lambda: _append(sheet, rng.choice((clean_file, several))(shelf, rng)),
    ]
    rng.shuffle(halves)
    for half in halves:
        half()
        if rng.random() < 0.5:
            sheet.blank()
    return sheet


def _append(sheet: Sheet, other: Sheet) -> None:
    shift = len(sheet.lines)
    sheet.lines += other.lines
    for block in other.blocks:
        numbers = block["lines"]
        assert isinstance(numbers, list)
        sheet.blocks.append(block | {"lines": [number + shift for number in numbers]})


def latin(shelf: Shelf, rng: Random) -> Sheet:
    """English prose, alone or among Chinese paragraphs, wrapped with a ragged edge or not wrapped at all."""
    sheet = Sheet()
    columns, hyphenate = rng.randint(38, 84), rng.choice((0.0, 0.0, 0.4, 0.8))
    wrapped, gap = rng.random() < 0.8, rng.choice((0, 0, 1))
    indent = rng.choice(("", "    ", "  ")) if not gap else ""
    style = Press(columns / 2, 0.5, 0.0, 0.0, 0.0, 0.0)
    mixed = rng.random() < 0.4
    for _ in range(rng.randint(3, 9)):
        if mixed and rng.random() < 0.5:
            text = rng.choice(rng.choice(shelf.news)[1])
            lines = set_lines(text, style, rng, len(indent) / 2)
        else:
            text = rng.choice(shelf.latin)
            lines = set_latin(text, columns, rng, hyphenate)
        lines = lines if wrapped else [text]
        sheet.put(text, [indent + lines[0], *lines[1:]])
        sheet.lines += [""] * gap
    return sheet


WRITERS: dict[str, Callable[[Shelf, Random], Sheet]] = {
    "clean": clean_file, "several": several, "verse": verse, "column": column, "changing": changing, "latin": latin,
}  # fmt: skip


@click.command(help=__doc__)
@click.argument("corpora", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--side", type=click.Choice(SIDES), default="learn", show_default=True)
@click.option("--kind", "kinds", multiple=True, type=click.Choice(tuple(WRITERS)), default=tuple(WRITERS))
@click.option("--count", default=100, show_default=True, help="pages of each kind")
@click.option("--seed", default=1, show_default=True)
@click.option("-o", "output", required=True, type=click.Path(path_type=Path))
def main(corpora: tuple[Path, ...], side: str, kinds: tuple[str, ...], *, count: int, seed: int, output: Path) -> None:
    """Write the pages."""
    shelf = shelve(corpora, side)
    for part in ("raw", "gold"):
        (output / part).mkdir(parents=True, exist_ok=True)
    for kind in kinds:
        for number in range(count):
            sheet = WRITERS[kind](shelf, Random(zlib.crc32(f"{seed}/{side}/{kind}/{number}".encode())))
            stem = f"{kind}_{number:04d}"
            (output / "raw" / f"{stem}.txt").write_text("\n".join(sheet.lines) + "\n", "utf-8")
            gold = {"articles": [{"flags": [], "blocks": sheet.blocks}], "furniture": []}
            (output / "gold" / f"{stem}.json").write_text(json.dumps(gold, ensure_ascii=False), "utf-8")


if __name__ == "__main__":
    main()
