"""Texts of other forms than news, made of clean articles: what gazetteers, yearbooks, books and notices print.

Sentences come from the articles, names and topics from bench/lexicon.toml; what it adds is the form: the year over a
chronicle, the date before an entry, the name before a life, the greeting of a letter and what stands under it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from random import Random

from bench import invent
from bench.articles import Article
from bench.page import Block, Story

_SENTENCE = re.compile(r"[^。！？]*[。！？][”’）]?")
_OPENING = re.compile(
    r"^(?:本报|新华社|中新|据|央视)[^。]{0,40}?(?:讯|电|报道)[ ：，）]*|^[（【][^）】]{1,20}[）】]"
    r"|^第\S{1,6}条 ?|^[一二三四五六七八九十\d]{1,3}[、.．]"
)
_DIGITS = "〇一二三四五六七八九"
_ERAS = (("民国", 1911), ("光绪", 1874), ("道光", 1820), ("乾隆", 1735), ("康熙", 1661), ("万历", 1572))
MOST_BLOCKS = 34
TRIES = 200  # random passages before the articles count as told
OPENING = 12  # characters by which passages are told apart
_NEVER_FIRST = "”’）》，。、；：！？—…"


class Source:
    """The articles a chapter is made of; none of their sentences is handed out twice before all are."""

    def __init__(self, articles: Sequence[Article]) -> None:
        """Takes articles with about as many paragraphs as a chapter needs, at least."""
        self._paragraphs = [paragraph for article in articles for paragraph in article.paragraphs]
        self._told: set[str] = set()

    def passage(self, rng: Random, longest: int) -> str:
        """Some sentences that stand together in an article, in all about `longest` characters at most.

        Raises LookupError where the articles hold none.
        """
        for told in (self._told, set()):
            self._told = told
            for _ in range(TRIES):
                text = self._drawn(rng, longest)
                if text and text[:OPENING] not in told:
                    told.add(text[:OPENING])
                    return text
        raise LookupError("the articles have no sentence")

    def _drawn(self, rng: Random, longest: int) -> str:
        sentences = _SENTENCE.findall(_OPENING.sub("", rng.choice(self._paragraphs)))
        text = ""
        for sentence in sentences[rng.randrange(len(sentences)) if sentences else 0 :]:
            if text and len(text) + len(sentence) > longest:
                break
            text += sentence
        text = text.strip()
        fit = 6 <= len(text) <= max(longest, 160) and text[0] not in _NEVER_FIRST and _paired(text)
        return text if fit else ""


def chapter(source: Source, rng: Random, *, alone: bool = True) -> Story:
    """One text in a form drawn at random; only one that stands `alone` is called a chapter by its number.

    Its title stands first; of one in eight it is lost, as where a page begins in the middle of a chapter.
    """
    form = rng.choices(tuple(_FORMS), tuple(_FORMS.values()))[0]
    title, body = form(source, rng)
    title = title if alone else title.split(" ")[-1]
    named = title.split(" ") if title[0] == "第" and rng.random() < 0.3 else [title]
    blocks = [Block("title", tuple(named)), *body[:MOST_BLOCKS]]
    while blocks[-1].role == "heading":
        blocks.pop()
    headless = rng.random() < 1 / 8 and len(blocks) > 2 and blocks[1].role == "paragraph"
    return Story(tuple(blocks[headless:]), ("headless",) if headless else ())


def _paired(text: str) -> bool:
    return all(text.count(a) == text.count(b) for a, b in ("“”", "‘’", "（）", "《》"))


def _paragraph(text: str) -> Block:
    return Block("paragraph", (text,))


def _heading(text: str) -> Block:
    return Block("heading", (text,))


def numeral(number: int) -> str:
    """A number under a hundred in Chinese numerals.

    >>> numeral(7), numeral(10), numeral(23)
    ('七', '十', '二十三')
    """
    tens, ones = divmod(number, 10)
    head = "" if not tens else "十" if tens == 1 else _DIGITS[tens] + "十"
    return head + (_DIGITS[ones] if ones else "")


def _topic(rng: Random) -> str:
    return str(rng.choice(invent.lexicon()["forms"]["topics"]))


def _county(rng: Random) -> str:
    return str(rng.choice(invent.lexicon()["places"]["counties"]))


def _era(year: int) -> str:
    name, before = next(((name, first) for name, first in _ERAS if year > first), _ERAS[-1])
    count = year - before
    return f"{name}{'元' if count == 1 else numeral(count) if name != '民国' or year % 2 else count}年（{year}年）"


def _date(rng: Random, *, chinese: bool) -> str:
    """The date an entry opens with: a day, a month, a season, some months."""
    pick = rng.random()
    words = invent.lexicon()["forms"]
    if pick < 0.16:
        return str(rng.choice(words["times"]))
    month, day = rng.randint(1, 12), rng.randint(1, 28)
    shown = numeral if chinese else str
    if pick < 0.5:
        return f"{shown(month)}月{rng.choice(('', '', '', '初', '底', '上旬', '中旬'))}"
    if pick < 0.58 and month < 11:
        return f"{shown(month)}月至{shown(month + rng.randint(1, 2))}月"
    return f"{shown(month)}月{shown(day)}日"


def _history(source: Source, rng: Random, longest: int) -> str:
    """A paragraph most of whose sentences open with a year, as they tell what came after what."""
    year, text = rng.randint(1640, 1990), ""
    for _ in range(rng.randint(2, 5)):
        month = f"{rng.randint(1, 12)}月" if year > 1912 and rng.random() < 0.5 else ""
        shown = _era(year) if year < 1949 else f"{year}年{month}"
        dated = rng.random() < 0.8
        text += f"{shown}{rng.choice(('，', '，', '起，', '后，'))}" * dated + source.passage(
            rng, max(20, longest // 3)
        )
        year += rng.randint(1, 12)
    return text


def chronicle(source: Source, rng: Random) -> tuple[str, list[Block]]:
    """Years, and what happened in each; a year stands over its entries or in each of them."""
    over, chinese = rng.random() < 0.75, rng.random() < 0.15
    gap = rng.choice((" ", " ", " ", "，", "，", ""))
    longest = rng.choice((30, 60, 60, 120))
    year = rng.choice((1640, 1735, 1840, 1912, 1937, 1950, 1950, 1966, 1979, 1986, 1995))
    step = rng.choice((1, 1, 2, 5))
    early = year < 1949
    blocks: list[Block] = []
    for _ in range(rng.randint(3, 14)):
        shown = _era(year) if early else f"{year}年"
        if over:
            blocks.append(_heading(shown))
        for _ in range(rng.randint(1, 5)):
            date = _date(rng, chinese=chinese or early)
            text = source.passage(rng, longest)
            opening = date if over else f"{shown}{'' if date[0] in '是年春夏秋冬同本' else date}"
            blocks.append(_paragraph(f"{opening}{gap or ('，' if date[-1] not in '月日' else '')}{text}"))
        year += rng.randint(1, step)
        early = year < 1949
    place = rng.choice((f"{_county(rng)}县大事记", "大事记", "大事年表", f"大事记（{year - 9}—{year}）", "历代大事记"))
    return place, blocks


def sections(source: Source, rng: Random) -> tuple[str, list[Block]]:
    """A chapter in numbered sections, some of whose paragraphs open with the name of what they tell of."""
    form = rng.choice(("节", "节", "节", "、", "、", ""))
    called = rng.choice(("", "", "name ", "【】", "（）"))
    longest = rng.choice((60, 120, 200, 300))
    historical = rng.choice((0.0, 0.0, 0.2, 0.8))  # of the paragraphs
    blocks: list[Block] = []
    if rng.random() < 0.4:
        blocks += [_paragraph(source.passage(rng, longest)) for _ in range(rng.randint(1, 2))]
    for number in range(1, rng.randint(3, 7)):
        topic = _topic(rng)
        numbered = {"节": f"第{numeral(number)}节 {topic}", "、": f"{numeral(number)}、{topic}"}
        blocks.append(_heading(numbered.get(form, topic)))
        for item in range(1, rng.randint(2, 5)):
            name = _topic(rng) if rng.random() < 0.7 else _county(rng) + rng.choice(("河", "山", "镇", "渡", "桥"))
            lead = {"name ": f"{name} ", "【】": f"【{name}】", "（）": f"（{numeral(item)}）{name}。"}.get(called, "")
            tell = _history if rng.random() < historical else Source.passage
            blocks.append(_paragraph(lead + tell(source, rng, longest)))
    topic = _topic(rng)
    chapter = f"第{numeral(rng.randint(1, 40))}{rng.choice('章章章编篇卷')} {topic}"
    return (chapter if rng.random() < 0.75 else topic), blocks


def entries(source: Source, rng: Random) -> tuple[str, list[Block]]:
    """Entries that each open with their name, in brackets or before a space, as yearbooks have them."""
    frame = rng.choice(("【{}】", "【{}】", "【{}】 ", "{} ", "{}：", "● {} ", "△{} "))
    longest = rng.choice((80, 150, 250))
    blocks = []
    for _ in range(rng.randint(4, 14)):
        name = _topic(rng) if rng.random() < 0.6 else rng.choice(invent.lexicon()["headline"]["themes"])
        blocks.append(_paragraph(frame.format(name) + source.passage(rng, longest)))
        if rng.random() < 0.2:
            blocks.append(_paragraph(source.passage(rng, longest)))
    return rng.choice((_topic(rng), f"第{numeral(rng.randint(1, 40))}章 {_topic(rng)}")), blocks


def lives(source: Source, rng: Random) -> tuple[str, list[Block]]:
    """Lives, each opening with a name and years, under the name or without it."""
    named, longest = rng.random() < 0.3, rng.choice((80, 150, 250, 400))
    words = invent.lexicon()["forms"]
    blocks: list[Block] = []
    for _ in range(rng.randint(3, 9)):
        name, born = invent.person(rng), rng.randint(1720, 1940)
        dash = rng.choice("—～")
        years = f"（{born}{dash}{born + rng.randint(22, 88)}）" if rng.random() < 0.9 else f"（？{dash}{born}）"
        if named:
            blocks.append(_heading(name))
        kind = rng.choice(words["callings"])
        other = rng.choice(("", "", f"字{rng.choice(words['styles'])}，", f"原名{invent.person(rng)}，", "女，"))
        town = rng.choice(invent.lexicon()["places"]["towns"])
        opening = f"{name}{years}，{other}{town}{rng.choice(('人', '镇人', '乡人', '村人'))}{kind}。"
        tell = _history if rng.random() < 0.4 else Source.passage
        blocks.append(_paragraph(opening + tell(source, rng, longest)))
        if rng.random() < 0.4:
            year = _era(born + 20) if born < 1928 else f"{born + 20}年"
            blocks.append(_paragraph(f"{year}，{source.passage(rng, longest)}"))
    return rng.choice(("人物传", "人物", "人物传略", "革命烈士", f"第{numeral(rng.randint(20, 40))}编 人物")), blocks


def _signed(rng: Random, writers: list[str]) -> list[Block]:
    """Who wrote it, and when: lines of their own at the end."""
    year, month, day = rng.randint(1930, 2024), rng.randint(1, 12), rng.randint(1, 28)
    in_words = f"{numeral(month)}月"
    full = "".join(_DIGITS[int(c)] for c in str(year)) + "年" + in_words
    dates = (
        f"{year}年{month}月",
        f"{year}年{month}月{day}日",
        full,
        f"{full}{numeral(day)}日",
        f"{in_words}{numeral(day)}日",
    )
    lines = [*writers, rng.choice(dates)] if rng.random() < 0.85 else writers
    return [_paragraph(line) for line in lines]


def letter(source: Source, rng: Random) -> tuple[str, list[Block]]:
    """A letter or a preface: a greeting or none, and under it who wrote it, and when."""
    words = invent.lexicon()["forms"]
    longest = rng.choice((80, 150, 250))
    blocks = [_paragraph(source.passage(rng, longest)) for _ in range(rng.randint(2, 6))]
    kind = rng.choice(("letter", "open", "preface"))
    if kind == "letter":
        blocks.insert(0, _paragraph(f"{invent.person(rng)[-2:]}{rng.choice(words['greeted'])}："))
        writers = [f"{rng.choice(words['writers'])}{rng.choice(('', ' '))}{invent.person(rng)[-2:]}"]
        title = f"致{invent.person(rng)}书" if rng.random() < 0.6 else f"给{rng.choice(words['readers'])}的信"
    elif kind == "open":
        readers = rng.choice(words["readers"])
        blocks.insert(
            0, _paragraph(f"{rng.choice(('尊敬的', '亲爱的', '广大', ''))}{readers}{rng.choice(('们', '', ''))}：")
        )
        if rng.random() < 0.2:
            blocks += [_paragraph("此致"), _paragraph("敬礼！")]
        writers = [invent.unit(rng) for _ in range(rng.choice((1, 1, 1, 2, 3)))]
        title = f"致{rng.choice(('全县', '广大', ''))}{readers}的{rng.choice(('一封信', '公开信', '慰问信', '倡议书'))}"
    else:
        writers = [rng.choice(("编者", "作者", invent.person(rng), f"《{_county(rng)}县志》编纂委员会"))]
        title = rng.choice(("后记", "前言", "序", "编后记", "跋", "再版说明"))
    return title, blocks + _signed(rng, writers)


def notice(source: Source, rng: Random) -> tuple[str, list[Block]]:
    """A notice: whom it is for, what it says, lists of names, where to ask, who gives it out."""
    words = invent.lexicon()["forms"]
    longest = rng.choice((60, 120))
    blocks = [_paragraph(source.passage(rng, longest)) for _ in range(rng.randint(1, 3))]
    if rng.random() < 0.5:
        blocks.insert(0, _paragraph("各乡镇人民政府，县直各单位：" if rng.random() < 0.5 else f"{invent.unit(rng)}："))
    if rng.random() < 0.5:
        apart = rng.choice((" ", " ", "、", "　"))
        for _ in range(rng.randint(2, 9)):
            names = apart.join(invent.person(rng) for _ in range(rng.randint(1, 8)))
            blocks.append(_paragraph(f"{invent.unit(rng)}{rng.choice(('：', '：', '（'))}{names}".replace("（", "：")))
        blocks.append(_paragraph(source.passage(rng, longest)))
    digits = "".join(rng.choices("0123456789", k=7))
    first, last = rng.randint(1, 14), rng.randint(15, 28)
    contacts = [
        f"联系人：{invent.people(rng, 2)}",
        f"{rng.choice(('联系', '监督', '咨询', ''))}电话：0{rng.randint(310, 999)}—{digits}",
        f"{rng.choice(('公示', '报名', '活动'))}时间：{rng.randint(1, 12)}月{first}日至{last}日",
        f"{rng.choice(('报名', '活动', '联系'))}地点：{invent.unit(rng)}",
    ]
    if rng.random() < 0.6:
        blocks += [_paragraph(line) for line in rng.sample(contacts, rng.randint(1, 3))]
    title = f"{rng.choice(('', '', '关于'))}{_topic(rng)}{rng.choice(words['notices'])}"
    signed = _signed(rng, [invent.unit(rng) for _ in range(rng.choice((1, 1, 1, 2)))])
    return title, blocks + (signed if rng.random() < 0.85 else [])


def interview(source: Source, rng: Random) -> tuple[str, list[Block]]:
    """Questions and answers, each behind who speaks."""
    person, longest = invent.person(rng), rng.choice((80, 150, 250))
    asks, tells = rng.choice((("记者", person), ("问", "答"), ("主持人", person)))
    blocks = [_paragraph(source.passage(rng, 120))] if rng.random() < 0.7 else []
    for _ in range(rng.randint(3, 8)):
        blocks.append(_paragraph(f"{asks}：{source.passage(rng, 30).rstrip('。')}{'' if rng.random() < 0.3 else '？'}"))
        blocks.append(_paragraph(f"{tells}：{source.passage(rng, longest)}"))
        if rng.random() < 0.2:
            blocks.append(_paragraph(source.passage(rng, longest)))
    return f"{_topic(rng)}{rng.choice(('怎么做', '大家谈', '答问', '访谈录'))}", blocks


def verse(source: Source, rng: Random) -> tuple[str, list[Block]]:
    """Free verse: the clauses of sentences as lines without their marks, now and then under the names of parts."""
    named = rng.random() < 0.4
    blocks: list[Block] = []
    for _ in range(rng.randint(2, 6)):
        if named:
            blocks.append(_heading(str(rng.choice(invent.lexicon()["places"]["towns"]))))
        lines = [line for line in re.split("[，。；！？、：]", source.passage(rng, 80)) if 2 <= len(line) <= 18]
        blocks += [_paragraph(line) for line in lines]
    title = rng.choice(invent.lexicon()["headline"]["themes"])
    return title + rng.choice(("", "", "（组诗）", "（外二首）", "之歌")), blocks


def principles(source: Source, rng: Random) -> tuple[str, list[Block]]:
    """Numbered paragraphs, as editors set down how they have worked."""
    form = rng.choice(("{}、", "{}、", "（{}）", "第{}条 "))
    longest = rng.choice((50, 90, 150))
    count = rng.randint(5, 12)
    blocks = [_paragraph(form.format(numeral(n)) + source.passage(rng, longest)) for n in range(1, count)]
    return rng.choice(("凡例", "编纂说明", "编辑说明", f"{_topic(rng)}管理办法", "例言")), blocks


def essay(source: Source, rng: Random) -> tuple[str, list[Block]]:
    """A study with its notes at the end."""
    longest = rng.choice((150, 250, 400))
    blocks = [_paragraph(source.passage(rng, longest)) for _ in range(rng.randint(3, 7))]
    names = invent.lexicon()["forms"]["books"]
    form = rng.choice(("{}", "[{}]", "〔{}〕"))
    signs = ["①②③④⑤⑥"[n] if form == "{}" else form.format(n + 1) for n in range(6)]
    count = rng.randint(1, 6)
    for sign in signs[:count]:
        at = rng.randrange(len(blocks))
        if blocks[at].text[-1] in "。！？" and sign not in blocks[at].text:
            blocks[at] = _paragraph(blocks[at].text + sign)
    for sign in signs[:count]:
        told = f"{rng.choice(('', '参见'))}{invent.person(rng)}：《{rng.choice(names)}》，第{rng.randint(3, 400)}页。"
        blocks.append(_paragraph(sign + told))
    title = f"{rng.choice(('论', '试论', '略谈', ''))}{_county(rng)}{_topic(rng)}"
    return title + rng.choice(("考", "的变迁", "问题", "述略")), blocks


_FORMS: dict[Callable[[Source, Random], tuple[str, list[Block]]], float] = {
    chronicle: 4.0, sections: 4.0, entries: 2.5, lives: 3.0, letter: 2.5, notice: 2.0, interview: 1.5, principles: 1.5,
    essay: 1.0, verse: 0.7,
}  # fmt: skip
