"""What rejoin does to lines of newspapers, and what it leaves alone in all that is not Chinese prose."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleanup.options import Options
from cleanup.pipeline import Pipeline

ALONE = frozenset({"columns", "reflow", "simplify", "separate"})
PIPELINE = Pipeline(Options(stages_off=ALONE))


def cleaned(text: str, **options: object) -> str:
    """Run repair and rejoin alone."""
    pipeline = Pipeline(Options(stages_off=ALONE, **options)) if options else PIPELINE  # type: ignore[arg-type]
    return pipeline.filter(text).text


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("10 月 29 日 6 时,短短 114 个小时", "10月29日6时，短短114个小时"),
        ("2 0 2 2 年 1 0 月", "2022年10月"),
        ("使用率\n\n98.49 %。共 1 149 名", "使用率\n\n98.49%。共1149名"),
        ("捐款 1.7 万元,面积 100 ㎡", "捐款1.7万元，面积100㎡"),
        ("县 委 常 委 会 召 开 紧 急 会议", "县委常委会召开紧急会议"),
        ("本 报 讯 （ 记 者   谭 顺 辉 ）", "本报讯（记者 谭顺辉）"),
        ("文/ 张志善 徐晓梅", "文/ 张志善 徐晓梅"),
        ("本报讯(记者 韩维元 刘凯华)按照", "本报讯（记者 韩维元 刘凯华）按照"),
        ("(郭鑫 贾文谦)", "（郭鑫 贾文谦）"),
        ("党建引领筑堡垒　　全力以赴战疫情", "党建引领筑堡垒 全力以赴战疫情"),
        ("严防死守 “疫”无反顾", "严防死守 “疫”无反顾"),
        ("本报讯 今年以来，灵石县", "本报讯 今年以来，灵石县"),
        ("织密「网格防疫安全网」", "织密“网格防疫安全网”"),
        ('他说:"疫情就是命令!"', "他说：“疫情就是命令！”"),
        ("老百姓最质朴的行动......", "老百姓最质朴的行动……"),
        ("--离石区阻击战纪实", "——离石区阻击战纪实"),
        ("（１９９８年，ＧＤＰ增长８．５％）", "（1998年，GDP增长8.5%）"),
        ("ＡＢ岗 N 95 口罩 PM 2.5", "AB岗N95口罩PM2.5"),
        ("防控(社区(街道))工作", "防控（社区（街道））工作"),
        ("全长 1 2 . 5 公里，投资 3 . 8 亿元", "全长12.5公里，投资3.8亿元"),
        ("（2021 - 2025 年）规划，1937 — 1945 年", "（2021-2025年）规划，1937—1945年"),
        ("记者 张 三 李 四 王 五，通讯员 赵六 、钱七", "记者 张 三 李 四 王 五，通讯员 赵六、钱七"),
        ("本报记者 王 明 摄影报道", "本报记者 王 明 摄影报道"),
        ("邮编:030001 地址:双塔寺街24号", "邮编：030001 地址：双塔寺街24号"),
        ("乔治.华盛顿和约翰.亚当斯", "乔治·华盛顿和约翰·亚当斯"),
        ("网址http: //www.example.com/index .html", "网址http://www.example.com/index.html"),
    ],
)
def test_lines_come_out_as_the_press_sets_them(before: str, after: str) -> None:
    assert cleaned(before) == after


@pytest.mark.parametrize(
    "text",
    [
        "电话6512 3456，传真0351 4123456",
        "共10,000人，20:30开始，以3:2获胜，比例为1:100",
        "第 1.2.3 节".replace(" ", ""),
        "见 https://example.com/a,b;c?d=1:2 一页".replace("见 ", "见").replace(" 一", "一"),
        "邮箱a.b,c@example.com".replace(",", ""),
        "下载report,final.pdf".replace(",", "_"),
        "Smith (2019) said: hello, world; 3, 4 (and 5).",
        "The word 乾 means dry, and (see below) it has another reading; that is all there is to say about it.",
        "東京都は２０２２年、「新型コロナウイルス」の感染者数を(速報値)発表した, という。",
        "서울시는 2022년, '코로나19' 확진자 수를 (속보치) 발표했다.",
        "```\nprint('你好, 世界'); x = (1, 2)\n```",
        "使用`a = b, c; d`一行代码",
        "其中$f(x) = x^2, x > 0$成立",
        "print(\"你好, 世界\")",
        "刘　歌".replace("　", " "),
        "编号为10, 11, 12",
        "一二三四五六七八九十",
        "“大家辛苦了，",
        "他的网名叫“Don't Panic”",
        "东经112° 33′ 15″，北纬37° 52′。",
        "跑出5'30\"的成绩，屏幕为6.1\"和27\"两种",
        "{\"name\": \"张三\", \"tags\": [\"党员\", \"干部\"]}",
    ],
)  # fmt: skip
def test_numbers_addresses_code_and_other_languages_stay(text: str) -> None:
    assert cleaned(text) == text


def test_the_halves_of_a_headline_stay_apart_beside_a_number() -> None:
    clean = "也门多地遭空袭 31人死亡\n\n当地时间5日，空袭造成31人死亡。"
    assert cleaned(clean) == clean
    assert cleaned("短短 114个小时\n\n共114个小时。") == "短短114个小时\n\n共114个小时。"
    noisy = "也门多地遭空袭 31人死亡\n\n当地时间 5 日，空袭造成 31 人死亡。"
    assert " " not in cleaned(noisy), "where sentences have such gaps, they are noise in headlines too"


def test_spacing_is_a_choice() -> None:
    assert cleaned("实行 AB 岗114个", spacing="keep") == "实行 AB 岗114个"
    assert cleaned("实行 AB岗114 个", spacing="spaced") == "实行 AB 岗 114 个"


def test_corner_quotes_are_a_choice_and_stay_in_traditional_text() -> None:
    assert cleaned("织密「网格」", quotes="keep") == "织密「网格」"
    traditional = "國家發展「十四五」規劃，讓我們開會學習這個問題"
    assert cleaned(traditional) == traditional


PIECES = ("县委", "记者", "114", "95", "AB岗", "http://a.b/", "www. ", "<<", ">>", "\n\n", "  ")
SIGNS = ",，。.()（）“”'\"「」『』-—…N12□%个年:·•一|^~！?第、の은０Ａ．《/@ \t　"
WORDS = st.sampled_from([*PIECES, *SIGNS])


@settings(max_examples=400, deadline=None)
@given(st.lists(WORDS, max_size=24).map("".join))
def test_a_second_cleaning_changes_nothing_and_all_can_be_undone(text: str) -> None:
    document = PIPELINE.filter(text)
    assert PIPELINE.filter(document.text).text == document.text
    assert document.undo().decode("utf-8") == text


@settings(max_examples=200, deadline=None)
@given(st.lists(WORDS, max_size=24).map("".join))
def test_no_word_or_number_is_changed(text: str) -> None:
    """Han characters, kana, digits and letters come out as they went in, widths apart."""

    def kept(text: str) -> list[str]:
        half = "".join(chr(ord(c) - 0xFEE0) if "！" <= c <= "～" else c for c in text)
        return [c for c in half if c.isalnum() and c != "一"]

    assert kept(PIPELINE.filter(text).text) == kept(text)
