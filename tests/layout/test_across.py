"""Joins across a wide gap: the sentence decides whether the text runs on; where gaps are as usual nothing changes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleanup.document import Draft
from cleanup.language import ngrams
from cleanup.layout.doubts import IN_DOUBT, hear_again
from cleanup.layout.lines import measure_lines

LEAD = ("全国人大常委会副委员长率代表团访问了越南、", "老挝和柬埔寨三国，同各国领导人进行了友好会")
JOINED = 0.1  # what the chain says where a full line ends open


def drafted(lines: list[str], gaps: list[int]) -> Draft:
    return Draft("".join(line + "\n" * (gap + 1) for line, gap in zip(lines, [*gaps, 0], strict=True)))


def heard(draft: Draft, probability: list[float]) -> list[float]:
    return hear_again(draft, measure_lines(draft), np.array(probability), ngrams.load())[0].tolist()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("会议要求，各级党委要切实加强对农村工作的", "领导，把增加农民收入作为中心任务来抓。"),
        ("这个县把推广优良品种、科学种田作为农民增", "收的重要途径，全县粮食总产量连年上升。"),
    ],
)
def test_a_sentence_that_runs_on_stays_joined(before: str, after: str) -> None:
    assert heard(drafted([*LEAD, before, after], [0, 0, 1]), [JOINED] * 3)[-1] < 0.5


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("针对近期南方出现暴雨、高温等天气，农业中", "名录。在表演形式上，舞狮有文狮和武狮之分。"),
        ("堵住国有资产流失的大洞，检察院今年先后立", "的进球数，这支球队在客场踢出了气势如虹的"),
    ],
)
def test_what_another_sentence_follows_after_a_gap_is_parted(before: str, after: str) -> None:
    assert heard(drafted([*LEAD, before, after], [0, 0, 1]), [JOINED] * 3)[-1] > 0.5


@given(st.lists(st.text(min_size=1).filter(str.strip), min_size=2, max_size=6), st.data())
def test_usual_gaps_and_breaks_stay_and_any_text_is_heard(contents: list[str], data: st.DataObject) -> None:
    lines = ["".join(content.split()) for content in contents]
    gaps = data.draw(st.lists(st.integers(0, 3), min_size=len(lines) - 1, max_size=len(lines) - 1))
    draft = drafted(lines, gaps)
    between = measure_lines(draft).gap[1:]
    chances = st.floats(min_value=0.0, max_value=1.0)
    probability = data.draw(st.lists(chances, min_size=len(between), max_size=len(between)))
    found = heard(draft, probability)
    assert all(0.0 <= now <= 1.0 for now in found)
    for now, was, gap in zip(found, probability, between.tolist(), strict=True):
        undecided = 0 < was < 1 and abs(np.log(was / (1 - was))) < IN_DOUBT
        assert now == was or undecided or (gap > sorted(between.tolist())[(len(between) - 1) // 2] and was < 0.7)
