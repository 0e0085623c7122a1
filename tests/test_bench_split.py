"""The fence of the benchmark: nothing is learned from an article that is scored on, and gold says what pages print."""

from __future__ import annotations

import doctest
import importlib
import json
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.articles import SPLITS, Article, read, split_of
from bench.compose import KINDS, Kind, Shelf, compose
from bench.imitate import imitate
from bench.page import gold

TEXTS = sorted((Path(__file__).resolve().parent.parent / "bench" / "texts").glob("*.jsonl"))


@given(st.text(min_size=1))
def test_every_title_stands_on_one_side_however_it_is_spaced(title: str) -> None:
    assert split_of(title) in SPLITS
    assert split_of(title) == split_of(f" {title[:3]} {title[3:]}\n")


def test_training_and_scoring_articles_never_overlap() -> None:
    train, heldout = (list(read(TEXTS, split)) for split in ("train", "heldout"))
    assert train and heldout
    assert not {a.title for a in train} & {a.title for a in heldout}
    assert len(train) + len(heldout) == len(list(read(TEXTS)))


def test_about_a_tenth_is_held_out() -> None:
    titles = [f"第{n}条消息" for n in range(5000)]
    assert 0.08 < sum(split_of(t) == "heldout" for t in titles) / len(titles) < 0.12


def test_an_article_printed_twice_with_one_title_is_read_once(tmp_path: Path) -> None:
    line = json.dumps({"title": "一条消息", "paragraphs": ["全文就是这样。"]}, ensure_ascii=False)
    (tmp_path / "a.jsonl").write_text(f"{line}\n{line}\n", "utf-8")
    assert len(list(read([tmp_path / "a.jsonl"]))) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_holds_articles_of_its_own_side_only(kind: Kind) -> None:
    shelf = Shelf(list(read(TEXTS, "heldout")))
    learned = [p for a in read(TEXTS, "train") for p in a.paragraphs if len(p) > 30]
    for seed in range(5):
        page = compose(shelf, kind, Random(seed))
        text = "\n".join(block.text for story in page.stories for block in story.blocks)
        assert not any(paragraph in text for paragraph in learned)


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"K4", "K6", "K7"}))
def test_the_lines_gold_names_print_the_block(kind: Kind) -> None:
    shelf = Shelf(list(read(TEXTS)))
    for seed in range(8):
        printed = imitate(compose(shelf, kind, Random(seed)), kind, Random(seed))
        truth = gold(printed.page, printed.lines, "utf-8", {})
        for article in truth["articles"]:  # type: ignore[attr-defined]
            for block in article["blocks"]:
                seen = sum(len("".join(printed.lines[n].text.split())) for n in block["lines"])
                assert seen >= len("".join(block["text"].split()))


def test_the_same_seed_makes_the_same_page() -> None:
    shelf = Shelf([Article("一条消息", ("今天，全县的工作会议召开。",) * 3, frozenset(), "press")])
    pages = [imitate(compose(shelf, "K7", Random(5)), "K7", Random(5)).lines for _ in range(2)]
    assert pages[0] == pages[1]


@pytest.mark.parametrize(
    "name",
    [
        "accuracy",
        "align",
        "articles",
        "corrupt",
        "imitate",
        "invent",
        "page",
        "peers",
        "plot",
        "score",
        "simulate",
        "widths",
    ],
)
def test_examples_in_docstrings_hold(name: str) -> None:
    assert doctest.testmod(importlib.import_module(f"bench.{name}")).failed == 0
