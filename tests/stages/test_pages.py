"""Pages, as a reader of a book would notice it: what stood at the head and foot of pages is gone, and nothing else."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleanup import rulebook
from cleanup.document import Draft
from cleanup.options import Options
from cleanup.pipeline import Pipeline
from cleanup.stages import pages

PIPELINE = Pipeline()
SENTENCES = (
    "入冬以后湖面结了一层薄冰，住在岸边的人家把小船拖上滩地，翻过来扣在木架上，等来年开春再刷一遍桐油。",
    "到了傍晚，炊烟一缕一缕地升起来，湖面上只剩下一点暗红的光，几只晚归的水鸟从芦苇上面飞过去。",
)
TITLE = "湖边的住户"


WHO = ("老人", "船家", "货郎", "孩子们", "教书先生", "邮差", "女人们", "木匠", "卖鱼的", "守桥人")
WHERE = ("在湖边", "在桥头", "在渡口", "在集市上", "在门槛旁", "在芦苇丛里", "在油灯下", "在雪地里", "在茶棚里")
DID = ("望着水面出神", "说起从前的年月", "把渔网补了又补", "数着天上的大雁", "等着对岸的消息", "煮一锅小米粥")
THEN = ("谁也没有说话", "雾气慢慢散开了", "天色已经不早", "炊烟升了起来", "狗叫了两三声", "雨点落在瓦上")


def paragraphs(count: int, seed: int) -> list[str]:
    """Return paragraphs of five to nine sentences, no two of which are likely to be the same."""
    rng = random.Random(seed)

    def sentence() -> str:
        return f"{rng.choice(WHO)}{rng.choice(WHERE)}{rng.choice(DID)}，{rng.choice(THEN)}。"

    return ["".join(sentence() for _ in range(rng.randint(5, 9))) for _ in range(count)]


def set_in_lines(texts: list[str], measure: int = 26) -> list[str]:
    """Return the lines of paragraphs set in a measure, the first of each indented."""
    lines: list[str] = []
    for text in texts:
        rest = "　　" + text
        while rest:
            cut = measure
            while cut < len(rest) and rest[cut] in "，。":
                cut += 1
            lines.append(rest[:cut])
            rest = rest[cut:]
    return lines


def book(texts: list[str], depth: int, head: str, first: int | None, feed: str = "") -> str:
    """Return paragraphs as the pages of a book: a running head from the second page on, and page numbers."""
    lines = set_in_lines(texts)
    out = [TITLE]
    for number, at in enumerate(range(0, len(lines), depth)):
        if number:
            out += [feed + head] if head else [feed] * bool(feed)
        out += lines[at : at + depth]
        if first is not None:
            out.append(f"— {first + number} —")
    return "\n".join(out) + "\n"


@pytest.mark.parametrize("feed", ["", "\f"])
@pytest.mark.parametrize("first", [None, 46])
def test_paragraphs_torn_by_page_ends_are_whole_again(first: int | None, feed: str) -> None:
    texts = paragraphs(24, 7)
    text = book(texts, 27, "冬日集", first, feed)
    document = PIPELINE.clean(text)
    assert document.undo() == text.encode()
    assert [(article.title, article.paragraphs) for article in document.articles] == [(TITLE, tuple(texts))]
    assert {drop.text.strip("— ").isdigit() or drop.text == "冬日集" for drop in document.dropped} == {True}


def test_a_running_head_that_repeats_the_title_leaves_the_title() -> None:
    texts = paragraphs(18, 3)
    document = PIPELINE.clean(book(texts, 27, TITLE, None))
    assert [(article.title, article.paragraphs) for article in document.articles] == [(TITLE, tuple(texts))]
    assert {(drop.rule, drop.text) for drop in document.dropped} == {("running-head", TITLE)}


@pytest.mark.parametrize("pages", [1, 3])
def test_of_a_running_head_over_the_same_title_the_title_stays(pages: int) -> None:
    texts = paragraphs(6 * pages, 5)
    document = PIPELINE.clean(TITLE + "\n" + book(texts, 27, TITLE, None))
    assert [(article.title, article.paragraphs) for article in document.articles] == [(TITLE, tuple(texts))]
    assert {(drop.rule, drop.text) for drop in document.dropped} == {("running-head", TITLE)}


@pytest.mark.parametrize("last", [TITLE, TITLE[:-1] + "洋"])
def test_no_prose_ends_with_its_title(last: str) -> None:
    texts = paragraphs(5, 3)
    document = PIPELINE.clean("\n".join([TITLE, *set_in_lines(texts), last]) + "\n")
    assert [(article.title, article.paragraphs) for article in document.articles] == [(TITLE, tuple(texts))]
    assert [(drop.rule, drop.text) for drop in document.dropped] == [("running-head", last)]


def test_verse_may_end_with_its_title() -> None:
    text = "回来吧燕子\n\n春天已经在路上\n河水解了冻\n柳条发了芽\n你的旧巢还在梁上\n\n回来吧燕子\n"
    document = PIPELINE.clean(text)
    assert document.dropped == ()


def test_of_a_running_head_over_a_title_in_halves_the_title_stays() -> None:
    texts, halves = paragraphs(5, 3), ("守望千年古渡口", "村民自发修缮石阶")
    document = PIPELINE.clean("\n".join(["".join(halves), *halves, *set_in_lines(texts)]) + "\n")
    assert [(article.title, article.paragraphs) for article in document.articles] == [(" ".join(halves), tuple(texts))]
    assert [(drop.rule, drop.text) for drop in document.dropped] == [("running-head", "".join(halves))]


def test_verse_that_says_its_first_line_twice_says_it_twice() -> None:
    text = "回来吧燕子\n回来吧燕子\n春天已经在路上\n河水解了冻\n柳条发了芽\n你的旧巢还在梁上\n"
    document = PIPELINE.clean(text)
    assert document.dropped == ()
    assert document.text.count("回来吧燕子") == 2


def test_furniture_that_is_kept_stays_where_it_stood() -> None:
    text = book(paragraphs(18, 3), 27, "冬日集", None)
    document = Pipeline(Options(keep_furniture=True)).clean(text)
    assert document.dropped == ()
    assert document.text.count("冬日集") == text.count("冬日集")


def test_a_rule_that_is_off_sets_nothing_aside() -> None:
    document = Pipeline(Options(off=frozenset({"running-head"}))).clean(book(paragraphs(18, 3), 27, "冬日集", None))
    assert [drop for drop in document.dropped if drop.rule == "running-head"] == []


def test_a_refrain_a_byline_and_numbered_sections_are_no_page_furniture() -> None:
    texts = [line for n, text in enumerate(paragraphs(18, 5)) for line in ("好。", text, f"{n + 1}", "“走吧。”")]
    document = PIPELINE.clean("\n\n".join([TITLE, *texts]) + "\n")
    assert {drop.rule for drop in document.dropped} & {"running-head", "page-number"} == set()


def test_in_place_nothing_is_set_aside() -> None:
    text = book(paragraphs(18, 3), 27, "冬日集", 46)
    assert PIPELINE.filter(text).text.count("冬日集") == text.count("冬日集")


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.sampled_from(["冬日集", "12", "— 13 —", "\f", "", "第3页", *SENTENCES]), max_size=60).map("\n".join),
)
def test_whatever_recurs_nothing_is_lost(text: str) -> None:
    document = PIPELINE.clean(text)
    assert document.undo() == text.encode()
    again = PIPELINE.clean(document.text)
    assert again.undo() == document.text.encode()


def test_sections_that_end_with_a_full_line_are_no_pages() -> None:
    rng = random.Random(4)
    lines = [TITLE]
    for number in range(1, 9):
        lines.append(f"第{number}节")
        for text in paragraphs(rng.randint(2, 4), number):
            lines += set_in_lines([text[: 26 * (len(text) // 26) - 3] + "。"])
    document = PIPELINE.clean("\n".join(lines) + "\n")
    assert [drop for drop in document.dropped if drop.rule in ("running-head", "page-number")] == []


def test_paragraphs_a_line_each_are_mended_too() -> None:
    texts = paragraphs(9, 11)
    lines = [TITLE]
    for number, text in enumerate(texts):
        if number % 3 == 2:
            lines += [text[:40], f"— {46 + number // 3} —", "冬日集", text[40:]]
        else:
            lines.append(text)
    text = "\n\n".join(lines) + "\n"
    document = PIPELINE.clean(text)
    assert [(article.title, article.paragraphs) for article in document.articles] == [(TITLE, tuple(texts))]
    assert document.undo() == text.encode()


def test_heads_and_numbers_that_were_misread_are_told_by_those_that_were_not() -> None:
    texts = paragraphs(30, 9)
    text = book(texts, 27, "第三章　冬天的河流", 100)
    misread = text.replace("冬天的河流", "冬无的问流", 2).replace("— 103 —", "— 1O3 —")
    document = PIPELINE.clean(misread)
    assert [(article.title, article.paragraphs) for article in document.articles] == [(TITLE, tuple(texts))]
    assert "— 1O3 —" in {drop.text for drop in document.dropped}


def test_lines_that_recur_in_the_text_itself_stay() -> None:
    lines = set_in_lines(paragraphs(600, 2))
    document = PIPELINE.clean("\n".join([TITLE, *lines]) + "\n")
    assert document.dropped == ()


def test_no_stage_takes_what_was_set_aside_into_the_text() -> None:
    """Numbers and heads behind one another look like columns read line by line."""
    for seed in range(6):
        texts = paragraphs(20, seed)
        text = book(texts, 27, "第三章　冬天的河流", 100)
        document = PIPELINE.clean(text)
        dropped = [drop.text for drop in document.dropped]
        assert sorted(dropped) == sorted(line for line in text.split("\n") if "—" in line or "冬天的河流" in line)
        assert [article.paragraphs for article in document.articles] == [tuple(texts)]


@pytest.mark.parametrize("gap", ["　", " " * 24])
def test_the_frame_of_a_page_is_not_joined_to_its_text(gap: str) -> None:
    head, foot = gap.join(["晨河日报", "２０１８年５月１９日　星期六", "第２版"]), "责编 周元 版式 靳俊"
    lines = [head, TITLE, *set_in_lines(paragraphs(6, 8)), foot]
    document = PIPELINE.clean("\n".join(lines) + "\n")
    assert [drop.rule for drop in document.dropped] == ["furniture-date-line", "furniture-staff-line"]
    assert [(article.title, article.paragraphs) for article in document.articles] == [(TITLE, tuple(paragraphs(6, 8)))]
    told = {"date": "2018-05-19", "page": "2", "paper": "晨河日报", "editor": "周元", "layout": "靳俊"}
    assert document.metadata == told


def test_the_days_of_a_diary_stay() -> None:
    days = [f"2018年5月{day}日　星期{weekday}" for day, weekday in ((19, "六"), (20, "日"), (21, "一"))]
    parts = [part for day, text in zip(days, paragraphs(3, 1), strict=True) for part in (day, text)]
    proposal = pages.propose(Draft("\n\n".join(parts) + "\n"), rulebook.load(), Options())
    assert proposal.aside == ()


def test_no_day_of_a_diary_is_dropped_though_others_tell_of_the_weather() -> None:
    days = ("2018年5月19日 星期六 晴", "2018年5月20日 星期日 雨", "2018年5月22日 星期二")
    parts = [part for day, text in zip(days, paragraphs(3, 1), strict=True) for part in (day, text[:60] + "。")]
    document = PIPELINE.clean("湖边日记\n\n" + "\n\n".join(parts) + "\n")
    assert document.dropped == ()
    assert all(day in document.text for day in days)


def test_a_caption_with_a_date_in_it_is_no_frame_of_the_page() -> None:
    caption = "图为2018年5月19日，渡口的船家在修补渔网。李 明 摄"
    document = PIPELINE.clean("\n".join([TITLE, caption, *set_in_lines(paragraphs(6, 8))]) + "\n")
    assert document.dropped == ()
    assert caption in document.text


def test_what_a_web_page_says_of_itself_is_set_aside_and_tells_its_date() -> None:
    around = [
        "首页 > 新闻中心 > 县域动态 > 正文",
        "2023-03-15 09:26:11 来源：清河县融媒体中心 作者：王晓丽 浏览次数：1327",
        "[责任编辑：刘洋]",
        "分享到：",
        "上一篇：县领导调研项目建设",
        "版权所有：清河县人民政府办公室 冀ICP备05012345号-1",
    ]
    texts = paragraphs(3, 8)
    document = PIPELINE.clean("\n".join([around[0], TITLE, around[1], *texts, *around[2:]]) + "\n")
    assert [(article.title, article.paragraphs) for article in document.articles] == [(TITLE, tuple(texts))]
    assert sorted(drop.text for drop in document.dropped) == sorted(around)
    assert document.metadata == {"date": "2023-03-15", "editor": "刘洋"}


@pytest.mark.parametrize(
    "head",
    ["第三章　湖边人家                · 87 ·", "2019.08  黄河人文  45", "湖 边 县 志                        2 1 7"],
)
def test_the_head_or_foot_of_a_single_page_is_known_by_its_number(head: str) -> None:
    texts = paragraphs(4, 8)
    for lines in ([*set_in_lines(texts), head], [head, *set_in_lines(texts)]):
        document = PIPELINE.clean("\n".join(lines) + "\n")
        assert [article.paragraphs for article in document.articles] == [tuple(texts)]
        assert [drop.text for drop in document.dropped] == [head]


def test_rows_of_a_table_are_no_heads() -> None:
    rows = [f"{name}            {number}" for name, number in (("东关镇", 1246), ("南关乡", 875), ("西关镇", 902))]
    assert PIPELINE.clean("\n".join(rows) + "\n").dropped == ()


def test_names_behind_a_slash_stand_on_lines_of_their_own() -> None:
    texts = paragraphs(3, 8)
    document = PIPELINE.clean("\n".join([TITLE, "文/何平", "图/受访者提供", *set_in_lines(texts)]) + "\n")
    (article,) = document.articles
    assert [block.text for block in article.blocks] == [TITLE, "文/何平", "图/受访者提供", *texts]


@pytest.mark.parametrize(("head", "first", "feed"), [(TITLE, None, ""), ("", 46, ""), ("", None, "\f")])
def test_a_footnote_stands_behind_the_paragraph_it_tore(head: str, first: int | None, feed: str) -> None:
    texts = paragraphs(12, 7)
    lines = set_in_lines(texts)
    note = "① 见《湖边县志》卷三《渡口》，乾隆五十五年刻本，第12页；又见同书卷四。"
    pages_of_lines = [lines[at : at + 16] for at in range(0, len(lines), 16)]
    pages_of_lines[1][3] = pages_of_lines[1][3][:9] + "①" + pages_of_lines[1][3][9:]
    pages_of_lines[1] += [note[:24], note[24:]]
    out = [TITLE]
    for number, own in enumerate(pages_of_lines):
        out += [feed + head] if number and head else []
        out += [feed + own[0], *own[1:]] if number and not head else own
        out += [f"— {first + number} —"] if first else []
    document = PIPELINE.clean("\n".join(out) + "\n")
    (article,) = document.articles
    assert [text.replace("①", "") for text in article.paragraphs if text != note] == texts
    behind = article.paragraphs.index(note)
    assert behind and not article.paragraphs[behind - 1].endswith("①")
    assert document.undo() == ("\n".join(out) + "\n").encode()


def test_items_of_a_list_that_nothing_calls_are_no_footnotes() -> None:
    items = ["① 商人承办，官府督销。", "② 官府自办，雇工采掘。"]
    lines = [*set_in_lines(paragraphs(3, 7)), *items]
    document = PIPELINE.clean("\n".join(lines) + "\n\f" + "\n".join(set_in_lines(paragraphs(3, 5))) + "\n")
    assert not [edit for stage, edit in document.edits if edit.rule == "footnote"]


def test_the_head_over_the_first_chapter_is_no_title() -> None:
    lines = set_in_lines(paragraphs(6, seed=5))
    head, depth = "清河县志　　　第三编　农业", len(lines) // 2
    pages_of = [
        [head, "", "第二章　水利", "", "第一节　灌溉", "", *lines[:depth], "", "— 213 —"],
        [head, "", *lines[depth:], "", "— 214 —"],
    ]
    document = PIPELINE.clean("\n".join("\n".join([*page, ""]) for page in pages_of))
    assert document.articles[0].title == "第二章 水利"
    assert "清河县志" not in document.text


@pytest.mark.parametrize("number", ["122", "— 122 —", "· 122 ·"])
def test_the_number_of_a_page_is_no_part_of_one_in_the_text(number: str) -> None:
    above = set_in_lines(paragraphs(2, seed=8))
    torn = [*set_in_lines(["年末生猪存栏四万头，出栏六万八千头，家禽存栏八十六万只，肉类总产量54"]), number]
    below = [
        "\f68吨。全年无重大动物疫情发生，畜产品质量安全监管得",
        "到加强，未发现违禁药物。",
        *set_in_lines(paragraphs(1, seed=9)),
    ]
    document = PIPELINE.clean("\n".join([*above, *torn, *below]) + "\n")
    assert "肉类总产量5468吨。" in document.text


def test_the_name_of_a_paper_beside_its_date_belongs_to_the_page() -> None:
    lines = set_in_lines(paragraphs(3, seed=4))
    frame = ["清河日报", "QINGHE RIBAO", "2006年9月21日　星期四　第4532期　今日四版"]
    document = PIPELINE.clean("\n".join([*frame[:1], frame[2], TITLE, *lines]) + "\n")
    assert document.articles[0].title == TITLE
    assert "清河日报" not in document.text
    document = PIPELINE.clean("\n".join([*frame[1:], TITLE, *lines]) + "\n")
    assert document.articles[0].title == TITLE
