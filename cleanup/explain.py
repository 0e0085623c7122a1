"""What became of a line, and why: every edit traced back to the source, and where each passage went.

It reads a finished document; it decides and changes nothing.
"""

from __future__ import annotations

import difflib
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import accumulate

import numpy as np

from cleanup import rulebook
from cleanup.document import CleanupError, Document, Span
from cleanup.edits import Edit, Layer
from cleanup.pipeline import trace
from cleanup.wording import shown


@dataclass(frozen=True, slots=True)
class Change:
    """One edit and the spans of the decoded source (code points) that it goes back to."""

    stage: str
    edit: Edit
    source: tuple[Span, ...]
    why: str = ""

    def __str__(self) -> str:
        sure = "" if self.edit.confidence >= 1 else f" (confidence {self.edit.confidence:.2f})"
        what = f"{visible(self.edit.old)} → {visible(self.edit.new)}"
        return f"{self.stage}  {self.edit.rule}  {what}{sure}" + (f"  {self.why}" if self.why else "")


@dataclass(frozen=True, slots=True)
class Place:
    """A passage of an article and the lines of the source it was made from, counted from 1."""

    article: int
    role: str
    text: str
    lines: tuple[int, ...]
    confidence: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """What became of one line: where it stands now, what was changed in it, and what was left out of it."""

    line: int
    text: str
    places: tuple[Place, ...]
    changes: tuple[Change, ...]
    dropped: tuple[str, ...]

    def __str__(self) -> str:
        out = [f"line {self.line}: {visible(self.text)}"]
        for place in self.places:
            lines = ", ".join(map(str, place.lines))
            sure = f", confidence {place.confidence:.2f}" if place.confidence < 1 else ""
            out.append(f"  article {place.article}, {place.role}, from line {lines}{sure}: {_short(place.text)}")
        out += [f"  {change}" for change in self.changes]
        out += [f"  left out: {rule}" for rule in self.dropped]
        if len(out) == 1:
            out.append("  nothing was changed")
        return "\n".join(out)


def changes(document: Document, book: rulebook.Rulebook | None = None) -> Iterator[Change]:
    """Yield every edit of a document with the spans of the source it goes back to, stage after stage.

    `why` is what the rule says of itself in `book`, by default the built-in rules.
    """
    rules = (book or rulebook.load()).by_id
    for behind, layer in enumerate(document.layers):
        if not isinstance(layer, Layer):
            continue
        spans = list(zip(layer.starts.tolist(), layer.ends.tolist(), strict=True))
        for edit, source in zip(layer, trace(list(document.layers[:behind]), spans), strict=True):
            rule = rules.get(edit.rule)
            yield Change(layer.stage, edit, tuple(source), rule.what if rule is not None else "")


def explain(document: Document, line: int, article: int | None = None) -> Explanation:
    """Explain a line of the source, or of an article's text when its number is given; all count from 1.

    Raise CleanupError when there is no such line.
    """
    text = document.original
    if article is not None:
        if not 1 <= article <= len(document.articles):
            raise CleanupError(f"no article {article}; there are {len(document.articles)}")
        text = document.articles[article - 1].text
    lines = text.split("\n")
    if not 1 <= line <= len(lines) or (line == len(lines) > 1 and not lines[-1]):
        raise CleanupError(f"no line {line}; there are {len(lines) - (not lines[-1])}")
    start = sum(len(other) + 1 for other in lines[: line - 1])
    spans = [(start, start + len(lines[line - 1]))]
    if article is not None:
        before = sum(len(other.text) + 1 for other in document.articles[: article - 1])
        spans = trace(list(document.layers), [(start + before, start + before + len(lines[line - 1]))])[0]
    to_line = Lines(document.original).line
    places = tuple(
        Place(
            number,
            block.role,
            block.text,
            tuple(sorted({row for a, b in block.source for row in range(to_line(a), to_line(max(a, b - 1)) + 1)})),
            block.confidence,
        )
        for number, entry in enumerate(document.articles, 1)
        for block in entry.blocks
        if _meet(block.source, spans)
    )
    return Explanation(
        line=line,
        text=lines[line - 1],
        places=places,
        changes=tuple(change for change in changes(document) if _meet(change.source, spans)),
        dropped=tuple(f"{drop.rule}: {visible(drop.text)}" for drop in document.dropped if _meet([drop.source], spans)),
    )


def diff(document: Document, context: int = 3) -> str:
    """Return the change from source to result as a unified diff; empty when nothing changed."""
    return "".join(unified(document.original, document.text, document.source.name or "source", context))


def unified(before: str, after: str, name: str, context: int = 3) -> Iterator[str]:
    """Yield the lines of a unified diff that `patch` understands; a line ends at a line feed and nowhere else.

    >>> list(unified("甲\\f乙\\n", "甲乙\\n", "a.txt"))[3:]
    ['-甲\\x0c乙\\n', '+甲乙\\n']
    """
    name = shown(name)
    for line in difflib.unified_diff(_lines(before), _lines(after), f"a/{name}", f"b/{name}", n=context):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _lines(text: str) -> list[str]:
    lines = [f"{line}\n" for line in text.split("\n")]
    last = lines.pop()[:-1]
    return [*lines, last] if last else lines


class Lines:
    """Tells where an offset of a text stands, by line and column.

    >>> Lines("一\\n二\\n").at(2)
    (2, 1)
    """

    __slots__ = ("_starts",)

    def __init__(self, text: str) -> None:
        self._starts = [0, *accumulate(len(line) + 1 for line in text.split("\n"))][:-1]

    def line(self, offset: int) -> int:
        """Return the line in which an offset stands, counted from 1."""
        return bisect_right(self._starts, offset)

    def at(self, offset: int) -> tuple[int, int]:
        """Return line and column of an offset, both counted from 1, the column in code points."""
        line = self.line(offset)
        return line, offset - self._starts[line - 1] + 1


def visible(text: str) -> str:
    r"""Return a text in which white space and controls can be seen.

    >>> print(visible("10 月\n"), visible(""))
    10␣月⏎ ∅
    """
    return "".join(_glyph(c) for c in text) if text else "∅"


@cache
def _glyph(character: str) -> str:
    known = {" ": "␣", "\n": "⏎", "\t": "⇥", "\u3000": "□", "\r": "␍"}
    if character in known:
        return known[character]
    return character if character.isprintable() else f"\\u{ord(character):04x}"


def _short(text: str, room: int = 40) -> str:
    return text if len(text) <= room else text[:room] + "…"


def _meet(left: tuple[Span, ...] | list[Span], right: list[Span]) -> bool:
    if not left or not right:
        return False
    a, b = np.array(left), np.array(right)
    # an insertion has no length and belongs to the line it stands in or ends
    first = np.maximum(a[:, None, 0], b[None, :, 0])
    last = np.minimum(a[:, None, 1], b[None, :, 1])
    empty = (a[:, 0] == a[:, 1])[:, None]
    return bool(np.any(np.where(empty, first <= last, first < last)))
