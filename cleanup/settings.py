"""What is in force and where each value comes from: defaults, the nearest settings file, then what was said outright.

The file is `cleanup.toml`, or `pyproject.toml` with a table `[tool.cleanup]`. An unknown key is an error.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from difflib import get_close_matches
from pathlib import Path
from types import UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from cleanup.document import CleanupError
from cleanup.options import Options

OWN_FILE = "cleanup.toml"
PROJECT_FILE = "pyproject.toml"
DEFAULT = "default"


class SettingsError(CleanupError):
    """A settings file or value that is not understood; its text names the place, the key and the remedy."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing that can be chosen: its name as it is written, what values it takes, its default and its meaning."""

    name: str
    takes: str
    default: Any
    means: str
    read: Callable[[Any, Path], Any]


@dataclass(frozen=True, slots=True)
class Value:
    """A value in force and where it comes from: "default", a file with line, or the option that gave it."""

    value: Any
    origin: str = DEFAULT


def _choice(*known: str) -> tuple[str, Callable[[Any, Path], Any]]:
    def read(value: Any, _: Path) -> Any:
        if value not in known:
            raise ValueError
        return value

    return " | ".join(f'"{name}"' for name in known), read


def _exactly(kind: type, said: str) -> tuple[str, Callable[[Any, Path], Any]]:
    def read(value: Any, _: Path) -> Any:
        if kind is float and isinstance(value, int) and not isinstance(value, bool):
            value = float(value)
        if type(value) is not kind or (isinstance(value, (int, float)) and value < 0):
            raise ValueError
        return value

    return said, read


def _texts(value: Any, _: Path) -> tuple[str, ...]:
    if not isinstance(value, (list, tuple)) or not all(isinstance(entry, str) for entry in value):
        raise ValueError
    return tuple(value)


def _paths(value: Any, base: Path) -> tuple[Path, ...]:
    return tuple(_folder(entry, base) for entry in _texts(value, base))


def _folder(entry: str, base: Path) -> Path:
    """Return the folder of an entry: a path counted from `base`, or what an installed package offers by that name."""
    path = base / Path(entry).expanduser()
    if path.exists() or Path(entry).name != entry:
        return path
    from cleanup.extensions import rule_folder

    return rule_folder(entry) or path


def _path(value: Any, base: Path) -> Path:
    if not isinstance(value, str):
        raise ValueError
    return base / Path(value).expanduser()


def _of_hint(hint: Any) -> tuple[str, Callable[[Any, Path], Any]]:
    """Return what a setting of a Python type takes, and how it is read."""
    if get_origin(hint) is Literal:
        return _choice(*get_args(hint))
    if get_origin(hint) is UnionType:
        hint = next(part for part in get_args(hint) if part is not type(None))
    if hint is bool:
        return _exactly(bool, "true | false")
    if hint is float:
        return _exactly(float, "a number")
    if hint is int:
        return _exactly(int, "a whole number")
    if hint is str:
        return _exactly(str, "a text")
    if hint is Path:
        return "a path", _path
    if get_args(hint)[0] is Path:
        return "a list of paths", _paths
    if get_origin(hint) is frozenset:
        return "a list of texts", lambda value, base: frozenset(_texts(value, base))
    return "a list of texts", _texts


MEANS = {
    "script": "traditional characters: convert stray runs (auto), everything (simplified), nothing (keep), or back",
    "spacing": "between Han and digits or Latin letters: nothing, one space, or as it is",
    "quotes": "「」 of horizontal simplified text become “”, or stay",
    "off": "rule ids, or folders of rules such as rejoin/, that stay silent",
    "unsafe": "also run rules that may be wrong",
    "stages_off": "stages that are passed over",
    "keep_furniture": "page numbers and running heads stay, as blocks",
    "drop_duplicates": "a repeated passage is dropped, not only marked",
    "threshold": "decisions less sure than this are listed as doubtful",
    "rules": "further rule folders, or names under which packages offer them; later ones win",
    "model": "another language model",
    "stages": 'further stages: "module:object", or the name of an entry point',
}


def _all_settings() -> dict[str, Setting]:
    hints = get_type_hints(Options)
    found = [
        Setting(entry.name.replace("_", "-"), *_spread(hints[entry.name], entry.default, MEANS.get(entry.name, "")))
        for entry in fields(Options)
    ]
    numbers = _exactly(float, "a number")
    formats = _choice("text", "markdown", "jsonl", "parquet")
    text, flag, names = _exactly(str, "a text"), _exactly(bool, "true | false"), ("a list of texts", _texts)
    whole = _exactly(int, "a whole number")
    found += [
        Setting("format", formats[0], "text", "what articles are written as", formats[1]),
        Setting("limit", numbers[0], 64.0, "files larger than this many MB are refused", numbers[1]),
        Setting("pages", flag[0], False, "a folder is one issue: articles that turn pages are joined", flag[1]),
        Setting("timeout", numbers[0], 300.0, "seconds one file may take; 0 for no end", numbers[1]),
        Setting("jobs", whole[0], 0, "worker processes; 0 for one a core", whole[1]),
        Setting("include", names[0], (), "only these files of a folder, whatever their suffix", names[1]),
        Setting("exclude", names[0], (), "files and folders that are passed over", names[1]),
        Setting("gitignore", flag[0], False, "pass over what .gitignore files name", flag[1]),
        Setting("hidden", flag[0], False, "also files and folders whose name begins with a dot", flag[1]),
        Setting("text-field", text[0], "text", "the field or column that holds the text of a record", text[1]),
        Setting("name-field", text[0], "id", "the field or column that names a record", text[1]),
        Setting("shard-size", numbers[0], 16.0, "MB of sources in one file of jsonl or parquet output", numbers[1]),
        Setting("keep-lines", names[0], (), "check, fix and diff leave lines as they are that match these", names[1]),
    ]
    return {setting.name: setting for setting in found}


def _spread(hint: Any, default: Any, means: str) -> tuple[str, Any, str, Callable[[Any, Path], Any]]:
    takes, read = _of_hint(hint)
    return takes, default, means, read


SETTINGS = _all_settings()


def nearest_file(start: Path) -> Path | None:
    """Return the settings file that holds for a path: the first one met in its folder and those above.

    In one folder `cleanup.toml` goes before `pyproject.toml`, which counts only with a table [tool.cleanup].
    """
    folder = start.absolute()
    if not folder.is_dir():
        folder = folder.parent
    for place in (folder, *folder.parents):
        own, project = place / OWN_FILE, place / PROJECT_FILE
        if own.is_file():
            return own
        if project.is_file() and b"[tool.cleanup" in project.read_bytes():
            return project
    return None


def common_folder(paths: list[Path]) -> Path:
    """Return the deepest folder that all paths have in common; the working folder when there is none."""
    folders = [path.absolute() if path.is_dir() else path.absolute().parent for path in paths]
    if not folders:
        return Path.cwd()
    first, *others = folders
    for place in (first, *first.parents):
        if all(place == other or place in other.parents for other in others):
            return place
    return Path.cwd()


def read_file(path: Path) -> dict[str, Value]:
    """Return the values of a settings file; raise SettingsError for what it does not understand."""
    try:
        text = path.read_text("utf-8")
        tree = tomllib.loads(text)
    except OSError as error:
        raise SettingsError(f"{path}: {(error.strerror or str(error)).lower()}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: not a readable TOML file: {error}") from None
    if path.name == PROJECT_FILE:
        tree = tree.get("tool", {}).get("cleanup", {})
    if not isinstance(tree, dict):
        raise SettingsError(f"{path}: [tool.cleanup] is not a table")
    if "tool" in tree:
        raise SettingsError(f"{path}: [tool.cleanup] is for {PROJECT_FILE}; here the settings stand without a table")
    places = {key: f"{path}:{_line_of(text, key, path.name == PROJECT_FILE)}" for key in tree}
    return {key: Value(checked(key, value, path.parent, places[key]), places[key]) for key, value in tree.items()}


def checked(key: str, value: Any, base: Path, where: str) -> Any:
    """Return a value as the program uses it; raise SettingsError naming `where` when key or value is not known."""
    if key not in SETTINGS:
        near = get_close_matches(key.replace("_", "-"), SETTINGS, 1, 0.5)
        hint = f"; did you mean {near[0]}?" if near else f"; known: {', '.join(SETTINGS)}"
        raise SettingsError(f"{where}: unknown setting {key!r}{hint}")
    setting = SETTINGS[key]
    try:
        return setting.read(value, base)
    except ValueError:
        raise SettingsError(f"{where}: {key} = {value!r} is not understood; it takes {setting.takes}") from None


def in_force(start: Path | None, given: Mapping[str, Value], file: Path | None = None) -> dict[str, Value]:
    """Return every setting with its origin: defaults, then the file nearest to `start` or the one named, then `given`.

    With neither `start` nor `file` no file is read.
    """
    values = {name: Value(setting.default) for name, setting in SETTINGS.items()}
    path = file if file is not None else nearest_file(start) if start is not None else None
    if path is not None:
        values.update(read_file(path))
    values.update(given)
    return values


def parsed(assignment: str, base: Path) -> tuple[str, Any]:
    """Read NAME=VALUE as the command line gives it, VALUE as in TOML or bare.

    >>> parsed("spacing=keep", Path()), parsed("threshold=0.9", Path()), parsed('exclude=["a", "b"]', Path())
    (('spacing', 'keep'), ('threshold', 0.9), ('exclude', ('a', 'b')))
    """
    key, equals, text = assignment.partition("=")
    if not equals:
        raise SettingsError(f"--set {assignment}: not of the form NAME=VALUE")
    try:
        value: Any = tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        value = text
    key = key.strip()
    if key in SETTINGS and "list" in SETTINGS[key].takes and isinstance(value, str):
        value = [value]
    return key, checked(key, value, base, f"--set {assignment}")


def options(values: Mapping[str, Value]) -> Options:
    """Return the options of the cleaning itself; a stage all of whose rules are off is passed over."""
    chosen = {entry.name: values[entry.name.replace("_", "-")].value for entry in fields(Options)}
    whole = {name[:-1] for name in chosen["off"] if name.count("/") == 1 and name.endswith("/")}
    return Options(**{**chosen, "stages_off": chosen["stages_off"] | whole})


def load_options(place: Path) -> Options:
    """Return the options of a settings file, or of the one nearest to a folder; raise SettingsError."""
    return options(in_force(place, {}) if place.is_dir() else in_force(None, {}, place))


def shown_value(value: Any) -> str:
    """Return a value as a settings file would have it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (frozenset, tuple)):
        entries = sorted(map(str, value)) if isinstance(value, frozenset) else map(str, value)
        return "[" + ", ".join(f'"{entry}"' for entry in entries) + "]"
    if value is None:
        return "(none)"
    return f'"{value}"' if isinstance(value, (str, Path)) else f"{value:g}" if isinstance(value, float) else str(value)


def _line_of(text: str, key: str, project: bool) -> int:
    """Return the line of a settings file on which a key is set; `project` tells that it has other tools' tables too."""
    inside = not project
    for number, line in enumerate(text.splitlines(), 1):
        words = line.strip()
        if project and words.startswith("["):
            inside = words.replace(" ", "").startswith("[tool.cleanup]")
        elif inside and words.split("=")[0].strip().strip("\"'") == key:
            return number
    return 1
