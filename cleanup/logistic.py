"""Logistic regression over named bins: how the weights of single decisions are learned, and how right they are.

Used when weights are learned, never when a document is cleaned.
"""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from cleanup.bins import Group, Reals, weigh


def logistic(
    bins: NDArray[np.int64], truth: NDArray[np.int8], groups: tuple[Group, ...], penalty: float
) -> tuple[Reals, ...]:
    """Return the weights that maximise the likelihood of the truth less the penalty."""
    sizes = [len(group.bins) for group in groups]
    offsets = np.concatenate([[0], np.cumsum(sizes)])
    flat = bins + offsets[:-1]

    def loss(vector: Reals) -> tuple[float, Reals]:
        odds = vector[flat].sum(axis=1)
        value = np.logaddexp(0.0, odds) - truth * odds
        difference = 1.0 / (1.0 + np.exp(-odds)) - truth
        gradient = np.zeros_like(vector)
        for column in range(flat.shape[1]):
            gradient += np.bincount(flat[:, column], difference, minlength=len(vector))
        return float(value.sum()) + penalty * float(vector @ vector), gradient + 2 * penalty * vector

    result = minimize(loss, np.zeros(offsets[-1]), jac=True, method="L-BFGS-B", options={"maxiter": 200, "maxcor": 20})
    return tuple(result.x[a:b] for a, b in itertools.pairwise(offsets))


def report(bins: NDArray[np.int64], truth: NDArray[np.int8], weights: tuple[Reals, ...]) -> dict[str, Any]:
    """Return precision and recall of the single decisions, taken one by one."""
    return right_of(weigh(bins, weights) > 0, truth)


def right_of(said: NDArray[np.bool_], truth: NDArray[np.int8]) -> dict[str, Any]:
    """Return precision and recall of what was said to be true."""
    hit = int((said & (truth == 1)).sum())
    return {
        "true": int(truth.sum()),
        "of": len(truth),
        "precision": round(hit / max(int(said.sum()), 1), 4),
        "recall": round(hit / max(int(truth.sum()), 1), 4),
    }
