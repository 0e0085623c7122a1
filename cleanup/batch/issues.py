"""A folder as one issue: the parts of articles that turn from page to page are joined, beside the sources' own files.

It reads what a run has written and adds to it; no document, and nothing that undo needs, is touched.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from cleanup.assembly.duplicates import ROLES, find_repeats
from cleanup.assembly.issue import Page, chains, find_turns, join_parts
from cleanup.batch import writing
from cleanup.document import CleanupError
from cleanup.formats import OutputFormat, markdown
from cleanup.formats.text import RECORD, article_bytes
from cleanup.journal import dumps, file_name, from_json
from cleanup.wording import cause_of

ISSUE = "issue"
SCHEMA = 1


def write_issues(out: Path, output: OutputFormat, limits: Mapping[str, float]) -> int:
    """Write issue.json, and the joined articles, for each folder of pages below `out`; return how many were joined.

    Written again, the same pages give the same files. Raise CleanupError for a page that cannot be read or a place that
    is taken.
    """
    return sum(_write(folder, pages, output, limits) for folder, pages in _folders(out))


def _folders(out: Path) -> Iterator[tuple[Path, list[Path]]]:
    """Yield the folders that hold the folders of sources, in order."""
    found: dict[Path, list[Path]] = {}
    for record in sorted(out.rglob(RECORD)):
        if record.parent != out:
            found.setdefault(record.parent.parent, []).append(record.parent)
    yield from sorted(found.items())


def _write(folder: Path, sources: Sequence[Path], output: OutputFormat, limits: Mapping[str, float]) -> int:
    try:
        documents = [from_json((source / RECORD).read_bytes()) for source in sources]
    except (OSError, CleanupError) as error:
        raise CleanupError(f"{folder}: {cause_of(error)}") from None
    names = [source.name for source in sources]
    pages = [
        Page(name, frozenset(filter(None, document.metadata.get("page", "").split("、"))), document.articles)
        for name, document in zip(names, documents, strict=True)
    ]
    written: list[tuple[str, bytes]] = []
    articles: list[dict[str, Any]] = []
    for number, (parts, sure) in enumerate(chains(find_turns(pages, limits)), 1):
        article = join_parts([pages[p].articles[a] for p, a in parts], sure)
        name = file_name(article, f"{number:02d}")
        if output == "markdown":
            name = name.removesuffix(".txt") + markdown.SUFFIX
            data = article_bytes(markdown.page(article, documents[parts[0][0]]))
        else:
            data = article_bytes(article.text)
        written.append((name, data))
        articles.append(
            {
                "file": f"{ISSUE}/{name}",
                "title": article.title,
                "confidence": round(sure, 4),
                "parts": [{"source": names[p], "article": a + 1} for p, a in parts],
            }
        )
    tree = {"schema": SCHEMA, "pages": names, "articles": articles, "duplicates": _repeats(pages, limits)}
    _publish(folder, written, dumps(tree))
    return len(articles)


def _repeats(pages: Sequence[Page], limits: Mapping[str, float]) -> list[dict[str, Any]]:
    """Return the passages that repeat one of another page, each by its page, article and block, counted from 1."""
    places = [
        (p, a, b)
        for p, page in enumerate(pages)
        for a, article in enumerate(page.articles)
        for b, block in enumerate(article.blocks)
        if block.role in ROLES
    ]
    texts = [pages[p].articles[a].blocks[b].text for p, a, b in places]
    repeats = find_repeats(texts, int(limits["repeat-least"]), limits["repeat-likeness"])

    def named(place: tuple[int, int, int]) -> dict[str, Any]:
        return {"source": pages[place[0]].name, "block": f"{place[1] + 1}/{place[2] + 1}"}

    return [
        {**named(places[copy]), "duplicate_of": named(places[first])}
        for copy, first in repeats.items()
        if places[copy][0] != places[first][0]
    ]


def _publish(folder: Path, files: Sequence[tuple[str, bytes]], record: bytes) -> None:
    """Write the joined articles and issue.json, and remove those of the last time that are no more."""
    place, index = folder / ISSUE, folder / f"{ISSUE}.json"
    if (place / RECORD).exists() or index.is_dir():
        raise CleanupError(f"{place}: a source has this name, so that the issue cannot be written; rename the source")
    before = _written(index)
    try:
        if files:
            place.mkdir(exist_ok=True)
        for name, data in files:
            writing.write(place / name, data)
        writing.write(index, record)
        for name in before - {name for name, _ in files}:
            (place / name).unlink(missing_ok=True)
        if before and not files and place.is_dir() and not any(place.iterdir()):
            place.rmdir()
    except OSError as error:
        raise CleanupError(f"{place}: {cause_of(error)}") from None


def _written(index: Path) -> frozenset[str]:
    """Return the names of the joined articles that an issue.json lists, none where there is none."""
    try:
        listed = json.loads(index.read_bytes())["articles"]
    except (OSError, ValueError, KeyError):
        return frozenset()
    return frozenset(Path(entry["file"]).name for entry in listed)
