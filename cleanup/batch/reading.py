"""The bytes of one source, or one line that says why there are none. It never hangs on a pipe and never writes."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from cleanup.document import CleanupError
from cleanup.formats import split_suffix
from cleanup.formats.binary import kind
from cleanup.formats.packed import unpack, unpack_errors
from cleanup.wording import cause_of

STDIN = "-"
MEGABYTE = 1_000_000


class SourceError(CleanupError):
    """A source that cannot be cleaned; its text is the cause, without the file's name."""


@contextmanager
def opened(path: str) -> Iterator[IO[bytes]]:
    """Open a regular file, or standard input for "-", unpacked when its name says it is packed."""
    if path == STDIN:
        yield sys.stdin.buffer
        return
    try:
        # without O_NONBLOCK the opening of a named pipe would wait for a writer that may never come
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except OSError as error:
        raise SourceError(cause_of(error)) from None
    with os.fdopen(handle, "rb") as stream:
        mode = os.fstat(stream.fileno()).st_mode
        if not stat.S_ISREG(mode):
            what = "a folder, not a file" if stat.S_ISDIR(mode) else "not a regular file (a pipe or a device)"
            raise SourceError(what)
        yield unpack(stream, split_suffix(path.replace(os.sep, "/"))[2])


def read(path: str, limit: int) -> bytes:
    """Return the bytes of a source; raise SourceError when it cannot be read, is empty, no text, or over `limit`.

    `limit` is in bytes, counted after unpacking.
    """
    try:
        with opened(path) as stream:
            raw = read_on(stream, limit)
    except OSError as error:
        raise SourceError(cause_of(error)) from None
    except unpack_errors() as error:
        raise SourceError(f"damaged: {cause_of(error)}") from None
    return checked(raw, limit)


def read_on(stream: IO[bytes], limit: int) -> bytes:
    """Return what a stream has, but no more than one byte over the limit; a small file takes little memory."""
    parts: list[bytes] = []
    left = limit + 1
    while left and (part := stream.read(min(left, MEGABYTE))):
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


def checked(raw: bytes, limit: int) -> bytes:
    """Return `raw`; raise SourceError when it is empty, over the limit, or known by its first bytes as no text."""
    if len(raw) > limit:
        raise SourceError(f"larger than the limit of {limit / MEGABYTE:g} MB (setting `limit`, option --limit)")
    if not raw.strip():
        raise SourceError("empty: nothing but white space" if raw else "empty")
    what = kind(raw)
    if what:
        raise SourceError(f"not text: {what}")
    return raw
