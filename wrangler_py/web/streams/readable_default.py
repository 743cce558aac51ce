"""ReadableStreamDefaultController: chunks of any kind, and when to pull.

Implements: https://streams.spec.whatwg.org/#rs-default-controller-class
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Any

from ...js.callbacks import invoke, recall, retain
from ...js.errors import thrown, type_error
from ...js.null import null
from ...js.promise import PyodideFuture, rejected, resolved
from ...js.proxy import JsProxy
from .callbacks import outcome, reason_of, stored, used_at_once, when_settled
from .queuing import Size, high_water_mark, size_of
from .readable import Read, ReadableStream, close, fail, next_read

CLOSED = "This ReadableStream is closed."


class Controller(JsProxy, js_name="ReadableStreamController"):
    """What both kinds of controller share: the source, and when to pull it."""

    def __init__(self, stream: ReadableStream, mark: float) -> None:
        self._stream = stream
        stream._controller = self  # type: ignore[assignment]
        self._mark = mark
        self._queued: float = 0
        self._started = True
        self._pulling = self._pull_again = self._closing = False
        self._pull: Callable[[Any], Any] | None = None
        self._cancel: Callable[[Any], Any] | None = None

    @property
    def desiredSize(self) -> Any:
        state = self._stream._state
        if state == "errored":
            return null()
        return 0 if state == "closed" else self._mark - self._queued

    def error(self, reason: Any = None) -> None:
        self._fail(thrown(retain(reason)))

    def close(self) -> None:
        if self._closing or self._stream._state != "readable":
            raise type_error(CLOSED)
        self._end()

    def _end(self) -> None:
        """Close when the queue has been read."""
        self._closing = True
        if not self._queued_anything():
            self._forget()
            close(self._stream)

    def _fail(self, error: BaseException) -> None:
        if self._stream._state == "readable":
            self._drop()
            self._forget()
            fail(self._stream, error)

    def _forget(self) -> None:
        """Let go of the source's callbacks; they may hold the stream."""
        self._pull = self._cancel = None

    def _read_closed(self, request: Read) -> None:
        request.end()

    def _cancelled(self, reason: Any) -> PyodideFuture:
        """Run the source's cancel; the promise of the stream's `cancel()`."""
        self._drop()
        function, self._cancel = self._cancel, None
        self._pull = None
        if function is None:
            return resolved()
        try:
            result = invoke(function, reason)
        except Exception as exc:
            return rejected(reason_of(exc))
        done = resolved() if not asyncio.isfuture(result) else PyodideFuture()
        if not done.done():
            when_settled(result, lambda: done.set_result(None), done.set_exception)
        return done

    def _start(self, function: Callable[[Any], Any] | None) -> None:
        """Run the source's start, then pull if there is room."""
        if function is None:
            self._soon()
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
        self._soon()

    def _soon(self) -> None:
        """Pull in a later turn, as JavaScript does, so that the script's line ends first."""
        if not self._wants_more():
            return
        try:
            asyncio.get_running_loop().call_soon(self._pull_if_needed)
        except RuntimeError:
            return  # global scope: the first read pulls

    def _wants_more(self) -> bool:
        if self._pull is None or self._closing or not self._started:
            return False
        if self._stream._state != "readable":
            return False
        return bool(self._stream._reads) or self._mark - self._queued > 0

    def _pull_if_needed(self) -> None:
        """Call the source until it has filled the queue or works on it."""
        if self._pulling:
            self._pull_again = self._wants_more()
            return
        while self._wants_more():
            self._pulling, self._pull_again = True, False
            try:
                result = invoke(self._pull, self)  # type: ignore[arg-type]
            except Exception as exc:
                self._pulling = False
                self._fail(reason_of(exc))
                return
            if isinstance(result, asyncio.Future) and not result.done():
                result.add_done_callback(self._pulled)
                return
            self._pulling = False
            if isinstance(result, asyncio.Future) and (error := outcome(result)) is not None:
                self._fail(error)
                return
            if not self._pull_again:
                return

    def _pulled(self, future: asyncio.Future[Any]) -> None:
        self._pulling = False
        error = outcome(future)
        if error is not None:
            self._fail(error)
        elif self._pull_again:
            self._pull_if_needed()

    # What the two kinds differ in.

    def _read(self, request: Read) -> None:
        raise NotImplementedError

    def _shown(self, chunk: Any) -> Any:
        """A chunk as a script sees it."""
        return chunk

    def _drop(self) -> None:
        """Empty the queue."""
        raise NotImplementedError

    def _queued_anything(self) -> bool:
        raise NotImplementedError


class ReadableStreamDefaultController(Controller):
    """Hands chunks of any kind to the stream."""

    def __init__(self, stream: ReadableStream, mark: float, size: Size | None = None) -> None:
        super().__init__(stream, mark)
        self._size = size
        self._queue: deque[tuple[Any, float]] = deque()

    def enqueue(self, chunk: Any = None) -> None:
        if self._closing or self._stream._state != "readable":
            raise type_error("Unable to enqueue")
        self._put(retain(chunk))

    def _put(self, chunk: Any) -> None:
        waiting = next_read(self._stream)
        if waiting is not None:
            self._stream._reads.popleft()
            waiting.chunk(chunk)
        else:
            try:
                size = 1 if self._size is None else self._size(recall(chunk))
            except Exception as exc:
                self._fail(reason_of(exc))  # the reader learns of it, not who enqueues
                return
            self._queue.append((chunk, size))
            self._queued += size
        self._pull_if_needed()

    def _read(self, request: Read) -> None:
        if not self._queue:
            self._stream._reads.append(request)
            self._pull_if_needed()
            return
        chunk, size = self._queue.popleft()
        self._queued -= size
        request.chunk(chunk)
        if self._closing and not self._queue:
            self._forget()
            close(self._stream)
        else:
            self._pull_if_needed()

    def _drop(self) -> None:
        self._queue.clear()
        self._queued = 0

    def _queued_anything(self) -> bool:
        return bool(self._queue)


def script_source(stream: ReadableStream, source: Any, strategy: Any) -> None:
    """Set up the controller of `new ReadableStream(source, strategy)`."""
    mark, size = high_water_mark(strategy, 1), size_of(strategy)
    start = used_at_once(source, "start", "UnderlyingSource")
    pull = stored(source, "pull", "UnderlyingSource")
    cancel = stored(source, "cancel", "UnderlyingSource")
    controller = ReadableStreamDefaultController(stream, mark, size)
    controller._pull, controller._cancel = pull, cancel
    controller._start(start)
