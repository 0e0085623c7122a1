"""Read training corpora: articles, their paragraphs, and which of them are held out for measuring.

Used when a model is trained or measured, never when a document is cleaned.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cleanup.language.folding import folding

HELD_OUT_SHARE = 10  # one title in ten is measured on, never learned from
_HALF_WIDTH = {c: c - 0xFEE0 for c in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
_HALF_WIDTH |= {ord("％"): "%", ord("．"): "."}


def held_out(title: str) -> bool:
    """Whether an article belongs to the tenth that is kept for measuring: by the hash of its title, for good.

    White space and the width of digits and letters do not count, so two printings of one title stand on one side.

    >>> held_out("第２条 消息") == held_out("第2条消息")
    True
    """
    bare = "".join(title.split()).translate(_HALF_WIDTH).encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(bare, digest_size=8).digest(), "big") % HELD_OUT_SHARE == 0


def fold_of(title: str, folds: int) -> int:
    """Return which of so many folds an article is dealt to, by the hash of its title, for good.

    >>> fold_of("第2条 消息", 3) == fold_of("第2条消息", 3) < 3
    True
    """
    bare = "".join(title.split()).encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(bare, digest_size=8, salt=b"fold").digest(), "big") % folds


def without_fold(fold: int, folds: int, corpus: Path, folder: Path) -> Path:
    """Write the training side of a corpus without the articles of one fold into a folder; return the file."""
    path = folder / f"{name_of(corpus)}.jsonl"
    with (
        gzip.open(corpus, "rt", encoding="utf-8") if corpus.suffix == ".gz" else corpus.open(encoding="utf-8") as lines
    ):
        kept = (
            line for line in lines if _stays(json.loads(line)["title"] if line.startswith("{") else line, fold, folds)
        )
        path.write_text("".join(line.rstrip("\n") + "\n" for line in kept), "utf-8")
    return path


def _stays(title: str, fold: int, folds: int) -> bool:
    return not held_out(title) and fold_of(title, folds) != fold


def name_of(corpus: Path) -> str:
    """The name of a corpus: its file's, without suffixes.

    >>> name_of(Path("press-1998.jsonl.gz"))
    'press-1998'
    """
    return corpus.name.partition(".")[0]


def articles(corpus: Path) -> Iterator[tuple[str, list[str]]]:
    """Title and paragraphs (headlines first) of each article of a corpus.

    A line that does not open with a brace is an article of one paragraph, titled by itself. Raises ValueError for
    a line of broken JSON.
    """
    with gzip.open(corpus, "rb") if corpus.suffix == ".gz" else corpus.open("rb") as lines:
        for raw in lines:
            line = raw.decode("utf-8")
            if not line.startswith("{"):
                yield line.strip(), [line]
                continue
            article = json.loads(line)
            heads = [article["title"], article.get("subtitle") or [], article.get("byline") or []]
            flat = [head for part in heads for head in (part if isinstance(part, list) else [part])]
            yield article["title"], [*flat, *article["paragraphs"]]


def characters(paragraphs: Iterable[str]) -> NDArray[np.uint32]:
    """Folded code points of paragraphs, a line feed after each; spaces and Markdown heading signs are left out."""
    bare = ("".join(paragraph.lstrip("#").split()) for paragraph in paragraphs)
    text = "".join(f"{paragraph}\n" for paragraph in bare if paragraph)
    folded: NDArray[np.uint32] = folding()[np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")]
    return folded
