"""Lines that end where they do by their form: numbers of a list, the headline of another report."""

from __future__ import annotations

import pytest

from tests.conftest import paragraphs


def test_telephone_numbers_one_under_another_stay_three() -> None:
    page = (
        "报名热线\n　　本报讯 市总工会开通报名热线如\n下，各单位可就近拨打：\n8213345\n8213346\n8213347\n"
        "　　报名时间为5月6日至10日。\n"
    )
    assert paragraphs(page)[2:5] == ["8213345", "8213346", "8213347"]


def test_an_indent_ends_the_number_above_it() -> None:
    page = (
        "新书上架\n　　《大河湾》，鲁石著，每册定价28.50\n　　2018年度好书评选同时启动，读者可\n到市图书馆领取选票。\n"
    )
    assert paragraphs(page)[1:] == [
        "《大河湾》，鲁石著，每册定价28.50",
        "2018年度好书评选同时启动，读者可到市图书馆领取选票。",
    ]


def test_an_indent_ends_a_short_line_of_a_number_that_has_one_itself() -> None:
    page = (
        "招聘启事\n　　本厂因生产发展需要，面向社会招聘\n钳工6名、电工4名、会计1名。待遇从优。\n"
        "　　联系电话：0716-8213345\n　　13807161234（赵先生）\n"
    )
    assert paragraphs(page)[-2:] == ["联系电话：0716-8213345", "13807161234（赵先生）"]


@pytest.mark.parametrize(
    ("above", "below", "row"),
    [("118 97 85 76", "64", "118 97 85 76 64"), ("03 11 18", "26 31", "03 11 18 26 31")],
)
def test_numbers_in_a_row_keep_their_space_at_the_line_end(above: str, below: str, row: str) -> None:
    page = (
        "本届运动会各代表团得分如下\n　　本报讯 截至昨日，第一至第五名\n"
        f"代表团得分依次为{above}\n{below}，差距明显小于上届。\n"
    )
    assert row in "".join(paragraphs(page))


def test_a_number_cut_at_a_line_end_is_still_one() -> None:
    page = (
        "今年全县粮食总产量达到了创纪录的12\n34567吨，比上年增长了百分之七点三五，\n全县上下喜气洋洋，"
        "干部群众奔走相告，\n县里决定给予种粮大户每人奖励现金三\n千元。\n"
    )
    assert "1234567吨" in "".join(paragraphs(page))


def test_the_headline_of_a_report_is_no_part_of_the_sentence_above_it() -> None:
    page = (
        "石桥镇：支部建在果园里\n本报讯（记者 申海波 通讯员\n 鹿鸣）“剪枝要剪到木质部，留\n桩不能超过一公分。”"
        "初冬时节，\n石桥镇南窑村的苹果园里，党员技\n术员缪长河正在给果农示范。他胸\n前的党徽在阳光下闪闪发亮。\n"
        "石桥镇有苹果园1.1万亩，果\n农大多分散经营，技术、农资、销\n售各顾各。今年，镇党委打破村与\n"
        "河头镇开展送医下乡活动\n本报讯 10月13日，河头镇组\n织县中医院8名专家走进上河村，\n"
        "为村民免费量血压、做心电图、辨\n识中医体质，受到村民欢迎。（钮成\n刚）\n"
    )
    assert "河头镇开展送医下乡活动" in paragraphs(page)


def test_the_cells_of_a_table_are_no_part_of_the_text_above_and_below() -> None:
    cells = ["年份", "产量", "1985", "12463", "312.5", "1986", "13018", "318.2"]
    text = "历年粮食产量如下表所列，其中1954年因水灾减产，系据税册推算而来，仅供参考。"
    below = "从表中可以看出，三年间全县粮食总产量增加了五百余万公斤，亩产也稳步提高。"
    assert paragraphs("\n".join([text, *cells, below]) + "\n")[-7:] == [*cells[2:], below]
