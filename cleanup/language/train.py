"""Train the language model: count character n-grams in a corpus, smooth, prune to a size, write one file.

`python -m cleanup.language.train CORPUS… -o FILE`; `--measure` reports on the held-out tenth instead (see
measure.py). A corpus is a file of JSON lines with "title" and "paragraphs" (perhaps "subtitle" and "byline"), or
plain text with a paragraph a line; either may be gzipped. Nothing is random: the same corpora give the same bytes. An
n-gram seen fewer than `RARELY` times is never kept, so the model cannot recite what it has read.

Smoothing is interpolated modified Kneser-Ney (Chen and Goodman 1999) whose lower orders are estimated from what the
n-grams kept above leave over: the discount of those kept and the whole count of those pruned (the marginal constraint
of Kneser and Ney 1995, applied to the pruned model as in Siivola, Hirsimäki and Virpioja 2007). Pruning is by
weighted difference (Seymore and Rosenfeld 1996).
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cleanup.language.buckets import BUCKET_BITS, scatter
from cleanup.language.corpus import articles, characters, held_out, name_of
from cleanup.language.folding import folding
from cleanup.language.measure import report
from cleanup.language.ngrams import FIRST_CHARACTER, PAD, PARAGRAPH, UNKNOWN, to_bytes

RARELY: Final = 3
ORDER: Final = 4
SIZE: Final = 7_500_000
VALUES: Final = 255
LEAST: Final = 1e-9  # no logarithm is taken of less

Floats = NDArray[np.float64]
Keys = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Table:
    """All n-grams of one order seen in training, sorted by key (its ids as digits of a number in base `vocabulary`).

    `seen` is how often, `counts` the same weighted by corpus; `prefixes` and `suffixes` are places in the table of
    the order below of the n-gram without its last and without its first character.
    """

    keys: Keys
    seen: NDArray[np.int64]
    counts: Floats
    prefixes: NDArray[np.int64]
    suffixes: NDArray[np.int64]

    def begins_paragraph(self, vocabulary: int, order: int) -> NDArray[np.bool_]:
        """Which n-grams have ¶ as their first character."""
        first: Keys = self.keys // np.uint64(vocabulary ** (order - 1))
        return np.equal(first, PARAGRAPH)


def count(texts: Sequence[NDArray[np.uint16]], weights: Sequence[float], vocabulary: int, order: int) -> list[Table]:
    """Tables of orders 1 to `order`; a text is the ids of one corpus, with ¶ before, between and after paragraphs.

    ¶ stands in an n-gram only first or last: nothing is learned across paragraphs. Raises ValueError if n-grams of
    that order over that vocabulary do not fit in 64 bits.
    """
    if vocabulary**order > 1 << 64:
        raise ValueError(f"{order}-grams of {vocabulary} characters do not fit in 64 bits")
    zeros = np.zeros(vocabulary, dtype=np.int64)
    single = np.array([np.bincount(text[1:], minlength=vocabulary) for text in texts], dtype=np.int64)
    weighted = (single.T * np.asarray(weights, dtype=np.float64)).sum(axis=1)
    tables = [Table(np.arange(vocabulary, dtype=np.uint64), single.sum(axis=0), weighted, zeros, zeros)]
    for n in range(2, order + 1):
        found = [np.unique(_packed(text, n, vocabulary), return_counts=True) for text in texts]
        keys, places = np.unique(np.concatenate([keys for keys, _ in found]), return_inverse=True)
        seen = np.concatenate([counts for _, counts in found])
        scaled = np.concatenate([counts * weight for (_, counts), weight in zip(found, weights, strict=True)])
        below = tables[-1].keys
        tables.append(
            Table(
                keys,
                np.bincount(places, seen).astype(np.int64),
                np.bincount(places, scaled).astype(np.float64),
                np.searchsorted(below, keys // np.uint64(vocabulary)),
                np.searchsorted(below, keys % np.uint64(vocabulary ** (n - 1))),
            )
        )
    return tables


def _packed(text: NDArray[np.uint16], n: int, vocabulary: int) -> Keys:
    """Keys of the n-grams of a text that have no ¶ inside."""
    places = len(text) - n + 1
    keys = np.zeros(places, dtype=np.uint64)
    whole = np.ones(places, dtype=np.bool_)
    for k in range(n):
        part = text[k : k + places]
        keys = keys * np.uint64(vocabulary) + part
        if 0 < k < n - 1:
            whole &= part != PARAGRAPH
    return keys[whole]


@dataclass(frozen=True, slots=True)
class Smoothed:
    """For each order: probabilities of all n-grams seen, what each context passes down, and which n-grams are kept."""

    probabilities: list[Floats]
    passed_down: list[Floats]
    kept: list[NDArray[np.bool_]]


def discounts(counts: Floats) -> Floats:
    """What to take off each count: modified Kneser-Ney (Chen and Goodman 1999, eq. 26), interpolated between counts."""
    n1, n2, n3, n4 = (float(np.count_nonzero(np.rint(counts) == times)) for times in (1, 2, 3, 4))
    if not (n1 and n2 and n3):  # a corpus too small to estimate from
        return np.minimum(counts, 0.75)
    y = n1 / (n1 + 2 * n2)
    at = [0, *np.clip([1 - 2 * y * n2 / n1, 2 - 3 * y * n3 / n2, 3 - 4 * y * n4 / n3], 0.1, [1, 2, 3])]
    off: Floats = np.minimum(np.interp(counts, [0, 1, 2, 3], at), counts)
    return off


def smooth(tables: Sequence[Table], kept: list[NDArray[np.bool_]]) -> Smoothed:
    """Probabilities of a model that stores only the n-grams kept (an array of truths for each table)."""
    vocabulary = len(tables[0].keys)
    left = tables[-1].counts
    given: list[Floats] = []
    passed: list[Floats] = []
    for n in range(len(tables), 1, -1):
        table, below = tables[n - 1], tables[n - 2]
        taken = np.where(kept[n - 1], left - discounts(left), 0.0)
        totals = np.bincount(table.prefixes, left, minlength=len(below.keys))
        share: Floats = taken / totals[table.prefixes]
        given.append(share)
        passed.append(1.0 - np.bincount(table.prefixes, share, minlength=len(below.keys)).astype(np.float64))
        left = np.bincount(table.suffixes, left - taken, minlength=len(below.keys)).astype(np.float64)
        if n > 2:
            left += np.where(below.begins_paragraph(vocabulary, n - 1), below.counts, 0.0)
    taken = left - discounts(left)
    words = vocabulary - 1  # PAD is never said
    probabilities = [taken / left.sum() + (1 - taken.sum() / left.sum()) / words]
    probabilities[0][PAD] = 0
    for table, share, down in zip(tables[1:], reversed(given), reversed(passed), strict=True):
        probabilities.append(share + down[table.prefixes] * probabilities[-1][table.suffixes])
    return Smoothed(probabilities, passed[::-1], kept)


def prune(tables: Sequence[Table], size: int) -> list[NDArray[np.bool_]]:
    """Which n-grams to keep so that they take at most `size` bytes: the most telling ones, with all their prefixes.

    What an n-gram tells is its count times the log probability it adds to what the shorter context says. None seen
    fewer than RARELY times is kept, whatever it tells.
    """
    kept = [np.ones(len(tables[0].keys), dtype=np.bool_), *(table.seen >= RARELY for table in tables[1:])]
    model = smooth(tables, kept)
    worth: list[Floats] = []
    for n in range(len(tables), 1, -1):
        table = tables[n - 1]
        shorter = model.passed_down[n - 2][table.prefixes] * model.probabilities[n - 2][table.suffixes]
        gain = table.counts * np.log(model.probabilities[n - 1] / shorter)
        gain = np.where(kept[n - 1], gain / bytes_each(n, len(tables)), -np.inf)
        if worth:  # a prefix is worth at least what its best extension is
            np.maximum.at(gain, tables[n].prefixes, worth[0])
        worth.insert(0, gain)
    every = np.concatenate(worth)
    cost = np.concatenate([np.full(len(gain), bytes_each(n, len(tables))) for n, gain in enumerate(worth, start=2)])
    best_first = np.argsort(-every, kind="stable")
    best_first = best_first[: int(np.searchsorted(np.cumsum(cost[best_first]), size, side="right"))]
    chosen = np.zeros(len(every), dtype=np.bool_)
    chosen[best_first] = True
    chosen &= every > 0
    ends = np.cumsum([len(gain) for gain in worth])[:-1]
    return [kept[0], *np.split(chosen, ends)]


def bytes_each(n: int, order: int) -> int:
    """Bytes an n-gram takes: remainder, probability and, below the highest order, back-off weight."""
    return 3 if n == order else 4


def arrays_of(tables: Sequence[Table], model: Smoothed, listed: NDArray[np.uint32]) -> dict[str, NDArray[Any]]:
    """The arrays of a model file (see ngrams.load), logarithms quantised.

    `listed` is the code point of each id. Raises ValueError if there are too many n-grams for 32-bit keys.
    """
    vocabulary = len(listed)
    codes = np.flatnonzero(np.isin(folding(), listed[FIRST_CHARACTER:])).astype(np.uint32)
    id_of = np.zeros(0x110000, dtype=np.uint16)
    id_of[listed[FIRST_CHARACTER:]] = np.arange(FIRST_CHARACTER, vocabulary)
    arrays: dict[str, NDArray[Any]] = {"characters": listed, "codes": codes, "ids": id_of[folding()[codes]]}
    with np.errstate(divide="ignore"):
        arrays["unigrams"] = np.log(model.probabilities[0]).astype(np.float32)
    arrays["unigrams"][PAD] = 0
    often = tables[0].counts + 0.5  # what was never met counts half an occurrence (Jeffreys)
    arrays["frequencies"] = np.log(often / often.sum()).astype(np.float32)
    arrays["frequencies"][PAD] = 0
    slots = np.arange(vocabulary)
    written: list[tuple[NDArray[np.int64], NDArray[np.int64]]] = []
    for n in range(2, len(tables) + 1):
        table, kept = tables[n - 1], model.kept[n - 1]
        chosen = np.flatnonzero(kept)
        logs, values = quantised(np.log(model.probabilities[n - 1][chosen]))
        down = np.log(np.maximum(model.passed_down[n - 2], LEAST))
        if n == 2:
            arrays["unigram_backoffs"] = down.astype(np.float32)
        else:
            places, order = written[-1]
            weights, weight_values = quantised(down[places])
            arrays[f"{n - 1}.backoffs"] = weights[order]
            arrays[f"{n - 1}.backoff_values"] = weight_values
        if len(slots) and (int(slots.max()) + 1) * vocabulary > 1 << 32:
            raise ValueError(f"too many {n - 1}-grams for this vocabulary: choose a smaller size")
        last = (table.keys[chosen] % np.uint64(vocabulary)).astype(np.int64)
        scattered = scatter((slots[table.prefixes[chosen]] * vocabulary + last).astype(np.uint32))
        order = np.argsort(scattered, kind="stable")
        buckets = np.bincount(scattered >> np.uint32(32 - BUCKET_BITS), minlength=1 << BUCKET_BITS)
        arrays[f"{n}.offsets"] = np.concatenate([[0], np.cumsum(buckets)]).astype(np.uint32)
        arrays[f"{n}.remainders"] = scattered[order].astype(np.uint16)
        arrays[f"{n}.log_probs"] = logs[order]
        arrays[f"{n}.log_prob_values"] = values
        slots = np.full(len(table.keys), -1, dtype=np.int64)
        slots[chosen[order]] = np.arange(len(chosen))
        written.append((chosen, order))
    arrays[f"{len(tables)}.backoffs"] = np.zeros(0, dtype=np.uint8)
    arrays[f"{len(tables)}.backoff_values"] = np.zeros(1, dtype=np.float32)
    return arrays


def quantised(logs: Floats) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """Indices into VALUES evenly spaced values, and the values."""
    if not len(logs):
        return np.zeros(0, dtype=np.uint8), np.zeros(1, dtype=np.float32)
    values = np.linspace(logs.min(), logs.max(), VALUES).astype(np.float32)
    step = max((float(logs.max()) - float(logs.min())) / (VALUES - 1), 1e-9)
    return np.rint((logs - logs.min()) / step).astype(np.uint8), values


def train(
    corpora: Sequence[Path], *, order: int = ORDER, size: int = SIZE, weights: Mapping[str, float] | None = None
) -> bytes:
    """The file of a model trained on nine tenths of the corpora; `weights`, by corpus name, multiply counts (1 by
    default).

    Raises KeyError for a weight of no corpus, ValueError if a table outgrows its keys.
    """
    names = [name_of(corpus) for corpus in corpora]
    shares = dict.fromkeys(names, 1.0)
    for name, weight in (weights or {}).items():
        if name not in shares:
            raise KeyError(f"no corpus is named {name}")
        shares[name] = float(weight)
    texts = [characters(p for title, ps in articles(corpus) if not held_out(title) for p in ps) for corpus in corpora]
    seen = sum(np.bincount(text, minlength=0x110000) for text in texts)
    listed = np.flatnonzero(np.asarray(seen) >= RARELY)
    listed = listed[listed != ord("\n")]
    vocabulary = np.concatenate([np.zeros(FIRST_CHARACTER, dtype=np.int64), listed]).astype(np.uint32)
    id_of = np.full(0x110000, UNKNOWN, dtype=np.uint16)
    id_of[vocabulary] = np.arange(len(vocabulary))
    id_of[0] = UNKNOWN
    id_of[ord("\n")] = PARAGRAPH
    ids = [np.concatenate([[np.uint16(PARAGRAPH)], id_of[text]]) for text in texts]
    tables = count(ids, list(shares.values()), len(vocabulary), order)
    overhead = (order - 1) * ((4 << BUCKET_BITS) + 8 * VALUES) + 24 * len(vocabulary) + (1 << 14)
    model = smooth(tables, prune(tables, size - overhead))
    summary = {
        "order": order,
        "rarely": RARELY,
        "corpora": [
            {"name": name, "characters": len(text), "weight": shares[name]}
            for name, text in zip(names, texts, strict=True)
        ],
        "ngrams": [int(np.count_nonzero(kept)) for kept in model.kept],
    }
    return to_bytes(arrays_of(tables, model, vocabulary), summary)


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m cleanup.language.train", description=__doc__.partition("\n")[0])
    parser.add_argument("corpora", nargs="+", type=Path, metavar="CORPUS")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("-o", "--output", type=Path, metavar="FILE", help="where to write the model")
    what.add_argument("--measure", type=Path, metavar="FILE", help="measure this model on the held-out tenth instead")
    parser.add_argument("--order", type=int, default=ORDER, metavar="N", help="length of the longest n-gram")
    parser.add_argument("--size", type=int, default=SIZE, metavar="BYTES", help="largest size of the model file")
    parser.add_argument("--weight", action="append", default=[], metavar="NAME=W", help="multiply a corpus's counts")
    chosen = parser.parse_args(arguments)
    if chosen.measure:
        print(report(chosen.measure, chosen.corpora))
        return
    weights = {name: float(weight) for name, _, weight in (given.partition("=") for given in chosen.weight)}
    chosen.output.write_bytes(train(chosen.corpora, order=chosen.order, size=chosen.size, weights=weights))


if __name__ == "__main__":
    main()
