"""What stands on a page is told by its looks, and what is about the same by its rare words."""

from __future__ import annotations

import numpy as np
import pytest

from cleanup import rulebook
from cleanup.document import Draft
from cleanup.language import ngrams
from cleanup.layout import gutters
from cleanup.layout.cells import lay_out, measure_cells
from cleanup.layout.kinship import kinship
from cleanup.layout.looks import TOLD, load_looks, scores
from tests import setting


def looks_of(page: str) -> dict[str, str]:
    """What each run of the one stretch of columns of a page looks like, by its first line."""
    (stretch,) = gutters.take_apart(lay_out(Draft(page), ngrams.load(), rulebook.load().limits))
    found = scores(stretch.described, load_looks(gutters.WEIGHTS)).argmax(axis=1)
    cells = stretch.cells
    return {
        page[cells.starts[run[0]] : cells.ends[run[0]]]: TOLD[look]
        for run, look in zip(stretch.runs, found, strict=True)
    }


@pytest.mark.parametrize(
    ("line", "look"),
    [
        ("责任编辑 王建国 版式 李晓明 校对 张志强", "imprint"),
        ("本报记者 王建国 李晓明", "byline"),
        ("□ 王建国 李晓明", "byline"),
        ("国旗怎样升起来", "label"),
    ],
)
def test_a_line_over_columns_shows_what_it_is(line: str, look: str) -> None:
    columns = setting.halves(setting.wrapped(setting.ARCHIVES, 18), 2)
    found = looks_of(f"{line:^32}".rstrip() + "\n" + setting.beside(*columns))
    assert found[line] == look
    assert "text" in found.values()


def test_the_rare_words_of_a_text_tell_it_from_another() -> None:
    texts = ["".join(law) for law in (setting.FLAG, setting.SURVEY)]
    parts = [part for text in texts for part in (text[: len(text) // 2], text[len(text) // 2 :])]
    sheet = lay_out(Draft("\n".join(parts)), ngrams.load(), rulebook.load().limits)
    cells = measure_cells(sheet)
    alike = kinship(sheet, cells, [[number] for number in range(len(parts))])
    assert np.allclose(alike, alike.T)
    np.fill_diagonal(alike, -1.0)
    assert alike.argmax(axis=1).tolist() == [1, 0, 3, 2]


def test_what_has_no_rare_words_is_akin_to_nothing() -> None:
    sheet = lay_out(Draft("1234  5678\nabcd  efgh"), ngrams.load(), rulebook.load().limits)
    cells = measure_cells(sheet)
    assert not kinship(sheet, cells, [[number] for number in range(len(cells))]).any()
