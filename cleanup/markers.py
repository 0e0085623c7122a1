"""Role markers as data: forms by which a passage gives away its role, read from the `[[marker]]` tables of rules/.

A marker is evidence, not a verdict: cleanup/assembly weighs it with everything else.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

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
    markers: dict[str, Marker] = {}
    for path, raw, find in forms("marker", *further):
        try:
            marker = Marker(
                id=raw["id"],
                role=raw["role"],
                what=raw["what"],
                why=raw["why"],
                find=find,
                examples=tuple(raw["examples"]),
                keeps=tuple(raw["keeps"]),
                alone=regex.compile(raw["alone"]) if "alone" in raw else None,
            )
        except KeyError as error:
            raise missing(path, "marker", raw, error) from None
        if marker.role not in ROLES:
            raise RuleError(f"{path}: marker {marker.id}: unknown role {marker.role!r}")
        markers[marker.id] = marker
    return tuple(markers.values())


def forms(kind: str, *further: Path) -> Iterator[tuple[Path, dict[str, Any], regex.Pattern[str]]]:
    """Yield each `[[kind]]` of the rule folders with its file and its compiled `find`; raise RuleError for bad ones."""
    for folder in (built_in(), *further):
        for path in sorted(folder.rglob("*.toml")):
            if path.name == MARKER:
                continue
            content = tomllib.loads(path.read_text("utf-8"))
            names = {t["name"]: list(t["entries"]) for t in content.get("table", [])}
            for raw in content.get(kind, []):
                try:
                    used = set(regex.findall(r"\\L<(\w+)>", raw["find"]))
                    find = regex.compile(raw["find"], **{name: names[name] for name in used})
                except KeyError as error:
                    raise missing(path, kind, raw, error) from None
                except regex.error as error:
                    raise RuleError(f"{path}: {kind} {raw['id']}: find is not a valid pattern: {error}") from None
                yield path, raw, find


def missing(path: Path, kind: str, raw: dict[str, Any], error: KeyError) -> RuleError:
    """Return the error for a form that lacks a key."""
    return RuleError(f"{path}: {kind} {raw.get('id', '?')}: no {error.args[0]}")
