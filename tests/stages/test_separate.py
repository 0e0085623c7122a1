"""Separate, as a reader of the articles would notice it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleanup.document import Document
from cleanup.options import Options
from cleanup.pipeline import Pipeline
from tests.conftest import balance

SEEDS = sorted((Path(__file__).parents[2] / "seeds").glob("*.txt"))
PIPELINE = Pipeline()

DROUGHT = (
    "入夏以来，清河县持续高温少雨，三座水库的蓄水量降到历年同期最低。县水利局组织抢险队打井引水，保障灌溉。",
    "在城东镇柳林村，村民老赵守着新打的机井说，井水一通，两百亩玉米就有救了。水利局的技术员每天巡查水泵和渠道。",
    "截至昨天，全县新打机井四十二眼，修复渠道十八公里，清河水库已向下游放水三次，玉米灌溉面积过半。",
)
OPERA = (
    "省晋剧院的青年演员昨晚在人民剧场演出新编历史剧《长城谣》，座无虚席，谢幕三次，观众久久不愿离去。",
    "剧中扮演守关将军的演员孙立说，这出戏排了八个月，唱腔改了十几稿，老艺术家们手把手地教。",
    "剧院院长介绍，《长城谣》接下来还要到校园和乡村巡演，票价不高，为的是让年轻人走近晋剧。",
)


def page(*parts: str) -> str:
    """Return the parts as a page, an empty line between them."""
    return "\n\n".join(parts) + "\n"


def bodies(document: Document) -> list[tuple[str, tuple[str, ...]]]:
    """Return the title and the paragraphs of each article."""
    return [(article.title, article.paragraphs) for article in document.articles]


COMMENT = (
    "扛稳粮食安全责任，是时代交给农业县的考题。耕地红线守得住，种子攥在自己手里，仓廪才能充实。",
    "农技员把课堂搬到地头，合作社把订单签到田间，种粮有了奔头，年轻人就愿意回来。",
)
HARVEST = (
    "本报讯（记者 王艳）今年夏粮收购开秤以来，清河县粮食储备库日均入库小麦三百吨，农民卖粮当天结清。",
    "储备库主任介绍，库里新装了自动扦样机和烘干塔，晴天雨天都能收粮，农民排队不超过半小时。",
)


@pytest.mark.xfail(strict=True, reason="in the form of a clean file: so little text may as well be one article")
def test_two_stories_come_apart_each_under_its_own_headline() -> None:
    document = PIPELINE.clean(page("清河县打井引水抗旱保玉米", *DROUGHT, "晋剧《长城谣》走上人民剧场", *OPERA))
    assert bodies(document) == [("清河县打井引水抗旱保玉米", DROUGHT), ("晋剧《长城谣》走上人民剧场", OPERA)]


def test_headlines_may_stand_after_their_stories() -> None:
    document = PIPELINE.clean(page(*DROUGHT, "清河县打井引水抗旱保玉米", *OPERA, "晋剧《长城谣》走上人民剧场"))
    assert bodies(document) == [("清河县打井引水抗旱保玉米", DROUGHT), ("晋剧《长城谣》走上人民剧场", OPERA)]


def test_names_in_brackets_sign_the_story_before_them_not_the_headline_after_them() -> None:
    document = PIPELINE.clean(
        page("清河县打井引水抗旱保玉米", *DROUGHT, "（王艳 李晓婧）", "晋剧《长城谣》走上人民剧场", *OPERA, "（孙振）")
    )
    signed = {article.title: article.blocks[-1] for article in document.articles}
    assert {title: (block.role, block.text) for title, block in signed.items()} == {
        "清河县打井引水抗旱保玉米": ("byline", "（王艳 李晓婧）"),
        "晋剧《长城谣》走上人民剧场": ("byline", "（孙振）"),
    }


CAPTION = "图为县水利局的抢险队在打井现场。李 明 摄"


def test_a_caption_goes_with_the_story_on_its_side_of_the_headline() -> None:
    titles = ("晋剧《长城谣》走上人民剧场", "清河县打井引水抗旱保玉米")
    before = PIPELINE.clean(page(titles[0], *OPERA, titles[1], CAPTION, *DROUGHT))
    after = PIPELINE.clean(page(*OPERA, titles[0], *DROUGHT, CAPTION, titles[1]))
    for document in (before, after):
        owners = [a.title for a in document.articles for block in a.blocks if block.role == "caption"]
        assert owners == [titles[1]]


def test_a_caption_between_two_stories_without_a_headline_between_them_goes_with_the_one_it_tells_of() -> None:
    titles = ("晋剧《长城谣》走上人民剧场", "清河县打井引水抗旱保玉米")
    document = PIPELINE.clean(page(titles[0], *OPERA, CAPTION, *DROUGHT, titles[1]))
    assert [a.title for a in document.articles for block in a.blocks if block.role == "caption"] == [titles[1]]


def test_a_byline_apart_from_the_headline_of_a_wrapped_page_is_no_heading() -> None:
    lines = ["清河县打井引水抗旱保玉米", "文/ 张志善 徐晓梅"]
    for text in DROUGHT:
        first, rest = text[:14], text[14:]
        lines += [first, *(rest[at : at + 16] for at in range(0, len(rest), 16))]
    blocks = PIPELINE.clean("\n\n".join(lines) + "\n").articles[0].blocks
    assert [(block.role, block.text) for block in blocks[:2]] == [("title", lines[0]), ("byline", lines[1])]
    assert tuple(block.text for block in blocks[2:]) == DROUGHT


def test_one_story_stays_one_article() -> None:
    document = PIPELINE.clean(page("清河县打井引水抗旱保玉米", *DROUGHT))
    assert bodies(document) == [("清河县打井引水抗旱保玉米", DROUGHT)]
    assert document.articles[0].flags == ()


def test_a_clean_article_stays_as_it_is_though_lines_of_it_look_torn_or_like_headlines() -> None:
    text = (
        "清河县打井引水抗旱保玉米\n本报记者 李 平\n\n" + DROUGHT[0] + "\n\n水利局的抢险队里还有许多\n\n" + DROUGHT[1]
        + "\n\n井水进村保玉米\n\n" + DROUGHT[2] + "\n"
    )  # fmt: skip
    assert [article.text for article in PIPELINE.clean(text).articles] == [text]


def test_a_subtitle_on_the_line_of_its_title_is_a_line_of_its_own() -> None:
    head = "清河县打井引水抗旱 ——三座水库蓄水灌溉工作纪实"
    blocks = PIPELINE.clean("第6版\n\n" + page(head, *DROUGHT)).articles[0].blocks
    assert [(block.role, block.text) for block in blocks[:2]] == [
        ("title", "清河县打井引水抗旱"),
        ("subtitle", "——三座水库蓄水灌溉工作纪实"),
    ]


def test_a_character_that_strayed_from_its_line_heads_no_article() -> None:
    document = PIPELINE.clean(page("清河县打井引水抗旱保玉米", DROUGHT[0], DROUGHT[1], "升", DROUGHT[2]))
    assert len(document.articles) == 1


def test_what_opens_a_report_comes_first_though_it_is_printed_later() -> None:
    report = "本报讯（记者 何平）" + DROUGHT[0]
    document = PIPELINE.clean(page("第6版", DROUGHT[1], DROUGHT[2], report, "清河县打井引水抗旱保玉米"))
    assert [article.paragraphs for article in document.articles] == [(report, DROUGHT[1], DROUGHT[2])]


def test_a_note_between_headline_and_report_stays_there() -> None:
    note = "编者按：今年旱情严重，各地想了许多办法，本报记者走访了清河县，看看那里的水从哪里来。"
    report = "本报讯（记者 何平）" + DROUGHT[0]
    document = PIPELINE.clean(page("第6版", "清河县打井引水抗旱保玉米", note, report, *DROUGHT[1:]))
    assert [article.paragraphs for article in document.articles] == [(note, report, *DROUGHT[1:])]


def test_an_old_text_without_marks_keeps_its_order() -> None:
    lines = (
        "清河縣志卷之一 疆域",
        "縣在府治東一百二十里東西廣四十里南北袤六十里東至武城縣界二十里西至威縣界",
        "二十里南至臨清州界三十里北至故城縣界三十里",
    )
    text = PIPELINE.clean("\n".join(lines) + "\n").text
    assert "".join(text.split()) == "".join("".join(lines).split())


def test_a_list_of_names_is_one_article() -> None:
    text = "清河县第一中学三班学生名单\n王芳　李明　张伟　刘洋\n赵磊　黄敏　周杰　吴迪\n班主任：林海\n"
    document = PIPELINE.clean(text)
    assert len(document.articles) == 1
    assert document.dropped == ()


def test_a_short_title_is_never_taken_for_furniture() -> None:
    document = PIPELINE.clean("春晓\n孟浩然\n\n春眠不觉晓，\n处处闻啼鸟。\n夜来风雨声，\n花落知多少。\n")
    assert document.dropped == ()
    assert "春晓" in document.text


def test_page_furniture_is_left_out_by_name_and_can_be_kept() -> None:
    text = page("第6版", "清河县打井引水抗旱保玉米", *DROUGHT)
    assert [(drop.rule, drop.text) for drop in PIPELINE.clean(text).dropped] == [("furniture-page-number", "第6版")]
    kept = Pipeline(Options(keep_furniture=True)).clean(text)
    assert kept.dropped == ()
    assert "第6版" in kept.text


def test_a_story_that_breaks_off_says_so() -> None:
    torn = "全县各级干部下到田间地头，和群众一起清理渠道、架设水泵，把一股股清水送到旱得最厉害的村庄，"
    document = PIPELINE.clean(page("清河县打井引水抗旱保玉米", *DROUGHT, torn))
    assert "truncated" in document.articles[-1].flags


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem[:3])
def test_every_character_of_a_seed_is_in_an_article_or_left_out_by_name(path: Path) -> None:
    document = PIPELINE.clean(path.read_bytes())
    covered = bytearray(len(document.original))
    for start, end in [s for a in document.articles for b in a.blocks for s in b.source] + [
        drop.source for drop in document.dropped
    ]:
        assert not any(covered[start:end]), "no passage is used twice"
        covered[start:end] = b"\1" * (end - start)
    left = "".join(c for c, seen in zip(document.original, covered, strict=True) if not seen)
    assert left.replace("#", "").strip() == ""


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from([*DROUGHT, *OPERA, "标题", "", "7", "（王艳）", "一、总体要求", "，"]), max_size=14))
def test_any_pile_of_passages_is_kept_whole(passages: list[str]) -> None:
    text = page(*passages)
    document = PIPELINE.clean(text)
    assert document.undo() == text.encode()
    kept = Counter("".join([document.text, *(drop.text for drop in document.dropped)]))
    due = balance(text, [layer for layer in document.layers if layer.stage != "separate"])
    assert {c: n for c, n in (due - kept).items() if not c.isspace()} == {}
    assert {c: n for c, n in (kept - due).items() if not c.isspace()} == {}


def test_words_on_one_line_with_a_paragraph_stay_over_it() -> None:
    column, title = "扛稳粮食安全责任", "清河县夏粮收购进度过半"
    comment = (f"{column} {COMMENT[0]}", COMMENT[1])
    document = PIPELINE.clean(page("晋剧《长城谣》走上人民剧场", *OPERA, *comment, column, title, *HARVEST))
    texts = [block.text for article in document.articles for block in article.blocks]
    assert texts[texts.index(COMMENT[0]) - 1] == column
    assert texts.count(column) == 2


def test_who_took_a_picture_stands_under_what_it_shows() -> None:
    caption, credit = "图为青年演员在人民剧场后台化妆。", "孙振 摄"
    titles = ("晋剧《长城谣》走上人民剧场", "清河县打井引水抗旱保玉米")
    document = PIPELINE.clean(page(*DROUGHT, caption, credit, *OPERA, *titles))
    texts = [block.text for article in document.articles for block in article.blocks]
    assert texts[texts.index(caption) + 1] == credit


def test_a_wire_report_under_a_headline_is_an_article() -> None:
    stories = {
        "蘇錫兩站昨晨復車": "〔中央社南京十五日電〕京滬路局昨接無錫站長來電稱，該站軌道業經修復，今晨六時起照常通車，"
        "旅客稱便，沿線秩序安謐如常，各站駐軍亦已分別撤回原防云。",
        "粵海關稅收激增": "〔廣州十四日專電〕粵海關統計科發表，本年三月份稅收總額為國幣一百二十三萬六千餘元，較上月"
        "增加三成有奇，其中進口稅佔七成，出口稅次之，據該關主管人稱，係因外洋米糧運到所致。",
    }
    lines = [
        line
        for title, body in stories.items()
        for line in (title, *(body[n : n + 18] for n in range(0, len(body), 18)))
    ]
    document = PIPELINE.clean("\n".join(lines) + "\n")
    assert bodies(document) == [(title, (body,)) for title, body in stories.items()]
