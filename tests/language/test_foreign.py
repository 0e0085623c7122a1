"""Addresses, code, formulas and other languages are told from Chinese prose, character by character."""

from __future__ import annotations

import numpy as np
import pytest

from cleanup import rulebook
from cleanup.language.classes import bits
from cleanup.language.foreign import borders, foreign

BOOK = rulebook.load()
BORDERS = borders(BOOK.tables, BOOK.limits)


def marked(text: str) -> str:
    """Return the characters of a text that are not Chinese prose."""
    codes = np.array([ord(character) for character in text], dtype=np.uint32)
    marks = foreign(text, bits()[codes], BORDERS)
    return "" if marks is None else "".join(c for c, mark in zip(text, marks.tolist(), strict=True) if mark)


@pytest.mark.parametrize(
    ("text", "strange"),
    [
        ("请看https://a.cn/b,c?d=(e)。谢谢", "https://a.cn/b,c?d=(e)"),
        ("邮箱zhang.san@163.com，电话", "zhang.san@163.com"),
        ("网址www.people.com.cn，欢迎", "www.people.com.cn"),
        ("附件：名单.xlsx", "名单.xlsx"),
        ("用`f(x, y)`算", "`f(x, y)`"),
        ("面积$S = a, b$为", "$S = a, b$"),
        ("见[说明](a,b.md)一文", "(a,b.md)"),
        ("调用print(\"你好, 世界\")输出", "print(\"你好, 世界\")"),
        ("x = \"中文, 测试\"", "x = \"中文, 测试\""),
        ("{\"name\": \"张三\", \"党员\": true}", "{\"name\": \"张三\", \"党员\": true}"),
        ("  \"title\": \"追着春光走的人\",", "  \"title\": \"追着春光走的人\","),
        ("Hello, world. It works.\n你好，世界，今天天气很好，我们去公园", "Hello, world. It works."),
        ("これはペンです。", "これはペンです。"),
        ("東京都知事選\nこれは今日の都知事選の開票速報です。", "東京都知事選\nこれは今日の都知事選の開票速報です。"),
        ("한국어 문장입니다.", "한국어 문장입니다."),
    ],
)  # fmt: skip
def test_what_is_not_chinese_prose_is_marked(text: str, strange: str) -> None:
    assert marked(text) == strange


@pytest.mark.parametrize(
    "text",
    [
        "优の良品在北京开业，GDP增长5.2%，实行AB岗。",
        "WTO(世贸组织)和RCEP(区域协定)生效",
        "记者 John Smith 报道：今年以来，中国经济稳中有进。",
        "价格为$5至$10之间，约合人民币35元",
        "第一时间成立指挥部;第二时间(周一)开会",
        '"双减": 政策落地',
        '["红色"]堡垒说',
    ],
)
def test_chinese_with_strange_words_in_it_is_chinese(text: str) -> None:
    assert not marked(text)
