"""Corpus files: JSON Lines and Parquet, a text a record, in and out. Nothing here cleans."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

import orjson

from cleanup.document import Document
from cleanup.formats import FormatError, InputFormat

ROWS = 256  # read from Parquet at a time, so that memory is bounded by so many texts
ESCAPED = 6  # bytes of JSON that one byte of text may take


@dataclass(frozen=True, slots=True)
class Record:
    """One text of a corpus file and its name there: the value of the name field, or its number.

    `problem` says why a record is none; its text is empty then.
    """

    name: str
    text: str
    problem: str = ""


@dataclass(frozen=True, slots=True)
class _Unreadable:
    """What stands in the place of a row that cannot be read, and why not."""

    why: str


def records(stream: IO[bytes], read_as: InputFormat, text_field: str, name_field: str, limit: int) -> Iterator[Record]:
    """Yield the records of a corpus file, one in memory at a time; one that cannot be read is yielded with its problem.

    `limit` is in bytes of text a record. Raise FormatError for a file that is not of its format at all.
    """
    rows = _json_lines(stream, limit) if read_as == "jsonl" else _parquet_rows(stream, text_field, name_field)
    for number, row in enumerate(rows, 1):
        if isinstance(row, _Unreadable):
            yield Record(str(number), "", row.why)
        elif not isinstance(row, dict) or not isinstance(row.get(text_field), str):
            known = f"; it has {', '.join(map(str, row))}" if isinstance(row, dict) else ""
            yield Record(str(number), "", f"no text field {text_field!r}{known} (option --text-field)")
        else:
            name = row.get(name_field)
            yield Record(str(number) if name is None else str(name), row[text_field])


def _json_lines(stream: IO[bytes], limit: int) -> Iterator[Any]:
    number = 0
    longest = ESCAPED * limit + ROWS  # with room for the other fields of a small limit
    while line := stream.readline(longest):
        number += 1
        if len(line) == longest and not line.endswith(b"\n"):
            while (more := stream.readline(longest)) and not more.endswith(b"\n"):
                pass
            yield _Unreadable(f"line {number} is longer than a record within the limit can be (setting `limit`)")
        elif line.strip():
            try:
                yield orjson.loads(line)
            except orjson.JSONDecodeError as error:
                yield _Unreadable(f"line {number} is not JSON: {error}")


def _parquet_rows(stream: IO[bytes], text_field: str, name_field: str) -> Iterator[Any]:
    parquet = parquet_library()
    import pyarrow

    try:
        source = stream if stream.seekable() else io.BytesIO(stream.read())
        file = parquet.ParquetFile(pyarrow.PythonFile(source, mode="r"))
        known = file.schema_arrow.names
        wanted = [name for name in (text_field, name_field) if name in known]
        if text_field not in known:
            raise FormatError(f"no column {text_field!r}; there are {', '.join(known)} (option --text-field)")
        for batch in file.iter_batches(batch_size=ROWS, columns=wanted):
            yield from batch.to_pylist()
    except pyarrow.ArrowException as error:
        raise FormatError(f"not a readable Parquet file: {error}") from None


def parquet_library() -> Any:
    """Return pyarrow.parquet; raise FormatError when it is not installed."""
    try:
        import pyarrow.parquet
    except ImportError:
        raise FormatError('Parquet needs the parquet extra: pip install "hanzi-cleanup[parquet]"') from None
    return pyarrow.parquet


def article_records(document: Document) -> Iterator[dict[str, Any]]:
    """Yield a record for each article of a document.

    `id` is the source's name and the article's number; `source_spans` are code-point offsets into the decoded source,
    a list for each block.
    """
    source = document.source
    for number, article in enumerate(document.articles, 1):
        yield {
            "id": f"{source.name}#{number}",
            "source": source.name,
            "sha256": source.sha256,
            "article": number,
            "title": article.title,
            "text": article.text,
            "roles": [block.role for block in article.blocks],
            "blocks": [block.text for block in article.blocks],
            "source_spans": [[list(span) for span in block.source] for block in article.blocks],
            "flags": list(article.flags),
            "confidence": round(article.confidence, 4),
        }
