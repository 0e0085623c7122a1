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


def held_out(title: str) -> bool:
    """Whether an article belongs to the tenth that is kept for measuring: by the hash of its title, for good.

    >>> held_out("中华人民共和国民法典")
    False
    """
    return int.from_bytes(hashlib.sha256(title.encode("utf-8", "surrogatepass")).digest()[:8], "big") % 10 == 0


def articles(corpus: Path) -> Iterator[tuple[str, list[str]]]:
    """Title and paragraphs (headlines first) of each article of a corpus.

    A line that is no JSON object is an article of one paragraph, titled by itself.
    """
    opened = gzip.open(corpus, "rt", encoding="utf-8") if corpus.suffix == ".gz" else corpus.open(encoding="utf-8")
    with opened as lines:
        for line in lines:
            if not line.startswith("{"):
                yield line.strip(), [line]
                continue
            article = json.loads(line)
            heads = [article["title"], article.get("subtitle") or [], article.get("byline") or []]
            flat = [head for part in heads for head in (part if isinstance(part, list) else [part])]
            yield article["title"], [*flat, *article["paragraphs"]]


def characters(paragraphs: Iterable[str]) -> NDArray[np.uint32]:
    """Folded code points of paragraphs, spaces and Markdown heading signs left out, a line feed after each paragraph."""
    bare = ("".join(paragraph.lstrip("#").split()) for paragraph in paragraphs)
    text = "".join(f"{paragraph}\n" for paragraph in bare if paragraph)
    return folding()[np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")]
