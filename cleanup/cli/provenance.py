"""`cleanup undo`: from an output back to its source."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from cleanup.batch import writing
from cleanup.batch.names import cause_of, shown
from cleanup.document import CleanupError, Document
from cleanup.formats.text import RECORD
from cleanup.journal import from_json
from cleanup.journal import undo as undo_document


@click.command()
@click.argument("output", metavar="OUT/DIR", type=click.Path(path_type=Path))
@click.option(
    "-o", "--out", type=click.Path(path_type=Path, dir_okay=False), help="Write the source here instead of printing it."
)
def undo(output: Path, out: Path | None) -> None:
    """Give back the source that OUT/DIR was made from, byte for byte; its document.json is all that is needed."""
    data = undo_document(read_document(output))
    if out is None:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    try:
        writing.write(out, data)
    except OSError as error:
        raise CleanupError(f"{shown(out)}: {cause_of(error)}") from None


def read_document(output: Path) -> Document:
    """Read the document of an output folder, or of a document.json named itself; raise CleanupError."""
    path = output / RECORD if output.is_dir() else output
    try:
        return from_json(path.read_bytes())
    except FileNotFoundError:
        raise CleanupError(f"{shown(path)}: no such file; name a folder that `cleanup run` wrote") from None
    except OSError as error:
        raise CleanupError(f"{shown(path)}: {cause_of(error)}") from None
    except CleanupError as error:
        raise CleanupError(f"{shown(path)}: {error}") from None
