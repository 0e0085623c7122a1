"""What stands amid the lines of a text: lists of numbers, the headline of another report, a caption with its credit."""

from __future__ import annotations

import pytest

import cleanup


def paragraphs(page: str) -> list[str]:
    return [block.text for article in cleanup.clean(page.encode()).articles for block in article.blocks]


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


def test_what_stands_under_its_headline_is_not_moved_behind_the_next_report() -> None:
    first = "在海拔4200米的曲麻沟，没有人不认识拉巴才仁。他那辆墨绿色的摩托车一响，牧民家的狗就摇着尾巴跑出来。"
    page = (
        f"马背上下来的邮递员\n——记全国优秀乡邮员拉巴才仁\n通讯员 庄晓梅\n{first}\n关注“双减”\n放学之后 好戏开场\n"
        "本报讯（记者 江晚舟）下午4时10分，下课铃响过，城关第三小学却比上课还热闹：操场上，足球社的孩子在练停球。\n"
        "课后服务刚推开时，这所学校也走过弯路。老师把孩子留在教室里写作业，孩子坐不住，家长不满意，老师更是疲惫。\n"
    )
    found = paragraphs(page)
    assert found.index(first) < found.index("放学之后 好戏开场")


def test_a_caption_may_say_where_its_picture_is_from() -> None:
    page = (
        "天刚蒙蒙亮，望河湿地的芦苇荡里传来一阵低低的咕咕声。护鸟员阎守信停下脚步，把手指竖在嘴边，悄声说是大鸨。\n"
        "栖息在望河湿地的东方白鹳。（资料图片）\n"
        "阎守信今年61岁，当护鸟员之前，他在这片水面养了22年鱼。最红火的时候，湿地里围了430个鱼塘，水面漂着绿沫。\n"
    )
    blocks = [b for article in cleanup.clean(page.encode()).articles for b in article.blocks]
    assert [b.role for b in blocks if "资料图片" in b.text] == ["caption"]


@pytest.mark.parametrize("gap", ["", "　　"])
def test_numbers_drawn_are_no_page_numbers(gap: str) -> None:
    page = (
        f"开奖公告\n　　本期中奖号码如下：\n{gap}03\n{gap}11\n{gap}18\n{gap}26\n"
        "　　兑奖截止日期为2018年10月1日，逾\n期作弃奖处理，请彩民留意。\n"
    )
    assert paragraphs(page)[2:6] == ["03", "11", "18", "26"]


def test_figures_under_their_years_keep_their_order() -> None:
    lines = ["1985年", "312.5万公斤", "1986年", "318.2万公斤", "1987年", "315.0万公斤", "1988年", "330.7万公斤"]
    page = "　　附一九八五年至一九八八年粮食产量：\n" + "\n".join(lines) + "\n　　以上数字据县统计局年报。\n"
    assert paragraphs(page)[1:-1] == lines


def test_a_text_that_ends_with_its_signature_is_not_cut_off() -> None:
    page = (
        "关于停水的通知\n因城区供水管网改造，定于5月6日8时至18时停止供水，请广大用户提前做好储水准备，由此带来的不便敬请谅解。\n"
        "清河县自来水公司\n2018年5月4日\n"
    )
    assert all("truncated" not in article.flags for article in cleanup.clean(page.encode()).articles)


def test_a_headline_whose_first_line_ends_in_a_figure_stays_over_its_report() -> None:
    page = (
        "我市经济增速排名全省第2\n全年生产总值达1286亿元\n　　本报讯 去年我市经济运行稳中有\n"
        "进，增速由上年的第5位升至第2位。市\n统计局有关负责人说，成绩来之不易。\n"
    )
    assert paragraphs(page)[0].startswith("我市经济增速排名全省第2")


def test_the_cells_of_a_table_are_no_part_of_the_text_above_and_below() -> None:
    cells = ["年份", "产量", "1985", "12463", "312.5", "1986", "13018", "318.2"]
    text = "历年粮食产量如下表所列，其中1954年因水灾减产，系据税册推算而来，仅供参考。"
    below = "从表中可以看出，三年间全县粮食总产量增加了五百余万公斤，亩产也稳步提高。"
    assert paragraphs("\n".join([text, *cells, below]) + "\n")[-7:] == [*cells[2:], below]


def test_the_name_of_a_column_of_pictures_is_kept() -> None:
    page = (
        "市场一角\n赶早集的人们\n图片新闻\n梯田春色\n4月8日，航拍云岭县阿者科\n梯田。灌满春水的梯田层层\n"
        "叠叠，与村寨、云海相映成趣。\n本报记者 段志勇 摄\n"
    )
    assert "图片新闻" in "".join(paragraphs(page))


@pytest.mark.parametrize(
    ("who", "when"), [("作者", "2009年谷雨于南京"), ("弟 树仁", "四月九日灯下"), ("哥哥", "1957年4月9日于兰州")]
)
def test_who_closes_a_text_and_when_stays_at_its_end(who: str, when: str) -> None:
    page = (
        "卷首语\n翻开这本小书，你会遇见一百零八种植物。它们并不名贵，就长在路边、墙角、田埂上，我们每天从它们身边走过。\n"
        "寥寥二十八个字，写尽了初夏的生机。古人没有显微镜，却有一双从容的眼睛，看得见一只蜻蜓怎样停在荷尖上。\n"
        f"{who}\n{when}\n"
    )
    articles = cleanup.clean(page.encode()).articles
    assert len(articles) == 1
    assert [block.text for block in articles[0].blocks][-2:] == [who, when]


@pytest.mark.parametrize("head", ["第二节 气候", "二、水电站建设", "第五章 交通"])
def test_a_page_that_begins_amid_a_section_keeps_the_head_of_the_next_in_its_place(head: str) -> None:
    above = (
        "境内地势西高东低，山地占全县总面积的七成，河谷平原集中在汾河两岸，土层深厚，灌溉便利，历来是粮棉的主要产区。"
    )
    below = "全县属温带大陆性季风气候，四季分明，年平均气温十点一摄氏度，无霜期一百六十天左右，降水集中在七八两月。"
    assert paragraphs(f"{above}\n{head}\n{below}\n") == [above, head, below]
