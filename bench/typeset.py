"""Sets a composed page with a real engine, typst or headless Chromium, into a PDF of selectable text.

It chooses fonts, measure, columns and drawing order; it never changes a word of the page.
"""

from __future__ import annotations

import html
import subprocess
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from typing import Literal

import typst

from bench.compose import Kind
from bench.page import HEADLINE, Block, Page, Story, drawn

Engine = Literal["typst", "chromium"]
Order = Literal["title_first", "body_first", "bodies_titles", "middle"]
FONTS = (
    "Noto Serif CJK SC",
    "Noto Serif CJK SC",
    "Noto Sans CJK SC",
    "WenQuanYi Zen Hei",
    "AR PL UMing CN",
    "AR PL UKai CN",
)
ORDERS: tuple[Order, ...] = ("title_first", "title_first", "body_first", "bodies_titles", "middle")
_BODY_PT = 10.0
_TYPE: dict[str, tuple[float, str]] = {
    "subtitle": (1.2, "regular"),
    "kicker": (1.15, "regular"),
    "heading": (1.1, "bold"),
}
_TYPE |= {"caption": (0.9, "regular"), "credit": (0.9, "regular")}


@dataclass(frozen=True, slots=True)
class Look:
    """What the compositor chose: `k` characters a line of a column, `across` columns a page."""

    engine: Engine
    font: str
    k: int
    across: int
    order: Order
    autospace: bool
    break_all: bool
    indent: Literal["css", "chars"]
    picture: bool
    leading: float
    headline: float
    rows: tuple[int, ...]  # columns each story of a Chromium page takes

    def described(self) -> dict[str, object]:
        """The look as plain data, for the page's meta."""
        return asdict(self)


def is_book(page: Page, kind: Kind) -> bool:
    """Whether a page of this kind is one of a book; several texts of other forms than news are a newspaper's."""
    return kind == "book" or (kind == "forms" and len(page.stories) == 1)


def random_look(page: Page, kind: Kind, rng: Random) -> Look:
    """A look fit for the kind: books have one column of 24 to 31 characters, newspapers several narrow ones."""
    book = is_book(page, kind)
    engine: Engine = "chromium" if kind in ("K4", "K5") or rng.random() < 0.5 else "typst"
    across = 1 if book else rng.choice((2, 3, 3, 4))
    measure = rng.randint(12, 22) if not book else rng.randint(24 if kind == "book" else 16, 31)
    font, order = rng.choice(FONTS), rng.choice(ORDERS)
    return Look(
        engine, font, measure, across, "title_first" if book and kind == "forms" else order,
        rng.random() < 0.6, rng.random() < 0.25, rng.choice(("css", "css", "chars")), not book and rng.random() < 0.25,
        rng.choice((1.5, 1.6, 1.75)), rng.uniform(1.4, 2.2),
        tuple(1 if book else rng.randint(1, across) for _ in page.stories),
    )  # fmt: skip


def to_pdf(page: Page, look: Look, path: Path) -> None:
    """Writes the page to `path`; raises RuntimeError when the engine fails."""
    if look.engine == "typst":
        path.with_suffix(".typ").write_text(typst_source(page, look), "utf-8")
        typst.compile(str(path.with_suffix(".typ")), output=str(path))
        return
    source = path.with_suffix(".html")
    source.write_text(html_source(page, look), "utf-8")
    command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
               "--no-pdf-header-footer",
               f"--user-data-dir={path.parent / 'profile'}", f"--print-to-pdf={path}", source.as_uri()]  # fmt: skip
    done = subprocess.run(command, capture_output=True, timeout=90, check=False)
    if done.returncode or not path.exists():
        raise RuntimeError(f"chromium: {done.stderr.decode(errors='replace')[-300:]}")


# ------------------------------------------------------------------ typst


def _typst_text(text: str) -> str:
    return '#"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def typst_source(page: Page, look: Look) -> str:
    """The page as typst markup: one flow of columns, headlines inside their column, order as drawn.

    >>> look = Look("typst", FONTS[0], 18, 3, "title_first", True, False, "css", False, 1.6, 1.8, (1,))
    >>> "columns: 3" in typst_source(Page((Story((Block("paragraph", ("甲。",)),)),)), look)
    True
    """
    gutter, margin = 2.0, 3.0
    width = look.k * look.across + gutter * (look.across - 1) + 2 * margin
    depth = 32 if look.across == 1 else 46
    lines = [
        f'#set text(font: ("{look.font}", "Noto Serif CJK SC"), size: {_BODY_PT}pt, lang: "zh", region: "cn", '
        f"cjk-latin-spacing: {'auto' if look.autospace else 'none'})",
        f"#set page(width: {width * _BODY_PT}pt, height: {(depth * look.leading + 8) * _BODY_PT}pt, "
        f"margin: {margin * _BODY_PT}pt, columns: {look.across}"
        + (f", header: [{_typst_text('   '.join(page.head))}]" if page.head else "")
        + (f", footer: [{_typst_text('   '.join(page.foot))}]" if page.foot else "")
        + ")",
        f"#set columns(gutter: {gutter * _BODY_PT}pt)",
        f"#set par(justify: true, leading: {look.leading - 1:.2f}em, spacing: {look.leading - 1:.2f}em"
        + (", first-line-indent: (amount: 2em, all: true))" if look.indent == "css" else ")"),
    ]
    for story in _drawn(page, look):
        for block in story:
            lines += ["", _typst_block(block, look)]
    return "\n".join(lines) + "\n"


def _typst_block(block: Block, look: Look) -> str:
    if block.role == "paragraph":
        return _typst_text(("　　" if look.indent == "chars" else "") + block.text)
    size, weight = {"title": (look.headline, "bold")}.get(block.role) or _TYPE.get(block.role, (1.0, "regular"))
    body = " \\ ".join(_typst_text(half) for half in block.halves)
    inner = f'#set par(first-line-indent: 0em, justify: false)\n#text(size: {size:.2f}em, weight: "{weight}")[{body}]'
    closing = block.role == "byline" and block.text.startswith("（")
    place = "right" if closing else "left" if block.role in ("caption", "credit") else "center"
    return f"#block(width: 100%)[#set align({place})\n{inner}]"


def _drawn(page: Page, look: Look) -> list[list[Block]]:
    """The blocks of each story in the order they are drawn; with bodies_titles all headlines come last."""
    bodies: list[list[Block]] = []
    heads: list[list[Block]] = []
    for story in page.stories:
        head = drawn([b for b in story.blocks if b.role in HEADLINE and not _closes(story, b)])
        body = [b for b in story.blocks if b not in head]
        if look.order == "title_first":
            bodies.append(head + body)
        elif look.order == "body_first":
            bodies.append(body + head)
        elif look.order == "middle":
            bodies.append([*body[: len(body) // 2], *head, *body[len(body) // 2 :]])
        else:
            bodies.append(body)
            heads.append(head)
    return bodies + heads


def _closes(story: Story, block: Block) -> bool:
    return block.role == "byline" and block.text.startswith("（")


# ------------------------------------------------------------------ Chromium


def html_source(page: Page, look: Look) -> str:
    """The page as HTML: zones side by side, balanced columns, headlines above them whatever the drawing order.

    >>> look = Look("chromium", FONTS[0], 18, 3, "body_first", True, False, "css", False, 1.6, 1.8, (1,))
    >>> page = Page((Story((Block("title", ("题",)), Block("paragraph", ("甲。",)))),))
    >>> text = html_source(page, look)
    >>> text.index("甲。") < text.index("题")
    True
    """
    gap = 2.0
    book = look.across == 1
    width = look.k * look.across + gap * (look.across - 1)
    height = f"{34 * look.leading + 9}em" if book else f"{_height(page, look)}em"
    css = f"""@page {{ size: {(width + 6) * _BODY_PT}pt {float(height[:-2]) * _BODY_PT}pt; margin: {3 * _BODY_PT}pt }}
html {{ font: {_BODY_PT}pt/{look.leading} '{look.font}', 'Noto Serif CJK SC';
 text-autospace: {"normal" if look.autospace else "no-autospace"};
 word-break: {"break-all" if look.break_all else "normal"}; text-align: justify }}
body {{ margin: 0; width: {width}em }} * {{ margin: 0; padding: 0 }}
.row {{ display: flex; gap: {gap}em; margin-bottom: 1.5em }} .zone {{ display: grid; align-content: start }}
.head {{ grid-row: 1; text-align: center }} .body {{ grid-row: 2; column-gap: {gap}em }}
.title {{ font-size: {look.headline:.2f}em; line-height: 1.3; font-weight: bold }}
.subtitle {{ font-size: 1.2em }} .kicker {{ font-size: 1.1em }}
p {{ text-indent: {"2em" if look.indent == "css" else "0"} }} .heading {{ font-weight: bold; text-align: center }}
.book .heading {{ text-align: left }}
.caption, .credit {{ font-size: .9em; text-align: left }} .closing {{ text-align: right }}
.picture {{ float: right; width: {look.k * 0.45:.1f}em; height: 9em; margin-left: 1em; background: #ddd }}
.running {{ position: fixed; top: -1.8em; width: 100%; text-align: center; font-size: .85em }}
.head-line {{ display: flex; justify-content: space-between; margin-bottom: 1em }}"""
    content = (
        _html_book(page, look) if book else _furniture(page.head) + _html_zones(page, look) + _furniture(page.foot)
    )
    name = "book" if book else "news"
    head = f'<!doctype html><html lang="zh-CN"><meta charset="utf-8"><style>{css}</style>'
    return f'{head}<body class="{name}">{content}</body></html>'


def _height(page: Page, look: Look) -> float:
    em = 14.0
    for story, columns in zip(page.stories, look.rows, strict=True):
        em += 14 + sum(len(b.text) / look.k + 1.5 for b in story.blocks) / columns * look.leading * 1.15
    return em


def _furniture(texts: tuple[str, ...]) -> str:
    return f'<div class="head-line">{"".join(f"<span>{html.escape(t)}</span>" for t in texts)}</div>' if texts else ""


def _html_block(block: Block, look: Look) -> str:
    text = "<br>".join(html.escape(half) for half in block.halves)
    if block.role == "paragraph":
        return f"<p>{'　　' if look.indent == 'chars' else ''}{text}</p>"
    closing = " closing" if block.role == "byline" and block.text.startswith("（") else ""
    return f'<div class="{block.role}{closing}">{text}</div>'


def _html_zones(page: Page, look: Look) -> str:
    rows: list[list[str]] = []
    used = look.across + 1
    late: dict[int, str] = {}
    for number, (story, columns) in enumerate(zip(page.stories, look.rows, strict=True)):
        head = drawn([b for b in story.blocks if b.role in HEADLINE and not _closes(story, b)])
        body = [b for b in story.blocks if b not in head]
        width = look.k * columns + 2.0 * (columns - 1)
        heading = f'<div class="head">{"".join(_html_block(b, look) for b in head)}</div>' if head else ""
        flow = "".join(_html_block(b, look) for b in body)
        if look.picture and number == 0:
            flow = flow.replace("<p>", '<div class="picture"></div><p>', 1)
        text = f'<div class="body" style="column-count:{columns}">{flow}</div>'
        parts = text + heading if look.order == "body_first" else heading + text
        if look.order == "bodies_titles" and head:
            late[number] = heading
            parts = f'<div class="head" style="visibility:hidden">{"".join(_blank(b) for b in head)}</div>' + text
        if used + columns > look.across:
            rows.append([])
            used = 0
        used += columns
        rows[-1].append(f'<div class="zone" id="z{number}" style="width:{width}em">{parts}</div>')
    out = "".join(f'<div class="row">{"".join(row)}</div>' for row in rows)
    # headlines drawn last stand over the room kept for them
    moved = "".join(f'<div class="late" data-z="{n}">{h}</div>' for n, h in late.items())
    script = """<script>for (const d of document.querySelectorAll('.late')) {
const z = document.getElementById('z' + d.dataset.z).getBoundingClientRect();
d.style.cssText = `position:absolute;left:${z.left}px;top:${z.top}px;width:${z.width}px` }</script>"""
    return out + (moved + script if late else "")


def _blank(block: Block) -> str:
    """Room for a headline drawn later: boxes of the same size, without its words."""
    return (
        f'<div class="{block.role}">'
        + "<br>".join("<i style='display:inline-block;width:%.1fem'></i>" % (len(h) * 0.98) for h in block.halves)
        + "</div>"
    )


def _html_book(page: Page, look: Look) -> str:
    running = f'<div class="running">{html.escape("　".join(page.head))}</div>' if page.head else ""
    return running + "".join(_html_block(block, look) for story in page.stories for block in story.blocks)
