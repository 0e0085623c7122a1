"""What a user may choose about a cleaning; the files and flags that choose it are read elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Script = Literal["simplified", "keep", "traditional", "auto"]
Spacing = Literal["tight", "spaced", "keep"]
Quotes = Literal["curly", "keep"]


@dataclass(frozen=True, slots=True)
class Options:
    """The choices of one cleaning; the defaults are those of docs/conventions.md.

    `script`: "auto" converts traditional runs of a simplified document and leaves a traditional document alone.
    `spacing`: between Han and digits or Latin letters: none, one space, or as it is.
    `quotes`: "curly" also turns 「」 of horizontal simplified text into “”.
    `off`: rule ids or rule folders ("rejoin/") that stay silent. `unsafe`: also run rules whose safety is "unsafe".
    `stages_off`: stages passed over. `keep_furniture`: page numbers and running heads stay, as blocks.
    `drop_duplicates`: a repeated passage is dropped, not only marked. `threshold`: decisions less sure than this are
    listed as doubtful. `rules`: further rule folders, later ones win. `model`: another language model.
    `stages`: further stages, by "module:object" or the name of an entry point.
    """

    script: Script = "auto"
    spacing: Spacing = "tight"
    quotes: Quotes = "curly"
    off: frozenset[str] = frozenset()
    unsafe: bool = False
    stages_off: frozenset[str] = frozenset()
    keep_furniture: bool = False
    drop_duplicates: bool = False
    threshold: float = 0.8
    rules: tuple[Path, ...] = ()
    model: Path | None = None
    stages: tuple[str, ...] = ()
