"""The whole batch: what is meant, what is left to do, and how it ended."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import cleanup
from cleanup.batch import targets, writing
from cleanup.batch.find import Search, find
from cleanup.batch.names import cause_of
from cleanup.batch.tally import Tally
from cleanup.batch.work import clean_file
from cleanup.document import CleanupError
from cleanup.formats import OutputFormat
from cleanup.journal import dumps
from cleanup.options import Options
from cleanup.pipeline import Pipeline


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be done with each source; sizes in bytes, times in seconds."""

    options: Options
    output: OutputFormat = "text"
    limit: int = 64_000_000
    force: bool = False


@dataclass(slots=True)
class Result:
    """How a batch ended: counts of what was done now, and every failure with its cause."""

    tally: Tally = field(default_factory=Tally)
    failures: list[tuple[str, str]] = field(default_factory=list)
    seconds: float = 0.0


class Watcher(Protocol):
    """Who is told how a batch goes on."""

    def done(self, name: str, size: int) -> None:
        """One source is done; `size` is in bytes."""

    def failed(self, name: str, cause: str) -> None:
        """One source failed."""


def run(paths: Sequence[str], out: Path, job: Job, search: Search, watch: Watcher) -> Result:
    """Clean all files that the paths mean into `out`; a file that fails never stops the others."""
    began = time.monotonic()
    pipeline = Pipeline(job.options)
    out.mkdir(parents=True, exist_ok=True)
    result = Result()
    taken: set[str] = set()
    for found in find(paths, search):
        folder = targets.target(found.name, taken.__contains__)
        taken.add(targets.key(folder))
        try:
            if found.problem:
                raise CleanupError(found.problem)
            cleaned = clean_file(
                pipeline,
                found.path,
                found.name,
                out / folder,
                output=job.output,
                limit=job.limit,
                force=job.force,
            )
        except (CleanupError, OSError, MemoryError) as error:
            result.failures.append((found.path, cause_of(error)))
            watch.failed(found.path, cause_of(error))
            continue
        result.tally.add(cleaned.tally)
        watch.done(found.path, cleaned.tally.size)
    result.seconds = time.monotonic() - began
    writing.write(out / targets.RUN_RECORD, dumps(record(result, pipeline)))
    return result


def record(result: Result, pipeline: Pipeline) -> dict[str, Any]:
    """Return what run.json holds."""
    return {
        "schema": 1,
        "version": cleanup.__version__,
        "rulebook": pipeline.rulebook.digest,
        "seconds": round(result.seconds, 3),
        "counts": {**result.tally.as_dict(), "failed": len(result.failures)},
        "failures": [{"source": os.fsdecode(name), "cause": cause} for name, cause in result.failures],
    }
