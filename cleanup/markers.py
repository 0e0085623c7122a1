"""Role markers as data: forms by which a passage gives away its role, read from the `[[marker]]` tables of rules/.

A marker is evidence, not a verdict: cleanup/assembly weighs it with everything else.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import regex

from cleanup.document import Role
from cleanup.rulebook import MARKER, RuleError, built_in

ROLES = frozenset(["kicker", "title", "subtitle", "byline", "heading", "paragraph", "caption", "credit", "furniture"])


@dataclass(frozen=True, slots=True)
class Marker:
    """A form (`find`, matched against a whole passage) and the role it speaks for."""

    id: str
    role: Role
    what: str
    why: str
    find: regex.Pattern[str]
    examples: tuple[str, ...]
    keeps: tuple[str, ...]


@cache
def load(*further: Path) -> tuple[Marker, ...]:
    """Return the markers of the built-in rules and of further folders, in file order; the first that fits counts."""
    markers: dict[str, Marker] = {}
    for folder in (built_in(), *further):
        for path in sorted(folder.rglob("*.toml")):
            if path.name == MARKER:
                continue
            content = tomllib.loads(path.read_text("utf-8"))
            names = {t["name"]: list(t["entries"]) for t in content.get("table", [])}
            for raw in content.get("marker", []):
                try:
                    used = set(regex.findall(r"\\L<(\w+)>", raw["find"]))
                    marker = Marker(
                        id=raw["id"],
                        role=raw["role"],
                        what=raw["what"],
                        why=raw["why"],
                        find=regex.compile(raw["find"], **{name: names[name] for name in used}),
                        examples=tuple(raw["examples"]),
                        keeps=tuple(raw["keeps"]),
                    )
                except KeyError as error:
                    raise RuleError(f"{path}: marker {raw.get('id', '?')}: no {error.args[0]}") from None
                except regex.error as error:
                    raise RuleError(f"{path}: marker {raw['id']}: find is not a valid pattern: {error}") from None
                if marker.role not in ROLES:
                    raise RuleError(f"{path}: marker {marker.id}: unknown role {marker.role!r}")
                markers[marker.id] = marker
    return tuple(markers.values())
