"""One worker of a cluster: it hands rows to a pipeline in a process of its own and takes what became of them.

The process apart is what lets a row that crashes, hangs or eats all memory fail by itself: Ray gives a task whose actor
died to the next actor, and such a row would take one after another with it. Nothing here knows where rows come from.
"""

from __future__ import annotations

import atexit
import tempfile
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cleanup.batch.reading import checked
from cleanup.batch.work import clean_source, warm
from cleanup.batch.worker import Beat
from cleanup.batch.workers import Outcome, work
from cleanup.formats.shards import Row
from cleanup.pipeline import Pipeline
from cleanup.ray import attempts
from cleanup.ray.luggage import Luggage, unpack
from cleanup.ray.tables import cleaned_row, cleaned_schema, failed_row


@dataclass(frozen=True, slots=True)
class Item:
    """One row on its way to the process: its place in the batch, the source's name and bytes."""

    number: int
    name: str
    raw: bytes


@dataclass(frozen=True, slots=True)
class RowCraft:
    """Cleans rows; set up once in the process of an actor. `limit` and `memory` are in bytes."""

    luggage: Luggage
    place: Path
    limit: int
    memory: int

    def begin(self) -> Callable[[Item, Beat], Row]:
        """Unpack, build the pipeline and return what cleans one row; raise CleanupError for luggage that is not fit."""
        _bound_memory(self.memory)
        options = unpack(self.luggage, self.place)
        pipeline = warm(Pipeline(options))

        def clean(item: Item, beat: Beat) -> Row:
            document = clean_source(pipeline, checked(item.raw, self.limit), item.name)
            return cleaned_row(document, options.threshold)

        return clean


def _known_by(item: Item) -> tuple[bytes, bytes]:
    return item.name.encode("utf-8", "surrogateescape"), item.raw


def _bound_memory(size: int) -> None:
    """Have this process raise MemoryError above `size` bytes of its own, where the system knows such a bound."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (size, size))


class Cleaner:
    """The actor: a batch of rows in, a row a source out, in the same order; `timeout` is in seconds a row."""

    def __init__(
        self, luggage: Luggage, text: str, name: str | None, limit: int, timeout: float | None, memory: int
    ) -> None:
        self._place = tempfile.TemporaryDirectory(prefix="cleanup-")
        self._text, self._name = text, name
        self._tasks: deque[list[Item]] = deque()
        craft = RowCraft(luggage, Path(self._place.name), limit, memory)
        self._outcomes = work(craft, lambda: self._tasks.popleft() if self._tasks else None, 1, timeout)
        atexit.register(self.close)  # before the interpreter ends, whose end the thread that listens would trip over

    def close(self) -> None:
        """End the process and remove what was unpacked for it."""
        with suppress(ValueError):  # a batch is in work; the process sees its standard input end
            self._outcomes.close()
        self._place.cleanup()

    def __call__(self, batch: Any) -> Any:
        """Clean a batch, an Arrow table; raise CleanupError only when this worker cannot clean at all."""
        import pyarrow

        texts = batch[self._text].to_pylist()
        names = batch[self._name].to_pylist() if self._name is not None else [""] * len(texts)
        causes = batch["cause"].to_pylist() if "cause" in batch.column_names else [None] * len(texts)
        rows: dict[int, Row] = {}
        items: list[Item] = []
        for number, (text, given, cause) in enumerate(zip(texts, names, causes, strict=True)):
            name = "" if given is None else str(given)
            if cause is not None or text is None:
                rows[number] = failed_row(name, None, cause or "empty: there is no text")
            else:
                items.append(Item(number, name, text if isinstance(text, bytes) else text.encode("utf-8")))
        for outcome in self._carefully(items):
            item = outcome.item
            rows[item.number] = (
                outcome.result if outcome.end == "done" else failed_row(item.name, item.raw, outcome.cause)
            )
        return pyarrow.Table.from_pylist([rows[number] for number in range(len(texts))], schema=cleaned_schema())

    def _carefully(self, items: list[Item]) -> list[Outcome[Item]]:
        """Have items done, together; one by one where an actor was lost with them, and not that which lost several."""
        with attempts.in_hand(attempts.digest(part for item in items for part in _known_by(item))) as lost:
            if not lost:
                return self._all(items)
            ended: list[Outcome[Item]] = []
            for item in items:
                with attempts.in_hand(attempts.digest(_known_by(item))) as times:
                    if times < attempts.GIVEN_UP:
                        ended += self._all([item])
                    else:
                        cause = f"{times} workers were lost with it; not enough memory on their nodes?"
                        ended.append(Outcome(item, "lost", cause=cause))
            return ended

    def _all(self, items: list[Item]) -> list[Outcome[Item]]:
        """Have items done; one that the process was lost with has a second try, for it may have died of another."""
        ended: list[Outcome[Item]] = []
        tried: set[int] = set()
        if items:
            self._tasks.append(items)
        while len(ended) < len(items):
            outcome = next(self._outcomes)
            if outcome.end == "lost" and outcome.item.number not in tried:
                tried.add(outcome.item.number)
                self._tasks.append([outcome.item])
            else:
                ended.append(outcome)
        return ended
