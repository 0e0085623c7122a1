"""Keeps the numerical libraries to one core: a cleaning multiplies no large matrices, and workers share the cores out.

Starting their threads would take a fifth of the time that `cleanup check` takes on a small file. It imports nothing.
"""

from __future__ import annotations

from collections.abc import MutableMapping

THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


def one_thread(environment: MutableMapping[str, str]) -> None:
    """Have numpy start no threads where the user has not said how many; it looks when it is first imported.

    >>> environment = {"OMP_NUM_THREADS": "4"}
    >>> one_thread(environment)
    >>> environment["OPENBLAS_NUM_THREADS"], environment["OMP_NUM_THREADS"]
    ('1', '4')
    """
    for name in THREADS:
        environment.setdefault(name, "1")
