"""JSON for the eye: the sender's own tokens, on one line where they fit, coloured on a terminal.

The tokens stay as they were written: `1e3`, `1.0` and a key that comes twice tell something.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

__all__ = ["pretty_json"]

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{},:]|[^\s\[\]{},:"]+')
_KEY, _STRING, _NUMBER, _WORD = "34", "32", "36", "35"


def pretty_json(text: str, width: int, *, color: bool) -> str | None:
    """``text`` laid out in ``width`` columns; None when it is not a JSON object or array."""
    if text.lstrip()[:1] not in ("{", "["):
        return None
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return None
    tokens = _TOKEN.findall(text)
    flat = "".join(_laid_out(tokens, indented=False, color=False))
    indented = len(flat) > width
    return "".join(_laid_out(tokens, indented=indented, color=color))


def _laid_out(tokens: list[str], *, indented: bool, color: bool) -> Iterator[str]:
    depth = 0
    for place, token in enumerate(tokens):
        following = tokens[place + 1] if place + 1 < len(tokens) else ""
        if token in "[{":
            depth += 1
            yield token
            if indented and following not in "]}":
                yield _newline(depth)
        elif token in "]}":
            depth -= 1
            if indented and tokens[place - 1] not in "[{":
                yield _newline(depth)
            yield token
        elif token == ",":
            yield f",{_newline(depth)}" if indented else ", "
        elif token == ":":
            yield ": "
        else:
            yield _tinted(token, is_key=following == ":") if color else token


def _newline(depth: int) -> str:
    return "\n" + "  " * depth


def _tinted(token: str, *, is_key: bool) -> str:
    tint = _KEY if is_key else _STRING if token[0] == '"' else _NUMBER
    if token in ("true", "false", "null"):
        tint = _WORD
    return f"\033[{tint}m{token}\033[0m"
