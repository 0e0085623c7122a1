"""Items of gazetteers, yearbooks and letters are known by how they open; prose is not taken for them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleanup.language.openings import OPENINGS, openings


def forms(*lines: str) -> list[str]:
    ends = np.cumsum([len(line) for line in lines])
    codes = np.array([ord(c) for c in "".join(lines)], dtype=np.uint32)
    return [OPENINGS[form] for form in openings(codes, np.append(0, ends[:-1]), ends)]


@pytest.mark.parametrize(
    ("line", "form"),
    [
        ("1950年", "date"),
        ("1954 年 5 月至 8 月 阴雨连绵", "dated-apart"),
        ("民国二十六年（1937年）", "date"),
        ("二〇一一年三月", "date"),
        ("1月8日 县人民政府召开会议", "dated-apart"),
        ("5月至8月 阴雨连绵", "dated-apart"),
        ("是年，全县有小学64所", "dated"),
        ("西汉元封五年（前106年），属益州刺史部", "dated"),
        ("春，大旱。", "dated"),
        ("[1]参见张国维", "note"),
        ("①参见张国维", "note"),
        ("【公路】1956年建成", "entry"),
        ("陈昌裕（1789—1852），字仲宽", "life"),
        ("第二节 气候", "section-alone"),
        ("第十一章", "section-alone"),
        ("三、畜牧业", "numbered"),
        ("第二章 气候。县境四季分明。", "section"),
        ("（二）", "number"),
        ("小麦 常年播种面积22万亩", "named"),
        ("周立民：目前旱情还在可控范围内", "label"),
        ("伯明兄：", "greeting"),
    ],
)
def test_an_item_is_known_by_how_it_opens(line: str, form: str) -> None:
    assert forms("前一行", line, "后一行") == ["none", form, "none"]


@pytest.mark.parametrize(
    "line",
    [
        "20世纪以来", "一个月以来，他们", "春天来了", "（1903年）赴日本留学", "（以下简称县医院）", "县人民医院",
        "第一次", "坚持人民至上 守护百姓健康", "三、要坚持党的领导，各级要加强领导", "A", "年", "他说 ",
        "：这一段说得比任何问候都要长得多也没有停下来的意思：",
    ],
)  # fmt: skip
def test_prose_is_no_item(line: str) -> None:
    assert forms(line) == ["none"]


@given(st.lists(st.text(min_size=1), min_size=1))
def test_any_text_has_a_form(lines: list[str]) -> None:
    assert len(forms(*lines)) == len(lines)
