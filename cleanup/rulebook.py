"""Rules as data: reads the TOML files of the rule folders, checks their form, and compiles them.

A rule is found by its id and explains itself. Nothing here runs on a text except the rule's own pattern, and a rule
file cannot run code.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

import regex

from cleanup.document import CleanupError
from cleanup.edits import CERTAIN, Proposals
from cleanup.options import Options

MARKER = "rulebook.toml"
KNOWN_KEYS = frozenset(
    ["id", "what", "why", "find", "replace", "map", "needs", "safety", "when", "example", "keeps", "confidence", "suggests", "source"]
)


class RuleError(CleanupError):
    """A rule file that cannot be read or says something wrong; names the file, the rule and the remedy."""


@dataclass(frozen=True, slots=True)
class Example:
    """What a rule does: `before` becomes `after` by this rule alone."""

    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Keep:
    """What a rule leaves as it is, and why."""

    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. Without `find` and `map` it names a decision that its stage takes in code.

    `needs`: the rule cannot fire in a text that has none of these. `when`: the options under which it runs.
    `confidence`: how sure an edit of this rule is. `suggests`: its matches are reported as suspects, never changed.
    """

    id: str
    stage: str
    topic: str
    what: str
    why: str
    find: regex.Pattern[str] | None
    replace: str
    map: Mapping[str, str]
    needs: tuple[str, ...]
    safety: Literal["safe", "unsafe"]
    when: Mapping[str, tuple[Any, ...]]
    examples: tuple[Example, ...]
    keeps: tuple[Keep, ...]
    confidence: float = CERTAIN
    suggests: bool = False

    def matches(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Yield (start, end, replacement) for each place where the rule fires."""
        if self.find is None or (self.needs and not any(need in text for need in self.needs)):
            return
        if self.map:
            table = self.map
            for match in self.find.finditer(text):
                yield match.start(), match.end(), table[match.group()]
        elif "\\" in self.replace:
            for match in self.find.finditer(text):
                yield match.start(), match.end(), match.expand(self.replace)
        else:
            for match in self.find.finditer(text):
                yield match.start(), match.end(), self.replace

    def propose(self, text: str, proposals: Proposals) -> None:
        """Propose an edit for each place where the rule fires."""
        for start, end, new in self.matches(text):
            proposals.add(start, end, new, self.id, self.confidence)

    def runs_under(self, options: Options) -> bool:
        """Tell whether the options let the rule run."""
        if self.safety == "unsafe" and not options.unsafe:
            return False
        if self.id in options.off or f"{self.stage}/" in options.off or f"{self.stage}/{self.topic}/" in options.off:
            return False
        return all(getattr(options, name) in allowed for name, allowed in self.when.items())


@dataclass(frozen=True, slots=True)
class Rulebook:
    """All rules in file order, the tables they draw on, and a digest of everything that was read."""

    rules: tuple[Rule, ...]
    tables: Mapping[str, tuple[str, ...]]
    digest: str
    by_id: Mapping[str, Rule] = field(repr=False, default_factory=dict)

    def stage(self, name: str, options: Options) -> tuple[Rule, ...]:
        """Return the rules of a stage that run under the options, in file order."""
        return tuple(rule for rule in self.rules if rule.stage == name and rule.runs_under(options))


def built_in() -> Path:
    """Return the folder of the rules that came with the package: inside the wheel, or beside the package."""
    here = Path(__file__).resolve().parent
    for folder in (here / "rules", here.parent / "rules"):
        if (folder / MARKER).is_file():
            return folder
    raise RuleError(f"no rules found: neither {here / 'rules'} nor {here.parent / 'rules'} has a {MARKER}; reinstall")


@cache
def load(*further: Path) -> Rulebook:
    """Read the built-in rules and the user's further folders; a later rule with a known id replaces the earlier one."""
    digest = hashlib.sha256()
    tables: dict[str, tuple[str, ...]] = {}
    raw_rules: dict[str, tuple[Path, str, dict[str, Any]]] = {}
    for folder in (built_in(), *further):
        if not folder.is_dir():
            raise RuleError(f"{folder}: no such rule folder; check the setting `rules`")
        seen: set[str] = set()
        for path in sorted(folder.rglob("*.toml")):
            if path.name == MARKER:
                continue
            data = path.read_bytes()
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + data + b"\0")
            content = _parse(path, data)
            for table in content.get("table", []):
                name = _text(path, table, "name", "table")
                entries = table.get("entries", [])
                if not isinstance(entries, list) or not all(isinstance(entry, str) for entry in entries):
                    raise RuleError(f"{path}: table {name}: entries must be a list of strings")
                tables[name] = (*tables.get(name, ()), *entries) if folder != built_in() else tuple(entries)
            for rule in content.get("rule", []):
                identity = _text(path, rule, "id", "rule")
                if identity in seen:
                    raise RuleError(f"{path}: rule {identity}: the id is taken by another rule; choose another one")
                seen.add(identity)
                raw_rules[identity] = (path, str(content.get("stage", "")), rule)
    rules = tuple(_rule(path, stage, raw, tables) for path, stage, raw in raw_rules.values())
    return Rulebook(rules, tables, digest.hexdigest(), {rule.id: rule for rule in rules})


def _parse(path: Path, data: bytes) -> dict[str, Any]:
    try:
        return tomllib.loads(data.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RuleError(f"{path}: not a readable TOML file: {error}") from None


def _text(path: Path, table: Mapping[str, Any], key: str, kind: str) -> str:
    value = table.get(key)
    if not isinstance(value, str) or not value:
        raise RuleError(f"{path}: a {kind} without {key} = \"…\" ({table.get('id', 'no id')})")
    return value


def _rule(path: Path, stage: str, raw: dict[str, Any], tables: Mapping[str, tuple[str, ...]]) -> Rule:
    identity = raw["id"]
    if not stage:
        raise RuleError(f'{path}: no stage = "…" at the top of the file')
    unknown = set(raw) - KNOWN_KEYS
    if unknown:
        raise RuleError(f"{path}: rule {identity}: unknown key {sorted(unknown)[0]!r}; known: {', '.join(sorted(KNOWN_KEYS))}")
    mapping = raw.get("map", {})
    pattern = raw.get("find")
    if mapping and pattern is None:
        pattern = "|".join(regex.escape(key) for key in sorted(mapping, key=len, reverse=True))
        if all(len(key) == 1 for key in mapping):
            pattern = "[" + "".join(regex.escape(key) for key in mapping) + "]"
    needs = raw.get("needs", ())
    return Rule(
        id=identity,
        stage=stage,
        topic=path.stem,
        what=_text(path, raw, "what", "rule"),
        why=_text(path, raw, "why", "rule"),
        find=None if pattern is None else _compiled(path, identity, pattern, tables),
        replace=raw.get("replace", ""),
        map=mapping,
        needs=(needs,) if isinstance(needs, str) else tuple(needs),
        safety=raw.get("safety", "safe"),
        when={name: tuple(v) if isinstance(v, list) else (v,) for name, v in raw.get("when", {}).items()},
        examples=tuple(Example(e["before"], e["after"]) for e in raw.get("example", [])),
        keeps=tuple(Keep(k["text"], k["why"]) for k in raw.get("keeps", [])),
        confidence=float(raw.get("confidence", CERTAIN)),
        suggests=bool(raw.get("suggests", False)),
    )


def _compiled(path: Path, identity: str, pattern: str, tables: Mapping[str, tuple[str, ...]]) -> regex.Pattern[str]:
    r"""Compile a pattern; `\L<name>` stands for any entry of the table of that name."""
    names = set(regex.findall(r"\\L<(\w+)>", pattern))
    for name in names:
        if name not in tables:
            raise RuleError(f"{path}: rule {identity}: no table named {name!r}")
    try:
        return regex.compile(pattern, **{name: list(tables[name]) for name in names})
    except regex.error as error:
        raise RuleError(f"{path}: rule {identity}: find is not a valid pattern: {error}") from None
