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
from cleanup.batch import targets, writing
from cleanup.batch.find import Search, find
from cleanup.batch.ledger import Entry, Ledger
from cleanup.batch.names import cause_of
from cleanup.batch.tally import Tally
from cleanup.batch.work import Cleaned, FolderCraft, Job
from cleanup.batch.workers import Outcome, work
from cleanup.document import CleanupError
from cleanup.journal import dumps
from cleanup.rulebook import load

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
    make_out(out)
    result = Result()
    with Ledger(out, write=True) as ledger:
        number = ledger.plan(find(paths, search), settings)
        for path, cause in ledger.failures(number):
            watch.failed(path, 0, cause)
        result.unchanged = ledger.count(number, "done")
        watch.planned(*ledger.measure(number))
        tasks = _tasks(ledger.left(number, settings), ledger)
        tried: set[int] = set()
        again: list[Entry] = []

        def next_task() -> list[Entry] | None:
            return [again.pop()] if again else next(tasks, None)

        for outcome in work(FolderCraft(job, out), next_task, manner.workers, manner.timeout):
            entry = outcome.item
            if outcome.lost and entry.id not in tried:
                tried.add(entry.id)  # a worker may die of what others left it; alone in a new one is a fair trial
                again.append(entry)
                continue
            _settle(outcome, ledger, settings, result, watch)
        if manner.prune:
            result.pruned = _prune(ledger, number, out)
        result.tally = ledger.tally(number)
        result.failures = list(ledger.failures(number))
        result.seconds = time.monotonic() - began
        writing.write(out / targets.RUN_RECORD, dumps(record(result, job, settings, manner)))
    return result


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


def _settle(outcome: Outcome[Entry], ledger: Ledger, settings: str, result: Result, watch: Watcher) -> None:
    """Write down how one source ended, and say so."""
    entry = outcome.item
    if outcome.cause:
        ledger.fail(entry.id, outcome.cause)
        watch.failed(entry.path, entry.size, outcome.cause)
        return
    cleaned: Cleaned = outcome.result
    if cleaned.same:
        ledger.keep(entry)
        result.unchanged += 1
    else:
        ledger.finish(
            entry,
            settings,
            digest=cleaned.digest,
            files=cleaned.files,
            confidence=cleaned.confidence,
            counts=cleaned.tally,
        )
        result.fresh.add(cleaned.tally)
    watch.done(entry.path, entry.size)


def _prune(ledger: Ledger, number: int, out: Path) -> int:
    """Remove the outputs of sources that no longer exist; return how many."""
    gone = 0
    for identity, _, folder in ledger.vanished(number):
        writing.remove_folder(out / folder, out)
        ledger.forget(identity)
        gone += 1
    return gone


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
