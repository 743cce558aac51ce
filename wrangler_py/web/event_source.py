"""EventSource: events that a server sends, and connecting again.

Implements: https://html.spec.whatwg.org/#the-eventsource-interface, as workerd does: each end of a
connection is an `error`, then it is tried again, unless the answer was none that it can read;
`EventSource.from(stream)` reads one stream; a message of no data is none.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

from .. import context
from ..context import IoContext
from ..js.callbacks import is_callable, member
from ..js.convert import is_primitive, to_boolean, to_string
from ..js.errors import JsException, dom_exception, error, type_error
from ..js.null import is_nullish, null
from ..js.promise import spawn
from ..log import log
from .body import body_chunks, is_null
from .event_stream import EventStream, Message
from .events import (
    Event,
    EventTarget,
    MessageEvent,
    add_listener,
    dispatch,
    error_event,
    listener,
    report,
)
from .fetch import exchange
from .idl import bad_argument, bad_init, without_new
from .request import Request
from .response import Response

__all__ = ["EventSource"]

_CONNECTING, _OPEN, _CLOSED = range(3)
_OUTSIDE = "An EventSource can only be created within the context of a worker request."
_CREDENTIALS = "The init.withCredentials option is not supported. It must be false or undefined."
_STREAM = "text/event-stream"


class OpenEvent(Event):
    """The connection is there."""


def _handler(kind: str) -> property:
    """The property of a listener (`onopen`): it has its turn from when it was first set."""

    def read(self: EventSource) -> Any:
        found = self._handlers.get(kind)
        return null() if found is None else found

    def write(self: EventSource, handler: Any) -> None:
        if kind not in self._handlers:
            add_listener(self, kind.removeprefix("on"), lambda event: self._handle(kind, event))
        self._handlers[kind] = None if is_primitive(handler) else handler

    return property(read, write)


class EventSource(EventTarget):
    """A connection that gives events."""

    CONNECTING, OPEN, CLOSED = _CONNECTING, _OPEN, _CLOSED
    _called_without_new = without_new("EventSource")

    def __init__(self, owner: IoContext, url: str, fetcher: Any = None) -> None:
        super().__init__()
        self._owner = owner
        self._url = url
        self._fetcher = fetcher
        self._state = _CONNECTING
        self._events = EventStream()
        self._had_no_body = False
        self._work: asyncio.Future[Any] | None = None
        self._handlers: dict[str, Any] = {}

    onopen = _handler("onopen")
    onmessage = _handler("onmessage")
    onerror = _handler("onerror")

    @classmethod
    def _construct(cls, *args: Any) -> EventSource:
        if not args:
            raise bad_init("EventSource", 1, "string")
        text, init = to_string(args[0]), args[1] if len(args) > 1 else None
        if not is_nullish(init) and is_primitive(init):
            raise bad_init("EventSource", 2, "EventSourceInit")
        owner = _owner()
        if not is_nullish(init) and to_boolean(member(init, "withCredentials")):
            raise dom_exception(_CREDENTIALS, "NotSupportedError")
        fetcher = None if is_nullish(init) else member(init, "fetcher")
        source = cls(owner, _href(text), fetcher)
        source._work = spawn(source._connect())
        return source

    @staticmethod
    def from_(*args: Any) -> EventSource:
        if not args or getattr(type(args[0]), "_js_name", "") != "ReadableStream":
            raise bad_argument("EventSource", "from", 1, "ReadableStream")
        stream, owner = args[0], _owner()
        if stream.locked:
            raise type_error("This ReadableStream is locked.")
        if stream._disturbed:
            raise type_error("This ReadableStream has already been read from.")
        source = EventSource(owner, "")
        source._opened()
        source._work = spawn(source._read_once(body_chunks(Response(stream))))
        return source

    @property
    def url(self) -> str:
        return self._url

    @property
    def withCredentials(self) -> bool:
        return False

    @property
    def readyState(self) -> int:
        return self._state

    def close(self) -> None:
        self._state = _CLOSED
        if self._work is not None:
            self._work.cancel()

    @property
    def _is_closed(self) -> bool:
        return self._state == _CLOSED

    # --- the connection

    async def _connect(self) -> None:
        while not self._is_closed:
            try:
                response = await self._fetched()
                body = self._body(response)
                if body is not None:
                    self._opened()
                    await self._read(body)
            except Exception as exc:
                self._failed(exc)
                return
            if body is not None:
                self._failed(error("The server disconnected."), again=True)
            else:
                self._lacks_a_body()
            if not self._is_closed:
                await asyncio.sleep(self._events.reconnection_ms / 1000)

    async def _fetched(self) -> Response:
        pairs = [("accept", _STREAM), ("cache-control", "no-cache")]
        if self._events.last_id:
            pairs.append(("last-event-id", self._events.last_id))
        request = Request._incoming("GET", self._url, pairs, None)
        request._redirect = "follow"
        if self._fetcher is not None:
            answer: Response = await self._fetcher.fetch(request)
            return answer
        return await exchange(request, self._owner.worker.transport)

    def _body(self, response: Response) -> AsyncGenerator[bytes, None] | None:
        """The events' stream; None: there is none.

        Raises: JsException: AbortError, the answer is no stream of events.
        """
        if not response.ok:
            raise _abort(f"The response status code was {response._status}.")
        kind = response.headers._find("content-type")
        if kind is None:
            raise _abort("No content type header was present in the response.")
        if kind.partition(";")[0].strip().lower() != _STREAM:
            raise _abort(f"The content type '{kind}' is invalid.")
        if response._redirected:
            self._url = _href(response._url)
        return None if is_null(response) else body_chunks(response)

    def _lacks_a_body(self) -> None:
        """An answer without a body is forgiven once."""
        again = not self._had_no_body
        self._had_no_body = True
        more = " Will try reconnecting." if again else ""
        self._failed(error(f"The server provided no content.{more}"), again=again)

    async def _read_once(self, body: AsyncGenerator[bytes, None]) -> None:
        try:
            await self._read(body)
        except Exception as exc:
            self._failed(exc)
        else:
            self._failed(error("The server disconnected."))

    async def _read(self, body: AsyncGenerator[bytes, None]) -> None:
        self._events.begin()
        try:
            async for chunk in body:
                for message in self._events.feed(chunk):
                    self._received(message)
                if self._is_closed:
                    return
        finally:
            await body.aclose()

    # --- events

    def _opened(self) -> None:
        if not self._is_closed:
            self._state = _OPEN
            event = OpenEvent("open")
            event.isTrusted = True
            self._dispatch(event)

    def _failed(self, exc: BaseException, *, again: bool = False) -> None:
        if self._is_closed:
            return
        self._state = _CONNECTING if again else _CLOSED
        event = error_event(exc)
        event.message = ""
        self._dispatch(event)
        log.warn(f"EventSource {self._url}: {exc}")

    def _received(self, message: Message) -> None:
        data = "\n".join(message.data)
        if not data or self._is_closed:
            return
        event = MessageEvent("message" if message.event is None else message.event)
        event.data, event.isTrusted = data, True
        event.lastEventId = message.id
        self._dispatch(event)

    def _handle(self, kind: str, event: Event) -> Any:
        handler = self._handlers[kind]
        return handler(event) if is_callable(handler) else None

    def _dispatch(self, event: Event) -> None:
        for exc in dispatch(self, event):
            report(exc, listener(event.type))


def _owner() -> IoContext:
    owner = context.current()
    if owner is None or owner.is_global:
        raise dom_exception(_OUTSIDE, "NotSupportedError")
    return owner


def _href(text: str) -> str:
    from ada_url import URL  # 50 ms; few connect to a stream of events

    try:
        return str(URL(text).href)
    except ValueError:
        said = f"Cannot open an EventSource to '{text}'. The URL is invalid."
        raise dom_exception(said, "SyntaxError") from None


def _abort(message: str) -> JsException:
    return dom_exception(message, "AbortError")
