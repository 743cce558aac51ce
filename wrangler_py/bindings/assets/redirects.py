"""`_redirects`: paths that are answered with another place, or with another file.

Implements: https://developers.cloudflare.com/workers/static-assets/redirects/
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from ...js.convert import to_number
from ...log import Level
from .rules import PLACEHOLDER, Pattern, Remark, fill_in, has_host, lines_of, said_of, url_of

__all__ = ["NAME", "Redirect", "Redirects", "parse"]

NAME = "_redirects"
MAX_STATIC = 2000
MAX_DYNAMIC = 100
_STATUS = frozenset({200, 301, 302, 303, 307, 308})
_COMMENT = re.compile(r"\s+#.*$")
_INDEX = re.compile(r".*/index(.html)?")
_EXTERNAL = re.compile(r"\w+://|//[^/\\\s?#]", re.ASCII)
_TOKENS = "Expected exactly 2 or 3 whitespace-separated tokens. Got {0}."
_TOO_MANY_STATIC = f"Maximum number of static rules supported is {MAX_STATIC}. Skipping line."
_TOO_MANY_DYNAMIC = (
    f"Maximum number of dynamic rules supported is {MAX_DYNAMIC}. "
    "Skipping remaining {0} lines of file."
)
_BAD_STATUS = "Valid status codes are 200, 301, 302 (default), 303, 307, or 308. Got {0}."
_LOOP = (
    "Infinite loop detected in this rule and has been ignored. This will cause a redirect to "
    "strip `.html` or `/index` and end up triggering this rule again. Please fix or remove this "
    "rule to silence this warning."
)
_PROXY = "Proxy (200) redirects can only point to relative paths. Got {0}"
_SLOW = (
    "The redirect rule {0} → {1.status} {1.to} could be made more performant by bringing it above "
    "any lines with splats or placeholders."
)


class Redirect(NamedTuple):
    """Where a request is sent; 200: what is shown in its place."""

    status: int
    to: str


@dataclass(slots=True)
class Redirects:
    """All rules of a file, and what its author is to be told."""

    static: dict[str, Redirect] = field(default_factory=dict)
    """By path."""
    dynamic: list[tuple[Pattern, Redirect]] = field(default_factory=list)
    count: int = 0
    remarks: list[Remark] = field(default_factory=list)
    advice: list[str] = field(default_factory=list)

    def find(self, hostname: str, path: str) -> Redirect | None:
        """The rule for a request, filled in."""
        found = self.static.get(path)
        if found is not None:
            return found
        for pattern, redirect in self.dynamic:
            values = pattern.match(hostname, path)
            if values is not None:
                return redirect._replace(to=_target(redirect.to, fill_in(redirect.to, values)))
        return None

    def said(self, name: str) -> Iterator[tuple[Level, str]]:
        """How the file called ``name`` was understood, for its author."""
        yield from said_of("redirect rule", self.count, self.remarks, name)
        yield from ((Level.INFO, text) for text in self.advice)


def _target(rule: str, filled: str) -> str:
    """A target on the same host has no runs of slashes: they would lead to another one."""
    if _EXTERNAL.match(rule.strip()):
        return filled.strip()
    path, mark, rest = re.fullmatch(r"([^?#]*)([?#]?)(.*)", filled.strip(), re.DOTALL).groups()  # type: ignore[union-attr]
    return re.sub(r"[/\\]+", "/", path) + mark + rest


class _Rule(NamedTuple):
    source: str
    is_dynamic: bool
    redirect: Redirect


def parse(text: str, *, handles_html: bool) -> Redirects:
    """The rules of ``text``.

    Args:
        handles_html: `html_handling` is not "none", so that `/index` is `/`.
    """
    found = Redirects()
    counts = {False: 0, True: 0}
    seen: set[str] = set()
    for number, line in lines_of(text, found.remarks):
        try:
            source, others = _source(line)
        except ValueError as exc:
            found.remarks.append(Remark(str(exc), number, line))
            continue
        is_dynamic = counts[True] > 0 or "*" in source or PLACEHOLDER.search(source) is not None
        counts[is_dynamic] += 1
        if counts[True] > MAX_DYNAMIC:
            left = text.count("\n") + 2 - number
            found.remarks.append(Remark(_TOO_MANY_DYNAMIC.format(left)))
            break
        if not is_dynamic and counts[False] > MAX_STATIC:
            found.remarks.append(Remark(_TOO_MANY_STATIC))
            continue
        try:
            _add(found, source, _redirect(source, others, seen, handles_html=handles_html))
        except ValueError as exc:
            found.remarks.append(Remark(str(exc), number, line))
    return found


def _source(line: str) -> tuple[str, list[str]]:
    """The path of a line, and its other words."""
    words = _COMMENT.sub("", line).split()
    if not 2 <= len(words) <= 3:
        raise ValueError(_TOKENS.format(len(words)))
    return url_of(words[0], only_relative=True, no_port=True), words[1:]


def _redirect(source: str, words: list[str], seen: set[str], *, handles_html: bool) -> Redirect:
    """Where ``source`` leads.

    Raises:
        ValueError: nowhere, for a reason that its text gives.
    """
    to = url_of(words[0], whole=True)
    status = _status(words[1] if len(words) > 1 else "302")
    is_loop = source.endswith("/*") or (source.endswith("/") and handles_html)
    if is_loop and not has_host(to) and _INDEX.fullmatch(to):
        raise ValueError(_LOOP)
    if source in seen:
        raise ValueError(f"Ignoring duplicate rule for path {source}.")
    seen.add(source)
    if status == 200 and has_host(to):
        raise ValueError(_PROXY.format(to))
    return Redirect(status, to)


def _status(word: str) -> int:
    number = to_number(word)
    if number not in _STATUS:
        raise ValueError(_BAD_STATUS.format(word))
    return int(number)


def _add(found: Redirects, source: str, redirect: Redirect) -> None:
    found.count += 1
    if "*" not in source and not PLACEHOLDER.search(source):
        if not found.dynamic:
            found.static[source] = redirect
            return
        found.advice.append(_SLOW.format(source, redirect))
    pattern = Pattern.of(source)
    found.dynamic.append((pattern or _NEVER, redirect))


_NEVER = Pattern(re.compile(r"(?!)"), has_host=False)
