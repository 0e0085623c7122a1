"""What can be read and written: a file per format, and the tables by which a format is found.

A format turns bytes into records or documents into bytes; it never cleans and never touches a file system path that it
was not handed.
"""

from __future__ import annotations

from typing import Literal

from cleanup.document import CleanupError

InputFormat = Literal["text", "jsonl", "parquet"]
OutputFormat = Literal["text", "markdown", "jsonl", "parquet"]

FOLDER_FORMATS: tuple[OutputFormat, ...] = ("text", "markdown")
RECORD_FORMATS: tuple[OutputFormat, ...] = ("jsonl", "parquet")
OUTPUT_FORMATS: tuple[OutputFormat, ...] = FOLDER_FORMATS + RECORD_FORMATS

# suffix -> how the bytes behind it are read; a folder is searched for these alone
INPUT_SUFFIXES: dict[str, InputFormat] = {
    ".txt": "text",
    ".text": "text",
    ".md": "text",
    ".markdown": "text",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
}
PACKED_SUFFIXES = (".gz", ".zst")


class FormatError(CleanupError):
    """Bytes that are not what their format promises, or a format whose library is not installed."""


def split_suffix(name: str) -> tuple[str, str, str]:
    """Part a file name into stem, format suffix and packing suffix, each empty where there is none.

    >>> split_suffix("page.txt.gz"), split_suffix("page"), split_suffix("1998.01.05.txt")
    (('page', '.txt', '.gz'), ('page', '', ''), ('1998.01.05', '.txt', ''))
    """
    last, packed = name.rpartition("/")[2], ""
    stem, suffix = _suffix_off(last)
    if suffix.lower() in PACKED_SUFFIXES:
        last, packed = stem, suffix
        stem, suffix = _suffix_off(last)
    return (stem, suffix, packed) if suffix.lower() in INPUT_SUFFIXES else (last, "", packed)


def _suffix_off(name: str) -> tuple[str, str]:
    stem, dot, suffix = name.rpartition(".")
    return (stem, dot + suffix) if stem.strip(".") else (name, "")


def input_format(name: str) -> InputFormat:
    """Return how a file of this name is read; what is not known is taken for text.

    >>> input_format("corpus.jsonl.zst"), input_format("page.ocr")
    ('jsonl', 'text')
    """
    return INPUT_SUFFIXES.get(split_suffix(name)[1].lower(), "text")
