"""What waits to be sent on a socket: bytes, in order, behind its `writable`.

Implements: https://developers.cloudflare.com/workers/runtime-apis/tcp-sockets/#socket
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from .. import context
from ..js.errors import JsException, type_error
from ..js.promise import PyodideFuture, rejected, spawn
from .streams.callbacks import resolve
from .streams.writable import CLOSED, WritableStream, WritableStreamDefaultController
from .streams_fixed import NOT_BYTES, to_bytes

__all__ = ["Queue", "writable_of"]


def writable_of(
    write: Callable[[bytes], Coroutine[Any, Any, None]],
    end: Callable[[], Coroutine[Any, Any, None]],
    high_water_mark: int | None,
) -> tuple[WritableStream, Queue]:
    """A stream whose bytes go to ``write``, and ``end`` is their end.

    ``high_water_mark``: in bytes; None: one chunk may wait.
    """
    stream = WritableStream.__new__(WritableStream)
    queue = Queue(stream, high_water_mark or 1, None)
    queue._counts_bytes = high_water_mark is not None

    def aborted(_reason: Any) -> Any:
        queue._reason = type_error(CLOSED)
        return spawn(end())

    queue._write = lambda data, _controller: spawn(write(data))
    queue._close = lambda: spawn(end())
    queue._abort = aborted
    return stream, queue


class Queue(WritableStreamDefaultController, js_name="WritableStreamDefaultController"):
    """The queue in front of a connection: bytes alone, and what is no bytes breaks nothing."""

    _refusal: BaseException | None = None
    _counts_bytes = False

    def _put(self, chunk: Any) -> PyodideFuture:
        if self._refusal is not None:
            return rejected(self._refusal)
        if isinstance(chunk, bytes):
            exc = type_error(NOT_BYTES)
            exc.add_note("hint: bytes of Python become JavaScript's by `to_js(...)`")
            return rejected(exc)
        try:
            data = to_bytes(chunk)
        except JsException as exc:
            return rejected(exc)
        if self._state == "errored":
            return rejected(self._reason)
        if self._closing or self._state == "closed":
            return rejected(type_error(CLOSED))
        return self._enqueue(data, len(data) if self._counts_bytes else 1)

    async def _emptied(self) -> None:
        """Wait until all that is queued is written, or cannot be."""
        waiting = [each.future for each in self._queue if not each.future.done()]
        if waiting:
            with context.io_pending():
                await asyncio.wait(waiting)

    def _shut(self) -> None:
        """Take no more."""
        if self._state == "writable":
            self._state = "closed"
            self._forget()
            if self._writer is not None:
                resolve(self._writer._closed)
