"""Topics: passages of kindred matter are nearer to each other than to the rest, without a rare word in common."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cleanup.language import topics
from cleanup.language.characters import han
from cleanup.language.corpus import characters

PASSAGES = (
    "央行宣布下调存款准备金率，释放长期资金，支持实体经济发展，股市应声上涨。",
    "商业银行要加大信贷投放，降低企业融资成本，防范金融风险，稳定市场预期。",
    "主队下半场连入两球，球迷齐声欢呼，教练赛后称赞队员拼到了最后一分钟。",
    "女排姑娘在决赛中以三比一获胜，夺得本届锦标赛冠军，这是她们第五次登上领奖台。",
)


def near(first: str, second: str) -> float:
    a, b = (vector(text) for text in (first, second))
    return float(a @ b / (np.linalg.norm(a) * np.linalg.norm(b)))


def vector(text: str) -> np.ndarray:
    codes = characters([text])
    owner = np.zeros(len(codes), dtype=np.int64)
    return topics.describe(codes, han()[codes], owner, 1, topics.load())[0]


def test_money_is_near_to_money_and_sport_to_sport() -> None:
    money, credit, football, volleyball = PASSAGES
    assert near(money, credit) > max(near(money, football), near(money, volleyball))
    assert near(football, volleyball) > max(near(football, money), near(football, credit))


@given(st.text())
def test_any_text_has_a_vector_of_numbers(text: str) -> None:
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    found = topics.describe(codes, han()[codes], np.zeros(len(codes), dtype=np.int64), 1, topics.load())
    assert found.shape == (1, topics.load().size) and np.isfinite(found).all()
