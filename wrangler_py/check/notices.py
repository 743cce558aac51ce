"""What loading a configuration complained of, as findings at its lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from wrangler_py.check.config_file import ConfigFile
from wrangler_py.check.finding import Finding
from wrangler_py.check.rules import Severity
from wrangler_py.errors import ConfigError

__all__ = ["noticed", "refused"]

_PLACE = re.compile(r"(?P<file>[^\s:()]+):(?P<line>\d+)(?::(?P<column>\d+))?")
_ASIDE = re.compile(r"\s*\((?P<place>[^()]*:\d+[^()]*)\)$")
_KINDS = (
    # Words of a notice, and the rule that it is about.
    ("deploying needs the compatibility flag", "python-flag", None),
    ("have no `migrations`", "class-without-migration", None),
    ("no `compatibility_date`", "compatibility-date", Severity.WARNING),
    ("is in the future", "compatibility-date", None),
)
_KEY = re.compile(r'"(?P<key>\w+)" ')
"""A notice that begins with a key, and has no place, is found where the key stands."""
_ABOUT_THIS_TOOL = ("not served here", "not read", "not emulated", "is read, and not")
"""What is not done here may well be done there."""


def noticed(messages: list[str], file: ConfigFile) -> Iterator[Finding]:
    """The notices in what the log was given."""
    for message in messages:
        head, *items = message.split("\n    - ")
        for notice in items or [head]:
            if not any(words in notice for words in _ABOUT_THIS_TOOL):
                yield _finding(notice, file)


def _finding(notice: str, file: ConfigFile) -> Finding:
    code, severity = next(
        ((code, severity) for words, code, severity in _KINDS if words in notice),
        ("config", Severity.WARNING),
    )
    aside = _ASIDE.search(notice)
    place = _PLACE.search(aside["place"]) if aside else None
    line, column = (int(place["line"]), int(place["column"] or 1)) if place else (1, 1)
    text, fix = (notice[: aside.start()] if aside else notice), None
    if place is None and (key := _KEY.match(notice)):
        return file.find(code, text, key["key"], severity=severity)
    if aside and "; " in aside["place"]:
        fix = aside["place"].partition("; ")[2]
    return file.at(code, text, line, column, severity=severity, fix=fix)


def refused(error: ConfigError, folder: Path) -> Finding | None:
    """A mistake that kept the configuration from being read; None: it names no line."""
    place = _PLACE.match(error.where or "")
    if place is None:
        return None
    path, line, column = folder / place["file"], int(place["line"]), int(place["column"] or 1)
    try:
        source = path.read_text(encoding="utf-8", errors="replace").splitlines()[line - 1]
    except (OSError, IndexError):
        source = ""
    return Finding("config", error.message, path, line, column, source=source, own_fix=error.hint)
