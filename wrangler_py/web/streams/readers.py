"""Readers of a stream: chunk by chunk, or into buffers of the reader's own.

Implements: https://streams.spec.whatwg.org/#default-reader-class,
https://streams.spec.whatwg.org/#byob-reader-class
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable
from typing import Any

from ...js.buffers import ArrayBuffer, JsBuffer
from ...js.convert import to_integer
from ...js.errors import type_error
from ...js.promise import JsPromise, PyodideFuture, pending, rejected, resolved
from ...js.proxy import JsProxy
from ..idl import bad_argument
from .callbacks import handled, reject
from .readable import LOCKED, Read, ReadableStream, cancel, read

RELEASED = "This ReadableStream reader has been released."


class Reader(JsProxy, js_name="ReadableStreamReader"):
    """What both readers share. ``_stream`` is None once the lock was released."""

    def __init__(self, stream: ReadableStream) -> None:
        if stream.locked:
            raise type_error(LOCKED)
        self._stream: ReadableStream | None = stream
        self._closed: asyncio.Future[Any] | None = None
        stream._reader = self

    @property
    def closed(self) -> JsPromise:
        if self._closed is None:
            self._closed = self._make_closed()
        return JsPromise(self._closed)

    def _make_closed(self) -> asyncio.Future[Any]:
        stream = self._stream
        if stream is None:
            return handled(type_error(RELEASED))
        if stream._state == "closed":
            return resolved()
        if stream._state == "errored":
            assert stream._error is not None
            return handled(stream._error)
        return pending()

    def cancel(self, reason: Any = None) -> Awaitable[None]:
        if self._stream is None:
            return rejected(type_error(RELEASED))
        return cancel(self._stream, reason)

    def releaseLock(self) -> None:
        stream, self._stream = self._stream, None
        if stream is None:
            return
        error = type_error(RELEASED)
        reads, stream._reads = stream._reads, deque()
        for request in reads:
            reject(request.future, error)
        if self._closed is not None and self._closed.done():
            self._closed = None
        reject(self._closed, error)
        stream._reader = None

    def _read(self, raw: bool, view: Any = None, minimum: int = 1) -> PyodideFuture:
        if self._stream is None:
            return rejected(type_error(RELEASED))
        return read(self._stream, Read(raw, view, minimum))


class ReadableStreamDefaultReader(Reader):
    """Reads chunks as they come."""

    @classmethod
    def _construct(cls, *args: Any) -> ReadableStreamDefaultReader:
        return cls(_stream_argument("ReadableStreamDefaultReader", args))

    def read(self) -> Awaitable[Any]:
        return self._read(raw=False)


class ReadableStreamBYOBReader(Reader):
    """Reads bytes into views that the script brings."""

    def __init__(self, stream: ReadableStream) -> None:
        from .readable_bytes import ReadableByteStreamController  # knows this module's base

        if not isinstance(stream._controller, ReadableByteStreamController):
            raise type_error("This ReadableStream does not support BYOB reads.")
        super().__init__(stream)

    @classmethod
    def _construct(cls, *args: Any) -> ReadableStreamBYOBReader:
        return cls(_stream_argument("ReadableStreamBYOBReader", args))

    def read(self, view: Any = None) -> Awaitable[Any]:
        return self._into("read", 1, view, 1)

    def readAtLeast(self, minimum: Any = None, view: Any = None) -> Awaitable[Any]:
        count = to_integer(minimum)
        if count < 1:
            return rejected(type_error("Requested invalid minimum number of bytes to read (0)."))
        return self._into("readAtLeast", 2, view, count)

    def _into(self, method: str, position: int, view: Any, minimum: int) -> Awaitable[Any]:
        if not isinstance(view, JsBuffer) or isinstance(view, ArrayBuffer):
            kind = "ArrayBufferView"
            return rejected(bad_argument("ReadableStreamBYOBReader", method, position, kind))
        if view.byteLength == 0:
            text = (
                'You must call read() on a "byob" reader with a positive-sized TypedArray object.'
            )
            return rejected(type_error(text))
        return self._read(False, view, minimum)


def _stream_argument(interface: str, args: tuple[Any, ...]) -> ReadableStream:
    if not args or not isinstance(args[0], ReadableStream):
        raise type_error(
            f"Failed to construct '{interface}': "
            "constructor parameter 1 is not of type 'ReadableStream'."
        )
    return args[0]
