"""Writes the pages of the report into an output folder: the index, and the pages that were asked for."""

from __future__ import annotations

import os
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path

from cleanup.batch import writing
from cleanup.batch.targets import PAGE
from cleanup.document import CleanupError
from cleanup.formats.text import RECORD
from cleanup.report.gather import Batch, gather, read
from cleanup.report.index import index_page
from cleanup.report.source import rule_words, source_page
from cleanup.wording import cause_of, shown

UNASKED = 100  # pages written without being asked for, a second's work; of a larger batch the index is wanted first


def write(out: Path, names: Sequence[str] = (), *, everything: bool = False) -> list[Path]:
    """Write the index of an output folder and pages of its sources; return their paths, the index first.

    `names` are sources whose pages are wanted, as the source or its folder is called. Without any, all pages are
    written where there are no more than UNASKED sources, or with `everything`. When `out` is the output of one source,
    only its page is written. Raise CleanupError.
    """
    if (out / RECORD).is_file():
        path = out / PAGE
        _write(path, source_page(read(out), Batch().threshold))
        return [path]
    batch = gather(out)
    wanted = _wanted(batch, names)
    if not names and (everything or len(batch.sources) <= UNASKED):
        wanted = [entry.folder for entry in batch.sources]
    words = rule_words(batch.further_rules)
    pages: list[Path] = []
    for folder in wanted:
        up = "../" * (folder.count("/") + 1)
        page = source_page(read(out / folder), batch.threshold, words, f"{up}{PAGE}")
        _write(out / folder / PAGE, page)
        pages.append(out / folder / PAGE)
    there = {entry.folder for entry in batch.sources if (out / entry.folder / PAGE).is_file()}
    _write(out / PAGE, index_page(batch, words, there, shown(out.resolve().name)))
    return [out / PAGE, *pages]


def _wanted(batch: Batch, names: Sequence[str]) -> list[str]:
    """Return the output folders that some names mean; raise CleanupError for one that means none."""
    by_name = {entry.folder: entry.folder for entry in reversed(batch.sources)}
    for entry in batch.sources:
        by_name.setdefault(entry.name, entry.folder)
        by_name.setdefault(Path(entry.name).name, entry.folder)
    found: list[str] = []
    for name in names:
        plain = os.path.normpath(name).replace(os.sep, "/")
        if plain not in by_name:
            near = get_close_matches(plain, by_name, 1)
            hint = f"; did you mean {shown(near[0])}?" if near else ""
            raise CleanupError(f"{shown(name)}: no such source in this output{hint}")
        found.append(by_name[plain])
    return found


def _write(path: Path, page: bytes) -> None:
    try:
        writing.write(path, page)
    except OSError as error:
        raise CleanupError(f"{shown(path)}: {cause_of(error)}") from None
