"""Bytes to text without loss, with the proof that the bytes can be written again."""

from __future__ import annotations

import codecs
import hashlib

from cleanup.document import Source

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def decode(raw: bytes | str, name: str = "") -> tuple[str, Source]:
    """Return the text of a source and how to write its bytes again; never fails.

    Bytes that fit no encoding are kept as lone surrogates (PEP 383), so that even they come back.

    >>> text, source = decode("乾和".encode("gb18030"))
    >>> text, source.encoding, encode(text, source).decode("gb18030")
    ('乾和', 'gb18030', '乾和')
    """
    if isinstance(raw, str):
        data = raw.encode("utf-8", "surrogatepass")
        return raw, _source(name, data, "utf-8", b"", raw, "surrogatepass")
    for bom, encoding in BYTE_ORDER_MARKS:
        if raw.startswith(bom):
            text = _strict(raw[len(bom) :], encoding)
            if text is not None:
                return text, _source(name, raw, encoding, bom, text)
    for encoding in ("utf-8", "gb18030", "big5hkscs"):
        text = _strict(raw, encoding)
        if text is not None:
            return text, _source(name, raw, encoding, b"", text)
    text = raw.decode("utf-8", "surrogateescape")
    return text, _source(name, raw, "utf-8", b"", text, "surrogateescape")


def encode(text: str, source: Source) -> bytes:
    """Return the bytes of the source whose decoded text is `text`."""
    if source.raw is not None:
        return source.raw
    return source.bom + text.encode(source.encoding, source.errors)


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _source(name: str, data: bytes, encoding: str, bom: bytes, text: str, errors: str = "strict") -> Source:
    """Describe a source; keep its bytes when writing the text again would not give them."""
    try:
        same = bom + text.encode(encoding, errors) == data
    except UnicodeEncodeError:
        same = False
    return Source(
        name=name,
        encoding=encoding,
        errors=errors,
        bom=bom,
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        raw=None if same else data,
    )
