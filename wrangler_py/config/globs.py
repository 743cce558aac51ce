"""Glob patterns, as wrangler reads them: paths have `/`, names that begin with a dot are hidden.

Source: https://github.com/isaacs/minimatch; of it `*`, `?`, `[a-z]`, `**` and `{a,b}`. For `rules`
https://github.com/fitzgen/glob-to-regexp with `globstar`.
"""

from __future__ import annotations

import re
from functools import lru_cache

__all__ = ["matches"]

_CLASS = re.compile(r"\[[!^]?\]?[^\]]*\]")


def matches(path: str, pattern: str, *, plain: bool = False) -> bool:
    """Whether the whole of ``path`` is meant.

    ``plain``: as the globs of `rules` are read: `*` and `**` alone mean something, and hidden
    names are like others.
    """
    return any(each.fullmatch(path) for each in _compiled(pattern, plain))


@lru_cache(maxsize=64)
def _compiled(pattern: str, plain: bool) -> tuple[re.Pattern[str], ...]:
    patterns = [pattern] if plain else _alternatives(pattern)
    return tuple(re.compile(_regex(each, plain), re.DOTALL) for each in patterns)


def _alternatives(pattern: str) -> list[str]:
    """``pattern`` once for each choice that its braces leave."""
    found = re.search(r"\{([^{}]*,[^{}]*)\}", pattern)
    if found is None:
        return [pattern]
    before, after = pattern[: found.start()], pattern[found.end() :]
    choices = found.group(1).split(",")
    return [each for choice in choices for each in _alternatives(before + choice + after)]


def _regex(pattern: str, plain: bool) -> str:
    not_dot = "" if plain else r"(?!\.)"
    name = f"{not_dot}[^/]+"
    step = _plain_step if plain else _step
    if plain and pattern.endswith("**/"):
        pattern = pattern[:-1]  # all that is in the folder, as it stands
    *folders, last = pattern.split("/")
    steps = [f"(?:{name}/)*" if each == "**" else f"{step(each)}/" for each in folders]
    steps.append(f"(?:{name}/)*{name}" if last == "**" else step(last))
    return "".join(steps)


def _plain_step(step: str) -> str:
    return "[^/]*".join(map(re.escape, re.split(r"\*+", step)))


def _step(step: str) -> str:
    """One name of a path."""
    parts, place = [r"(?!\.)" if step[:1] in ("*", "?", "[") else ""], 0
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
