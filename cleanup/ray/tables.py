"""The rows of cleaned sources as Arrow: one wide row a source, which falls into articles, journal and failures.

The columns of articles and journal are those of `--format parquet`; the key is the SHA-256 of the source's bytes.
"""

from __future__ import annotations

import hashlib
from typing import Any

from cleanup.batch.tally import COUNTS, tally
from cleanup.document import Document
from cleanup.formats.shards import ARTICLES, JOURNAL, Row, arrow_schema, article_rows, journal_row, storable

FAILURES = "failures"
FAILURE_COLUMNS = ("key", "source", "sha256", "cause")


def cleaned_schema() -> Any:
    """Return the Arrow schema of cleaned sources.

    `articles` is a list of article rows, `document` what document.json would hold; both are null where `cause` says
    why the source failed. `size` is in bytes; `counts` are those of run.json.
    """
    import pyarrow

    text = pyarrow.string()
    return pyarrow.schema(
        [
            ("key", text),
            ("source", text),
            ("sha256", text),
            ("size", pyarrow.int64()),
            ("articles", pyarrow.list_(pyarrow.struct(list(arrow_schema(ARTICLES))))),
            ("document", text),
            ("counts", pyarrow.struct([(name, pyarrow.int64()) for name in COUNTS])),
            ("cause", text),
        ]
    )


def cleaned_row(document: Document, threshold: float) -> Row:
    """Return the row of a source that was cleaned; decisions less sure than `threshold` are counted as doubtful."""
    key = document.source.sha256
    row: Row = {
        **journal_row(key, document),
        "size": document.source.size,
        "articles": [storable(entry) for entry in article_rows(key, document)],
        "counts": dict(tally(document, threshold).as_dict()),
        "cause": None,
    }
    return storable(row)


def failed_row(name: str, raw: bytes | None, cause: str) -> Row:
    """Return the row of a source that failed; its digest is empty where its bytes could not be had.

    >>> failed_row("a.txt", None, "no such file")["cause"]
    'no such file'
    """
    digest = "" if raw is None else hashlib.sha256(raw).hexdigest()
    row: Row = {"key": digest, "source": name, "sha256": digest, "size": len(raw or b""), "cause": cause}
    return storable(row)


def article_table(cleaned: Any) -> Any:
    """Return the articles of a table of cleaned sources, a row each, in order."""
    import pyarrow

    schema = arrow_schema(ARTICLES)
    tables = [pyarrow.Table.from_struct_array(chunk.flatten()) for chunk in cleaned["articles"].chunks if len(chunk)]
    return pyarrow.concat_tables(tables).cast(schema) if tables else schema.empty_table()


def journal_table(cleaned: Any) -> Any:
    """Return the journal of a table of cleaned sources, a row for each that did not fail."""
    import pyarrow.compute

    schema = arrow_schema(JOURNAL)
    return cleaned.filter(pyarrow.compute.is_null(cleaned["cause"])).select(schema.names).cast(schema)


def failure_table(cleaned: Any) -> Any:
    """Return the failures of a table of cleaned sources: what failed and why."""
    import pyarrow.compute

    return cleaned.filter(pyarrow.compute.is_valid(cleaned["cause"])).select(list(FAILURE_COLUMNS))
