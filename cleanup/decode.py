"""Bytes to text without loss, with the proof that the bytes can be written again.

The encoding is found by what the bytes say when read: a mark or strict UTF-8 settles it, else the reading that is
likeliest as Chinese wins, line by line where a file mixes two. It never fails and never drops a byte.
"""

from __future__ import annotations

import codecs
import hashlib
import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from cleanup.document import Part, Source
from cleanup.language import plausibility
from cleanup.language.plausibility import NOISE

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
WIDE = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
NARROW = ("utf-8", "gb18030", "big5hkscs")
BIG5 = "big5hkscs"
WINDOWS_MARKS = frozenset(map(ord, "‧﹑¯～⊕⊙∕﹨￥￠￡"))  # of Big5 as Windows and browsers read them
ESCAPE, PASS = "surrogateescape", "surrogatepass"
WESTERN = "cp1252"
SAMPLE = 4096  # bytes that are read in every way
HIGH = re.compile(rb"[\x80-\xff]")
LONG_SEQUENCE = re.compile(rb"[\xe0-\xff]")  # of UTF-8: without one, two-byte Chinese may pass for UTF-8 (联通 in GBK)
MULTIBYTE = re.compile(rb"[\xc2-\xf4][\x80-\xbf]")
LONE = re.compile("[\udc80-\udcff]")
LINE_FEED, ASCII_END = 0x0A, 0x7F
CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
NO_TEXT = math.log(1e-4)  # files handed to a cleaner of texts are text
CHANGE = math.log(1e-3)  # of encoding, from one line to the next
UNMARKED = math.log(1e-3)  # wide units without a mark are rare: programs that write them write the mark


def decode(raw: bytes | str, name: str = "") -> tuple[str, Source]:
    """Return the text of a source and how to write its bytes again; never fails.

    Bytes that fit no encoding are kept as lone surrogates (PEP 383), so that even they come back.

    >>> text, source = decode("乾和公司".encode("gb18030"))
    >>> text, source.encoding, encode(text, source).decode("gb18030")
    ('乾和公司', 'gb18030', '乾和公司')
    """
    if isinstance(raw, str):
        data = raw.encode("utf-8", PASS)
        return raw, _source(name, data, b"", raw, [Part(len(raw), "utf-8", PASS)])
    for bom, encoding in BYTE_ORDER_MARKS:
        if raw.startswith(bom):
            text = _strict(raw[len(bom) :], encoding)
            if text is not None:
                return text, _source(name, raw, bom, text, [Part(len(text), encoding, "strict")])
    for bom, encoding in BYTE_ORDER_MARKS[1:]:
        wide = _wide(raw[len(bom) :], encoding) if raw.startswith(bom) else None
        if wide is not None and plausibility.log_likelihood(wide[0][:SAMPLE]) > NOISE * min(len(raw), 2 * SAMPLE):
            return wide[0], _source(name, raw, bom, *wide)
    bom = codecs.BOM_UTF8 if raw.startswith(codecs.BOM_UTF8) else b""
    text, parts, confidence = _guess(raw[len(bom) :])
    return text, _source(name, raw, bom, text, parts, confidence)


def encode(text: str, source: Source) -> bytes:
    """Return the bytes of the source whose decoded text is `text`.

    Raise UnicodeEncodeError when a text that is not the source's has a character its encoding lacks.
    """
    if source.raw is not None:
        return source.raw
    if not source.parts:
        return source.bom + text.encode(source.encoding, source.errors)
    pieces, at = [source.bom], 0
    for part in source.parts:
        pieces.append(text[at : at + part.length].encode(part.encoding, part.errors))
        at += part.length
    pieces.append(text[at:].encode(source.encoding, source.errors))
    return b"".join(pieces)


def _source(name: str, data: bytes, bom: bytes, text: str, parts: Sequence[Part], confidence: float = 1.0) -> Source:
    """Describe a source; keep its bytes when writing the text again would not give them."""
    main = max(parts, key=lambda part: part.length)
    errors = next((part.errors for part in parts if part.errors != "strict"), "strict")
    source = Source(
        name=name,
        encoding=main.encoding,
        errors=errors,
        bom=bom,
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        parts=tuple(parts) if len(parts) > 1 else (),
        confidence=confidence,
    )
    try:
        proved = encode(text, source) == data
    except UnicodeEncodeError:
        proved = False
    return source if proved else replace(source, raw=data)


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _guess(raw: bytes) -> tuple[str, list[Part], float]:
    """Read bytes without a mark: the text, its parts, and the probability that it was read right (to four places)."""
    text = _strict(raw, "utf-8")
    if text is not None and b"\0" not in raw and (raw.isascii() or LONG_SEQUENCE.search(raw)):
        return text, [Part(len(text), "utf-8", "strict")], 1.0
    scores = _scores(raw)
    best, second = sorted(scores, key=lambda name: -scores[name])[:2]
    confidence = round(1 / (1 + math.exp(max(scores[second] - scores[best], -700))), 4)
    if best in WIDE:
        wide = _wide(raw, best)
        if wide is not None:
            return *wide, confidence
    if best == "utf-8" and text is not None:
        return text, [Part(len(text), "utf-8", "strict")], confidence
    if best == "none":
        best = _several(raw) or best
    if best in NARROW and (best != "utf-8" or MULTIBYTE.search(raw)):
        return *_narrow(raw, best), confidence
    other = _other_encoding(raw) if text is None else None
    if other is not None:
        return *other, 0.5
    text = raw.decode("utf-8", ESCAPE)
    return text, [Part(len(text), "utf-8", _errors(text))], confidence


def _scores(raw: bytes) -> dict[str, float]:
    """Log probability of a sample of the bytes for each way to read it, and for bytes that are no text at all."""
    sample = b"".join(_first_lines(raw))
    head = raw[:SAMPLE]
    scores = {name: plausibility.log_likelihood(sample.decode(name, ESCAPE)) for name in NARROW}
    scores["none"] = NOISE * len(sample) + NO_TEXT
    for name in WIDE:
        wide = _wide(head, name)
        if wide is not None:
            scores[name] = plausibility.log_likelihood(wide[0]) * len(sample) / len(head) + UNMARKED
    return scores


def _several(raw: bytes) -> str | None:
    """Return the encoding of most sample lines when each line makes sense in some encoding, though all in none."""
    told: Counter[str] = Counter()
    total = NO_TEXT
    for line in _first_lines(raw):
        scores = {name: plausibility.log_likelihood(line.decode(name, ESCAPE)) for name in NARROW}
        best = max(scores, key=lambda name: scores[name])
        told[best] += len(line)
        total += NOISE * len(line) - scores[best] - CHANGE
    return told.most_common(1)[0][0] if len(told) > 1 and total < 0 else None


def _first_lines(raw: bytes) -> list[bytes]:
    """Return the first lines that are not ASCII, a sample's length together; the beginning when there are none."""
    lines, room, at = [], SAMPLE, 0
    while room > 0 and (high := HIGH.search(raw, at)):
        start = raw.rfind(b"\n", at, high.start()) + 1 or at
        end = raw.find(b"\n", high.start()) + 1 or len(raw)
        start = max(start, high.start() - SAMPLE)
        lines.append(raw[start : min(end, start + room, high.start() + SAMPLE)])
        room -= len(lines[-1])
        at = end
    return lines or [raw[:SAMPLE]]


def _wide(raw: bytes, encoding: str) -> tuple[str, list[Part]] | None:
    """Read whole units of two or four bytes; a rest that is no unit is read byte by byte."""
    width = 2 if "16" in encoding else 4
    whole = len(raw) - len(raw) % width
    try:
        text = raw[:whole].decode(encoding, PASS)
    except UnicodeDecodeError:
        return None
    parts = [Part(len(text), encoding, PASS if _strict(raw[:whole], encoding) is None else "strict")]
    if whole < len(raw):
        rest = raw[whole:].decode("utf-8", ESCAPE)
        parts.append(Part(len(rest), "utf-8", ESCAPE))
        text += rest
    return text, parts


def _narrow(raw: bytes, encoding: str) -> tuple[str, list[Part]]:
    """Read bytes in an encoding whose line ends are ASCII's, and lines that it makes no sense of in another."""
    text, codec = _in_full(raw, encoding)
    mixed = _mixed(raw, text, encoding, codec)
    return mixed if mixed is not None else (text, [Part(len(text), codec, _errors(text))])


def _in_full(raw: bytes, encoding: str) -> tuple[str, str]:
    """Read bytes, and name the codec: of Big5's kin the one that was most likely used.

    They differ in a few marks, where Windows' reading is the usual one, and beyond the standard's characters, where
    Hong Kong's is.
    """
    text = raw.decode(encoding, ESCAPE)
    windows = _strict(raw, "cp950") if encoding == BIG5 else None
    if windows is None or len(windows) != len(text):
        return text, encoding
    here, there = plausibility.codes_of(windows), plausibility.codes_of(text)
    if not WINDOWS_MARKS.issuperset(here[here != there].tolist()) or windows.encode("cp950") != raw:
        return text, encoding
    return windows, "big5" if _strict(raw, "big5") == windows else "cp950"


def _errors(text: str) -> str:
    return ESCAPE if not text.isascii() and LONE.search(text) else "strict"


@dataclass(frozen=True, slots=True, eq=False)
class _Lines:
    """The lines of some text or bytes: where each begins, where the last ends, and each one's log probability."""

    borders: NDArray[np.intp]
    scores: NDArray[np.float64]


def _lines(units: NDArray[np.uint8] | NDArray[np.uint32], scores: NDArray[np.float32]) -> _Lines:
    """Find the lines of a text and add up the log probabilities of their characters."""
    starts = np.concatenate([[0], np.flatnonzero(units == LINE_FEED) + 1])
    starts = starts[starts < len(units)]
    return _Lines(np.append(starts, len(units)), np.add.reduceat(scores, starts, dtype=np.float64))


def _read_lines(text: str) -> _Lines:
    codes = plausibility.codes_of(text)
    return _lines(codes, plausibility.characters()[codes])


def _mixed(raw: bytes, text: str, main: str, codec: str) -> tuple[str, list[Part]] | None:
    """Read the lines that one encoding makes no sense of in the others; None when no other makes more of them."""
    octets = np.frombuffer(raw, dtype=np.uint8)
    here, read = _lines(octets, np.full(len(octets), NOISE, np.float32)), _read_lines(text)
    if len(here.borders) != len(read.borders):
        return None
    not_ascii = np.maximum.reduceat(octets, here.borders[:-1]) > ASCII_END
    bad = np.flatnonzero(not_ascii & (read.scores < here.scores))
    # a short line between two bad ones may make sense by chance
    beside = np.union1d(bad - 1, bad + 1)
    beside = beside[(beside >= 0) & (beside < len(not_ascii))]
    bad = np.union1d(bad, beside[not_ascii[beside]])
    if not len(bad):
        return None
    rows = [slice(*here.borders[line : line + 2].tolist()) for line in bad.tolist()]
    pieces = [raw[row] if raw[row.stop - 1] == LINE_FEED else raw[row] + b"\n" for row in rows]
    joined = b"".join(pieces)
    best, which = read.scores[bad] - CHANGE, np.full(len(bad), -1)
    others = [name for name in NARROW if name != main]
    texts, borders, codecs_of = [], [], {main: codec}
    for number, name in enumerate(others):
        other, codecs_of[name] = _in_full(joined, name)
        lines = _read_lines(other)
        texts.append(other)
        borders.append(lines.borders)
        if len(lines.scores) == len(bad):
            better = lines.scores > best
            best, which = np.where(better, lines.scores, best), np.where(better, number, which)
    if (which < 0).all():
        return None
    runs: list[tuple[str, str]] = []
    at = 0
    for line, row, number in zip(bad.tolist(), range(len(bad)), which.tolist(), strict=True):
        if number >= 0:
            first, last = read.borders[line : line + 2].tolist()
            piece = texts[number][borders[number][row] : borders[number][row + 1]]
            runs += [(main, text[at:first]), (others[number], piece if text[last - 1 : last] == "\n" else piece[:-1])]
            at = last
    runs.append((main, text[at:]))
    joined_runs = [
        (name, "".join(piece for _, piece in group)) for name, group in groupby([run for run in runs if run[1]], _name)
    ]
    return "".join(piece for _, piece in joined_runs), [
        Part(len(piece), codecs_of[name], _errors(piece)) for name, piece in joined_runs
    ]


def _name(run: tuple[str, str]) -> str:
    return run[0]


def _other_encoding(raw: bytes) -> tuple[str, list[Part]] | None:
    """Read text that is not Chinese: as charset-normalizer says, or as Western text where it knows no language.

    None for what has control characters, for what is mostly no ASCII and in no known language, and without an answer.
    """
    if CONTROLS.search(raw):
        return None
    from charset_normalizer import from_bytes

    sample = b"".join(_first_lines(raw))
    answer = from_bytes(sample).best()
    known = answer is not None and answer.coherence > 0
    if answer is None or (not known and 2 * len(HIGH.findall(sample)) > len(sample)):
        return None
    for encoding in (answer.encoding,) if known else (WESTERN, answer.encoding):
        text = _strict(raw, encoding)
        if text is not None:
            return text, [Part(len(text), encoding, "strict")]
    return None
