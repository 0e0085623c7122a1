"""Markdown out: one file per article with front matter, so that a site generator or a notebook can use it as it is."""

from __future__ import annotations

import json
from collections.abc import Mapping

from cleanup.document import HEADLINE_ROLES, Article, Block, Document
from cleanup.formats.text import RECORD, article_bytes
from cleanup.journal import dumps, to_tree

SUFFIX = ".md"


def files(document: Document) -> list[tuple[str, bytes]]:
    """Return the files of a document as (name, bytes), document.json first."""
    tree = to_tree(document)
    articles: list[tuple[str, bytes]] = []
    for entry, article in zip(tree["articles"], document.articles, strict=True):
        entry["file"] = entry["file"].removesuffix(".txt") + SUFFIX
        articles.append((entry["file"], article_bytes(page(article, document))))
    return [(RECORD, dumps(tree)), *articles]


def page(article: Article, document: Document) -> str:
    """Return an article as Markdown: front matter, the headline as headings, the body.

    >>> from cleanup import clean
    >>> document = clean("标题\\n\\n正文说完了。\\n", name="a.txt")
    >>> page(document.articles[0], document).startswith("---\\n")
    True
    """
    lines = ["---"]
    for key, value in _front_matter(article, document).items():
        lines.append(f"{key}: {json.dumps(value, ensure_ascii=False)}")
    lines.append("---")
    return "\n".join(lines) + "\n\n" + "\n\n".join(_marked(block) for block in article.blocks) + "\n"


def _front_matter(article: Article, document: Document) -> Mapping[str, object]:
    """Return the values of the front matter; JSON values are YAML values, so they are written as JSON."""
    values: dict[str, object] = {}
    for role in ("kicker", "title", "subtitle", "byline"):
        texts = [block.text for block in article.blocks if block.role == role]
        if texts:
            values[role] = texts[0] if len(texts) == 1 else texts
    if article.flags:
        values["flags"] = list(article.flags)
    values |= {
        key: page
        for key, page in (("continued_on", article.continued_on), ("continued_from", article.continued_from))
        if page
    }
    values["confidence"] = round(article.confidence, 4)
    values["source"] = document.source.name
    values["sha256"] = document.source.sha256
    values.update(document.metadata)
    return values


def _marked(block: Block) -> str:
    match block.role:
        case "title":
            return f"# {block.text}"
        case "heading":
            return f"## {block.text}"
        case "caption" | "credit" | "furniture":
            return f"*{block.text}*"
        case role if role in HEADLINE_ROLES:
            return f"**{block.text}**"
        case _:
            return _plain(block.text)


def _plain(text: str) -> str:
    """Return a paragraph that Markdown would otherwise take for a heading, a list or a quotation, with that undone."""
    if text[:1] in "#>+-*=`~" or (text[:1].isdigit() and text.lstrip("0123456789")[:1] in (".", ")")):
        head = len(text) - len(text.lstrip("0123456789"))
        return text[:head] + "\\" + text[head:]
    return text
