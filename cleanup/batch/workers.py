"""Worker processes that may crash, hang or be killed without harm to the rest of the work.

Each worker is a process of its own, spoken to through its standard input and output, so the calling program needs no
`if __name__ == "__main__"` and shares no threads or locks with it. Nothing here knows what the work is.
"""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Generator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeVar

from cleanup.batch.worker import Craft, receive, send
from cleanup.cores import one_thread
from cleanup.document import CleanupError

Item = TypeVar("Item")
STARTS = 3  # a worker that dies this often before it is ready will never be


class WorkerError(CleanupError):
    """A worker that cannot be started at all."""


@dataclass(frozen=True, slots=True)
class Outcome(Generic[Item]):
    """How one item ended: with a result, or with the cause of its failure and how far it had come.

    After "lost" the worker itself ended, and nobody knows what the item would do the next time; after "late" it was
    ended because the item took too long.
    """

    item: Item
    end: Literal["done", "failed", "lost", "late"]
    result: Any = None
    cause: str = ""
    beat: int = -1


@dataclass(slots=True, eq=False)
class _Worker(Generic[Item]):
    """One process and what it has in hand: the items of its task that are not answered yet, the first one in work."""

    process: subprocess.Popen[bytes]
    in_hand: deque[Item] = field(default_factory=deque)
    ready: bool = False
    heard: float = 0.0
    beat: int = -1


def work(
    craft: Craft,
    next_task: Callable[[], list[Item] | None],
    workers: int,
    timeout: float | None = None,
) -> Generator[Outcome[Item], None, None]:
    """Have items done by worker processes; yield each outcome as it comes, in no order.

    `next_task` gives the next list of items for one worker, or None while there is none; it is asked again after each
    outcome, so what failed can be given again. `timeout` is in seconds for one item, counted from its last sign of
    life. Raise WorkerError when no worker can be started, CleanupError when the craft cannot be set up.
    """
    events: queue.SimpleQueue[tuple[_Worker[Item], tuple[str, Any] | None]] = queue.SimpleQueue()
    crew: list[_Worker[Item]] = []
    waiting: deque[Item] = deque()  # items taken from a worker that died, before they were begun
    stillborn = 0

    def fetch() -> list[Item] | None:
        return [waiting.popleft()] if waiting else next_task()

    try:
        while True:
            while (idle := next((w for w in crew if w.ready and not w.in_hand), None)) is not None:
                task = fetch()
                if task is None:
                    break
                _hand_over(idle, task)
            # a worker is started only with a task in its hands, so that small jobs start few
            while len(crew) < workers and (task := fetch()) is not None:
                worker: _Worker[Item] = _start(craft, events)
                worker.in_hand.extend(task)
                crew.append(worker)
            if not any(w.in_hand for w in crew):
                return
            try:
                worker, message = events.get(timeout=_patience(crew, timeout))
            except queue.Empty:
                for late in [w for w in crew if w.ready and w.in_hand and _overdue(w, timeout)]:
                    item = _dismiss(late, crew, waiting)
                    assert item is not None
                    cause = f"took longer than {timeout:g} s (setting `timeout`)"
                    yield Outcome(item, "late", cause=cause, beat=late.beat)
                continue
            if worker not in crew:
                continue
            worker.heard = time.monotonic()
            match message:
                case None:
                    code = _exit_status(worker)
                    beat, was_ready = worker.beat, worker.ready
                    item_lost = _dismiss(worker, crew, waiting)
                    if not was_ready:
                        stillborn += 1
                        if stillborn >= STARTS:
                            raise WorkerError(f"no worker process can be started ({_how_it_ended(code)})")
                        if item_lost is not None:
                            waiting.appendleft(item_lost)
                    elif item_lost is not None:
                        yield Outcome(item_lost, "lost", cause=_how_it_ended(code), beat=beat)
                case ("unfit", cause):
                    raise CleanupError(cause)
                case ("ready", _):
                    worker.ready, stillborn = True, 0
                    if worker.in_hand:
                        task, worker.in_hand = list(worker.in_hand), deque()
                        _hand_over(worker, task)
                case ("beat", at):
                    worker.beat = at
                case ("done", result):
                    worker.beat = -1
                    yield Outcome(worker.in_hand.popleft(), "done", result=result)
                case ("failed", cause):
                    beat, worker.beat = worker.beat, -1
                    yield Outcome(worker.in_hand.popleft(), "failed", cause=cause, beat=beat)
    finally:
        for worker in crew:
            _end(worker)


def _start(craft: Craft, events: queue.SimpleQueue[tuple[_Worker[Item], tuple[str, Any] | None]]) -> _Worker[Item]:
    environment = dict(os.environ, PYTHONPATH=os.pathsep.join(path for path in sys.path if path), PYTHONUTF8="1")
    one_thread(environment)
    process = subprocess.Popen(
        [sys.executable, "-m", "cleanup.batch.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
        process_group=None if os.name == "nt" else 0,  # an interruption at the terminal is the parent's to handle
    )
    worker: _Worker[Item] = _Worker(process, heard=time.monotonic())
    assert process.stdin is not None
    with suppress(OSError):  # it is gone already; the reader will say so
        send(process.stdin, craft)

    def read() -> None:
        assert process.stdout is not None
        try:
            while True:
                events.put((worker, receive(process.stdout)))
        except Exception:
            events.put((worker, None))

    threading.Thread(target=read, daemon=True).start()
    return worker


def _hand_over(worker: _Worker[Item], task: list[Item]) -> None:
    worker.in_hand.extend(task)
    worker.heard, worker.beat = time.monotonic(), -1
    assert worker.process.stdin is not None
    try:
        for item in task:
            send(worker.process.stdin, item)
    except OSError:  # it is gone; the reader will say so, and the items will be given to another
        pass


def _patience(crew: list[_Worker[Item]], timeout: float | None) -> float | None:
    """Return how long to wait until some worker is overdue."""
    if timeout is None:
        return None
    now = time.monotonic()
    return max(0.01, min((w.heard + timeout - now for w in crew if w.ready and w.in_hand), default=timeout))


def _overdue(worker: _Worker[Item], timeout: float | None) -> bool:
    return timeout is not None and time.monotonic() - worker.heard >= timeout


def _dismiss(worker: _Worker[Item], crew: list[_Worker[Item]], waiting: deque[Item]) -> Item | None:
    """End a worker; return the item it had in work, if any, and put those it had not begun back."""
    crew.remove(worker)
    _end(worker)
    item = worker.in_hand.popleft() if worker.in_hand else None
    waiting.extend(worker.in_hand)
    worker.in_hand.clear()
    return item


def _exit_status(worker: _Worker[Item]) -> int:
    """Return how a process ended that says nothing more; one that has not is made to."""
    try:
        return worker.process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        worker.process.kill()
        return worker.process.wait()


def _end(worker: _Worker[Item]) -> None:
    worker.process.kill()
    worker.process.wait()
    for stream in (worker.process.stdin, worker.process.stdout):
        if stream is not None:
            with suppress(OSError):
                stream.close()


def _how_it_ended(code: int) -> str:
    if code >= 0:
        return f"the worker process ended (exit status {code})"
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = f"signal {-code}"
    hint = "; out of memory?" if name == "SIGKILL" else ""
    return f"the worker process was ended by {name}{hint}"
