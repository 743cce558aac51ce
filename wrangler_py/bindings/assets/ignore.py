"""`.assetsignore`: files of the directory that are no assets.

Implements: https://developers.cloudflare.com/workers/static-assets/binding/#ignoring-assets
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ...log import log

__all__ = ["NAME", "Ignored"]

NAME = ".assetsignore"
METAFILES = (f"/{NAME}", "/_redirects", "/_headers")
"""Never assets, unless a pattern with `!` says so."""


class Ignored:
    """The patterns of a directory, in gitignore's syntax; upper and lower case are the same."""

    def __init__(self, text: str) -> None:
        self._spec: Any = _spec([*METAFILES, *text.split("\n")]) if text.strip() else None
        self._known: dict[str, bool] = {}

    def covers(self, path: str) -> bool:
        """Whether the file at ``path``, relative to the directory, is none to serve."""
        if self._spec is None:
            return f"/{path.lower()}" in METAFILES
        steps = path.lower().split("/")
        # What lies in an ignored folder is ignored, whatever a later pattern says of it.
        folders = ("/".join(steps[:count]) + "/" for count in range(1, len(steps)))
        return any(map(self._matches, folders)) or self._matches("/".join(steps))

    def _matches(self, path: str) -> bool:
        found = self._known.get(path)
        if found is None:
            found = self._known[path] = self._spec.match_file(path)
        return found


def _spec(lines: Iterable[str]) -> Any:
    from pathspec import GitIgnoreSpec  # few directories have such a file

    patterns: list[Any] = []
    for line in lines:
        try:
            patterns += GitIgnoreSpec.from_lines([line.lower()]).patterns
        except ValueError as exc:
            log.warn(f"{NAME}: {line!r} is passed over: {exc}")
    return GitIgnoreSpec(patterns)
