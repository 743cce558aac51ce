"""The clients' side of a session: one conversation with a server, its answers in a queue.

Implements: RFC 6455, sections 5.5 and 7, as a client that closes only when it is told to
"""

from __future__ import annotations

import asyncio
import os
from collections import deque
from collections.abc import Callable, Coroutine
from contextlib import suppress
from time import monotonic
from typing import Any

import aiohttp
from aiohttp import WSMsgType

from ..server.traffic import Answered, Closed, Ended, Event, Lost, Message, Pairs, Piece, Side

__all__ = ["Client"]

_BARRIER = 1.0
"""Seconds for a pong; a server that answers none has its messages in some order all the same."""
_MADE_ANEW = frozenset(
    {
        "accept-encoding",  # only what this client can undo
        "connection",
        "content-length",
        "expect",
        "host",
        "keep-alive",
        "transfer-encoding",
    }
)
_OF_A_HANDSHAKE = frozenset(
    {
        "sec-websocket-extensions",
        "sec-websocket-key",
        "sec-websocket-protocol",
        "sec-websocket-version",
        "upgrade",
    }
)
_OWN_HEADERS = ("Accept", "Accept-Encoding", "Content-Type", "User-Agent")
"""What aiohttp would add and the recorded client did not say."""


class Client:
    """One request, and the WebSocket that may become of it."""

    def __init__(self, session: aiohttp.ClientSession, number: int) -> None:
        self._session = session
        self._number = number
        self._socket: aiohttp.ClientWebSocketResponse[bool] | None = None
        self._task: asyncio.Task[None] | None = None
        self._seen: deque[Event] = deque()
        self._news = asyncio.Event()
        self._over = False
        self._closing = False
        self._pong = asyncio.Event()

    @property
    def is_socket(self) -> bool:
        return self._socket is not None

    # What the client does.

    def ask(self, method: str, url: str, headers: Pairs, body: bytes) -> None:
        """Send a request."""
        kept = _headers(headers, _MADE_ANEW)
        names = {name.lower() for name, _ in headers}
        if "upgrade" in names:  # a handshake that was refused
            kept.append(("Connection", "Upgrade"))
        if "accept-encoding" in names:
            kept.append(("Accept-Encoding", "gzip, deflate"))
        self._run(self._request(method, url, kept, body))

    def ask_for_socket(self, url: str, headers: Pairs) -> None:
        """Open a WebSocket."""
        named = {name.lower(): value for name, value in headers}
        protocols = [p.strip() for p in named.get("sec-websocket-protocol", "").split(",")]
        compress = 15 if "permessage-deflate" in named.get("sec-websocket-extensions", "") else 0
        kept = _headers(headers, _MADE_ANEW | _OF_A_HANDSHAKE)
        self._run(self._open(url, kept, [p for p in protocols if p], compress))

    async def send(self, data: str | bytes) -> None:
        """Send a message; without effect once the connection is gone."""
        socket = self._socket
        if socket is None:
            return
        with suppress(aiohttp.ClientError, ConnectionError):
            if isinstance(data, str):
                await socket.send_frame(data.encode(), WSMsgType.TEXT)
            else:
                await socket.send_frame(data, WSMsgType.BINARY)

    async def close(self, code: int | None, reason: str) -> None:
        """Send a Close frame; the server's own comes as an event."""
        if self._socket is None:
            return
        payload = b"" if code is None else code.to_bytes(2, "big") + reason.encode()
        # Not `close()`: it would wait for the answer, and drop what comes before it.
        self._closing = True
        with suppress(aiohttp.ClientError, ConnectionError):
            await self._socket.send_frame(payload, WSMsgType.CLOSE)

    async def reached(self, gap: float) -> None:
        """Wait until the server has had what was sent, so that another's comes behind it.

        A server answers a ping behind what came before it. Nothing tells that of a request that
        is not answered yet, or of a Close frame: the ``gap`` seconds of then stand in.
        """
        if self._socket is None or self._closing:
            await asyncio.sleep(gap)
            return
        self._pong.clear()
        with suppress(aiohttp.ClientError, ConnectionError, TimeoutError):
            await self._socket.ping(os.urandom(4))
            async with asyncio.timeout(_BARRIER):
                await self._pong.wait()

    async def leave(self) -> None:
        """End the connection without a word."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        if self._socket is not None:
            connection = self._socket._response.connection
            if connection is not None and connection.transport is not None:
                connection.transport.abort()
            self._socket._response.close()

    # What the server does.

    async def look(self, index: int, timeout: float) -> Event | None:
        """The event ``index`` places from the next one; None: it does not come in time."""
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout):
                while len(self._seen) <= index and not self._over:
                    self._news.clear()
                    await self._news.wait()
        return self._seen[index] if index < len(self._seen) else None

    def take(self, index: int = 0) -> Event:
        """Remove what was looked at."""
        event = self._seen[index]
        del self._seen[index]
        return event

    def rest(self) -> list[Event]:
        """Everything that came and was not taken."""
        found = list(self._seen)
        self._seen.clear()
        return found

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        async def until_over() -> None:
            try:
                await work
            except (aiohttp.ClientError, ConnectionError, ValueError):
                self._tell(Lost)
            finally:
                self._over = True
                self._news.set()
                self._pong.set()

        self._task = asyncio.create_task(until_over())

    def _tell(self, kind: Callable[..., Event], *facts: Any) -> None:
        self._seen.append(kind(self._number, monotonic(), Side.WORKER, *facts))
        self._news.set()

    async def _request(
        self, method: str, url: str, headers: list[tuple[str, str]], body: bytes
    ) -> None:
        asked = self._session.request(
            method,
            url,
            headers=headers,
            data=body or None,
            allow_redirects=False,
            skip_auto_headers=_OWN_HEADERS,
        )
        async with asked as response:
            self._tell(Answered, response.status, response.reason or "", _pairs(response), None)
            if response.status != 101:
                async for piece in response.content.iter_any():
                    self._tell(Piece, piece)
                self._tell(Ended)

    async def _open(
        self, url: str, headers: list[tuple[str, str]], protocols: list[str], compress: int
    ) -> None:
        try:
            socket = self._socket = await self._session.ws_connect(
                url,
                headers=headers,
                protocols=protocols,
                compress=compress,
                autoclose=False,
                autoping=False,
                max_msg_size=0,
            )
        except aiohttp.WSServerHandshakeError as refused:
            pairs = tuple((refused.headers or {}).items())
            self._tell(Answered, refused.status, "", pairs, None)
            self._tell(Ended)
            return
        self._tell(Answered, 101, "", _pairs(socket._response), None)
        while await self._hear(socket):
            pass

    async def _hear(self, socket: aiohttp.ClientWebSocketResponse[bool]) -> bool:
        """Take in one frame; whether another may come."""
        message: Any = await socket.receive()
        match message.type:
            case WSMsgType.TEXT | WSMsgType.BINARY:
                self._tell(Message, message.data)
            case WSMsgType.PING:
                await socket.pong(message.data)
            case WSMsgType.PONG:
                self._pong.set()
            case WSMsgType.CLOSE:
                self._tell(Closed, message.data or None, message.extra or "")
                return False
            case _:
                self._tell(Lost)
                return False
        return True


def _headers(headers: Pairs, without: frozenset[str]) -> list[tuple[str, str]]:
    return [(name, value) for name, value in headers if name.lower() not in without]


def _pairs(response: aiohttp.ClientResponse) -> Pairs:
    return tuple(response.headers.items())
