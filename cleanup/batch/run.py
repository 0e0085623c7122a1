"""The whole batch: what is meant, what is left to do, who does it, and how it ended."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import cleanup
from cleanup.batch import shards, targets, writing
from cleanup.batch.find import Search, find
from cleanup.batch.ledger import FOLDERS, Entry, Ledger
from cleanup.batch.shards import Shard, ShardCraft
from cleanup.batch.tally import Tally
from cleanup.batch.work import Cleaned, FolderCraft, Job
from cleanup.batch.workers import work
from cleanup.document import CleanupError
from cleanup.formats import FOLDER_FORMATS
from cleanup.journal import dumps
from cleanup.rulebook import load
from cleanup.wording import cause_of

TASK_BYTES = 1_000_000  # of source handed to a worker at a time: seconds of work, so that handing over costs nothing
TASK_FILES = 256


@dataclass(frozen=True, slots=True)
class Manner:
    """How a batch is run: how many workers, how many seconds a source may take, whether old outputs are removed."""

    workers: int = field(default_factory=lambda: os.cpu_count() or 1)
    timeout: float | None = 300.0
    prune: bool = False


@dataclass(slots=True)
class Result:
    """How a batch ended. `tally` counts all sources that are done, `fresh` those done now, `unchanged` from before."""

    tally: Tally = field(default_factory=Tally)
    fresh: Tally = field(default_factory=Tally)
    unchanged: int = 0
    pruned: int = 0
    failures: list[tuple[str, str]] = field(default_factory=list)
    seconds: float = 0.0


class Watcher(Protocol):
    """Who is told how a batch goes on; sizes in bytes."""

    def planned(self, files: int, size: int) -> None:
        """So much is left to do."""

    def done(self, name: str, size: int) -> None:
        """One source is done."""

    def failed(self, name: str, size: int, cause: str) -> None:
        """One source failed."""


def fingerprint(job: Job) -> str:
    """Return the digest of everything but the source that an output depends on.

    These are the version, the rules, the options, the language model if it is the user's, and the output format.
    """
    digest = hashlib.sha256(f"{cleanup.__version__}\n{load(*job.options.rules).digest}\n".encode())
    digest.update(repr(settled(job)).encode("utf-8", "surrogateescape"))
    if job.options.model is not None:
        try:
            digest.update(hashlib.sha256(job.options.model.read_bytes()).digest())
        except OSError as error:
            raise CleanupError(f"{job.options.model}: {cause_of(error)} (setting `model`)") from None
    return digest.hexdigest()


def settled(job: Job) -> dict[str, Any]:
    """Return the settings of a job that decide about its output, as plain values in a fixed order."""
    values: dict[str, Any] = {}
    for name in sorted(job.options.__dataclass_fields__):
        value = getattr(job.options, name)
        values[name] = sorted(map(str, value)) if isinstance(value, (frozenset, tuple)) else value
        if isinstance(value, Path):
            values[name] = str(value)
    return {**values, "output": job.output, "text_field": job.text_field, "name_field": job.name_field}


def run(paths: Sequence[str], out: Path, job: Job, *, search: Search, manner: Manner, watch: Watcher) -> Result:
    """Clean all files that the paths mean into `out`; a file that fails never stops the others.

    What was done before under the same settings and has not changed is not done again. Raise CleanupError when the
    output folder, the settings or the rules are not fit for use.
    """
    began = time.monotonic()
    settings = fingerprint(job)
    in_folders = job.output in FOLDER_FORMATS
    make_out(out)
    with Ledger(out, write=True) as ledger:
        number = ledger.plan(find(paths, search), settings, FOLDERS if in_folders else job.output)
        if not in_folders:
            shards.assign(ledger, job.shard)
            shards.revive(ledger, out, job.output)
        gone = list(ledger.vanished(number)) if manner.prune else []
        if in_folders:
            for identity, _, folder in gone:
                writing.remove_folder(out / folder, out)
                ledger.forget(identity)
        else:
            shards.prune(ledger, gone, out, job.output)
        for path, cause in ledger.failures(number):
            watch.failed(path, 0, cause)
        result = Result(unchanged=ledger.count(number, "done"), pruned=len(gone))
        watch.planned(*ledger.measure(number))
        book = Book(ledger, settings, result, watch)
        if in_folders:
            into_folders(book, out, job, manner, number)
        else:
            into_shards(book, out, job, manner)
        result.tally = ledger.tally(number)
        result.failures = list(ledger.failures(number))
        result.seconds = time.monotonic() - began
        writing.write(out / targets.RUN_RECORD, dumps(record(result, job, settings, manner)))
    return result


@dataclass(frozen=True, slots=True)
class Book:
    """Where results are written down, and who is told."""

    ledger: Ledger
    settings: str
    result: Result
    watch: Watcher

    def settle(self, entry: Entry, ended: Cleaned | str) -> None:
        """Write down how one source ended, with its result or with the cause of its failure, and say so."""
        if isinstance(ended, str):
            self.ledger.fail(entry.id, ended)
            self.watch.failed(entry.path, entry.size, ended)
            return
        if ended.same:
            self.ledger.keep(entry)
            self.result.unchanged += 1
        else:
            self.ledger.finish(
                entry,
                self.settings,
                digest=ended.digest,
                files=ended.files,
                confidence=ended.confidence,
                counts=ended.tally,
            )
            self.result.fresh.add(ended.tally)
        self.watch.done(entry.path, entry.size)


def into_folders(book: Book, out: Path, job: Job, manner: Manner, number: int) -> None:
    """Have every source that is left cleaned into a folder of its own."""
    tasks = _tasks(book.ledger.left(number, book.settings), book.ledger)
    tried: set[int] = set()
    again: list[Entry] = []

    def next_task() -> list[Entry] | None:
        return [again.pop()] if again else next(tasks, None)

    for outcome in work(FolderCraft(job, out), next_task, manner.workers, manner.timeout):
        entry = outcome.item
        if outcome.end == "lost" and entry.id not in tried:
            tried.add(entry.id)  # a worker may die of what others left it; a second one is a fair trial
            again.append(entry)
        else:
            book.settle(entry, outcome.cause or outcome.result)


def into_shards(book: Book, out: Path, job: Job, manner: Manner) -> None:
    """Have every shard written in which something is left to do."""
    waiting = shards.left(book.ledger, book.settings)
    tried: set[int] = set()
    again: list[Shard] = []

    def next_task() -> list[Shard] | None:
        if again:
            return [again.pop()]
        shard = next(waiting, None)
        return None if shard is None else [shard]

    for outcome in work(ShardCraft(job, out), next_task, manner.workers, manner.timeout):
        shard = outcome.item
        entries = {member.entry.id: member.entry for member in shard.members if member.stale}
        if outcome.end == "done":
            for identity, ended in outcome.result:
                book.settle(entries[identity], ended)
        elif outcome.end == "lost" and (shard.number not in tried or outcome.beat < 0):
            tried.add(shard.number)
            again.append(shard)
        elif outcome.end == "failed":
            for entry in entries.values():
                book.settle(entry, outcome.cause)
        else:  # one source is to blame; the others have another try without it
            book.settle(shard.members[outcome.beat].entry, outcome.cause)
            again.append(shard.without(outcome.beat))


def make_out(out: Path) -> None:
    """Make the output folder and clear what an interrupted run left in it; raise CleanupError when that cannot be."""
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CleanupError(f"{out}: {cause_of(error)}") from None
    writing.clear_temporary(out)


def _tasks(entries: Iterator[Entry], ledger: Ledger) -> Iterator[list[Entry]]:
    """Yield what one worker is handed at a time, and write down that it is in hand."""
    task: list[Entry] = []
    for entry in entries:
        task.append(entry)
        if sum(other.size for other in task) >= TASK_BYTES or len(task) >= TASK_FILES:
            ledger.begin(other.id for other in task)
            yield task
            task = []
    if task:
        ledger.begin(other.id for other in task)
        yield task


def record(result: Result, job: Job, settings: str, manner: Manner) -> dict[str, Any]:
    """Return what run.json holds."""
    return {
        "schema": 1,
        "version": cleanup.__version__,
        "rulebook": load(*job.options.rules).digest,
        "settings": settled(job),
        "settings_digest": settings,
        "counts": {**result.tally.as_dict(), "failed": len(result.failures)},
        "this_run": {**result.fresh.as_dict(), "unchanged": result.unchanged, "pruned": result.pruned},
        "seconds": round(result.seconds, 3),
        "workers": manner.workers,
        "failures": [{"source": name, "cause": cause} for name, cause in result.failures],
    }
