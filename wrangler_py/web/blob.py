"""Blob and File: immutable bytes with a type.

Implements: https://w3c.github.io/FileAPI/
Differs, as workerd does: the parts have to be an Array, and `endings` is not implemented.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from .. import clock
from ..js.array import JsArray
from ..js.buffers import ArrayBuffer, JsBuffer, Uint8Array
from ..js.callbacks import member
from ..js.convert import to_integer, to_number, to_string
from ..js.errors import error
from ..js.promise import PyodideFuture, resolved
from ..js.proxy import JsProxy
from .idl import MISSING, bad_init, usv_string, without_new


class Blob(JsProxy):
    """Bytes with a type."""

    _called_without_new = without_new("Blob")

    def __init__(self, blobParts: Any = None, options: Any = None) -> None:
        self._data = _concatenated(blobParts, "Blob")
        self._type = _type_in(options)

    @classmethod
    def _of(cls, data: bytes, type: str = "") -> Blob:
        """Make a blob of ours, without a copy; ``type`` is in lower case."""
        blob = Blob.__new__(Blob)
        blob._data, blob._type = data, type
        return blob

    @property
    def size(self) -> int:
        return len(self._data)

    def __bool__(self) -> bool:
        return len(self._data) > 0

    @property
    def type(self) -> str:
        return self._type

    def slice(self, start: Any = None, end: Any = None, contentType: Any = None) -> Blob:
        first = 0 if start is None else to_integer(start)
        last = len(self._data) if end is None else to_integer(end)
        kind = "" if contentType is None else _normalized(to_string(contentType))
        return Blob._of(self._data[first:last], kind)

    def text(self) -> PyodideFuture:
        return resolved(self._data.decode("utf-8", "replace"))

    def arrayBuffer(self) -> PyodideFuture:
        return resolved(ArrayBuffer._of(self._data))

    def bytes(self) -> PyodideFuture:
        return resolved(Uint8Array._of(self._data))

    def stream(self) -> Any:
        from .streams import ReadableStream  # most blobs are read at once

        return ReadableStream._of_bytes(self._data)

    def _entries(self) -> Iterator[tuple[str, Any]]:
        return iter(())


class File(Blob):
    """A Blob with a name."""

    _called_without_new = without_new("File")

    def __init__(
        self, fileBits: Any = MISSING, fileName: Any = MISSING, options: Any = None
    ) -> None:
        if fileName is MISSING:
            raise bad_init("File", 2, "string")
        self._data = _concatenated(fileBits, "File")
        self._type = _type_in(options)
        self._name = usv_string(fileName)
        modified = member(options, "lastModified")
        self._modified = _now() if modified is None else _milliseconds(modified)

    @classmethod
    def _make(cls, data: bytes, name: str, type: str = "", modified: float | None = None) -> File:
        """Make a file of ours, without a copy."""
        file = File.__new__(File)
        file._data, file._type, file._name = data, type, name
        file._modified = _now() if modified is None else modified
        return file

    @property
    def name(self) -> str:
        return self._name

    @property
    def lastModified(self) -> float:
        """Milliseconds since 1970."""
        return self._modified


def _now() -> int:
    return clock.now_ms()


def _milliseconds(value: Any) -> int | float:
    number = to_number(value)
    return 0 if math.isnan(number) else number


def _concatenated(parts: Any, interface: str) -> bytes:
    if parts is None:
        return b""
    if not isinstance(parts, JsArray):  # a Python list is a PyProxy, which is no Array
        raise bad_init(interface, 1, "Array")
    return b"".join([_bytes_of(part) for part in parts])


def _bytes_of(part: Any) -> bytes:
    if isinstance(part, JsBuffer):
        return part.to_bytes()
    if isinstance(part, Blob):
        return part._data
    return usv_string(part).encode()


def _type_in(options: Any) -> str:
    if member(options, "endings") is not None:
        raise error("The 'endings' field on 'Options' is not implemented.")
    kind = member(options, "type")
    return "" if kind is None else _normalized(to_string(kind))


def _normalized(kind: str) -> str:
    """Lower a type; one with characters outside printable ASCII is dropped."""
    if any(char < " " or char > "\x7f" for char in kind):
        return ""
    return kind.lower()
