"""The columns stage moves stretches and sets white space; nothing else changes, and all of it can be undone."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cleanup
from cleanup import rulebook
from cleanup.document import Draft
from cleanup.edits import Order
from cleanup.options import Options
from cleanup.stages import columns
from tests import setting

TWO = setting.beside(*setting.halves(setting.wrapped(setting.ARCHIVES, 16), 2))
TURNS = setting.in_turn(setting.wrapped(setting.FLAG, 16), setting.wrapped(setting.ARCHIVES, 14))


def changed(text: str, options: Options | None = None) -> str:
    proposal = columns.propose(Draft(text), rulebook.load(), options or Options())
    moved = proposal.order.apply(text) if proposal.order else text
    layer, lost = proposal.edits.settle(moved, "columns")
    assert not lost
    after = layer.apply(moved)
    back = layer.undo(after)
    assert (proposal.order.undo(back) if proposal.order else back) == text
    return after


def test_side_by_side_becomes_a_column_of_lines() -> None:
    assert changed(TWO) == "\n".join(setting.wrapped(setting.ARCHIVES, 16)) + "\n"


def test_an_empty_line_parts_texts_that_do_not_run_on() -> None:
    one, other = setting.wrapped(setting.FLAG, 16), setting.wrapped(setting.SURVEY, 16)
    assert changed(setting.beside(one, other)) == "\n".join([*one, "", *other]) + "\n"


def test_lines_in_turn_become_columns() -> None:
    one, other = setting.wrapped(setting.FLAG, 16), setting.wrapped(setting.ARCHIVES, 14)
    assert changed(TURNS) == "\n".join(line.strip() for line in [*one, "", *other]) + "\n"


def test_markdown_with_code_has_no_columns() -> None:
    text = "```\n" + TURNS + "```\n"
    assert changed(text) == text


def test_what_stands_around_columns_stays() -> None:
    before, after = "  第一章  总则\n\n\n\n\n", "\n\n\n\n\n  附则  自公布之日起施行。\n"
    text = changed(before + TWO + after)
    assert text.startswith(before)
    assert text.endswith(after)


@pytest.mark.parametrize("text", [TWO, TURNS])
def test_a_second_reading_changes_nothing(text: str) -> None:
    once = changed(text)
    assert changed(once) == once


@pytest.mark.parametrize(("rule", "text"), [("column-gutter", TWO), ("column-thread", TURNS)])
def test_a_rule_that_is_off_does_nothing(rule: str, text: str) -> None:
    assert changed(text, Options(off=frozenset({rule}))) == text


@pytest.mark.parametrize("text", setting.WITHOUT_COLUMNS)
def test_no_columns_no_change(text: str) -> None:
    assert changed(text) == text


@settings(deadline=None, max_examples=60)
@given(st.text(alphabet=" \t\n　国旗档案测绘法，。（）0123abc\ud800", max_size=500))
def test_only_white_space_changes(text: str) -> None:
    assert Counter(changed(text)) - Counter(" \n\t　") == Counter(changed(text)) - Counter(" \n\t　")
    assert Counter("".join(changed(text).split())) == Counter("".join(text.split()))


@settings(deadline=None, max_examples=40)
@given(st.integers(8, 24), st.integers(2, 4), st.integers(1, 6), st.integers(0, 400))
def test_every_column_page_comes_back(measure: int, count: int, gutter: int, at: int) -> None:
    lines = setting.wrapped(setting.FLAG + setting.SURVEY, measure)
    page = setting.beside(*setting.halves(lines, count), gutter=gutter)
    damaged = page[:at] + page[at + 7 :]
    assert Counter("".join(changed(damaged).split())) == Counter("".join(damaged.split()))


def test_a_cleaning_of_columns_can_be_undone() -> None:
    document = cleanup.clean(TWO)
    assert document.undo().decode() == TWO
    assert any(isinstance(layer, Order) and layer.stage == "columns" for layer in document.layers)
    assert "".join(block.text for block in document.articles[0].blocks) == "".join(setting.ARCHIVES)
