"""Files that appear whole or not at all: written under a temporary name, flushed, then renamed.

It never overwrites a file that this program did not write, unless told to.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from contextlib import suppress
from itertools import count
from pathlib import Path

from cleanup.document import CleanupError
from cleanup.formats.text import RECORD

TEMPORARY = ".cleanup-"
_numbers = count()


def temporary(folder: Path, number: int) -> Path:
    """Return the name a file has in `folder` while it is being written; short, since a full name may be too long."""
    return folder / f"{TEMPORARY}{os.getpid():x}-{number:x}"


class TargetError(CleanupError):
    """A place that must not or cannot be written to; its text names it and the remedy."""


def write(path: Path, data: bytes) -> None:
    """Write one file, whole or not at all; an existing file keeps its mode. Raise OSError."""
    waiting = temporary(path.parent, next(_numbers))
    try:
        _flushed(waiting, data)
        with suppress(FileNotFoundError):
            waiting.chmod(path.stat().st_mode & 0o7777)
        waiting.replace(path)
    except BaseException:
        waiting.unlink(missing_ok=True)
        raise


def write_folder(folder: Path, files: Sequence[tuple[str, bytes]], force: bool = False) -> None:
    """Write the files of one source: all are flushed before the first gets its name, document.json gets its first.

    document.json names every file that belongs to it, so whatever an interrupted writing leaves is known as ours the
    next time. Raise TargetError for a file in the way that document.json does not name, OSError otherwise.
    """
    names = {name for name, _ in files}
    fresh = _make(folder)
    ours: frozenset[str] = frozenset() if fresh else written_files(folder)
    if not fresh:
        clear_temporary(folder)
        if not force:
            _refuse_foreign(folder, names, ours)
    waiting: list[tuple[Path, Path]] = []
    try:
        for name, data in files:
            path = temporary(folder, next(_numbers))
            waiting.append((path, folder / name))
            _flushed(path, data)
        for name in ours - names:
            (folder / name).unlink(missing_ok=True)
        for path, final in waiting:
            path.replace(final)
    except BaseException:
        for path, _ in waiting:
            with suppress(OSError):
                path.unlink(missing_ok=True)
        raise


def remove_folder(folder: Path, stop: Path) -> None:
    """Remove the files that document.json names, and the folders this empties, up to but without `stop`."""
    for name in written_files(folder):
        (folder / name).unlink(missing_ok=True)
    clear_temporary(folder)
    while folder != stop and stop in folder.parents:
        try:
            folder.rmdir()
        except OSError:
            return
        folder = folder.parent


def written_files(folder: Path) -> frozenset[str]:
    """Return the names of the files in a folder that this program wrote, as its document.json has them."""
    import orjson

    try:
        tree = orjson.loads((folder / RECORD).read_bytes())
        names = {article["file"] for article in tree["articles"]}
    except (OSError, ValueError, KeyError, TypeError):
        return frozenset()
    return frozenset(name for name in (*names, RECORD) if isinstance(name, str) and "/" not in name and name != "..")


def clear_temporary(folder: Path) -> None:
    """Remove what an interrupted writing left behind."""
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith(TEMPORARY):
                with suppress(OSError):
                    Path(entry.path).unlink()


def _make(folder: Path) -> bool:
    """Make a folder; tell whether it is new."""
    try:
        folder.mkdir()
    except FileNotFoundError:
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(exist_ok=True)
    except FileExistsError:
        if not folder.is_dir():
            raise TargetError(f"{folder} is in the way: a file where a folder must be") from None
        return False
    return True


def _refuse_foreign(folder: Path, names: Collection[str], ours: Collection[str]) -> None:
    for name in sorted(names):
        if name not in ours and (folder / name).exists():
            raise TargetError(f"{folder / name} exists and was not written by cleanup; --force overwrites it")


def _flushed(path: Path, data: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o666)
    with os.fdopen(handle, "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


def complete(folder: Path) -> bool:
    """Tell whether a folder holds the output of a source, all the files that its document.json names."""
    names = written_files(folder)
    return bool(names) and all((folder / name).exists() for name in names)
