"""The other side of `workers`: a process that does one thing after another and says how each went.

It ends at once when its parent does, and it leaves to the parent what to do about a failure.
"""

from __future__ import annotations

import os
import pickle
import queue
import signal
import struct
import sys
import threading
from collections.abc import Callable
from typing import IO, Any, Protocol

from cleanup.document import CleanupError
from cleanup.wording import cause_of, cause_with_place, fault

LENGTH = struct.Struct("<Q")
Beat = Callable[[int], None]


class Craft(Protocol):
    """What a worker is for; it travels to the worker and is set up there once."""

    def begin(self) -> Callable[[Any, Beat], Any]:
        """Return the function that does one item; it may call `beat` with how far it is to show that it lives."""


def send(stream: IO[bytes], message: object) -> None:
    """Write one message."""
    data = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    stream.write(LENGTH.pack(len(data)) + data)
    stream.flush()


def receive(stream: IO[bytes]) -> Any:
    """Read one message; raise EOFError when the other side is gone."""
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        raise EOFError
    data = stream.read(LENGTH.unpack(head)[0])
    return pickle.loads(data)


def main() -> None:
    """Serve: one craft first, then items, each answered by one message."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever prints must not end up among the answers
    items: queue.SimpleQueue[Any] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(items,), daemon=True).start()
    try:
        craft: Craft = items.get()
        do = craft.begin()
    except CleanupError as error:
        send(answers, ("unfit", cause_of(error)))
        return
    send(answers, ("ready", None))
    while True:
        item = items.get()
        try:
            answer = ("done", do(item, lambda at: send(answers, ("beat", at))))
        except (CleanupError, OSError, MemoryError) as error:
            answer = ("failed", cause_with_place(error))
        except Exception as error:
            answer = ("failed", fault(error))
        send(answers, answer)


def _listen(items: queue.SimpleQueue[Any]) -> None:
    """Put what the parent sends into the queue; when the parent is gone, be gone too."""
    while True:
        try:
            items.put(receive(sys.stdin.buffer))
        except EOFError:
            os._exit(0)
        except BaseException as error:
            print(f"cleanup: a worker cannot read its task: {error}", file=sys.stderr, flush=True)
            os._exit(3)


if __name__ == "__main__":
    main()
