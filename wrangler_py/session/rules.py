"""What a comparison passes over: the `rules` of a session, which people edit."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..config.source import closest
from ..errors import UsageError
from .json_path import JsonPath

__all__ = ["DEFAULT", "Rules"]

DEFAULT: dict[str, Any] = {
    "ignore_headers": [
        "age", "alt-svc", "cf-cache-status", "cf-ray", "content-length", "date", "etag", "expires",
        "last-modified", "nel", "report-to", "server", "server-timing", "x-request-id",
    ],
    "ignore_json": [],
    "replace": {
        "<uuid>": r"(?i)\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b",
        "<id>": r"\b[0-9a-f]{64}\b",
        "<time>": r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d\b)?",
        "<date>": r"\b[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT\b",
        "<ms>": r"(?<![\w.])1[6-9]\d{11}(?![\w.])",
        "<seconds>": r"(?<![\w.])1[6-9]\d{8}(?:\.\d+)?(?!\w)",
    },
    "unordered": False,
    "max_slower": None,
}  # fmt: skip
"""What a new session says: whatever differs between two runs of the same code."""

_FRAMING = frozenset(
    {
        "connection",
        "keep-alive",
        "sec-websocket-accept",
        "sec-websocket-extensions",
        "transfer-encoding",
    }
)
"""Headers of one connection, never compared."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules, ready to be used."""

    ignored_headers: frozenset[str]
    ignored_json: tuple[JsonPath, ...]
    replacements: tuple[tuple[re.Pattern[str], str], ...]
    unordered: bool
    """Messages of one WebSocket may come in any order. Those of several always may."""
    max_slower: float | None
    """Seconds by which an answer may be later than it was; None: however late."""

    @classmethod
    def of(cls, given: Mapping[str, Any], where: str) -> Rules:
        """Those of a session; what it does not say is as in `DEFAULT`.

        Raises:
            UsageError: they are wrong, at ``where``.
        """
        if not isinstance(given, Mapping):
            raise UsageError("`rules` is no object", where=where)
        for name in given:
            if name not in DEFAULT:
                hint = closest(name, list(DEFAULT)) or f"there are {', '.join(DEFAULT)}"
                raise UsageError(f"there is no rule `{name}`", where=where, hint=hint)
        rules = DEFAULT | dict(given)
        try:
            return cls(
                _FRAMING | {str(name).lower() for name in _list(rules, "ignore_headers")},
                tuple(map(JsonPath.of, _list(rules, "ignore_json"))),
                tuple((re.compile(found), name) for name, found in rules["replace"].items()),
                bool(rules["unordered"]),
                None if rules["max_slower"] is None else float(rules["max_slower"]),
            )
        except re.error as error:
            text = f"`replace` has no regular expression: {error}"
            raise UsageError(text, where=where) from None
        except (AttributeError, TypeError, ValueError) as error:
            raise UsageError(f"the rules are wrong: {error}", where=where) from None


def _list(rules: Mapping[str, Any], name: str) -> list[str]:
    given = rules[name]
    if not isinstance(given, list):
        raise ValueError(f"`{name}` is no list")
    return [str(each) for each in given]
