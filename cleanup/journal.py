"""The journal of a cleaning: document.json and back, undo, and the explanation of a line.

It restores and explains; it never cleans.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import orjson

from cleanup.decode import encode
from cleanup.document import (
    Article,
    Block,
    Boundary,
    CleanupError,
    Decision,
    Document,
    Drop,
    Part,
    Source,
    Step,
    Suspect,
)
from cleanup.edits import CERTAIN, Layer, Order

SCHEMA = 1
DIGITS = 4  # of a confidence in the file


class JournalError(CleanupError):
    """A journal that cannot be read or does not lead back to its source."""


def joined(articles: tuple[Article, ...]) -> str:
    """Return the text the last layer led to: the articles one after another, an empty line between them."""
    return "\n".join(article.text for article in articles)


def undo(document: Document) -> bytes:
    """Return the bytes of the source; raise JournalError when they are not the ones that were read."""
    text = document.text
    for layer in reversed(document.layers):
        text = layer.undo(text)
    data = encode(text, document.source)
    if hashlib.sha256(data).hexdigest() != document.source.sha256:
        raise JournalError(f"{document.source.name}: the journal does not lead back to the source (digest differs)")
    return data


def to_json(document: Document) -> bytes:
    """Return the document as UTF-8 JSON, the external contract of docs/design.md."""
    return dumps(to_tree(document))


def dumps(tree: Mapping[str, Any]) -> bytes:
    """Return plain values as UTF-8 JSON on one line; lone surrogates are written as escapes."""
    try:
        return orjson.dumps(tree, option=orjson.OPT_APPEND_NEWLINE | orjson.OPT_SERIALIZE_NUMPY)
    except (orjson.JSONEncodeError, TypeError):  # lone surrogates stand for bytes that fitted no encoding
        return json.dumps(tree, ensure_ascii=True, default=lambda array: array.tolist()).encode() + b"\n"


def to_tree(document: Document) -> dict[str, Any]:
    """Return the document as the plain values document.json holds."""
    source = document.source
    tree: dict[str, Any] = {
        "schema": SCHEMA,
        "source": {
            "name": source.name,
            "sha256": source.sha256,
            "encoding": source.encoding,
            "bytes": source.size,
        },
        "articles": [_article(article, f"{number:02d}") for number, article in enumerate(document.articles, 1)],
        "dropped": [{"rule": d.rule, "source": list(d.source), "text": d.text} for d in document.dropped],
        "suspects": [
            {
                "rule": s.rule,
                "source": list(s.source),
                "text": s.text,
                "suggestion": s.suggestion,
                "confidence": round(s.confidence, DIGITS),
            }
            for s in document.suspects
        ],
        "breaks": {
            "at": [b.at for b in document.breaks],
            "confidence": [round(b.confidence, DIGITS) for b in document.breaks],
        },
        "layers": [_layer(layer) for layer in document.layers],
    }
    if document.decisions:
        tree["decisions"] = [_decision(decision) for decision in document.decisions]
    if document.metadata:
        tree["metadata"] = document.metadata
    if source.errors != "strict":
        tree["source"]["errors"] = source.errors
    if source.bom:
        tree["source"]["bom"] = source.bom.hex()
    if source.parts:
        tree["source"]["parts"] = [[part.length, part.encoding, part.errors] for part in source.parts]
    if source.confidence < CERTAIN:
        tree["source"]["confidence"] = round(source.confidence, DIGITS)
    if source.raw is not None:
        tree["source"]["raw"] = base64.b64encode(source.raw).decode("ascii")
    return tree


def from_json(data: bytes) -> Document:
    """Read a document back from document.json; raise JournalError when it is not one."""
    try:
        tree = orjson.loads(data)
    except orjson.JSONDecodeError:
        try:
            tree = json.loads(data)
        except ValueError as error:
            raise JournalError(f"not a document.json: {error}") from None
    if not isinstance(tree, dict) or tree.get("schema") != SCHEMA:
        raise JournalError(f"not a document.json of schema {SCHEMA}")
    try:
        return _document(tree)
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise JournalError(f"a damaged document.json: {type(error).__name__} {error}") from None


def _document(tree: Mapping[str, Any]) -> Document:
    about = tree["source"]
    source = Source(
        name=about["name"],
        encoding=about["encoding"],
        errors=about.get("errors", "strict"),
        bom=bytes.fromhex(about.get("bom", "")),
        sha256=about["sha256"],
        size=about["bytes"],
        raw=base64.b64decode(about["raw"]) if "raw" in about else None,
        parts=tuple(Part(length, encoding, errors) for length, encoding, errors in about.get("parts", ())),
        confidence=about.get("confidence", CERTAIN),
    )
    articles = tuple(
        Article(
            tuple(
                Block(
                    b["role"],
                    b["text"],
                    tuple((s[0], s[1]) for s in b["source"]),
                    b["confidence"],
                    b.get("duplicate_of"),
                    tuple(b.get("alternatives", ())),
                )
                for b in a["blocks"]
            ),
            tuple(a["flags"]),
            a.get("confidence", 1.0),
            a.get("continued_on", ""),
            a.get("continued_from", ""),
        )
        for a in tree["articles"]
    )
    text = joined(articles)
    layers = tuple(_read_layer(layer) for layer in tree["layers"])
    original = text
    for layer in reversed(layers):
        original = layer.undo(original)
    return Document(
        source=source,
        original=original,
        text=text,
        layers=layers,
        articles=articles,
        dropped=tuple(Drop(d["rule"], (d["source"][0], d["source"][1]), d["text"]) for d in tree["dropped"]),
        suspects=tuple(
            Suspect(s["rule"], (s["source"][0], s["source"][1]), s["text"], s["suggestion"], s["confidence"])
            for s in tree["suspects"]
        ),
        breaks=tuple(
            Boundary(at, sure) for at, sure in zip(tree["breaks"]["at"], tree["breaks"]["confidence"], strict=True)
        ),
        metadata=dict(tree.get("metadata", {})),
        decisions=tuple(
            Decision(
                d["do"],
                (d["source"][0], d["source"][1]),
                (d["to"][0], d["to"][1]) if "to" in d else None,
                d.get("role"),
                d.get("text"),
            )
            for d in tree.get("decisions", ())
        ),
    )


def _decision(decision: Decision) -> dict[str, Any]:
    tree: dict[str, Any] = {"do": decision.do, "source": list(decision.source)}
    if decision.to is not None:
        tree["to"] = list(decision.to)
    if decision.role is not None:
        tree["role"] = decision.role
    if decision.text is not None:
        tree["text"] = decision.text
    return tree


def _article(article: Article, number: str) -> dict[str, Any]:
    blocks = []
    for block in article.blocks:
        entry: dict[str, Any] = {
            "role": block.role,
            "text": block.text,
            "source": [list(span) for span in block.source],
            "confidence": round(block.confidence, DIGITS),
        }
        if block.duplicate_of is not None:
            entry["duplicate_of"] = block.duplicate_of
        if block.alternatives:
            entry["alternatives"] = list(block.alternatives)
        blocks.append(entry)
    tree: dict[str, Any] = {
        "file": file_name(article, number),
        "title": article.title,
        "flags": list(article.flags),
        "confidence": round(article.confidence, DIGITS),
    }
    if article.continued_on:
        tree["continued_on"] = article.continued_on
    if article.continued_from:
        tree["continued_from"] = article.continued_from
    return {**tree, "blocks": blocks}


# device names that Windows keeps for itself, whatever the suffix
RESERVED = frozenset({"con", "prn", "aux", "nul", *(f"{d}{n}" for d in ("com", "lpt") for n in range(1, 10))})
NAME_BYTES = 120
SUFFIX = ".txt"


def file_name(article: Article, number: str) -> str:
    """Return a safe file name for an article: its number and headline, no separators or controls, at most 120 bytes.

    >>> file_name(Article((Block("title", "党建/引领  筑堡垒"),)), "01")
    '01-党建引领 筑堡垒.txt'
    """
    title = article.title or next((block.text for block in article.blocks), "")
    safe = "".join(c if c.isprintable() and c not in '/\\:*?"<>|' else "" if not c.isspace() else " " for c in title)
    safe = " ".join(safe.split()).strip(". ")
    room = NAME_BYTES - len(number) - 1 - len(SUFFIX)
    safe = safe.encode("utf-8", "ignore")[:room].decode("utf-8", "ignore").rstrip(". ")
    return f"{number}-{safe}{SUFFIX}" if safe else f"{number}{SUFFIX}"


def _layer(layer: Step) -> dict[str, Any]:
    if isinstance(layer, Order):
        return {"stage": layer.stage, "kind": "order", "start": layer.starts.tolist(), "end": layer.ends.tolist()}
    entry: dict[str, Any] = {
        "stage": layer.stage,
        "kind": "edits",
        "start": layer.starts.tolist(),
        "end": layer.ends.tolist(),
        "old": layer.old,
        "news": list(layer.news),
        "new": layer.new_index.tolist(),
        "rules": list(layer.rules),
        "rule": layer.rule_index.tolist(),
    }
    if len(layer) and float(layer.confidence.min()) < 1.0:
        entry["confidence"] = np.round(layer.confidence.astype(np.float64), DIGITS).tolist()
    return entry


def _read_layer(entry: Mapping[str, Any]) -> Step:
    starts = np.array(entry["start"], dtype=np.int32)
    ends = np.array(entry["end"], dtype=np.int32)
    if entry["kind"] == "order":
        return Order(entry["stage"], starts, ends)
    sure = entry.get("confidence")
    return Layer(
        stage=entry["stage"],
        starts=starts,
        ends=ends,
        old=entry["old"],
        news=tuple(entry["news"]),
        new_index=np.array(entry["new"], dtype=np.int32),
        rules=tuple(entry["rules"]),
        rule_index=np.array(entry["rule"], dtype=np.int16),
        confidence=np.ones(len(starts), np.float32) if sure is None else np.array(sure, dtype=np.float32),
    )
