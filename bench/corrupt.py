"""Damages printed lines in known ways: cut and moved passages (K3), recognition noise (K6), injected mess (K7).

Owners are kept through every step, and words are lost only where the gold is changed with them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from random import Random

import opencc

from bench.page import Block, Line, Owner, Page, Story

_HALF = str.maketrans("，；：！？（）", ",;:!?()")
_INVISIBLE = ("\u200b", "\u200b", "\ufeff", "\u00ad", "\u2060", "\x07", "\x02", "\ue004", "\u200e")
_JUNK = (
    "锟斤拷锟斤拷锟斤拷",
    "□□□□□□",
    "~`^|_-=~~·`",
    "………………",
    "烫烫烫烫烫烫",
    "| | ` ~ ^",
    "www.example.com 打印本页 关闭窗口",
    "◆◆◆◆◆◆",
)
# how readers of page images mark the lines of a page: by size, and no two of them alike
_MARKDOWN: tuple[dict[str, str], ...] = (
    {"kicker": "## ", "title": "# ", "subtitle": "### ", "byline": "## ", "heading": "#### "},
    {"kicker": "### ", "title": "## ", "subtitle": "### ", "heading": "#### "},
    {"kicker": "# ", "title": "## ", "subtitle": "### ", "heading": "### "},
    {"kicker": "### ", "title": "## ", "subtitle": "### ", "heading": "### "},
    {"title": "# ", "subtitle": "## ", "heading": "### "},
    {"title": "## ", "heading": "### "},
)
# pairs recognition confuses by shape
_SHAPES = (
    "己已 末未 日曰 人入 土士 天夭 干千 大太 免兔 拔拨 暖瞬 贺咒 擦控 闫关 治冶 住往 候侯 晴睛 析折 浙淅 "
    "崇祟 亨享 徒徙 栗粟 辨辩 蓝篮 冒昌 戌戍 刺剌 汩汨 壁璧 幕墓 慕暮 埋理 撤撒 准淮 问间 们门 全金 王玉 "
    "今令 乌鸟 因困 由田 申甲 见贝 几儿 力刀 九丸 句旬 白百 旦且 斤斥 仓仑 元无 历厉 厂广 万方 乃及 史吏 "
    "东乐 头买 风凤 名各 休体 何向 老考"
)


@cache
def confusions() -> dict[str, str]:
    """Each character that recognition takes for another by its shape, and that other."""
    table: dict[str, str] = {}
    for pair in _SHAPES.split():
        table[pair[0]], table[pair[1]] = pair[1], pair[0]
    return table


@cache
def _radicals() -> dict[str, str]:
    """Unified characters to the radical code points that PDF fonts hand out in their place."""
    table = {unicodedata.normalize("NFKC", chr(c)): chr(c) for c in range(0x2F00, 0x2FD6)}
    return table | {
        "长": "⻓",
        "龙": "⻰",
        "马": "⻢",
        "食": "⻝",
        "青": "⻘",
        "见": "⻅",
        "风": "⻛",
        "飞": "⻜",
        "黄": "⻩",
        "门": "⻔",
        "户": "⼾",
    }


@cache
def _traditional(config: str) -> opencc.OpenCC:
    return opencc.OpenCC(config)


def as_radicals(text: str) -> str:
    """The text with radical code points where a font without proper mapping would give them.

    >>> as_radicals("一日")
    '⼀⽇'
    """
    return "".join(_radicals().get(c, c) for c in text)


# ------------------------------------------------------------------ K3

Segment = tuple[str, Owner, str, int]  # text, owner, role, offset in its block


def fragments(page: Page, rng: Random) -> tuple[Page, list[Line], list[str]]:
    """Whole paragraphs as lines, cut in mid-sentence, moved, swapped, dropped or repeated: page, lines, names.

    A cut leaves no word out; what is dropped leaves the gold too, and its story is flagged.
    """
    ops: list[str] = []
    stories = list(page.stories)
    if rng.random() < 0.35:
        s = rng.randrange(len(stories))
        stories[s] = _truncate(stories[s], rng)
        ops.append("drop-tail")
    if rng.random() < 0.15:
        s = rng.randrange(len(stories))
        rest = tuple(b for b in stories[s].blocks if b.role not in ("kicker", "title", "subtitle", "byline"))
        stories[s] = Story(rest, (*stories[s].flags, "headless"))
        ops.append("drop-head")
    segments = [
        (half, (s, b), block.role, at)
        for s, story in enumerate(stories)
        for b, block in enumerate(story.blocks)
        for at, half in enumerate(block.halves if rng.random() < 0.5 else (block.text,))
    ]
    runs = _cut(segments, rng, rng.randint(0, 6))
    for _ in range(rng.randint(0, 3)):
        op = rng.choice(("swap", "move", "to-end", "to-front"))
        _shift(runs, op, rng)
        ops.append(op)
    duplicates: list[Story] = []
    if rng.random() < 0.12:
        whole = [
            (t, o, r) for run in runs for t, o, r, _ in run if r == "paragraph" and t == stories[o[0]].blocks[o[1]].text
        ]
        if whole:
            text, _, _ = rng.choice(whole)
            runs.insert(rng.randint(0, len(runs)), [(text, (len(stories), 0), "paragraph", 0)])
            duplicates.append(Story((Block("paragraph", (text,)),), ("duplicate",)))
            ops.append("repeat")
    markdown = rng.choice(_MARKDOWN) if rng.random() < 0.45 else {}
    wide = rng.choice((0, 0, 1, 2, 3, 5))  # empty lines where a column ended, at most; often nothing tells of it
    apart = [Line("")] * rng.choice((0, 1, 1, 1))
    lines: list[Line] = []
    run_in = rng.random() < RUN_IN
    for run in runs:
        heading: Segment | None = None
        for number, (text, owner, role, at) in enumerate(run):
            if heading:  # it ended up on the line of the paragraph it opens
                lines += [Line(f"{heading[0]} {text}", (heading[1], owner), at), *apart]
                heading = None
                continue
            following = run[number + 1] if number + 1 < len(run) else None
            if run_in and role in ("heading", "kicker") and _opens(following, owner) and rng.random() < 0.7:
                heading = run[number]
                continue
            mark = markdown.get(role, "") if rng.random() < 0.95 else ""
            lines += [Line(mark + text, (owner,), at), *apart]
        lines += [Line("")] * rng.randint(0, wide)
    return replace(page, stories=(*stories, *duplicates)), lines, ops


RUN_IN = 0.25  # of pages


def _opens(segment: Segment | None, owner: Owner) -> bool:
    """Tell whether a segment is the beginning of a paragraph of the same story."""
    return segment is not None and segment[2] == "paragraph" and segment[3] == 0 and segment[1][0] == owner[0]


def _truncate(story: Story, rng: Random) -> Story:
    paragraphs = [i for i, b in enumerate(story.blocks) if b.role == "paragraph" and len(b.text) > 30]
    if not paragraphs:
        return story
    last = rng.choice(paragraphs[-3:])
    text = story.blocks[last].text
    cut = rng.randint(12, len(text) - 8)
    return Story((*story.blocks[:last], Block("paragraph", (text[:cut],))), (*story.flags, "truncated"))


def _cut(segments: Sequence[Segment], rng: Random, times: int) -> list[list[Segment]]:
    """Runs of segments parted at `times` places, most of them inside a paragraph."""
    runs: list[list[Segment]] = [list(segments)]
    for _ in range(times):
        places = [
            (r, i) for r, run in enumerate(runs) for i, s in enumerate(run) if s[2] == "paragraph" and len(s[0]) > 40
        ]
        if not places:
            break
        r, i = rng.choice(places)
        text, owner, role, offset = runs[r][i]
        at = rng.randint(8, len(text) - 8) if rng.random() < 0.85 else 0
        left = [*runs[r][:i], *([(text[:at], owner, role, offset)] if at else [])]
        runs[r : r + 1] = [left, [(text[at:], owner, role, offset + at), *runs[r][i + 1 :]]] if left else [runs[r]]
    return runs


def _shift(runs: list[list[Segment]], op: str, rng: Random) -> None:
    if len(runs) < 2:
        return
    a, b = rng.sample(range(len(runs)), 2)
    if op == "swap":
        runs[a], runs[b] = runs[b], runs[a]
        return
    run = runs.pop(a)
    runs.insert({"move": min(b, len(runs)), "to-end": len(runs), "to-front": 0}[op], run)


# ------------------------------------------------------------------ K6


def recognise(lines: Sequence[Line], rng: Random) -> list[Line]:
    """Recognition noise: shapes confused, spaces lost or added, half-width marks, specks, stray blank lines."""
    rate, speck, blank = (rng.choice(r) for r in ((0.001, 0.004, 0.01), (0.0, 0.004, 0.01), (0.0, 0.02, 0.06)))
    halved, tight = rng.random() < 0.4, rng.random() < 0.5
    out: list[Line] = []
    pool = "".join(x.text for x in lines if x.owners) or "一"
    for line in lines:
        text = "".join(_misread(c, rate, pool, rng) for c in line.text)
        if halved:
            for full, half in (("：", ": "), ("（", "("), ("）", ")"), ("，", ","), ("；", "; ")):
                if full in text and rng.random() < 0.3:
                    text = text.replace(full, half)
        if tight:
            text = text.replace(" ", "") if rng.random() < 0.4 else text
        out.append(replace(line, text=text))
        if line.owners and rng.random() < speck:
            out.append(Line(rng.choice(("|", "全", "吨", "、", "1", "~", "一", "。", "l"))))
        if rng.random() < blank:
            out.append(Line(""))
    return out


def _misread(char: str, rate: float, pool: str, rng: Random) -> str:
    """The character, or with `rate` one of like shape; characters without one are misread more seldom."""
    if char.isascii() or not char.isalpha() or rng.random() >= 3 * rate:
        return char
    if char in confusions():
        return confusions()[char]
    return rng.choice(pool) if rng.random() < 0.3 else char


# ------------------------------------------------------------------ K7


def mess(page: Page, lines: Sequence[Line], rng: Random) -> tuple[Page, list[Line], str, str, list[str]]:
    """Injected corruption: page, lines, encoding, line end and the names of what was done.

    Spaces round numbers, letter-spacing, half-width marks, traditional runs, radicals, invisible characters, junk,
    CRLF and encodings.
    """
    ops: list[str] = []
    out = list(lines)

    def chosen(name: str, share: float) -> bool:
        if rng.random() < share:
            ops.append(name)
            return True
        return False

    if chosen("trad", 0.4):
        out = _traditional_runs(out, rng)
    if chosen("half", 0.4):
        part = rng.choice((1.0, 0.3))
        out = [replace(x, text=x.text.translate(_HALF)) if rng.random() < part else x for x in out]
    if chosen("numspace", 0.45):
        part = rng.choice((1.0, 0.4))
        out = [replace(x, text=space_numbers(x.text)) if rng.random() < part else x for x in out]
    if chosen("letterspace", 0.4):
        part = rng.choice((0.01, 0.04, 0.1))
        out = [replace(x, text=" ".join("".join(x.text.split()))) if x.text and rng.random() < part else x for x in out]
    if chosen("fullwidth-digits", 0.12):
        out = [
            replace(x, text="".join(chr(ord(c) + 0xFEE0) if c.isascii() and c.isdigit() else c for c in x.text))
            for x in out
        ]
    if chosen("radicals", 0.25):
        out = [replace(x, text=as_radicals(x.text)) for x in out]
    if chosen("invisible", 0.35):
        out = [
            replace(x, text=_insert(x.text, rng.choice(_INVISIBLE), rng)) if x.text and rng.random() < 0.06 else x
            for x in out
        ]
    junk: list[str] = []
    if chosen("junk", 0.3):
        for _ in range(rng.randint(1, 3)):
            junk.append(rng.choice(_JUNK))
            out.insert(rng.randint(0, len(out)), Line(junk[-1]))
    newline = "\r\n" if chosen("crlf", 0.35) else "\n"
    text = "".join(x.text for x in out)
    encodings = ["utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-16-le-bom", "utf-16-be-bom", "gb18030"]
    if fits(text, "gbk"):
        encodings.append("gbk")
    encoding = rng.choice(encodings)
    return replace(page, foot=(*page.foot, *dict.fromkeys(junk))), out, encoding, newline, ops


def fits(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def encode(text: str, encoding: str) -> bytes:
    """The text in one of the benchmark's encodings, byte order marks included.

    >>> encode("中", "utf-16-be-bom")
    b'\\xfe\\xffN-'
    """
    marks = {"utf-16-le-bom": (b"\xff\xfe", "utf-16-le"), "utf-16-be-bom": (b"\xfe\xff", "utf-16-be")}
    mark, codec = marks.get(encoding, (b"", encoding))
    return mark + text.encode(codec)


def codec_of(encoding: str) -> str:
    """The name Python decodes the benchmark's encoding by."""
    return "utf-16" if encoding.startswith("utf-16") else encoding


def space_numbers(text: str) -> str:
    out = ""
    for last, char in zip(" " + text, text, strict=False):
        digit, was = char.isascii() and char.isdigit(), last.isascii() and last.isdigit()
        if (digit and not was and last not in " .,:") or (was and not digit and char not in " .,:%"):
            out += " "
        out += char
    return out


def _insert(text: str, char: str, rng: Random) -> str:
    at = rng.randint(1, len(text))
    return text[:at] + char + text[at:]


def _traditional_runs(lines: Sequence[Line], rng: Random) -> list[Line]:
    """One to three runs of lines, each inside one block, in traditional characters with the marks they had."""
    out = list(lines)
    config = _traditional(rng.choice(("s2t", "s2tw", "s2hk")))
    starts = [i for i, x in enumerate(out) if len(x.owners) == 1 and len(x.text) > 6]
    for start in rng.sample(starts, min(len(starts), rng.randint(1, 3))):
        length, i = rng.randint(1, 6), start
        while i < len(out) and length:
            if out[i].owners == out[start].owners:
                changed = config.convert(out[i].text)
                out[i] = replace(out[i], text=changed if len(changed) == len(out[i].text) else out[i].text)
                length -= 1
            elif out[i].text:
                break
            i += 1
    return out
