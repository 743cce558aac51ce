"""ArrayBuffer, the typed arrays and DataView.

Implements: https://tc39.es/ecma262/#sec-structured-data
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .proxy import JsProxy


class JsBuffer(JsProxy, js_name="Object", raw=True):
    """What ArrayBuffer and its views share: Pyodide's ways to get at the bytes."""

    def _bytes(self) -> memoryview:
        """The viewed bytes, writable where the buffer is."""
        raise NotImplementedError

    def to_bytes(self) -> bytes:
        return bytes(self._bytes())

    def to_memoryview(self) -> memoryview:
        return memoryview(bytearray(self._bytes()))

    def to_string(self, encoding: str | None = None) -> str:
        return bytes(self._bytes()).decode(encoding or "utf-8")


class ArrayBuffer(JsBuffer, js_name="ArrayBuffer"):
    """Raw bytes. Bytes that came from the network are copied when a view may write to them."""

    def __init__(self, length: int = 0) -> None:
        self._data: bytes | bytearray = bytearray(length)

    @classmethod
    def _of(cls, data: bytes | bytearray) -> ArrayBuffer:
        """An ArrayBuffer that takes ``data`` over, without a copy."""
        buffer = cls.__new__(cls)
        buffer._data = data
        return buffer

    def _writable(self) -> bytearray:
        if not isinstance(self._data, bytearray):
            self._data = bytearray(self._data)
        return self._data

    def _bytes(self) -> memoryview:
        return memoryview(self._data)

    def to_bytes(self) -> bytes:
        return bytes(self._data)

    @property
    def byteLength(self) -> int:
        return len(self._data)

    def slice(self, start: int = 0, end: int | None = None) -> ArrayBuffer:
        return ArrayBuffer._of(bytes(self._data[start:end]))


class TypedArray(JsBuffer, js_name="TypedArray"):
    """A view of an ArrayBuffer as numbers of one kind."""

    BYTES_PER_ELEMENT = 1
    _format = "B"

    def __init__(self, source: Any = None, offset: int = 0, length: int | None = None) -> None:
        size = self.BYTES_PER_ELEMENT
        if isinstance(source, ArrayBuffer):
            self._buffer, self._offset = source, offset
            self._count = (source.byteLength - offset) // size if length is None else length
            return
        self._offset = 0
        if source is None or isinstance(source, int):
            self._count = source or 0
            self._buffer = ArrayBuffer(self._count * size)
            return
        values = list(source)
        self._count = len(values)
        self._buffer = ArrayBuffer(self._count * size)
        for index, value in enumerate(values):
            self._view()[index] = value

    @classmethod
    def _of(cls, data: bytes | bytearray) -> TypedArray:
        """A typed array over ``data``, without a copy."""
        array = cls.__new__(cls)
        array._buffer, array._offset = ArrayBuffer._of(data), 0
        array._count = len(data) // cls.BYTES_PER_ELEMENT
        return array

    def _bytes(self) -> memoryview:
        end = self._offset + self._count * self.BYTES_PER_ELEMENT
        return memoryview(self._buffer._data)[self._offset : end]

    def _view(self) -> memoryview:
        self._buffer._writable()
        return self._bytes().cast(self._format)

    @property
    def buffer(self) -> ArrayBuffer:
        return self._buffer

    @property
    def byteOffset(self) -> int:
        return self._offset

    @property
    def byteLength(self) -> int:
        return self._count * self.BYTES_PER_ELEMENT

    @property
    def length(self) -> int:
        return self._count

    def __len__(self) -> int:
        return self._count

    def __bool__(self) -> bool:
        return self._count > 0

    def __iter__(self) -> Iterator[Any]:
        return iter(self._bytes().cast(self._format).tolist())

    def __getitem__(self, index: int) -> Any:
        return self._bytes().cast(self._format)[index]

    def __setitem__(self, index: int, value: Any) -> None:
        self._view()[index] = value

    def toString(self) -> str:
        return ",".join(map(str, self))


class Uint8Array(TypedArray):
    """Bytes."""


class PyBufferView(JsProxy, js_name="PyBufferView", raw=True):
    """`create_proxy(data).getBuffer()`: `.data` is a Uint8Array over a copy of the bytes."""

    def __init__(self, source: Any) -> None:
        self.data = Uint8Array._of(bytes(source))

    def release(self) -> None: ...


def bytes_of(value: Any) -> bytes | None:
    """The bytes of an ArrayBuffer or a view, copied; None for anything else."""
    return value.to_bytes() if isinstance(value, JsBuffer) else None
