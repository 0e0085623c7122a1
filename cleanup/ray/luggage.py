"""What travels to the workers of a cluster: settings, the user's rules and model as bytes, and what they must come to.

A worker uses its own installation of this program; it never cleans with another version or other rules than those the
job was started with.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import cleanup
from cleanup import rulebook
from cleanup.document import CleanupError
from cleanup.options import Options
from cleanup.wording import cause_of


class LuggageError(CleanupError):
    """A worker that would not clean as the job was meant; its text says what differs and the remedy."""


@dataclass(frozen=True, slots=True)
class Luggage:
    """Settings with all that they name. `folders` holds, for each rule folder, its files by their path inside.

    `version` and `digest` are those of the program and of the rulebook where the job was started.
    """

    options: Options
    folders: tuple[tuple[tuple[str, bytes], ...], ...]
    model: bytes | None
    version: str
    digest: str


def pack(options: Options) -> Luggage:
    """Return what a worker needs to clean under these options; raise CleanupError for what cannot be read.

    >>> pack(Options()).version == cleanup.__version__
    True
    """
    digest = rulebook.load(*options.rules).digest
    folders = tuple(
        tuple((path.relative_to(folder).as_posix(), path.read_bytes()) for path in sorted(folder.rglob("*.toml")))
        for folder in options.rules
    )
    try:
        model = None if options.model is None else options.model.read_bytes()
    except OSError as error:
        raise CleanupError(f"{options.model}: {cause_of(error)} (setting `model`)") from None
    return Luggage(options, folders, model, cleanup.__version__, digest)


def unpack(luggage: Luggage, place: Path) -> Options:
    """Write what came along below `place` and return the options that name it there.

    Raise LuggageError when this installation is of another version, or its rules with those that came along are not
    the rules of the job.
    """
    if luggage.version != cleanup.__version__:
        raise LuggageError(
            f"this worker has version {cleanup.__version__}, the job was started with {luggage.version}; "
            "install the same version on all nodes"
        )
    folders: list[Path] = []
    for number, files in enumerate(luggage.folders):
        folder = place / f"rules-{number}"
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in files:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        folders.append(folder)
    model = None
    if luggage.model is not None:
        # the file keeps its suffix, by which its format is known
        model = place / f"model{luggage.options.model.suffix if luggage.options.model else ''}"
        model.write_bytes(luggage.model)
    options = replace(luggage.options, rules=tuple(folders), model=model)
    digest = rulebook.load(*options.rules).digest
    if digest != luggage.digest:
        raise LuggageError(
            f"the rules of this worker (digest {digest[:12]}) are not those of the job ({luggage.digest[:12]}), though "
            f"both are of version {cleanup.__version__}; install the same package on all nodes"
        )
    return options
