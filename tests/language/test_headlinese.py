"""Headlinese: a headline is told from a stretch of text that is as short and ends as openly."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cleanup.language import headlinese
from cleanup.language.corpus import characters

HEADLINES = (
    "全县秋粮收购工作全面展开",
    "省运会开幕式彩排顺利举行",
    "市财政局多措并举助力企业纾困",
    "公园收费引热议 游客：应先听证",
    "两部门：严禁向农户摊派",
)
STRETCHES = (
    "会议还听取了有关部门就今年",
    "他把刚刚摘下来的苹果放进筐里",
    "的时候，我们已经走出了很远",
    "据介绍，这家企业自去年开始",
    "并要求各乡镇结合自身实际",
)


def odds(*lines: str) -> list[float]:
    codes = characters(["".join(lines)])[:-1]
    last = np.cumsum([len("".join(line.split())) for line in lines])
    first = np.append(0, last[:-1])
    return headlinese.log_odds(codes, first, last, headlinese.load()).tolist()


def test_headlines_are_told_from_text_that_breaks_off() -> None:
    assert min(odds(*HEADLINES)) > max(odds(*STRETCHES))


def test_a_line_alone_says_what_it_says_among_others() -> None:
    together = odds(*HEADLINES, *STRETCHES)
    np.testing.assert_allclose(together, [odds(line)[0] for line in (*HEADLINES, *STRETCHES)])


def test_nothing_is_said_of_lines_too_short_or_too_long() -> None:
    short, known, long = odds("春耕", HEADLINES[0], "秋" * (headlinese.LONGEST + 1))
    assert np.isnan(short) and np.isfinite(known) and np.isnan(long)


@given(st.lists(st.text(min_size=1), min_size=1))
def test_any_lines_have_odds_or_none(lines: list[str]) -> None:
    texts = [np.frombuffer(line.encode("utf-32-le", "surrogatepass"), dtype="<u4") for line in lines]
    last = np.cumsum([len(text) for text in texts])
    found = headlinese.log_odds(np.concatenate(texts), last - [len(text) for text in texts], last, headlinese.load())
    told = [headlinese.SHORTEST <= len(text) <= headlinese.LONGEST for text in texts]
    assert np.isfinite(found).tolist() == told
