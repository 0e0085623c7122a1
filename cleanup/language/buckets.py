"""Finds n-grams by their keys: exact look-ups in arrays that lie in a file, of several orders at once.

An n-gram is keyed by the slot of its prefix and its last character, a pair that fits in 32 bits; a bijection of those
32 bits scatters the keys evenly; the upper 16 bits choose a bucket and only the lower 16 are stored (quotienting:
D. E. Knuth, The Art of Computer Programming 3, 6.4, exercise 13). No two n-grams can be confused. It knows nothing of
characters or probabilities, and it never writes.
"""

from __future__ import annotations

import mmap
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.uint16]
Slots = NDArray[np.int32]
Logs = NDArray[np.float32]
Column = NDArray[np.intp]

BUCKET_BITS: Final = 16
ROW: Final = 256  # values of a level, for each of which one byte stands
# Three ways to look up, by how many at once: the figures are where one overtakes the other on the model shipped.
FEW: Final = 1 << 7  # up to here whole buckets are compared faster than searched by halves
MANY: Final = 1 << 11  # from here on leaving out what has no prefix saves more than it costs


@dataclass(frozen=True, slots=True, eq=False)
class Shelf:
    """The arrays of all levels (a level holds the n-grams of one order, from two on).

    Bucket b of a level holds the slots from its offset b to its offset b + 1, sorted by remainder; of each slot a byte
    names its log probability and another its back-off weight. `doubles`, `words` and `octets` are the whole file as
    numbers of four, two bytes and one; `offsets`, `remainders`, `log_probs` and `backoffs` tell where in it those of
    each level begin, a column of one number a level. The values that bytes name are in rows of 256, a row a level.
    `vocabulary`: how many ids there are. `bucket`: 0, 1, … as far as the longest bucket goes; `strides`: the steps,
    each half the one before, that search any bucket through.
    """

    doubles: NDArray[np.uint32]
    words: NDArray[np.uint16]
    octets: NDArray[np.uint8]
    offsets: Column
    remainders: Column
    log_probs: Column
    backoffs: Column
    log_prob_values: Logs
    backoff_values: Logs
    vocabulary: int
    bucket: Column
    strides: tuple[int, ...]


def shelve(
    whole: mmap.mmap, starts: Mapping[str, int], arrays: Mapping[str, NDArray[Any]], orders: range, vocabulary: int
) -> Shelf:
    """Lay out the levels of a file, given its arrays and where in it each of them starts, in bytes."""

    def begins(name: str, size: int) -> Column:
        return np.array([[starts[f"{n}.{name}"] // size] for n in orders], dtype=np.intp)

    def values(name: str) -> Logs:
        rows = np.zeros((len(orders), ROW), dtype=np.float32)
        for row, n in zip(rows, orders, strict=True):
            row[: len(arrays[f"{n}.{name}"])] = arrays[f"{n}.{name}"]
        return rows.ravel()

    longest = max(int(np.diff(arrays[f"{n}.offsets"]).max(initial=0)) for n in orders)
    return Shelf(
        doubles=np.frombuffer(whole, "<u4", len(whole) // 4),
        words=np.frombuffer(whole, "<u2", len(whole) // 2),
        octets=np.frombuffer(whole, np.uint8),
        offsets=begins("offsets", 4),
        remainders=begins("remainders", 2),
        log_probs=begins("log_probs", 1),
        backoffs=begins("backoffs", 1),
        log_prob_values=values("log_prob_values"),
        backoff_values=values("backoff_values"),
        vocabulary=vocabulary,
        bucket=np.arange(max(longest, 1)),
        strides=tuple(1 << digit for digit in reversed(range(longest.bit_length()))),
    )


def scatter(keys: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """A bijection of 32-bit words that spreads neighbouring keys over all buckets.

    An odd multiplier and a shifted exclusive or can both be undone modulo 2**32, so different keys stay different. The
    multipliers are those of MurmurHash3's finaliser (A. Appleby, public domain).
    """
    words = keys * np.uint32(0x85EBCA6B)
    words ^= words >> np.uint32(15)
    words *= np.uint32(0xC2B2AE35)
    words ^= words >> np.uint32(16)
    return words


def find(shelf: Shelf, first: int, prefixes: NDArray[Any], words: Ids) -> Slots:
    """Slots of the n-grams of some levels, a row each, from level `first` on (0 for order 2); -1 where there is none.

    `prefixes` has a row for each level, the slots of the order below (ids for order 2), -1 for none; each row has a
    prefix for each of `words`, the last ids.
    """
    if len(words) < MANY:
        return _search(shelf, first, prefixes, words)
    slots = np.full(prefixes.shape, -1, dtype=np.int32)
    for level, (row, own) in enumerate(zip(slots, prefixes, strict=True), first):
        asked = np.flatnonzero(own >= 0)
        row[asked] = _search(shelf, level, own.take(asked)[None], words.take(asked))[0]
    return slots


def _search(shelf: Shelf, first: int, prefixes: NDArray[Any], words: Ids) -> Slots:
    """What `find` returns; a prefix that is none is looked up like any other, and what it finds thrown away."""
    own = slice(first, first + len(prefixes))
    keys = prefixes.astype(np.uint32)
    keys *= np.uint32(shelf.vocabulary)
    keys += words
    keys = scatter(keys)
    wanted = keys.astype(np.uint16)
    keys >>= np.uint32(32 - BUCKET_BITS)
    buckets = keys.astype(np.intp)
    buckets += shelf.offsets[own]
    begins = shelf.remainders[own]
    places = shelf.doubles.take(buckets).astype(np.intp)
    places += begins
    buckets += 1
    ends = shelf.doubles.take(buckets).astype(np.intp)
    ends += begins
    if places.size <= FEW:
        probes = places[..., None] + shelf.bucket
        equal = shelf.words.take(probes, mode="clip") == wanted[..., None]
        equal &= probes < ends[..., None]
        places += equal.argmax(axis=-1)
        found = equal.any(axis=-1)
    else:
        for step in shelf.strides:  # how many of the bucket are less than wanted, one binary digit at a time
            probes = places + (step - 1)
            less = shelf.words.take(probes, mode="clip") < wanted
            less &= probes < ends
            places += np.multiply(less, step, dtype=np.intp)
        found = shelf.words.take(places, mode="clip") == wanted
        found &= places < ends
    found &= prefixes >= 0
    places -= begins
    np.copyto(places, -1, where=~found)
    slots: Slots = places.astype(np.int32)
    return slots


def stored(shelf: Shelf, slots: Slots) -> Logs:
    """Log probabilities of slots, a row for each level from order 2 on; of a slot that is none, anything."""
    return _named(shelf.octets, shelf.log_probs, shelf.log_prob_values, slots)


def backed_off(shelf: Shelf, slots: Slots) -> Logs:
    """Back-off weights of contexts, a row for each level; one that is not stored passes its whole mass on: 0."""
    weights = _named(shelf.octets, shelf.backoffs, shelf.backoff_values, slots)
    np.copyto(weights, 0, where=slots < 0)
    return weights


def _named(octets: NDArray[np.uint8], begins: Column, values: Logs, slots: Slots) -> Logs:
    """The values that the bytes of slots name."""
    levels = len(slots)
    places = octets.take(slots + begins[:levels], mode="clip").astype(np.intp)
    places += ROW * np.arange(levels)[:, None]
    return values.take(places)
