"""SQL functions that production's SQLite has and the host's may be too old for."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any


class _StringAgg:
    """`string_agg(x, separator)`, SQLite 3.44."""

    def __init__(self) -> None:
        self._parts: list[tuple[str, str]] = []

    def step(self, value: Any, separator: Any) -> None:
        if value is not None:
            self._parts.append((_text(separator), _text(value)))

    def finalize(self) -> str | None:
        if not self._parts:
            return None
        head, *tail = self._parts
        return head[1] + "".join(separator + value for separator, value in tail)


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return "" if value is None else str(value)


def _unhex(value: Any) -> bytes | None:
    try:
        return bytes.fromhex(_text(value)) if value is not None else None
    except ValueError:
        return None


def _octet_length(value: Any) -> int | None:
    return (
        None if value is None else len(value if isinstance(value, bytes) else str(value).encode())
    )


def _concat_ws(separator: Any, *values: Any) -> str | None:
    if separator is None:
        return None
    return _text(separator).join(_text(x) for x in values if x is not None)


_SCALARS: tuple[tuple[tuple[int, int, int], str, int, Callable[..., Any]], ...] = (
    ((3, 41, 0), "unhex", 1, _unhex),
    ((3, 43, 0), "octet_length", 1, _octet_length),
    ((3, 44, 0), "concat", -1, lambda *values: "".join(_text(x) for x in values)),
    ((3, 44, 0), "concat_ws", -1, _concat_ws),
)


def add_missing(connection: sqlite3.Connection) -> None:
    """Define what this SQLite lacks."""
    version = sqlite3.sqlite_version_info
    for since, name, count, function in _SCALARS:
        if version < since:
            connection.create_function(name, count, function, deterministic=True)
    if version < (3, 44, 0):
        connection.create_aggregate("string_agg", 2, _StringAgg)  # type: ignore[arg-type]
