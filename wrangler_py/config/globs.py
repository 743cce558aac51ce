"""Glob patterns, as wrangler reads them: paths have `/`, names that begin with a dot are hidden.

Source: https://github.com/isaacs/minimatch; of it `*`, `?`, `[a-z]`, `**` and `{a,b}`.
"""

from __future__ import annotations

import re
from functools import lru_cache

__all__ = ["matches"]

_CLASS = re.compile(r"\[[!^]?\]?[^\]]*\]")


def matches(path: str, pattern: str, *, hidden: bool = False) -> bool:
    """Whether the whole of ``path`` is meant; ``hidden``: a wildcard may stand for a first dot."""
    return any(each.fullmatch(path) for each in _compiled(pattern, hidden))


@lru_cache(maxsize=64)
def _compiled(pattern: str, hidden: bool) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(_regex(each, hidden), re.DOTALL) for each in _alternatives(pattern))


def _alternatives(pattern: str) -> list[str]:
    """``pattern`` once for each choice that its braces leave."""
    found = re.search(r"\{([^{}]*,[^{}]*)\}", pattern)
    if found is None:
        return [pattern]
    before, after = pattern[: found.start()], pattern[found.end() :]
    choices = found.group(1).split(",")
    return [each for choice in choices for each in _alternatives(before + choice + after)]


def _regex(pattern: str, hidden: bool) -> str:
    not_dot = "" if hidden else r"(?!\.)"
    name = f"{not_dot}[^/]+"
    *folders, last = pattern.split("/")
    steps = [f"(?:{name}/)*" if each == "**" else f"{_step(each, not_dot)}/" for each in folders]
    steps.append(f"(?:{name}/)*{name}" if last == "**" else _step(last, not_dot))
    return "".join(steps)


def _step(step: str, not_dot: str) -> str:
    """One name of a path."""
    parts, place = [not_dot if step[:1] in ("*", "?", "[") else ""], 0
    while place < len(step):
        char, place = step[place], place + 1
        if char == "*":
            parts.append("[^/]*")
        elif char == "?":
            parts.append("[^/]")
        elif char == "[" and (found := _CLASS.match(step, place - 1)):
            inside = found.group()[1:-1].replace("\\", r"\\")
            parts.append(f"[{'^' if inside[0] in '!^' else ''}{inside.lstrip('!^')}]")
            place = found.end()
        else:
            parts.append(re.escape(char))
    return "".join(parts)
