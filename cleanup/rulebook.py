"""Rules as data: reads the TOML files of the rule folders and checks their form.

A rule is found by its id and explains itself. A rule file cannot run code, and nothing here touches a text: `firing`
runs the rules, `rulecheck` runs their examples. The patterns of the built-in rules, which tests hold right, are
compiled when they are first tried, since most texts meet few of them; those of a user at once, so that an error is
named early.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Final, Literal

import regex

from cleanup.document import CleanupError
from cleanup.edits import CERTAIN
from cleanup.language.classes import Side, side
from cleanup.options import Options

MARKER: Final = "rulebook.toml"
Scope = Literal["chinese", "simplified", "text", "all"]
SCOPES: Final = ("chinese", "simplified", "text", "all")
SHOWN: Final = 20  # characters or pairs of a long rule that are shown
KNOWN_KEYS: Final = (
    *("id", "what", "why", "at", "ranges", "run", "between", "find", "replace", "to", "map", "needs", "scope"),
    *("safety", "when", "confidence", "suggests", "example", "keeps"),
)
OPTION_NAMES: Final = frozenset(option.name for option in fields(Options))


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


@dataclass(frozen=True, eq=False)
class Pattern:
    r"""A pattern as a rule file has it: `\L<name>` is any entry of the table of that name, ^ and $ are ends of lines.

    `replace` is what its groups are checked against, `where` the rule that errors name.
    """

    words: str
    lists: Mapping[str, tuple[str, ...]]
    replace: str
    where: str

    @cached_property
    def compiled(self) -> regex.Pattern[str]:
        """The pattern, ready to be tried; raise RuleError when it is none."""
        try:
            found = regex.compile(self.words, regex.MULTILINE, **{name: list(self.lists[name]) for name in self.lists})
        except regex.error as error:
            raise RuleError(f"{self.where}: find is not a valid pattern: {error}") from None
        for reference in regex.findall(r"\\(?:g<(\w+)>|(\d+))", self.replace):
            name = reference[0] or reference[1]
            known = int(name) <= found.groups if name.isdigit() else name in found.groupindex
            if not known:
                raise RuleError(f"{self.where}: replace names the group {name}, which find does not have")
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """One rule. With neither characters nor `find` it names a decision that its stage takes in code.

    `at`, `ranges`: every match begins with one of these characters, or with one from these first to these last ones.
    `run`: the match is all of them that stand in a row. `between`: pairs of what may stand before and after the match;
    before and after the characters, where there is a `find` too. `find`: a pattern that must match there, or anywhere
    when there are no characters. `map`: the new text of each old one, where it is not always `replace` (files may give
    single characters as `to`, in step with `at`). `needs`: the rule cannot fire in a text that has none of these.
    `scope`: where it may fire: in Chinese paragraphs outside addresses and code, the same in simplified documents only,
    in paragraphs of any language, or everywhere. `when`: the options under which it runs. `confidence`: how sure an
    edit of this rule is. `suggests`: its matches are reported as suspects, never changed. `built_in`: whether it came
    with the package; `file` where it stands.
    """

    id: str
    stage: str
    topic: str
    what: str
    why: str
    at: str
    ranges: tuple[tuple[str, str], ...]
    run: bool
    between: tuple[tuple[Side, Side], ...]
    find: Pattern | None
    replace: str
    map: Mapping[str, str]
    needs: tuple[str, ...]
    scope: Scope
    safety: Literal["safe", "unsafe"]
    when: Mapping[str, tuple[Any, ...]]
    examples: tuple[Example, ...]
    keeps: tuple[Keep, ...]
    confidence: float = CERTAIN
    suggests: bool = False
    built_in: bool = True
    file: str = ""

    @property
    def decides_in_code(self) -> bool:
        """Whether the rule only names what its stage decides."""
        return self.find is None and not self.anchored

    @property
    def anchored(self) -> bool:
        """Whether the rule says with which characters its matches begin."""
        return bool(self.at or self.ranges)

    @property
    def form(self) -> tuple[tuple[str, str], ...]:
        """What the rule finds and makes of it, as lines to be shown: a word and what it stands for."""
        lines: list[tuple[str, str]] = []
        if self.anchored:
            some = self.at if len(self.at) <= SHOWN else f"{self.at[:SHOWN]}… ({len(self.at)} characters)"
            ranges = [f"U+{ord(first):04X} to U+{ord(last):04X}" for first, last in self.ranges]
            lines.append(("at", ", ".join([*([repr(some)] if some else []), *ranges])))
        if self.run:
            lines.append(("run", "all that stand in a row"))
        lines += [("between", f"{one.words} and {other.words}") for one, other in self.between]
        if self.find is not None and not (self.map and self.anchored):
            lines.append(("finds", self.find.words))
        if self.map:
            pairs = [f"{old!r} → {new!r}" for old, new in list(self.map.items())[:SHOWN]]
            more = len(self.map) - len(pairs)
            lines.append(("changes", ", ".join(pairs) + (f" and {more} more" if more > 0 else "")))
        elif not self.decides_in_code:
            lines.append(("suggests" if self.suggests else "replaces", repr(self.replace)))
        else:
            lines.append(("decides", "in the code of its stage"))
        return tuple(lines)

    def runs_under(self, options: Options) -> bool:
        """Tell whether the options let the rule run."""
        if self.safety == "unsafe" and not options.unsafe:
            return False
        if self.id in options.off or f"{self.stage}/" in options.off or f"{self.stage}/{self.topic}/" in options.off:
            return False
        return all(getattr(options, name) in allowed for name, allowed in self.when.items())


@dataclass(frozen=True, slots=True, eq=False)
class Rulebook:
    """All rules in file order, the tables and limits they draw on, and a digest of everything that was read.

    A limit is a number that decides something; its reason stands beside it in its file.
    """

    rules: tuple[Rule, ...]
    tables: Mapping[str, tuple[str, ...]]
    limits: Mapping[str, float]
    digest: str
    by_id: Mapping[str, Rule] = field(repr=False, default_factory=dict)

    def stage(self, name: str, options: Options) -> tuple[Rule, ...]:
        """Return the rules of a stage that run under the options, in file order."""
        return _stage(self, name, options)

    def runs(self, identity: str, options: Options) -> bool:
        """Tell whether there is a rule of this id and the options let it run."""
        return identity in _running(self, options)


@cache
def _running(book: Rulebook, options: Options) -> frozenset[str]:
    return frozenset(rule.id for rule in book.rules if rule.runs_under(options))


@cache
def _stage(book: Rulebook, name: str, options: Options) -> tuple[Rule, ...]:
    return tuple(rule for rule in book.rules if rule.stage == name and rule.runs_under(options))


def built_in() -> Path:
    """Return the folder of the rules that came with the package: inside the wheel, or beside the package."""
    here = Path(__file__).resolve().parent
    for folder in (here / "rules", here.parent / "rules"):
        if (folder / MARKER).is_file():
            return folder
    raise RuleError(f"no rules found: neither {here / 'rules'} nor {here.parent / 'rules'} has a {MARKER}; reinstall")


@cache
def load(*further: Path) -> Rulebook:
    """Read the built-in rules and the user's further folders.

    A later rule with a known id replaces the earlier one, in its place; a later table of a known name adds its entries.
    """
    digest = hashlib.sha256()
    tables: dict[str, tuple[str, ...]] = {}
    limits: dict[str, float] = {}
    raw_rules: dict[str, tuple[Path, str, bool, dict[str, Any]]] = {}
    for folder in (built_in(), *further):
        ours = folder == built_in()
        if not folder.is_dir():
            raise RuleError(f"{folder}: no such rule folder; check the setting `rules`")
        seen: set[str] = set()
        for path in sorted(folder.rglob("*.toml")):
            try:
                data = path.read_bytes()
            except OSError as error:
                raise RuleError(f"{path}: cannot be read: {error.strerror}") from None
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + data + b"\0")
            content = _parse(path, data)
            for table in _list(path, content, "table"):
                name = _text(path, table, "name", "table")
                entries = table.get("entries", [])
                if not isinstance(entries, list) or not all(isinstance(entry, str) for entry in entries):
                    raise RuleError(f"{path}: table {name}: entries must be a list of strings")
                tables[name] = (*tables.get(name, ()), *entries)
            for limit in _list(path, content, "limit"):
                name, _ = _text(path, limit, "name", "limit"), _text(path, limit, "why", "limit")
                if ours and name in limits:
                    raise RuleError(f"{path}: limit {name}: the name is taken by another limit; choose another one")
                if not isinstance(limit.get("value"), int | float):
                    raise RuleError(f"{path}: limit {name}: value must be a number")
                limits[name] = float(limit["value"])
            for rule in _list(path, content, "rule"):
                identity = _text(path, rule, "id", "rule")
                if identity in seen:
                    raise RuleError(f"{path}: rule {identity}: the id is taken by another rule; choose another one")
                seen.add(identity)
                raw_rules[identity] = (path, str(content.get("stage", "")), ours, rule)
    rules = tuple(_rule(path, stage, raw, tables, ours) for path, stage, ours, raw in raw_rules.values())
    return Rulebook(rules, tables, limits, digest.hexdigest(), {rule.id: rule for rule in rules})


def _parse(path: Path, data: bytes) -> dict[str, Any]:
    try:
        return tomllib.loads(data.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RuleError(f"{path}: not a readable TOML file: {error}") from None


def _list(path: Path, content: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    value = content.get(key, [])
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        raise RuleError(f"{path}: write [[{key}]] with double brackets, once for each {key}")
    return value


def _text(path: Path, table: Mapping[str, Any], key: str, kind: str) -> str:
    value = table.get(key)
    if not isinstance(value, str) or not value:
        raise RuleError(f'{path}: a {kind} without {key} = "…" ({table.get("id", table.get("name", "no id"))})')
    return value


def _rule(path: Path, stage: str, raw: dict[str, Any], tables: Mapping[str, tuple[str, ...]], ours: bool) -> Rule:
    identity = raw["id"]
    where = f"{path}: rule {identity}"
    if not stage:
        raise RuleError(f'{path}: no stage = "…" at the top of the file')
    unknown = sorted(set(raw).difference(KNOWN_KEYS))
    if unknown:
        raise RuleError(f"{where}: unknown key {unknown[0]!r}; known: {', '.join(sorted(KNOWN_KEYS))}")
    for key in ("at", "find", "replace", "to"):
        if not isinstance(raw.get(key, ""), str):
            raise RuleError(f"{where}: {key} must be a string")
    mapping = raw.get("map", {})
    if not isinstance(mapping, dict) or not all(key and isinstance(value, str) for key, value in mapping.items()):
        raise RuleError(f"{where}: map must hold old = new strings")
    at, pattern = raw.get("at", ""), raw.get("find")
    if "to" in raw:
        if len(raw["to"]) != len(at) or mapping:
            raise RuleError(f"{where}: to must have as many characters as at, and stands instead of map")
        mapping = dict(zip(at, raw["to"], strict=True))
    if mapping and not at:
        at = "".join(dict.fromkeys(key[0] for key in mapping))
        if pattern is None and any(len(key) > 1 for key in mapping):
            pattern = "|".join(regex.escape(key) for key in sorted(mapping, key=len, reverse=True))
    between = raw.get("between", [])
    between = [between] if isinstance(between, str) else between
    ranges = tuple(_range(where, words) for words in raw.get("ranges", []))
    if between and not at and not ranges:
        raise RuleError(f"{where}: between needs at = the characters it stands around")
    needs = raw.get("needs", ())
    replace = raw.get("replace", "")
    find = None if pattern is None else _pattern(where, pattern, replace, tables)
    if find is not None and not ours:
        _ = find.compiled
    return Rule(
        id=identity,
        stage=stage,
        topic=path.stem,
        what=_text(path, raw, "what", "rule"),
        why=_text(path, raw, "why", "rule"),
        at=at,
        ranges=ranges,
        run=bool(raw.get("run", False)),
        between=tuple(_sides(where, pair) for pair in between),
        find=find,
        replace=replace,
        map=mapping,
        needs=(needs,) if isinstance(needs, str) else tuple(needs),
        scope=_choice(where, raw, "scope", SCOPES, "chinese"),
        safety=_choice(where, raw, "safety", ("safe", "unsafe"), "safe"),
        when=_when(where, raw.get("when", {})),
        examples=tuple(Example(*_pair(where, entry, "example", "before", "after")) for entry in raw.get("example", [])),
        keeps=tuple(Keep(*_pair(where, entry, "keeps", "text", "why")) for entry in raw.get("keeps", [])),
        confidence=_probability(where, raw.get("confidence", CERTAIN)),
        suggests=bool(raw.get("suggests", False)),
        built_in=ours,
        file=str(path),
    )


def _range(where: str, words: str) -> tuple[str, str]:
    if not isinstance(words, str) or len(words) != 3 or words[1] != "-" or words[0] > words[2]:
        raise RuleError(f'{where}: ranges must hold a first and a last character with - between, as in "a-z"')
    return words[0], words[2]


def _sides(where: str, pair: str) -> tuple[Side, Side]:
    words = pair.split()
    if len(words) != 2:
        raise RuleError(f'{where}: between {pair!r} must name what stands before and after, as in "han digit"')
    try:
        return side(words[0]), side(words[1])
    except ValueError as error:
        raise RuleError(f"{where}: between {pair!r}: {error}") from None


def _choice(where: str, raw: Mapping[str, Any], key: str, allowed: tuple[str, ...], default: str) -> Any:
    value = raw.get(key, default)
    if value not in allowed:
        raise RuleError(f"{where}: {key} must be one of {', '.join(allowed)}")
    return value


def _when(where: str, when: Mapping[str, Any]) -> dict[str, tuple[Any, ...]]:
    for name in when:
        if name not in OPTION_NAMES:
            raise RuleError(f"{where}: when: there is no option {name!r}")
    return {name: tuple(value) if isinstance(value, list) else (value,) for name, value in when.items()}


def _pair(where: str, entry: Any, kind: str, first: str, second: str) -> tuple[str, str]:
    if not isinstance(entry, dict) or not isinstance(entry.get(first), str) or not isinstance(entry.get(second), str):
        raise RuleError(f'{where}: [[rule.{kind}]] needs {first} = "…" and {second} = "…"')
    return entry[first], entry[second]


def _probability(where: str, value: Any) -> float:
    if not isinstance(value, int | float) or not 0 <= value <= 1:
        raise RuleError(f"{where}: confidence must lie between 0 and 1")
    return float(value)


def _pattern(where: str, words: str, replace: str, tables: Mapping[str, tuple[str, ...]]) -> Pattern:
    names = set(regex.findall(r"\\L<(\w+)>", words)) if r"\L<" in words else set()
    for name in names:
        if name not in tables:
            raise RuleError(f"{where}: no table named {name!r}")
    return Pattern(words, {name: tables[name] for name in names}, replace, where)


def check(folder: Path) -> list[str]:
    """Return what is wrong with the rules of a folder, a line each; nothing when all is well."""
    from cleanup.rulecheck import check

    return check(folder)
