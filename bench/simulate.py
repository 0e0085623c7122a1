"""Breaks Chinese text into justified lines without an engine: kinsoku, compressed or hanging marks, stretched lines.

It imitates the line widths of real engines closely enough to learn from (bench/README.md gives the comparison) and
never stands in for them when results are reported.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from random import Random

OPENING = frozenset("“‘（《〈「『【〔(")
CLOSING = frozenset("，。、；：？！”’）》〉」』】〕…—·)%")
ADJUSTED = 0.05  # em; what a line may lack and still be set as it is
_FULL_MARK = frozenset("，。、；：？！“”‘’（）《》〈〉「」『』【】")
_HANGS = frozenset("，。、")
_TRIMMED = re.compile(r"(?<=[，。、；：！？“”‘’（）《》「」『』])(?=[，。、；：！？“”‘’（）《》「」『』])")
_ADJUSTED = re.compile(rf"{_TRIMMED.pattern}|(?<=[，。、；：！？”’）》」』])|(?=[“‘（《「『])")
_WORD = re.compile(r"……|——|[0-9A-Za-z][0-9A-Za-z.,:%/+&'\-]*|.", re.S)


@dataclass(frozen=True, slots=True)
class Setting:
    """How an engine sets text. Lengths in em; thresholds in em of gap above which an extractor prints a space."""

    compress: bool  # adjacent marks and marks at the line end take half an em
    hanging: bool  # a comma or full stop may hang out of the measure
    break_all: bool  # a number or Latin word may break anywhere
    autospace: float  # gap between Han and digits or Latin letters
    digit: float  # advance of a digit
    loose: float  # share of lines that end a cluster early, as total-fit breaking does
    justify: bool
    space_threshold: float
    space_before_digit: bool  # some extractors see only the gap after a digit
    letter_threshold: float
    elastic: (
        float  # share of lines set up to an em and a half over the measure by squeezing marks, as press software does
    )
    shatter: bool  # trimmed marks make the extractor end a line and start another in mid-line


def random_setting(rng: Random) -> Setting:
    """A setting drawn from what typst, Chromium and the usual extractors do.

    >>> 0.4 < random_setting(Random(7)).digit < 0.6
    True
    """
    autospace = rng.choice((0.0, 0.125, 0.125, 0.25, 0.25))
    return Setting(
        compress=rng.random() < 0.65, hanging=rng.random() < 0.08, break_all=rng.random() < 0.25, autospace=autospace,
        digit=rng.choice((0.5, 0.5, 0.54, 0.555, 0.56)), loose=rng.choice((0.0, 0.0, 0.04, 0.1)),
        justify=rng.random() < 0.92, space_threshold=rng.choice((9.0, 9.0, autospace, autospace + 0.02, 0.17)),
        space_before_digit=rng.random() < 0.5, letter_threshold=rng.choice((9.0, 0.1, 0.15, 0.2)),
        shatter=rng.random() < 0.2, elastic=rng.choice((0.0, 0.0, 0.0, 0.3)),
    )  # fmt: skip


def _advance(char: str, setting: Setting) -> float:
    if char.isdigit() and char.isascii():
        return setting.digit
    if not char.isascii():
        return 1.0
    return 0.28 if char in " .,:;'!|()" else 0.64 if char.isupper() else 0.86 if char == "%" else 0.5


def _clusters(text: str, setting: Setting) -> list[str]:
    """Pieces no line may be broken inside: words, opening marks with what follows, closing marks with what precedes."""
    pieces: list[str] = []
    glue = False
    tokens = _WORD.findall(text) if not setting.break_all else re.findall(r"……|——|.", text, re.S)
    for token in tokens:
        if pieces and (glue or token[0] in CLOSING):
            pieces[-1] += token
        else:
            pieces.append(token)
        glue = token in OPENING
    return pieces


def _natural(piece: str, before: str, setting: Setting) -> float:
    width = 0.0
    last = before
    for char in piece:
        width += _advance(char, setting)
        if last and char != " " and last != " ":
            if setting.compress and last in _FULL_MARK and char in _FULL_MARK:
                width -= 0.5
            elif setting.autospace and (char.isascii() != last.isascii()) and (char.isalnum() and last.isalnum()):
                width += setting.autospace
        last = char
    return width


def constant(width: float) -> Callable[[int], float]:
    """A measure that never changes, in em."""
    return lambda line: width


def break_lines(
    text: str, measure: Callable[[int], float], setting: Setting, rng: Random, indent: float = 0.0
) -> list[str]:
    """Lines of one paragraph as an extractor would print them; `measure(i)` is the width in em of its i-th line.

    Spaces appear where the stretch of a justified line, or the gap beside digits, passes the extractor's thresholds.

    >>> s = Setting(True, False, False, 0.25, 0.5, 0.0, True, 9.0, False, 9.0, 0.0, False)
    >>> break_lines("一二三四五，六七", lambda i: 5.0, s, Random(0))
    ['一二三四', '五，六七']
    """
    lines: list[str] = []
    number, current, width, marks = 0, "", indent, 0
    limit = measure(0)
    for piece in _clusters(text, setting):
        grown = width + _natural(piece, current[-1:], setting)
        slack = 0.0
        if current and grown > limit:
            end = piece[-1]
            if setting.compress and end in _FULL_MARK and end in CLOSING:
                slack = 0.5
            elif setting.hanging and end in _HANGS:
                slack = 1.0
            if setting.compress and setting.loose:
                slack += min(0.5, 0.12 * marks)  # total-fit breaking also shrinks the marks inside the line
            if setting.elastic and marks and rng.random() < setting.elastic:
                slack += rng.choice((0.5, 1.0, 1.5))
        early = setting.loose and current and limit - width < 1.1 and rng.random() < setting.loose
        if current and piece != " " and (grown > limit + slack + 1e-9 or early):
            lines += _printed(current.rstrip(), limit - width, setting)
            number += 1
            limit = measure(number)
            current, width, marks = piece, _natural(piece, "", setting), 0
            while width > limit and len(current) > 1:  # a cluster wider than the column is cut where it must be
                keep = max(1, int(limit / max(width / len(current), 0.1)))
                lines.append(current[:keep])
                number += 1
                current, limit = current[keep:], measure(number)
                width = _natural(current, "", setting)
        else:
            current, width = current + piece, grown
        marks += sum(c in _FULL_MARK for c in piece)
    if current.strip():
        lines += _printed(current.rstrip(), 0.0, setting)
    return lines


def _printed(line: str, lack: float, setting: Setting) -> list[str]:
    pieces = [line]
    if setting.shatter and setting.compress:  # marks are trimmed beside marks, and wherever a line is not just full
        pieces = (_ADJUSTED if abs(lack) > ADJUSTED else _TRIMMED).split(line)
    return [_spaced(piece, lack, setting) for piece in pieces if piece]


def _spaced(line: str, lack: float, setting: Setting) -> str:
    share = max(0.0, lack) / max(1, len(line) - 1) if setting.justify else 0.0
    if share > setting.letter_threshold and len(line) > 3:
        return " ".join(line)
    if share + setting.autospace <= setting.space_threshold or setting.space_threshold > 1:
        return line
    out = line[:1]
    for last, char in pairwise(line):
        after_digit = last.isascii() and last.isalnum() and not char.isascii() and char.isalnum()
        before_digit = char.isascii() and char.isalnum() and not last.isascii() and last.isalnum()
        if after_digit or (before_digit and setting.space_before_digit):
            out += " "
        out += char
    return out


def cut_lines(text: str, columns: int, full: int) -> list[str]:
    """Lines cut at a fixed number of columns, inside words and numbers too; a wide character takes `full` columns.

    >>> cut_lines("一二三4567", 6, 2)
    ['一二三', '4567']
    """
    lines, current, width = [], "", 0
    for char in text:
        step = full if ord(char) > 0x2E80 or char in "“”‘’…—" else 1
        if width + step > columns:
            lines.append(current)
            current, width = "", 0
        current += char
        width += step
    return [*lines, current] if current else lines
