"""Breaks paragraphs into the lines of a column as presses do, for practice pages; it learns and decides nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from random import Random

MARKS = frozenset("，。、；：！？“”‘’（）《》「」『』【】〈〉")
CLOSING = frozenset("，。、；：！？”’）》」』】〉…%")
OPENING = frozenset("“‘（《「『【〈")
_WORD = re.compile(r"……|——|[0-9A-Za-z][0-9A-Za-z.,:%/+&'\-]*|\s+|.", re.S)


@dataclass(frozen=True, slots=True)
class Press:
    """How a column is set: em a line, width of a digit, gap beside digits, how far marks are squeezed."""

    measure: float
    digit: float
    autospace: float
    squeeze: float  # share of an em a mark may lose
    eager: float  # how often the compositor squeezes rather than pushes on
    ragged: float  # share of lines that end a cluster early

    def width(self, piece: str) -> float:
        """Return the width of a piece in em, nothing squeezed."""
        return sum(
            1.0 if not c.isascii() else self.digit if c.isdigit() else 0.3 if c in " .,:'" else 0.52 for c in piece
        )


def press(rng: Random, narrowest: int, widest: int) -> Press:
    """Return a random setting of a column."""
    return Press(
        measure=rng.randint(narrowest, widest),
        digit=rng.choice((0.5, 0.5, 0.55, 0.58)),
        autospace=rng.choice((0.0, 0.125, 0.25)),
        squeeze=rng.choice((0.0, 0.5, 0.5, 0.5)),
        eager=rng.choice((0.3, 0.7, 1.0)),
        ragged=rng.choice((0.0, 0.0, 0.03, 0.08)),
    )


def pieces(text: str) -> list[str]:
    """Return the pieces no line is broken inside: words, opening marks with what follows, closing with what precedes.

    >>> pieces("他说：“好，2024年。”")
    ['他', '说：', '“好，', '2024', '年。”']
    """
    out: list[str] = []
    glue = False
    for token in _WORD.findall(text):
        if out and (glue or token[0] in CLOSING):
            out[-1] += token
        else:
            out.append(token)
        glue = token in OPENING
    return out


def set_lines(text: str, style: Press, rng: Random, indent: float = 2.0) -> list[str]:
    """Break a paragraph into the lines of a column, first line `indent` em shorter."""
    lines, line, wide, marks = [], "", indent, 0
    for piece in pieces(text):
        step = style.width(piece)
        if line and line[-1].isascii() != piece[0].isascii() and line[-1].isalnum() and piece[0].isalnum():
            step += style.autospace
        give = 0.0
        if wide + step > style.measure and rng.random() < style.eager:
            give = style.squeeze * (marks + sum(c in MARKS for c in piece))
        early = style.measure - wide < 1.5 and rng.random() < style.ragged
        if line and (wide + step - give > style.measure + 1e-6 or early) and not piece.isspace():
            lines.append(line.rstrip())
            line, wide, marks = "", 0.0, 0
            step = style.width(piece)
        line, wide, marks = line + piece, wide + step, marks + sum(c in MARKS for c in piece)
        while wide > style.measure * 1.5:  # a word longer than the column
            keep = max(1, int(len(line) * style.measure / wide))
            lines.append(line[:keep])
            line = line[keep:]
            wide = style.width(line)
    return [*lines, line.rstrip()] if line.strip() else lines


def set_latin(text: str, columns: int, rng: Random, hyphenate: float) -> list[str]:
    """Break English prose into lines of at most `columns` characters, now and then inside a word at a hyphen."""
    lines, line = [], ""
    for word in text.split():
        rest = word
        if line and len(line) + 1 + len(word) > columns:
            room = columns - len(line) - 2
            if room >= 3 and len(word) - room >= 3 and word.isalpha() and rng.random() < hyphenate:
                line, rest = f"{line} {word[:room]}-", word[room:]
            lines.append(line)
            line = rest
        else:
            line = f"{line} {word}".strip()
    return [*lines, line]
