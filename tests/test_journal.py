"""document.json: the external contract, and the way back from it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cleanup
from cleanup.document import Article, Block
from cleanup.journal import JournalError, file_name
from tests.conftest import PAGE

TITLE = st.text(max_size=120)


def test_document_json_keeps_to_the_contract() -> None:
    tree = json.loads(cleanup.clean(PAGE.encode(), "a.txt").to_json())
    assert tree["schema"] == 1
    assert {"name", "sha256", "encoding", "bytes"} <= set(tree["source"])
    assert tree["source"]["bytes"] == len(PAGE.encode())
    article = tree["articles"][0]
    assert {"file", "title", "flags", "blocks"} <= set(article)
    assert article["file"] == "01-防控一线见真情.txt"
    for block in article["blocks"]:
        assert {"role", "text", "source", "confidence"} <= set(block)
        assert all(0 <= start < end <= len(PAGE) for start, end in block["source"])
    assert isinstance(tree["dropped"], list) and isinstance(tree["suspects"], list) and isinstance(tree["layers"], list)


def test_source_spans_count_code_points_of_the_decoded_source() -> None:
    document = cleanup.clean(PAGE.encode("utf-16"), "a.txt")
    title = document.articles[0].blocks[0]
    assert "".join(document.original[start:end] for start, end in title.source) == title.text


def test_a_document_read_back_is_the_document() -> None:
    document = cleanup.clean(PAGE.encode("gb18030"), "a.txt")
    again = cleanup.Document.from_json(document.to_json())
    assert again.text == document.text and again.original == document.original and again.source == document.source
    for there, here in zip(again.articles, document.articles, strict=True):
        assert [(b.role, b.text, b.source) for b in there.blocks] == [(b.role, b.text, b.source) for b in here.blocks]
    assert again.to_json() == document.to_json()


@pytest.mark.parametrize("data", [b"", b"[]", b'{"schema": 99}', b'{"schema": 1}', b'{"schema": 1, "source": 3}'])
def test_what_is_no_document_is_refused(data: bytes) -> None:
    with pytest.raises(JournalError):
        cleanup.Document.from_json(data)


def test_a_changed_text_does_not_pass_for_the_source() -> None:
    data = cleanup.clean(PAGE.encode(), "a.txt").to_json()
    with pytest.raises(JournalError, match="does not lead back"):
        cleanup.undo(cleanup.Document.from_json(data.replace("静态".encode(), "动态".encode())))


@given(TITLE, st.integers(1, 999))
@settings(max_examples=200)
def test_a_headline_makes_a_safe_file_name(title: str, number: int) -> None:
    name = file_name(Article((Block("title", title),)), f"{number:02d}")
    data = name.encode("utf-8")
    assert len(data) <= 120
    assert name.endswith(".txt") and not name.startswith(".")
    assert not set(name) & set('/\\:*?"<>|') and name.isprintable()
    assert name.removesuffix(".txt").rstrip(". ") == name.removesuffix(".txt")
