"""DataView: numbers of any kind at any place of a buffer, in either byte order.

Implements: https://tc39.es/ecma262/#sec-dataview-objects
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any

from .array_buffer import ArrayBuffer, JsBuffer
from .convert import to_boolean, to_integer
from .errors import range_error, type_error
from .typed_array import KINDS, TypedArray


class DataView(JsBuffer):
    """A view of a part of an ArrayBuffer."""

    _kind = "TypedArray"
    _called_without_new = "Constructor DataView requires 'new'"

    def __init__(self, buffer: Any = None, offset: Any = 0, length: Any = None) -> None:
        if not isinstance(buffer, ArrayBuffer):
            raise type_error("First argument to DataView constructor must be an ArrayBuffer")
        start = to_integer(offset)
        if not 0 <= start <= buffer.byteLength:
            raise range_error(f"Start offset {start} is outside the bounds of the buffer")
        rest = buffer.byteLength - start
        count = rest if length is None else to_integer(length)
        if not 0 <= count <= rest:
            raise range_error(f"Invalid DataView length {count}")
        self._buffer, self._offset, self._count = buffer, start, count

    def _bytes(self) -> memoryview:
        return memoryview(self._buffer._data)[self._offset : self._offset + self._count]

    def _make_writable(self) -> None:
        self._buffer._writable()

    @property
    def buffer(self) -> ArrayBuffer:
        return self._buffer

    @property
    def byteOffset(self) -> int:
        return self._offset

    @property
    def byteLength(self) -> int:
        return self._count

    def __bool__(self) -> bool:
        return self._count > 0

    def _place(self, offset: Any, size: int) -> int:
        place = to_integer(offset)
        if place < 0 or place + size > self._count:
            raise range_error("Offset is outside the bounds of the DataView")
        return place


def _order(little_endian: Any) -> str:
    return "<" if to_boolean(little_endian) else ">"


def _getter(kind: type[TypedArray]) -> Callable[..., Any]:
    def get(self: DataView, offset: Any = 0, little_endian: Any = None, *_: Any) -> Any:
        place = self._place(offset, kind.BYTES_PER_ELEMENT)
        form = f"{_order(little_endian)}{kind._format}"
        return kind._shown(struct.unpack_from(form, self._bytes(), place)[0])

    return get


def _setter(kind: type[TypedArray]) -> Callable[..., None]:
    def put(
        self: DataView, offset: Any = 0, value: Any = None, little_endian: Any = None, *_: Any
    ) -> None:
        place = self._place(offset, kind.BYTES_PER_ELEMENT)
        self._make_writable()
        form = f"{_order(little_endian)}{kind._format}"
        struct.pack_into(form, self._bytes(), place, kind._element(value))

    return put


for _cls in KINDS:
    _name = _cls._js_name.removesuffix("Array")
    if _name != "Uint8Clamped":
        setattr(DataView, f"get{_name}", _getter(_cls))
        setattr(DataView, f"set{_name}", _setter(_cls))
