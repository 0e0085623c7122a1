"""The scorer of the benchmark gives the truth full marks and takes the right ones away for each kind of fault."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.align import align
from bench.score import score, summary

SENTENCES = (
    "全县的小麦已经收割完毕。",
    "公路在山谷间延伸了114公里。",
    "渡口的老船工姓梁，今年七十三岁。",
    "图书馆晚上九点关门。",
)


def document(*articles: tuple[str, ...]) -> dict[str, Any]:
    """Articles of a title and paragraphs."""
    roles = ("title", *["paragraph"] * 20)
    return {
        "articles": [
            {"flags": [], "blocks": [{"role": r, "text": t} for r, t in zip(roles, texts, strict=False)]}
            for texts in articles
        ]
    }


TRUTH = document(("麦收结束", SENTENCES[0], SENTENCES[1]), ("渡口人家", SENTENCES[2], SENTENCES[3]))


def figures(made: dict[str, Any]) -> dict[str, float]:
    return summary(score(TRUTH, made))


def test_the_truth_itself_scores_full_marks() -> None:
    full = figures(TRUTH)
    wanted = ("break_f1", "b_cubed", "headline", "order", "numbers", "role title", "role paragraph")
    assert {k: full[k] for k in wanted} == dict.fromkeys(wanted, 1.0)
    assert full["cer"] == 0


def test_articles_in_another_order_cost_nothing() -> None:
    made = {"articles": TRUTH["articles"][::-1]}
    assert figures(made)["break_f1"] == figures(made)["b_cubed"] == figures(made)["headline"] == 1


def test_one_article_for_two_costs_clusters_not_breaks() -> None:
    made = {"articles": [{"flags": [], "blocks": [b for a in TRUTH["articles"] for b in a["blocks"]]}]}
    assert figures(made)["break_f1"] == 1
    assert figures(made)["b_cubed"] < 0.8


def test_a_headline_on_the_wrong_body_is_seen() -> None:
    made = document(("渡口人家", SENTENCES[0], SENTENCES[1]), ("麦收结束", SENTENCES[2], SENTENCES[3]))
    assert figures(made)["headline"] == 0


def test_a_paragraph_broken_in_two_costs_precision_only() -> None:
    made = document(("麦收结束", SENTENCES[0][:5], SENTENCES[0][5:], SENTENCES[1]), ("渡口人家", *SENTENCES[2:]))
    assert figures(made)["break_recall"] == 1
    assert figures(made)["break_precision"] < 1


@pytest.mark.parametrize(
    "wrong", ["公路在山谷间延伸了 114 公里。", "公路在山谷间延伸了11 4公里。", "公路在山谷间延伸了14公里。"]
)
def test_a_number_spaced_parted_or_robbed_is_wrong(wrong: str) -> None:
    made = document(("麦收结束", SENTENCES[0], wrong), ("渡口人家", *SENTENCES[2:]))
    assert figures(made)["numbers"] == 0


def test_links_count_only_lines_that_were_not_neighbours() -> None:
    truth = document(("麦收结束", "全县的小麦已经收割完毕，粮食入了仓。"))
    truth["articles"][0]["blocks"][0]["lines"] = [1]
    truth["articles"][0]["blocks"][1]["lines"] = [0, 2]
    raw = ["全县的小麦已经", "麦收结束", "收割完毕，粮食入了仓。"]
    assert summary(score(truth, truth, raw))["link_recall"] == 1
    parted = document(("麦收结束", raw[0], raw[2]))
    assert summary(score(truth, parted, raw))["link_recall"] == 0


@given(st.lists(st.text("甲乙丙丁戊己庚辛壬癸，。", min_size=1, max_size=40), min_size=1, max_size=8), st.randoms())
def test_alignment_is_one_to_one_and_loses_nothing_when_blocks_move(blocks: list[str], rng: Random) -> None:
    moved = list(blocks)
    rng.shuffle(moved)
    where = align(blocks, "".join(moved))
    assert len(where) == len("".join(blocks))
    assert len({o for o in where if o >= 0}) == sum(o >= 0 for o in where)
    if moved == blocks and len(blocks) == 1:
        assert where == list(range(len(where)))


def test_a_running_head_that_repeats_a_title_is_left_only_where_it_stands_once_more() -> None:
    truth = TRUTH | {"furniture": ["麦收结束"]}
    clean = document(("麦收结束", SENTENCES[0], SENTENCES[1]), ("渡口人家", SENTENCES[2], SENTENCES[3]))
    left = document(("麦收结束", SENTENCES[0], "麦收结束", SENTENCES[1]), ("渡口人家", SENTENCES[2], SENTENCES[3]))
    assert [summary(score(truth, made))["furniture_kept"] for made in (clean, left)] == [0.0, 1.0]
