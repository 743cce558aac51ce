"""D1's values: what `bind` takes, what SQLite stores of it, what a row shows.

Between a Worker and its database everything is JSON, which is why every number is REAL, and why
a blob comes back as an array of numbers.

Implements: https://developers.cloudflare.com/d1/worker-api/#type-conversion
"""

from __future__ import annotations

import math
from typing import Any

from ...js.array import JsArray
from ...js.buffers import ArrayBuffer, JsBuffer, TypedArray
from ...js.convert import is_bigint, number, to_string
from ...js.errors import JsException, error
from ...js.null import is_nullish, jsnull, null
from ...js.proxy import JsProxy
from ...web.idl import usv_string

__all__ = ["MALFORMED", "bound", "shown", "stored"]

MALFORMED = "Failed to parse body as JSON, got: ZodError"
"""What the database says of a query that is not made of text and values."""


def bound(value: Any) -> Any:
    """An argument of `bind` as the statement keeps it in `params`.

    Raises: JsException: D1 does not store such a value.
    """
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, (str, float)) or value is jsnull:
        return value
    if isinstance(value, int) and not is_bigint(value):
        return value
    if isinstance(value, JsArray) and all(_is_byte(each) for each in value):
        return value
    if isinstance(value, ArrayBuffer):
        return JsArray(list(value.to_bytes()))
    if isinstance(value, JsBuffer):
        return JsArray(list(value) if isinstance(value, TypedArray) else [])
    raise _refused(value)


def _is_byte(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value < 256


def _refused(value: Any) -> JsException:
    kind = "object"
    if value is None:
        kind = "undefined"
    elif is_bigint(value):
        kind = "bigint"
    elif callable(value):
        kind = "function"
    text = _joined(value) if isinstance(value, JsArray) else to_string(value)
    said = f"Type '{kind}' not supported for value '{text}'"
    refused = error(f"D1_TYPE_ERROR: {said}")
    refused.cause = error(said)
    if value is None:
        refused.add_note("hint: None is JavaScript's undefined; NULL is `pyodide.ffi.jsnull`")
    elif kind == "object" and not isinstance(value, JsProxy):
        refused.add_note(
            f"hint: a {type(value).__name__} of Python is no value of JavaScript: for a blob give "
            "`to_js(b'...')`, for JSON `json.dumps(...)`, for a date its text"
        )
    return refused


def _joined(array: JsArray) -> str:
    return ",".join("" if is_nullish(each) else to_string(each) for each in array)


def stored(value: Any) -> str | float | bytes | None:
    """A value of `params` as SQLite gets it.

    Raises: ValueError: it is none; a script changed `params`.
    """
    if is_nullish(value):
        return None
    if isinstance(value, str):
        return usv_string(value)
    if isinstance(value, (int, float)):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, JsArray):
        items = list(value)
        if all(isinstance(x, (int, float)) and math.isfinite(x) for x in items):
            return bytes(int(x) % 256 for x in items)
    raise ValueError(MALFORMED)


def shown(value: Any) -> Any:
    """A cell of a row as a script sees it."""
    if type(value) is str:
        return value
    if value is None or value in (math.inf, -math.inf):
        return null()  # JSON has no infinity
    return JsArray(list(value)) if isinstance(value, bytes) else number(value)
