"""Role markers as data: forms by which a passage gives away its role, read from the `[[marker]]` tables of rules/.

A marker is evidence, not a verdict: cleanup/assembly weighs it with everything else.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import regex

from cleanup.document import Role
from cleanup.rulebook import MARKER, RuleError, built_in

ROLES = frozenset(["kicker", "title", "subtitle", "byline", "heading", "paragraph", "caption", "credit", "furniture"])


@dataclass(frozen=True, slots=True)
class Marker:
    """A form (`find`, matched against a whole passage) and the role it speaks for.

    `alone`: a whole line of this form that holds this, too, is what it says, whatever stands around it.
    """

    id: str
    role: Role
    what: str
    why: str
    find: regex.Pattern[str]
    examples: tuple[str, ...]
    keeps: tuple[str, ...]
    alone: regex.Pattern[str] | None = None


@cache
def load(*further: Path) -> tuple[Marker, ...]:
    """Return the markers of the built-in rules and of further folders, in file order; the first that fits counts."""
    return forms("marker", _marker, *further)


def _marker(raw: dict[str, Any], find: regex.Pattern[str]) -> Marker:
    if raw["role"] not in ROLES:
        raise RuleError(f"marker {raw['id']}: unknown role {raw['role']!r}")
    return Marker(
        id=raw["id"],
        role=raw["role"],
        what=raw["what"],
        why=raw["why"],
        find=find,
        examples=tuple(raw["examples"]),
        keeps=tuple(raw["keeps"]),
        alone=raw.get("alone"),
    )


Form = TypeVar("Form")
PATTERNS = ("find", "alone")  # keys that hold a regular expression


def forms(kind: str, made_of: Callable[[dict[str, Any], regex.Pattern[str]], Form], *further: Path) -> tuple[Form, ...]:
    """Return what is made of each `[[kind]]` of the rule folders and its compiled `find`, in file order.

    A later one takes the place of an earlier one with its id. Raises RuleError for one that lacks a key or cannot be.
    """
    found: dict[str, Form] = {}
    for folder in (built_in(), *further):
        for path in sorted(folder.rglob("*.toml")):
            if path.name == MARKER:
                continue
            content = tomllib.loads(path.read_text("utf-8"))
            names = {t["name"]: list(t["entries"]) for t in content.get("table", [])}
            for raw in content.get(kind, []):
                where = f"{kind} {raw.get('id', '?')}"
                try:
                    patterns = {key: _compiled(f"{where}: {key}", raw[key], names) for key in PATTERNS if key in raw}
                    found[raw["id"]] = made_of(raw | patterns, patterns["find"])
                except KeyError as error:
                    raise RuleError(f"{path}: {where}: no {error.args[0]}") from None
                except RuleError as error:
                    raise RuleError(f"{path}: {error}") from None
    return tuple(found.values())


def _compiled(where: str, pattern: str, names: Mapping[str, Any]) -> regex.Pattern[str]:
    """Compile a pattern with the tables it names; `where` is what an error names."""
    used = regex.findall(r"\\L<(\w+)>", pattern)
    try:
        return regex.compile(pattern, **{name: names[name] for name in used})
    except regex.error as error:
        raise RuleError(f"{where} is not a valid pattern: {error}") from None
