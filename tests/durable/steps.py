"""Run the steps of `table.py` on our storage, and write down answers as `worker.mjs` does."""

from __future__ import annotations

import inspect
import math
from typing import Any

from wrangler_py.durable.storage import DurableObjectStorage
from wrangler_py.js.array import JsArray
from wrangler_py.js.buffers import ArrayBuffer
from wrangler_py.js.date import Date
from wrangler_py.js.errors import JsException
from wrangler_py.js.map_set import JsMap
from wrangler_py.js.null import jsnull
from wrangler_py.js.object import JsObject


def decode(value: Any) -> Any:
    """A JSON value as the JavaScript value that it stands for."""
    if value is None:
        return jsnull
    if isinstance(value, list):
        return JsArray([decode(item) for item in value])
    if not isinstance(value, dict):
        return value
    if "$bytes" in value:
        return ArrayBuffer._of(bytes(value["$bytes"]))
    if "$undefined" in value:
        return None
    if "$date" in value:
        return Date(value["$date"])
    return JsObject({key: decode(item) for key, item in value.items()})


def encode(value: Any) -> Any:
    """A JavaScript value as JSON."""
    if value is None:
        return {"$undefined": 1}
    if value is jsnull:
        return None
    if isinstance(value, float) and not math.isfinite(value):
        return {"$number": "Infinity" if value > 0 else "-Infinity"}
    if isinstance(value, ArrayBuffer):
        return {"$bytes": list(value.to_bytes())}
    if isinstance(value, JsMap):
        return {"$map": [[encode(k), encode(v)] for k, v in value._pairs()]}
    if isinstance(value, Date):
        return {"$date": value.getTime()}
    if isinstance(value, JsArray):
        return [encode(item) for item in value]
    if isinstance(value, JsObject):
        return {key: encode(item) for key, item in value._entries()}
    return value


async def run(storage: DurableObjectStorage, step: list[Any]) -> Any:
    """What one step gives."""
    operation, *args = step
    args = [decode(arg) for arg in args]
    try:
        if operation == "sql":
            cursor = storage.sql.exec(*args)
            return encode(JsObject({"columns": cursor.columnNames, "rows": raw(cursor)}))
        if operation == "usage":
            cursor = storage.sql.exec(*args)
            cursor.toArray()
            return [cursor.rowsRead, cursor.rowsWritten]
        if operation == "kv.list":
            return encode(JsArray(list(storage.kv.list(*args))))
        if operation.startswith("kv."):
            return encode(getattr(storage.kv, operation[3:])(*args))
        answer = getattr(storage, operation)(*args)
        return encode(await answer if inspect.isawaitable(answer) else answer)
    except JsException as exc:
        return {"$error": [exc.name, exc.message]}


def raw(cursor: Any) -> JsArray:
    return JsArray(list(cursor.raw()))
