"""Plain text out: one file per article, and document.json beside them (docs/conventions.md, File)."""

from __future__ import annotations

from cleanup.document import Document
from cleanup.journal import dumps, to_tree

RECORD = "document.json"


def files(document: Document) -> list[tuple[str, bytes]]:
    """Return the files of a document as (name, bytes), document.json first."""
    tree = to_tree(document)
    written = [(RECORD, dumps(tree))]
    for entry, article in zip(tree["articles"], document.articles, strict=True):
        written.append((entry["file"], article_bytes(article.text)))
    return written


def article_bytes(text: str) -> bytes:
    """Return text as UTF-8; what fitted no encoding becomes U+FFFD here, and stays as it was in document.json.

    >>> article_bytes("文\\udcff").decode()
    '文\ufffd'
    """
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        return "".join("\N{REPLACEMENT CHARACTER}" if "\ud800" <= c <= "\udfff" else c for c in text).encode("utf-8")
