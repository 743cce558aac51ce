"""Write JavaScript values as V8's ValueSerializer does, byte for byte.

Implements: https://html.spec.whatwg.org/multipage/structured-data.html#structuredserializeinternal
Differs: an Error is written without its stack, which is ours and not V8's.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Iterable
from typing import Any

from ..js.array import JsArray
from ..js.buffers import ArrayBuffer, JsBuffer
from ..js.callbacks import HOLE, Expired, PyProxy, is_callable
from ..js.convert import is_bigint, to_integer, to_number
from ..js.errors import JsException, dom_exception
from ..js.map_set import JsMap, JsSet
from ..js.null import jsnull
from ..js.object import JsObject
from ..js.proxy import JsFunction, JsProxy
from . import v8_tags as tag

_ES_CLASSES = frozenset(("Promise", "WeakMap", "WeakRef", "WeakSet", "Iterator", "global"))
_MAX_INDEX = 2**32 - 2

HostWriter = Callable[[Any], int | None]
"""Takes a host object over and returns its number; None if it cannot be serialized."""


def uncloneable(description: str) -> JsException:
    return dom_exception(f"{description} could not be cloned.", "DataCloneError")


class Writer:
    """One serialization; ``data`` grows as values are written."""

    def __init__(self, host: HostWriter | None = None) -> None:
        self.data = bytearray(tag.HEADER)
        self._host = host
        self._ids: dict[int, int] = {}
        self._alive: list[Any] = []
        """What has a number, so that no other object gets its id() meanwhile."""

    def write(self, value: Any) -> None:
        """Append ``value``.

        Raises:
            JsException: a DataCloneError.
        """
        if value is None:
            self.data.append(tag.UNDEFINED)
        elif value is jsnull:
            self.data.append(tag.NULL)
        elif value is True or value is False:
            self.data.append(tag.TRUE if value else tag.FALSE)
        elif isinstance(value, str):
            self._string(value)
        elif isinstance(value, (int, float)):
            self._number(value)
        elif isinstance(value, JsProxy):
            self._object(value)
        else:
            raise uncloneable(_describe(value))

    def _varint(self, value: int) -> None:
        while value > 0x7F:
            self.data.append(value & 0x7F | 0x80)
            value >>= 7
        self.data.append(value)

    def _string(self, value: str) -> None:
        try:
            raw = value.encode("latin-1")
        except UnicodeEncodeError:
            raw = value.encode("utf-16-le", "surrogatepass")
            if (len(self.data) + 1 + _varint_size(len(raw))) % 2:
                self.data.append(tag.PADDING)  # V8 reads the characters in place
            self.data.append(tag.TWO_BYTE_STRING)
        else:
            self.data.append(tag.ONE_BYTE_STRING)
        self._varint(len(raw))
        self.data += raw

    def _number(self, value: float) -> None:
        if is_bigint(value):
            self.data.append(tag.BIGINT)
            self._bigint(int(value))
        elif _is_int32(value):
            self.data.append(tag.INT32)
            number = int(value)
            self._varint(number * 2 if number >= 0 else -number * 2 - 1)
        else:
            self._double(tag.DOUBLE, value)

    def _double(self, mark: int, value: float) -> None:
        self.data.append(mark)
        self.data += struct.pack("<d", value)

    def _bigint(self, value: int) -> None:
        size = (abs(value).bit_length() + 63) // 64 * 8
        self._varint(size << 1 | (value < 0))
        self.data += abs(value).to_bytes(size, "little")

    def _object(self, value: JsProxy) -> None:
        number = self._ids.get(id(value))
        if number is not None:
            self.data.append(tag.REFERENCE)
            self._varint(number)
            return
        if isinstance(value, JsBuffer) and not isinstance(value, ArrayBuffer):
            self.write(value.buffer)  # its buffer comes before a view
        self._ids[id(value)] = len(self._ids)
        self._alive.append(value)
        for kind, write in _WRITERS:
            if isinstance(value, kind):
                write(self, value)
                return
        named = _BY_NAME.get(type(value)._js_name)
        if named is not None:
            named(self, value)
        else:
            self._host_object(value)

    def _plain(self, value: JsObject) -> None:
        self.data.append(tag.OBJECT)
        props = value._props
        for key in _in_order(props):
            self.write(key)
            self.write(props[str(key)])
        self.data.append(tag.OBJECT_END)
        self._varint(len(props))

    def _array(self, value: JsArray) -> None:
        items = list(value._items)
        if any(item is HOLE for item in items):
            self._sparse(items)
            return
        self.data.append(tag.DENSE_ARRAY)
        self._varint(len(items))
        if _is_double_array(items):
            for item in items:
                self._double(tag.DOUBLE, item)
        else:
            for item in items:
                self.write(item)
        self.data += bytes((tag.DENSE_ARRAY_END, 0))
        self._varint(len(items))

    def _sparse(self, items: list[Any]) -> None:
        self.data.append(tag.SPARSE_ARRAY)
        self._varint(len(items))
        present = [(index, item) for index, item in enumerate(items) if item is not HOLE]
        for index, item in present:
            self._number(index)
            self.write(item)
        self.data.append(tag.SPARSE_ARRAY_END)
        self._varint(len(present))
        self._varint(len(items))

    def _map(self, value: JsMap) -> None:
        if type(value)._js_name != "Map":
            raise uncloneable("[object Map]")  # Pyodide 0.28 makes a Proxy of to_js(dict)
        self.data.append(tag.MAP)
        entries = list(value._store.values())
        for key, item in entries:
            self.write(key)
            self.write(item)
        self.data.append(tag.MAP_END)
        self._varint(2 * len(entries))

    def _set(self, value: JsSet) -> None:
        self.data.append(tag.SET)
        items = list(value._store.values())
        for item in items:
            self.write(item)
        self.data.append(tag.SET_END)
        self._varint(len(items))

    def _buffer(self, value: ArrayBuffer) -> None:
        self.data.append(tag.BUFFER)
        self._varint(value.byteLength)
        self.data += value._data

    def _view(self, value: Any) -> None:
        self.data += bytes((tag.VIEW, tag.VIEWS[type(value)._js_name]))
        self._varint(value.byteOffset)
        self._varint(value.byteLength)
        self._varint(0)  # flags: neither length-tracking nor of a resizable buffer

    def _error(self, value: JsException) -> None:
        if value.constructor.name == "DOMException":
            self._host_object(value)
            return
        self.data.append(tag.ERROR)
        if value.name in tag.ERRORS:
            self.data.append(tag.ERRORS[value.name])
        if value.message:
            self.data.append(tag.ERROR_MESSAGE)
            self._string(value.message)
        if "cause" in vars(value):
            self.data.append(tag.ERROR_CAUSE)
            self.write(value.cause)
        self.data.append(tag.ERROR_END)

    def _date(self, value: Any) -> None:
        self._double(tag.DATE, to_number(value.getTime()))

    def _regexp(self, value: Any) -> None:
        self.data.append(tag.REGEXP)
        self._string(value.source)
        self._varint(sum(1 << tag.REGEXP_FLAGS.index(flag) for flag in value.flags))

    def _boxed(self, value: Any) -> None:
        inner = value.valueOf()
        if isinstance(inner, bool):
            self.data.append(tag.TRUE_OBJECT if inner else tag.FALSE_OBJECT)
        elif isinstance(inner, str):
            self.data.append(tag.STRING_OBJECT)
            self._string(inner)
        elif type(value)._js_name == "BigInt":
            self.data.append(tag.BIGINT_OBJECT)
            self._bigint(to_integer(inner))
        else:
            self._double(tag.NUMBER_OBJECT, inner)

    def _refuse(self, value: Any) -> None:
        raise uncloneable(_describe(value))

    def _host_object(self, value: JsProxy) -> None:
        number = self._host(value) if self._host is not None else None
        if number is None:
            name = type(value)._js_name
            if name in _ES_CLASSES:
                raise uncloneable(f"#<{name}>")
            raise dom_exception(
                f'Could not serialize object of type "{name}". '
                "This type does not support serialization.",
                "DataCloneError",
            )
        self.data.append(tag.HOST_OBJECT)
        self._varint(number)


_WRITERS: tuple[tuple[type, Callable[[Writer, Any], None]], ...] = (
    (JsObject, Writer._plain),
    (JsArray, Writer._array),
    (ArrayBuffer, Writer._buffer),
    (JsBuffer, Writer._view),
    (JsMap, Writer._map),
    (JsSet, Writer._set),
    (JsException, Writer._error),
    (PyProxy, Writer._refuse),
    (JsFunction, Writer._refuse),
)
# By name, so that a worker which has none of these does not load them.
_BY_NAME: dict[str, Callable[[Writer, Any], None]] = {
    "Date": Writer._date,
    "RegExp": Writer._regexp,
    "Boolean": Writer._boxed,
    "Number": Writer._boxed,
    "String": Writer._boxed,
    "BigInt": Writer._boxed,
}


def _describe(value: Any) -> str:
    """Return how V8's message names a thing of Python: a Proxy of a function or an object."""
    if isinstance(value, JsFunction):
        return value.toString()
    if not isinstance(value, Expired) and is_callable(value):
        return "function(){}"
    return "[object Object]"


def _is_int32(value: Any) -> bool:
    if isinstance(value, float) and (not value.is_integer() or _is_minus_zero(value)):
        return False
    return bool(-(2**31) <= value < 2**31)


def _is_minus_zero(value: float) -> bool:
    return value == 0 and math.copysign(1, value) < 0


def _is_double_array(items: Iterable[Any]) -> bool:
    """Whether V8 keeps an array's items as raw doubles."""
    some = False
    for item in items:
        if type(item) not in (int, float) or is_bigint(item):
            return False
        some = some or not _is_int32(item)
    return some


def _in_order(props: dict[str, Any]) -> list[str | int]:
    """Return the keys of an object: array indices by value, then the names."""
    indices = sorted(int(key) for key in props if _is_index(key))
    return [*indices, *(key for key in props if not _is_index(key))] if indices else list(props)


def _is_index(key: str) -> bool:
    return (
        key.isascii()
        and key.isdecimal()
        and (key == "0" or key[0] != "0")
        and len(key) <= 10
        and int(key) <= _MAX_INDEX
    )


def _varint_size(value: int) -> int:
    return max(1, (value.bit_length() + 6) // 7)
