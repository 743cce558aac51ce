"""One TCP connection: aiohttp's protocol, with what it leaves open closed.

Knows more of aiohttp's inside than its documentation promises; nothing else here does.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from itertools import count
from typing import Any

from aiohttp import web
from aiohttp.http_exceptions import LineTooLong
from aiohttp.streams import StreamReader
from aiohttp.web_protocol import RequestHandler

from ..log import log
from .admission import Refusal
from .websocket import Socket

__all__ = ["Connection", "Listener"]

HEAD_TIMEOUT = 15.0
"""Seconds for a request head to come in, as in production's runtime."""
KEEP_ALIVE = 75.0
"""Seconds for which an idle connection is kept."""
# What the edge takes: a URL of 16 KB, a field of 16 KB.
_MAX_LINE = _MAX_FIELD = 16 * 1024
_MAX_FIELDS = 128
_READ_BUFFER = 64 * 1024
_TOO_MANY = "Too many headers received"


class Listener(web.Server):
    """aiohttp's server, making connections of ours."""

    def __init__(self, handler: Callable[[Any], Awaitable[Any]], request_factory: Any) -> None:
        super().__init__(handler, request_factory=request_factory)
        self.sockets: set[Socket] = set()
        """The open WebSockets."""
        self.own_sockets: set[Socket] = set()
        """Open WebSockets of ours, which no worker knows of."""
        self._numbers = count(1)
        self._emptied: asyncio.Event | None = None

    def __call__(self) -> Connection:
        return Connection(self, self._loop)

    def next_number(self) -> int:
        """What a new WebSocket is called in the terminal."""
        return next(self._numbers)

    def forget(self, socket: Socket) -> None:
        """A WebSocket has ended."""
        self.own_sockets.discard(socket)
        self.sockets.discard(socket)
        if self._emptied is not None and not self.sockets:
            self._emptied.set()

    async def wait_until_empty(self, timeout: float) -> None:
        """Wait for every WebSocket to end, but not longer than ``timeout``."""
        if not self.sockets:
            return
        self._emptied = asyncio.Event()
        try:
            await asyncio.wait_for(self._emptied.wait(), timeout)
        except TimeoutError:
            pass


class Connection(RequestHandler):
    """A connection that speaks HTTP, then perhaps WebSocket frames."""

    __slots__ = ("_body", "_head_timer", "listener", "scheme", "socket")

    def __init__(self, listener: Listener, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(
            listener,
            loop=loop,
            keepalive_timeout=KEEP_ALIVE,
            access_log=None,  # type: ignore[arg-type]
            max_line_size=_MAX_LINE,
            max_field_size=_MAX_FIELD,
            max_headers=_MAX_FIELDS,
            read_bufsize=_READ_BUFFER,
            auto_decompress=False,
        )
        self.listener = listener
        self.scheme = "http"
        self.socket: Socket | None = None
        self._body: StreamReader | None = None
        """Of the last request; while it is not complete, what comes in belongs to it."""
        self._head_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        if transport.get_extra_info("ssl_object") is not None:
            self.scheme = "https"
        self._start_head_timer()

    def connection_lost(self, exc: BaseException | None) -> None:
        self._stop_head_timer()
        super().connection_lost(exc)
        if self.socket is not None:
            self.socket.lost()

    def data_received(self, data: bytes) -> None:
        socket = self.socket
        if socket is not None:
            socket.feed(data)
            return
        seen = self._request_count
        super().data_received(data)
        if self._request_count != seen:
            if self._head_timer is not None:
                self._stop_head_timer()
            if self._messages:
                self._body = self._messages[-1][1]
        elif self._head_timer is None and data and (self._body is None or self._body.is_eof()):
            self._start_head_timer()

    def pause_writing(self) -> None:
        super().pause_writing()
        if self.socket is not None:
            self.socket.pause_writing()

    def resume_writing(self) -> None:
        super().resume_writing()
        if self.socket is not None:
            self.socket.resume_writing()

    def _start_head_timer(self) -> None:
        self._head_timer = self._loop.call_later(HEAD_TIMEOUT, self._head_too_slow)

    def _stop_head_timer(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _head_too_slow(self) -> None:
        """A client that never completes a request head: do not keep its connection."""
        self._head_timer = None
        if self._upgraded:
            return  # the bytes are for a WebSocket that the worker has not answered yet
        if self._request_in_progress:
            self.close()
        else:
            self.force_close()

    async def drain(self) -> None:
        """Wait until the client has taken in enough.

        Raises:
            ConnectionError: it is gone.
        """
        if self._paused or self.transport is None:
            await self._drain_helper()

    def take_over(self, socket: Socket, *, is_ours: bool = False) -> None:
        """From now on the bytes are frames. aiohttp's part of the connection ends here."""
        self.socket = socket
        (self.listener.own_sockets if is_ours else self.listener.sockets).add(socket)
        early, self._message_tail = self._message_tail, b""
        # aiohttp's task ends, and leaves the transport alone.
        self._force_close = True
        if self._keepalive_handle is not None:
            self._keepalive_handle.cancel()
            self._keepalive_handle = None
        self._messages.clear()
        self._body = self._parser = None
        if self._buffer_paused:
            self._resume_reading_for_buffer()
        if self._paused:
            socket.pause_writing()
        if early:
            self._loop.call_soon(socket.feed, early)

    # Requests that do not parse: one line to the client, none to the terminal.

    def _make_error_handler(self, err_info: Any) -> Callable[[Any], Awaitable[Any]]:
        refusal = _refusal(err_info.exc, err_info.message)

        async def refuse(exchange: Any) -> Any:
            log.debug(f"refused a malformed request: {err_info.message.splitlines()[0]}")
            exchange.refuse(refusal)
            return exchange

        return refuse

    def handle_error(
        self,
        request: Any,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> Any:
        """A failure of ours: the handler itself never raises one of the worker's."""
        log.error(f"the server failed to answer a request: {exc!r}")
        self.log_debug("Unhandled", exc_info=exc)
        if not request.started:
            request.refuse(Refusal(HTTPStatus(status), HTTPStatus(status).phrase))
        return request


def _refusal(exc: BaseException, message: str) -> Refusal:
    if isinstance(exc, LineTooLong) or message.startswith(_TOO_MANY):
        status = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
        return Refusal(status, status.phrase)
    return Refusal(HTTPStatus.BAD_REQUEST, "Bad Request")
