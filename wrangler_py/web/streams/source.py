"""Streams of bytes that the runtime makes and reads: bodies.

Implements: https://fetch.spec.whatwg.org/#bodies

Nothing is read from a source before somebody asks, and then one piece at a time; whoever stops
reading stops the source.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Iterator
from typing import Any

from ...context import io_pending
from ...js.buffers import JsBuffer
from ...js.callbacks import PyProxy, recall
from ...js.convert import is_primitive
from ...js.errors import error, python_error, type_error
from ...js.promise import PyodideFuture, resolved, spawn
from ..idl import iterate
from .callbacks import unwatched
from .readable import END, Read, ReadableStream, cancel, close, read
from .readable_bytes import ReadableByteStreamController, byte_stream
from .readable_default import ReadableStreamDefaultController
from .readers import ReadableStreamDefaultReader

_PATIENCE = 64
"""How many chunks in a row may come without a turn of the loop."""

_NO_BYTES = "This ReadableStream did not return bytes."


def stream_of(
    source: AsyncIterator[bytes] | bytes | None, *, used: bool = False, length: int | None = None
) -> ReadableStream:
    """A byte stream over ``source``, which is not touched before the first read.

    Args:
        used: the source was read by other means; the stream is closed and stays locked.
        length: how many bytes an iterator will give, where that is known.
    """
    pump = _Pump(source)
    stream, pump.controller = byte_stream(pump.pull, pump.cancel)
    stream._native, stream._keeps_lock = source, True
    stream._expected_length = len(source) if isinstance(source, bytes) else length
    if used:
        stream._native, stream._disturbed = None, True
        close(stream)
        ReadableStreamDefaultReader(stream)
    return stream


class _Pump:
    """Moves a source's pieces into a stream, when they are asked for."""

    controller: ReadableByteStreamController

    def __init__(self, source: AsyncIterator[bytes] | bytes | None) -> None:
        self.source = source

    def pull(self, _controller: Any) -> Any:
        source = self.source
        if source is None or isinstance(source, bytes):
            self.source = None
            if source:
                self.controller._put(source)
            self.controller._end()
            return None
        return spawn(self._next(source))

    async def _next(self, source: AsyncIterator[bytes]) -> None:
        with io_pending():
            while True:
                try:
                    data = await anext(source)
                except StopAsyncIteration:
                    self.source = None
                    self.controller._end()
                    return
                if data:
                    break
        if self.controller._stream._state == "readable":
            self.controller._put(bytes(data))

    def cancel(self, _reason: Any) -> None:
        """Stop the source; nobody waits until it has stopped, as in workerd."""
        source, self.source = self.source, None
        if source is not None and not isinstance(source, bytes):
            unwatched(spawn(_aclose(source)))


async def _aclose(source: AsyncIterator[bytes]) -> None:
    aclose = getattr(source, "aclose", None)
    if aclose is None:
        return
    try:
        await aclose()
    except RuntimeError:
        return  # it is just being read; that read ends with its task


def chunks(stream: ReadableStream) -> AsyncGenerator[bytes, None]:
    """Read a stream to its end; it is locked at once, and who stops early cancels it.

    Raises:
        JsException: it is locked; later, a chunk is no bytes, or what the source failed with.
    """
    native = stream._native
    reader = ReadableStreamDefaultReader(stream)
    stream._native, stream._disturbed = None, True
    return _read(stream, reader) if native is None else _direct(stream, native)


async def _read(
    stream: ReadableStream, reader: ReadableStreamDefaultReader
) -> AsyncGenerator[bytes, None]:
    finished, ready = False, 0
    try:
        while True:
            request = read(stream, Read(raw=True))
            ready = ready + 1 if request.done() else 0
            if ready == _PATIENCE:
                ready = 0
                await asyncio.sleep(0)  # an endless source that is always ready
            chunk = await request
            if chunk is END:
                finished = True
                break
            if data := as_bytes(recall(chunk)):
                yield data
    finally:
        if not finished:
            unwatched(cancel(stream, error("The response stream was canceled.")))
        if not stream._keeps_lock:
            reader.releaseLock()


async def _direct(
    stream: ReadableStream, source: AsyncIterator[bytes] | bytes
) -> AsyncGenerator[bytes, None]:
    """The pieces of a source that no script has touched, past the stream."""
    if isinstance(source, bytes):
        close(stream)
        if source:
            yield source
        return
    try:
        async for piece in source:
            yield piece
    finally:
        close(stream)
        await _aclose(source)


async def collect(stream: ReadableStream) -> bytes:
    """All bytes of a stream."""
    data = whole(stream)
    return b"".join([chunk async for chunk in chunks(stream)]) if data is None else data


def as_bytes(chunk: Any) -> bytes:
    """A chunk as bytes.

    Raises:
        JsException: it is something else, as in a stream of strings.
    """
    if isinstance(chunk, bytes):
        return chunk
    if isinstance(chunk, JsBuffer):
        return chunk.to_bytes()
    raise type_error(_NO_BYTES)


def whole(stream: ReadableStream) -> bytes | None:
    """The bytes of an untouched stream that is in memory: it counts as read then."""
    if not isinstance(stream._native, bytes) or stream.locked:
        return None
    data, stream._native, stream._disturbed = stream._native, None, True
    ReadableStreamDefaultReader(stream)
    close(stream)
    return data


def take_over(stream: ReadableStream) -> ReadableStream:
    """A stream with the rest of ``stream``, which stays locked (`new Request(request)`)."""
    native = stream._native
    if isinstance(native, bytes):
        whole(stream)
        return stream_of(native)
    return stream_of(chunks(stream), length=stream._expected_length)


def from_iterable(items: Any) -> ReadableStream | None:
    """`ReadableStream.from`; None for what is not iterable."""
    if isinstance(items, PyProxy):
        items = items._get()
    if isinstance(items, AsyncIterable):
        return _iterated(aiter(items))
    if isinstance(items, str):
        return _iterated(iter(items))
    iterator = None if is_primitive(items) else iterate(items)
    return None if iterator is None else _iterated(iterator)


def _iterated(iterator: Iterator[Any] | AsyncIterator[Any]) -> ReadableStream:
    stream = ReadableStream._bare()
    controller = ReadableStreamDefaultController(stream, 0)

    def pull(_controller: Any) -> Any:
        if isinstance(iterator, AsyncIterator):
            return spawn(following(iterator))
        try:
            controller._put(next(iterator))
        except StopIteration:
            controller._end()
        return None

    async def following(iterator: AsyncIterator[Any]) -> None:
        try:
            controller._put(recall(await anext(iterator)))
        except StopAsyncIteration:
            controller._end()
        except Exception as exc:
            controller._fail(python_error(exc))

    def cancelled(_reason: Any) -> PyodideFuture | Any:
        if isinstance(iterator, AsyncIterator):
            return spawn(_aclose(iterator))
        closer = getattr(iterator, "close", None)
        if closer is not None:
            closer()
        return resolved()

    controller._pull, controller._cancel = pull, cancelled
    return stream
