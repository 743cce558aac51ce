"""The client's end of a WebSocket, for tests: every wait ends, and says what came instead."""

from __future__ import annotations

import asyncio
import json as json_module
import re
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextvars import ContextVar
from types import TracebackType
from typing import Any

import aiohttp

__all__ = ["SocketClosed", "UpgradeRefused", "WebSocketClient", "connect", "tell_refusal"]

PATIENCE = 5.0
"""Seconds that a wait takes at most, unless a test says otherwise."""
MISSING: Any = object()
_ABNORMAL, _NO_STATUS = 1006, 1005
_CLOSING = aiohttp.ClientWSTimeout(ws_close=1.0)
"""A Worker may leave a Close frame without an answer."""

Message = str | bytes
Expected = str | bytes | re.Pattern[str] | Callable[[Message], Any]


class SocketClosed(ConnectionError):
    """The Worker closed the WebSocket, or the connection was lost (1006)."""

    def __init__(self, code: int, reason: str, doing: str) -> None:
        because = f" ({reason!r})" if reason else ""
        super().__init__(f"{doing}, but the WebSocket was closed with {code}{because}")
        self.code, self.reason = code, reason


class UpgradeRefused(aiohttp.ClientError):
    """The Worker answered a request for a WebSocket with something else."""

    def __init__(self, path: str, response: aiohttp.ClientResponse, body: str) -> None:
        super().__init__(f"no WebSocket at {path}, but {response.status}: {body or '(no body)'}")
        self.status, self.headers, self.body = response.status, response.headers, body


class WebSocketClient:
    """An open WebSocket. Iterating over it gives the messages up to the close."""

    def __init__(
        self, socket: aiohttp.ClientWebSocketResponse, path: str, timeout: float | None
    ) -> None:
        self._socket, self._path, self._timeout = socket, path, timeout
        self._arriving: asyncio.Future[aiohttp.WSMessage] | None = None
        """The wait for the next message, which a timeout does not end: nothing is lost."""
        self.close_code: int | None = None
        """What the Worker closed it with; 1006: the connection was lost; None: it is open."""
        self.close_reason = ""

    @property
    def protocol(self) -> str | None:
        """The subprotocol that the Worker chose."""
        return self._socket.protocol

    @property
    def response(self) -> aiohttp.ClientResponse:
        """The answer to the handshake: its headers, its cookies."""
        return self._socket._response

    async def send(self, message: Message | None = None, *, json: Any = MISSING) -> None:
        """Send text, bytes, or ``json`` as text.

        Raises:
            SocketClosed: there is nobody to send to any more.
        """
        if json is not MISSING:
            message = json_module.dumps(json)
        if self.close_code is not None:
            raise self._closed(f"{message!r} was to be sent")
        try:
            if isinstance(message, str):
                await self._socket.send_str(message)
            elif message is not None:
                await self._socket.send_bytes(message)
            else:
                raise TypeError("send() needs a message, or json=...")
        except ConnectionError:
            self._lost()
            raise self._closed(f"{message!r} was to be sent") from None

    async def receive(self, timeout: float | None = MISSING) -> Message:
        """The next message.

        Raises:
            SocketClosed: there is none: the Worker has closed the socket.
            TimeoutError: nothing came in ``timeout`` seconds (5; None: wait for ever).
        """
        return await self._receive("a message was awaited", timeout)

    async def receive_json(self, timeout: float | None = MISSING) -> Any:
        """The next message, which is JSON."""
        return json_module.loads(await self.receive(timeout))

    async def expect(
        self,
        wanted: Expected | None = None,
        *,
        json: Any = MISSING,
        skip: bool = False,
        timeout: float | None = MISSING,
    ) -> Any:
        """The next message, which must be ``wanted``; with ``skip`` the first that is.

        Args:
            wanted: the very text or bytes, a regular expression that is found in the text, or a
                function that says of a message whether it is the one.
            json: what the message's JSON must be. An object may have more members than these.
            skip: pass over messages that are others.
            timeout: seconds, for all of it.

        Returns:
            The message; with ``json`` what it holds.

        Raises:
            AssertionError: another came, or none, or the socket was closed; it says what came.
        """
        what, seconds = _described(wanted, json), self._seconds(timeout)
        end = None if seconds is None else asyncio.get_running_loop().time() + seconds
        came: list[Message] = []
        try:
            while True:
                left = None if end is None else end - asyncio.get_running_loop().time()
                came.append(await self._receive(f"expected {what}", left))
                if _fits(came[-1], wanted, json):
                    return came[-1] if json is MISSING else json_module.loads(came[-1])
                if not skip:
                    raise AssertionError(f"expected {what}, but {came[-1]!r} came")
        except SocketClosed as exc:
            failure = str(exc)
        except TimeoutError:
            failure = f"expected {what}, but nothing came on {self._path} in {seconds:g} s"
        others = f"; what came was {', '.join(map(repr, came))}" if came else ""
        raise AssertionError(failure + others)

    async def expect_close(
        self, code: int | None = None, reason: str | None = None, *, timeout: float | None = MISSING
    ) -> int:
        """The Worker closes the socket next, with ``code`` and ``reason`` if they are given.

        Returns:
            The code; 1005: the Worker gave none, 1006: the connection was lost.

        Raises:
            AssertionError: a message came, or nothing, or it closed with something else.
        """
        what = "a close" if code is None else f"a close with {code}"
        try:
            message = await self._receive(what, timeout)
        except SocketClosed as exc:
            fits = code in (None, exc.code) and reason in (None, exc.reason)
            if not fits:
                wanted = what if reason is None else f"{what} ({reason!r})"
                raise AssertionError(
                    f"expected {wanted}, but it was {exc.code} ({exc.reason!r})"
                ) from None
            return exc.code
        except TimeoutError:
            raise AssertionError(f"expected {what}, but nothing came on {self._path}") from None
        raise AssertionError(f"expected {what}, but {message!r} came")

    async def close(self, code: int = 1000, reason: str = "") -> None:
        """Close it, and wait for the Worker's answer; without effect when it is closed."""
        if self.close_code is not None or self._socket.closed:
            await self._socket.close()
            return
        await self._socket.close(code=code, message=reason.encode())
        if self._arriving is not None:
            self._arriving.cancel()
        if self.close_code is None:
            answer = self._socket.close_code
            self.close_code = _ABNORMAL if answer is None else answer or _NO_STATUS

    async def __aenter__(self) -> WebSocketClient:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None
    ) -> None:
        await self.close()

    async def __aiter__(self) -> AsyncIterator[Message]:
        while True:
            try:
                message = await self.receive()
            except SocketClosed:
                return
            yield message

    async def _receive(self, doing: str, timeout: float | None) -> Message:
        if self.close_code is not None:
            raise self._closed(doing)
        seconds = self._seconds(timeout)
        if self._arriving is None:
            self._arriving = asyncio.ensure_future(self._socket.receive())
        await asyncio.wait((self._arriving,), timeout=seconds)
        if not self._arriving.done():
            raise TimeoutError(f"nothing came on {self._path} in {seconds:g} s")
        message, self._arriving = self._arriving.result(), None
        if message.type in (aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY):
            return message.data  # type: ignore[no-any-return]
        if message.type is aiohttp.WSMsgType.CLOSE:
            self.close_code, self.close_reason = message.data or _NO_STATUS, message.extra or ""
            # The same code back; a Close frame without one cannot be sent by this client.
            await self._socket.close(code=message.data or 1000)
        else:
            self._lost()
        raise self._closed(doing)

    def _lost(self) -> None:
        if self.close_code is None:
            self.close_code = _ABNORMAL

    def _closed(self, doing: str) -> SocketClosed:
        return SocketClosed(self.close_code or _ABNORMAL, self.close_reason, doing)

    def _seconds(self, timeout: float | None) -> float | None:
        return self._timeout if timeout is MISSING else timeout


def _fits(message: Message, wanted: Expected | None, json: Any) -> bool:
    if json is not MISSING:
        try:
            return _holds(json_module.loads(message), json)
        except ValueError:
            return False
    if isinstance(wanted, re.Pattern):
        return isinstance(message, str) and wanted.search(message) is not None
    if callable(wanted):
        return bool(wanted(message))
    return wanted is None or message == wanted


def _holds(value: Any, wanted: Any) -> bool:
    """Whether ``value`` is ``wanted``, or an object that has its members."""
    if isinstance(wanted, Mapping) and isinstance(value, dict):
        return all(key in value and _holds(value[key], item) for key, item in wanted.items())
    return bool(value == wanted)


def _described(wanted: Expected | None, json: Any) -> str:
    if json is not MISSING:
        return f"JSON with {json!r}" if isinstance(json, Mapping) else f"JSON {json!r}"
    if isinstance(wanted, re.Pattern):
        return f"text with /{wanted.pattern}/"
    if callable(wanted):
        return f"a message for {getattr(wanted, '__name__', wanted)}"
    return "a message" if wanted is None else repr(wanted)


_connecting: ContextVar[str | None] = ContextVar("wrangler_py_connecting", default=None)
"""The path where `connect` asks for a WebSocket."""


async def tell_refusal(
    request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
) -> aiohttp.ClientResponse:
    """Middleware of the session: what says no to `connect` is read while it can be."""
    response = await handler(request)
    path = _connecting.get()
    if path is not None and response.status != 101:
        raise UpgradeRefused(path, response, await response.text(errors="replace"))
    return response


async def connect(
    session: aiohttp.ClientSession,
    path: str,
    *,
    protocols: Sequence[str] = (),
    headers: Mapping[str, str] | None = None,
    timeout: float | None = PATIENCE,
    **options: Any,
) -> WebSocketClient:
    """Open a WebSocket at ``path``; ``timeout`` is for this, and for each wait on it.

    Raises:
        UpgradeRefused: the answer is no 101.
        TimeoutError: there is none.
    """
    token = _connecting.set(path)
    try:
        async with asyncio.timeout(timeout):
            socket = await session.ws_connect(
                path,
                protocols=protocols,
                headers=headers,
                autoclose=False,
                timeout=_CLOSING,
                **options,
            )
    except TimeoutError:
        raise TimeoutError(f"no answer from {path} in {timeout:g} s") from None
    finally:
        _connecting.reset(token)
    return WebSocketClient(socket, path, timeout)
