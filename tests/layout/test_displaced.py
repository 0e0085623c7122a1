"""The last characters of a headline's line, set down elsewhere, come back to it; what stands for itself stays."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleanup.pipeline import Pipeline

PIPELINE = Pipeline()
LAW = "第一条 为了维护国旗的尊严，规范国旗的使用，\n增强公民的国家观念，弘扬爱国主义精神，\n"
LAW += "培育和践行社会主义核心价值观，根据宪法，\n制定本法。\n"
TITLE, LAST = "各县加快推进义务教育均衡发", "展"


def fired(text: str) -> bool:
    document = PIPELINE.clean(text)
    assert document.undo() == text.encode("utf-8", "surrogatepass")
    return any(edit.rule == "displaced-line-end" for _, edit in document.edits)


@pytest.mark.parametrize(
    "text", [f"{LAST}\n\n{LAW}\n{TITLE}\n", f"{TITLE}\n\n{LAW}\n{LAST}\n\n第二条 国旗是五星红旗。\n"]
)
def test_the_last_character_of_a_headline_comes_back(text: str) -> None:
    document = PIPELINE.clean(text)
    assert TITLE + LAST in [block.text for article in document.articles for block in article.blocks]
    assert document.undo() == text.encode()


@pytest.mark.parametrize("alone", ["副刊", "社会", "王力", "本报讯", "一"])
def test_what_stands_for_itself_stays(alone: str) -> None:
    assert not fired(f"{alone}\n\n{LAW}\n{TITLE}{LAST}\n")


def test_what_goes_on_from_the_line_before_it_stays() -> None:
    assert not fired(f"{TITLE}\n{LAST}\n\n{LAW}\n这个县的旅游业近年来蓬勃发\n")


def test_pieces_of_a_shattered_line_stay() -> None:
    pieces = [
        "云名，",
        "县以山名”",
        "。",
        "（1684年）",
        "编",
        "",
        "修的",
        "《云岭县志》",
        "（618",
        "年）",
        "，",
        "复置安富县，",
    ]
    assert not fired("\n".join([*pieces, "（1370 年）", "，", "县入洵阳县，设云岭巡检"]) + "\n\n")


def test_a_list_of_names_keeps_its_order() -> None:
    names = ["王力", "李白", "张学良", "陈独秀", "林语堂", "郭沫若", "中国人民政治协商会"] * 4
    assert not fired("\n".join(names) + "\n")


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from([LAST, TITLE, "发", "动", "活动", "各县加快推进义务教育", "展”", LAW]), max_size=12))
def test_any_order_comes_back(lines: list[str]) -> None:
    text = "\n".join(lines)
    document = PIPELINE.clean(text)
    assert document.undo() == text.encode()
