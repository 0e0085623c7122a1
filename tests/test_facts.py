"""Every fact of rules/ is told by its own examples and by nothing it says it keeps; metadata never guesses."""

from __future__ import annotations

from pathlib import Path

import pytest

from cleanup import facts
from cleanup.document import CleanupError, Document
from cleanup.options import Options
from cleanup.pipeline import Pipeline


@pytest.mark.parametrize("fact", facts.load(), ids=lambda fact: fact.id)
def test_a_fact_knows_its_examples(fact: facts.Fact) -> None:
    assert fact.examples
    assert fact.keeps
    assert [(line, facts.values(fact, line)) for line, _ in fact.examples] == [(e, [v]) for e, v in fact.examples]
    assert [line for line in fact.keeps if facts.values(fact, line)] == []


def test_a_number_by_itself_is_a_page_only_beside_a_date() -> None:
    assert facts.told(["7"], facts.load()) == {}
    assert facts.told(["7", "第3版", "2018年5月19日"], facts.load())["page"] == "3"


def test_two_dates_tell_none_and_two_pages_tell_both() -> None:
    lines = ["2018年5月19日 第1版", "2018年5月20日 第2版"]
    assert facts.told(lines, facts.load()) == {"page": "1、2"}


def test_a_fact_without_a_key_is_named(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text('[[fact]]\nid = "x"\nfind = "y"\n', "utf-8")
    with pytest.raises(CleanupError, match="fact x: no key"):
        facts.load(tmp_path)


FRAME = Path(__file__).resolve().parent.parent / "fixtures" / "page-with-its-frame" / "input.txt"
TOLD = {
    "date": "2018-05-19",
    "page": "2",
    "paper": "清源日报",
    "editor": "周元",
    "layout": "靳俊",
    "proofreader": "蔡震",
}


@pytest.mark.parametrize("keep", [False, True])
def test_the_frame_of_a_page_becomes_metadata_whether_it_is_kept_or_not(keep: bool) -> None:
    document = Pipeline(Options(keep_furniture=keep)).clean(FRAME.read_bytes())
    assert document.metadata == TOLD
    assert Document.from_json(document.to_json()).metadata == TOLD
    assert ("清源日报" in document.text) == keep


def test_what_articles_say_of_dates_and_pages_is_no_metadata() -> None:
    text = "清河县打井引水抗旱保玉米\n\n清源日报2018年5月19日第2版报道，入夏以来，清河县持续高温少雨。\n"
    assert Pipeline().clean(text).metadata == {}
