"""CompressionStream and DecompressionStream.

Implements: https://compression.spec.whatwg.org
"""

from __future__ import annotations

import zlib
from typing import Any

from ..js.convert import to_string
from ..js.errors import type_error
from .idl import bad_init, without_new
from .streams.transform import TransformStream
from .streams_fixed import to_bytes

_BAD_FORMAT = "The compression format must be either 'deflate', 'deflate-raw' or 'gzip'."
_FAILED = "Decompression failed."
_TRAILING = "Trailing bytes after end of compressed data"
_INCOMPLETE = "Called close() on a decompression stream with incomplete data"

# The size of zlib's window says which of its three wrappers is meant.
_WINDOW = {"deflate": 15, "deflate-raw": -15, "gzip": 31}

# Output waits here, so that a write does not hang on a reader who waits for its end.
_BUFFER = 65536


class CompressionStream(TransformStream):
    """Compresses what is written."""

    _called_without_new = without_new("CompressionStream")

    def __init__(self, format: Any) -> None:
        self._zlib = zlib.compressobj(wbits=_window(format))
        self._join_bytes(self._compress, self._finish, readable_mark=_BUFFER)

    @classmethod
    def _construct(cls, *args: Any) -> CompressionStream:
        if not args:
            raise bad_init("CompressionStream", 1, "string")
        return cls(args[0])

    def _compress(self, chunk: Any, controller: Any) -> None:
        controller._output._put(self._zlib.compress(to_bytes(chunk)))

    def _finish(self, controller: Any) -> None:
        controller._output._put(self._zlib.flush())


class DecompressionStream(TransformStream):
    """Decompresses what is written."""

    _called_without_new = without_new("DecompressionStream")

    def __init__(self, format: Any) -> None:
        self._zlib = zlib.decompressobj(wbits=_window(format))
        self._join_bytes(self._decompress, self._finish, readable_mark=_BUFFER)

    @classmethod
    def _construct(cls, *args: Any) -> DecompressionStream:
        if not args:
            raise bad_init("DecompressionStream", 1, "string")
        return cls(args[0])

    def _decompress(self, chunk: Any, controller: Any) -> None:
        data = to_bytes(chunk)
        if self._zlib.eof and data:
            raise type_error(_TRAILING)
        try:
            controller._output._put(self._zlib.decompress(data))
        except zlib.error:
            raise type_error(_FAILED) from None
        if self._zlib.unused_data:
            raise type_error(_TRAILING)

    def _finish(self, controller: Any) -> None:
        if not self._zlib.eof:
            raise type_error(_INCOMPLETE)


def _window(format: Any) -> int:
    window = _WINDOW.get(to_string(format))
    if window is None:
        raise type_error(_BAD_FORMAT)
    return window
