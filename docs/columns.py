"""Cleans a column of texts with pandas or polars, whichever is installed, on the seeds; with neither, a plain list.

Run in a clone as `python docs/columns.py`.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import cleanup

SEEDS = sorted((Path(__file__).resolve().parent.parent / "seeds").glob("*.txt"))


def titles(text: str) -> list[str]:
    """Return the titles of the articles in a text."""
    return [article.title for article in cleanup.clean(text).articles]


def main() -> None:
    """Print each seed's name and the titles found in it."""
    names = [path.name for path in SEEDS]
    texts = [path.read_text("utf-8") for path in SEEDS]
    if find_spec("polars"):
        import polars

        frame = polars.DataFrame({"name": names, "text": texts})
        found = frame.with_columns(polars.col("text").map_elements(titles, polars.List(polars.String)).alias("titles"))
        rows = list(zip(found["name"], found["titles"], strict=True))
    elif find_spec("pandas"):
        import pandas

        table = pandas.DataFrame({"name": names, "text": texts})
        table["titles"] = table["text"].map(titles)
        rows = list(zip(table["name"], table["titles"], strict=True))
    else:
        rows = list(zip(names, map(titles, texts), strict=True))
    for name, found_titles in rows:
        print(name, *found_titles, sep="\n  ")


if __name__ == "__main__":
    main()
