"""Holds every case of fixtures/ to what is expected of it."""

from __future__ import annotations

import json
import math
import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import cleanup
from bench.score import ROLES, raw_lines, score, summary

ROOT = Path(__file__).resolve().parent.parent
CASES = sorted(path.parent for path in (ROOT / "fixtures").glob("*/case.toml"))
KNOWN_FAILURES = sorted(path.parent for path in (ROOT / "fixtures" / "known-failures").glob("*/case.toml"))
GOLD = [case for case in CASES if (case / "expected" / "gold.json").exists()]
EXACT = [case for case in CASES if list((case / "expected").glob("*.txt"))]

WRAPPED = ("000", "002")  # pages whose lines are those of the column; in the others a line is a paragraph
ARTICLES = {"000": 3, "001": 1, "002": 1}
CONVERTED = {"003": 53}  # characters of stray traditional passages


@cache
def source(case: Path) -> Path:
    about = tomllib.loads((case / "case.toml").read_text("utf-8"))
    beside: Path = case / about["input"]
    return beside if beside.exists() else ROOT / about["input"]


@cache
def document(case: Path) -> cleanup.Document:
    return cleanup.clean(source(case).read_bytes(), source(case).name)


@cache
def gold(case: Path) -> dict[str, Any]:
    truth: dict[str, Any] = json.loads((case / "expected" / "gold.json").read_bytes())
    return truth


@cache
def measured(case: Path) -> dict[str, float]:
    """Return the figures of the benchmark's own scorer."""
    raw = raw_lines(source(case).read_bytes(), "utf-8-sig")
    return summary(score(gold(case), json.loads(document(case).to_json()), raw))


def number(case: Path) -> str:
    return case.name[:3]


def at_least(case: Path, figure: str, bar: float) -> None:
    found = measured(case)[figure]
    assert math.isnan(found) or found >= bar, f"{figure} {found:.4f}, the bar is {bar}"


def breaks(case: Path) -> None:
    at_least(case, "break_f1", 0.98 if number(case) in WRAPPED else 0.97)


def characters(case: Path) -> None:
    assert measured(case)["cer"] <= 0.003, f"character error rate {measured(case)['cer']:.4f}"


def articles(case: Path) -> None:
    at_least(case, "b_cubed", 0.97)
    if number(case) in ARTICLES:
        assert len(document(case).articles) == ARTICLES[number(case)]


def headlines(case: Path) -> None:
    at_least(case, "headline", 1)


def links(case: Path) -> None:
    """Every passage that was broken is joined, and nothing else is."""
    at_least(case, "link_recall", 1)
    at_least(case, "link_precision", 1)


def roles(case: Path) -> None:
    for role in ROLES:
        at_least(case, f"role {role}", 0.95)


def numbers(case: Path) -> None:
    at_least(case, "numbers", 1)


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
    pytest.fail(f"{bar} is met by {case.name}: take it out of `unsolved`")


@pytest.mark.parametrize("case", EXACT, ids=lambda case: case.name)
def test_articles_come_out_exactly(case: Path) -> None:
    expected = [path.read_text("utf-8") for path in sorted((case / "expected").glob("*.txt"))]
    assert [article.text for article in document(case).articles] == expected


def test_known_failures_still_fail() -> None:
    """A case that is solved belongs among the others."""
    for case in KNOWN_FAILURES:
        expected = [path.read_text("utf-8") for path in sorted((case / "expected").glob("*.txt"))]
        assert [article.text for article in document(case).articles] != expected, f"{case.name} is solved: move it up"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_source_comes_back(case: Path) -> None:
    found = document(case)
    assert len(found.undo()) == found.source.size
    assert cleanup.Document.from_json(found.to_json()).undo() == found.undo()


@pytest.mark.parametrize("case", GOLD, ids=number)
def test_cleaning_an_article_changes_nothing(case: Path) -> None:
    for article in document(case).articles:
        assert [again.text for again in cleanup.clean(article.text).articles] == [article.text]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_case_says_why_it_is_there(case: Path) -> None:
    assert (case / "why.md").read_text("utf-8").strip()
