"""Many sources for a program: documents one after another, from worker processes, with bounded memory."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from cleanup.batch import reading
from cleanup.batch.reading import MEGABYTE, SourceError
from cleanup.batch.work import clean_source
from cleanup.batch.worker import Beat
from cleanup.batch.workers import Outcome, work
from cleanup.document import CleanupError, Document
from cleanup.options import Options
from cleanup.pipeline import Pipeline
from cleanup.wording import cause_of, shown

Item = Path | str | bytes
OnError = Callable[[Item, CleanupError], None]
AHEAD = 4  # items in hand for each worker: enough that none waits, few enough to bound memory


def stream(
    items: Iterable[Item],
    options: Options | None = None,
    *,
    workers: int = 1,
    order: Literal["kept", "free"] = "kept",
    on_error: OnError | None = None,
    timeout: float | None = None,
    limit: int = 64 * MEGABYTE,
) -> Iterator[Document]:
    """Yield the document of each item: a Path is a file to read, a str is text, bytes are the bytes of a source.

    With one worker the work is done in this process, else in `workers` processes; never more than a few items for each
    are in hand. `order` "kept" yields in the order of the items, "free" as they are ready. An item that fails is handed
    to `on_error` with its error and left out; without `on_error` the error is raised: SourceError for what cannot be
    read or takes longer than `timeout` seconds. `limit` is in bytes.

    >>> [document.text for document in stream(["短短 114 个小时。", "共 3 人。"])]
    ['短短114个小时。\\n', '共3人。\\n']
    """
    if workers == 1:
        yield from _here(items, options, on_error, limit)
    elif workers < 1:
        raise CleanupError(f"workers = {workers}: at least one is needed")
    else:
        yield from _elsewhere(
            items, StreamCraft(options, limit), workers, order=order, on_error=on_error, timeout=timeout
        )


def _here(items: Iterable[Item], options: Options | None, on_error: OnError | None, limit: int) -> Iterator[Document]:
    pipeline = Pipeline(options)
    for item in items:
        try:
            document = clean_item(pipeline, item, limit)
        except CleanupError as error:
            if on_error is None:
                raise
            on_error(item, error)
            continue
        yield document


def clean_item(pipeline: Pipeline, item: Item, limit: int) -> Document:
    """Clean one item; raise SourceError, its text beginning with the file's name where there is one."""
    if isinstance(item, str):
        return pipeline.clean(item)
    if isinstance(item, bytes):
        return clean_source(pipeline, item, "")
    try:
        return clean_source(pipeline, reading.read(os.fspath(item), limit), item.name)
    except CleanupError as error:
        raise SourceError(f"{shown(item)}: {cause_of(error)}") from None


@dataclass(frozen=True, slots=True)
class StreamCraft:
    """Cleans items; set up once in each worker."""

    options: Options | None
    limit: int

    def begin(self) -> Callable[[tuple[int, Item], Beat], Document]:
        """Build the pipeline and return what cleans one numbered item."""
        pipeline = Pipeline(self.options)
        return lambda numbered, beat: clean_item(pipeline, numbered[1], self.limit)


def _elsewhere(
    items: Iterable[Item],
    craft: StreamCraft,
    workers: int,
    *,
    order: Literal["kept", "free"],
    on_error: OnError | None,
    timeout: float | None,
) -> Iterator[Document]:
    numbered = enumerate(items)
    given = yielded = 0
    tried: set[int] = set()
    again: list[tuple[int, Item]] = []
    ready: dict[int, Outcome[tuple[int, Item]]] = {}

    def next_task() -> list[tuple[int, Item]] | None:
        nonlocal given
        if again:
            return [again.pop()]
        if given - yielded >= workers * AHEAD:
            return None
        item = next(numbered, None)
        if item is None:
            return None
        given += 1
        return [item]

    for outcome in work(craft, next_task, workers, timeout):
        number, item = outcome.item
        if outcome.end == "lost" and number not in tried:
            tried.add(number)
            again.append(outcome.item)
            continue
        ready[number] = outcome
        while (number := yielded if order == "kept" else next(iter(ready), -1)) in ready:
            ended = ready.pop(number)
            yielded += 1
            if ended.end == "done":
                yield ended.result
                continue
            item = ended.item[1]
            name = f"{shown(item)}: " if isinstance(item, Path) and not ended.cause.startswith(shown(item)) else ""
            error = SourceError(f"{name}{ended.cause}")
            if on_error is None:
                raise error
            on_error(item, error)
