"""ReadableStream.

Implements: https://streams.spec.whatwg.org/#rs-class
Differs: without a running loop (a script's global scope) the source is first pulled by a read.
"""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator, Awaitable
from typing import TYPE_CHECKING, Any, Literal

from ...js.array import JsArray
from ...js.callbacks import member, recall
from ...js.convert import to_boolean, to_string
from ...js.errors import type_error
from ...js.object import JsObject
from ...js.promise import PyodideFuture, pending, rejected, resolved
from ...js.proxy import JsProxy
from ..idl import bad_argument
from .callbacks import check_dictionary, reject, resolve

if TYPE_CHECKING:
    from .readable_bytes import ReadableByteStreamController
    from .readable_default import ReadableStreamDefaultController
    from .readers import Reader

LOCKED = "This ReadableStream is currently locked to a reader."

END: Any = object()
"""What a raw read gives at the end of the stream."""

State = Literal["readable", "closed", "errored"]


class Read:
    """A read that waits for a chunk; ``raw`` ones are ours, others get `{value, done}`."""

    __slots__ = ("filled", "future", "minimum", "raw", "view")

    def __init__(self, raw: bool, view: Any = None, minimum: int = 1) -> None:
        self.future: PyodideFuture = pending()
        self.raw = raw
        self.view = view
        self.minimum = minimum
        self.filled = 0

    def chunk(self, value: Any) -> None:
        resolve(self.future, value if self.raw else _result(value, False))

    def end(self, value: Any = None) -> None:
        resolve(self.future, END if self.raw else _result(value, True))


def _result(value: Any, done: bool) -> JsObject:
    return JsObject({"value": value, "done": done})


class ReadableStream(JsProxy):
    """A source of chunks that are read one by one."""

    _native: AsyncIterator[bytes] | bytes | None = None
    """The source itself, while nobody has touched the stream; it may then be used directly."""
    _expected_length: int | None = None
    """How many bytes will come, where that is known."""
    _keeps_lock = False
    """A body of ours stays locked after it was read whole."""

    def __init__(self, source: Any = None, strategy: Any = None) -> None:
        check_dictionary(source, "ReadableStream", 1, "UnderlyingSource")
        self._reset()
        kind = member(source, "type")
        if kind is not None and to_string(kind) not in ("bytes", ""):
            raise type_error(f'"{to_string(kind)}" is not a valid type of ReadableStream.')
        if kind:
            from .readable_bytes import script_bytes as build
        else:
            from .readable_default import script_source as build
        build(self, source, strategy)

    def _reset(self) -> None:
        self._state: State = "readable"
        self._error: BaseException | None = None
        self._reader: Reader | None = None
        self._reads: deque[Read] = deque()
        self._disturbed = False
        self._controller: ReadableStreamDefaultController | ReadableByteStreamController

    @classmethod
    def _bare(cls) -> ReadableStream:
        """A stream whose controller is set by the caller."""
        stream = cls.__new__(cls)
        stream._reset()
        return stream

    @classmethod
    def _of_bytes(cls, data: bytes) -> ReadableStream:
        from .source import stream_of  # built on this module

        return stream_of(data)

    @classmethod
    def _construct(cls, *args: Any) -> ReadableStream:
        return cls(*args[:2])

    @property
    def locked(self) -> bool:
        return self._reader is not None

    def cancel(self, reason: Any = None) -> Awaitable[None]:
        if self.locked:
            return rejected(type_error(LOCKED))
        return cancel(self, reason)

    def getReader(self, options: Any = None) -> Any:
        from .readers import ReadableStreamBYOBReader, ReadableStreamDefaultReader

        mode = member(options, "mode")
        if mode is None:
            return ReadableStreamDefaultReader(self)
        if to_string(mode) != "byob":
            raise type_error("mode must be undefined or 'byob' in call to getReader().")
        return ReadableStreamBYOBReader(self)

    def tee(self) -> JsArray:
        from .pipe import tee  # built on this module

        return JsArray(list(tee(self)))

    def pipeTo(self, destination: Any = None, options: Any = None) -> Awaitable[None]:
        from .pipe import script_pipe_to  # built on this module

        return script_pipe_to(self, destination, options)

    def pipeThrough(self, transform: Any = None, options: Any = None) -> ReadableStream:
        from .pipe import pipe_through  # built on this module

        return pipe_through(self, transform, options)

    def values(self, options: Any = None) -> Any:
        return _Chunks(self, to_boolean(member(options, "preventCancel")))

    def __aiter__(self) -> Any:
        return _Chunks(self, False)

    # `from` is a keyword in Python; a script reaches it as `from_`, as Pyodide names it.
    @staticmethod
    def from_(*args: Any) -> ReadableStream:
        from .source import from_iterable  # built on this module

        stream = from_iterable(args[0]) if args else None
        if stream is None:
            raise bad_argument("ReadableStream", "from", 1, "AsyncGenerator")
        return stream


class _Chunks(JsProxy, js_name="ReadableStreamAsyncIterator"):
    """The chunks of a stream, as `async for` and JavaScript's `for await` read them."""

    def __init__(self, stream: ReadableStream, prevent_cancel: bool) -> None:
        self._reader: Any = stream.getReader()
        self._prevent_cancel = prevent_cancel

    def __aiter__(self) -> _Chunks:
        return self

    async def __anext__(self) -> Any:
        if self._reader is None:
            raise StopAsyncIteration
        chunk = await self._reader._read(raw=True)
        if chunk is END:
            self._release()
            raise StopAsyncIteration
        return as_value(self._stream, chunk)

    @property
    def _stream(self) -> ReadableStream:
        return self._reader._stream  # type: ignore[no-any-return]

    def next(self) -> Awaitable[Any]:
        return resolved(_result(None, True)) if self._reader is None else self._reader.read()

    def return_(self, value: Any = None) -> Awaitable[Any]:
        if self._reader is not None:
            if not self._prevent_cancel:
                cancel(self._stream, value)
            self._release()
        return resolved(_result(value, True))

    async def aclose(self) -> None:
        await self.return_()

    def _release(self) -> None:
        self._reader.releaseLock()
        self._reader = None


def as_value(stream: ReadableStream, chunk: Any) -> Any:
    """A chunk as a script sees it."""
    return stream._controller._shown(recall(chunk))


def read(stream: ReadableStream, request: Read) -> PyodideFuture:
    """Ask for a chunk: the promise is settled already where one is queued."""
    stream._disturbed = True
    stream._native = None
    if stream._state == "errored":
        assert stream._error is not None
        reject(request.future, stream._error)
    elif stream._state == "closed":
        stream._controller._read_closed(request)
    else:
        stream._controller._read(request)
    return request.future


def cancel(stream: ReadableStream, reason: Any = None) -> PyodideFuture:
    """Tell the source that nobody wants more."""
    stream._disturbed = True
    if stream._state == "closed":
        return resolved()
    if stream._state == "errored":
        assert stream._error is not None
        return rejected(stream._error)
    stream._native = None
    result = stream._controller._cancelled(reason)
    close(stream)
    return result


def close(stream: ReadableStream) -> None:
    """There will be no more chunks."""
    if stream._state != "readable":
        return
    stream._state = "closed"
    reads, stream._reads = stream._reads, deque()
    for request in reads:
        stream._controller._read_closed(request)
    if stream._reader is not None:
        resolve(stream._reader._closed)


def fail(stream: ReadableStream, error: BaseException) -> None:
    """Every read from now on gives ``error``."""
    if stream._state != "readable":
        return
    stream._state, stream._error = "errored", error
    reads, stream._reads = stream._reads, deque()
    for request in reads:
        reject(request.future, error)
    if stream._reader is not None:
        reject(stream._reader._closed, error)


def next_read(stream: ReadableStream) -> Read | None:
    """The oldest read that still waits."""
    reads = stream._reads
    while reads and reads[0].future.done():  # its reader was cancelled
        reads.popleft()
    return reads[0] if reads else None
