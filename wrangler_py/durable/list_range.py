"""The options of `list()`: which keys, in which order, how many.

Implements: https://developers.cloudflare.com/durable-objects/api/storage-api/#list
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..js.callbacks import member
from ..js.convert import to_boolean, to_integer, to_string
from ..js.errors import type_error


@dataclass(frozen=True, slots=True)
class ListRange:
    """Keys from ``start`` to before ``end``, compared as UTF-8, which is by code point."""

    start: str = ""
    end: str | None = None
    reverse: bool = False
    limit: int | None = None


EVERYTHING = ListRange()


def list_range(options: Any) -> ListRange | None:
    """The range that ``options`` mean; None if no key can be in it.

    Raises:
        TypeError: `start` together with `startAfter`, or a limit below 1.
    """
    if options is None:
        return EVERYTHING
    start, after = _text(options, "start"), _text(options, "startAfter")
    if start is not None and after is not None:
        raise type_error("list() cannot be called with both start and startAfter values.")
    if after is not None:
        start = after + "\0"
    limit = member(options, "limit")
    if limit is not None and (limit := to_integer(limit)) <= 0:
        raise type_error("List limit must be positive.")
    low, end = start or "", _text(options, "end")
    if prefix := _text(options, "prefix"):
        if low > prefix and not low.startswith(prefix):
            return None
        low = max(low, prefix)
        after_prefix = _successor(prefix)
        if end is None or (after_prefix is not None and after_prefix < end):
            end = after_prefix
    if end is not None and end <= low:
        return None
    return ListRange(low, end, to_boolean(member(options, "reverse")), limit)


def _text(options: Any, name: str) -> str | None:
    value = member(options, name)
    return None if value is None else to_string(value)


def _successor(prefix: str) -> str | None:
    """The first string after all that begin with ``prefix``; None if there is none."""
    stem = prefix.rstrip("\U0010ffff")
    if not stem:
        return None
    following = ord(stem[-1]) + 1
    if 0xD800 <= following <= 0xDFFF:  # no characters there
        following = 0xE000
    return stem[:-1] + chr(following)
