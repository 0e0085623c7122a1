"""The language model's evidence at line ends is what the model itself says of the same characters."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from cleanup.document import Draft
from cleanup.language import ngrams
from cleanup.layout.lines import measure_lines
from cleanup.layout.runs import contexts, evidence

MODEL = ngrams.load()


@settings(max_examples=50, deadline=None)
@given(st.text("疫情防控，。1a \n", min_size=3, max_size=80))
def test_evidence_adds_up_to_the_model_s_own_log_odds(text: str) -> None:
    draft = Draft(text)
    lines = measure_lines(draft)
    if len(lines) < 2:
        return
    left, right = contexts(draft, lines, MODEL)
    said = evidence(draft, lines, MODEL)
    expected = MODEL.continuation(left, right)
    assert np.allclose(said.bond - said.opening - said.ending, expected, atol=1e-3)


def test_white_space_is_left_out() -> None:
    spaced, solid = Draft("灵 石 县 委\n发 布 通 告"), Draft("灵石县委\n发布通告")
    for one, other in zip(
        contexts(spaced, measure_lines(spaced), MODEL), contexts(solid, measure_lines(solid), MODEL), strict=True
    ):
        assert one.tolist() == other.tolist()


def test_a_parted_word_holds_together() -> None:
    draft = Draft("新冠肺炎疫\n情防控工作。\n本报讯今年")
    bond = evidence(draft, measure_lines(draft), MODEL).bond
    assert bond[0] > bond[1]
