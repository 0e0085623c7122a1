"""File names and failures in words a person can read on one line. Nothing here touches a file."""

from __future__ import annotations

import os


def shown(name: str | os.PathLike[str]) -> str:
    """Return a file name fit for one line of a terminal: controls and stray bytes as escapes.

    >>> shown("a\\nb\\udcff.txt")
    'a\\\\nb\\\\xff.txt'
    """
    text = os.fspath(name)
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else _escape(c) for c in text)


def _escape(character: str) -> str:
    if "\udc80" <= character <= "\udcff":
        return f"\\x{ord(character) - 0xDC00:02x}"
    return character.encode("unicode_escape", "surrogatepass").decode("ascii")


def cause_of(error: BaseException) -> str:
    """Return why something failed, in one line and without the name of the file, which stands before it."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror[:1].lower() + error.strerror[1:]
    if isinstance(error, MemoryError):
        return "not enough memory"
    text = " ".join(str(error).split())
    return text or type(error).__name__


def fault(error: BaseException) -> str:
    """Return what is said of an error that this program did not foresee."""
    return f"a fault of this program, please report it: {type(error).__name__}: {cause_of(error)}"


def cause_with_place(error: BaseException) -> str:
    """Return why something failed, and where, for a failure that may concern another file than the one in hand."""
    place = getattr(error, "filename", None)
    return cause_of(error) + (f": {shown(os.fsdecode(place))}" if isinstance(place, (str, bytes)) else "")
