"""The language model: how likely one character is after the characters before it.

A back-off model of character n-grams with a paragraph mark (¶), read from one memory-mapped file and asked about tens
of thousands of places at once. It never trains (train.py does), never changes text and never decides: it is a witness
whose log-odds other rooms weigh.

Every look-up is exact (buckets.py): no two n-grams can be confused.
"""

from __future__ import annotations

import functools
import hashlib
import json
import mmap
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cleanup.language import buckets
from cleanup.language.buckets import Ids as Ids  # noqa: PLC0414 - handed on with the model
from cleanup.language.buckets import Logs as Logs  # noqa: PLC0414
from cleanup.language.buckets import Shelf
from cleanup.language.buckets import Slots as Slots  # noqa: PLC0414
from cleanup.language.in_force import in_force

Contexts = tuple[NDArray[Any], ...]

PAD: Final = 0  # no character: the text is shorter than the window
PARAGRAPH: Final = 1  # ¶: stands before the first and after the last character of every paragraph
UNKNOWN: Final = 2  # any character that training met too seldom to list
FIRST_CHARACTER: Final = 3

MAGIC: Final = b"\x89ngrams1"
SHIPPED: Final = Path(__file__).with_name("press.ngrams")
ALIGNMENT: Final = 64
NONE: Final = np.array([-1], dtype=np.int32)
ROWS_AT_ONCE: Final = 1 << 14  # so that temporaries stay in the processor's cache


@dataclass(frozen=True, slots=True, eq=False)
class Level:
    """The n-grams of one order (two or more).

    Bucket b holds the slots `offsets[b]:offsets[b + 1]`, sorted by `remainders`; `log_probs` and `backoffs` are
    indices into the two tables of values, natural logarithms. The highest order has no backoffs.
    """

    offsets: NDArray[np.uint32]
    remainders: NDArray[np.uint16]
    log_probs: NDArray[np.uint8]
    backoffs: NDArray[np.uint8]
    log_prob_values: Logs
    backoff_values: Logs


@dataclass(frozen=True, slots=True, eq=False)
class NGrams:
    """A loaded model. It is read-only: any number of threads may ask it at once.

    `order` is the length of the longest n-gram; `characters` the code point of each id (0 for the first three);
    `frequencies`, `unigrams` and `unigram_backoffs` natural logarithms by id; `summary` what training wrote about
    itself.
    """

    order: int
    characters: NDArray[np.uint32]
    frequencies: Logs
    unigrams: Logs
    unigram_backoffs: Logs
    levels: tuple[Level, ...]
    shelf: Shelf
    summary: Mapping[str, Any]
    ids_of_codes: Ids
    PAD: int = PAD
    PARAGRAPH: int = PARAGRAPH
    UNKNOWN: int = UNKNOWN

    def encode(self, codes: NDArray[np.uint32]) -> Ids:
        """Ids of code points, in the same shape; what the vocabulary lacks is UNKNOWN.

        The caller leaves out spaces and line ends, and puts PARAGRAPH where a paragraph begins or ends.
        """
        return self.ids_of_codes.take(codes, mode="clip")

    def encode_text(self, text: str) -> Ids:
        """Ids of the characters of a string, one for each, lone surrogates included.

        >>> load().encode_text("1９年").tolist() == load().encode_text("20年").tolist()
        True
        """
        return self.encode(np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4"))

    def find(self, order: int, prefixes: NDArray[Any], words: Ids) -> Slots:
        """Slots of the n-grams made of a prefix and a last character; -1 where there is none, or the prefix is -1.

        A prefix is a slot of the order below, or an id for order 2. Both arrays are one-dimensional and equally long.
        """
        slots: Slots = buckets.find(self.shelf, order - 2, prefixes[None], words)[0]
        return slots

    def advance(self, contexts: Contexts, words: Ids) -> tuple[Contexts, Logs]:
        """The contexts after one more character each, and log P of that character."""
        if not contexts:
            return (words,), self.unigrams.take(words)
        prefixes = _stacked(contexts)
        slots = buckets.find(self.shelf, 0, prefixes, words)
        found, stored = slots >= 0, buckets.stored(self.shelf, slots)
        log_probs = self.unigrams.take(words)
        log_probs += self.unigram_backoffs.take(prefixes[0])
        np.copyto(log_probs, stored[0], where=found[0])
        for row, weights in enumerate(buckets.backed_off(self.shelf, prefixes[1:]), start=1):
            log_probs += weights
            np.copyto(log_probs, stored[row], where=found[row])
        return (words, *slots)[: self.order - 1], log_probs

    def contexts_after(self, ids: Ids) -> Contexts:
        """For n = 1, 2, … order - 1, the slot of the n-gram each row ends with (an id for n = 1), -1 for none.

        `ids` is two-dimensional; the result has no more entries than `ids` has columns.
        """
        contexts: Contexts = ()
        for column in ids[:, max(0, ids.shape[1] - self.order + 1) :].T:
            contexts = (column, *buckets.find(self.shelf, 0, _stacked(contexts), column)) if contexts else (column,)
        return contexts

    def log_prob(self, ids: Ids) -> Logs:
        """log P(last id | the ids before it) of each row of a two-dimensional array.

        >>> model = load()
        >>> right, wrong = model.log_prob(np.stack([model.encode_text("人民日报"), model.encode_text("人民日抱")]))
        >>> bool(right > wrong + 5)
        True
        """
        scores = np.empty(len(ids), dtype=np.float32)
        for rows in _blocks(len(ids)):
            scores[rows] = self.advance(self.contexts_after(ids[rows, :-1]), ids[rows, -1])[1]
        return scores

    def score_text(self, ids: Ids) -> Logs:
        """log P of each id of a text given those before it in its paragraph; the text begins a paragraph.

        A ¶ is scored as the end of its paragraph, and what follows it as a beginning.
        """
        return self.read(ids)[0]

    def read(self, ids: Ids) -> tuple[Logs, Contexts]:
        """What `score_text` returns, and the contexts before each id, as `advance` takes them."""
        width = self.order - 1
        padded = np.concatenate([np.full(width - 1, PAD), [PARAGRAPH], ids]).astype(np.uint16)
        scores = np.empty(len(ids), dtype=np.float32)
        contexts: list[NDArray[Any]] = [padded[width - 1 : -1]]
        contexts += [np.empty(len(ids), dtype=np.int32) for _ in range(width - 1)]
        for rows in _blocks(len(ids)):
            run = padded[rows.start : rows.stop + width]
            words = run[width:]
            score = self.unigrams.take(words)
            ending: NDArray[Any] = run  # of each place of the run, the n-gram that ends there
            for order in range(2, self.order + 1):
                prefixes = ending[:-1]
                ending = np.concatenate([NONE, self.find(order, prefixes, run[1:])])
                score += self._backoff(order - 1, prefixes[width - 1 :])
                here = ending[width:]
                known = np.flatnonzero(here >= 0)
                score[known] = self._stored(order, here.take(known))
                if order < self.order:
                    contexts[order - 1][rows] = ending[width - 1 : -1]
            scores[rows] = score
        return scores, tuple(contexts)

    def continuation(self, left: Ids, right: Ids) -> Logs:
        """Log-odds that a text runs on from `left` to `right`, against ending a paragraph and beginning a new one.

        Sum of log P(right | left) less log P(¶ | left) and log P(right | ¶). `left` holds the last ids before a gap and
        `right` the first after it, a row for each gap, usually three columns; PAD fills up what is shorter (left of
        `left`, right of `right`) and counts for nothing. How frequent breaks are at such gaps is for the caller to add.

        >>> model = load()
        >>> left = model.encode_text("记者从" + "圆满成功。").reshape(1, -1)[:, -3:]
        >>> bool(model.continuation(left, model.encode_text("本报讯").reshape(1, -1))[0] < 0)
        True
        """
        scores = np.empty(len(left), dtype=np.float32)
        left = left[:, max(0, left.shape[1] - self.order + 1) :]
        near, far = left.shape[1], right.shape[1]
        # columns: the left, the right after it, ¶ after the left; ¶ that begins a paragraph, the right after that
        mark, fresh = near + far, near + far + 1
        before = np.array([*range(-1, mark - 1), near - 1, -1, *range(fresh, fresh + far)])
        for rows in _blocks(len(left), ROWS_AT_ONCE // len(before)):
            columns = np.full((len(before), len(left[rows])), PARAGRAPH, dtype=np.uint16)
            columns[:near] = left[rows].T
            columns[near:mark] = columns[fresh + 1 :] = right[rows].T
            told = self._chained(columns, before)
            score = -told[mark]
            for on, afresh, words in zip(told[near:mark], told[fresh + 1 :], right[rows].T, strict=True):
                score += np.where(words == PAD, np.float32(0), on - afresh)
            scores[rows] = score
        return scores

    def _chained(self, columns: Ids, before: NDArray[np.intp]) -> Logs:
        """log P of each id of some columns after those before it; `before`: each column's column before it, or -1."""
        scores = self.unigrams.take(columns)
        ending: NDArray[Any] = columns  # of each place, the n-gram of the order below that ends there
        later = np.arange(len(before))
        for order in range(2, self.order + 1):
            later = later[before[later] >= 0] if order == 2 else later[np.isin(before[later], later)]
            if not len(later):
                break
            prefixes = ending[before[later]]
            words = columns[later]
            slots = self.find(order, prefixes.ravel(), words.ravel()).reshape(words.shape)
            score = scores[later]
            score += self._backoff(order - 1, prefixes)
            scores[later] = np.where(slots >= 0, self._stored(order, slots), score)
            ending = np.full(columns.shape, -1, dtype=np.int32)
            ending[later] = slots
        return scores

    def unigram_log_prob(self, ids: Ids) -> Logs:
        """Logarithm of how often each id was met in training, in any shape: the rarer, the lower; 0 for PAD.

        This is plain frequency; `unigrams` is Kneser-Ney's estimate, which tells only after what a bigram leaves open.
        """
        return self.frequencies[ids]

    def bigram_log_prob(self, ids: Ids) -> Logs:
        """log P(second id | first id) of each row of an array of two columns, for places where nothing stands before.

        As in every Kneser-Ney model the lower orders count in how many contexts a pair was met, not how often.
        """
        return self.log_prob(ids[:, -2:])

    def perplexity(self, ids: Ids) -> float:
        """Perplexity per character of one text, ¶ counted; 1 for an empty text.

        >>> model = load()
        >>> plain, jumbled = model.encode_text("全国人民代表大会"), model.encode_text("会大表代民人国全")
        >>> model.perplexity(plain) < model.perplexity(jumbled)
        True
        """
        return float(np.exp(-self.score_text(ids).mean(dtype=np.float64))) if len(ids) else 1.0

    def _stored(self, order: int, slots: Slots) -> Logs:
        """Stored log probabilities; of a slot that is none, anything."""
        level = self.levels[order - 2]
        return level.log_prob_values.take(level.log_probs.take(slots, mode="clip"))

    def _backoff(self, order: int, slots: NDArray[Any]) -> Logs:
        """Back-off weights of contexts; a context that is not stored passes its whole mass on, which is 0."""
        if order == 1:
            return self.unigram_backoffs.take(slots)
        level = self.levels[order - 2]
        if not len(level.backoffs):
            return np.zeros(len(slots), dtype=np.float32)
        weights = level.backoff_values.take(level.backoffs.take(slots, mode="clip"))
        np.copyto(weights, 0, where=slots < 0)
        return weights


def _stacked(contexts: Contexts) -> Slots:
    rows = np.empty((len(contexts), len(contexts[0])), dtype=np.int32)
    for row, context in zip(rows, contexts, strict=True):
        row[:] = context
    return rows


def _blocks(rows: int, size: int = ROWS_AT_ONCE) -> list[slice]:
    return [slice(start, min(start + size, rows)) for start in range(0, rows, size)]


# A file is MAGIC, the length of the header (uint32), the header (JSON: summary, digest of the rest, and a name, type,
# start and length for each array), and the arrays, each at a multiple of ALIGNMENT; all little-endian.


def to_bytes(arrays: Mapping[str, NDArray[Any]], summary: Mapping[str, Any]) -> bytes:
    """The file of a model, given its arrays (see `load` for their names) and the account of its training."""
    body = bytearray()
    table: dict[str, list[Any]] = {}
    for name, array in arrays.items():
        body += bytes(-len(body) % ALIGNMENT)
        little = array.astype(array.dtype.newbyteorder("<"))
        table[name] = [little.dtype.str, len(body), len(little)]
        body += little.tobytes()
    header = {"summary": summary, "sha256": hashlib.sha256(body).hexdigest(), "bytes": len(body), "arrays": table}
    head = json.dumps(header, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    head += b" " * (-(len(MAGIC) + 4 + len(head)) % ALIGNMENT)
    return MAGIC + len(head).to_bytes(4, "little") + head + bytes(body)


def load(path: Path | None = None) -> NGrams:
    """The model in a file, or the one in force; read once in a process, then shared.

    Raises OSError if the file cannot be read, ValueError if it is not a whole model. The digest is not checked, for
    that would read every page of the file (see `verify`).
    """
    return _read(path or in_force(SHIPPED))


@functools.cache
def _read(name: Path) -> NGrams:
    with name.open("rb") as file:
        if file.read(len(MAGIC)) != MAGIC:
            raise ValueError(f"{name} is not a language model of this version")
        whole = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    header, start = _header(whole)
    if len(whole) != start + header["bytes"]:
        raise ValueError(f"{name} is {len(whole)} bytes long, not {start + header['bytes']}")
    arrays = {
        key: np.frombuffer(whole, dtype, count, start + offset)
        for key, (dtype, offset, count) in header["arrays"].items()
    }
    ids_of_codes = np.full(0x110000, UNKNOWN, dtype=np.uint16)
    ids_of_codes[arrays["codes"]] = arrays["ids"]
    order = int(header["summary"]["order"])
    names = ("offsets", "remainders", "log_probs", "backoffs", "log_prob_values", "backoff_values")
    levels = tuple(Level(*(arrays[f"{n}.{name}"] for name in names)) for n in range(2, order + 1))
    starts = {key: start + offset for key, (_, offset, _) in header["arrays"].items()}
    return NGrams(
        order=order,
        characters=arrays["characters"],
        frequencies=arrays["frequencies"],
        unigrams=arrays["unigrams"],
        unigram_backoffs=arrays["unigram_backoffs"],
        levels=levels,
        shelf=buckets.shelve(whole, starts, arrays, range(2, order + 1), len(arrays["unigrams"])),
        summary=header["summary"],
        ids_of_codes=ids_of_codes,
    )


def verify(path: Path | None = None) -> bool:
    """Whether the arrays of a model are those that were written, by their digest.

    >>> verify()
    True
    """
    whole = (path or SHIPPED).read_bytes()
    header, start = _header(whole)
    return bool(hashlib.sha256(whole[start:]).hexdigest() == header["sha256"])


def _header(whole: bytes | mmap.mmap) -> tuple[dict[str, Any], int]:
    start = len(MAGIC) + 4
    end = start + int.from_bytes(whole[len(MAGIC) : start], "little")
    return json.loads(whole[start:end]), end
