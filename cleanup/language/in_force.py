"""Which of the learned models of the language is asked: the shipped one, or one beside pages to be learned from.

The models that are shipped have read the articles that pages for learning are made of and know them too well: what
their word is worth cannot be learned there. So a folder of pages may hold `models`, a folder of such as have not read
its articles (train_folds.py makes them), and they are asked while its pages are read. Nothing else changes models.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

_folder: ContextVar[Path | None] = ContextVar("folder of models that have not read the pages at hand", default=None)


def in_force(shipped: Path) -> Path:
    """Return the file of the model to be asked in place of the one that is shipped, mostly that itself.

    >>> in_force(Path("press.ngrams")).name
    'press.ngrams'
    """
    folder = _folder.get()
    return shipped if folder is None else folder / shipped.name


@contextmanager
def models_beside(pages: Path) -> Iterator[None]:
    """Ask the models in `pages`/models, where there are any, instead of those that are shipped."""
    beside = pages / "models"
    token = _folder.set(beside if beside.is_dir() else None)
    try:
        yield
    finally:
        _folder.reset(token)
