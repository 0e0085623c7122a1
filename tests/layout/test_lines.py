"""The lines of a text are measured as one would by hand."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from cleanup.document import Draft
from cleanup.layout.lines import SPACES, TAB, measure_lines

TEXTS = st.text(st.sampled_from("文，“1a \t\u3000\n\n\f\r\u200b😀") | st.characters(), max_size=60)


def columns(text: str) -> int:
    """Count half ems, character by character."""
    total = 0
    for character in text:
        if character == "\t":
            total += TAB
        elif unicodedata.combining(character) or character < " ":
            total += 0
        else:
            total += 2 if unicodedata.east_asian_width(character) in "WFA" else 1
    return total


@given(TEXTS)
def test_starts_ends_and_gaps(text: str) -> None:
    lines = measure_lines(Draft(text))
    expected, blank, at = [], 0, 0
    for raw in text.split("\n"):
        kept = raw.strip(SPACES + "\r")
        if kept:
            start = at + len(raw) - len(raw.lstrip(SPACES + "\r"))
            expected.append((start, start + len(kept), blank))
            blank = -1
        blank += 1
        at += len(raw) + 1
    assert list(zip(lines.starts.tolist(), lines.ends.tolist(), lines.gap.tolist(), strict=True)) == expected


@given(st.text("文，“1a \t\u3000\n", max_size=60))
def test_widths_and_indents(text: str) -> None:
    lines = measure_lines(Draft(text))
    for row in range(len(lines)):
        start, end = int(lines.starts[row]), int(lines.ends[row])
        begin = text.rfind("\n", 0, start) + 1
        assert lines.width[row] == columns(text[start:end])
        assert lines.indent[row] == columns(text[begin:start])


def test_a_form_feed_marks_the_line_after_it() -> None:
    lines = measure_lines(Draft("甲\n乙\n\f\n丙\n\f丁\n"))
    assert lines.page.tolist() == [False, False, True, True]


def test_digits_widened_after_printing_are_measured_as_they_were_printed() -> None:
    printed = "现初筛阳性人员十余\n10月29日6时实行静态\n11月3日0时有序放开\n114个小时就取得胜利"
    widened = printed.translate({ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789"})
    assert measure_lines(Draft(widened)).width.tolist() == measure_lines(Draft(printed)).width.tolist()


def test_digits_printed_wide_are_measured_wide() -> None:
    assert measure_lines(Draft("现有１１４９名\n党员干部一起\n去了那里了呢")).width.tolist() == [14, 12, 12]
