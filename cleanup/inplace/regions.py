"""Which lines of a file are left as they are: marked regions, front matter and code of Markdown, lines of a pattern."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cleanup.document import CleanupError

OFF = re.compile(r"<!--\s*cleanup:\s*off\s*-->")
ON = re.compile(r"<!--\s*cleanup:\s*on\s*-->")
FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
FRONT_MATTER = "---"
MARKDOWN = (".md", ".markdown")


@dataclass(frozen=True, slots=True)
class Region:
    """Lines of a text that belong together, as a span of code points; `open` tells that they may be changed."""

    start: int
    end: int
    open: bool


def regions(text: str, markdown: bool, keep: Sequence[re.Pattern[str]] = ()) -> list[Region]:
    """Part a text whose line ends are line feeds into regions that tile it, open and kept ones in turn.

    >>> text = "改这里\\n<!-- cleanup: off -->\\n不改\\n<!-- cleanup: on -->\\n改\\n"
    >>> [text[r.start:r.end] for r in regions(text, markdown=True) if r.open]
    ['改这里\\n', '改\\n']
    """
    found: list[Region] = []
    at = 0
    off = False
    fence = ""
    in_front = False
    for number, line in enumerate(text.split("\n")):
        end = min(at + len(line) + 1, len(text))
        is_open = True
        if off:
            is_open, off = False, not ON.search(line)
        elif fence:
            is_open = False
            closing = FENCE.match(line)
            if closing and closing[1].startswith(fence) and not line.strip(" `~"):
                fence = ""
        elif in_front:
            is_open, in_front = False, line.rstrip() not in (FRONT_MATTER, "...")
        elif OFF.search(line):
            is_open, off = False, not ON.search(line, OFF.search(line).end())  # type: ignore[union-attr]
        elif markdown and number == 0 and line.rstrip() == FRONT_MATTER and f"\n{FRONT_MATTER}" in text:
            is_open, in_front = False, True
        elif markdown and (opening := FENCE.match(line)):
            is_open, fence = False, opening[1]
        elif any(pattern.search(line) for pattern in keep):
            is_open = False
        if end > at:
            if found and found[-1].open == is_open:
                found[-1] = Region(found[-1].start, end, is_open)
            else:
                found.append(Region(at, end, is_open))
        at = end
    return found


def patterns(lines: Sequence[str]) -> tuple[re.Pattern[str], ...]:
    """Compile the patterns of the setting `keep-lines`; raise CleanupError for one that is none."""
    compiled = []
    for line in lines:
        try:
            compiled.append(re.compile(line))
        except re.error as error:
            raise CleanupError(f"setting keep-lines: {line!r} is not a pattern: {error}") from None
    return tuple(compiled)
