"""What the output of a source is called, so that no two sources meet and no output passes for another's file."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Callable, Iterator

from cleanup.formats import split_suffix
from cleanup.formats.text import RECORD

RUN_RECORD = "run.json"
LEDGER = ".cleanup.sqlite"
PAGE = "report.html"  # of the report, beside run.json for the batch and beside document.json for a source
ARTICLE_FILE = re.compile(r"\d{2,}(-.*)?\.(txt|md)", re.IGNORECASE | re.DOTALL)
NAME_BYTES = 255  # of one part of a path, on all common file systems


def target(name: str, taken: Callable[[str], bool]) -> str:
    """Return the folder for a source's output, below the output folder: its name without suffix where that is free.

    `taken` tells whether another source has a folder whose `key` is given. Names that differ only by suffix, by case or
    by Unicode form would meet on some file systems, so the later one keeps its suffix, or gets a number.

    >>> target("1998/p1.txt", taken=lambda key: False), target("1998/p1.md", taken=lambda key: key == "1998/p1")
    ('1998/p1', '1998/p1.md')
    """
    return next(candidate for candidate in _candidates(name) if not taken(key(candidate)))


def key(folder: str) -> str:
    """Return what two folders have in common that a file system may take for one.

    >>> key("1998/Pàge") == key("1998/pa\\u0300ge")
    True
    """
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", folder).casefold())


def _candidates(name: str) -> Iterator[str]:
    above, _, last = name.rpartition("/")
    lead = f"{above}/" if above else ""
    stem = split_suffix(last)[0]
    yield lead + _distinct(stem)
    yield lead + _distinct(last)
    number = 2
    while True:
        yield lead + _shortened(stem, f"~{number}")
        number += 1


def _distinct(part: str) -> str:
    """Return a folder name that cannot be the name of a file this program writes, nor lead out of the folder."""
    if part in ("", ".", "..", RECORD, RUN_RECORD, LEDGER, PAGE) or ARTICLE_FILE.fullmatch(part):
        return _shortened(part, "~")
    return part


def _shortened(part: str, ending: str) -> str:
    data = os.fsencode(part)[: NAME_BYTES - len(ending)]
    while data and (data[-1] & 0xC0) == 0x80 and not _whole(data):
        data = data[:-1]
    return os.fsdecode(data) + ending


def _whole(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
