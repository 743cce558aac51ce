"""Read what V8's ValueSerializer writes, as fresh JavaScript values.

Implements: https://html.spec.whatwg.org/multipage/structured-data.html#structureddeserialize
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any

from ..js.array import JsArray
from ..js.buffers import ArrayBuffer
from ..js.callbacks import HOLE
from ..js.convert import number
from ..js.errors import JsException, dom_exception
from ..js.map_set import JsMap, JsSet
from ..js.null import null
from ..js.object import JsObject
from . import v8_tags as tag
from . import v8_types

HostReader = Callable[[int], Any]
"""Returns the host object that has this number."""

_ERRORS = {mark: name for name, mark in tag.ERRORS.items()}
_VIEWS = {mark: name for name, mark in tag.VIEWS.items()}


def malformed() -> JsException:
    return dom_exception("Unable to deserialize cloned data.", "DataCloneError")


class Reader:
    """One deserialization of ``data``."""

    def __init__(self, data: bytes, host: HostReader | None = None) -> None:
        self._data = data
        self._at = 0
        self._host = host
        self._objects: list[Any] = []

    def read(self) -> Any:
        """Read the header and the one value after it.

        Raises:
            JsException: a DataCloneError, if this is not what V8 writes.
        """
        try:
            if self._byte() != 0xFF:
                raise malformed()
            self._version = self._varint()
            if not 13 <= self._version <= 15:
                raise malformed()
            return self._value()
        except (IndexError, struct.error, UnicodeDecodeError, ValueError):
            raise malformed() from None

    def _byte(self) -> int:
        self._at += 1
        return self._data[self._at - 1]

    def _take(self, count: int) -> bytes:
        found = self._data[self._at : self._at + count]
        if len(found) < count:
            raise malformed()
        self._at += count
        return found

    def _varint(self) -> int:
        value = shift = 0
        while True:
            byte = self._byte()
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value
            shift += 7

    def _peek(self) -> int:
        while self._at < len(self._data) and self._data[self._at] == tag.PADDING:
            self._at += 1
        return self._data[self._at] if self._at < len(self._data) else -1

    def _value(self) -> Any:
        self._peek()
        read = _READERS.get(self._byte())
        if read is None:
            raise malformed()
        value = read(self)
        if type(value) is ArrayBuffer and self._peek() == tag.VIEW:
            self._at += 1
            return self._view(value)
        return value

    def _new(self, value: Any) -> Any:
        """Number an object; references count from the outermost one."""
        self._objects.append(value)
        return value

    def _double(self) -> int | float:
        return number(struct.unpack("<d", self._take(8))[0])

    def _int32(self) -> int:
        value = self._varint()
        return value >> 1 if value % 2 == 0 else -(value >> 1) - 1

    def _raw_bigint(self) -> int:
        field = self._varint()
        value = int.from_bytes(self._take(field >> 1), "little")
        return -value if field & 1 else value

    def _one_byte(self) -> str:
        return self._take(self._varint()).decode("latin-1")

    def _two_byte(self) -> str:
        return self._take(self._varint()).decode("utf-16-le", "surrogatepass")

    def _utf8(self) -> str:
        return self._take(self._varint()).decode()

    def _text(self) -> str:
        value = self._value()
        if not isinstance(value, str):
            raise malformed()
        return value

    def _reference(self) -> Any:
        return self._objects[self._varint()]

    def _properties(self, end: int) -> dict[Any, Any]:
        found: dict[Any, Any] = {}
        while self._peek() != end:
            key = self._value()
            found[key] = self._value()
        self._at += 1
        if self._varint() != len(found):
            raise malformed()
        return found

    def _plain(self) -> JsObject:
        made: JsObject = self._new(JsObject())
        found = self._properties(tag.OBJECT_END)
        made._props.update((str(key), value) for key, value in found.items())
        return made

    def _dense(self) -> JsArray:
        made: JsArray = self._new(JsArray())
        for _ in range(self._varint()):
            if self._peek() == tag.HOLE:
                self._at += 1
                made._items.append(HOLE)
            else:
                made._items.append(self._value())
        self._properties(tag.DENSE_ARRAY_END)
        self._varint()
        return made

    def _sparse(self) -> JsArray:
        made: JsArray = self._new(JsArray())
        made._items.extend([HOLE] * self._varint())
        for key, value in self._properties(tag.SPARSE_ARRAY_END).items():
            if isinstance(key, int):
                made._items[key] = value
        self._varint()
        return made

    def _map(self) -> JsMap:
        made: JsMap = self._new(JsMap())
        count = 0
        while self._peek() != tag.MAP_END:
            key = self._value()
            made[key] = self._value()
            count += 2
        self._at += 1
        if self._varint() != count:
            raise malformed()
        return made

    def _set(self) -> JsSet:
        made: JsSet = self._new(JsSet())
        count = 0
        while self._peek() != tag.SET_END:
            made.add(self._value())
            count += 1
        self._at += 1
        if self._varint() != count:
            raise malformed()
        return made

    def _buffer(self) -> ArrayBuffer:
        made: ArrayBuffer = self._new(ArrayBuffer._of(bytearray(self._take(self._varint()))))
        return made

    def _view(self, buffer: ArrayBuffer) -> Any:
        name = _VIEWS[self._byte()]
        offset, size = self._varint(), self._varint()
        if self._version >= 14:
            self._varint()
        return self._new(v8_types.view(name, buffer, offset, size))

    def _error(self) -> JsException:
        made: JsException = self._new(JsException())
        name, message, cause, has_cause = "Error", "", None, False
        while (mark := self._byte()) != tag.ERROR_END:
            if mark in _ERRORS:
                name = _ERRORS[mark]
            elif mark == tag.ERROR_MESSAGE:
                message = self._text()
            elif mark == tag.ERROR_CAUSE:
                cause, has_cause = self._value(), True
            elif mark == tag.ERROR_STACK:
                self._text()
            else:
                raise malformed()
        JsException.__init__(made, name, message)
        if has_cause:
            made.cause = cause
        return made

    def _host_object(self) -> Any:
        if self._host is None:
            raise malformed()
        number = self._varint()
        return self._new(self._host(number))


_READERS: dict[int, Callable[[Reader], Any]] = {
    tag.UNDEFINED: lambda _: None,
    tag.NULL: lambda _: null(),
    tag.TRUE: lambda _: True,
    tag.FALSE: lambda _: False,
    tag.INT32: Reader._int32,
    tag.UINT32: Reader._varint,
    tag.DOUBLE: Reader._double,
    tag.BIGINT: lambda self: v8_types.bigint(self._raw_bigint()),
    tag.UTF8_STRING: Reader._utf8,
    tag.ONE_BYTE_STRING: Reader._one_byte,
    tag.TWO_BYTE_STRING: Reader._two_byte,
    tag.REFERENCE: Reader._reference,
    tag.OBJECT: Reader._plain,
    tag.DENSE_ARRAY: Reader._dense,
    tag.SPARSE_ARRAY: Reader._sparse,
    tag.DATE: lambda self: self._new(v8_types.date(self._double())),
    tag.TRUE_OBJECT: lambda self: self._new(v8_types.boxed(True)),
    tag.FALSE_OBJECT: lambda self: self._new(v8_types.boxed(False)),
    tag.NUMBER_OBJECT: lambda self: self._new(v8_types.boxed(self._double())),
    tag.BIGINT_OBJECT: lambda self: self._new(v8_types.boxed_bigint(self._raw_bigint())),
    tag.STRING_OBJECT: lambda self: self._new(v8_types.boxed(self._text())),
    tag.REGEXP: lambda self: self._new(v8_types.regexp(self._text(), self._varint())),
    tag.MAP: Reader._map,
    tag.SET: Reader._set,
    tag.BUFFER: Reader._buffer,
    tag.ERROR: Reader._error,
    tag.HOST_OBJECT: Reader._host_object,
}
