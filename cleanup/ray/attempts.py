"""What actors were lost with, kept in the cluster's own store: a row that takes actor after actor with it is given up.

Ray gives what a lost actor had in hand to the next one, without end. Where the system or Ray's memory monitor ends the
actor for what a row needs, only a store outside of the actor can tell the next one which row that was.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Final

GIVEN_UP: Final = 2  # actors lost with one row in hand; a node that goes away hardly meets the same row twice
NAMESPACE: Final = "cleanup"


def digest(parts: Iterable[bytes]) -> str:
    """Return what rows are known by in the store."""
    whole = hashlib.sha256()
    for part in parts:
        whole.update(len(part).to_bytes(8, "big") + part)
    return whole.hexdigest()


@contextmanager
def in_hand(key: str) -> Iterator[int]:
    """Note that something is in hand for as long as the context lasts; yield how often an actor was lost with it."""
    lost = _lost(key)
    _note(key, lost + 1)
    try:
        yield lost
    finally:
        _note(key, 0)


def _lost(key: str) -> int:
    from ray.experimental import internal_kv as store

    if not store._internal_kv_initialized():  # outside of a cluster
        return 0
    return int(store._internal_kv_get(_place(key), namespace=NAMESPACE) or 0)


def _note(key: str, times: int) -> None:
    from ray.experimental import internal_kv as store

    if not store._internal_kv_initialized():
        return
    if times:
        store._internal_kv_put(_place(key), str(times), namespace=NAMESPACE)
    else:
        store._internal_kv_del(_place(key), namespace=NAMESPACE)


def _place(key: str) -> str:
    import ray

    return f"{ray.get_runtime_context().get_job_id()}/{key}"
