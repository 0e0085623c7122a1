"""The decisions file of a source: what it may say, and the check that it speaks of this source and no other.

It is made by the report and may be written by hand. A file that is not understood is refused, never obeyed in part.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, get_args

from cleanup.document import CleanupError, Decision, Role, Source, Span
from cleanup.wording import cause_of, shown

SUFFIX: Final = ".decisions.toml"
DECISION: Final = "decision"  # the rule, and the stage of what a user has put in
SCHEMA = 1
# what can be decided, and what must be said with it: the place of another passage, a role
DEEDS: Final[Mapping[str, tuple[str, ...]]] = {
    "join": (),  # the paragraph goes on over this line end
    "break": (),  # a paragraph ends at this line end
    "keep": (),  # no rule changes this
    "change": (),  # what the rules change here is right; with `text`, this is to stand here
    "role": ("role",),  # this block is a title, a heading …; furniture is left out
    "begin": (),  # an article begins with this block
    "move": ("to",),  # this block belongs to the article of that passage
    "headline": ("to",),  # this headline names the article of that passage
    "continue": ("to",),  # this passage continues that one
    "apart": (),  # this passage continues none
}
TOP_KEYS = frozenset({"schema", "source", "sha256", "decision"})
KEYS = frozenset({"do", "source", "to", "role", "text", "quote"})


class DecisionsError(CleanupError):
    """A decisions file that cannot be read, is not understood, or speaks of another source."""


@dataclass(frozen=True, slots=True)
class Decisions:
    """The decisions of one file, in its order; `sha256` is that of the source's bytes, `name` of the file."""

    sha256: str
    entries: tuple[Decision, ...]
    name: str = ""

    def fit(self, source: Source, length: int) -> None:
        """Raise DecisionsError when they were taken on other bytes, or beyond the source's `length` code points."""
        if self.sha256 != source.sha256:
            raise DecisionsError(
                f"{self.name}: stale: taken when the source had other bytes (sha256 {self.sha256[:12]}…, now "
                f"{source.sha256[:12]}…); take the decisions anew in its report, or remove the file"
            )
        for number, entry in enumerate(self.entries, 1):
            if max(entry.source[1], entry.to[1] if entry.to else 0) > length:
                raise self.error(number, entry, f"beyond the end of the source ({length} characters)")

    def error(self, number: int, entry: Decision, what: str) -> DecisionsError:
        """Return the error that names a decision of the file, counted from 1."""
        return DecisionsError(f"{self.name}: decision {number} ({entry.do} at {entry.source[0]}): {what}")


def read(path: Path) -> Decisions:
    """Read a decisions file; raise DecisionsError."""
    try:
        return parse(path.read_text("utf-8"), shown(path))
    except OSError as error:
        raise DecisionsError(f"{shown(path)}: {cause_of(error)}") from None
    except UnicodeDecodeError:
        raise DecisionsError(f"{shown(path)}: not UTF-8") from None


def parse(text: str, name: str = "decisions") -> Decisions:
    r"""Return the decisions that TOML text holds; raise DecisionsError.

    >>> parse('schema = 1\nsha256 = "0a"\n[[decision]]\ndo = "join"\nsource = [115, 117]\n').entries[0].source
    (115, 117)
    """
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DecisionsError(f"{name}: not a readable TOML file: {error}") from None
    if tree.get("schema") != SCHEMA:
        raise DecisionsError(f"{name}: not a decisions file of schema {SCHEMA}")
    unknown = sorted(set(tree) - TOP_KEYS)
    if unknown:
        raise DecisionsError(f"{name}: unknown key {unknown[0]!r}; known: {', '.join(sorted(TOP_KEYS))}")
    sha256, entries = tree.get("sha256"), tree.get("decision", [])
    if not isinstance(sha256, str) or not isinstance(entries, list):
        raise DecisionsError(f'{name}: needs sha256 = "…" of its source and [[decision]] tables')
    return Decisions(sha256, tuple(_entry(name, n, raw) for n, raw in enumerate(entries, 1)), name)


def _entry(name: str, number: int, raw: Any) -> Decision:
    where = f"{name}: decision {number}"
    if not isinstance(raw, dict):
        raise DecisionsError(f"{where}: write [[decision]] with double brackets")
    unknown = sorted(set(raw) - KEYS)
    if unknown:
        raise DecisionsError(f"{where}: unknown key {unknown[0]!r}; known: {', '.join(sorted(KEYS))}")
    do: Any = raw.get("do")
    if not isinstance(do, str) or do not in DEEDS:
        raise DecisionsError(f"{where}: do = {do!r}; it must be one of {', '.join(DEEDS)}")
    for key in DEEDS[do]:
        if key not in raw:
            raise DecisionsError(f"{where}: {do} needs {key} = …")
    role, text = raw.get("role"), raw.get("text")
    if role is not None and role not in get_args(Role):
        raise DecisionsError(f"{where}: role = {role!r}; it must be one of {', '.join(get_args(Role))}")
    if text is not None and not isinstance(text, str):
        raise DecisionsError(f"{where}: text must be a string")
    to = _span(where, "to", raw["to"]) if "to" in raw else None
    return Decision(do, _span(where, "source", raw.get("source")), to, role, text)


def _span(where: str, key: str, value: Any) -> Span:
    if not isinstance(value, list) or [type(entry) for entry in value] != [int, int] or not 0 <= value[0] <= value[1]:
        raise DecisionsError(f"{where}: {key} must be [first, end], offsets in characters of the decoded source")
    return value[0], value[1]
