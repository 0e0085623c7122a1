"""One self-contained page for one source: template, style, script and data put together, inert whatever the text says.

Nothing of a source is ever markup: the data stands in a script element that browsers do not run, with every character
that could end it escaped, and the page's policy lets nothing run or load but the page's own script and style.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from cleanup.report import squeeze

TEMPLATES = Path(__file__).with_name("templates")
PHRASES = Path(__file__).with_name("phrases.toml")
RULES_IN_CHINESE = Path(__file__).with_name("rules.zh.toml")
LANGUAGES = ("en", "zh")

_UNSAFE = re.compile("[<>&\u2028\u2029\ud800-\udfff]")


def environment() -> Environment:
    """Return the template environment; everything a template is given is escaped."""
    return Environment(
        loader=FileSystemLoader(TEMPLATES, encoding="utf-8"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render(template: str, styles: tuple[str, ...], scripts: tuple[str, ...], room: str, **values: Any) -> bytes:
    """Return a page: a template with its style and script inside, and the phrases of one room of phrases.toml."""
    style, script = parts(styles, scripts)
    page = (
        environment()
        .get_template(template)
        .render(
            style=Markup(style),
            style_digest=policy_digest(style),
            script=Markup(script),
            script_digest=policy_digest(script),
            phrases=inert_json(phrases(room)),
            **values,
        )
    )
    return page.encode("utf-8", "replace")


@cache
def parts(styles: tuple[str, ...], scripts: tuple[str, ...]) -> tuple[str, str]:
    """Return the style and the script of a page, each put together from its files and made short."""
    style = squeeze.style("\n".join((TEMPLATES / name).read_text("utf-8") for name in styles))
    script = squeeze.script("\n".join((TEMPLATES / name).read_text("utf-8") for name in scripts))
    return style, f'"use strict";(()=>{{{script}}})();'


def policy_digest(text: str) -> str:
    """Return the source expression by which a Content-Security-Policy knows an inline style or script."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")


def inert_json(tree: Any) -> Markup:
    r"""Return plain values as JSON that can stand in a script element and can neither end it nor open a comment.

    >>> print(inert_json({"a": "</script>&"}))
    {"a":"\u003c/script\u003e\u0026"}
    """
    text = json.dumps(tree, ensure_ascii=False, separators=(",", ":"))
    return Markup(_UNSAFE.sub(lambda hit: f"\\u{ord(hit.group()):04x}", text))


@cache
def wording() -> Mapping[str, Mapping[str, tuple[str, str]]]:
    """Return what phrases.toml holds, room by room."""
    tree = tomllib.loads(PHRASES.read_text("utf-8"))
    return {room: {key: (pair[0], pair[1]) for key, pair in entries.items()} for room, entries in tree.items()}


@cache
def rules_in_chinese() -> Mapping[str, tuple[str, str]]:
    """Return what the built-in rules find and why in Chinese, by their id, as rules.zh.toml has it."""
    return {rule: (what, why) for rule, (what, why) in tomllib.loads(RULES_IN_CHINESE.read_text("utf-8")).items()}


def phrases(room: str) -> dict[str, tuple[str, ...]]:
    """Return the phrases of a room, each in all languages of the interface, and under "" what these are called."""
    return {"": LANGUAGES, **wording()[room]}
