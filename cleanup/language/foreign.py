"""Where a text is not Chinese prose: addresses, code, formulas, and paragraphs in other languages.

Rules for Chinese punctuation and spacing stay out of these stretches. It marks; it changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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
STRINGS: Final = ('"=', '"(', '";', "'=", "'(", "';", "/=", "/;")
DATA: Final = ('"{', '"[', "'{", "'[", '":')
FORMS: Final = (
    (("`",), r"(?ms)^[ ]*```.*?(?:^[ ]*```[ ]*$|\Z)", ""),
    (("`",), r"(?<!`)`[^`\n]+`(?!`)", ""),
    (("$",), r"(?<![\\$])\$[^$\n\p{Han}]+\$(?!\d)", ""),
    (("\\()", "\\[]"), r"\\\([^\n]+?\\\)|\\\[[^\n]+?\\\]", ""),
    ((":/",), r"://[!-~]+", r"[a-zA-Z][a-zA-Z0-9+.\-]*"),
    (("w.", "W."), r"(?i)www\.[!-~]+", ""),
    (("@.",), r"@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+", r"[A-Za-z0-9_.+\-]+"),
    ((".",), r"\.(?:\L<domains>)(?![A-Za-z0-9.])(?:/[!-~]*)?", r"[A-Za-z0-9.\-]+"),
    ((".",), r"(?i)\.(?:\L<suffixes>)(?![A-Za-z0-9.])", r"[\w\-./\\]+"),
    (("]()",), r"(?<=\])\([^()\s]*\)", ""),
    (("<>",), r"</?[A-Za-z][^<>\p{Han}]*>|<!--.*?-->", ""),
    (("()",), r"(?<=[A-Za-z0-9_.])\((?:[^()\n\p{Han}\"']|\"[^\"\n]*\"|'[^'\n]*')*+\)[;:]?", r"[a-z_][A-Za-z0-9_.]*"),
    (DATA, r"(?m)^[ \t]*\[?[ \t]*\{[ \t]*(?P<mark>[\"'])[^\n\"']+(?P=mark)[ \t]*:.*$", ""),
    (DATA, r"(?m)^[ \t]*\"[A-Za-z_][\w.\-]*\"[ \t]*:[ \t]*(?:[\"\[{\d\-]|true|false|null).*$", ""),
    (STRINGS, rf"(?m)^[ \t]*(?=[A-Za-z_][^\n]*[=(;{{}}]){CODE}(?:[ \t](?://|\#).*)?$", ""),
    (STRINGS, rf"(?m)^[ \t]*\L<code_words>\b{CODE}(?:[ \t](?://|\#).*)?$", ""),
)

Marks = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Form:
    """A form of address, code or formula: what a text must hold for it, how it reads, and what belongs before that.

    The pattern of `body` begins with something rare, so that a long text is searched quickly; `stem`, where there is
    one, is matched backwards from there.
    """

    needs: tuple[frozenset[str], ...]
    body: regex.Pattern[str]
    stem: regex.Pattern[str] | None


@dataclass(frozen=True, slots=True, eq=False)
class Borders:
    """How to find what is not Chinese prose: forms, and shares of letters.

    `signs`: all characters that some form needs. The shares are those of rules/foreign.toml: of kana or Hangul among
    these and Han; of Latin letters among letters and Han, a Han character counting for `letters_a_han` letters.
    """

    forms: tuple[Form, ...]
    signs: frozenset[str]
    kana_share: float
    hangul_share: float
    latin_share: float
    letters_a_han: float


def borders(tables: Mapping[str, tuple[str, ...]], limits: Mapping[str, float]) -> Borders:
    """Compile the borders from the tables and limits of the rules."""

    def compiled(pattern: str) -> regex.Pattern[str]:
        return regex.compile(pattern, **{name: list(tables[name]) for name in regex.findall(r"\\L<(\w+)>", pattern)})

    return Borders(
        tuple(
            Form(tuple(frozenset(need) for need in needs), compiled(body), compiled(f"(?r){stem}") if stem else None)
            for needs, body, stem in FORMS
        ),
        frozenset(sign for needs, _, _ in FORMS for need in needs for sign in need),
        limits["kana-in-line"],
        limits["hangul-in-line"],
        limits["latin-in-line"],
        limits["letters-a-han"],
    )


def foreign(text: str, kinds: Bits, where: Borders) -> Marks | None:
    """Return what each character belongs to (0 for Chinese prose), or None when all of it is Chinese prose.

    `kinds` are the class bits of the characters. In a document mostly in another language, or mostly code, nothing
    counts as Chinese prose.
    """
    strange = np.flatnonzero(kinds & np.uint16(KANA | HANGUL | LATIN))
    if not len(strange):
        return None
    if _is_strange(kinds, where):
        return np.full(len(kinds), TONGUE, dtype=np.uint8)
    spans = [(start, end, ADDRESS) for start, end in _addresses(text, where)]
    spans += [(start, end, TONGUE) for start, end in _foreign_lines(kinds, strange, where)]
    if not spans:
        return None
    marks = np.zeros(len(kinds), dtype=np.uint8)
    for start, end, mark in spans:
        marks[start:end] |= np.uint8(mark)
    return marks


def _addresses(text: str, where: Borders) -> Iterator[tuple[int, int]]:
    present = frozenset(sign for sign in where.signs if sign in text)
    for form in where.forms:
        if any(need <= present for need in form.needs):
            for match in form.body.finditer(text):
                stem = form.stem.match(text, 0, match.start()) if form.stem else None
                if stem is not None:
                    yield stem.start(), match.end()
                elif form.stem is None:
                    yield match.span()


def _foreign_lines(kinds: Bits, strange: NDArray[np.intp], where: Borders) -> Iterator[tuple[int, int]]:
    """Yield the lines in which another language has the upper hand; only those with strange letters are counted."""
    ends = np.append(np.flatnonzero(kinds == EDGE), len(kinds))
    for line in np.unique(np.searchsorted(ends, strange)).tolist():
        start, end = int(ends[line - 1]) + 1 if line else 0, int(ends[line])
        if _is_strange(kinds[start:end], where):
            yield start, end


def _is_strange(kinds: Bits, where: Borders) -> bool:
    """Tell whether another language has the upper hand in a line or a whole document."""
    counts = np.bincount(kinds, minlength=HANGUL + 1)
    han, kana, hangul, latin = (int(counts[bit]) for bit in (HAN, KANA, HANGUL, LATIN))
    return (
        kana > where.kana_share * (kana + han)
        or hangul > where.hangul_share * (hangul + han)
        or latin > where.latin_share * (latin + where.letters_a_han * han)
    )
