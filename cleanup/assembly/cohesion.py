"""Lexical cohesion: how much the rare words of passages have in common (M. Hearst, TextTiling, 1997).

Vectors over rare pairs of characters; nothing here knows roles or decides where an article ends.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from cleanup.assembly.passages import Passages, vocabulary
from cleanup.language.ngrams import NGrams

Reals = NDArray[np.float64]


class Vectors:
    """The vocabulary of each passage as a sparse row, and sums of consecutive rows by prefix."""

    def __init__(self, passages: Passages, model: NGrams) -> None:
        owner, number, weight = vocabulary(passages, model)
        width = int(number.max()) + 1 if len(number) else 1
        self.rows = sparse.csr_matrix((weight, (owner, number)), shape=(len(passages), width))

    def similarity(self, groups: list[list[int]], others: list[list[int]]) -> Reals:
        """Return the cosine between the sums of the passages of each group and each other group.

        Shape (len(groups), len(others)); 0 where either has no rare words.
        """
        left, right = self._sums(groups), self._sums(others)
        return np.asarray((left @ right.T).todense())

    def _sums(self, groups: list[list[int]]) -> sparse.csr_matrix:
        columns = np.array([row for group in groups for row in group], dtype=np.int64)
        owners = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
        pick = sparse.csr_matrix((np.ones(len(columns)), (owners, columns)), shape=(len(groups), self.rows.shape[0]))
        sums = (pick @ self.rows).tocsr()
        norm = np.sqrt(np.asarray(sums.multiply(sums).sum(axis=1)).ravel())
        scale = sparse.diags(np.divide(1.0, norm, out=np.zeros_like(norm), where=norm > 0))
        return (scale @ sums).tocsr()

    def across(self, sequence: list[int], window: int) -> Reals:
        """Return for each gap in a sequence of passages the cosine of the `window` passages before and after it.

        Shape (len(sequence) - 1,).
        """
        gaps = range(1, len(sequence))
        before = [sequence[max(gap - window, 0) : gap] for gap in gaps]
        after = [sequence[gap : gap + window] for gap in gaps]
        if not before:
            return np.zeros(0)
        left, right = self._sums(before), self._sums(after)
        return np.asarray(left.multiply(right).sum(axis=1)).ravel()

    def pairwise(self, lefts: list[list[int]], rights: list[list[int]]) -> Reals:
        """Return the cosine of each left group with the right group of the same row."""
        if not lefts:
            return np.zeros(0)
        return np.asarray(self._sums(lefts).multiply(self._sums(rights)).sum(axis=1)).ravel()
