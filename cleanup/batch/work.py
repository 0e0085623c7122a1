"""One source from bytes to files, with the proof that the bytes can be had back. It runs in a worker process."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from cleanup.batch import reading, writing
from cleanup.batch.decided import decisions_of, without_decisions
from cleanup.batch.ledger import Entry
from cleanup.batch.reading import SourceError
from cleanup.batch.tally import Tally, confidence, tally
from cleanup.batch.worker import Beat
from cleanup.decisions import Decisions
from cleanup.document import CleanupError, Document
from cleanup.formats import InputFormat, OutputFormat, input_format, markdown, text
from cleanup.formats.binary import reads_as_binary
from cleanup.formats.packed import unpack_errors
from cleanup.formats.records import Record, records
from cleanup.journal import JournalError, joined, undo
from cleanup.options import Options
from cleanup.pipeline import Pipeline
from cleanup.wording import cause_of, cause_with_place, fault

Render = Callable[[Document], list[tuple[str, bytes]]]
RENDER: dict[OutputFormat, Render] = {"text": text.files, "markdown": markdown.files}


@dataclass(frozen=True, slots=True)
class Job:
    """What is done with each source.

    `limit` is in bytes, counted after unpacking; `read_as` is found by the file's name when it is None. `text_field`
    names the field of a record that holds the text, `name_field` the one that holds its name. `shard` is how many bytes
    of sources go into one file of records. `decisions` is a folder of decisions files.
    """

    options: Options = field(default_factory=Options)
    output: OutputFormat = "text"
    limit: int = 64 * reading.MEGABYTE
    force: bool = False
    read_as: InputFormat | None = None
    text_field: str = "text"
    name_field: str = "id"
    shard: int = 16 * reading.MEGABYTE
    decisions: Path | None = None


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What became of one source: the digest of its bytes, how many files were written, and what was counted.

    `same` tells that the bytes are those of the last time, so that nothing was done.
    """

    digest: str
    files: int = 0
    tally: Tally = field(default_factory=Tally)
    confidence: float = 1.0
    same: bool = False


def clean_source(pipeline: Pipeline, raw: bytes, name: str, decisions: Decisions | None = None) -> Document:
    """Clean the bytes of one source and prove the way back.

    Raise SourceError when the bytes are no text or the document does not lead back to them, DecisionsError when the
    user's decisions do not fit them.
    """
    document = pipeline.clean(raw, name, decisions)
    if not document.original.strip():
        raise SourceError("empty: nothing but white space")
    if reads_as_binary(raw, document.original, document.source):
        raise SourceError("not text: most of its bytes belong to no character of any known encoding")
    try:
        proved = undo(document) == raw and joined(document.articles) == document.text
    except JournalError:
        proved = False
    if not proved:
        raise SourceError("nothing written: the source could not be restored from the result; please report this file")
    return document


def documents(pipeline: Pipeline, path: str, name: str, job: Job) -> Iterator[tuple[str, Document | CleanupError]]:
    """Yield the documents of a file, each with its name: one for a text, one for each record of a corpus file.

    A record that fails is yielded with its error. Raise SourceError for a file that cannot be read or cleaned.
    """
    read_as = job.read_as or input_format(name)
    if read_as == "text":
        yield name, clean_source(pipeline, reading.read(path, job.limit), name, decisions_of(path, name, job.decisions))
        return
    without_decisions(path, name, job.decisions)
    for record in corpus(path, read_as, job):
        try:
            yield record.name, clean_record(pipeline, record, name, job)
        except CleanupError as error:
            yield record.name, error


def corpus(path: str, read_as: InputFormat, job: Job) -> Iterator[Record]:
    """Yield the records of a corpus file; raise SourceError where it cannot be read on."""
    with reading.opened(path) as stream:
        try:
            yield from records(stream, read_as, job.text_field, job.name_field, job.limit)
        except unpack_errors() as error:
            raise SourceError(f"damaged: {cause_of(error)}") from None


def clean_record(pipeline: Pipeline, record: Record, file_name: str, job: Job) -> Document:
    """Clean one record of a corpus file; its source is the text of the record as UTF-8. Raise SourceError."""
    if record.problem:
        raise SourceError(record.problem)
    raw = reading.checked(record.text.encode("utf-8", "surrogatepass"), job.limit)
    return clean_source(pipeline, raw, f"{file_name}#{record.name}")


def warm(pipeline: Pipeline) -> Pipeline:
    """Have a pipeline load what it loads at its first use, so that no source is late for it; return it."""
    with suppress(Exception):  # a stage of the user's own may fail at anything, and will be named where it does
        pipeline.clean("第一版\n\n一个隊伍，1 人。\n")
    return pipeline


Ended = list[tuple[int, Cleaned | str]]


@dataclass(frozen=True, slots=True)
class Group:
    """Sources that one worker is handed together, so that their files are flushed together."""

    entries: tuple[Entry, ...]

    def at(self, beat: int) -> Entry:
        """Return the source that was in work at a beat."""
        return self.entries[beat]

    def without(self, beat: int) -> Group:
        """Return the group without the source at which a worker was lost."""
        return Group(self.entries[:beat] + self.entries[beat + 1 :])


@dataclass(frozen=True, slots=True)
class FolderCraft:
    """Cleans each file of a group into a folder of its own, below `out`; set up once in each worker.

    Returns (id, result or cause of failure) for each source.
    """

    job: Job
    out: Path

    def begin(self) -> Callable[[Group, Beat], Ended]:
        """Build the pipeline and return what cleans one group."""
        pipeline = warm(Pipeline(self.job.options))
        return lambda group, beat: clean_group(pipeline, group, self.out, self.job, beat)


def clean_group(pipeline: Pipeline, group: Group, out: Path, job: Job, beat: Beat) -> Ended:
    """Clean the sources of a group; one that fails does not stop the others."""
    waiting = writing.Waiting()
    ended: dict[int, Cleaned | str] = {}
    for number, entry in enumerate(group.entries):
        beat(number)
        try:
            if (job.read_as or input_format(entry.name)) == "text":
                ended[entry.id] = clean_file(pipeline, entry, out / entry.folder, job, waiting)
            else:
                ended[entry.id] = clean_corpus(pipeline, entry, out / entry.folder, job, lambda: beat(number))  # noqa: B023
        except (CleanupError, OSError, MemoryError) as error:
            ended[entry.id] = cause_with_place(error)
        except Exception as error:
            ended[entry.id] = fault(error)
    ended |= {identity: cause_with_place(error) for identity, error in waiting.publish().items()}
    return list(ended.items())


def clean_file(pipeline: Pipeline, entry: Entry, folder: Path, job: Job, waiting: writing.Waiting) -> Cleaned:
    """Clean one file into a folder; raise SourceError, TargetError or OSError, with nothing half-written."""
    raw = reading.read(entry.path, job.limit)
    decisions = decisions_of(entry.path, entry.name, job.decisions)
    digest = digest_of(raw, decisions)
    if digest == entry.digest and writing.complete(folder):
        return Cleaned(digest, same=True)
    document = clean_source(pipeline, raw, entry.name, decisions)
    files = RENDER[job.output](document)
    waiting.add(entry.id, folder, files, job.force)
    return Cleaned(digest, len(files), tally(document, pipeline.options.threshold), confidence(document))


def digest_of(raw: bytes, decisions: Decisions | None) -> str:
    """Return the digest by which a source that has not changed is known: of its bytes and of the decisions about it."""
    decided = b"" if decisions is None else repr(decisions.entries).encode("utf-8", "surrogatepass")
    return hashlib.sha256(raw + decided).hexdigest()


def clean_corpus(pipeline: Pipeline, entry: Entry, folder: Path, job: Job, beat: Callable[[], None]) -> Cleaned:
    """Clean each record of a file into a folder below `folder`, named by its number.

    A record that fails does not stop the others; SourceError names the first one when all is done.
    """
    without_decisions(entry.path, entry.name, job.decisions)
    total = Tally()
    sure, files, number = 1.0, 0, 0
    failed, first = 0, ""
    for number, record in enumerate(corpus(entry.path, job.read_as or input_format(entry.name), job), 1):
        beat()
        try:
            document = clean_record(pipeline, record, entry.name, job)
            written = RENDER[job.output](document)
            writing.write_folder(folder / f"{number:06d}", written, job.force)
        except CleanupError as error:
            failed, first = failed + 1, first or f"record {record.name}: {cause_of(error)}"
            continue
        total.add(tally(document, pipeline.options.threshold))
        sure, files = min(sure, confidence(document)), files + len(written)
    read = number
    while writing.complete(folder / f"{number + 1:06d}"):
        number += 1
        writing.remove_folder(folder / f"{number:06d}", folder)
    if failed:
        raise SourceError(f"{failed} of {read} records failed, the others are done; first {first}")
    return Cleaned("", files, total, sure)
