"""Tables of cleaned sources into shards of Parquet that appear whole or not at all, and what a folder holds already.

A shard is up to three files of one name: `failures-`, `articles-` and, last, `journal-<name>.parquet`. What a journal
names is done; articles without their journal are what an interruption left. The name comes from what is inside, so a
shard that is written twice is one shard.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from cleanup.batch.tally import COUNTS, Tally
from cleanup.batch.writing import TEMPORARY
from cleanup.formats.shards import ARTICLES, JOURNAL, ROW_GROUP
from cleanup.ray.reading import MARK, REMOTE, Marks, mark
from cleanup.ray.tables import FAILURES, article_table, failure_table, journal_table

KINDS = (FAILURES, ARTICLES, JOURNAL)
SCHEME = re.compile(r"^([a-z][a-z0-9+.-]+):/+")  # of two letters at least: one is a drive
NOTE = b"cleanup"  # the key of Parquet metadata under which a journal keeps what was counted


@dataclass(frozen=True, slots=True)
class Held:
    """What a folder holds: the sorted marks of its sources and what was counted of them."""

    marks: Marks
    tally: Tally


def place_of(out: Path | str) -> str:
    """Return where to write as text: a URI, of whose two slashes a Path keeps one, or a path that holds in any folder.

    >>> place_of(Path("s3://bucket/clean")), place_of(Path("file:///clean"))
    ('s3://bucket/clean', 'file:///clean')
    """
    place = SCHEME.sub(lambda met: f"{met[1]}:{'///' if met[1] == 'file' else '//'}", Path(out).as_posix())
    return place if REMOTE in place else str(Path(out).absolute())


def system_of(place: str) -> tuple[Any, str]:
    """Return the Arrow file system of a path or URI, and the path there."""
    from pyarrow import fs

    if REMOTE in place:
        system, path = fs.FileSystem.from_uri(place)
        return system, path
    return fs.LocalFileSystem(), str(Path(place).absolute())


def write_shards(cleaned: Any, out: str, size: int) -> Any:
    """Write a table of cleaned sources as shards of about `size` bytes of sources each; return what became of each.

    The result has the columns `source`, `size`, `counts` and `cause`.
    """
    at = 0
    sizes = cleaned["size"].to_pylist()
    while at < len(sizes):
        end, filled = at, 0
        while end < len(sizes) and (end == at or filled + sizes[end] <= size):
            filled += sizes[end]
            end += 1
        _write_shard(cleaned.slice(at, end - at), out)
        at = end
    return cleaned.select(["source", "size", "counts", "cause"])


def _write_shard(cleaned: Any, out: str) -> None:
    name = _name(cleaned)
    failed = failure_table(cleaned)
    if len(failed):
        write_table(failed, out, f"{FAILURES}-{name}.parquet")
    if len(failed) == len(cleaned):
        return
    write_table(article_table(cleaned), out, f"{ARTICLES}-{name}.parquet")
    counted = Tally()
    for counts in cleaned["counts"].to_pylist():
        if counts is not None and counts["sources"] is not None:
            counted.add(Tally(**counts))
    journal = journal_table(cleaned).replace_schema_metadata({NOTE: json.dumps(dict(counted.as_dict())).encode()})
    write_table(journal, out, f"{JOURNAL}-{name}.parquet")


def _name(cleaned: Any) -> str:
    digest = hashlib.sha256()
    for source, sha256 in zip(cleaned["source"].to_pylist(), cleaned["sha256"].to_pylist(), strict=True):
        digest.update(mark(source, sha256))
    return digest.hexdigest()[:MARK]


def write_table(table: Any, out: str, name: str) -> None:
    """Write a table to a file that appears whole or not at all."""
    import io

    from pyarrow import parquet

    buffer = io.BytesIO()
    parquet.write_table(table, buffer, compression="zstd", row_group_size=ROW_GROUP)
    write_bytes(buffer.getvalue(), out, name)


def write_bytes(data: bytes, out: str, name: str) -> None:
    """Write a file that appears whole or not at all; an object store has no other way, here it takes a rename."""
    if REMOTE in out:
        system, folder = system_of(out)
        with system.open_output_stream(f"{folder}/{name}") as stream:
            stream.write(data)
        return
    place = Path(out) / name
    waiting = place.with_name(f"{TEMPORARY}{uuid.uuid4().hex}")
    try:
        with waiting.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        waiting.replace(place)
    finally:
        waiting.unlink(missing_ok=True)


def held(out: str) -> Held:
    """Return what a folder holds, after taking away what an interruption left and failures, which are tried again."""
    system, folder = system_of(out)
    system.create_dir(folder, recursive=True)
    names = set(_names(system, folder))
    marks: list[bytes] = []
    tally = Tally()
    for name in sorted(names):
        kind, _, rest = name.partition("-")
        if kind == FAILURES or (kind == ARTICLES and f"{JOURNAL}-{rest}" not in names) or name.startswith(TEMPORARY):
            system.delete_file(f"{folder}/{name}")
        elif kind == JOURNAL:
            _take(system, f"{folder}/{name}", marks, tally)
    return Held(np.unique(np.array(marks, f"S{MARK}")), tally)


def _names(system: Any, folder: str) -> Iterator[str]:
    from pyarrow import fs

    for entry in system.get_file_info(fs.FileSelector(folder)):
        if entry.type == fs.FileType.File and (
            entry.base_name.startswith(TEMPORARY)
            or (entry.base_name.partition("-")[0] in KINDS and entry.base_name.endswith(".parquet"))
        ):
            yield entry.base_name


def _take(system: Any, path: str, marks: list[bytes], tally: Tally) -> None:
    """Take the marks and counts of one journal."""
    from pyarrow import parquet

    with system.open_input_file(path) as stream:
        file = parquet.ParquetFile(stream)
        for batch in file.iter_batches(columns=["source", "sha256"]):
            columns = (batch.column(name).to_pylist() for name in ("source", "sha256"))
            marks += [mark(source, sha256) for source, sha256 in zip(*columns, strict=True)]
        note = json.loads((file.schema_arrow.metadata or {}).get(NOTE, b"{}"))
        tally.add(Tally(**{name: note.get(name, 0) for name in COUNTS}))
