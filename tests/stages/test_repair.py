"""What repair does to characters that machines broke, at any place, and that it touches nothing else."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleanup.options import Options
from cleanup.pipeline import Pipeline

PIPELINE = Pipeline(Options(stages_off=frozenset({"columns", "reflow", "rejoin", "simplify", "suspects", "separate"})))
PROSE = "灵石县委坚决贯彻“早、快、准”策略，第一时间激活应急指挥体系。"
NOISE = "\u200b\u200e\u00ad\u2060\ufeff\x07\x02\x1f\ue004\uf8ff\ufff9"


def repaired(text: str) -> str:
    """Run repair alone."""
    return PIPELINE.filter(text).text


@settings(deadline=None)
@given(st.integers(0, len(PROSE) - 1), st.sampled_from(NOISE))
def test_invisible_and_private_characters_go_wherever_they_stand(place: int, noise: str) -> None:
    assert repaired(PROSE[:place] + noise + PROSE[place:]) == PROSE


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("第一行\r\n第二行\r第三行\u2028第四行  \n", "第一行\n第二行\n第三行\n第四行\n"),
        ("6⽉15⽇，⿊⻰江的⻓江⼤桥", "6月15日，黑龙江的长江大桥"),
        ("记者\u00a0韩维元\u2003摄", "记者 韩维元　摄"),
        ("﹁网格﹂防风险﹑保供应﹒", "「网格」防风险、保供应。"),
        ("\uf0b7 严把关口", "• 严把关口"),
        ("Cafe\u0301 \uf9f4", "Café 林"),
        ("&ldquo;红色&rdquo;&nbsp;堡垒", "“红色” 堡垒"),
    ],
)
def test_broken_characters_are_mended(before: str, after: str) -> None:
    assert repaired(before) == after


@pytest.mark.parametrize(
    "read",
    [
        lambda text: text.encode("utf-8").decode("latin-1"),
        lambda text: text.encode("utf-8").decode("gb18030"),
        lambda text: text.encode("gb18030").decode("latin-1"),
    ],
    ids=["utf8-read-as-latin1", "utf8-read-as-gbk", "gbk-read-as-latin1"],
)
def test_mojibake_of_every_family_is_undone(read: object) -> None:
    text = "全县党员干部群众"  # an even number of characters, so that no byte is left over
    assert repaired(read(text)) == text  # type: ignore[operator]


def test_the_page_break_stays_visible() -> None:
    assert repaired("上页\n\f下页") == "上页\n\n\n\n下页"


@pytest.mark.parametrize(
    "text",
    [
        "　　疫情就是命令，防控就是责任。",
        "党建引领筑堡垒　　全力以赴战疫情",
        "列一    列二    列三",
        "浔阳江头夜送客，涓涓细流汇成河，锂电发展，妊娠媛嫣",
        "Société Générale, naïve, «CAFÉ», Ω≈ç√",
        "👩\u200d🌾❤️ 한국어 ニュース",
        "锟斤拷是什么",
        PROSE,
    ],
)
def test_what_is_right_stays(text: str) -> None:
    assert repaired(text) == text


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_any_text_comes_out_composed_and_a_second_repair_changes_nothing(text: str) -> None:
    once = repaired(text)
    assert repaired(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert PIPELINE.filter(text).undo() == text.encode("utf-8", "surrogatepass")
