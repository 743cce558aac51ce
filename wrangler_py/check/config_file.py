"""The configuration's file as it was written: where each key stands, and what it binds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from wrangler_py.check.finding import Finding
from wrangler_py.check.rules import Severity
from wrangler_py.config import jsonc, toml

__all__ = ["ConfigFile"]

_NAMED = frozenset({"durable_objects", "logfwdr", "ratelimits", "send_email", "unsafe"})
"""Sections whose entries are called by `name`, not by `binding`."""
_MAPS = frozenset({"vars", "text_blobs", "data_blobs", "wasm_modules"})
"""Sections whose keys are the bindings."""


class ConfigFile:
    """A configuration that was read before, without a mistake."""

    def __init__(self, path: Path, environment: str | None = None) -> None:
        """``environment``: whose keys go over those of the top level."""
        self.path = path
        text = path.read_text(encoding="utf-8")
        parse = toml.parse if path.suffix == ".toml" else jsonc.parse
        self.value: Any
        self.value, self._places = parse(text, path.name)
        self.lines = text.splitlines()
        self._environment = environment
        own = (self.value.get("env") or {}).get(environment) if environment else None
        self._own = frozenset(own or ())
        self.value = {**self.value, **(own or {})}

    def find(
        self,
        code: str,
        message: str,
        *path: str | int,
        severity: Severity | None = None,
        fix: str | None = None,
    ) -> Finding:
        """A finding at the key or item of ``path``, or at the nearest thing above it."""
        if path and path[0] in self._own and self._environment:
            path = ("env", self._environment, *path)
        while path and path not in self._places:
            path = path[:-1]
        line, column = self._places.get(path, (1, 1))
        if fix and self.path.suffix == ".toml":
            fix = toml.spelled(fix)
        return self.at(code, message, line, column, severity=severity, fix=fix)

    def at(
        self,
        code: str,
        message: str,
        line: int,
        column: int = 1,
        *,
        severity: Severity | None = None,
        fix: str | None = None,
    ) -> Finding:
        """A finding at a line."""
        source = self.lines[line - 1] if 0 < line <= len(self.lines) else ""
        length = max(1, len(source[column - 1 :].partition(":")[0].partition(",")[0].rstrip()))
        return Finding(code, message, self.path, line, column, length, source, severity, fix)

    def binding_names(self) -> set[str]:
        """Every name that some environment of the file puts on `env`."""
        sections = [self.value, *(self.value.get("env") or {}).values()]
        return {name for section in sections for name in _bound(section)}


def _bound(section: Any) -> Iterator[str]:
    if not isinstance(section, dict):
        return
    for key, value in section.items():
        if key in _MAPS and isinstance(value, dict):
            yield from value
        elif key != "env":
            yield from _entries(value, "name" if key in _NAMED else "binding")


def _entries(value: Any, called: str) -> Iterator[str]:
    if isinstance(value, dict):
        names = (value.get(key) for key in dict.fromkeys((called, "binding")))
        yield from [name for name in names if isinstance(name, str)][:1]
        for inner in value.values():
            yield from _entries(inner, called)
    elif isinstance(value, list):
        for item in value:
            yield from _entries(item, called)
