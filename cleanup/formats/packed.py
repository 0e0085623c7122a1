"""Gzip and Zstandard: the bytes behind a packed file, and no more of them than the limit allows."""

from __future__ import annotations

import gzip
import io
import zlib
from typing import IO, cast

from cleanup.formats import FormatError


def unpack(stream: IO[bytes], suffix: str) -> IO[bytes]:
    """Return a stream of the bytes that were packed; `suffix` is ".gz", ".zst" or "" for bytes as they are.

    Raise FormatError when Zstandard is not installed.
    """
    match suffix.lower():
        case ".gz":
            return cast(IO[bytes], gzip.GzipFile(fileobj=stream))
        case ".zst":
            try:
                import zstandard
            except ImportError:
                raise FormatError('.zst needs the zstd extra: pip install "hanzi-cleanup[zstd]"') from None
            # its own reader knows no lines
            return io.BufferedReader(zstandard.ZstdDecompressor().stream_reader(stream, read_across_frames=True))
        case _:
            return stream


def unpack_errors() -> tuple[type[Exception], ...]:
    """Return what reading a damaged packed stream may raise."""
    errors: tuple[type[Exception], ...] = (OSError, zlib.error, EOFError)
    try:
        import zstandard
    except ImportError:
        return errors
    return (*errors, zstandard.ZstdError)
