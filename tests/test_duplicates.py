"""Repeated passages: marked by the block they repeat and kept; left out, and restored by undo, where that is asked."""

from __future__ import annotations

from time import perf_counter

from hypothesis import given, settings
from hypothesis import strategies as st

from cleanup.assembly.duplicates import find_repeats
from cleanup.options import Options
from cleanup.pipeline import Pipeline

PIPELINE, DROPPING = Pipeline(), Pipeline(Options(drop_duplicates=True))
TITLE = "清河县打井引水抗旱保玉米"
BODY = (
    "入夏以来，清河县持续高温少雨，三座水库的蓄水量降到历年同期最低。县水利局组织抢险队打井引水，保障灌溉。",
    "在城东镇柳林村，村民老赵守着新打的机井说，井水一通，两百亩玉米就有救了。水利局的技术员每天巡查水泵和渠道。",
    "截至昨天，全县新打机井四十二眼，修复渠道十八公里，清河水库已向下游放水三次，玉米灌溉面积过半。",
)


def page(*parts: str) -> str:
    """Return the parts as a page, an empty line between them."""
    return "\n\n".join(parts) + "\n"


def test_a_repeated_passage_is_marked_and_kept() -> None:
    document = PIPELINE.clean(page(TITLE, *BODY, BODY[0]))
    marks = [block.duplicate_of for article in document.articles for block in article.blocks]
    assert marks == [None, None, None, None, "1/2"]
    assert document.text.count(BODY[0]) == 2
    again = type(document).from_json(document.to_json())
    assert [block.duplicate_of for article in again.articles for block in article.blocks] == marks


def test_a_passage_misread_here_and_there_repeats_all_the_same() -> None:
    misread = BODY[1].replace("村民", "忖民").replace("技术", "枝术")
    document = PIPELINE.clean(page(TITLE, *BODY, misread))
    assert [block.duplicate_of for article in document.articles for block in article.blocks][-1] == "1/3"


def test_dropped_repeats_are_listed_by_name_and_come_back() -> None:
    text = page(TITLE, *BODY, BODY[0])
    document = DROPPING.clean(text)
    assert document.text == page(TITLE, *BODY)
    assert [(drop.rule, drop.text) for drop in document.dropped] == [("repeated-passage", BODY[0])]
    assert document.undo() == text.encode()


def test_other_figures_or_a_short_line_make_no_repeat() -> None:
    assert find_repeats([BODY[2], BODY[2].replace("四十二", "42"), BODY[2].replace("四十二", "43")], 20, 0.9) == {}
    assert find_repeats(["“走吧。”", "“走吧。”"], 20, 0.9) == {}


def test_thousands_of_passages_all_alike_take_no_longer_than_as_many_others() -> None:
    begin = perf_counter()
    repeats = find_repeats([BODY[0]] * 20_000, 20, 0.9)
    assert perf_counter() - begin < 10
    assert set(repeats.values()) == {0}
    assert len(repeats) == 19_999


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text(alphabet="清河县打井引水，。0123", min_size=0, max_size=60), max_size=12))
def test_a_repeat_repeats_an_original_and_every_copy_is_found(texts: list[str]) -> None:
    repeats = find_repeats([*texts, *texts], 20, 0.9)
    assert set(repeats) & set(repeats.values()) == set()
    long = [n for n, text in enumerate(texts) if sum(c.isalnum() for c in text) >= 20]
    assert {n + len(texts) for n in long} <= set(repeats)
