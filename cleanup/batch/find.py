"""Which files are meant: walks folders, expands globs, honours what is left out. It opens no source.

Folders are walked in the order of their names, so that two runs over the same tree see the same order. Paths stay plain
strings here: a million of them are held as rows, not as objects.
"""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

from cleanup.batch.reading import STDIN, SourceError
from cleanup.formats import INPUT_SUFFIXES, split_suffix
from cleanup.wording import cause_of

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

WILDCARDS = frozenset("*?[")
ANY_DEPTH = "**"
IGNORE_FILE = ".gitignore"


@dataclass(frozen=True, slots=True)
class Found:
    """A file that is meant: where it is, and its name below the folder that was given, with "/" between the parts.

    `problem` says why it cannot be a source, where that is known already. `decisions` is its decisions file, or empty.
    """

    path: str
    name: str
    problem: str = ""
    decisions: str = ""


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for in a folder; patterns are those of .gitignore.

    `include`: files of any suffix that match; without it, files whose suffix is known. `exclude`: what is passed over.
    `gitignore`: also what .gitignore files name. `hidden`: also names that begin with a dot. `skip`: a folder never
    entered, the output's.
    """

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    gitignore: bool = False
    hidden: bool = False
    skip: Path | None = None
    _specs: dict[tuple[str, ...], GitIgnoreSpec] = field(default_factory=dict, repr=False, compare=False)

    def matches(self, patterns: tuple[str, ...], name: str) -> bool:
        """Tell whether a name below the root matches any of the patterns."""
        if patterns not in self._specs:
            self._specs[patterns] = _spec(patterns)
        return bool(self._specs[patterns].match_file(name))


def find(paths: Sequence[str], search: Search) -> Iterator[Found]:
    """Yield the files that the paths mean, path after path; one that means none is yielded with its problem."""
    for path in paths:
        if path == STDIN:
            yield Found(STDIN, "stdin")
        elif os.path.isdir(path):
            yield from _walk(path, search)
        elif os.path.lexists(path):
            yield Found(path, os.path.basename(path))
        elif WILDCARDS & set(path):
            yield from _expand(path, search)
        else:
            yield Found(path, os.path.basename(path) or path, "no such file or folder")


def _expand(pattern: str, search: Search) -> Iterator[Found]:
    """Yield the files a glob means, named below the part of it that has no wildcard."""
    parts = Path(pattern).parts
    fixed = next((number for number, part in enumerate(parts) if WILDCARDS & set(part)), len(parts))
    root = os.path.join(*parts[:fixed]) if fixed else "."
    hits = _below(root, parts[fixed:], search) if ANY_DEPTH in parts else _beside(pattern, root, search)
    met = False
    for hit in hits:
        met = True
        if hit.problem or not search.matches(search.exclude, hit.name):
            yield hit
    if not met:
        yield Found(pattern, pattern, "no file matches")


def _beside(pattern: str, root: str, search: Search) -> Iterator[Found]:
    """Yield the files of a glob without `**`."""
    for hit in sorted(glob.glob(pattern, include_hidden=search.hidden)):
        if os.path.isfile(hit):
            yield Found(hit, os.path.relpath(hit, root).replace(os.sep, "/"))


def _below(root: str, patterns: tuple[str, ...], search: Search) -> Iterator[Found]:
    """Yield the files of a glob with `**`; the folders are walked here, since `glob` would go round in links."""
    for found in _walk(root, replace(search, include=("*",), hidden=True)):
        if found.problem or _fits(tuple(found.name.split("/")), patterns, search.hidden):
            yield found


def _fits(parts: tuple[str, ...], patterns: tuple[str, ...], hidden: bool) -> bool:
    """Tell whether the parts of a path fit those of a glob.

    >>> _fits(("1998", "01", "p1.txt"), ("**", "*.txt"), False), _fits((".git", "p1.txt"), ("**", "*.txt"), False)
    (True, False)
    """
    if not parts or not patterns:
        return not parts and all(pattern == ANY_DEPTH for pattern in patterns)
    seen = hidden or not parts[0].startswith(".") or patterns[0].startswith(".")
    if patterns[0] == ANY_DEPTH:
        return _fits(parts, patterns[1:], hidden) or (seen and _fits(parts[1:], patterns, hidden))
    return seen and fnmatchcase(parts[0], patterns[0]) and _fits(parts[1:], patterns[1:], hidden)


def _walk(root: str, search: Search) -> Iterator[Found]:
    """Yield the sources of a folder; a folder reached twice through links is entered once."""
    entered: set[tuple[int, int]] = set()
    if search.skip is not None and search.skip.exists():
        about = search.skip.stat()
        entered.add((about.st_dev, about.st_ino))
    ignores: list[tuple[str, GitIgnoreSpec]] = []
    # a stack of folders as (path, name below the root with a closing "/"), the next one last
    stack: list[tuple[str, str]] = [(root, "")]
    while stack:
        folder, below = stack.pop()
        ignores = [(where, spec) for where, spec in ignores if below.startswith(where)]
        try:
            about = os.stat(folder)
            if (about.st_dev, about.st_ino) in entered:
                continue
            entered.add((about.st_dev, about.st_ino))
            files, folders = _inside(folder)
        except OSError as error:
            yield Found(folder, below.rstrip("/") or os.path.basename(folder), cause_of(error))
            continue
        if search.gitignore and IGNORE_FILE in files:
            ignores.append((below, _ignore_spec(os.path.join(folder, IGNORE_FILE))))
        for last in files:
            if _shown(last, search) and not _left_out(below + last, search, ignores):
                name = below + last
                if search.matches(search.include, name) if search.include else _known(last):
                    yield Found(os.path.join(folder, last), name)
        for last in reversed(folders):
            if _shown(last, search) and not _left_out(f"{below}{last}/", search, ignores):
                stack.append((os.path.join(folder, last), f"{below}{last}/"))


def _inside(folder: str) -> tuple[list[str], list[str]]:
    """Return the names of the files and of the folders in a folder, each in the order of their bytes; raise OSError.

    Names alone: a folder may hold a million of them.
    """
    files: list[str] = []
    folders: list[str] = []
    with os.scandir(folder) as entries:
        for entry in entries:
            (folders if _is_folder(entry) else files).append(entry.name)
    for names in (files, folders):
        names.sort(key=os.fsencode)
    return files, folders


def _shown(last: str, search: Search) -> bool:
    return search.hidden or not last.startswith(".")


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link into a circle of links
        return False


def _known(name: str) -> bool:
    return split_suffix(name)[1].lower() in INPUT_SUFFIXES


def _left_out(name: str, search: Search, ignores: list[tuple[str, GitIgnoreSpec]]) -> bool:
    if search.exclude and search.matches(search.exclude, name):
        return True
    for where, spec in reversed(ignores):  # the file in the deepest folder that says anything decides, as in git
        said = spec.check_file(name[len(where) :]).include
        if said is not None:
            return said
    return False


def _spec(lines: Sequence[str]) -> GitIgnoreSpec:
    from pathspec import GitIgnoreSpec  # not loaded for a hook that names its files

    return GitIgnoreSpec.from_lines(lines)


def _ignore_spec(path: str) -> GitIgnoreSpec:
    try:
        lines = Path(path).read_text("utf-8", "surrogateescape").splitlines()
        return _spec(lines)
    except OSError as error:
        raise SourceError(f"{path}: {cause_of(error)}") from None
    except ValueError as error:
        raise SourceError(f"{path}: {cause_of(error)}") from None
