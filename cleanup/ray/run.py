"""The whole job of `cleanup run --engine ray`: what is meant, what is left to do, and how it ended.

Sharing out, retries, back-pressure and memory are Ray's; nothing here cleans.
"""

from __future__ import annotations

import json
import logging
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from cleanup.batch import run as batch
from cleanup.batch import targets
from cleanup.batch.find import Found, Search
from cleanup.batch.run import Manner, Result, Watcher
from cleanup.batch.tally import Tally
from cleanup.batch.work import Job
from cleanup.document import CleanupError
from cleanup.formats.shards import ROW_GROUP, Row
from cleanup.journal import dumps
from cleanup.ray.dataset import clean_dataset, library
from cleanup.ray.reading import LISTING, REMOTE, TOGETHER, Marks, files, source_rows
from cleanup.ray.writing import held, place_of, system_of, write_bytes, write_shards
from cleanup.settings import DEFAULT, Value

LISTED = 1000  # files named together to one task that reads
SHARES = 8  # tasks that read, for each worker, where there are few files


@dataclass(frozen=True, slots=True)
class Cluster:
    """Where a job runs: the address of a cluster, or none for one of this machine, for as long as the job takes.

    `workers` is how many actors clean; 0 for one a core of the cluster.
    """

    address: str | None = None
    workers: int = 0


def only_tables(values: Mapping[str, Value], asked: Mapping[str, bool]) -> None:
    """Raise CleanupError for options that mean folders on one machine; `asked` tells which were given."""
    form = values["format"]
    if form.origin != DEFAULT and form.value != "parquet":
        raise CleanupError(f"--engine ray writes Parquet; {form.value!r} ({form.origin}) is for the local engine")
    for name in (name for name in ("pages", *asked) if asked.get(name) or (name in values and values[name].value)):
        raise CleanupError(f"--{name} is for the local engine; leave it out with --engine ray")


def run(
    paths: Sequence[str], out: Path | str, job: Job, *, search: Search, manner: Manner, cluster: Cluster, watch: Watcher
) -> Result:
    """Clean all that the paths mean into tables below `out`, a path or a URI; a source that fails never stops the job.

    What `out` holds already is not done again. Raise CleanupError when `out` holds the work of other settings, when
    workers are not fit for the job, and when Ray cannot be had.
    """
    began = time.monotonic()
    out = place_of(out)
    job = replace(job, output="parquet")
    settings = batch.fingerprint(job)
    with running(cluster) as ray:
        manner = replace(manner, workers=cluster.workers or max(1, int(ray.cluster_resources().get("CPU", 1))))
        _same_settings(out, settings)
        before = held(out)
        write_bytes(dumps({"schema": 1, "settings_digest": settings}), out, targets.RUN_RECORD)
        result = Result(unchanged=len(before.marks))
        result.tally.add(before.tally)
        listing = list(files(paths, search))
        watch.planned(len(listing), _size(listing))
        try:
            for row in _written(ray, listing, out, job, manner, before.marks):
                _settle(row, result, watch)
        except ray.exceptions.RayTaskError as error:
            if isinstance(error.cause, CleanupError):
                raise CleanupError(str(error.cause)) from None
            raise
        result.seconds = time.monotonic() - began
        write_bytes(dumps(batch.record(result, job, settings, manner)), out, targets.RUN_RECORD)
    return result


def _written(ray: Any, listing: list[Found], out: str, job: Job, manner: Manner, marks: Marks) -> Iterator[Row]:
    """Yield what became of each source, as shards are written."""
    if not listing:
        return
    done = ray.put(marks) if len(marks) else None
    at_once = max(1, manner.workers // 4)  # reading and writing take a small part of the time that cleaning takes
    pool = ray.data.TaskPoolStrategy(size=at_once)
    named = ray.data.from_arrow(list(_listed(listing, manner.workers)))
    # a block is what an actor is handed at a time and what is done again when it is lost; Ray's own measure for blocks
    # that are read would be half an hour of cleaning
    named.context.target_max_block_size = TOGETHER
    named.context.raise_original_map_exception = True  # so that a worker's complaint is known as what it is
    found = named.map_batches(
        source_rows,
        fn_kwargs={"job": job, "done": done},
        batch_size=None,
        batch_format="pyarrow",
        num_cpus=0,
        compute=pool,
    )
    cleaned = clean_dataset(
        found,
        column="raw",
        name_column="source",
        settings=job.options,
        workers=manner.workers,
        limit=job.limit,
        timeout=manner.timeout,
    )
    written = cleaned.map_batches(
        write_shards,
        fn_kwargs={"out": out, "size": job.shard},
        batch_size=ROW_GROUP,
        batch_format="pyarrow",
        num_cpus=0,
        compute=pool,
    )
    for block in written.iter_batches(batch_size=None, batch_format="pyarrow"):
        yield from block.to_pylist()


def _listed(listing: list[Found], workers: int) -> Iterator[Any]:
    """Yield the files as tables, each for one task; the tasks of few files are small, so that all workers have some."""
    import pyarrow

    size = max(1, min(LISTED, len(listing) // (SHARES * workers)))
    schema = pyarrow.schema([(name, pyarrow.string()) for name in LISTING])
    for at in range(0, len(listing), size):
        rows = [{"path": one.path, "name": one.name, "problem": one.problem} for one in listing[at : at + size]]
        yield pyarrow.Table.from_pylist(rows, schema=schema)


def _settle(row: Row, result: Result, watch: Watcher) -> None:
    """Count one source and say how it ended."""
    if row["cause"] is not None:
        result.failures.append((row["source"], row["cause"]))
        watch.failed(row["source"], row["size"], row["cause"])
        return
    counts = Tally(**row["counts"])
    result.tally.add(counts)
    result.fresh.add(counts)
    watch.done(row["source"], row["size"])


def _size(listing: list[Found]) -> int:
    """Return the bytes of the files of this machine; those elsewhere are not asked."""
    paths = (Path(found.path) for found in listing if not found.problem and REMOTE not in found.path)
    return sum(path.stat().st_size for path in paths if path.is_file())


def _same_settings(out: str, settings: str) -> None:
    """Raise CleanupError when a folder holds what was made by other settings, rules or another version."""
    from pyarrow import fs

    system, folder = system_of(out)
    place = f"{folder}/{targets.RUN_RECORD}"
    if system.get_file_info(place).type != fs.FileType.File:
        return
    with system.open_input_file(place) as stream:
        before = json.loads(stream.read()).get("settings_digest")
    if before != settings:
        raise CleanupError(
            f"{out} holds the work of other settings, rules or another version; name another folder with -o"
        )


@contextmanager
def running(cluster: Cluster) -> Iterator[Any]:
    """Join a cluster, or start one on this machine, and leave or end it afterwards; raise CleanupError without Ray."""
    ray = library()
    if ray.is_initialized():
        yield ray
        return
    try:
        if cluster.address is None:
            cores = cluster.workers or os.cpu_count()
            ray.init(num_cpus=cores, include_dashboard=False, log_to_driver=False, logging_level="error")
        else:
            ray.init(address=cluster.address, log_to_driver=False, logging_level="error")
    except Exception as error:  # Ray raises whatever its parts raise, down to Exception itself
        where = cluster.address or "this machine"
        raise CleanupError(f"no Ray cluster at {where}: {' '.join(str(error).split())} (option --address)") from None
    try:
        context = ray.data.DataContext.get_current()
        context.enable_progress_bars = False
        logging.getLogger("ray.data").setLevel(logging.ERROR)  # how the job goes on is said by who runs it
        yield ray
    finally:
        ray.shutdown()
