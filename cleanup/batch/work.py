"""One source from bytes to files, with the proof that the bytes can be had back. It runs in a worker process."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cleanup.batch import reading, writing
from cleanup.batch.reading import SourceError
from cleanup.batch.tally import Tally, confidence, tally
from cleanup.document import Document
from cleanup.formats import FormatError, OutputFormat, markdown, text
from cleanup.formats.binary import reads_as_binary
from cleanup.journal import JournalError, joined, undo
from cleanup.pipeline import Pipeline

Render = Callable[[Document], list[tuple[str, bytes]]]
RENDER: dict[OutputFormat, Render] = {"text": text.files, "markdown": markdown.files}


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What became of one source: the digest of its bytes, the files written for it, and what was counted."""

    digest: str
    files: tuple[str, ...]
    tally: Tally
    confidence: float


def clean_source(pipeline: Pipeline, raw: bytes, name: str) -> Document:
    """Clean the bytes of one source and prove the way back.

    Raise SourceError when the bytes are no text or the document does not lead back to them.
    """
    document = pipeline.clean(raw, name)
    if reads_as_binary(raw, document.original, document.source):
        raise SourceError("not text: most of its bytes belong to no character of any known encoding")
    try:
        proved = undo(document) == raw and joined(document.articles) == document.text
    except JournalError:
        proved = False
    if not proved:
        raise SourceError("nothing written: the source could not be restored from the result; please report this file")
    return document


def clean_file(
    pipeline: Pipeline, path: str, name: str, folder: Path, *, output: OutputFormat, limit: int, force: bool
) -> Cleaned:
    """Clean one file into a folder of its own; raise SourceError, TargetError or OSError, with nothing half-written."""
    if output not in RENDER:
        raise FormatError(f"{output} is not written as a folder per source")
    raw = reading.read(path, limit)
    document = clean_source(pipeline, raw, name)
    files = RENDER[output](document)
    writing.write_folder(folder, files, force)
    return Cleaned(
        digest=hashlib.sha256(raw).hexdigest(),
        files=tuple(name for name, _ in files),
        tally=tally(document, pipeline.options.threshold),
        confidence=confidence(document),
    )
