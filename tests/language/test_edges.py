"""How a stretch of text begins and ends."""

from __future__ import annotations

import numpy as np
import pytest

from cleanup.language.edges import STARTS, start_kinds


def start_of(text: str) -> str:
    codes = np.array([ord(c) for c in text], dtype=np.uint32)
    return STARTS[start_kinds(codes, np.array([0]), np.array([len(text)]))[0]]


@pytest.mark.parametrize(
    "text",
    [
        "本报讯（记者 王艳）入夏以来",
        "本报太原讯 入夏以来",
        "本报北京1月12日讯 记者报道",
        "新华社北京一月六日电 外交部发言人",
        "据新华社罗马1月15日电（记者 罗晋标）",
        "中新社香港二十日电",
        "〔中央社南京十五日電〕京滬路局",
        "【本报讯】入夏以来",
        "【本市訊】米價續跌",
    ],
)
def test_what_opens_a_report_is_a_dateline(text: str) -> None:
    assert start_of(text) == "dateline"


@pytest.mark.parametrize(
    "text",
    [
        "本报通讯员 王艳",
        "本刊讯息台",
        "新华社记者 李佩",
        "据新华社消息人士说",
        "【日头】太阳。",
        "本网通讯录",
        "中央电视台讯号",
    ],
)
def test_what_only_looks_so_is_none(text: str) -> None:
    assert start_of(text) != "dateline"
