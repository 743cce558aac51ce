"""`jsnull`: JavaScript's null where a Pyodide version tells it from undefined.

`undefined` is Python's `None` everywhere.
"""

from __future__ import annotations

import functools
import json
from typing import Any, Final, Literal

from . import profile


class JsNull:
    """The type of `jsnull`: falsy, equal only to itself, and not `None`."""

    __slots__ = ()
    _instance: JsNull | None = None

    def __new__(cls) -> JsNull:
        if cls._instance is None:
            cls._instance = super().__new__(cls)
        return cls._instance

    def __repr__(self) -> str:
        return "jsnull"

    def __bool__(self) -> Literal[False]:
        return False

    def __reduce__(self) -> str:
        return "jsnull"


JsNull.__module__ = "pyodide.ffi"
jsnull: Final = JsNull()


def null() -> Any:
    """JavaScript's null as the running worker's Pyodide shows it."""
    return jsnull if profile.current().has_jsnull else None


def is_nullish(value: Any) -> bool:
    """Whether a Python value is JavaScript's undefined or null."""
    return value is None or value is jsnull


def teach_json() -> None:
    """Let Python's json module write `jsnull` as null, as Pyodide's does."""
    plain = json.JSONEncoder.default
    if getattr(plain, "_knows_jsnull", False):
        return

    @functools.wraps(plain)
    def default(self: json.JSONEncoder, o: Any) -> Any:
        return None if o is jsnull else plain(self, o)

    default._knows_jsnull = True  # type: ignore[attr-defined]
    json.JSONEncoder.default = default  # type: ignore[method-assign]
