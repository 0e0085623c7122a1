"""What a passage is and where it stands by its form: headlines, sections, signatures, figures, captions."""

from __future__ import annotations

import pytest

import cleanup
from tests.conftest import paragraphs


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
