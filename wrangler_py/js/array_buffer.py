"""ArrayBuffer, and Pyodide's ways to get at the bytes of a buffer or a view.

Implements: https://tc39.es/ecma262/#sec-arraybuffer-objects
"""

from __future__ import annotations

from typing import IO, Any

from .callbacks import member
from .convert import to_integer, to_number
from .errors import range_error, type_error
from .proxy import JsProxy


class JsBuffer(JsProxy, js_name="Object", raw=True):
    """What ArrayBuffer and its views share: Pyodide's ways to get at the bytes."""

    _kind = "ArrayBuffer"
    _format: Any = "B"

    def _bytes(self) -> memoryview:
        """The viewed bytes, writable where the buffer is."""
        raise NotImplementedError

    def _make_writable(self) -> None:
        raise NotImplementedError

    def to_bytes(self) -> bytes:
        return bytes(self._bytes())

    def to_memoryview(self) -> memoryview:
        view: memoryview = memoryview(bytearray(self._bytes())).cast(self._format)
        return view

    def to_string(self, encoding: str | None = None) -> str:
        try:
            return bytes(self._bytes()).decode(encoding or "utf-8")
        except UnicodeDecodeError:
            shown = encoding or "utf8"
            raise ValueError(f"Failed to decode Javascript {self._kind} as {shown}") from None

    def assign(self, source: Any) -> None:
        """Copy a bytes-like object of the same length into this."""
        data = memoryview(source).cast("B")
        count = self._bytes().nbytes
        if data.nbytes != count:
            raise ValueError(
                f"cannot assign to {self._kind} of length {data.nbytes} "
                f"from buffer of length {count}"
            )
        self._make_writable()
        self._bytes()[:] = data

    def assign_to(self, target: Any) -> None:
        """Copy this into a bytes-like object of the same length."""
        data = memoryview(target).cast("B")
        count = self._bytes().nbytes
        if data.nbytes != count:
            raise ValueError(
                f"cannot assign from {self._kind} of length {count} "
                f"to buffer of length {data.nbytes}"
            )
        data[:] = self._bytes()

    def to_file(self, file: IO[bytes]) -> None:
        file.write(self.to_bytes())

    _into_file = to_file

    def from_file(self, file: IO[bytes]) -> None:
        count = self._bytes().nbytes
        data = file.read(count)
        if len(data) < count:
            raise ValueError(f"the file has only {len(data)} of {count} bytes")
        self.assign(data)


class ArrayBuffer(JsBuffer):
    """Raw bytes. Bytes that came from the network are copied when a view may write to them."""

    _called_without_new = "Constructor ArrayBuffer requires 'new'"
    _max: int | None = None
    _detached = False

    def __init__(self, length: Any = 0, options: Any = None) -> None:
        size = to_number(length)
        if size < 0:
            raise range_error("Invalid array buffer length")
        self._data: bytes | bytearray = bytearray(to_integer(size))
        limit = member(options, "maxByteLength")
        if limit is not None:
            self._max = to_integer(limit)
            if self._max < len(self._data):
                raise range_error("Invalid array buffer max length")

    @classmethod
    def _of(cls, data: bytes | bytearray) -> ArrayBuffer:
        """An ArrayBuffer that takes ``data`` over, without a copy."""
        buffer = cls.__new__(cls)
        buffer._data = data
        return buffer

    @staticmethod
    def isView(value: Any = None) -> bool:
        return isinstance(value, JsBuffer) and not isinstance(value, ArrayBuffer)

    def _writable(self) -> bytearray:
        if not isinstance(self._data, bytearray):
            self._data = bytearray(self._data)
        return self._data

    def _make_writable(self) -> None:
        self._writable()

    def _bytes(self) -> memoryview:
        return memoryview(self._data)

    def to_bytes(self) -> bytes:
        return bytes(self._data)

    def __bool__(self) -> bool:
        return len(self._data) > 0

    @property
    def byteLength(self) -> int:
        return len(self._data)

    @property
    def maxByteLength(self) -> int:
        return len(self._data) if self._max is None else self._max

    @property
    def resizable(self) -> bool:
        return self._max is not None

    @property
    def detached(self) -> bool:
        return self._detached

    def slice(self, start: Any = 0, end: Any = None, *_: Any) -> ArrayBuffer:
        self._check("slice")
        stop = None if end is None else to_integer(end)
        return ArrayBuffer._of(bytes(self._data[to_integer(start) : stop]))

    def resize(self, length: Any = 0, *_: Any) -> None:
        self._check("resize")
        size = to_integer(length)
        if self._max is None:
            raise type_error(
                "Method ArrayBuffer.prototype.resize called on incompatible receiver #<ArrayBuffer>"
            )
        if not 0 <= size <= self._max:
            raise range_error("ArrayBuffer.prototype.resize: Invalid length parameter")
        self._data = bytearray(self._data[:size].ljust(size, b"\0"))

    def transfer(self, length: Any = None, *_: Any) -> ArrayBuffer:
        """A buffer with these bytes; this one is detached."""
        self._check("transfer")
        size = len(self._data) if length is None else to_integer(length)
        data = self._data if size == len(self._data) else self._data[:size].ljust(size, b"\0")
        detach(self)
        return ArrayBuffer._of(data)

    transferToFixedLength = transfer

    def _check(self, method: str) -> None:
        if self._detached:
            raise type_error(
                f"Cannot perform ArrayBuffer.prototype.{method} on a detached ArrayBuffer"
            )


def detach(buffer: ArrayBuffer) -> None:
    """Take the bytes away, as a transfer does."""
    buffer._data = b""
    buffer._detached = True


def bytes_of(value: Any) -> bytes | None:
    """The bytes of an ArrayBuffer or a view, copied; None for anything else."""
    return value.to_bytes() if isinstance(value, JsBuffer) else None
