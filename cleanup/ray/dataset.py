"""A Ray Dataset of texts into a Dataset of cleaned sources, and the three tables in it.

All of it is lazy, as Datasets are; nothing here reads or writes a file.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cleanup.batch.reading import MEGABYTE
from cleanup.document import CleanupError
from cleanup.options import Options
from cleanup.ray.actor import Cleaner
from cleanup.ray.luggage import pack
from cleanup.ray.tables import article_table, failure_table, journal_table
from cleanup.settings import load_options

# rows an actor is handed at a time: seconds of work, so that handing over costs next to nothing, and so much is done
# again when an actor is lost
BATCH = 32
GIGABYTE = 1_000_000_000


def library() -> Any:
    """Return ray with ray.data; raise CleanupError when it is not installed."""
    try:
        import ray
        import ray.data
    except ImportError:
        raise CleanupError('Ray needs the ray extra: pip install "hanzi-cleanup[ray]"') from None
    return ray


def clean_dataset(
    ds: Any,
    *,
    column: str = "text",
    name_column: str | None = None,
    settings: Options | Path | str | None = None,
    workers: int | tuple[int, int] | None = None,
    limit: int = 64 * MEGABYTE,
    timeout: float | None = 300.0,
    memory: int = 2 * GIGABYTE,
) -> Any:
    """Return a Dataset with a row for each row of `ds`: `key`, `source`, `sha256`, `size`, `articles`, `document`,
    `counts`, `cause`.

    `column` holds texts, or bytes whose encoding is found; `name_column` what a source is called. `settings` are
    options, or a settings file. A row that fails has its cause and never fails the job. `workers` is how many actors,
    or from how many to how many; by default up to one a core of the cluster. Each takes a core; its pipeline has
    `memory` bytes, and what needs more fails by itself. `limit` is in bytes, `timeout` in seconds a row. Raise
    CleanupError for bad settings, and in the job when a worker's version or rules are not those of this process.
    """
    ray = library()
    options = settings if isinstance(settings, Options) else load_options(Path(settings)) if settings else Options()
    if workers is None:
        workers = (1, max(1, int(ray.cluster_resources().get("CPU", 1))))
    least, most = (workers, workers) if isinstance(workers, int) else workers
    # one task at a time: a task takes seconds, and what is handed out early waits behind them while others are idle
    pool = ray.data.ActorPoolStrategy(min_size=least, max_size=most, max_tasks_in_flight_per_actor=1)
    return ds.map_batches(
        Cleaner,
        fn_constructor_args=(pack(options), column, name_column, limit, timeout, memory),
        batch_size=BATCH,
        batch_format="pyarrow",
        compute=pool,
        num_cpus=1,
        memory=memory,
    )


def articles(cleaned: Any) -> Any:
    """Return the Dataset of articles of what `clean_dataset` returned, a row an article."""
    return cleaned.map_batches(article_table, batch_format="pyarrow", batch_size=None)


def journal(cleaned: Any) -> Any:
    """Return the Dataset of journals of what `clean_dataset` returned, a row for each source that was cleaned."""
    return cleaned.map_batches(journal_table, batch_format="pyarrow", batch_size=None)


def failures(cleaned: Any) -> Any:
    """Return the Dataset of failures of what `clean_dataset` returned, a row for each source that was not cleaned."""
    return cleaned.map_batches(failure_table, batch_format="pyarrow", batch_size=None)
