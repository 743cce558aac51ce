"""One WebSocket connection: the handshake, frames both ways, the close.

Implements: RFC 6455, sections 4.1, 5.5 and 7
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

import aiohttp

from ..errors import WranglerError
from ..server.trust import trusted_at
from .commands import CloseIt, Ping, Send
from .frames import Closed, Frame, Kind
from .refusal import Answer, refused, unreachable

__all__ = ["Connection", "Handshake"]

_CLOSE_SECONDS = 3
"""How long the other side may take to answer a close."""
_BODY_LIMIT = 64 * 1024


@dataclass(frozen=True, slots=True)
class Handshake:
    """What to ask for, and how."""

    url: str
    headers: Sequence[tuple[str, str]] = ()
    protocols: Sequence[str] = ()
    origin: str | None = None
    timeout: float = 10
    """Seconds for the handshake."""
    certificate: Path | None = None
    """The server's own, which is trusted for it."""


@dataclass(slots=True)
class Connection:
    """An open connection; leaving its block closes it with 1000."""

    handshake: Handshake
    protocol: str | None = None
    closed: Closed | None = None
    _asked: CloseIt | None = None
    _opened: float = 0
    _pings: dict[bytes, float] = field(default_factory=dict)
    _session: aiohttp.ClientSession = field(init=False)
    _socket: aiohttp.ClientWebSocketResponse[bool] = field(init=False)

    async def __aenter__(self) -> Connection:
        """Connect.

        Raises:
            WranglerError: nobody is there, or the answer is no 101.
        """
        answer = Answer()
        tracing = aiohttp.TraceConfig()
        tracing.on_request_end.append(_keeps(answer))
        timeout = aiohttp.ClientTimeout(total=self.handshake.timeout)
        self._session = aiohttp.ClientSession(trace_configs=[tracing], timeout=timeout)
        try:
            self._socket = await self._connect()
        except BaseException as exc:
            await self._session.close()
            raise self._explained(exc, answer) from None
        self._opened = time.monotonic()
        self.protocol = self._socket.protocol
        return self

    async def _connect(self) -> aiohttp.ClientWebSocketResponse[bool]:
        wanted = self.handshake
        return await self._session.ws_connect(
            wanted.url,
            headers=list(wanted.headers),
            protocols=wanted.protocols,
            origin=wanted.origin,
            ssl=trusted_at(wanted.url, wanted.certificate),
            timeout=aiohttp.ClientWSTimeout(ws_close=_CLOSE_SECONDS),
            autoclose=False,
            autoping=False,
            max_msg_size=0,
        )

    def _explained(self, exc: BaseException, answer: Answer) -> BaseException:
        url = self.handshake.url
        if isinstance(exc, aiohttp.WSServerHandshakeError):
            return refused(url, exc.status, exc.message, exc.headers or {}, answer)
        if isinstance(exc, TimeoutError):
            seconds = f"{self.handshake.timeout:g}"
            return WranglerError(f"no answer from {url} within {seconds} s")
        if isinstance(exc, aiohttp.InvalidURL):
            return WranglerError(f"{url} is not an address")
        if isinstance(exc, aiohttp.ClientError | OSError | ValueError):
            return unreachable(url, exc)
        return exc

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        try:
            await self.close(CloseIt())
            async for _ in self.received():
                pass
        finally:
            await self._session.close()
            await self._socket.close()  # says nothing any more, and frees what it holds

    @property
    def now(self) -> float:
        """Seconds since it was opened."""
        return time.monotonic() - self._opened

    @property
    def is_closing(self) -> bool:
        """Whether nothing more may be sent."""
        return self._asked is not None or self.closed is not None

    async def send(self, action: Send | Ping) -> Frame:
        """What was sent, once it is on its way."""
        if isinstance(action, Ping):
            kind = Kind.PING
            self._pings[action.data] = time.monotonic()
            await self._socket.ping(action.data)
        elif isinstance(action.data, str):
            kind = Kind.TEXT
            await self._socket.send_str(action.data)
        else:
            kind = Kind.BINARY
            await self._socket.send_bytes(action.data)
        return Frame(kind, action.data, self.now, sent=True)

    async def received(self) -> AsyncIterator[Frame]:
        """Each frame that comes, until the connection is `closed`."""
        while self.closed is None:
            message: Any = await self._socket.receive()
            match message.type:
                case aiohttp.WSMsgType.TEXT:
                    yield Frame(Kind.TEXT, message.data, self.now, sent=False)
                case aiohttp.WSMsgType.BINARY:
                    yield Frame(Kind.BINARY, message.data, self.now, sent=False)
                case aiohttp.WSMsgType.PING:
                    yield Frame(Kind.PING, bytes(message.data), self.now, sent=False)
                    await self._socket.pong(message.data)
                case aiohttp.WSMsgType.PONG:
                    yield self._pong(bytes(message.data))
                case aiohttp.WSMsgType.CLOSE:
                    self.closed = await self._goodbye(message.data or 1005, message.extra or "")
                case _:
                    self.closed = self._lost()

    def _pong(self, data: bytes) -> Frame:
        asked = self._pings.pop(data, None)
        after = None if asked is None else time.monotonic() - asked
        return Frame(Kind.PONG, data, self.now, sent=False, after=after)

    async def _goodbye(self, code: int, reason: str) -> Closed:
        """The server's close: the answer to ours, or the first, which we answer."""
        if (asked := self._asked) is not None:
            return Closed(asked.code, asked.reason, self.now, by_us=True, answer=code)
        # aiohttp's own `close` cannot send a frame without a code, which answers such a one.
        with suppress(ConnectionError):
            await self._send_close(None if code == 1005 else code)
        return Closed(code, reason, self.now, by_us=False)

    def _lost(self) -> Closed:
        """No frame will come any more, and the server did not say goodbye."""
        exc = self._socket.exception()
        reason = str(exc) if isinstance(exc, aiohttp.WebSocketError) else ""
        return Closed(1006, reason, self.now, by_us=False)

    async def close(self, wanted: CloseIt) -> None:
        """Say goodbye; what still comes, the answer at last, is `received`."""
        if self.is_closing:
            return
        self._asked = wanted
        loop = asyncio.get_running_loop()
        # Who does not answer is left.
        loop.call_later(_CLOSE_SECONDS, lambda: loop.create_task(self._session.close()))
        with suppress(ConnectionError):
            await self._send_close(wanted.code, wanted.reason)

    async def _send_close(self, code: int | None, reason: str = "") -> None:
        payload = b"" if code is None else code.to_bytes(2) + reason.encode()
        await self._socket.send_frame(payload, aiohttp.WSMsgType.CLOSE)


def _keeps(answer: Answer) -> Any:
    """A listener that reads the body of an answer which is no 101: aiohttp throws it away."""

    async def ended(
        session: object, context: object, params: aiohttp.TraceRequestEndParams
    ) -> None:
        response = params.response
        if response.status != 101:
            answer.reason = response.reason or ""
            answer.body = await response.content.read(_BODY_LIMIT)

    return ended
