"""Outputs of records: which sources share a file, and how such a file is written and written again.

A source keeps its place for good, so that a batch that is run again touches only the files in which something changed,
and takes over from them what did not.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, groupby
from pathlib import Path

from cleanup.batch import reading
from cleanup.batch.decided import decisions_of, without_decisions
from cleanup.batch.ledger import Entry, Ledger
from cleanup.batch.reading import SourceError
from cleanup.batch.tally import Tally, confidence, tally
from cleanup.batch.work import Cleaned, Job, clean_record, clean_source, corpus, digest_of, warm
from cleanup.batch.worker import Beat
from cleanup.batch.writing import temporary
from cleanup.document import CleanupError, Document
from cleanup.formats import OutputFormat, input_format
from cleanup.formats.shards import ARTICLES, JOURNAL, Row, article_rows, journal_row, rows, writer
from cleanup.pipeline import Pipeline
from cleanup.wording import cause_of, fault


@dataclass(frozen=True, slots=True)
class Member:
    """A source of a shard; `stale` tells that it must be cleaned, else its records are taken over from the old file."""

    entry: Entry
    stale: bool


@dataclass(frozen=True, slots=True)
class Shard:
    """The sources whose records go into one pair of files, in the order of their records."""

    number: int
    members: tuple[Member, ...]

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The sources that are to be cleaned."""
        return tuple(member.entry for member in self.members if member.stale)

    def at(self, beat: int) -> Entry:
        """Return the source that was in work at a beat."""
        return self.members[beat].entry

    def without(self, beat: int) -> Shard:
        """Return the shard without the member at which a worker was lost."""
        return Shard(self.number, self.members[:beat] + self.members[beat + 1 :])


def path_of(out: Path, kind: str, number: int, output: OutputFormat) -> Path:
    """Return the file of a shard; `kind` is "articles" or "journal"."""
    return out / f"{kind}-{number:05d}.{output}"


def assign(ledger: Ledger, size: int) -> None:
    """Give each source that has none its shard, in the order in which they were found, about `size` bytes in each."""
    number = int(ledger.execute("SELECT coalesce(max(shard), -1) FROM source").fetchone()[0])
    filled = size
    some = "SELECT id, bytes FROM source WHERE shard IS NULL ORDER BY id LIMIT 1000"
    ledger.execute("BEGIN")
    while rows := ledger.execute(some).fetchall():
        for identity, length in rows:
            if filled + length > size:
                number, filled = number + 1, 0
            filled += length
            ledger.execute("UPDATE source SET shard = ? WHERE id = ?", (number, identity))
    ledger.execute("COMMIT")


def revive(ledger: Ledger, out: Path, output: OutputFormat) -> None:
    """Have everything done again whose file is no longer there."""
    for (number,) in ledger.execute("SELECT DISTINCT shard FROM source WHERE state = 'done'").fetchall():
        if not all(path_of(out, kind, number, output).exists() for kind in (ARTICLES, JOURNAL)):
            ledger.execute("UPDATE source SET state = 'waiting' WHERE state = 'done' AND shard = ?", (number,))


def left(ledger: Ledger, settings: str) -> Iterator[Shard]:
    """Yield the shards in which something is left to do, and write down that it is in hand."""
    stale = "SELECT DISTINCT shard FROM source WHERE state IN ('waiting', 'begun') ORDER BY shard"
    for (number,) in ledger.execute(stale).fetchall():
        members = []
        for row in ledger.execute(
            "SELECT id, path, name, folder, bytes, state, settings FROM source "
            "WHERE shard = ? AND state != 'failed' ORDER BY id",
            (number,),
        ).fetchall():
            path, (name, folder) = ledger.place(row[1]), map(os.fsdecode, row[2:4])
            fresh = row[5] == "done" and row[6] == settings
            members.append(Member(Entry(row[0], path, name, folder, row[4], ""), not fresh))
        ledger.begin(member.entry.id for member in members if member.stale)
        yield Shard(number, tuple(members))


@dataclass(frozen=True, slots=True)
class ShardCraft:
    """Writes shards; set up once in each worker. Returns (id, result or cause) for each source that was cleaned."""

    job: Job
    out: Path

    def begin(self) -> Callable[[Shard, Beat], list[tuple[int, Cleaned | str]]]:
        """Build the pipeline and return what writes one shard."""
        pipeline = warm(Pipeline(self.job.options))
        return lambda shard, beat: write_shard(pipeline, shard, self.out, self.job, beat)


def write_shard(pipeline: Pipeline, shard: Shard, out: Path, job: Job, beat: Beat) -> list[tuple[int, Cleaned | str]]:
    """Clean what is stale in a shard, take over the rest, and put the two files in their place.

    A source that fails does not stop the others. Raise OSError or FormatError with nothing half-written.
    """
    places = {kind: path_of(out, kind, shard.number, job.output) for kind in (ARTICLES, JOURNAL)}
    waiting = {kind: out / f"{temporary()}.{kind}" for kind in places}
    results: list[tuple[int, Cleaned | str]] = []
    old = {kind: _Old(path) for kind, path in places.items()}
    try:
        with writer(job.output, waiting[ARTICLES]) as articles, writer(job.output, waiting[JOURNAL]) as journal:
            for number, member in enumerate(shard.members):
                beat(number)
                key = member.entry.folder
                if not member.stale:
                    for row in old[ARTICLES].of(key):
                        articles.add(row)
                    for row in old[JOURNAL].of(key):
                        journal.add(row)
                    continue
                try:
                    digest, found = _documents(pipeline, member.entry, job)
                    total, sure = Tally(), 1.0
                    for inner, document in found:
                        for row in article_rows(inner, document):
                            articles.add({**row, "key": key})
                        journal.add({**journal_row(inner, document), "key": key})
                        total.add(tally(document, job.options.threshold))
                        sure = min(sure, confidence(document))
                        beat(number)
                except CleanupError as error:
                    results.append((member.entry.id, cause_of(error)))
                    continue
                except Exception as error:
                    if isinstance(error, OSError):
                        raise
                    results.append((member.entry.id, fault(error)))
                    continue
                results.append((member.entry.id, Cleaned(digest, 1, total, sure)))
        for kind in (JOURNAL, ARTICLES):
            with waiting[kind].open("rb+") as stream:
                os.fsync(stream.fileno())
        for kind in (JOURNAL, ARTICLES):
            waiting[kind].replace(places[kind])
    finally:
        for path in waiting.values():
            with suppress(OSError):
                path.unlink(missing_ok=True)
    return results


class _Old:
    """The rows of a shard as it was, asked for in the order in which they stand there."""

    def __init__(self, path: Path) -> None:
        self._groups = groupby(rows(path), key=lambda row: row["key"]) if path.exists() else iter(())
        self._passed: dict[str, list[Row]] = {}

    def of(self, key: str) -> list[Row]:
        """Return the rows of a source."""
        if key in self._passed:
            return self._passed.pop(key)
        for found, group in self._groups:
            if found == key:
                return list(group)
            self._passed[found] = list(group)
        return []


def _documents(pipeline: Pipeline, entry: Entry, job: Job) -> tuple[str, Iterator[tuple[str, Document]]]:
    """Return the digest of a source and its documents, each with its key; a text has one, a corpus file many."""
    read_as = job.read_as or input_format(entry.name)
    if read_as == "text":
        raw = reading.read(entry.path, job.limit)
        decisions = decisions_of(entry.path, entry.name, job.decisions)
        document = clean_source(pipeline, raw, entry.name, decisions)
        return digest_of(raw, decisions), iter([(entry.folder, document)])
    without_decisions(entry.path, entry.name, job.decisions)

    def each() -> Iterator[tuple[str, Document]]:
        failed, first, total = 0, "", 0
        for record in corpus(entry.path, read_as, job):
            total += 1
            try:
                document = clean_record(pipeline, record, entry.name, job)
            except CleanupError as error:
                failed, first = failed + 1, first or f"record {record.name}: {cause_of(error)}"
                continue
            yield f"{entry.folder}#{record.name}", document
        if failed:
            raise SourceError(f"{failed} of {total} records failed, the others are done; first {first}")

    return "", each()


def prune(ledger: Ledger, gone: list[tuple[int, str, str]], out: Path, output: OutputFormat) -> None:
    """Forget sources that no longer exist, and have their shards written again without them."""
    for identity, _, _ in gone:
        number = ledger.execute("SELECT shard FROM source WHERE id = ?", (identity,)).fetchone()[0]
        ledger.forget(identity)
        rest = ledger.execute("SELECT min(id) FROM source WHERE shard = ?", (number,)).fetchone()[0]
        if rest is None:
            for kind in (ARTICLES, JOURNAL):
                path_of(out, kind, number, output).unlink(missing_ok=True)
        else:
            ledger.execute("UPDATE source SET state = 'waiting' WHERE id = ? AND state = 'done'", (rest,))


def find_document(ledger: Ledger, out: Path, key: str) -> Document:
    """Return the document of a source, named by its key or, in a corpus file, by key#record.

    Raise CleanupError when there is none.
    """
    output: OutputFormat = ledger.fact("kind") or "jsonl"
    file_key = key
    row = ledger.execute("SELECT shard FROM source WHERE folder = ?", (os.fsencode(key),)).fetchone()
    if row is None and "#" in key:
        file_key = key.rpartition("#")[0]
        row = ledger.execute("SELECT shard FROM source WHERE folder = ?", (os.fsencode(file_key),)).fetchone()
    if row is None:
        raise CleanupError(f"{out} holds no source {key!r}")
    for found in chain(rows(path_of(out, JOURNAL, row[0], output))):
        if found["key"] == file_key:
            document = Document.from_json(found["document"].encode())
            if file_key == key or document.source.name.endswith("#" + key.rpartition("#")[2]):
                return document
    raise CleanupError(f"{out}: the journal has no document {key!r}")
