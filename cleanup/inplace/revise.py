"""A file's bytes to what they should be, with a finding for each change; encoding, mark and line ends stay.

It opens and writes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

from cleanup.decode import decode
from cleanup.document import CleanupError
from cleanup.explain import Lines, changes
from cleanup.formats.binary import kind, reads_as_binary
from cleanup.inplace.regions import MARKDOWN, regions
from cleanup.options import Options
from cleanup.pipeline import Pipeline
from cleanup.rulebook import Rulebook, load


@dataclass(frozen=True, slots=True)
class Finding:
    """A change that should be made; lines and columns count from 1, columns in code points, the end is exclusive."""

    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    rule: str
    old: str
    new: str
    why: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Revision:
    """A file before and after, as text with its own mark and line ends, and as the bytes to be written."""

    path: str
    before: str
    after: str
    data: bytes
    findings: tuple[Finding, ...]

    @property
    def changed(self) -> bool:
        """Whether there is anything to write."""
        return self.before != self.after


def revise(raw: bytes, path: str, pipeline: Pipeline, keep: Sequence[re.Pattern[str]] = ()) -> Revision:
    """Return what a file should be; `keep` are patterns of lines to leave alone.

    Raise CleanupError when the bytes are no text, or when the result cannot be written in the file's own encoding.
    """
    what = kind(raw)
    text, source = decode(raw, path)
    if what or reads_as_binary(raw, text, source):
        raise CleanupError(f"not text{': ' + what if what else ''}")
    ending = _line_ending(text)
    before = text.replace("\r\n", "\n").replace("\r", "\n") if ending != "\n" else text
    lines = Lines(before)
    parts: list[str] = []
    findings: list[Finding] = []
    for region in regions(before, PurePath(path).suffix.lower() in MARKDOWN, keep):
        part = before[region.start : region.end]
        core = part.strip("\n")
        if not region.open or not core:
            parts.append(part)
            continue
        # the empty lines around a region are its neighbours' distance, not part of what is cleaned
        lead = part[: len(part) - len(part.lstrip("\n"))]
        document = pipeline.filter(core, path)
        parts += (lead, document.text.strip("\n"), part[len(lead) + len(core) :])
        offset = region.start + len(lead)
        for change in changes(document, pipeline.rulebook):
            first, last = change.source[0][0] + offset, change.source[-1][1] + offset
            edit = change.edit
            findings.append(
                Finding(
                    path, *lines.at(first), *lines.at(last), edit.rule, edit.old, edit.new, change.why, edit.confidence
                )
            )
    after = "".join(parts)
    findings.sort(key=lambda finding: (finding.line, finding.column))
    if after == before:
        return Revision(path, text, text, raw, ())
    after = after.replace("\n", ending)
    try:
        data = source.bom + after.encode(source.encoding, source.errors)
    except UnicodeEncodeError as error:
        character = after[error.start : error.start + 1]
        raise CleanupError(
            f"{character!r} cannot be written in the file's encoding, {source.encoding}; save the file as UTF-8 first"
        ) from None
    mark = "\ufeff" if source.bom else ""
    return Revision(path, mark + text, mark + after, data, tuple(findings))


def _line_ending(text: str) -> str:
    """Return how most lines of a text end."""
    both = text.count("\r\n")
    counts = {"\n": text.count("\n") - both, "\r\n": both, "\r": text.count("\r") - both}
    return max(counts, key=lambda ending: counts[ending])


def selecting(options: Options, select: Collection[str]) -> Options:
    """Return options under which only the selected rules, or folders of rules such as rejoin/, run.

    Raise CleanupError for a rule that does not exist.
    """
    book = load(*options.rules)
    known(select, book)
    if not select:
        return options
    chosen = {rule.id for rule in book.rules if _named(rule.id, rule.stage, rule.topic) & set(select)}
    stages = {rule.stage for rule in book.rules}
    idle = {stage for stage in stages if not any(rule.id in chosen for rule in book.rules if rule.stage == stage)}
    return replace(
        options,
        off=options.off | {rule.id for rule in book.rules if rule.id not in chosen},
        stages_off=options.stages_off | idle,
    )


def known(names: Collection[str], book: Rulebook) -> None:
    """Raise CleanupError for a name that is no rule and no folder of rules, with the nearest that is."""
    names_there = {name for rule in book.rules for name in _named(rule.id, rule.stage, rule.topic)}
    for name in names:
        if name not in names_there:
            from difflib import get_close_matches

            near = get_close_matches(name, names_there, 1)
            hint = f"did you mean {near[0]}?" if near else "see `cleanup rules list`"
            raise CleanupError(f"no rule {name!r}; {hint}")


def _named(identity: str, stage: str, topic: str) -> set[str]:
    return {identity, f"{stage}/", f"{stage}/{topic}/"}
