"""How passages hang together: what they have in common (M. Hearst, TextTiling, 1997), and how one runs on in another.

Two kinds of vectors tell of common matter: over the rare pairs of characters that passages share, names above all, and
over what they are about, which kindred passages share without a common word. The sentence that may run over the gap
between two passages is read by the encoders of continuation.py. Nothing here knows roles or decides where an article
ends.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from cleanup.assembly.passages import Passages, vocabulary
from cleanup.bins import Integers, Reals
from cleanup.language import continuation, topics
from cleanup.language.continuation import Gaps
from cleanup.language.ngrams import NGrams

MOST_CELLS = 8_000_000  # of the table of pairs; beyond, pairs share columns (feature hashing): memory stays bounded
HASHED_COLUMNS = 2048
MOST_PASSAGES = 2000  # whose products with each other are all kept; a longer text is compared group by group


class Vectors:
    """A vector for each passage, and how near any two of them, or groups of them, are.

    `shared` has a row a passage; `alone` holds the summed squares of what a passage shares with no other, which only
    lengthens its vector. `products` holds the products of all passages with each other where there are not too many.
    """

    def __init__(self, shared: NDArray[np.float32], alone: Reals) -> None:
        self.shared, self.alone = shared, alone
        self.products = (shared @ shared.T).astype(np.float64) if len(shared) <= MOST_PASSAGES else None
        self.lengths = _length(np.einsum("ij,ij->i", shared, shared) + alone)

    def of(self, rows: slice) -> Vectors:
        """Return the vectors of some passages alone."""
        return Vectors(self.shared[rows], self.alone[rows])

    def similarity(self, groups: list[list[int]], others: list[list[int]]) -> Reals:
        """Return the cosine between the summed vectors of each group and each other group.

        Shape (len(groups), len(others)); 0 where either has no rare words.
        """
        left, right = self._sums(groups), self._sums(others)
        if self.products is None:
            product = left.rows @ right.rows.T
        else:
            product = _added(left.rows[:, right.members].T, right.starts).T
        return np.asarray(product / (left.length[:, None] * right.length))

    def pairwise(self, lefts: list[list[int]], rights: list[list[int]]) -> Reals:
        """Return the cosine of each left group with the right group of the same row."""
        if not lefts:
            return np.zeros(0)
        left, right = self._sums(lefts), self._sums(rights)
        if self.products is None:
            product = np.einsum("ij,ij->i", left.rows, right.rows)
        else:
            product = np.bincount(right.owner, left.rows[right.owner, right.members], len(rights))
        return np.asarray(product / (left.length * right.length))

    def pairs(self, left: Integers, right: Integers) -> Reals:
        """Return the cosine of single passages, row by row."""
        if self.products is not None:
            return np.asarray(self.products[left, right] / (self.lengths[left] * self.lengths[right]))
        product = np.empty(len(left))
        for start in range(0, len(left), ROWS_AT_ONCE):
            rows = slice(start, start + ROWS_AT_ONCE)
            product[rows] = np.einsum("ij,ij->i", self.shared[left[rows]], self.shared[right[rows]])
        return np.asarray(product / (self.lengths[left] * self.lengths[right]))

    def across(self, sequence: Integers, window: int) -> Reals:
        """Return for each gap in a sequence of passages the cosine of the `window` passages before and after it.

        Shape (len(sequence) - 1,).
        """
        count = len(sequence)
        gaps = np.arange(1, count)
        first, last = np.maximum(gaps - window, 0), np.minimum(gaps + window, count)
        if self.products is None:
            before = [sequence[a:b].tolist() for a, b in zip(first, gaps, strict=True)]
            after = [sequence[a:b].tolist() for a, b in zip(gaps, last, strict=True)]
            return self.pairwise(before, after)
        total = np.zeros((count + 1, count + 1))
        np.cumsum(np.cumsum(self.products[np.ix_(sequence, sequence)], axis=0), axis=1, out=total[1:, 1:])
        squares = np.concatenate([[0.0], np.cumsum(self.alone[sequence])])

        def block(a: Integers, b: Integers, c: Integers, d: Integers) -> Reals:
            return np.asarray(total[b, d] - total[a, d] - total[b, c] + total[a, c])

        before_length = _length(block(first, gaps, first, gaps) + squares[gaps] - squares[first])
        after_length = _length(block(gaps, last, gaps, last) + squares[last] - squares[gaps])
        return np.asarray(block(first, gaps, gaps, last) / (before_length * after_length))

    def _sums(self, groups: list[list[int]]) -> _Sums:
        """Return what the passages of each group are together."""
        sizes = [len(group) for group in groups]
        starts = np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)])
        owner = np.repeat(np.arange(len(groups)), sizes)
        members = np.array([row for group in groups for row in group], dtype=np.int64)
        if self.products is None:
            picks = csr_matrix((np.ones(len(members)), members, starts), (len(groups), len(self.alone)))
            rows = np.asarray(picks @ self.shared)
            squares = np.einsum("ij,ij->i", rows, rows) + picks @ self.alone
            return _Sums(members, owner, starts, rows, _length(squares))
        rows = _added(self.products[members], starts)
        squares = np.bincount(owner, rows[owner, members] + self.alone[members], len(groups)).astype(np.float64)
        return _Sums(members, owner, starts, rows, _length(squares))


@dataclass(frozen=True, slots=True, eq=False)
class _Sums:
    """Groups of passages: their `members` one group after another with the group of each (`owner`), where each group
    `starts` among them (and the last one ends), a row for each, and the `length` of its summed vector.

    `rows` are the products of the summed vectors with all passages where all products are kept, and the summed vectors
    elsewhere.
    """

    members: Integers
    owner: Integers
    starts: Integers
    rows: Reals
    length: Reals


def _added(table: Reals, starts: Integers) -> Reals:
    """Return the sums of rows that belong together; an empty group adds up to nothing.

    >>> _added(np.array([[1.0], [2.0], [4.0]]), np.array([0, 2, 2, 3])).ravel().tolist()
    [3.0, 0.0, 4.0]
    """
    total = np.zeros((len(starts) - 1, table.shape[1]))
    some = np.flatnonzero(np.diff(starts))
    if len(some):
        total[some] = np.add.reduceat(table, starts[some], axis=0)
    return total


@dataclass(frozen=True, slots=True)
class Cohesion:
    """How near the passages of a page are: by the rare `words` they share, and by what they are about.

    `ends` and `starts`: what was read before the end and after the start of each passage.
    """

    words: Vectors
    topics: Vectors
    ends: Gaps
    starts: Gaps

    def of(self, rows: slice) -> Cohesion:
        """Return the cohesion of some passages alone."""
        ends, starts = (Gaps(gaps.vectors[rows], gaps.torn[rows]) for gaps in (self.ends, self.starts))
        return Cohesion(self.words.of(rows), self.topics.of(rows), ends, starts)

    def runs_on(self, left: Integers, right: Integers) -> Reals:
        """Return for each pair of passages the log-odds of the sentence of one running on in the other."""
        opened, before = np.unique(left, return_inverse=True)
        going_on, after = np.unique(right, return_inverse=True)
        found = np.empty(len(left))
        if len(opened) * len(going_on) <= MOST_PRODUCTS:
            found[:] = (self.ends.vectors[opened] @ self.starts.vectors[going_on].T)[before, after]
            return found
        for start in range(0, len(left), ROWS_AT_ONCE):
            rows = slice(start, start + ROWS_AT_ONCE)
            found[rows] = np.einsum("ij,ij->i", self.ends.vectors[left[rows]], self.starts.vectors[right[rows]])
        return found


def measure_cohesion(passages: Passages, model: NGrams) -> Cohesion:
    """Return the cohesion of the passages of a page."""
    owner = np.searchsorted(passages.last, np.arange(len(passages.ids)), side="right")
    about = topics.describe(passages.codes, passages.is_han, owner, len(passages), topics.load())
    encoders = continuation.load()
    ids = encoders.identify(passages.codes)
    return Cohesion(
        words=_words(passages, model),
        topics=Vectors(about, np.zeros(len(passages))),
        ends=continuation.encode(continuation.before_gaps(ids, passages.first, passages.last), encoders.before),
        starts=continuation.encode(continuation.after_gaps(ids, passages.last, passages.first), encoders.after),
    )


def _words(passages: Passages, model: NGrams) -> Vectors:
    """Return the vectors over rare pairs: a column for each pair that more than one passage has."""
    owner, number, weight = vocabulary(passages, model)
    count = len(passages)
    spread = np.bincount(number) if len(number) else np.zeros(1, dtype=np.int64)
    common = spread[number] > 1
    alone: Reals = np.bincount(owner[~common], weight[~common] ** 2, minlength=count).astype(np.float64)
    column = (np.cumsum(spread > 1) - 1)[number[common]]
    width = int(column.max()) + 1 if len(column) else 1
    if count * width > MOST_CELLS:
        width = min(HASHED_COLUMNS, width)
        column = column % width
    shared = np.zeros((count, width), dtype=np.float32)
    np.add.at(shared, (owner[common], column), weight[common].astype(np.float32))
    return Vectors(shared, alone)


ROWS_AT_ONCE = 4096
MOST_PRODUCTS = 1 << 20  # of ends with starts worked out at once; beyond, only those that are asked for
TINY = 1e-9  # rounding may leave a square just below zero


def _length(squares: Reals) -> Reals:
    """Return the lengths of vectors of given squares; endless for empty ones, so that their cosines are 0."""
    return np.where(squares > TINY, np.sqrt(np.maximum(squares, TINY)), np.inf)
