"""Every role marker fires on its own examples and keeps quiet on what it says it keeps."""

from __future__ import annotations

import pytest

from cleanup import markers


@pytest.mark.parametrize("marker", markers.load(), ids=lambda marker: marker.id)
def test_a_marker_knows_its_examples(marker: markers.Marker) -> None:
    assert marker.examples
    assert marker.keeps
    assert [e for e in marker.examples if marker.find.fullmatch(e) is None] == []
    assert [k for k in marker.keeps if marker.find.fullmatch(k) is not None] == []


def beyond_doubt(text: str) -> str | None:
    """The role of a line that is what it says whatever stands around it: that of the first marker it fits."""
    first = next((marker for marker in markers.load() if marker.find.fullmatch(text)), None)
    return first.role if first and first.alone and first.alone.search(text) else None


@pytest.mark.parametrize(
    "line",
    [
        "□ 李晶晶",
        "□董振晓秦锦晨",
        "文/ 张志善 徐晓梅",
        "作者：仇宝祁德辉",
        "本报记者 吴山壮 孙振",
        "记者林晓何志平",
        "本报记者宋兴通讯员万山霞",
    ],
)
def test_names_behind_their_mark_are_a_byline_wherever_they_stand(line: str) -> None:
    assert beyond_doubt(line) == "byline"


@pytest.mark.parametrize(
    "line", ["□ 加强领导", "● 基本情况", "● 江苏", "作者：有关部门", "本报记者 走访基层", "张广瑞"]
)
def test_other_words_behind_the_mark_of_a_byline_are_weighed(line: str) -> None:
    assert beyond_doubt(line) is None
