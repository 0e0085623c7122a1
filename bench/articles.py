"""Reads clean articles and splits them, by title, into those a program may learn from and those it is scored on.

It never invents or rewrites text; the only changes are the conventions' own spacing and width, so that gold made
from an article is already clean.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import orjson

from cleanup.language.corpus import fold_of, held_out

Split = Literal["train", "heldout"]
SPLITS: tuple[Split, ...] = ("train", "heldout")
FOLDS = 3  # as cleanup.language.train_folds deals the articles
SHORTEST = 6  # characters; shorter pieces are mostly labels of pictures and tables

_FULL_TO_HALF = {c: c - 0xFEE0 for c in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
_FULL_TO_HALF |= {ord("％"): ord("%"), ord("．"): ord("."), 0x3000: 0x20, 0xA0: 0x20}
_HAN = "\u3400-\u4dbf\u4e00-\u9fff"
_MARK = "，。、；：？！“”‘’（）《》〈〉【】「」『』…—·"
_TIGHT = re.compile(rf"(?<=[{_HAN}]) +(?=[0-9A-Za-z])|(?<=[0-9A-Za-z%]) +(?=[{_HAN}])|(?<=[{_MARK}]) +| +(?=[{_MARK}])")
_CLEAN = re.compile(rf"[{_HAN}{_MARK}0-9A-Za-z \-.,:;%+/()\[\]&'’°℃×÷±=<>～~㎡㎞㎏●■○◇⑴-⒇①-⑳ⅠⅡⅢⅣⅤⅥ〇￥$€Ａ-Ｚ]*")
_HEADING = re.compile(r"^#+\s*")
_CLOSED = re.compile(r"[。！？；：…—”’）》!?;:.)]$")


@dataclass(frozen=True, slots=True)
class Article:
    """One clean article: `paragraphs` in reading order, `headings` the indices of those that are section headings."""

    title: str
    paragraphs: tuple[str, ...]
    headings: frozenset[int]
    genre: str

    @property
    def characters(self) -> int:
        """Length of the body in code points."""
        return sum(map(len, self.paragraphs))


def split_of(title: str) -> Split:
    """The side of the fence a title stands on, the same on every machine and in every run.

    The text is compared without white space, so two printings of one title share a side.

    >>> split_of("追着春光走的人") == split_of("追着 春光 走的人")
    True
    """
    return "heldout" if held_out(title) else "train"


def tidy(text: str) -> str:
    """The text by the conventions: half-width digits and letters, no space beside Han or Chinese marks.

    >>> tidy("１９９８年，共 5 个")
    '1998年，共5个'
    """
    return _TIGHT.sub("", re.sub(r"\s+", " ", text.translate(_FULL_TO_HALF)).strip())


def read(paths: Iterable[Path], split: Split | None = None, fold: int | None = None) -> Iterator[Article]:
    """Articles of JSON-lines files (gzip or plain), an object `{"title", "paragraphs"}` a line; of one side if asked.

    `fold`: of those only the articles of this fold, which models trained without it have not read.

    Paragraphs of characters outside printed Chinese, or that no mark closes, are left out: they are
    lists, residue of the web or credits, whose role in print is not known. Repeated titles are read once.
    """
    seen: set[str] = set()
    for path in paths:
        opener = gzip.open if path.suffix == ".gz" else open
        genre = path.name.split(".")[0].split("-")[0]
        with opener(path, "rb") as lines:
            for line in lines:
                record = orjson.loads(line)
                if fold is not None and fold_of(record["title"], FOLDS) != fold:
                    continue
                article = _article(record, genre)
                if article is None or article.title in seen or (split and split_of(article.title) != split):
                    continue
                seen.add(article.title)
                yield article


def _article(record: dict[str, object], genre: str) -> Article | None:
    title, body = tidy(str(record["title"])), record["paragraphs"]
    if not isinstance(body, list) or not 2 <= len(title) <= 48 or not _CLEAN.fullmatch(title) or "。" in title:
        return None
    paragraphs: list[str] = []
    headings: set[int] = set()
    for raw in body:
        text = tidy(_HEADING.sub("", str(raw)))
        if not text or not _CLEAN.fullmatch(text):
            continue
        if str(raw).startswith("#"):
            headings.add(len(paragraphs))
        elif not _CLOSED.search(text) or len(text) < SHORTEST:
            continue
        paragraphs.append(text)
    return Article(title, tuple(paragraphs), frozenset(headings), genre) if paragraphs else None
