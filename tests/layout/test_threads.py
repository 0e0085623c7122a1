"""Lines of columns that stand in turn are threaded; lines that run on as they stand stay as they are."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleanup import rulebook
from cleanup.document import Draft
from cleanup.language import ngrams
from cleanup.layout.cells import lay_out
from cleanup.layout.reading import Reading
from cleanup.layout.threads import read_threads
from tests import setting

ROOT = Path(__file__).resolve().parents[2]
SEEDS = sorted((ROOT / "seeds").glob("*.txt"))
LAWS = (setting.FLAG, setting.ARCHIVES, setting.SURVEY)


def readings(text: str) -> list[Reading]:
    return read_threads(lay_out(Draft(text), ngrams.load(), rulebook.load().limits))


def lines_read(text: str) -> list[str]:
    """All lines of a text, those of a threaded stretch in the order they are read in."""
    lines: list[str] = []
    at = 0
    for reading in readings(text):
        lines += text[at : reading.start].split("\n")
        lines += [text[piece.start : piece.end] for piece in reading.pieces]
        at = reading.end
    return [line for line in lines + text[at:].split("\n") if line]


def kept(columns: list[list[str]], found: list[str]) -> float:
    """The share of lines that are followed by the next line of their column."""
    pairs = {pair for column in columns for pair in pairwise(column)}
    return len(pairs & set(pairwise(found))) / len(pairs)


def columns_of(measures: list[int]) -> list[list[str]]:
    return [[line.strip() for line in setting.wrapped(law, size)] for law, size in zip(LAWS, measures, strict=False)]


@pytest.mark.parametrize("measures", [[14, 18], [15, 17], [12, 12, 12], [14, 14, 14], [16, 14, 18]])
def test_lines_in_turn_are_threaded(measures: list[int]) -> None:
    columns = columns_of(measures)
    assert lines_read(setting.in_turn(*columns)) == [line for column in columns for line in column]


@pytest.mark.parametrize("measures", [[12, 12], [16, 16], [18, 18], [20, 20, 20]])
def test_columns_that_end_their_paragraphs_side_by_side_stay_apart_up_to_there(measures: list[int]) -> None:
    """Where two columns end a paragraph in one row, only what begins the next ones could tell them apart."""
    columns = columns_of(measures)
    assert kept(columns, lines_read(setting.in_turn(*columns))) >= 0.95


def test_a_few_lines_in_turn_are_threaded() -> None:
    columns = [column[:7] for column in columns_of([14, 18])]
    lead = [line.strip() for line in setting.wrapped(setting.SURVEY, 22)]
    found = lines_read("\n".join([*lead, "", setting.in_turn(*columns)]))
    assert found[len(lead) :] == [line for column in columns for line in column]


@pytest.mark.parametrize("measures", [[14, 18], [15, 17], [18, 14]])
def test_below_a_headline_the_first_column_is_the_leftmost(measures: list[int]) -> None:
    columns = columns_of(measures)
    head = ["我省公布档案和国旗管理办法", "□ 何平"]
    assert lines_read("\n".join([*head, setting.in_turn(*columns)])) == [*head, *columns[0], *columns[1]]


def test_blank_lines_between_all_lines_change_nothing() -> None:
    columns = columns_of([14, 18])
    text = setting.in_turn(*columns).replace("\n", "\n\n")
    assert lines_read(text) == [line for column in columns for line in column]


def test_a_text_before_and_after_the_columns_stays_there() -> None:
    columns = columns_of([16, 14])
    lead = [line.strip() for line in setting.wrapped(setting.SURVEY, 22)]
    text = "\n".join([*lead, "", *setting.in_turn(*columns).split("\n"), *lead]) + "\n"
    found = lines_read(text)
    assert found[: len(lead)] == lead
    assert found[-len(lead) :] == lead


@settings(deadline=None, max_examples=30)
@given(st.permutations(LAWS), st.lists(st.integers(11, 22), min_size=2, max_size=3))
def test_most_lines_of_any_columns_follow_their_own(laws: list[tuple[str, ...]], measures: list[int]) -> None:
    columns = [[line.strip() for line in setting.wrapped(law, size)] for law, size in zip(laws, measures, strict=False)]
    assert kept(columns, lines_read(setting.in_turn(*columns))) >= 0.9


@pytest.mark.parametrize("measure", [10, 16, 24, 32])
def test_a_wrapped_text_is_left_alone(measure: int) -> None:
    for law in LAWS:
        assert not readings("\n".join(setting.wrapped(law, measure)))


@pytest.mark.parametrize("text", setting.WITHOUT_COLUMNS)
def test_what_has_no_columns_is_left_alone(text: str) -> None:
    assert not readings(text)
    assert not readings(text.replace("    ", "\n"))


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem)
def test_pages_that_run_on_are_left_alone(path: Path) -> None:
    assert not readings(path.read_text("utf-8"))


@pytest.mark.parametrize(
    "text",
    [
        "\n" * 1_000_000,
        "国旗\n" * 100_000,
        setting.NAMES.replace("    ", "\n") * 1000,
        "国旗档案测绘法\n档案\n" * 30_000,
    ],
    ids=["line ends", "short lines", "names", "two lines over and over"],
)
def test_hostile_text_takes_no_longer_than_its_length(text: str) -> None:
    begin = perf_counter()
    readings(text)
    assert perf_counter() - begin < 20
