"""A few words behind a number, where others differ from them in that number alone: 一等奖 and 二等奖.

They head what stands below them. It looks at texts alone and decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import regex

COUNTED: Final = regex.compile(r"第?(?P<number>[一二三四五六七八九十]{1,3}|\d{1,2})(?P<counted>\p{Han}{1,8})")
DATED: Final = frozenset("年月日号时")  # what follows a number in a date


def in_series(texts: Iterable[str]) -> list[int]:
    """Return the places of such words among texts.

    >>> in_series(["获奖名单", "一等奖", "王艳", "二等奖", "三个村", "十月"])
    [1, 3]
    """
    found: dict[str, dict[str, int]] = {}
    for place, text in enumerate(texts):
        match = COUNTED.fullmatch(text)
        if match and match["counted"][0] not in DATED:
            found.setdefault(match["counted"], {})[match["number"]] = place
    return sorted(place for places in found.values() if len(places) > 1 for place in places.values())
