"""How runs go on in each other is read over all their cells, wherever these stand."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from cleanup import rulebook
from cleanup.document import Draft
from cleanup.language import ngrams
from cleanup.layout.cells import Cells, Sheet, lay_out, measure_cells
from cleanup.layout.onward import Onward, read_onward
from tests import setting

LAWS = (setting.FLAG, setting.ARCHIVES, setting.SURVEY)


def sheet_of(text: str) -> tuple[Sheet, Cells]:
    sheet = lay_out(Draft(text), ngrams.load(), rulebook.load().limits)
    return sheet, measure_cells(sheet)


def onward_of(text: str, runs: list[list[int]]) -> Onward:
    sheet, cells = sheet_of(text)
    return read_onward(sheet, cells, runs)


@given(st.permutations(LAWS), st.integers(12, 20), st.integers(0, 6))
@settings(deadline=None, max_examples=20)
def test_what_stands_between_the_cells_of_a_run_is_not_read(
    laws: list[tuple[str, ...]], measure: int, gap: int
) -> None:
    one, other = (setting.wrapped(law, measure, indent="")[:8] for law in laws[:2])
    apart = onward_of("\n".join([*one, *other]), [list(range(8)), list(range(8, 16))])
    page = setting.beside(one, other, gutter=2 + gap).replace("　", "")
    beside = onward_of(page, [list(range(0, 16, 2)), list(range(1, 16, 2))])
    for name in Onward.__slots__:
        np.testing.assert_allclose(getattr(apart, name), getattr(beside, name), rtol=1e-4, atol=1e-4)


def test_a_sentence_cut_anywhere_is_found_again_among_others() -> None:
    """The last cells are so short that only those before them tell what they belong to."""
    heads, tails = [], []
    for paragraph in (paragraph.replace(" ", "") for law in LAWS for paragraph in law if len(paragraph) > 46):
        cut = len(paragraph) // 2
        heads.append([paragraph[cut - 22 : cut - 2], paragraph[cut - 2 : cut]])
        tails.append([paragraph[cut : cut + 2], paragraph[cut + 2 : cut + 22]])
    passages = heads + tails
    runs = [[2 * number, 2 * number + 1] for number in range(len(passages))]
    onward = onward_of("\n".join(cell for passage in passages for cell in passage), runs)
    count = len(heads)
    chosen = onward.runs_on[:count, count:].argmax(axis=1)
    assert (chosen == np.arange(count)).mean() >= 0.6  # chance finds one in eleven


def test_a_whole_paragraph_is_less_torn_than_a_piece_of_one() -> None:
    paragraph = setting.SURVEY[1]
    onward = onward_of("\n".join([paragraph, paragraph[9:40]]), [[0], [1]])
    assert onward.torn[0] < onward.torn[1]
    assert onward.resumes[0] < onward.resumes[1]
