"""Where a text is not Chinese prose: addresses, code, formulas, and paragraphs in other languages.

Rules for Chinese punctuation and spacing stay out of these stretches. It marks; it changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import regex
from numpy.typing import NDArray

from cleanup.language.classes import EDGE, HAN, HANGUL, KANA, LATIN, Bits

ADDRESS: Final = 1  # URLs, mail addresses, file names, code, formulas, mark-up
TONGUE: Final = 2  # a paragraph in a language other than Chinese

# the rest of a line of code: ASCII, and whatever stands between straight quotes
CODE: Final = r"(?:[ \t!\#-&(-~]|\"[^\"\n]*\"|'[^'\n]*')*+"

Marks = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class Borders:
    """How to find what is not Chinese prose: patterns, each with what a text must hold for it to occur, and shares.

    The shares are those of rules/foreign.toml: of kana or Hangul among these and Han; of Latin letters among letters
    and Han, a Han character counting for `letters_a_han` letters.
    """

    patterns: tuple[tuple[tuple[str, ...], regex.Pattern[str]], ...]
    kana_share: float
    hangul_share: float
    latin_share: float
    letters_a_han: float


def borders(tables: Mapping[str, tuple[str, ...]], limits: Mapping[str, float]) -> Borders:
    """Compile the borders from the tables and limits of the rules."""
    patterns = (
        (("```",), r"(?ms)^[ ]*```.*?(?:^[ ]*```[ ]*$|\Z)"),
        (("`",), r"(?<!`)`[^`\n]+`(?!`)"),
        (("$",), r"(?<![\\$])\$[^$\n\p{Han}]+\$(?!\d)"),
        (("\\(", "\\["), r"\\\(.+?\\\)|\\\[.+?\\\]"),
        (("://",), r"[a-zA-Z][a-zA-Z0-9+.\-]*://[!-~]+"),
        (("www.", "WWW."), r"(?i)\bwww\.[!-~]+"),
        (("@",), r"[\w.+\-]+@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+"),
        ((".",), r"(?<![\w.])[\w\-]+(?:\.[A-Za-z0-9\-]+)*\.(?:\L<domains>)(?![A-Za-z0-9.])(?:/[!-~]*)?"),
        ((".",), r"(?i)[\w\-./\\]*\.(?:\L<suffixes>)(?![A-Za-z0-9.])"),
        (("](",), r"(?<=\])\([^()\s]*\)"),
        (("<",), r"</?[A-Za-z][^<>\p{Han}]*>|<!--.*?-->"),
        (("(",), r"(?<![A-Za-z])[a-z_][A-Za-z0-9_.]*\((?:[^()\n\p{Han}\"']|\"[^\"\n]*\"|'[^'\n]*')*+\)[;:]?"),
        (('"', "'", "//", "#"), rf"(?m)^[ \t]*(?=[A-Za-z_]){CODE}(?:[ \t](?://|\#).*)?$(?<=[=(]{CODE}|[;{{}}])"),
        ((" ", "("), rf"(?m)^[ \t]*\L<code_words>\b{CODE}(?:[ \t](?://|\#).*)?$"),
    )
    compiled = tuple(
        (needs, regex.compile(pattern, **{name: list(tables[name]) for name in regex.findall(r"\\L<(\w+)>", pattern)}))
        for needs, pattern in patterns
    )
    return Borders(
        compiled,
        limits["kana-share"],
        limits["hangul-share"],
        limits["latin-share"],
        limits["letters-a-han"],
    )


def foreign(text: str, kinds: Bits, where: Borders) -> Marks | None:
    """Return what each character belongs to (0 for Chinese prose), or None when all of it is Chinese prose.

    `kinds` are the class bits of the characters of the text.
    """
    present = int(np.bitwise_or.reduce(kinds, initial=0))
    marks: Marks | None = None
    if present & LATIN:
        for needs, pattern in where.patterns:
            if any(need in text for need in needs):
                for match in pattern.finditer(text):
                    if marks is None:
                        marks = np.zeros(len(kinds), dtype=np.uint8)
                    marks[match.start() : match.end()] |= ADDRESS
    if present & (KANA | HANGUL | LATIN):
        lines = _foreign_lines(kinds, where)
        if lines is not None:
            marks = lines if marks is None else marks | lines
    return marks


def _foreign_lines(kinds: Bits, where: Borders) -> Marks | None:
    ends = np.flatnonzero(kinds == EDGE)
    starts = np.concatenate([[0], ends + 1])
    starts = starts[starts < len(kinds)]
    han, kana, hangul, latin = (
        np.add.reduceat((kinds == bit).astype(np.int32), starts) for bit in (HAN, KANA, HANGUL, LATIN)
    )
    strange = kana > where.kana_share * (kana + han)
    strange |= hangul > where.hangul_share * (hangul + han)
    strange |= latin > where.latin_share * (latin + where.letters_a_han * han)
    if not strange.any():
        return None
    lengths = np.diff(np.concatenate([starts, [len(kinds)]]))
    return np.repeat(np.where(strange, np.uint8(TONGUE), np.uint8(0)), lengths)
