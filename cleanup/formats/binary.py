"""Tells files that hold no text from those that do, by their bytes; it never opens a file."""

from __future__ import annotations

from cleanup.document import Source

# what the first bytes give away, and what to do about it
SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "a PDF file; extract its text first (pdftotext, PyMuPDF)"),
    (b"\x89PNG", "a PNG picture; read it with an OCR program first"),
    (b"\xff\xd8\xff", "a JPEG picture; read it with an OCR program first"),
    (b"GIF8", "a GIF picture"),
    (b"II*\x00", "a TIFF picture; read it with an OCR program first"),
    (b"MM\x00*", "a TIFF picture; read it with an OCR program first"),
    (b"PK\x03\x04", "a ZIP archive or an Office document; unpack it or save it as text first"),
    (b"\xd0\xcf\x11\xe0", "an old Office document; save it as text first"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3", "an SQLite database"),
    (b"PAR1", "a Parquet file; name it .parquet or pass --from parquet"),
    (b"\x1f\x8b", "a gzip file; name it .gz"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard file; name it .zst"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
)
WIDE_ENCODINGS = ("utf-16", "utf-32", "utf_16", "utf_32")


def kind(raw: bytes) -> str:
    """Return what a file is when its first bytes say that it is no text, else an empty string.

    >>> kind(b"%PDF-1.7 ...").split(";")[0], kind("文字".encode())
    ('a PDF file', '')
    """
    return next((what for mark, what in SIGNATURES if raw.startswith(mark)), "")


def reads_as_binary(raw: bytes, text: str, source: Source) -> bool:
    """Tell whether bytes that were decoded as well as may be are still no text.

    NUL bytes belong to no text outside UTF-16 and UTF-32; where no encoding fits, bytes are no text when fewer of
    those above ASCII belong to characters than stand alone.
    """
    if source.encoding.lower().startswith(WIDE_ENCODINGS):
        return False
    if b"\0" in raw:
        return True
    if source.errors != "surrogateescape":
        return False
    stray = sum(map(len, _stray_runs(text)))
    return stray > sum(byte > 0x7F for byte in raw) - stray


def _stray_runs(text: str) -> list[str]:
    import re

    return re.findall("[\udc80-\udcff]+", text)
