"""WritableStream and its controller.

Implements: https://streams.spec.whatwg.org/#ws-class
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from ...js.callbacks import invoke, recall, retain
from ...js.errors import thrown, type_error
from ...js.promise import PyodideFuture, pending, rejected, resolved
from ...js.proxy import JsProxy
from .callbacks import (
    check_dictionary,
    outcome,
    reason_of,
    reject,
    resolve,
    stored,
    used_at_once,
    when_settled,
)
from .queuing import Size, high_water_mark, size_of

if TYPE_CHECKING:
    from .writer import WritableStreamDefaultWriter

LOCKED = "This WritableStream is currently locked to a writer."
CLOSED = "This WritableStream has been closed."

State = Literal["writable", "closed", "errored"]

_CLOSE: Any = object()
"""Stands in the queue where the script closed the stream."""


class _Write(NamedTuple):
    chunk: Any
    size: float
    future: asyncio.Future[Any]


class WritableStream(JsProxy):
    """A destination for chunks, one at a time."""

    _controller: WritableStreamDefaultController

    def __init__(self, sink: Any = None, strategy: Any = None) -> None:
        check_dictionary(sink, "WritableStream", 1, "UnderlyingSink")
        start = used_at_once(sink, "start", "UnderlyingSink")
        controller = WritableStreamDefaultController(
            self, high_water_mark(strategy, 1), size_of(strategy)
        )
        controller._write = stored(sink, "write", "UnderlyingSink")
        controller._close = stored(sink, "close", "UnderlyingSink")
        controller._abort = stored(sink, "abort", "UnderlyingSink")
        controller._start(start)

    @classmethod
    def _construct(cls, *args: Any) -> WritableStream:
        return cls(*args[:2])

    @classmethod
    def _of(
        cls,
        write: Callable[[Any], Any],
        close: Callable[[], Any],
        abort: Callable[[Any], Any],
        mark: float = 1,
        size: Size | None = None,
    ) -> WritableStream:
        """A stream into callbacks of ours."""
        stream = cls.__new__(cls)
        controller = WritableStreamDefaultController(stream, mark, size)
        controller._write = lambda chunk, _controller: write(chunk)
        controller._close, controller._abort = close, abort
        return stream

    @property
    def locked(self) -> bool:
        return self._controller._writer is not None

    def getWriter(self) -> WritableStreamDefaultWriter:
        from .writer import WritableStreamDefaultWriter  # built on this module

        return WritableStreamDefaultWriter(self)

    def abort(self, reason: Any = None) -> Awaitable[None]:
        if self.locked:
            return rejected(type_error(LOCKED))
        return self._controller._aborted(reason)

    def close(self) -> Awaitable[None]:
        if self.locked:
            return rejected(type_error(LOCKED))
        return self._controller._finish()


class WritableStreamDefaultController(JsProxy):
    """The queue in front of a sink: one chunk is being written, the others wait."""

    def __init__(self, stream: WritableStream, mark: float, size: Size | None) -> None:
        stream._controller = self
        self._state: State = "writable"
        self._reason: BaseException | None = None
        self._writer: WritableStreamDefaultWriter | None = None
        self._queue: deque[_Write] = deque()
        self._queued: float = 0
        self._mark, self._size = mark, size
        self._started, self._busy, self._closing = True, False, False
        self._current: asyncio.Future[Any] | None = None
        self._write: Callable[..., Any] | None = None
        self._close: Callable[..., Any] | None = None
        self._abort: Callable[..., Any] | None = None
        self._signal: Any = None

    @property
    def signal(self) -> Any:
        """Aborted when the stream is."""
        if self._signal is None:
            from ..abort import AbortController  # few sinks look at it

            self._signal = AbortController()
        return self._signal.signal

    def error(self, reason: Any = None) -> None:
        if self._state == "writable":
            self._fail(thrown(retain(reason)))

    def _start(self, function: Callable[..., Any] | None) -> None:
        if function is None:
            return
        self._started = False
        try:
            result = invoke(function, self)
        except Exception as exc:
            self._fail(reason_of(exc))
            return
        when_settled(result, self._has_started, self._fail)

    def _has_started(self) -> None:
        self._started = True
        self._advance()

    def _room(self) -> float:
        return self._mark - self._queued

    def _put(self, chunk: Any) -> PyodideFuture:
        """Queue a chunk: the promise is settled when the sink has taken it."""
        if self._state == "errored":
            assert self._reason is not None
            return rejected(self._reason)
        if self._closing or self._state == "closed":
            return rejected(type_error(CLOSED))
        try:
            size = 1 if self._size is None else self._size(chunk)
        except Exception as exc:
            self._fail(reason_of(exc))
            return rejected(reason_of(exc))
        return self._enqueue(retain(chunk), size)

    def _finish(self) -> PyodideFuture:
        """Close after what is queued."""
        if self._state == "errored":
            assert self._reason is not None
            return rejected(self._reason)
        if self._closing or self._state == "closed":
            return rejected(type_error(CLOSED))
        self._closing = True
        if self._writer is not None:
            resolve(self._writer._ready)
        return self._enqueue(_CLOSE, 0)

    def _enqueue(self, chunk: Any, size: float) -> PyodideFuture:
        future = pending()
        self._queue.append(_Write(chunk, size, future))
        self._queued += size
        self._advance()
        if self._state == "writable" and not self._closing and self._room() <= 0:
            self._hold_back()
        return future

    def _hold_back(self) -> None:
        """The writer's `ready` waits again."""
        writer = self._writer
        if writer is not None and writer._ready is not None and writer._ready.done():
            writer._ready = pending()

    def _advance(self) -> None:
        """Give the sink its next chunk when it has taken the last one."""
        while self._started and not self._busy and self._queue and self._state == "writable":
            chunk, _, future = self._queue[0]
            self._busy, self._current = True, future
            try:
                result = self._close_sink() if chunk is _CLOSE else self._write_sink(chunk)
            except Exception as exc:
                self._taken(reason_of(exc))
                return
            if not isinstance(result, asyncio.Future):
                self._taken(None)
            elif result.done():
                self._taken(outcome(result))
            else:
                result.add_done_callback(lambda done: self._later(done))
                return

    def _later(self, done: asyncio.Future[Any]) -> None:
        self._taken(outcome(done))
        self._advance()

    def _write_sink(self, chunk: Any) -> Any:
        return None if self._write is None else invoke(self._write, recall(chunk), self)

    def _close_sink(self) -> Any:
        return None if self._close is None else invoke(self._close)

    def _taken(self, error: BaseException | None) -> None:
        """The sink is done with the first of the queue."""
        future, self._current, self._busy = self._current, None, False
        if error is not None:
            reject(future, error)
            self._fail(error)
            return
        resolve(future)
        if self._state != "writable":
            return
        chunk, size, _ = self._queue.popleft()
        self._queued -= size
        if chunk is _CLOSE:
            self._state = "closed"
            self._forget()
            if self._writer is not None:
                resolve(self._writer._closed)
        elif self._writer is not None and not self._closing and self._room() > 0:
            resolve(self._writer._ready)

    def _fail(self, error: BaseException) -> None:
        """Everything that is queued, and comes later, fails with ``error``."""
        if self._state != "writable":
            return
        self._state, self._reason = "errored", error
        queue, self._queue = self._queue, deque()
        self._queued = 0
        for write in queue:
            if write.future is not self._current:
                reject(write.future, error)
        self._forget()
        if self._writer is not None:
            self._writer._failed(error)

    def _aborted(self, reason: Any) -> PyodideFuture:
        """`abort()`: drop what is queued and tell the sink."""
        if self._state != "writable":
            return resolved()
        function = self._abort
        if self._signal is not None:
            self._signal.abort(reason)
        self._fail(thrown(retain(reason)))
        if function is None:
            return resolved()
        try:
            result = invoke(function, reason)
        except Exception as exc:
            return rejected(reason_of(exc))
        if not isinstance(result, asyncio.Future):
            return resolved()
        done = pending()
        when_settled(result, lambda: resolve(done), lambda error: reject(done, error))
        return done

    def _forget(self) -> None:
        """Let go of the sink's callbacks; they may hold the stream."""
        self._write = self._close = self._abort = None
