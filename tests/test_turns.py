"""Turn lines: every printed form is left out by name, and its article says that it goes on or began elsewhere."""

from __future__ import annotations

import pytest

from cleanup.assembly.turns import TurnForm, find_turns, turn_forms
from cleanup.options import Options
from cleanup.pipeline import Pipeline

PIPELINE = Pipeline()
TITLE = "清河县打井引水抗旱保玉米"
BODY = (
    "入夏以来，清河县持续高温少雨，三座水库的蓄水量降到历年同期最低。县水利局组织抢险队打井引水，保障灌溉。",
    "在城东镇柳林村，村民老赵守着新打的机井说，井水一通，两百亩玉米就有救了。水利局的技术员每天巡查水泵和渠道。",
)


@pytest.mark.parametrize("form", turn_forms(), ids=lambda form: form.id)
def test_a_turn_line_knows_its_examples(form: TurnForm) -> None:
    assert [e for e in form.examples if [t.end for t in find_turns(e, [form])] != [len(e)]] == []
    assert [k for k in form.keeps if find_turns(k, [form])] == []


@pytest.mark.parametrize("line", ["（下转第2版）", "下转A2版", "（上接第一版）"])
def test_a_turn_line_of_its_own_is_left_out_and_flags_its_article(line: str) -> None:
    parts = (TITLE, line, *BODY) if "上接" in line else (TITLE, *BODY, line)
    document = PIPELINE.clean("\n\n".join(parts) + "\n")
    assert [(drop.rule.startswith("furniture-turn-line"), drop.text) for drop in document.dropped] == [(True, line)]
    assert [article.flags for article in document.articles] == [("continued",)]
    assert document.articles[0].paragraphs == BODY


def test_a_turn_line_that_closes_a_paragraph_is_cut_off_it() -> None:
    torn = BODY[1] + "截至昨天，全县新打机井四十二眼，修复渠道"
    text = "\n\n".join((TITLE, BODY[0], torn + "（下转第二版）")) + "\n"
    document = PIPELINE.clean(text)
    assert document.articles[0].paragraphs[-1] == torn
    assert document.articles[0].flags == ("truncated", "continued")
    assert [drop.text for drop in document.dropped] == ["（下转第二版）"]
    assert document.undo() == text.encode()


def test_a_turn_line_that_opens_a_paragraph_is_cut_off_it() -> None:
    document = PIPELINE.clean("\n\n".join((TITLE, "（上接第1版）" + BODY[0], BODY[1])) + "\n")
    assert document.articles[0].paragraphs == BODY
    assert document.articles[0].flags == ("continued",)


def test_with_furniture_kept_the_turn_line_stays_and_still_flags() -> None:
    text = "\n\n".join((TITLE, *BODY, "（下转第2版）")) + "\n"
    document = Pipeline(Options(keep_furniture=True)).clean(text)
    assert document.dropped == ()
    assert "（下转第2版）" in document.text
    assert "continued" in document.articles[0].flags


OTHER = (
    "汾水小学添了篮球架",
    "新学期第一天，汾水小学的操场上多了三个篮球架。校长说，孩子们盼这一天盼了整整一个暑假。",
)


def test_what_stands_behind_a_turn_line_is_another_article() -> None:
    document = PIPELINE.clean("\n\n".join((TITLE, *BODY, "（下转第2版）", *OTHER)) + "\n")
    assert [(article.title, article.continued_on) for article in document.articles] == [(TITLE, "2"), (OTHER[0], "")]


def test_what_comes_from_another_page_ends_where_a_headline_stands() -> None:
    document = PIPELINE.clean("\n\n".join(("（上接第一版）" + BODY[1], *OTHER)) + "\n")
    first, second = document.articles
    assert (first.paragraphs, first.continued_from, first.flags) == ((BODY[1],), "1", ("headless", "continued"))
    assert (second.title, second.continued_from, second.flags) == (OTHER[0], "", ())


def test_a_turn_line_among_the_furniture_of_the_page_parts_nothing() -> None:
    foot = ("责编 周元思 版式 靳俊 校对 蔡震瑞", "（下转第2版）")
    whole = PIPELINE.clean("\n\n".join((TITLE, BODY[0], *foot, BODY[1])) + "\n")
    assert [article.paragraphs for article in whole.articles] == [BODY]


def test_a_text_of_lines_all_alike_is_not_taken_for_furniture() -> None:
    lines = [f"会议指出，要抓落实，推动各项工作再上新台阶{n}" for n in range(60)]
    document = PIPELINE.clean("\n\n".join(lines) + "\n")
    assert document.dropped == ()
    assert len(document.articles) == 1


def test_a_turn_line_on_the_line_of_the_staff_parts_nothing_either() -> None:
    foot = "责编 周元思 版式 靳俊 校对 蔡震瑞（上接第1版）"
    document = PIPELINE.clean("\n\n".join((BODY[0], foot, TITLE, BODY[1])) + "\n")
    assert [article.continued_from for article in document.articles] == ["1"]


def test_both_parts_of_an_article_in_one_text_are_one() -> None:
    first = "在城东镇柳林村，村民老赵守着新打的机井说，井水一通，两百亩玉米就有救了，山路又陡又滑，他摔了好几跤，"
    rest = ("膝盖磕破了，可他一步也没有停下，走了整整四个小时，把水泵背到了井边。", "截至昨天，全县新打机井四十二眼。")
    other = (
        "晋剧《长城谣》走上人民剧场",
        "本报讯 省晋剧院的青年演员昨晚在人民剧场演出新编历史剧《长城谣》，座无虚席，谢幕三次。",
    )
    text = "\n\n".join((TITLE, BODY[0], first, "（下转第2版）", *other, "（上接第1版）", *rest)) + "\n"
    document = PIPELINE.clean(text)
    assert document.articles[0].paragraphs == (BODY[0], first + rest[0], rest[1])
    assert [article.flags for article in document.articles] == [(), ()]
    assert document.undo() == text.encode()
