"""The page of one source: what `render` is given for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from cleanup import markers, rulebook
from cleanup.assembly.turns import turn_forms
from cleanup.document import CleanupError, Document
from cleanup.report.page import inert_json, render, rules_in_chinese, wording
from cleanup.report.payload import payload
from cleanup.wording import shown

STYLES = ("base.css", "source.css")
SCRIPTS = (
    *("words.js", "unpack.js", "panes.js", "link.js", "card.js", "doubts.js", "map.js", "protocol.js"),
    "start.js",
)
KEYS = (
    ("n p", "key.doubt"),
    ("1 … 9", "key.choose"),
    ("↓ ↑", "key.passage"),
    ("→ ←", "key.change"),
    ("] [", "key.filter"),
    ("Enter", "key.open"),
    ("r", "key.read"),
    ("Esc", "key.close"),
)
DECISIONS_SUFFIX = ".decisions.toml"


def source_page(
    document: Document, threshold: float, words: Mapping[str, tuple[str, ...]] | None = None, index: str = ""
) -> bytes:
    """Return the page of a source as UTF-8 HTML; `index` is the way from it to the page of the batch, if there is one.

    Decisions less sure than `threshold` are doubtful. `words` says what each rule finds and why, by default those of
    the built-in rules.
    """
    name = document.source.name or "source"
    tree = payload(document, words if words is not None else rule_words(()), threshold)
    tree["file"] = Path(name).name + DECISIONS_SUFFIX
    return render(
        "source.html", STYLES, SCRIPTS, "page", name=shown(name), index=index, keys=KEYS, data=inert_json(tree)
    )


def rule_words(folders: Sequence[Path]) -> dict[str, tuple[str, ...]]:
    """Return what each rule, marker and turn line finds and why, by its id, and both in Chinese where that is known.

    An unreadable folder is passed over; what a rule of the user's own says is not translated, whatever its id.
    """
    try:
        book, marks, turns = rulebook.load(*folders), markers.load(*folders), turn_forms(*folders)
    except CleanupError:
        book, marks, turns = rulebook.load(), markers.load(), turn_forms()
    words: dict[str, tuple[str, ...]] = dict(wording()["rules"])
    words.update({marker.id: (marker.what, marker.why) for marker in marks})
    words.update({turn.id: (turn.what, turn.why) for turn in turns})
    words.update({rule.id: (rule.what, rule.why) for rule in book.rules})
    if folders:
        built_in = rule_words(())
        return {rule: built_in[rule] if built_in.get(rule, ())[:2] == said else said for rule, said in words.items()}
    return {rule: (*said, *rules_in_chinese().get(rule, ())) for rule, said in words.items()}
