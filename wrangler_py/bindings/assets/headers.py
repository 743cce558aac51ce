"""`_headers`: headers that are set on, or removed from, what assets are answered with.

Implements: https://developers.cloudflare.com/workers/static-assets/headers/
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ...log import Level
from ...web.headers import Headers
from .rules import Pattern, Remark, fill_in, lines_of, said_of, url_of

__all__ = ["NAME", "HeaderRules", "parse"]

NAME = "_headers"
MAX_RULES = 100
_IS_PATH = re.compile(r"[^\s]+://|/")
_TOO_MANY = (
    f"Maximum number of rules supported is {MAX_RULES}. Skipping remaining {{0}} lines of file."
)
_NO_HEADERS = "No headers specified"
_NO_PATH = "Expected a path beginning with at least one forward-slash"
_NO_COLON = "Expected a colon-separated header pair (e.g. name: value)"
_SPACES = "Header name cannot include spaces"
_NO_NAME = "No header name specified"
_NO_VALUE = "No header value specified"
_NO_RULE = "Path should come before header ({0}: {1})"
_WILDCARDS = (
    "Only one wildcard is allowed per rule. Use a named placeholder (e.g. :project) instead. "
    "Skipping {0}."
)
_SPLAT = (
    "Cannot combine a wildcard * with a :splat placeholder because wildcards are converted to "
    ":splat at runtime. Skipping {0}."
)


@dataclass(slots=True)
class _Rule:
    """The headers of one path."""

    line: str
    path: str
    set: dict[str, str] = field(default_factory=dict)
    removed: list[str] = field(default_factory=list)


@dataclass(slots=True)
class HeaderRules:
    """All rules of a file, and what its author is to be told."""

    rules: list[tuple[Pattern, _Rule]] = field(default_factory=list)
    count: int = 0
    remarks: list[Remark] = field(default_factory=list)

    def apply(self, hostname: str, path: str, headers: Headers) -> None:
        """Change the ``headers`` of the answer to a request.

        Raises:
            JsException: a rule has a name or a value that no header can have.
        """
        ours: set[str] = set()
        for pattern, rule in self.rules:
            values = pattern.match(hostname, path)
            if values is None:
                continue
            for name in rule.removed:
                headers.delete(name)
            for name, value in rule.set.items():
                # Of several rules all values count; what was there before them does not.
                change = headers.append if name in ours else headers.set
                change(name, fill_in(value, values))
                ours.add(name)

    def said(self, name: str) -> Iterator[tuple[Level, str]]:
        """How the file called ``name`` was understood, for its author."""
        return said_of("header rule", self.count, self.remarks, name)


def parse(text: str) -> HeaderRules:
    """The rules of ``text``."""
    reader = _Reader()
    for number, line in lines_of(text, reader.remarks):
        if not _IS_PATH.match(line):
            reader.header(number, line)
        elif len(reader.rules) >= MAX_RULES:
            reader.remarks.append(Remark(_TOO_MANY.format(text.count("\n") + 2 - number)))
            break
        else:
            reader.path(number, line)
    reader.end(None)
    found = HeaderRules(count=len(reader.rules), remarks=reader.remarks)
    by_path = {rule.path: rule for rule in reader.rules}  # the last one of a path, in its place
    for path, rule in by_path.items():
        if pattern := Pattern.of(path):
            found.rules.append((pattern, rule))
    return found


class _Reader:
    """Reads line by line."""

    def __init__(self) -> None:
        self.rules: list[_Rule] = []
        self.remarks: list[Remark] = []
        self._rule: _Rule | None = None
        self._skips = False
        """The path was refused, so its headers are passed over."""

    def end(self, number: int | None) -> None:
        """The rule is complete, as line ``number`` begins another."""
        rule = self._rule
        if rule is None:
            return
        if rule.set or rule.removed:
            self.rules.append(rule)
        else:
            self.remarks.append(Remark(_NO_HEADERS, number, rule.line))

    def path(self, number: int, line: str) -> None:
        self.end(number)
        self._rule, self._skips = None, False
        try:
            path = url_of(line, no_port=True)
            _check_wildcards(path)
        except ValueError as exc:
            self.remarks.append(Remark(str(exc), number, line))
            self._skips = True
        else:
            self._rule = _Rule(line, path)

    def header(self, number: int, line: str) -> None:
        if self._skips:
            return
        try:
            self._read_header(line)
        except ValueError as exc:
            self.remarks.append(Remark(str(exc), number, line))

    def _read_header(self, line: str) -> None:
        """Take in a line below a path.

        Raises:
            ValueError: it is none, for a reason that its text gives.
        """
        rule = self._rule
        name, colon, value = line.partition(":")
        if not colon:
            if rule is None:
                raise ValueError(_NO_PATH)
            if not line.startswith("! "):
                raise ValueError(_NO_COLON)
            rule.removed.append(line[2:])
            return
        name, value = name.strip().lower(), value.strip()
        if " " in name:
            raise ValueError(_SPACES)
        if not name:
            raise ValueError(_NO_NAME)
        if not value:
            raise ValueError(_NO_VALUE)
        if rule is None:
            raise ValueError(_NO_RULE.format(name, value))
        rule.set[name] = f"{rule.set[name]}, {value}" if name in rule.set else value


def _check_wildcards(path: str) -> None:
    """`*` becomes `:splat`, which a rule can have only once."""
    if path.count("*") > 1:
        raise ValueError(_WILDCARDS.format(path))
    if "*" in path and re.search(r":splat(?!\w)", path, re.ASCII):
        raise ValueError(_SPLAT.format(path))
