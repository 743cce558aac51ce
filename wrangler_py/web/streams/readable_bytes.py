"""Byte streams: ReadableByteStreamController and what a BYOB reader fills.

Implements: https://streams.spec.whatwg.org/#rbs-controller-class
Differs: a buffer that was given away is not detached.
"""

from __future__ import annotations

from collections import deque
from typing import Any

from ...js.buffers import JsBuffer, Uint8Array
from ...js.callbacks import member
from ...js.convert import to_integer
from ...js.errors import range_error, type_error
from ...js.null import null
from ...js.proxy import JsProxy
from .callbacks import stored, used_at_once
from .queuing import high_water_mark
from .readable import Read, ReadableStream, close, next_read
from .readable_default import Controller

_ALLOCATE = 4096


class ReadableByteStreamController(Controller):
    """Hands bytes to the stream; the queue holds plain bytes."""

    def __init__(self, stream: ReadableStream, mark: float) -> None:
        super().__init__(stream, mark)
        self._queue: deque[bytes] = deque()
        self._request: ReadableStreamBYOBRequest | None = None
        self._allocate = _ALLOCATE

    @property
    def byobRequest(self) -> Any:
        waiting = next_read(self._stream)
        if waiting is None or self._queue:
            return null()
        if self._request is None:
            view = waiting.view
            if view is None:
                free: Any = Uint8Array(self._allocate)
            else:
                start = view.byteOffset + waiting.filled
                free = Uint8Array(view.buffer, start, view.byteLength - waiting.filled)
            self._request = ReadableStreamBYOBRequest(self, free)
        return self._request

    def enqueue(self, chunk: Any = None) -> None:
        if not isinstance(chunk, JsBuffer):
            raise type_error(
                "Failed to execute 'enqueue' on 'ReadableByteStreamController': "
                "parameter 1 is not of type 'BufferSource'."
            )
        data = chunk.to_bytes()
        if not data:
            raise type_error("Cannot enqueue a zero-length ArrayBuffer.")
        if self._closing or self._stream._state != "readable":
            raise type_error("Unable to enqueue")
        self._put(data)

    def _put(self, data: bytes) -> None:
        self._request = None
        if data:
            self._queue.append(data)
            self._queued += len(data)
            self._serve()
        self._pull_if_needed()

    def _read(self, request: Read) -> None:
        self._stream._reads.append(request)
        self._serve()
        if self._closing and not self._queue:
            close(self._stream)
        else:
            self._pull_if_needed()

    def _serve(self) -> None:
        """Give what is queued to the reads that wait."""
        queue = self._queue
        while queue and (request := next_read(self._stream)) is not None:
            if request.view is not None:
                if not self._fill(request):
                    return
            else:
                data = queue.popleft()
                self._queued -= len(data)
                request.chunk(data if request.raw else Uint8Array._of(data))
            self._stream._reads.popleft()

    def _fill(self, request: Read) -> bool:
        """Copy into the reader's view; whether it has what it waits for."""
        view = request.view
        target = _writable(view)
        while self._queue and request.filled < view.byteLength:
            data = self._queue.popleft()
            count = min(len(data), view.byteLength - request.filled)
            target[request.filled : request.filled + count] = data[:count]
            request.filled += count
            self._queued -= count
            if count < len(data):
                self._queue.appendleft(data[count:])
        size = getattr(view, "BYTES_PER_ELEMENT", 1)
        if request.filled < max(request.minimum, size):
            return False
        if rest := request.filled % size:
            self._queue.appendleft(bytes(target[request.filled - rest : request.filled]))
            self._queued += rest
            request.filled -= rest
        request.chunk(_part(view, request.filled))
        return True

    def _read_closed(self, request: Read) -> None:
        request.end(None if request.view is None else _part(request.view, request.filled))

    def _shown(self, chunk: Any) -> Any:
        return Uint8Array._of(chunk) if isinstance(chunk, bytes) else chunk

    def _drop(self) -> None:
        self._queue.clear()
        self._queued = 0

    def _queued_anything(self) -> bool:
        return bool(self._queue)


class ReadableStreamBYOBRequest(JsProxy):
    """The place to which a source writes, instead of enqueuing bytes of its own."""

    def __init__(self, controller: ReadableByteStreamController, view: Any) -> None:
        self._controller: ReadableByteStreamController | None = controller
        self._view = view

    @property
    def view(self) -> Any:
        return null() if self._controller is None else self._view

    def respond(self, count: int) -> None:
        self._finish(self._view, to_integer(count))

    def respondWithNewView(self, view: Any) -> None:
        self._finish(view, view.byteLength)

    def _finish(self, view: Any, count: int) -> None:
        controller = self._controller
        if controller is None:
            raise type_error("This ReadableStreamBYOBRequest has been invalidated.")
        if count > view.byteLength:
            raise range_error(f"Too many bytes [{count}] in response to a BYOB read request.")
        if count == 0 and not controller._closing:
            raise type_error("The bytesWritten must be more than zero while the stream is open.")
        self._controller = None
        # Over the same memory the bytes are copied onto themselves: rare, and simple.
        controller._put(bytes(view._bytes()[:count]))


def _writable(view: Any) -> memoryview:
    view.buffer._writable()
    memory: memoryview = view._bytes()
    return memory.cast("B") if memory.format != "B" else memory


def _part(view: Any, filled: int) -> Any:
    """The filled part of a view, as a view of the same kind."""
    size = getattr(view, "BYTES_PER_ELEMENT", 1)
    return type(view)(view.buffer, view.byteOffset, filled // size)


def script_bytes(stream: ReadableStream, source: Any, strategy: Any) -> None:
    """Set up the controller of `new ReadableStream({type: "bytes", ...})`."""
    start = used_at_once(source, "start", "UnderlyingSource")
    controller = ReadableByteStreamController(stream, high_water_mark(strategy, 0))
    controller._pull = stored(source, "pull", "UnderlyingSource")
    controller._cancel = stored(source, "cancel", "UnderlyingSource")
    size = member(source, "autoAllocateChunkSize")
    if size is not None:
        controller._allocate = to_integer(size)
    controller._start(start)


def byte_stream(
    pull: Any = None, cancel: Any = None, mark: float = 0
) -> tuple[ReadableStream, ReadableByteStreamController]:
    """A byte stream of our own."""
    stream = ReadableStream._bare()
    controller = ReadableByteStreamController(stream, mark)
    controller._pull, controller._cancel = pull, cancel
    return stream, controller
