"""What two passages would spell across a gap, looked for in the passages of the page."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cleanup import markers, rulebook
from cleanup.assembly.passages import Passages, find_passages
from cleanup.assembly.spelled import LONGEST, spelled_elsewhere
from cleanup.document import Draft
from cleanup.language import ngrams

TABLES = rulebook.load().tables


def passages_of(lines: list[str]) -> Passages:
    return find_passages(Draft("\n\n".join(lines) + "\n"), markers.load(), ngrams.load(), TABLES)


def spelled(lines: list[str], left: int, right: int) -> int:
    return int(spelled_elsewhere(passages_of(lines), np.array([left]), np.array([right]))[0])


def test_a_name_cut_in_two_is_found_where_it_stands_whole() -> None:
    lines = ["金长城电脑的用户能够上网学习。", "学校利用因特网技术和金", "长城的网络功能实施教育。", "家长们十分满意。"]
    assert spelled(lines, 1, 2) == 3  # 金长城; 和金长城 stands nowhere
    assert spelled(lines, 1, 3) == 0


def test_what_only_stands_across_line_ends_is_not_found() -> None:
    assert spelled(["他们来自金", "长城下的村庄。", "学校里有金", "长城外的风。"], 0, 3) == 0


def test_digits_and_marks_tell_nothing() -> None:
    assert spelled(["二〇二〇年（2020）、", "20）、二"], 0, 1) == 0


@given(st.lists(st.text("金长城1，。", min_size=1, max_size=6), min_size=2, max_size=5))
def test_it_finds_what_searching_finds(lines: list[str]) -> None:
    passages = passages_of(lines)
    texts = ["".join(text.split()) for text in passages.texts]
    pairs = [(a, b) for a in range(len(texts)) for b in range(len(texts)) if a != b]
    if not pairs or sum(map(len, texts)) < LONGEST:
        return
    left, right = np.array(pairs).T

    def longest(tail: str, head: str) -> int:
        for size in range(2, LONGEST + 1):
            cuts = [tail[-before:] + head[: size - before] for before in range(1, size)]
            if not any(len(c) == size and set(c) <= set("金长城") and any(c in t for t in texts) for c in cuts):
                return size - 1 if size > 2 else 0
        return LONGEST

    found = spelled_elsewhere(passages, left, right).tolist()
    assert found == [longest(texts[a], texts[b]) for a, b in pairs]
