"""`.assetsignore`: files of the directory that are no assets.

Implements: https://developers.cloudflare.com/workers/static-assets/binding/#ignoring-assets
"""

from __future__ import annotations

import re
import warnings
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
        lines = [*METAFILES, *text.split("\n")] if text.strip() else []
        self._patterns = _patterns(lines)[::-1]
        self._known: dict[str, bool] = {}

    def covers(self, path: str) -> bool:
        """Whether the file at ``path``, relative to the directory, is none to serve."""
        if not self._patterns:
            return f"/{path.lower()}" in METAFILES
        steps = path.lower().split("/")
        # What lies in an ignored folder is ignored, whatever a later pattern says of it.
        folders = ("/".join(steps[:count]) + "/" for count in range(1, len(steps)))
        return any(map(self._matches, folders)) or self._matches("/".join(steps))

    def _matches(self, path: str) -> bool:
        found = self._known.get(path)
        if found is None:
            said = (each.include for each in self._patterns if each.match_file(path) is not None)
            found = self._known[path] = next(said, False)  # the last one counts
        return found


def _patterns(lines: Iterable[str]) -> list[Any]:
    """Those of ``lines`` that say something."""
    patterns: list[Any] = []
    if lines:
        from pathspec import GitIgnoreSpec  # few directories have such a file
    for line in lines:
        try:
            meant = "!**" if line.strip() == "!" else line.lower()  # it lets everything in again
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", FutureWarning)  # `[[` in the library's expression
                found = GitIgnoreSpec.from_lines([meant]).patterns
            patterns += [pattern for pattern in found if pattern.include is not None]
        except (ValueError, re.error) as exc:  # the latter: `[z-a]`, which is nothing to git, too
            log.warn(f"{NAME}: {line!r} is passed over: {exc}")
    return patterns
