"""A report as text like a compiler's, or as JSON."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

from wrangler_py.check.finding import Finding, Report
from wrangler_py.check.rules import Severity

__all__ = ["as_json", "as_text", "shown"]

_TINTS = {Severity.ERROR: "31", Severity.WARNING: "33"}


def as_text(report: Report, *, color: bool = False) -> str:
    """Each finding with its line and the fix, each rule's reason once; then how many there are."""
    explained: set[str] = set()
    blocks = []
    for one in report.findings:
        blocks.append("\n".join(_block(one, color, explain=one.code not in explained)))
        explained.add(one.code)
    return "\n\n".join([*blocks, _summary(report)])


def as_json(report: Report) -> str:
    """One object, made for other programs."""
    facts = {
        "findings": [
            {
                "rule": one.code,
                "severity": one.severity.value,
                "path": shown(one.path),
                "line": one.line,
                "column": one.column,
                "message": one.message,
                "why": one.rule.why,
                "fix": one.fix,
                "url": one.rule.url,
            }
            for one in report.findings
        ],
        "errors": report.errors,
        "warnings": report.warnings,
        "files": report.files,
    }
    return json.dumps(facts, indent=2)


def shown(path: Path) -> str:
    """``path`` as one would write it: relative where it lies below the current folder."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return os.fspath(path)


def _block(one: Finding, color: bool, explain: bool) -> Iterator[str]:
    kind = f"{one.severity}[{one.code}]"
    kind = f"\033[{_TINTS[one.severity]}m{kind}\033[0m" if color else kind
    yield f"{shown(one.path)}:{one.line}:{one.column}: {kind} {one.message}"
    if one.source.strip():
        yield from _excerpt(one)
    if explain:
        yield f"    why: {one.rule.why}"
        yield f"    see: {one.rule.url}"
    yield f"    fix: {one.fix}"


def _excerpt(one: Finding) -> Iterator[str]:
    """The line, and what is meant in it."""
    line = one.source.rstrip()
    indent = len(line) - len(line.lstrip())
    text = line.lstrip().replace("\t", " ")
    at = max(0, one.column - 1 - indent)
    carets = "^" * max(1, min(one.length, len(text) - at))
    yield f"{one.line:>6} | {text}"
    yield f"{'':>6} | {'':{at}}{carets}".rstrip()


def _summary(report: Report) -> str:
    files = _count(report.files, "file")
    if report.broken_config:
        return "The configuration cannot be read; nothing else was checked."
    if not report.findings:
        return f"All clear: {files} checked."
    parts = [_count(report.errors, "error"), _count(report.warnings, "warning")]
    return f"{', '.join(parts)} in {files}."


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
