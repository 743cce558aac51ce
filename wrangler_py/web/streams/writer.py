"""WritableStreamDefaultWriter.

Implements: https://streams.spec.whatwg.org/#default-writer-class
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any

from ...js.errors import type_error
from ...js.null import null
from ...js.promise import JsPromise, pending, rejected, resolved
from ...js.proxy import JsProxy
from ..idl import bad_init
from .callbacks import handled, reject
from .writable import LOCKED, WritableStream, WritableStreamDefaultController

RELEASED = "This WritableStream writer has been released."


class WritableStreamDefaultWriter(JsProxy):
    """The one who may write to a stream."""

    def __init__(self, stream: WritableStream) -> None:
        if stream.locked:
            raise type_error(LOCKED)
        self._to: WritableStreamDefaultController | None = stream._controller
        self._to._writer = self
        self._closed: asyncio.Future[Any] | None = None
        self._ready: asyncio.Future[Any] | None = None

    @classmethod
    def _construct(cls, *args: Any) -> WritableStreamDefaultWriter:
        if not args or not isinstance(args[0], WritableStream):
            raise bad_init("WritableStreamDefaultWriter", 1, "WritableStream")
        return cls(args[0])

    @property
    def closed(self) -> JsPromise:
        if self._closed is None:
            self._closed = self._promise({"closed": True})
        return JsPromise(self._closed)

    @property
    def ready(self) -> JsPromise:
        return JsPromise(self._room())

    def _room(self) -> asyncio.Future[Any]:
        """Done when the stream wants a chunk."""
        if self._ready is None:
            to = self._to
            free = to is not None and (to._closing or to._room() > 0)
            self._ready = self._promise({"closed": True, "writable": free})
        return self._ready

    def _promise(self, done: dict[str, bool]) -> asyncio.Future[Any]:
        to = self._to
        if to is None:
            return handled(type_error(RELEASED))
        if to._state == "errored":
            assert to._reason is not None
            return handled(to._reason)
        return resolved() if done.get(to._state) else pending()

    @property
    def desiredSize(self) -> Any:
        to = self._to
        if to is None:
            raise type_error(RELEASED)
        if to._state == "errored":
            return null()
        return 0 if to._state == "closed" else to._room()

    def write(self, chunk: Any = None) -> Awaitable[None]:
        if self._to is None:
            return rejected(type_error(RELEASED))
        return self._to._put(chunk)

    def close(self) -> Awaitable[None]:
        if self._to is None:
            return rejected(type_error(RELEASED))
        return self._to._finish()

    def abort(self, reason: Any = None) -> Awaitable[None]:
        if self._to is None:
            return rejected(type_error(RELEASED))
        return self._to._aborted(reason)

    def releaseLock(self) -> None:
        if self._to is None:
            return
        self._to._writer, self._to = None, None
        self._failed(type_error(RELEASED))

    def _failed(self, error: BaseException) -> None:
        """Both promises fail; one that was settled is replaced when it is read again."""
        for name in ("_closed", "_ready"):
            promise = getattr(self, name)
            if promise is not None and promise.done():
                setattr(self, name, None)
            else:
                reject(promise, error)
