"""Invents what surrounds an article on a page: names, headlines, kickers, bylines, captions, credits and furniture.

Seeded and drawn from bench/lexicon.toml; it never takes words from a newspaper.
"""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from random import Random
from typing import Any


@cache
def lexicon() -> dict[str, Any]:
    """The vocabulary, read once."""
    return tomllib.loads(Path(__file__).with_name("lexicon.toml").read_text("utf-8"))


def person(rng: Random) -> str:
    """A name of two or three characters."""
    people = lexicon()["people"]
    return str(rng.choice(people["surnames"])) + "".join(rng.choices(people["given"], k=rng.choice((1, 2, 2, 2))))


def people(rng: Random, most: int = 3) -> str:
    """One to `most` names parted by single spaces."""
    return " ".join(person(rng) for _ in range(rng.randint(1, most)))


def headline(rng: Random) -> tuple[str, ...]:
    """A composed headline in one or two halves.

    >>> len(headline(Random(1))) in (1, 2)
    True
    """
    words = lexicon()["headline"]
    pick = rng.random()
    if pick < 0.06:
        return slogan(rng)
    if pick < 0.45:
        return tuple(rng.choice(words["openers"]) + rng.choice(words["closers"]) for _ in range(2))
    if pick < 0.6:
        return (rng.choice(words["openers"]), section(rng))
    place = rng.choice(lexicon()["places"]["counties"])
    if pick < 0.8:
        return (
            place + "：" + rng.choice(words["lead_verbs"]) + quoted(rng),
            rng.choice(words["openers"]) + rng.choice(words["closers"]),
        )
    if pick < 0.9:
        return (f"{place}{rng.choice(words['lead_verbs'])}{rng.choice(words['themes'])}",)
    return (f"“{rng.choice(words['images'])}”{rng.choice(words['closers'])}", rng.choice(words["openers"]))


def unit(rng: Random) -> str:
    """The name of an office, a school, a hospital."""
    places = lexicon()["places"]
    return str(rng.choice(places["counties"]) + rng.choice(("县", "")) + rng.choice(places["units"]))


def column_title(rng: Random) -> str:
    """The name of a column of a newspaper."""
    words = lexicon()["headline"]
    if rng.random() < 0.5:
        return str(rng.choice(words["kickers"]))
    return rng.choice(words["column_heads"]) + rng.choice(words["themes"]) + rng.choice(words["column_tails"])


def slogan(rng: Random) -> tuple[str, str]:
    """Two halves alike in length."""
    words = lexicon()["headline"]["openers"]
    first = str(rng.choice(words))
    return first, str(rng.choice([word for word in words if len(word) == len(first) and word != first]))


def caption_news(rng: Random) -> str:
    """The news a picture belongs to, as a caption's first sentence."""
    words, places = lexicon()["caption"], lexicon()["places"]
    county = rng.choice(places["counties"])
    theme = rng.choice(lexicon()["headline"]["themes"])
    return str(rng.choice(words["news"])).format(county=county, theme=theme, event=rng.choice(words["events"]))


def quoted(rng: Random) -> str:
    """A theme, now and then with an image in quotes."""
    words = lexicon()["headline"]
    return str(rng.choice(words["themes"])) + (f"“{rng.choice(words['images'])}”" if rng.random() < 0.4 else "")


def section(rng: Random) -> str:
    """One piece of a section heading."""
    return str(rng.choice(lexicon()["headline"]["lead_verbs"])) + quoted(rng)


def heading(rng: Random, paragraph: str) -> str:
    """A section heading, invented or taken from the opening words of the paragraph it stands over.

    >>> bool(heading(Random(3), "春耕时节，田间一片繁忙。"))
    True
    """
    words = lexicon()["headline"]
    pick = rng.random()
    if pick < 0.3:
        return section(rng)
    if pick < 0.45:
        return f"{section(rng)} {section(rng)}"
    if pick < 0.6:
        return f"{rng.choice(words['openers'])}，{section(rng)}"
    if pick < 0.72:
        return f"{rng.choice(words['openers'])} {rng.choice(words['openers'])}"
    if pick < 0.8:
        return f"{rng.choice('一二三四')}、{section(rng)}"
    clauses = [
        c for c in paragraph.replace("。", "，").replace("、", "，").split("，") if 4 <= len(c) <= 14 and c.isalpha()
    ]
    return rng.choice(clauses) if clauses else section(rng)


PARALLEL = 0.55  # of articles with several section headings: the press sets them like the lines of a couplet


def headings(rng: Random, paragraphs: list[str]) -> list[str]:
    """The section headings of one article, often alike in length and in where their marks stand.

    >>> len(headings(Random(1), ["春耕时节，田间一片繁忙。", "入夏以来，水库加紧蓄水。"]))
    2
    """
    found = [heading(rng, paragraph) for paragraph in paragraphs]
    if len(found) < 2 or rng.random() >= PARALLEL:
        return found
    form = _form(found[0])
    for place in range(1, len(found)):
        tries = (heading(rng, "") for _ in range(200))
        found[place] = next((text for text in tries if _form(text) == form and text not in found), found[place])
    return found


def _form(text: str) -> tuple[int, ...]:
    """The length of a line and the places of its marks."""
    return len(text), *(place for place, character in enumerate(text) if not character.isalpha())


def subtitle(rng: Random, real_title: str | None) -> str:
    """A subtitle with its two-em dash; the article's own title where the headline above it is invented."""
    words = lexicon()["headline"]
    place = rng.choice(lexicon()["places"]["counties"]) + rng.choice(lexicon()["places"]["units"])
    body = (
        real_title
        or f"{place}{rng.choice(words['lead_verbs'])}{rng.choice(words['themes'])}{rng.choice(words['subtitle_tails'])}"
    )
    return body if rng.random() < 0.16 else "——" + body


def byline(rng: Random) -> str:
    """A byline in one of the forms the press uses."""
    pick = rng.random()
    if pick < 0.3:
        return f"□ {people(rng)}"
    if pick < 0.45:
        return f"文/ {people(rng, 2)}" if rng.random() < 0.6 else f"文/{people(rng, 2)}"
    if pick < 0.7:
        return f"本报记者 {people(rng, 2)}"
    if pick < 0.8:
        return f"本报记者 {person(rng)} 通讯员 {people(rng, 2)}"
    if pick < 0.9:
        return people(rng, 3)
    return rng.choice(("作者：{}", "○ {}", "● {}", "■ {}", "本报通讯员 {}", "新华社记者 {}", "记者 {}")).format(
        people(rng, 2)
    )


def dateline(rng: Random) -> str:
    """The opening that names reporters, set into the first paragraph."""
    pick = rng.random()
    if pick < 0.45:
        return f"本报讯（记者 {people(rng, 2)}）"
    if pick < 0.75:
        return f"本报讯（记者 {person(rng)} 通讯员 {people(rng, 2)}）"
    if pick < 0.85:
        return f"本报讯（通讯员 {people(rng, 2)}）"
    return "本报讯 "


def caption(rng: Random) -> str:
    """A caption of one sentence."""
    words, places = lexicon()["caption"], lexicon()["places"]
    details = {
        "county": rng.choice(places["counties"]) + rng.choice(("", "县", "")),
        "town": rng.choice(places["towns"]),
        "unit": rng.choice(places["units"]),
        "spot": rng.choice(words["spots"]),
        "doing": rng.choice(words["doings"]),
        "event": rng.choice(words["events"]),
        "day": f"{rng.randint(1, 12)}月{rng.randint(1, 28)}日",
        "number": rng.randint(100, 9000),
        "count": rng.randint(2, 400),
    }
    return str(rng.choice(words["lines"])).format(**details)


def credit(rng: Random) -> str:
    """A photographer's credit."""
    return str(rng.choice(lexicon()["credit"]["lines"])).format(one=person(rng), two=people(rng, 2))


def furniture(rng: Random) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Running head and foot of a newspaper page: paper, date, page number, section, duty editors, turn lines."""
    words = lexicon()["furniture"]
    day = date(rng.randint(1995, 2025), rng.randint(1, 12), rng.randint(1, 28))
    number = rng.randint(1, 16)
    written = f"{day.year}年{day.month}月{day.day}日 星期{'一二三四五六日'[day.weekday()]}"
    editors = " ".join(f"{duty} {person(rng)}" for duty in rng.sample(words["duties"], 3))
    head = [
        rng.choice(words["papers"]),
        written,
        rng.choice((f"第{number}版", f"{number}", f"{number:02d}版", f"A{number}")),
    ]
    if rng.random() < 0.6:
        head.append(rng.choice(words["sections"]))
    foot = [editors] if rng.random() < 0.6 else []
    if rng.random() < 0.3:
        foot.append(head.pop(0))
    if rng.random() < 0.15:
        foot.append(rng.choice(("（下转第{}版）", "下转第{}版", "（上接第1版）")).format(rng.randint(2, 8)))
    rng.shuffle(head)
    return tuple(head), tuple(foot)


def trap(rng: Random) -> tuple[str, tuple[str, ...]]:
    """A sentence with words that look traditional and are not, and those words."""
    sentence, words = rng.choice(lexicon()["trap"]["sentences"])
    return str(sentence).format(n=rng.randint(20, 5000)), tuple(words)
