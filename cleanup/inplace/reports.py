"""Findings as text, JSON, GitHub annotations or SARIF. Nothing here decides what a finding is."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from typing import Any
from urllib.parse import quote

import cleanup
from cleanup.explain import visible
from cleanup.inplace.revise import Finding
from cleanup.wording import shown


def as_text(findings: Sequence[Finding]) -> Iterable[str]:
    """Yield a line for each finding: file:line:column, rule, before → after, why."""
    for found in findings:
        place = f"{shown(found.path)}:{found.line}:{found.column}"
        why = f"  {found.why}" if found.why else ""
        yield f"{place}: {found.rule}  {visible(found.old)} → {visible(found.new)}{why}\n"


def as_json(findings: Sequence[Finding]) -> Iterable[str]:
    """Yield one JSON array."""
    rows = [json.dumps(asdict(found)) for found in findings]
    yield "[" + ",\n ".join(rows) + "]\n"


def as_github(findings: Sequence[Finding]) -> Iterable[str]:
    """Yield a workflow command for each finding, which GitHub shows beside the line."""
    for found in findings:
        place = {
            "file": found.path,
            "line": found.line,
            "endLine": found.end_line,
            "col": found.column,
            "title": found.rule,
        }
        fields = ",".join(f"{key}={_escaped(str(value), field=True)}" for key, value in place.items())
        message = f"{visible(found.old)} → {visible(found.new)}" + (f": {found.why}" if found.why else "")
        yield f"::warning {fields}::{_escaped(message)}\n"


def _escaped(text: str, field: bool = False) -> str:
    text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return text.replace(":", "%3A").replace(",", "%2C") if field else text


def as_sarif(findings: Sequence[Finding]) -> Iterable[str]:
    """Yield one SARIF 2.1.0 log, with the fix of each finding."""
    rules = list(dict.fromkeys(found.rule for found in findings))
    why = {found.rule: found.why for found in findings}
    run: dict[str, Any] = {
        "tool": {
            "driver": {
                "name": "cleanup",
                "version": cleanup.__version__,
                "rules": [{"id": rule, "shortDescription": {"text": why[rule] or rule}} for rule in rules],
            }
        },
        "columnKind": "unicodeCodePoints",
        "results": [_sarif_result(found, rules.index(found.rule)) for found in findings],
    }
    log = {"version": "2.1.0", "$schema": "https://json.schemastore.org/sarif-2.1.0.json", "runs": [run]}
    yield json.dumps(log, indent=1) + "\n"


def _sarif_result(found: Finding, rule: int) -> dict[str, Any]:
    where = {"uri": quote(found.path.encode("utf-8", "surrogateescape"))}
    region = {
        "startLine": found.line,
        "startColumn": found.column,
        "endLine": found.end_line,
        "endColumn": found.end_column,
    }
    return {
        "ruleId": found.rule,
        "ruleIndex": rule,
        "level": "warning",
        "message": {"text": f"{visible(found.old)} → {visible(found.new)}"},
        "locations": [{"physicalLocation": {"artifactLocation": where, "region": region}}],
        "fixes": [
            {
                "artifactChanges": [
                    {
                        "artifactLocation": where,
                        "replacements": [{"deletedRegion": region, "insertedContent": {"text": found.new}}],
                    }
                ]
            }
        ],
        "properties": {"confidence": round(found.confidence, 4)},
    }


REPORTS: dict[str, Callable[[Sequence[Finding]], Iterable[str]]] = {
    "text": as_text,
    "json": as_json,
    "github": as_github,
    "sarif": as_sarif,
}
