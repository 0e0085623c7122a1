"""Columns side by side are read one after another; what only looks like columns stays as it is."""

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
from cleanup.layout.gutters import read_columns
from cleanup.layout.reading import Reading
from tests import setting

ROOT = Path(__file__).resolve().parents[2]
SEEDS = sorted((ROOT / "seeds").glob("*.txt"))


def readings(text: str) -> list[Reading]:
    return read_columns(lay_out(Draft(text), ngrams.load(), rulebook.load().limits))


def lines_read(text: str) -> list[str]:
    """The lines of the one stretch of columns a text has, in reading order, indents kept."""
    (reading,) = readings(text)
    return [(piece.before or "").strip("\n") + text[piece.start : piece.end] for piece in reading.pieces]


@pytest.mark.parametrize("measure", [12, 16, 20])
@pytest.mark.parametrize("columns", [2, 3])
def test_one_text_in_columns_reads_column_by_column(measure: int, columns: int) -> None:
    lines = setting.wrapped(setting.ARCHIVES, measure)
    assert lines_read(setting.beside(*setting.halves(lines, columns))) == lines


@pytest.mark.parametrize(("left", "right"), [(12, 18), (18, 12), (15, 15)])
def test_neighbouring_texts_do_not_mix(left: int, right: int) -> None:
    one, other = setting.wrapped(setting.FLAG, left), setting.wrapped(setting.SURVEY, right)
    assert lines_read(setting.beside(one, other)) == one + other


def test_a_headline_over_two_columns_comes_first() -> None:
    lines = setting.wrapped(setting.ARCHIVES, 16)
    page = "             中华人民共和国档案法\n" + setting.beside(*setting.halves(lines, 2))
    assert lines_read(page)[0].strip() == "中华人民共和国档案法"
    assert lines_read(page)[1:] == lines


def test_columns_off_the_line_grid_are_told_apart() -> None:
    """Where neighbours are set half a line lower, a line of the page holds one column only."""
    one, other = setting.wrapped(setting.FLAG, 16), setting.wrapped(setting.SURVEY, 16)
    rows = []
    for number in range(max(len(one), len(other))):
        rows += [line[number] if number < len(line) else "" for line in (one, [" " * 20 + text for text in other])]
    text = "\n".join(row for row in rows if row) + "\n"
    assert lines_read(text) == one + other


def test_columns_so_close_that_one_space_parts_them() -> None:
    lines = setting.wrapped(setting.ARCHIVES, 16)
    left, right = setting.halves(lines, 2)
    page = setting.beside(left, right).split("\n")
    page[3] = f"{left[3]} {right[3]}"
    page[4] = f"{left[4]} {right[4]}"
    assert lines_read("\n".join(page)) == lines


@pytest.mark.parametrize("measure", [14, 16, 18])
def test_columns_that_one_space_parts_on_every_row(measure: int) -> None:
    lines = setting.wrapped(setting.ARCHIVES, measure)
    left, right = setting.halves(lines, 2)
    rows = [f"{one.ljust(measure)} {other}" for one, other in zip(left, [*right, ""], strict=False)]
    page = setting.beside(left[:4], right[:4]) + "\n".join(row.rstrip() for row in rows[4:]) + "\n"
    assert [line.strip() for line in lines_read(page)] == [line.strip() for line in lines]


def test_columns_of_few_lines_are_columns() -> None:
    lines = [line.strip() for line in setting.wrapped(setting.ARCHIVES[:2], 13)]
    assert lines_read(setting.beside(*setting.halves(lines, 3))) == lines


def test_an_imprint_below_a_column_does_not_come_between_it_and_the_next() -> None:
    lines = setting.wrapped(setting.ARCHIVES, 16)
    page = setting.beside(*setting.halves(lines, 2)) + "责任编辑 王建国 版式 李晓明 校对 张志强\n"
    found = lines_read(page)
    assert [line for line in found if line in lines] == lines
    assert found.index("责任编辑 王建国 版式 李晓明 校对 张志强") in (0, len(found) - 1)


@pytest.mark.parametrize("text", setting.WITHOUT_COLUMNS)
def test_what_has_no_columns_is_left_alone(text: str) -> None:
    assert not readings(text)
    assert not readings(text * 20)


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem)
def test_pages_without_gutters_are_left_alone(path: Path) -> None:
    assert not readings(path.read_text("utf-8"))


@settings(deadline=None, max_examples=40)
@given(
    st.permutations([setting.FLAG, setting.ARCHIVES, setting.SURVEY]),
    st.lists(st.integers(11, 24), min_size=2, max_size=3),
    st.integers(2, 8),
)
def test_most_lines_of_any_columns_follow_their_own(
    laws: list[tuple[str, ...]], measures: list[int], gutter: int
) -> None:
    columns = [setting.wrapped(law, measure) for law, measure in zip(laws, measures, strict=False)]
    found = lines_read(setting.beside(*columns, gutter=gutter))
    pairs = {pair for column in columns for pair in pairwise(column)}
    assert len(pairs & set(pairwise(found))) >= 0.95 * len(pairs)


@settings(deadline=None, max_examples=100)
@given(st.text(alphabet=" \t\n　国旗档案，。（）0123456789abc", max_size=400))
def test_any_text_is_read_whole(text: str) -> None:
    for reading in readings(text):
        assert "".join(sorted("".join(text[piece.start : piece.end] for piece in reading.pieces)).split()) == "".join(
            sorted(text[reading.start : reading.end])
        ).replace(" ", "").translate({ord(space): None for space in "\t\n　"})


@pytest.mark.parametrize(
    "text",
    [" " * 3_000_000, "国  " * 300_000, "国  旗\n" * 60_000, setting.NAMES * 500, ("国" * 20 + "    ") * 20_000],
    ids=["spaces", "one line", "short lines", "names", "one line of cells"],
)
def test_hostile_text_takes_no_longer_than_its_length(text: str) -> None:
    begin = perf_counter()
    readings(text)
    assert perf_counter() - begin < 10
