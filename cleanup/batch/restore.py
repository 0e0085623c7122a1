"""All sources of an output folder, given back byte for byte below another one. It changes nothing in the output."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path, PurePosixPath

from cleanup.batch import writing
from cleanup.batch.ledger import FOLDERS, Ledger
from cleanup.batch.writing import TargetError
from cleanup.document import CleanupError, Document
from cleanup.formats import split_suffix
from cleanup.formats.shards import JOURNAL, rows
from cleanup.formats.text import RECORD
from cleanup.wording import cause_of


def restore(out: Path, place: Path) -> Iterator[tuple[str, str]]:
    """Write each source of an output below `place`, under the name it had; yield each name, and why it failed or "".

    A source that was packed comes back unpacked; of a file of records each text comes back, in a folder of the file's
    name. What stands there already with the same bytes is left alone, so that an interrupted restoring can go on. Raise
    LedgerError for a folder that is no output.
    """
    with Ledger(out, write=False) as ledger:
        kind = ledger.fact("kind")
        if kind == FOLDERS:
            for name, folder in ledger.outputs():
                yield from _each(name, _in_folder(out / folder), place)
        else:
            names = {folder: name for name, folder in ledger.outputs()}
            for journal in sorted(out.glob(f"{JOURNAL}-*.{kind}")):
                for key, found in groupby(rows(journal), key=lambda row: row["key"]):
                    if key in names:
                        yield from _each(names[key], (row["document"].encode() for row in found), place)


def _in_folder(folder: Path) -> Iterator[bytes]:
    """Yield the document of a source's folder, or those of its records."""
    if (folder / RECORD).is_file():
        yield (folder / RECORD).read_bytes()
        return
    for path in sorted(folder.glob(f"[0-9]*/{RECORD}")):
        yield path.read_bytes()


def _each(name: str, records: Iterator[bytes], place: Path) -> Iterator[tuple[str, str]]:
    """Write what the records of one source lead back to."""
    plain = name.removesuffix(split_suffix(name)[2])
    number = 0
    while True:
        try:
            record = next(records)
            number += 1
            document = Document.from_json(record)
            of_many = document.source.name.startswith(f"{name}#")
            _put(place, f"{plain}/{number:06d}.txt" if of_many else plain, document.undo())
        except StopIteration:
            break
        except (CleanupError, OSError, ValueError, KeyError) as error:
            yield name, cause_of(error)
            return
    yield name, "" if number else "its output is no longer there"


def _put(place: Path, name: str, data: bytes) -> None:
    """Write one source; raise TargetError for a name that leads out of the folder or that other bytes have."""
    parts = PurePosixPath(name)
    if parts.is_absolute() or ".." in parts.parts:
        raise TargetError(f"{name} would be written outside of {place}")
    path = place / parts
    if path.exists():
        if path.read_bytes() != data:
            raise TargetError(f"{path} exists with other bytes; name another folder")
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    writing.write(path, data)
