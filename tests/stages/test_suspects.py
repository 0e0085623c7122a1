"""Suspects are reported with a suggestion and a probability, and never change a text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleanup.document import Suspect
from cleanup.options import Options
from cleanup.pipeline import Pipeline

PIPELINE = Pipeline(Options(stages_off=frozenset({"columns", "reflow", "separate"})))


def suspects(text: str) -> list[Suspect]:
    """Return the reports on a text."""
    return list(PIPELINE.clean(text).suspects)


@pytest.mark.parametrize(
    ("text", "read", "meant"),
    [
        ("目前，全县己经完成核酸检测。", "己", "已"),
        ("各级党组织切实扛起疫情防控的政冶责任。", "冶", "治"),
        ("区四大大班子领导带头捐款。", "大", ""),
        ("于20222年建成通车。", "20222", ""),
        ("二O二二年十月", "O", "〇"),
        ("各路囗值守", "囗", "口"),
        ("全市锟斤拷锟斤拷疫情", "锟斤拷锟斤拷", ""),
        ("购买了N90标准的口罩", "N90", "N95"),
    ],
)
def test_a_misreading_is_reported_with_what_was_meant(text: str, read: str, meant: str) -> None:
    found = [suspect for suspect in suspects(text) if suspect.text == read and suspect.suggestion == meant]
    assert found, suspects(text)
    assert text[slice(*found[0].source)] == read
    assert found[0].confidence > 0.25


@pytest.mark.parametrize(
    "text",
    [
        "灵石县委坚决贯彻“早、快、准”策略，第一时间激活县疫情防控应急指挥体系，提级管理，扁平化运行。",
        "大家看看天天向上的孩子们，高高兴兴回家了，一股股暖流、一份份义举。",
        "2022年10月29日6时，实行临时性全域静态管理，短短114个小时。",
        "平遥县乾和铸造有限公司的工人们正在加紧生产。",
    ],
)
def test_right_text_is_not_suspected(text: str) -> None:
    assert not suspects(text)


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="己已末未日曰的的一一。，锟斤拷囗N90O〇\n年月日12", max_size=40))
def test_a_report_changes_nothing(text: str) -> None:
    with_reports = PIPELINE.clean(text)
    without = Pipeline(Options(stages_off=frozenset({"columns", "reflow", "separate", "suspects"}))).clean(text)
    assert with_reports.text == without.text
    assert all(0 <= suspect.confidence <= 1 for suspect in with_reports.suspects)
    assert all(suspect.source[0] <= suspect.source[1] <= len(text) for suspect in with_reports.suspects)
