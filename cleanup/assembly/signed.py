"""Lines that sign a text: who wrote it and when, in a few words under it.

Headlines printed after their bodies look the same, and are sought for. A signature tells by what it says: a date, how
one takes leave, a place or a calling before a name, the office under its own notice. It looks at passages alone.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import regex
from numpy.typing import NDArray

from cleanup.assembly.passages import Passages
from cleanup.assembly.role_witnesses import few_words
from cleanup.language.openings import OPENING
from cleanup.markers import Marker

MOST_SIGNERS: Final = 3  # of a letter or notice
DAY_OF_MONTH: Final = regex.compile(r"[日号]")
YEAR: Final = regex.compile(r"[元一二三四五六七八九十\d]年|岁次|岁在")
SUBSCRIBED: Final = regex.compile(
    r"[^。，；！？]{2,30}(?:谨[序识记志跋撰述]|敬[识撰序]|拜[撰识])(?:于[^。，；！？]{1,12})?"
)
WROTE: Final = regex.compile(r"[^。，；！？]{3,30}[序识記记志誌跋撰述題题書书譔]")  # under a line with its year
SAID_IN_NUMERALS: Final = regex.compile(  # a day of old, or of a letter
    r"(?:\p{Han}{2,4})?[元一二三四五六七八九十廿卅〇○零]{1,4}年[^。，；！？\d]{0,8}"
    r"(?:[一二三四五六七八九十元正腊臘冬]{1,3}月[初一二三四五六七八九十廿卅]{0,3}日?|之吉|[吉穀谷]旦|[仲孟季][春夏秋冬]|[朔望既]+)\p{Han}{0,4}"
)
_NUMERALS = "〇○零一二三四五六七八九十廿卅"
_OCCASION = (
    r"[孟仲季初暮]?[春夏秋冬]|立[春夏秋冬]|[春秋]分|[夏冬]至|雨水|惊蛰|清明|谷雨|小满|芒种|[小大]暑|处暑|白露|寒露|霜降"
    r"|[小大]雪|[小大]寒|元旦|春节|除夕|元宵|端午|中秋|重阳|国庆|[岁年]末|岁[暮首]"
)
CLOSING_DATE: Final = regex.compile(  # and where or how it was written
    rf"(?:(?:\d{{4}}|[{_NUMERALS}]{{4}})年(?:(?:\d{{1,2}}|[{_NUMERALS}]{{1,3}})月(?:(?:\d{{1,2}}|[{_NUMERALS}]{{1,3}})日)?"
    rf"|{_OCCASION})|[{_NUMERALS}]{{1,3}}月[{_NUMERALS}]{{1,3}}日)"
    r"(?:[夜晨晚]|灯下|凌晨|\p{Han}{0,3}[于於]\p{Han}{2,10}|改定|定稿|初稿|修[订改]|[草记识])?"
)
LEAVE_TAKEN: Final = regex.compile(
    r"(?:此致|敬礼|此頌|此颂|(?:顺|順|即|敬)[颂頌请請]?\p{Han}{0,4}|[著撰大台近冬春夏秋教编編文道时時][安祺绥綏])"
    r"|[^。，；！？]{1,16}(?:顿首|頓首|敬上|谨上|謹上|拜上|手书|手書|手启|手啟|再拜|叩上|叩首|谨启|謹啟|敬启|敬啟)"
)
TAKING_LEAVE: Final = regex.compile(
    r"(?:此致|[敬顺順即此][颂頌请請祝]|专此|專此)[：:]?$"
)  # and what is wished stands below
SIGNED_FOR: Final = regex.compile(r"(?:本[报刊])?编辑部|本[报刊](?:编委会|资料室)|编者")
NOTICE: Final = regex.compile(r".*(?:公告|通告|公示|启事|通知|声明|布告|讣告|公开信|倡议书?|致歉|更正|通报)")
UNIT: Final = "unit-alone"  # the marker of an office that stands alone
_WHENCE = r"(?:\p{Han}{1,10}(?:[区镇村乡县市校厂局社院司街]|[中小]学)|市民|读者|网友|村民|学生|居民|教师|农民|职工)"
SIGNER: Final = regex.compile(rf"{_WHENCE}[ 　](?P<name>\p{{Han}}{{2,4}})")
OPENING_LINES: Final = 3  # of a notice, among which its name stands


def signatures(passages: Passages, markers: tuple[Marker, ...], surnames: frozenset[str]) -> list[int]:
    """Return the passages that sign; `surnames` tell who signs a letter."""
    short = few_words(passages)
    return sorted(
        {
            *_above_dates(passages, short),
            *_of_prefaces(passages, short),
            *_of_letters(passages, short, surnames),
            *_of_notices(passages, short, markers),
        }
    )


def taking_leave(passages: Passages) -> list[int]:
    """Return the passages that break off before the wish that closes a letter."""
    return [row for row, text in enumerate(passages.texts) if TAKING_LEAVE.search(text)]


def _above_dates(passages: Passages, short: NDArray[np.bool_]) -> list[int]:
    """Return the lines of a few words each, the last one a date, that say under a text who wrote it and when.

    Amid a page somebody signs, and what follows is a headline; under a headline a date may stand as well.
    """
    dates = set(np.flatnonzero(passages.form == OPENING["date"]).tolist())
    dates.update(len(passages) - 1 for text in passages.texts[-1:] if CLOSING_DATE.fullmatch(text))
    found: list[int] = []
    for date in sorted(dates):
        first = date
        while first and short[first - 1] and first - 1 not in dates:
            first -= 1
        last = date == len(passages) - 1
        signers = date - first
        if not first or signers > MOST_SIGNERS or passages.level[first:date].any():
            continue
        if last or (signers and short[date + 1] and DAY_OF_MONTH.search(passages.texts[date])):
            found += range(first, date + 1)
    return found


def _of_prefaces(passages: Passages, short: NDArray[np.bool_]) -> list[int]:
    """Return the lines that sign a preface of old, and the date over them: 光绪九年岁次癸未仲秋, 黄汝香谨序."""
    dated = [bool(row and short[row] and YEAR.search(text)) for row, text in enumerate(passages.texts)]
    rows = [
        row
        for row, text in enumerate(passages.texts)
        if row and (SUBSCRIBED.fullmatch(text) or (dated[row - 1] and short[row] and WROTE.fullmatch(text)))
    ]
    return [*rows, *(row - 1 for row in rows if dated[row - 1])]


def _of_letters(passages: Passages, short: NDArray[np.bool_], surnames: frozenset[str]) -> list[int]:
    """Return the lines that take leave, that give the day in words, and that tell whence somebody writes."""
    forms = (LEAVE_TAKEN, SAID_IN_NUMERALS, SIGNED_FOR)
    texts = enumerate(passages.texts)
    found = [row for row, text in texts if row and short[row] and any(form.fullmatch(text) for form in forms)]
    closed = np.append(False, passages.closed[:-1])
    signers = ((row, SIGNER.fullmatch(passages.texts[row])) for row in np.flatnonzero(short & closed).tolist())
    return found + [row for row, signer in signers if signer and signer["name"][0] in surnames]


def _of_notices(passages: Passages, short: NDArray[np.bool_], markers: tuple[Marker, ...]) -> list[int]:
    """Return the office that closes the notice it gives."""
    last = len(passages) - 1
    if last < OPENING_LINES - 1 or not short[last] or not passages.closed[last - 1] or passages.marker[last] < 0:
        return []
    notice = any(short[row] and NOTICE.fullmatch(passages.texts[row]) for row in range(OPENING_LINES - 1))
    return [last] if notice and markers[passages.marker[last]].id == UNIT else []
