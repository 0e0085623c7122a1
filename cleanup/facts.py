"""What page furniture tells of a newspaper's issue: date, page, name and staff, by the `[[fact]]` tables of rules/.

It reads lines that were found to be furniture and nothing else; what is not printed is never concluded.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import regex

from cleanup.markers import forms

DIGITS = {character: number for number, character in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0}
TEN = "十"
WEEKDAYS = ("一", "二", "三", "四", "五", "六", "日天")


@dataclass(frozen=True, slots=True)
class Fact:
    """A form (`find`, looked for in a line of furniture) and the key of the metadata that it tells.

    `needs`: another key without which it counts for nothing. `several`: the key may have many values. Each example is
    a line and the value it tells.
    """

    id: str
    key: str
    what: str
    why: str
    find: regex.Pattern[str]
    needs: str
    several: bool
    examples: tuple[tuple[str, str], ...]
    keeps: tuple[str, ...]


@cache
def load(*further: Path) -> tuple[Fact, ...]:
    """Return the facts of the built-in rules and of further folders, in file order."""
    return forms("fact", _fact, *further)


def _fact(raw: dict[str, Any], find: regex.Pattern[str]) -> Fact:
    return Fact(
        id=raw["id"],
        key=raw["key"],
        what=raw["what"],
        why=raw["why"],
        find=find,
        needs=raw.get("needs", ""),
        several=bool(raw.get("several", False)),
        examples=tuple((line, value) for line, value in raw["examples"]),
        keeps=tuple(raw["keeps"]),
    )


# what stands between the figures of one number or date; before the time of day another number begins
SPACED = regex.compile(
    r"(?<=\d)[ 　]+(?=[年月日版])|(?<=\d)[ 　](?=\d)(?!\d?\d[:：])|(?<=[年月第])[ 　]+(?=\d)|[\u200b\u00ad\ufeff]"
)
APART = regex.compile(r"[ 　]{2,}")  # between what stands at the two ends and in the middle of a running head


def plain(line: str) -> str:
    """Return a line of furniture without what printing and recognition did to its figures and gaps.

    >>> plain("２０１１ 年 ８ 月 ９ 日 星期二 第 ０２ 版"), plain("要闻      2      2011年8月9日")
    ('2011年8月9日 星期二 第02版', '要闻 2 2011年8月9日')
    """
    return str(APART.sub(" ", SPACED.sub("", unicodedata.normalize("NFKC", line))))


def told(lines: Iterable[str], facts: Iterable[Fact]) -> dict[str, str]:
    """Return what lines of furniture tell: a value for each key that is told once, or in one way only.

    >>> told(["晨河日报 2018年5月19日 星期六", "7"], load())
    {'date': '2018-05-19', 'page': '7', 'paper': '晨河日报'}
    >>> told(["2018年5月19日", "2018年5月20日"], load())
    {}
    """
    lines = [plain(line) for line in lines]
    found: dict[str, dict[str, None]] = {}
    leaning: list[tuple[Fact, str]] = []
    several = set()
    for fact in facts:
        found.setdefault(fact.key, {})
        if fact.several:
            several.add(fact.key)
        for line in lines:
            for value in values(fact, line):
                if fact.needs:
                    leaning.append((fact, value))
                else:
                    found[fact.key][value] = None
    sure = {key: list(each) for key, each in found.items() if len(each) == 1 or (each and key in several)}
    weak: dict[str, set[str]] = {}
    for fact, value in leaning:
        if fact.needs in sure and not found[fact.key]:
            weak.setdefault(fact.key, set()).add(value)
    sure |= {key: list(each) for key, each in weak.items() if len(each) == 1}
    return {key: "、".join(sure[key]) for key in found if key in sure}


def values(fact: Fact, line: str) -> list[str]:
    """Return the values a fact finds in a line.

    >>> [values(fact, "责编 周元思 版式 靳俊") for fact in load() if fact.id == "editor"]
    [['周元思']]
    """
    return [value for match in fact.find.finditer(line) if (value := _value(match))]


def _value(match: regex.Match[str]) -> str:
    groups = match.groupdict()
    if groups.get("year"):
        return _date(groups)
    if groups.get("number"):
        return str(_number(groups["number"]))
    return "".join((groups.get("text") or "").split()) or " ".join((groups.get("names") or "").split())


def _date(groups: dict[str, str]) -> str:
    """Return a date in the form of ISO 8601; nothing for one that no calendar has, or that denies its weekday."""
    try:
        day = date(_number(groups["year"]), _number(groups["month"]), _number(groups["day"]))
    except ValueError:
        return ""
    weekday = groups.get("weekday")
    return day.isoformat() if not weekday or weekday in WEEKDAYS[day.weekday()] else ""


def page_number(text: str) -> str:
    """Return a page as metadata has it, given as it is printed.

    >>> page_number("十二"), page_number("02"), page_number("A02")
    ('12', '2', 'A02')
    """
    return text if text[:1].isascii() and text[:1].isalpha() else str(_number(text))


def _number(text: str) -> int:
    """Return the value of figures or of Chinese numerals below a hundred or written digit by digit.

    >>> [_number(text) for text in ("07", "十", "十二", "三十", "二十一", "二〇一八")]
    [7, 10, 12, 30, 21, 2018]
    """
    if text.isdecimal():
        return int(text)
    tens, mark, ones = text.rpartition(TEN)
    if mark:
        return (DIGITS.get(tens, 1) * 10) + (DIGITS[ones] if ones else 0)
    return int("".join(str(DIGITS[character]) for character in text))
