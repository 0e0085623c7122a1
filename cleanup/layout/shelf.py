"""Texts to make practice pages from: articles by use, one side of the fence only, and English prose that Python brings.

It reads corpora and sorts; it writes nothing.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from cleanup.language.corpus import articles as read_articles
from cleanup.language.corpus import held_out

SIDES = ("learn", "measure")
_PROSE = (
    "argparse", "asyncio", "collections", "concurrent.futures", "configparser", "contextlib", "csv",
    "dataclasses", "datetime", "decimal", "difflib", "doctest", "email", "enum", "fractions", "functools",
    "gettext", "heapq", "html", "http.client", "imaplib", "inspect", "ipaddress", "json", "logging",
    "multiprocessing", "optparse", "pathlib", "pickle", "random", "shutil", "smtplib", "socket", "statistics",
    "string", "subprocess", "tarfile", "textwrap", "threading", "typing", "unittest", "urllib.parse", "uuid",
    "zipfile",
)  # fmt: skip


def side_of(title: str) -> str:
    """Return the side of the fence a title stands on: one in ten is measured with, never learned from.

    It is the fence of the benchmark and of the language model, so that what is learned here is never scored there.

    >>> side_of("追着春光走的人") == side_of("追着 春光 走的人")
    True
    """
    return SIDES[held_out(title)]


@dataclass(frozen=True, slots=True)
class Shelf:
    """The texts to draw from: articles as (title, paragraphs), and single paragraphs by use."""

    news: list[tuple[str, list[str]]]
    laws: list[tuple[str, list[str]]]
    short: list[list[str]]  # runs of short paragraphs, as in dialogue
    verse: list[list[str]]  # clauses of equal length
    latin: list[str]


def shelve(corpora: Iterable[Path], side: str) -> Shelf:
    """Read the articles of one side of the fence and sort them by use."""
    news: list[tuple[str, list[str]]] = []
    laws: list[tuple[str, list[str]]] = []
    for corpus in corpora:
        for title, paragraphs in read_articles(corpus):
            if side_of(title) != side:
                continue
            body = [" ".join(p.lstrip("# ").split()) for p in paragraphs[1:]]
            body = [p for p in body if p]
            if body:
                (laws if "law" in corpus.name else news).append((" ".join(title.split()), body))
    short: list[list[str]] = []
    verse: list[list[str]] = []
    for _, body in news:
        run: list[str] = []
        for paragraph in [*body, ""]:
            if 2 <= len(paragraph) <= 34:
                run.append(paragraph)
                continue
            if len(run) >= 5:
                short.append(run)
            run = []
        clauses = [c for c in re.findall(r"[\u4e00-\u9fff]+", "".join(body)) if len(c) in (5, 7)]
        for size in (5, 7):
            lines = [c for c in clauses if len(c) == size]
            if len(lines) >= 4:
                verse.append(lines)
    return Shelf(news, laws, short, verse, latin_prose(side))


def latin_prose(side: str) -> list[str]:
    """Return paragraphs of English: the documentation that comes with Python."""
    found = []
    for name in _PROSE:
        module = import_module(name)
        for item in [module, *(getattr(module, key) for key in sorted(vars(module)) if not key.startswith("_"))]:
            if item is not module and getattr(item, "__module__", "") != name:
                continue
            for paragraph in re.split(r"\n\s*\n", inspect.getdoc(item) or ""):
                text = " ".join(paragraph.split())
                if (
                    len(text) > 120
                    and text[0].isupper()
                    and text[-1] == "."
                    and ">>>" not in text
                    and side_of(text) == side
                ):
                    found.append(text)
    return found
