"""Holds every case of fixtures/ to what is expected of it."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import cleanup
from tests import scoring

ROOT = Path(__file__).resolve().parent.parent
CASES = sorted(path.parent for path in (ROOT / "fixtures").glob("*/case.toml"))
KNOWN_FAILURES = sorted(path.parent for path in (ROOT / "fixtures" / "known-failures").glob("*/case.toml"))
GOLD = [case for case in CASES if (case / "expected" / "gold.json").exists()]
EXACT = [case for case in CASES if list((case / "expected").glob("*.txt"))]

WRAPPED = ("000", "002")  # pages whose lines are those of the column; in the others a line is a paragraph
ARTICLES = {"000": 3, "001": 1, "002": 1}
CONVERTED = {"003": 53}  # characters of stray traditional passages


@cache
def document(case: Path) -> cleanup.Document:
    about = tomllib.loads((case / "case.toml").read_text("utf-8"))
    beside = case / about["input"]
    path = beside if beside.exists() else ROOT / about["input"]
    return cleanup.clean(path.read_bytes(), path.name)


@cache
def measured(case: Path) -> scoring.Score:
    gold = json.loads((case / "expected" / "gold.json").read_bytes())
    return scoring.score(gold, json.loads(document(case).to_json()))


def number(case: Path) -> str:
    return case.name[:3]


def breaks(case: Path) -> None:
    found = measured(case).break_f1
    assert found >= (0.98 if number(case) in WRAPPED else 0.97), f"break F1 {found:.3f}"


def characters(case: Path) -> None:
    assert measured(case).error_rate <= 0.003, f"character error rate {measured(case).error_rate:.4f}"


def articles(case: Path) -> None:
    assert measured(case).article_f1 >= 0.97, f"B-cubed F1 {measured(case).article_f1:.3f}"
    if number(case) in ARTICLES:
        assert len(document(case).articles) == ARTICLES[number(case)]


def headlines(case: Path) -> None:
    gold = json.loads((case / "expected" / "gold.json").read_bytes())
    expected = [[b["text"] for b in article["blocks"] if b["role"] == "title"] for article in gold["articles"]]
    found = {article.title: article for article in document(case).articles}
    for titles, article in zip(expected, gold["articles"], strict=True):
        if not titles:
            continue
        assert titles[0] in found, f"no article is called {titles[0]}"
        body = [b["text"] for b in article["blocks"] if b["role"] == "paragraph" and b.get("placement") != "free"]
        assert body[0] in found[titles[0]].paragraphs, f"{titles[0]} stands over another body"


def links(case: Path) -> None:
    assert not measured(case).split, f"parted: {measured(case).split[0]}"
    assert not measured(case).merged, f"run together: {measured(case).merged[0]}"


def roles(case: Path) -> None:
    for role, found in measured(case).role_f1.items():
        assert found >= 0.95, f"{role} F1 {found:.3f}"


def numbers(case: Path) -> None:
    assert measured(case).numbers_found == measured(case).numbers_expected


def script(case: Path) -> None:
    changed = [edit for stage, edit in document(case).edits if stage == "simplify"]
    assert sum(len(edit.old) for edit in changed) == CONVERTED.get(number(case), 0)


BARS: dict[str, Callable[[Path], None]] = {
    bar.__name__: bar for bar in (breaks, characters, articles, headlines, links, roles, numbers, script)
}


@pytest.mark.parametrize("bar", BARS)
@pytest.mark.parametrize("case", GOLD, ids=number)
def test_bar(case: Path, bar: str) -> None:
    unsolved: list[str] = tomllib.loads((case / "case.toml").read_text("utf-8")).get("unsolved", [])
    if bar not in unsolved:
        BARS[bar](case)
        return
    try:
        BARS[bar](case)
    except AssertionError as shortfall:
        pytest.xfail(str(shortfall).splitlines()[0])


@pytest.mark.parametrize("case", EXACT, ids=lambda case: case.name)
def test_articles_come_out_exactly(case: Path) -> None:
    expected = [path.read_text("utf-8") for path in sorted((case / "expected").glob("*.txt"))]
    assert [article.text for article in document(case).articles] == expected


@pytest.mark.parametrize("case", KNOWN_FAILURES, ids=lambda case: case.name)
@pytest.mark.xfail(strict=True, reason="not solved yet")
def test_known_failure(case: Path) -> None:
    test_articles_come_out_exactly(case)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_source_comes_back(case: Path) -> None:
    found = document(case)
    assert len(found.undo()) == found.source.size
    assert cleanup.Document.from_json(found.to_json()).undo() == found.undo()


@pytest.mark.parametrize("case", GOLD, ids=number)
def test_cleaning_an_article_changes_nothing(case: Path) -> None:
    unsolved: list[Any] = tomllib.loads((case / "case.toml").read_text("utf-8")).get("unsolved", [])
    try:
        for article in document(case).articles:
            again = cleanup.clean(article.text)
            assert [other.text for other in again.articles] == [article.text]
    except AssertionError as shortfall:
        if "idempotence" not in unsolved:
            raise
        pytest.xfail(str(shortfall).splitlines()[0])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_case_says_why_it_is_there(case: Path) -> None:
    assert (case / "why.md").read_text("utf-8").strip()
