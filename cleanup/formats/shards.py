"""Records out: articles and journals of many sources in one pair of files, as JSON Lines or Parquet.

`articles-00000` holds a record an article, `journal-00000` a record a document, all that is needed to have its source
back. Nothing here names files or decides what goes where.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol

import orjson

from cleanup.document import Document
from cleanup.formats import OutputFormat
from cleanup.formats.records import article_records, parquet_library
from cleanup.journal import dumps, to_json

Row = dict[str, Any]
ROW_GROUP = 2000  # rows held before they are written to Parquet


def article_rows(key: str, document: Document) -> Iterator[Row]:
    """Yield the article records of a document; `key` names its source in this output, and is part of each id."""
    for row in article_records(document):
        yield {**row, "id": f"{key}#{row['article']}", "key": key}


def journal_row(key: str, document: Document) -> Row:
    """Return the journal record of a document; `document` is what document.json would hold, as JSON text."""
    source = document.source
    text = to_json(document).decode("utf-8").rstrip("\n")
    return {"key": key, "source": source.name, "sha256": source.sha256, "document": text}


class Writer(AbstractContextManager["Writer"], Protocol):
    """Takes rows and writes them to a file that was named when it was made."""

    def add(self, row: Row) -> None:
        """Take one row."""


class JsonLines:
    """Rows as JSON, one a line."""

    def __init__(self, path: Path) -> None:
        self._stream = path.open("wb")

    def add(self, row: Row) -> None:
        """Write one row."""
        self._stream.write(dumps(row))

    def __enter__(self) -> JsonLines:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stream.close()


class Parquet:
    """Rows as Parquet, in groups of bounded size; raise FormatError when pyarrow is not installed."""

    def __init__(self, path: Path) -> None:
        import pyarrow

        library = parquet_library()
        self._schema = arrow_schema(JOURNAL if JOURNAL in path.name else ARTICLES)
        self._table = pyarrow.Table
        self._file = library.ParquetWriter(path, self._schema, compression="zstd")
        self._rows: list[Row] = []

    def add(self, row: Row) -> None:
        """Take one row; lone surrogates, which Parquet cannot hold, become U+FFFD."""
        self._rows.append(storable(row))
        if len(self._rows) >= ROW_GROUP:
            self._flush()

    def _flush(self) -> None:
        if self._rows:
            self._file.write_table(self._table.from_pylist(self._rows, schema=self._schema))
            self._rows.clear()

    def __enter__(self) -> Parquet:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None:
                self._flush()
        finally:
            self._file.close()


ARTICLES, JOURNAL = "articles", "journal"
ARTICLE_COLUMNS = (
    *("id", "source", "sha256", "article", "title", "text"),
    *("roles", "blocks", "source_spans", "flags", "confidence", "key"),
)
JOURNAL_COLUMNS = ("key", "source", "sha256", "document")


def arrow_schema(kind: str) -> Any:
    """Return the Arrow schema of the rows of "articles" or "journal"; raise FormatError without pyarrow."""
    parquet_library()
    import pyarrow

    text, texts = pyarrow.string(), pyarrow.list_(pyarrow.string())
    types = {
        "article": pyarrow.int32(),
        "roles": texts,
        "blocks": texts,
        "flags": texts,
        "source_spans": pyarrow.list_(pyarrow.list_(pyarrow.list_(pyarrow.int32()))),
        "confidence": pyarrow.float64(),
    }
    names = JOURNAL_COLUMNS if kind == JOURNAL else ARTICLE_COLUMNS
    return pyarrow.schema([(name, types.get(name, text)) for name in names])


def storable(row: Row) -> Row:
    """Return a row as Arrow can hold it: lone surrogates, which UTF-8 has no bytes for, become U+FFFD."""
    return {name: _storable(value) for name, value in row.items()}


def _storable(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8") if not _whole(value) else value
    if isinstance(value, list):
        return [_storable(entry) for entry in value]
    return value


def _whole(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def writer(output: OutputFormat, path: Path) -> JsonLines | Parquet:
    """Return what writes rows of a format to a file."""
    return Parquet(path) if output == "parquet" else JsonLines(path)


def rows(path: Path) -> Iterator[Row]:
    """Yield the rows of a file of records, in order; raise OSError, or ValueError for what is none."""
    if path.suffix == ".parquet":
        file = parquet_library().ParquetFile(path)
        for batch in file.iter_batches(batch_size=ROW_GROUP):
            yield from batch.to_pylist()
        return
    with path.open("rb") as stream:
        for line in stream:
            yield _load(line)


def _load(line: bytes) -> Row:
    try:
        row: Row = orjson.loads(line)
    except orjson.JSONDecodeError:
        import json

        row = json.loads(line)
    return row
