"""Where a user's decisions about a source are looked for. It obeys none itself."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from cleanup.batch.find import Found
from cleanup.decisions import SUFFIX, Decisions, DecisionsError, read
from cleanup.wording import shown


def decisions_path(path: str, name: str, folder: Path | None) -> Path | None:
    """Return the decisions file of a source, or None where there is none.

    Its name is the source's with ".decisions.toml" after it. It stands beside the source, or in `folder` under the
    source's name with or without the folders above it; the one in `folder` goes first.
    """
    places = [Path(path + SUFFIX)]
    if folder is not None:
        places = [folder / (name + SUFFIX), folder / (name.rpartition("/")[2] + SUFFIX), *places]
    # not Path.is_file, which raises where the name with its ending is too long for the file system
    return next((place for place in places if os.path.isfile(place)), None)  # noqa: PTH113


def decisions_of(path: str, name: str, folder: Path | None) -> Decisions | None:
    """Return the decisions about a source; raise DecisionsError for a file that is not understood."""
    place = decisions_path(path, name, folder)
    return None if place is None else read(place)


def without_decisions(path: str, name: str, folder: Path | None) -> None:
    """Raise DecisionsError when there are decisions about a file of many texts, of which none could be meant."""
    place = decisions_path(path, name, folder)
    if place is not None:
        raise DecisionsError(f"{shown(place)}: decisions about a file of records cannot be obeyed; remove it")


def with_decisions(found: Iterable[Found], folder: Path | None) -> Iterator[Found]:
    """Yield what was found, each with its decisions file where it has one."""
    for entry in found:
        place = None if entry.problem else decisions_path(entry.path, entry.name, folder)
        yield entry if place is None else replace(entry, decisions=str(place))
