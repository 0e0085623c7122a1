"""Bytes become text and bytes again: every encoding a Chinese file comes in, damaged or mixed, short or long."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cleanup
from cleanup.decode import decode, encode
from cleanup.document import Document

SIMPLIFIED = "中华人民共和国的一切权力属于人民。\n人民行使国家权力的机关是全国人民代表大会。\n"
TRADITIONAL = "中華人民共和國的一切權力屬於人民。\n人民行使國家權力的機關是全國人民代表大會。\n"
CANTONESE = "我哋喺香港食嘢，佢哋係咁話嘅。\n"
EVERYWHERE = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "gb18030")


def read(raw: bytes) -> str:
    """Decode, and hold the law that the bytes come back."""
    text, source = decode(raw)
    assert encode(text, source) == raw
    return text


@given(st.binary(max_size=400))
def test_any_bytes_come_back(raw: bytes) -> None:
    read(raw)


@given(
    st.lists(st.tuples(st.sampled_from([SIMPLIFIED, TRADITIONAL, "abc\n", "一\n"]), st.sampled_from(EVERYWHERE))),
    st.binary(max_size=5),
)
def test_any_mixture_comes_back(pieces: list[tuple[str, str]], rest: bytes) -> None:
    read(b"".join(text.encode(encoding) for text, encoding in pieces) + rest)


@given(st.text())
def test_any_text_comes_back_as_utf8(text: str) -> None:
    assert decode(text)[0] == text
    assert read(text.encode("utf-8", "surrogatepass")) is not None


@pytest.mark.parametrize("text", [SIMPLIFIED, TRADITIONAL], ids=["simplified", "traditional"])
@pytest.mark.parametrize("encoding", EVERYWHERE)
def test_encodings_of_both_scripts(text: str, encoding: str) -> None:
    assert read(text.encode(encoding)) == text


@pytest.mark.parametrize(
    ("text", "encoding"), [(TRADITIONAL, "big5"), (TRADITIONAL, "cp950"), (CANTONESE, "big5hkscs")]
)
def test_big5_and_its_extensions(text: str, encoding: str) -> None:
    raw = text.encode(encoding)
    assert read(raw) == text
    assert decode(raw)[1].encoding.startswith("big5")


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16-le", "utf-16-be"])
def test_a_short_line_suffices(encoding: str) -> None:
    assert read("县医院的志愿者".encode(encoding)) == "县医院的志愿者"


def test_gbk_that_is_valid_utf8_by_chance() -> None:
    assert read("联通".encode("gbk")) == "联通"


@pytest.mark.parametrize("text", ["café", "Привет, как дела?", "naïve – façade", "日本語の文章です。", "한국어"])
def test_utf8_of_other_languages_stays_utf8(text: str) -> None:
    assert read(text.encode()) == text


@pytest.mark.parametrize(
    ("first", "second"),
    [("utf-8", "gb18030"), ("gb18030", "utf-8"), ("utf-8-sig", "gb18030"), ("gb18030", "big5"), ("big5", "utf-8")],
)
def test_a_file_that_mixes_two(first: str, second: str) -> None:
    one = TRADITIONAL if first == "big5" else SIMPLIFIED
    other = TRADITIONAL if second == "big5" else SIMPLIFIED
    raw = one.encode(first) + other.encode(second)
    assert read(raw) == one + other
    assert [part.length for part in decode(raw)[1].parts] == [len(one), len(other)]


def test_lines_of_two_encodings_in_turn() -> None:
    lines = SIMPLIFIED.splitlines(keepends=True) * 3
    raw = b"".join(line.encode(("utf-8", "gb18030")[number % 2]) for number, line in enumerate(lines))
    assert read(raw) == "".join(lines)


def test_a_mixed_file_comes_back_through_its_journal() -> None:
    raw = SIMPLIFIED.encode() + SIMPLIFIED.encode("gb18030")
    document = Document.from_json(cleanup.clean(raw).to_json())
    assert document.undo() == raw


@pytest.mark.parametrize("missing", [1, 2])
def test_utf8_that_breaks_off_in_a_character(missing: int) -> None:
    text = read("全国人民代表大会".encode()[:-missing])
    assert text.startswith("全国人民代表大")
    assert len(text) == len("全国人民代表大") + 3 - missing


def test_utf16_with_an_odd_byte() -> None:
    assert read("全国人民".encode("utf-16")[:-1]).startswith("全国人")


def test_gb18030_that_breaks_off_in_a_character() -> None:
    assert read("全国人民代表大会常务委员会".encode("gb18030")[:-1]).startswith("全国人民代表大会常务委员")


@pytest.mark.parametrize("raw", [b"", b"\n", b"2022-10-29 06:00", b"plain text\r\n"])
def test_ascii_is_utf8(raw: bytes) -> None:
    assert read(raw) == raw.decode("ascii")
    assert decode(raw)[1].encoding == "utf-8"


def test_what_fits_nothing_is_kept_byte_by_byte() -> None:
    raw = bytes(range(256))
    text, source = decode(raw)
    assert source.errors == "surrogateescape"
    assert encode(text, source) == raw


def test_a_close_guess_says_so() -> None:
    sure = decode(SIMPLIFIED.encode("gb18030"))[1].confidence
    assert sure > 0.99
    assert decode("é".encode())[1].confidence < sure


@pytest.mark.parametrize("unit", [b"\x00", b"\xff", b"a", b"\xb0", b"\xb0\xa1", b"\x81", b"\xc2\x80"])
def test_long_runs_of_anything_are_read_in_linear_time(unit: bytes) -> None:
    read(unit * (2_000_000 // len(unit)))
