"""Files that appear whole or not at all: written under a temporary name, flushed, then renamed.

It never overwrites a file that this program did not write, unless told to. Where many files are written their paths are
plain strings: putting paths together as objects takes as long as the writing.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import IO

from cleanup.batch.targets import PAGE
from cleanup.document import CleanupError
from cleanup.formats.text import RECORD
from cleanup.wording import cause_of

TEMPORARY = ".cleanup-"
FLUSHED_AT_ONCE = 8  # files: a journaling file system brings those that wait together to the disk with one commit
_numbers = count()


def temporary() -> str:
    """Return the name of a file while it is being written; short, since a full name may be too long already."""
    return f"{TEMPORARY}{os.getpid():x}-{next(_numbers):x}"


class TargetError(CleanupError):
    """A place that must not or cannot be written to; its text names it and the remedy."""


def write(path: Path, data: bytes) -> None:
    """Write one file, whole or not at all; an existing file keeps its mode. Raise OSError."""
    waiting = path.parent / temporary()
    try:
        _written(waiting, data)
        _flush(waiting)
        with suppress(FileNotFoundError):
            waiting.chmod(path.stat().st_mode & 0o7777)
        waiting.replace(path)
    except BaseException:
        waiting.unlink(missing_ok=True)
        raise


@dataclass(slots=True)
class Waiting:
    """Folders of files that are written but not yet seen: flushed together, which costs a fraction of one by one.

    document.json names every file that belongs to it and gets its name first, so whatever an interrupted publication
    leaves is known as ours the next time.
    """

    _folders: list[tuple[int, Path, list[tuple[str, str]], frozenset[str]]] = field(default_factory=list)

    def add(self, key: int, folder: Path, files: Sequence[tuple[str, bytes]], force: bool = False) -> None:
        """Write the files of one source, document.json first in order, under temporary names.

        Raise TargetError for a file in the way that document.json does not name, OSError otherwise.
        """
        names = {name for name, _ in files}
        stale: frozenset[str] = frozenset()
        if not _make(folder):
            ours = written_files(folder)
            clear_temporary(folder)
            if not force:
                _refuse_foreign(folder, names, ours)
            stale = ours - names | {PAGE}  # the page shows what stood here before
        waiting: list[tuple[str, str]] = []
        inside = os.path.join(folder, "")
        try:
            for name, data in files:
                waiting.append((inside + temporary(), inside + name))
                _written(waiting[-1][0], data)
        except BaseException:
            _discard(waiting)
            raise
        self._folders.append((key, folder, waiting, stale))

    def publish(self) -> dict[int, OSError]:
        """Flush everything, then give each folder its files; return what went wrong, by the key of the folder."""
        failed: dict[int, OSError] = {}
        files = [(key, path) for key, _, waiting, _ in self._folders for path, _ in waiting]
        flushed = _flush_all([path for _, path in files])
        failed.update((key, error) for (key, _), error in zip(files, flushed, strict=True) if error is not None)
        for key, folder, waiting, stale in self._folders:
            if key not in failed:
                try:
                    for name in stale:
                        (folder / name).unlink(missing_ok=True)
                    for path, final in waiting:
                        os.replace(path, final)
                    continue
                except OSError as error:
                    failed[key] = error
            _discard(waiting)
        self._folders.clear()
        return failed


def write_folder(folder: Path, files: Sequence[tuple[str, bytes]], force: bool = False) -> None:
    """Write the files of one source, document.json first in order; raise TargetError or OSError, as `Waiting.add`."""
    waiting = Waiting()
    waiting.add(0, folder, files, force)
    for error in waiting.publish().values():
        raise error


def remove_folder(folder: Path, stop: Path) -> None:
    """Remove the files that document.json names, and the folders this empties, up to but without `stop`."""
    for name in written_files(folder):
        (folder / name).unlink(missing_ok=True)
    (folder / PAGE).unlink(missing_ok=True)
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


def _written(path: str | Path, data: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o666)
    try:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(handle, rest) :]
    finally:
        os.close(handle)


def _flush(path: str | Path) -> None:
    """Wait until a file is on the disk."""
    handle = os.open(path, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _flush_all(paths: Sequence[str]) -> list[OSError | None]:
    """Flush files, several at once where the system has threads left; return what went wrong with each."""
    try:
        with ThreadPoolExecutor(FLUSHED_AT_ONCE) as threads:
            return list(threads.map(_trouble, paths))
    except RuntimeError:  # no thread can be started
        return [_trouble(path) for path in paths]


def _trouble(path: str) -> OSError | None:
    """Flush a file; return what went wrong."""
    try:
        _flush(path)
    except OSError as error:
        return error
    return None


def _discard(waiting: Sequence[tuple[str, str]]) -> None:
    for path, _ in waiting:
        with suppress(OSError):
            os.unlink(path)


def spool(stream: IO[bytes], path: Path) -> None:
    """Write what a stream has to a file; raise TargetError when that cannot be."""
    try:
        with path.open("wb") as file:
            shutil.copyfileobj(stream, file)
    except OSError as error:
        raise TargetError(f"{path}: {cause_of(error)}") from None


def complete(folder: Path) -> bool:
    """Tell whether a folder holds the output of a source, all the files that its document.json names."""
    names = written_files(folder)
    return bool(names) and all((folder / name).exists() for name in names)
