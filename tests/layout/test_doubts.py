"""Line ends in doubt: the sentence decides where the layout could not, and what was clear stays as it was."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleanup.document import Draft
from cleanup.language import ngrams
from cleanup.layout.doubts import hear_again
from cleanup.layout.lines import measure_lines


def heard(text: str, probability: list[float]) -> list[float]:
    draft = Draft(text)
    return hear_again(draft, measure_lines(draft), np.array(probability), ngrams.load())[0].tolist()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("全国人大常委会副委员长率代表团访问了越南、老挝和", "柬埔寨三国，同各国领导人进行了友好会谈。"),
        ("会议要求，各级党委要切实加强对农村工作的", "领导，把增加农民收入作为中心任务来抓。"),
    ],
)
def test_a_sentence_that_runs_on_is_joined(before: str, after: str) -> None:
    assert heard(f"{before}\n{after}", [0.5])[0] < 0.5


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("我市召开农村工作会议", "本报讯（记者李明）昨日，全市农村工作会议在市委礼堂召开。"),
        ("国务院总理会见美国客人", "新华社北京1月3日电 国务院总理今天下午在中南海会见了美国客人。"),
    ],
)
def test_a_headline_stays_apart_from_what_it_heads(before: str, after: str) -> None:
    assert heard(f"{before}\n{after}", [0.5])[0] > 0.5


@given(st.lists(st.text(min_size=1).filter(str.strip), min_size=2, max_size=6), st.data())
def test_what_was_clear_stays_and_any_text_is_heard(contents: list[str], data: st.DataObject) -> None:
    text = "\n".join("".join(content.split()) for content in contents)
    count = len(measure_lines(Draft(text)))
    chances = st.floats(min_value=0.0, max_value=1.0)
    probability = data.draw(st.lists(chances, min_size=max(count - 1, 0), max_size=max(count - 1, 0)))
    found = heard(text, probability)
    assert all(0.0 <= now <= 1.0 for now in found)
    assert all(now == was for now, was in zip(found, probability, strict=True) if not 0.001 < was < 0.999)
