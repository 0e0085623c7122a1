"""Files into rows of sources, here or on any file system that Arrow reads; each file is read where its task runs.

A file or record that cannot be read becomes a row with its cause. Nothing here cleans or writes.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from cleanup.batch import reading
from cleanup.batch.decided import decisions_path
from cleanup.batch.find import Found, Search, find
from cleanup.batch.reading import SourceError
from cleanup.batch.work import Job
from cleanup.document import CleanupError
from cleanup.formats import INPUT_SUFFIXES, input_format, split_suffix
from cleanup.formats.packed import unpack, unpack_errors
from cleanup.formats.records import Record, records
from cleanup.wording import cause_of

REMOTE = "://"  # in the name of a place that is no path of this machine
TOGETHER = 1_000_000  # bytes of sources that go on together to the cleaning
LISTING = ("path", "name", "problem")  # columns of a table of files
MARK = 16  # bytes of SHA-256 by which a source is known as done; of 50 million none meets another by chance

Marks = npt.NDArray[np.bytes_]


def files(paths: Sequence[str], search: Search) -> Iterator[Found]:
    """Yield the files that the paths mean, as the local engine finds them, and those of other file systems by suffix.

    A remote path is a URI as Arrow has it, such as `s3://bucket/folder`; only its suffixes decide what is a text.
    """
    for path in paths:
        if REMOTE in path:
            yield from _remote(path)
        elif path == reading.STDIN:
            raise CleanupError("standard input cannot be shared out to workers; name files, or leave --engine out")
        else:
            for found in find([path], search):
                # a worker stands in another folder
                yield found if found.problem else Found(str(Path(found.path).absolute()), found.name)


def _remote(uri: str) -> Iterator[Found]:
    from pyarrow import fs

    system, root = fs.FileSystem.from_uri(uri)
    scheme = uri.partition(REMOTE)[0] + REMOTE
    about = system.get_file_info(root)
    if about.type == fs.FileType.File:
        yield Found(uri, about.base_name)
        return
    if about.type == fs.FileType.NotFound:
        yield Found(uri, uri, "no such file or folder")
        return
    inside = system.get_file_info(fs.FileSelector(root, recursive=True))
    for entry in sorted(inside, key=lambda entry: str(entry.path)):
        name = entry.path[len(root) :].lstrip("/")
        if entry.type == fs.FileType.File and split_suffix(name)[1].lower() in INPUT_SUFFIXES:
            yield Found(f"{scheme}{entry.path}", name)


@contextmanager
def _opened(path: str) -> Iterator[IO[bytes]]:
    """Open a file of this machine or of another file system, unpacked when its name says it is packed."""
    if REMOTE not in path:
        with reading.opened(path) as stream:
            yield stream
        return
    from pyarrow import fs

    system, inside = fs.FileSystem.from_uri(path)
    with system.open_input_file(inside) as raw:
        yield unpack(io.BufferedReader(raw), split_suffix(path)[2])


def sources(path: str, name: str, job: Job) -> Iterator[tuple[str, bytes | None, str]]:
    """Yield the sources of a file as (name, bytes, cause): one of a text, one for each record of a corpus file.

    The bytes are None where the cause says why there are none.
    """
    try:
        read_as = job.read_as or input_format(name)
        if REMOTE not in path and decisions_path(path, name, None) is not None:
            raise SourceError("there are decisions about this source, which only the local engine obeys")
        with _opened(path) as stream:
            if read_as == "text":
                yield name, reading.checked(reading.read_on(stream, job.limit), job.limit), ""
                return
            for record in records(stream, read_as, job.text_field, job.name_field, job.limit):
                yield _of_record(record, name)
    except CleanupError as error:
        yield name, None, cause_of(error)
    except unpack_errors() as error:
        damaged = split_suffix(name)[2] and not (isinstance(error, OSError) and error.errno)
        yield name, None, ("damaged: " if damaged else "") + cause_of(error)


def _of_record(record: Record, file_name: str) -> tuple[str, bytes | None, str]:
    name = f"{file_name}#{record.name}"
    return (name, None, record.problem) if record.problem else (name, record.text.encode("utf-8", "surrogatepass"), "")


def source_schema() -> Any:
    """Return the Arrow schema of rows of sources; `raw` is null where `cause` says why."""
    import pyarrow

    text = pyarrow.string()
    return pyarrow.schema([("source", text), ("raw", pyarrow.binary()), ("cause", text)])


def source_rows(listing: Any, job: Job, done: Any = None) -> Iterator[Any]:
    """Yield the sources of a table of files as tables of bounded size.

    `done` holds the sorted marks of sources that are left out, or refers to them in Ray's store.
    """
    if done is not None and not isinstance(done, np.ndarray):
        import ray

        done = ray.get(done)
    rows: list[dict[str, Any]] = []
    size = 0
    for path, name, problem in zip(*(listing[column].to_pylist() for column in LISTING), strict=True):
        found = [(name, None, problem)] if problem else sources(path, name, job)
        for source, raw, cause in found:
            if done is not None and raw is not None and is_done(done, mark(source, hashlib.sha256(raw).hexdigest())):
                continue
            rows.append({"source": _plain(source), "raw": raw, "cause": cause or None})
            size += len(raw or b"")
            if size >= TOGETHER:
                yield _table(rows)
                rows, size = [], 0
    yield _table(rows)


def _table(rows: list[dict[str, Any]]) -> Any:
    import pyarrow

    return pyarrow.Table.from_pylist(rows, schema=source_schema())


def _plain(name: str) -> str:
    """Return a name as UTF-8 has it; stray bytes of a file name become U+FFFD."""
    return name.encode("utf-8", "replace").decode("utf-8")


def mark(source: str, sha256: str) -> bytes:
    """Return what a source is known by when it is done: its name and its bytes decide.

    >>> len(mark("a.txt", "00")) == MARK and mark("a.txt", "00") != mark("b.txt", "00")
    True
    """
    return hashlib.sha256(f"{sha256}\0{_plain(source)}".encode()).digest()[:MARK]


def is_done(done: Marks, one: bytes) -> bool:
    """Tell whether a mark is among sorted ones.

    >>> is_done(np.array([b"a", b"c"], "S16"), b"c"), is_done(np.array([], "S16"), b"c")
    (True, False)
    """
    at = int(np.searchsorted(done, np.bytes_(one)))
    return at < len(done) and done[at] == np.bytes_(one).rstrip(b"\0")
