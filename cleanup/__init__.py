"""Clean articles out of the OCR and PDF text of Chinese newspapers, gazetteers and books.

>>> import cleanup
>>> document = cleanup.clean("短短 114 个小时，全县解除静态管理。")
>>> document.articles[0].paragraphs
('短短114个小时，全县解除静态管理。',)
>>> document.undo().decode()
'短短 114 个小时，全县解除静态管理。'

The parts are loaded when they are first asked for, so that importing the package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cleanup.batch.stream import stream
    from cleanup.document import Article, Block, Document
    from cleanup.edits import Edit
    from cleanup.errors import CleanupError
    from cleanup.explain import explain
    from cleanup.journal import undo
    from cleanup.options import Options
    from cleanup.pipeline import Pipeline

__version__ = "0.1.0"
__all__ = [
    "Article",
    "Block",
    "CleanupError",
    "Document",
    "Edit",
    "Options",
    "Pipeline",
    "__version__",
    "clean",
    "explain",
    "stream",
    "undo",
]

_HOME = {
    "Article": "document",
    "Block": "document",
    "CleanupError": "errors",
    "Document": "document",
    "Edit": "edits",
    "Options": "options",
    "Pipeline": "pipeline",
    "explain": "explain",
    "stream": "batch.stream",
    "undo": "journal",
}
_pipelines: dict[Options | None, Pipeline] = {}


def clean(raw: bytes | str, name: str = "", options: Options | None = None) -> Document:
    """Clean one source, given as its bytes or as text; any bytes and any text are accepted.

    `name` is kept in the document as the source's name. Raise CleanupError only for bad `options`.
    """
    from cleanup.pipeline import Pipeline

    if options not in _pipelines:
        _pipelines[options] = Pipeline(options)
    return _pipelines[options].clean(raw, name)


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'cleanup' has no attribute {name!r}")
    value = getattr(import_module(f"cleanup.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})
