"""Learning: the gradient is the loss's own, and truth is read from gold as it is written there."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import check_grad

from cleanup.document import Draft
from cleanup.language import ngrams
from cleanup.layout.facets import ENDINGS, LINES
from cleanup.layout.learn import IGNORED, Chains, Page, truth_of
from cleanup.layout.lines import measure_lines
from cleanup.layout.witnesses import gather

TEXT = "守一座城\n护一方人\n　　灵石县发现初筛阳性人员，实行临时性全\n域静态管理。\n7\n　　暂停是为了更好地前行。\n"
GOLD = {
    "furniture": ["7"],
    "articles": [
        {
            "blocks": [
                {"role": "title", "text": "守一座城 护一方人", "lines": [0, 1]},
                {"role": "paragraph", "text": "灵石县发现初筛阳性人员，实行临时性全域静态管理。", "lines": [2, 3]},
                {"role": "paragraph", "text": "暂停是为了更好地前行。", "lines": [5]},
            ]
        }
    ],
}


def truth(text: str, gold: dict[str, object]) -> list[int]:
    lines = measure_lines(Draft(text))
    return truth_of(text, lines.starts.tolist(), lines.ends.tolist(), gold).tolist()


def test_truth_joins_a_paragraph_and_parts_the_halves_of_a_headline() -> None:
    assert truth(TEXT, GOLD) == [1, 1, 0, 1, 1]


def test_truth_joins_a_headline_cut_inside_a_word() -> None:
    cut = TEXT.replace("守一座城\n护一方人", "守一座\n城护一方人")
    assert truth(cut, GOLD)[0] == 0


def test_ends_beside_a_line_nobody_owns_are_undecided() -> None:
    assert truth(TEXT, GOLD | {"furniture": []}) == [1, 1, 0, IGNORED, IGNORED]


def test_the_gradient_is_that_of_the_loss() -> None:
    draft = Draft(TEXT)
    witnesses = gather(draft, measure_lines(draft), ngrams.load())
    chains = Chains(
        [Page("page", witnesses, np.array(found, dtype=np.int8)) for found in ([1, 1, 0, 1, 1], [1, 0, 0, -1, 1])]
    )
    used = np.unique(np.concatenate([witnesses.lines.ravel() * 4 + state for state in range(4)]))
    rng = np.random.default_rng(1)
    start = np.zeros(LINES.size * 4 + ENDINGS.size)

    def loss(some: np.ndarray) -> float:
        start[used] = some
        return chains.loss(start, 1e-3)[0]

    def gradient(some: np.ndarray) -> np.ndarray:
        start[used] = some
        return chains.loss(start, 1e-3)[1][used]

    assert check_grad(loss, gradient, rng.normal(size=len(used))) == pytest.approx(0, abs=1e-4)
