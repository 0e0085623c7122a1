"""A headline of several lines that was read without a title gets one; a kicker alone is one where another stands."""

from __future__ import annotations

import numpy as np
import pytest

from cleanup import markers, rulebook
from cleanup.assembly.headlines import find_headlines
from cleanup.assembly.passages import find_passages
from cleanup.assembly.roles import LABEL, LABELS
from cleanup.assembly.untitled import with_titles
from cleanup.document import Draft
from cleanup.language import ngrams

TABLES = rulebook.load().tables


def titled(*lines: tuple[str, str]) -> list[str]:
    draft = Draft("\n".join(text for _, text in lines) + "\n")
    passages = find_passages(draft, markers.load(), ngrams.load(), TABLES)
    labels = np.array([LABEL[name] for name, _ in lines])
    return [LABELS[label] for label in with_titles(labels, find_headlines(labels), passages)]


@pytest.mark.parametrize(
    ("lines", "names"),
    [
        ([("kicker", "铁腕治污"), ("half", "古镇新颜")], ["title", "half"]),
        (
            [("kicker", "铁腕治污"), ("half", "古镇新颜"), ("subtitle", "——写在旱情缓解之后"), ("byline", "李 平")],
            ["title", "half", "subtitle", "byline"],
        ),
        (
            [("kicker", "学习贯彻全会精神"), ("half", "深入基层一线"), ("subtitle", "清河县打井引水抗旱保玉米")],
            ["kicker", "half", "title"],
        ),
        ([("kicker", "凡例")], ["title"]),
        ([("kicker", "凡例"), ("kicker", "凡例")], ["kicker", "title"]),
        ([("kicker", "清河县气象局"), ("byline", "李 平")], ["title", "byline"]),
        (
            [("kicker", "清河县气象局"), ("paragraph", "今年雨水偏少。"), ("title", "清河县抗旱保苗")],
            ["kicker", "paragraph", "title"],
        ),
        ([("kicker", "铁腕治污"), ("half", "古镇新颜"), ("title", "清河县抗旱保苗")], ["kicker", "half", "title"]),
    ],
)
def test_what_is_a_title_when_none_was_read(lines: list[tuple[str, str]], names: list[str]) -> None:
    assert titled(*lines) == names
