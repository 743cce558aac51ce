"""Which responses a shared cache keeps, how long, and with which headers.

Implements: https://www.rfc-editor.org/rfc/rfc9111, as wrangler's local cache reads it
Differs, as wrangler's does: a request's `Cache-Control` counts for nothing; `immutable` alone is
kept for years; what may be used stale is as good as fresh; directives are told apart by their case.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import NamedTuple

from ...js.date import Date, parse

__all__ = ["Verdict", "judge"]

Directives = dict[str, str]

_UNDERSTOOD = frozenset({200, 203, 300, 301, 302, 303, 307, 308, 404, 405, 410, 414, 501})
_BY_DEFAULT = frozenset({200, 203, 300, 301, 308, 404, 405, 410, 414, 501})
"""Statuses that are kept without a word about it."""
_HOP_BY_HOP = frozenset(
    "date connection keep-alive proxy-authenticate proxy-authorization te trailer "
    "transfer-encoding upgrade".split()
)
_NO_COOKIE = re.compile("private=set-cookie;?")
_INFORMATIONAL = re.compile(r"\s*1[0-9][0-9]")
_NUMBER = re.compile(r"\s*([+-]?\d+)")
_IMMUTABLE_S = 86_400_000
_HEURISTIC = 0.1
"""Part of its age that a response is fresh for which says nothing of it."""
_DAY_S = 86_400
_OLD = '113 - "rfc7234 5.5.4"'


class Verdict(NamedTuple):
    """What is kept of a response."""

    headers: list[tuple[str, str]]
    lifetime_ms: float
    """0: it has expired already."""


def judge(
    authorized: bool, status: int, pairs: Iterable[tuple[str, str]], now_ms: int
) -> Verdict | None:
    """What to keep of a response, whose header names are in lower case; None: nothing.

    ``authorized``: the request had an `Authorization` header.
    """
    headers = dict(pairs)
    control = headers.get("cache-control", "")
    if _NO_COOKIE.search(control.lower()):
        headers["cache-control"] = control = _NO_COOKIE.sub("", control.lower(), count=1)
        headers.pop("set-cookie", None)
    said = _directives(control)
    if not control and "no-cache" in headers.get("pragma", ""):
        said["no-cache"] = "yes"
    if "set-cookie" in headers or not _storable(authorized, status, headers, said):
        return None
    age = _number(headers.get("age"))
    fresh = _fresh_for(headers, said, now_ms)
    left = fresh - age
    stale = max(_number(said.get("stale-if-error")), _number(said.get("stale-while-revalidate")))
    return Verdict(_kept(headers, said, age, fresh, now_ms), max(0, left, left + stale) * 1000)


def _directives(control: str) -> Directives:
    """Names and values; a name without one has a word in its place, which is no number."""
    found: Directives = {}
    for part in control.split(",") if control else ():
        name, *rest = part.split("=")
        found[name.strip()] = _unquoted(rest[0].strip()) if rest else "yes"
    return found


def _unquoted(value: str) -> str:
    return value.removeprefix('"').removesuffix('"')


def _number(text: str | None) -> int:
    found = _NUMBER.match(text or "")
    return int(found[1]) if found else 0


def _storable(authorized: bool, status: int, headers: dict[str, str], said: Directives) -> bool:
    if status not in _UNDERSTOOD or said.get("no-store") or said.get("private"):
        return False
    if authorized and not _any(said, "must-revalidate", "public", "s-maxage"):
        return False
    explicit = headers.get("expires") or _any(said, "max-age", "s-maxage", "public")
    return bool(explicit) or status in _BY_DEFAULT


def _any(said: Directives, *names: str) -> bool:
    return any(said.get(name) for name in names)


def _fresh_for(headers: dict[str, str], said: Directives, now_ms: int) -> float:
    """Seconds from its date on."""
    if _any(said, "no-cache", "proxy-revalidate"):
        return 0
    for name in ("s-maxage", "max-age"):
        if said.get(name):
            return _number(said[name])
    least = _IMMUTABLE_S if said.get("immutable") else 0
    date = parse(headers.get("date"))
    date = date if math.isfinite(date) else now_ms
    if headers.get("expires"):
        until = parse(headers["expires"])
        return 0 if not until >= date else max(least, (until - date) / 1000)
    changed = parse(headers.get("last-modified"))
    if changed < date:
        return max(least, (date - changed) / 1000 * _HEURISTIC)
    return least


def _kept(
    headers: dict[str, str], said: Directives, age: int, fresh: float, now_ms: int
) -> list[tuple[str, str]]:
    kept = {name: value for name, value in headers.items() if name not in _HOP_BY_HOP}
    warnings = [
        each for each in kept.pop("warning", "").split(",") if not _INFORMATIONAL.match(each)
    ]
    warning = ",".join(warnings).strip()
    explicit = _any(said, "s-maxage", "max-age") or headers.get("expires")
    if age > _DAY_S and fresh > _DAY_S and not explicit:
        warning = f"{warning}, {_OLD}" if warning else _OLD
    if warning:
        kept["warning"] = warning
    kept["age"] = str(age)
    kept["date"] = Date(now_ms).toUTCString()
    return list(kept.items())
