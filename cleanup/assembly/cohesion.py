"""Lexical cohesion: how much the rare words of passages have in common (M. Hearst, TextTiling, 1997).

Vectors over rare pairs of characters; nothing here knows roles or decides where an article ends.
"""

from __future__ import annotations

import numpy as np

from cleanup.assembly.passages import Passages, vocabulary
from cleanup.bins import Integers, Reals
from cleanup.language.ngrams import NGrams

MOST_CELLS = 8_000_000  # of the table; beyond, pairs share columns (feature hashing) so that memory stays bounded
HASHED_COLUMNS = 2048


class Vectors:
    """The rare pairs of characters of each passage.

    `shared` has a row a passage and a column for each pair that more than one passage has: only these make products.
    `alone` holds the summed squares of the other pairs, which only lengthen a vector.
    """

    def __init__(self, passages: Passages, model: NGrams) -> None:
        owner, number, weight = vocabulary(passages, model)
        count = len(passages)
        spread = np.bincount(number)
        common = spread[number] > 1 if len(number) else np.zeros(0, dtype=np.bool_)
        self.alone: Reals = np.bincount(owner[~common], weight[~common] ** 2, minlength=count)
        columns = np.cumsum(spread > 1) - 1
        column = columns[number[common]] if len(number) else number
        width = int(column.max()) + 1 if len(column) else 1
        if count * width > MOST_CELLS:
            width = min(HASHED_COLUMNS, width)
            column = column % width
        self.shared: Reals = np.zeros((count, width))
        np.add.at(self.shared, (owner[common], column), weight[common])

    def _sums(self, groups: list[list[int]]) -> tuple[Reals, Reals]:
        """Return the summed vectors of groups of passages and their lengths."""
        sizes = [len(group) for group in groups]
        flat = np.array([row for group in groups for row in group], dtype=np.int64)
        sums = np.zeros((len(groups), self.shared.shape[1]))
        squares = np.zeros(len(groups))
        some = [place for place, size in enumerate(sizes) if size]
        if some:
            starts = np.cumsum([0, *(sizes[place] for place in some[:-1])])
            sums[some] = np.add.reduceat(self.shared[flat], starts, axis=0)
            squares[some] = np.add.reduceat(self.alone[flat], starts)
        return sums, _length(sums, squares)

    def similarity(self, groups: list[list[int]], others: list[list[int]]) -> Reals:
        """Return the cosine between the summed vectors of each group and each other group.

        Shape (len(groups), len(others)); 0 where either has no rare words.
        """
        left, left_length = self._sums(groups)
        right, right_length = self._sums(others)
        return np.asarray(left @ right.T / (left_length[:, None] * right_length[None, :]))

    def pairwise(self, lefts: list[list[int]], rights: list[list[int]]) -> Reals:
        """Return the cosine of each left group with the right group of the same row."""
        if not lefts:
            return np.zeros(0)
        left, left_length = self._sums(lefts)
        right, right_length = self._sums(rights)
        return np.asarray((left * right).sum(axis=1) / (left_length * right_length))

    def pairs(self, left: Integers, right: Integers) -> Reals:
        """Return the cosine of single passages, row by row."""
        length = _length(self.shared, self.alone)
        product = np.empty(len(left))
        for start in range(0, len(left), ROWS_AT_ONCE):
            rows = slice(start, start + ROWS_AT_ONCE)
            product[rows] = np.einsum("ij,ij->i", self.shared[left[rows]], self.shared[right[rows]])
        return np.asarray(product / (length[left] * length[right]))

    def across(self, sequence: Integers, window: int) -> Reals:
        """Return for each gap in a sequence of passages the cosine of the `window` passages before and after it.

        Shape (len(sequence) - 1,).
        """
        count = len(sequence)
        total = np.zeros((count + 1, self.shared.shape[1]))
        np.cumsum(self.shared[sequence], axis=0, out=total[1:])
        squares = np.concatenate([[0.0], np.cumsum(self.alone[sequence])])
        gaps = np.arange(1, count)
        first, last = np.maximum(gaps - window, 0), np.minimum(gaps + window, count)
        before, after = total[gaps] - total[first], total[last] - total[gaps]
        length = _length(before, squares[gaps] - squares[first]) * _length(after, squares[last] - squares[gaps])
        return np.asarray((before * after).sum(axis=1) / length)


ROWS_AT_ONCE = 4096


def _length(sums: Reals, squares: Reals) -> Reals:
    """Return the lengths of vectors; endless for empty ones, so that their cosines are 0."""
    length = np.sqrt(np.einsum("ij,ij->i", sums, sums) + np.maximum(squares, 0.0))
    return np.where(length > 0, length, np.inf)
