"""Models for learning have not read what they judge: each passage is heard by the one trained without its fold."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cleanup.document import Draft
from cleanup.language.corpus import fold_of, held_out
from cleanup.layout.lines import measure_lines
from cleanup.layout.runs import evidence
from cleanup.layout.unread import FOLDS, Unread, train_unread

ARTICLES = [
    (f"第{number}号通告", [f"{word}村的路修好了，村民出行方便了。", f"{word}村的灯也亮了，老人们都很高兴。"])
    for number, word in enumerate("东西南北中上下左右前后里外高低大小新旧")
    if not held_out(f"第{number}号通告")
]


@pytest.fixture(scope="module")
def unread(tmp_path_factory: pytest.TempPathFactory) -> Unread:
    corpus = tmp_path_factory.mktemp("corpus") / "village.jsonl"
    lines = [json.dumps({"title": title, "paragraphs": body}) + "\n" for title, body in ARTICLES]
    corpus.write_text("".join(lines * 3), "utf-8")  # what is read twice or less is forgotten
    return train_unread([Path(corpus)], {})


def test_every_line_end_is_judged_by_the_model_that_never_read_it(unread: Unread) -> None:
    assert len(unread.models) == FOLDS
    for title, body in ARTICLES:
        draft = Draft("\n".join(body))
        lines = measure_lines(draft)
        gold = {"articles": [{"blocks": [{"text": text, "lines": [row]} for row, text in enumerate(body)]}]}
        heard = unread.hear(draft, lines, [0, 1], gold)
        expected = evidence(draft, lines, unread.models[fold_of(title, FOLDS)])
        assert heard.bond.tolist() == expected.bond.tolist()
        assert heard.ending.tolist() == expected.ending.tolist()


def test_a_passage_nobody_knows_goes_with_its_article(unread: Unread) -> None:
    title, body = ARTICLES[0]
    blocks = [{"text": text, "lines": [row]} for row, text in enumerate([*body, "从未见过的一段。"])]
    assert unread._of_lines([0, 1, 2], {"articles": [{"blocks": blocks}]}).tolist() == [fold_of(title, FOLDS)] * 3
