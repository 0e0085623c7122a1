"""Texts made of items: chronicles, letters, notices and verse keep their lines and get no headline they do not have."""

from __future__ import annotations

import pytest

from cleanup.document import Document
from cleanup.pipeline import Pipeline

PIPELINE = Pipeline()
WELLS = "全县新打机井四十二眼，修复渠道十八公里，清河水库向下游放水三次，缓解了旱情。"
CROPS = "县农业局派出技术员三百多名，分赴各乡镇指导农民科学抗旱，把损失降到最低。"
NOTICE = ["抗旱办法的通知", "各乡镇人民政府：", WELLS, "清河县水利局", "2021年6月18日"]


def read(*lines: str) -> list[tuple[str, str]]:
    """The blocks of the one article, each with its role."""
    source = "\n\n".join(lines) + "\n"
    document: Document = PIPELINE.clean(source)
    assert document.undo() == source.encode()
    (article,) = document.articles
    return [(block.role, block.text) for block in article.blocks]


def test_a_greeting_is_no_half_of_the_title_and_a_signature_no_headline() -> None:
    lines = ["致全县农民朋友的一封信", "农民朋友们：", WELLS, CROPS, "清河县水利局", "2023年8月21日"]
    assert read(*lines) == [("title", lines[0]), *(("paragraph", line) for line in lines[1:])]


def test_a_date_that_closes_a_text_is_not_set_aside() -> None:
    assert read("后记", WELLS, CROPS, "编者", "2011年3月")[-2:] == [("paragraph", "编者"), ("paragraph", "2011年3月")]


def test_a_remark_in_brackets_is_no_headline() -> None:
    lines = ["抗旱办法的通知", "各乡镇人民政府：", WELLS, "清河县人民政府", "2021年6月18日", "（此件公开发布）"]
    assert read(*lines)[-1] == ("paragraph", lines[-1])


def test_a_chapter_that_opens_the_text_is_its_title() -> None:
    lines = ["第五章 农业", "第一节 抗旱", WELLS, "第二节 粮食作物", CROPS]
    roles = ["title", "heading", "paragraph", "heading", "paragraph"]
    assert read(*lines) == list(zip(roles, lines, strict=True))


def test_a_date_opens_its_entry_and_a_year_heads_its_entries() -> None:
    lines = ["大事记", "1950年", f"5月至8月 {WELLS}", "10月 修渠。", "1951年", f"2月 {CROPS}", "9月1日 开学。"]
    roles = ["title", "heading", "paragraph", "paragraph", "heading", "paragraph", "paragraph"]
    assert read(*lines) == list(zip(roles, lines, strict=True))


def test_names_behind_their_places_stay_lines_of_their_own() -> None:
    names = ["城关一中：王秀兰 李建国", "城关二中：陈晓红 赵永胜", "实验小学：孙丽萍 周玉梅"]
    lines = ["优秀教师拟表彰人选的公示", WELLS, *names, CROPS, "清河县教育局", "2023年8月21日"]
    assert read(*lines)[2:5] == [("paragraph", line) for line in names]


@pytest.mark.parametrize("marks", ["", "，"])
def test_verse_stays_verse(marks: str) -> None:
    lines = [
        "春到汾河",
        "冰是在夜里裂开的",
        "像一封压了很久的信",
        "终于有人撕开封口",
        "他们的脊背弯成一张弓",
        f"船走了{marks}石阶还在",
    ]
    lines += ["把整条河", "拉进岁月里", "脚印被水一层一层地读"]
    assert read(*lines)[1:] == [("paragraph", line) for line in lines[1:]]


def test_over_the_title_of_an_official_letter_stand_whose_it_is_and_its_number() -> None:
    lines = ["清河县人民政府文件", "清政发〔2021〕15号", "关于做好抗旱工作的通知", "各乡镇人民政府：", WELLS, CROPS]
    roles = ["kicker", "kicker", "title", "paragraph", "paragraph", "paragraph"]
    assert read(*lines) == list(zip(roles, lines, strict=True))


def test_the_number_of_a_section_keeps_its_space() -> None:
    lines = ["抗旱应急预案", "1.1 编制目的", WELLS, "1.2 编制依据", CROPS]
    roles = ["title", "heading", "paragraph", "heading", "paragraph"]
    assert read(*lines) == list(zip(roles, lines, strict=True))


def test_who_signs_amid_a_page_signs() -> None:
    lines = [*NOTICE, "农业局派员下乡指导抗旱", CROPS, CROPS]
    source = "\n\n".join(lines) + "\n"
    blocks = [(block.role, block.text) for article in PIPELINE.clean(source).articles for block in article.blocks]
    assert [role for role, text in blocks if text in lines[3:5]] == ["paragraph", "paragraph"]


def test_what_stands_over_a_numbered_section_goes_on_nowhere() -> None:
    lines = [*NOTICE, "清河县抗旱应急预案", "1 总则", "1.1 编制目的", CROPS, "1.2 编制依据", WELLS]
    source = "\n\n".join(lines) + "\n"
    texts = [block.text for article in PIPELINE.clean(source).articles for block in article.blocks]
    assert texts == lines


def test_a_number_over_a_stanza_stays_over_it() -> None:
    stanzas = [("一", "卫河春水绿如油，两岸桃花映酒楼。"), ("二", "三月城隍庙会开，四乡士女踏歌来。")]
    lines = ["清河竹枝词（二首）", *(line for stanza in stanzas for line in stanza), "注：选自光绪《清河县志》卷八。"]
    assert [text for _, text in read(*lines)] == lines


def test_a_field_of_a_form_is_whole() -> None:
    lines = ["招生启事", "经县教育局批准，我校今年面向全县招收高一新生", "600名，其中体育特长生30名、艺术特长生20名。"]
    lines += ["报名时间：6月25日至7月5日", "联系电话：8234567", "欢迎广大考生报考！", "清河县第二中学", "2024年6月10日"]
    texts = [text for _, text in read(*lines)]
    assert "".join(texts) == "".join(lines) and lines[4] in texts


def test_entries_of_a_bibliography_stand_in_their_order() -> None:
    lines = ["参考文献", "[1] 李文海，林敦奎. 近代中国灾荒纪年[M].", "长沙：湖南教育出版社，1990."]
    lines += [
        "[2] 张正明. 晋商兴衰史[M]. 太原：山西古籍出版社，1995.",
        "[3] 王笛. 走进中国城市内部[M]. 北京：清华大学出版社，2013.",
    ]
    assert "".join(text for _, text in read(*lines)) == "".join(lines)


def test_each_letter_of_a_page_of_letters_is_an_article() -> None:
    lines = ["读者来信", "路灯为何白天亮", "编辑同志：", WELLS, "东关街 刘桂芳", "公厕该修了", "编辑同志：", CROPS]
    document = PIPELINE.clean("\n\n".join(lines) + "\n")
    assert [article.title for article in document.articles] == [lines[1], lines[5]]


def test_the_columns_of_a_table_stay_apart() -> None:
    rows = ["小　麦　　　30.8　　　31.5　　　2.3", "棉　花　　　11.2　　　9.6　　-14.3"]
    document = PIPELINE.clean("\n".join(["主要作物播种面积", *rows, "注：棉花产量为皮棉。"]) + "\n")
    assert [(block.role, block.text) for block in document.articles[0].blocks[1:3]] == [
        ("paragraph", row) for row in rows
    ]


def test_rows_of_words_are_rows_where_several_stand_one_under_another() -> None:
    rows = ["姓　名　　性别　　籍　贯　　　参军时间", "王二牛　　男　　　王家庄　　　1945　石家庄"]
    rows += ["李大山　　男　　　李家洼　　　1946　太　原"]
    document = PIPELINE.clean("\n".join(["第二章 人物表", WELLS, *rows]) + "\n")
    assert [(block.role, block.text) for block in document.articles[0].blocks[2:]] == [
        ("paragraph", row) for row in rows
    ]


def test_what_stands_behind_a_star_heads_no_article() -> None:
    lines = ["清代水利考略*", "□ 何平", WELLS, CROPS, "*基金项目：河北省社会科学基金项目", "作者简介：何平，副教授。"]
    assert [text for _, text in read(*lines)] == lines


def test_a_column_in_its_box_stands_over_the_title() -> None:
    lines = ["【民国轶闻】", "钱穆与《国史大纲》", WELLS, CROPS, "［链接］钱穆，江苏无锡人，历史学家。"]
    roles = ["kicker", "title", "paragraph", "paragraph", "paragraph"]
    assert read(*lines) == list(zip(roles, lines, strict=True))


def test_a_list_of_names_and_numbers_keeps_its_lines() -> None:
    lines = ["各派出所电话", "东关派出所 8235110", "南关派出所 8235120", "城关派出所 8235130"]
    document = PIPELINE.clean("\n".join(["抗旱办法的通知", WELLS, CROPS, *lines]) + "\n")
    assert [block.text for block in document.articles[0].blocks[-3:]] == lines[1:]


def test_the_name_of_a_table_is_no_title() -> None:
    lines = ["　　" + WELLS, "　　" + CROPS, "表3.4　机井数量"]
    (article,) = PIPELINE.clean("\n".join(lines) + "\n").articles
    assert article.title == "" and article.blocks[-1].text.startswith("表3.4")


def test_the_chapters_of_a_gazetteer_keep_their_order() -> None:
    lines = ["卷四 风俗志", "岁时", "正月元旦，设香烛，祀神祇、祖先。", "元宵，张灯，士女嬉游，三夜乃止。"]
    lines += [
        "婚礼",
        "婚礼：先通媒妁，次换庚帖，谓之“小定”；行聘，谓之“大定”。",
        "方言",
        "昨日曰夜来。小儿曰小小子儿。",
    ]
    document = PIPELINE.clean("\n\n".join(lines) + "\n")
    assert "".join(document.text.split()) == "".join("".join(lines).split())


def test_the_days_of_a_diary_head_what_was_written_on_them() -> None:
    days = ["1949年10月1日 星期六 晴", "1949年10月2日 星期日 多云"]
    texts = ["今天是个大日子。一早起来，街上就挂满了红旗。", "昨夜没有睡好。学校通知，明天正式开课。"]
    lines = [line for pair in zip(days, texts, strict=True) for line in pair]
    assert [role for role, text in read(*lines) if text in texts] == ["paragraph", "paragraph"]


def test_who_signs_a_preface_heads_nothing_and_the_parts_of_a_book_keep_their_order() -> None:
    lines = [
        "序",
        "清河旧无专志。元明以来，代有修纂，而兵燹之余，十不存一。",
        "光绪九年岁次癸未仲秋",
        "知清河县事江夏黄汝香谨序",
    ]
    lines += ["凡例", "一、旧志分十卷，今增为十六卷。", "一、人物一门，以时代为次。"]
    document = PIPELINE.clean("\n\n".join(lines) + "\n")
    assert [block.text for article in document.articles for block in article.blocks] == lines


def test_the_guide_to_a_paper_is_no_headline() -> None:
    guide = ["县人大常委会召开第十二次会议　　　　2版", "我县小麦长势喜人　　　　　　　　　　3版"]
    lines = ["本版导读", *guide, "农业局派员下乡指导抗旱", "　　" + WELLS, "　　" + CROPS]
    blocks = [block for article in PIPELINE.clean("\n".join(lines) + "\n").articles for block in article.blocks]
    assert [(block.role, block.text) for block in blocks if "版" in block.text][1:] == [
        ("paragraph", line) for line in guide
    ]


def test_names_over_the_lives_of_several_people_head_no_article() -> None:
    lives = {
        "施凯": "城东镇人，中医。幼时随父学医，民国初年在县城开设药铺，遇贫病者不取分文。",
        "佟筠胜": "女，西关镇人，教师。早年就读于省立女子师范学校，毕业后回乡创办小学，教书四十年。",
        "郝超": "柳林村人，革命烈士。参加过多次战斗，负伤后仍坚持带领全排阻击敌人，掩护群众转移。",
    }
    born = 1890
    entries = [line for name, told in lives.items() for line in (name, f"{name}（{born}～1950），{told}")]
    roles = ["title", *("heading", "paragraph") * len(lives)]
    assert read("人物传略", *entries) == list(zip(roles, ["人物传略", *entries], strict=True))


def test_the_lines_of_a_roll_are_neither_headlines_nor_joined() -> None:
    roll = ["清河县农业农村局：王秀兰 李建国", "清河县消防救援大队：左杰", "清河县文化和旅游局：颜刚琴 顾平"]
    lines = ["抗旱先进个人拟表彰名单", WELLS, *roll, "公示期间如有意见，请向县农业农村局反映！", "清河县农业局"]
    assert read(*lines)[2:5] == [("paragraph", line) for line in roll]


def test_a_page_of_poems_keeps_its_lines_in_their_order() -> None:
    lines = [
        "诗三首",
        "王志远",
        "清河晚眺",
        "一水东流绕县城，",
        "两堤杨柳晚烟生。",
        "渔舟唱罢归何处，",
        "隔岸灯光数点明。",
    ]
    lines += ["忆江南·春", "春来早，", "细雨湿窗纱。", "燕子归来寻旧主，", "小楼深处有人家。", "门外落梨花。"]
    document = PIPELINE.clean("\n".join(lines) + "\n")
    assert [block.text for article in document.articles for block in article.blocks] == lines


def test_a_table_of_markdown_keeps_its_rows() -> None:
    rows = [
        "| 指标 | 单位 | 2019年 |",
        "| --- | --- | --- |",
        "| 地区生产总值 | 亿元 | 45.6 |",
        "| 第一产业 | 亿元 | 12.3 |",
    ]
    source = "\n\n".join(["# 清河县统计公报", WELLS, "\n".join(rows), CROPS]) + "\n"
    (article,) = PIPELINE.clean(source).articles
    assert [block.text for block in article.blocks] == ["清河县统计公报", WELLS, *rows, CROPS]


def test_what_kind_of_piece_it_is_stands_over_its_title() -> None:
    source = "\n".join(["短评", "多打井　打好井", *wrapped(WELLS), *wrapped(CROPS)]) + "\n"
    (article,) = PIPELINE.clean(source).articles
    assert [(b.role, b.text) for b in article.blocks][:2] == [("kicker", "短评"), ("title", "多打井 打好井")]


def test_who_signs_a_letter_names_no_answer() -> None:
    lines = ["编读往来", "编辑同志：", *wrapped(WELLS), "柳林村　赵春宝", "赵春宝同志：", *wrapped(CROPS), "本报编辑部"]
    document = PIPELINE.clean("\n".join(lines) + "\n")
    assert [article.title for article in document.articles] == ["编读往来"]
    assert [block.text for block in document.articles[0].blocks if block.role in ("title", "heading")] == ["编读往来"]


def test_a_name_alone_under_the_title_wrote_the_piece() -> None:
    lines = ["长篇连载", "黄河人家", "（十二）", "李建国", *wrapped(WELLS), *wrapped(CROPS)]
    (article,) = PIPELINE.clean("\n".join(lines) + "\n").articles
    assert ("byline", "李建国") in [(block.role, block.text) for block in article.blocks]


def test_the_years_of_a_chronicle_head_what_happened_in_them() -> None:
    told = {
        "公元前221年（秦始皇二十六年）": "秦统一六国，分天下为三十六郡，清河地属河东郡。",
        "618年（唐武德元年）": "置清河县，治所在今城东三里古城村，属绛州，隶河东道。",
        "1368年（明洪武元年）": "二月，明将徐达率军攻占清河，元守将张思道弃城西走。",
    }
    lines = ["大事记", *(line for year, text in told.items() for line in (year, *wrapped(f"　　{text}")))]
    (article,) = PIPELINE.clean("\n".join(lines) + "\n").articles
    heads = [block.text for block in article.blocks if block.role == "heading"]
    assert (article.title, heads, list(article.paragraphs)) == ("大事记", list(told), list(told.values()))


@pytest.mark.parametrize(
    "rows",
    [
        [
            "名次　队名　场次　胜　平　负　积分",
            "1　大连实德　12　8　2　2　26",
            "2　深圳平安　12　7　3　2　24",
            "3　北京国安　12　6　4　2　22",
        ],
        ["大米　2.60", "面粉　2.20", "猪肉　13.00", "黄瓜　1.00"],
        ["地区生产总值\t亿元\t45.6\t6.1", "固定资产投资\t亿元\t31.8\t-3.5"],
        [
            "487　　　北魏太和十一年　　　　置清河县",
            "596　　　隋开皇十六年　　　　　复置清河县，治古城",
            "1947　　 民国36年　　　　　　　8月，清河解放",
        ],
        ["王　寿　　312，587", "王志远　　23，401～403，688", "王登瀛　　612，640，701"],
        [
            "王建国　李志强　张晓红　刘　洋　陈　静",
            "赵明亮　孙丽华　周　涛　吴桂芳　郑海生",
            "马　骏　胡　杰　高玉兰　林　平　何秀英",
        ],
    ],
    ids=["figures in columns", "prices", "tabs", "free text in the last column", "index", "names"],
)
def test_rows_keep_their_gaps(rows: list[str]) -> None:
    document = PIPELINE.clean("\n".join(["清河县统计表", *rows]) + "\n")
    assert [block.text for article in document.articles for block in article.blocks][1:] == rows


def test_people_of_a_list_stand_in_their_order() -> None:
    people = [
        "刘应龙　　陕西三原人，进士，万历十年任",
        "王道行　　山东历城人，举人，万历十四年任",
        "佟国器　　奉天人，荫生，康熙九年任",
    ]
    people.append("沈清任　　浙江仁和人，进士，乾隆四十一年任")
    lines = ["第二节　明清知县", *people, "以上各官事迹，详见人物编。署理不足三月者不录。"]
    (article,) = PIPELINE.clean("\n".join(lines) + "\n").articles
    assert [text.partition(" ")[0] for text in article.paragraphs[:4]] == ["刘应龙", "王道行", "佟国器", "沈清任"]


def test_the_number_of_a_question_is_no_part_of_what_it_asks() -> None:
    lines = ["一、判断题", "1．1公里等于2里。（　）", "2．1公顷等于15亩。（　）", "3．3月21日是春分。（　）"]
    document = PIPELINE.clean("\n".join(lines) + "\n")
    assert [block.text for article in document.articles for block in article.blocks] == lines


LAWSUIT = (
    "李小平：本院受理原告张秀兰诉你离婚纠纷一案，现依法向你公告送达民事判决书，限你六十日内来本院领取，逾期即视为送达。"
)
PREFACE = "邑之有志，犹国之有史也。史以纪一代之兴衰，志以载一方之文献，其体虽殊，其义一也，清河旧志创于明万历间。"
LETTER = "弟自抵并垣，日惟埋首故纸堆中，渠册一事，略有眉目，得异文二十七处，尚祈覆检原册见示。"


@pytest.mark.parametrize(
    ("title", "text", "signed"),
    [
        ("人民法院公告", LAWSUIT, ["清河县人民法院"]),
        ("康熙《清河县志》序", PREFACE, ["康熙十二年岁次癸丑孟夏之吉", "文林郎知清河县事三韩佟国器撰"]),
        ("致赵振邦书", LETTER, ["弟 志远 顿首", "二十三年十二月八日"]),
    ],
)
def test_who_signs_under_a_text_stays_there(title: str, text: str, signed: list[str]) -> None:
    document = PIPELINE.clean("\n".join([title, "", *wrapped(text), *signed]) + "\n")
    assert [block.text for article in document.articles for block in article.blocks] == [title, text, *signed]


def test_whom_to_call_is_no_part_of_the_next_headline() -> None:
    lines = ["寻人启事", *wrapped(CROPS), "联系电话：13935912345", "征婚", *wrapped(WELLS)]
    document = PIPELINE.clean("\n".join(lines) + "\n")
    texts = [block.text for article in document.articles for block in article.blocks]
    assert texts[2:4] == ["联系电话：13935912345", "征婚"]


def wrapped(text: str) -> list[str]:
    """The lines of a paragraph in a column of sixteen characters."""
    return [text[at : at + 16] for at in range(0, len(text), 16)]
