"""The whole batch: what is meant, what is left to do, who does it, and how it ended."""

from __future__ import annotations

import hashlib
import os
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any, Protocol

import cleanup
from cleanup.batch import reading, shards, targets, writing
from cleanup.batch.decided import with_decisions
from cleanup.batch.find import Search, find
from cleanup.batch.ledger import FOLDERS, Entry, Ledger
from cleanup.batch.shards import Shard, ShardCraft
from cleanup.batch.tally import Tally
from cleanup.batch.work import Cleaned, FolderCraft, Group, Job
from cleanup.batch.worker import Craft
from cleanup.batch.workers import work
from cleanup.document import CleanupError
from cleanup.formats import FOLDER_FORMATS
from cleanup.journal import dumps
from cleanup.rulebook import load
from cleanup.wording import cause_of, shown

# what a worker is handed at a time: seconds of work, so that handing over and flushing cost next to nothing; towards
# the end less and less, so that the workers end together, but never less than pays for starting one
GROUP_BYTES = 1_000_000
LAST_BYTES = 100_000
GROUP_FILES = 64


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
    for path in paths:
        if os.path.isdir(path) and os.path.samefile(path, out):  # noqa: PTH112, PTH121 - a path may be a glob
            raise CleanupError(f"{shown(out)} is the folder to read and the one to write to; name another one with -o")
    with Ledger(out, write=True) as ledger:
        if reading.STDIN in paths:
            ledger.stdin = out / f"{writing.TEMPORARY}stdin"  # a worker's own standard input is taken
            writing.spool(sys.stdin.buffer, ledger.stdin)
        found = with_decisions(find(paths, search), job.decisions)
        number = ledger.plan(found, settings, FOLDERS if in_folders else job.output)
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
        files, size = ledger.measure(number)
        watch.planned(files, size)
        book = Book(ledger, settings, result, watch)
        try:
            if in_folders:
                groups = _groups(ledger.left(number, settings), ledger, size, manner.workers)
                carry_out(book, FolderCraft(job, out), groups, manner)
            else:
                carry_out(book, ShardCraft(job, out), shards.left(ledger, settings), manner)
        except BaseException:  # the workers are ended; what they had in hand is half-written under temporary names
            for folder in ("", *ledger.in_hand()):
                writing.clear_temporary(out / folder)
            raise
        result.tally = ledger.tally(number)
        result.failures = list(ledger.failures(number))
        result.seconds = time.monotonic() - began
        writing.clear_temporary(out)
        writing.write(out / targets.RUN_RECORD, dumps(record(result, job, settings, manner)))
    return result


@dataclass(frozen=True, slots=True)
class Book:
    """Where results are written down, and who is told."""

    ledger: Ledger
    settings: str
    result: Result
    watch: Watcher

    def settle(self, all_ended: Iterable[tuple[Entry, Cleaned | str]]) -> None:
        """Write down how sources ended, each with its result or with the cause of its failure, and say so."""
        self.ledger.execute("BEGIN")
        for entry, ended in all_ended:
            self._settle(entry, ended)
        self.ledger.execute("COMMIT")

    def _settle(self, entry: Entry, ended: Cleaned | str) -> None:
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


def carry_out(book: Book, craft: Craft, groups: Iterator[Group] | Iterator[Shard], manner: Manner) -> None:
    """Have all groups done by workers, and write down how each source ended.

    A group whose worker was lost has a second try, since a worker may die of what others left it. Then the source
    that was in work is to blame, as it is when time runs out, and the others have another try without it.
    """
    tried: set[int] = set()
    again: list[Group | Shard] = []

    def next_task() -> list[Group | Shard] | None:
        if again:
            return [again.pop()]
        for group in groups:
            return [group]
        return None

    with closing(work(craft, next_task, manner.workers, manner.timeout)) as outcomes:
        for outcome in outcomes:
            group = outcome.item
            if outcome.end == "done":
                ended = dict(outcome.result)
                book.settle([(entry, ended[entry.id]) for entry in group.entries])
            elif outcome.end == "failed":
                book.settle([(entry, outcome.cause) for entry in group.entries])
            else:
                beat = max(outcome.beat, 0)
                to_blame = group.at(beat)
                if outcome.end == "lost" and to_blame.id not in tried:
                    tried.add(to_blame.id)
                    again.append(group)
                else:
                    book.settle([(to_blame, outcome.cause)])
                    again.append(group.without(beat))


def make_out(out: Path) -> None:
    """Make the output folder and clear what an interrupted run left in it; raise CleanupError when that cannot be."""
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CleanupError(f"{out}: {cause_of(error)}") from None
    writing.clear_temporary(out)


def _groups(entries: Iterator[Entry], ledger: Ledger, left: int, workers: int) -> Iterator[Group]:
    """Yield what one worker is handed at a time, and write down that it is in hand; `left` bytes are to be shared."""
    group: list[Entry] = []
    size = 0
    for entry in chain(entries, [None]):
        most = min(GROUP_BYTES, max(LAST_BYTES, left // (2 * workers)))
        if group and (entry is None or size + entry.size > most or len(group) == GROUP_FILES):
            ledger.begin(other.id for other in group)
            yield Group(tuple(group))
            left -= size
            group, size = [], 0
        if entry is not None:
            group.append(entry)
            size += entry.size


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
