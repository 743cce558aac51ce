"""WebSockets that a worker opens: the client's side of the handshake and of the frames.

Implements: RFC 6455, sections 4.1 and 5.3; RFC 7692, section 7.1
Differs, as production does: a wrong Sec-WebSocket-Accept is a response with status 502.
"""

from __future__ import annotations

import asyncio
import base64
import os
from typing import TYPE_CHECKING, Any

import aiohttp
from aiohttp._websocket.helpers import websocket_mask

from .. import compat, context
from ..web.request import Request
from ..web.response import Response, fetched
from ..web.websocket import WebSocket, make_pair
from ..web.websocket_state import State
from .deflate import Agreement, negotiate
from .handshake import accept_header
from .outgoing import as_js_error, end_to_end, header_pairs, received
from .websocket import Socket
from .wire import CLOSE, FrameReader, WireError

if TYPE_CHECKING:
    from .outgoing import Network

__all__ = ["connect", "masked"]

_EXTENSIONS = "sec-websocket-extensions"
_OURS = frozenset({"sec-websocket-key", "sec-websocket-version"})


async def connect(network: Network, request: Request) -> Response:
    """Ask for a WebSocket: a 101 with ``webSocket`` set, or whatever the server says instead.

    Raises:
        JsException: the server could not be reached.
    """
    key = base64.b64encode(os.urandom(16)).decode()
    try:
        response = await network.send("GET", request._url, _headers(request, key))
    except (aiohttp.ClientError, OSError, ValueError) as exc:
        raise as_js_error(exc, request._url) from exc
    if response.status != 101:
        return received(response, request)
    try:
        agreement = _check(response, key, request)
    except ValueError:
        response.close()
        return fetched(502, "Bad Gateway", [])
    near = _take_over(response, agreement)
    return fetched(101, "Switching Protocols", header_pairs(response), web_socket=near)


def _headers(request: Request, key: str) -> list[tuple[str, str]]:
    compresses = compat.current().has("web_socket_compression")
    kept = [
        (name, value)
        for name, value in end_to_end(request)
        if name.lower() not in _OURS and (compresses or name.lower() != _EXTENSIONS)
    ]
    return [
        ("Connection", "Upgrade"),
        ("Upgrade", "websocket"),
        ("Sec-WebSocket-Key", key),
        ("Sec-WebSocket-Version", "13"),
        *kept,
    ]


def _check(response: aiohttp.ClientResponse, key: str, request: Request) -> Agreement | None:
    """RFC 6455, section 4.1: is it the answer to our handshake?

    Returns the compression as the client applies it.

    Raises:
        ValueError: it is not.
    """
    headers = response.headers
    if headers.get("Upgrade", "").lower() != "websocket" or (
        headers.get("Sec-WebSocket-Accept") != accept_header(key)
    ):
        raise ValueError("not an answer to this handshake")
    answered = ", ".join(headers.getall("Sec-WebSocket-Extensions", []))
    if not answered:
        return None
    offered = request.headers._find(_EXTENSIONS) or ""
    agreement = negotiate(answered, "")
    if agreement is None or "permessage-deflate" not in offered or "," in answered:
        raise ValueError("an extension that was not offered")
    return _as_client(agreement)


def _as_client(agreement: Agreement) -> Agreement:
    """``agreement`` with the roles exchanged: its "server" is who compresses here.

    Raises:
        ValueError: a window of 256 bytes, which zlib cannot write.
    """
    ours = agreement.client_max_window_bits
    if ours is not None and ours < 9:
        raise ValueError("a window that is too small")
    return Agreement(
        server_no_context_takeover=agreement.client_no_context_takeover,
        client_no_context_takeover=agreement.server_no_context_takeover,
        server_max_window_bits=ours,
        client_max_window_bits=agreement.server_max_window_bits,
    )


def _take_over(response: aiohttp.ClientResponse, agreement: Agreement | None) -> WebSocket:
    """Couple the connection to a new pair; returns the end for the script."""
    connection = response.connection
    assert connection is not None
    protocol, transport = connection.protocol, connection.transport
    assert protocol is not None
    assert transport is not None
    early = _Early()
    protocol.set_parser(early, early)
    near, far = make_pair()
    loop = asyncio.get_running_loop()
    owner = context.current()

    def ended(_: Socket) -> None:
        response.close()
        if owner is not None and near._state is State.RELEASED:
            owner.disown(near._listeners)

    socket = ClientSocket(transport, loop, agreement, ended)
    transport.set_protocol(_Frames(socket, protocol))
    socket.open(far, b"")
    if owner is not None:
        owner.own(near._listeners, lambda: _give_up(near, socket))
    if early.data:
        socket.feed(early.data)
    return near


def _give_up(near: WebSocket, socket: ClientSocket) -> None:
    """The context ended. It owns the socket until somebody accepts or returns it."""
    if near._state is State.AWAITING:
        near._failed = True
        socket.kill()


class _Early:
    """What came right behind the 101, on its way from aiohttp to us."""

    def __init__(self) -> None:
        self.data = b""

    def feed_data(self, data: bytes) -> tuple[bool, bytes]:
        self.data += data
        return False, b""

    def feed_eof(self) -> None: ...

    def is_eof(self) -> bool:
        return False

    def set_exception(self, *_: Any) -> None: ...


class _Frames(asyncio.Protocol):
    """The connection, once it carries frames."""

    def __init__(self, socket: ClientSocket, http: asyncio.BaseProtocol) -> None:
        self._socket = socket
        self._http = http

    def data_received(self, data: bytes) -> None:
        self._socket.feed(data)

    def pause_writing(self) -> None:
        self._socket.pause_writing()

    def resume_writing(self) -> None:
        self._socket.resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        self._socket.lost()
        self._http.connection_lost(exc)  # the pool waits for it


class ClientSocket(Socket):
    """The network side of a WebSocket to a server: what it sends is masked, what comes is not."""

    __slots__ = ()

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        reader = self._reader
        assert reader is not None
        self._reader = self._counted = _ServerFrames(
            reader.on_message, reader.on_ping, reader.on_close, reader._inflater
        )

    def _write(self, data: bytes) -> None:
        super()._write(masked(data))


def masked(frame: bytes) -> bytes:
    """A whole frame as a client sends it (RFC 6455, section 5.3)."""
    size = frame[1]
    start = 2 if size < 126 else 4 if size == 126 else 10
    mask = os.urandom(4)
    payload = bytearray(memoryview(frame)[start:])
    websocket_mask(mask, payload)
    return b"".join((frame[:1], bytes((size | 0x80,)), frame[2:start], mask, payload))


class _ServerFrames(FrameReader):
    """Parses what a server sends: frames without a mask."""

    __slots__ = ()

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._plain = frozenset()  # the short cuts are for masked frames

    def _parse(self, data: bytes | bytearray) -> int:
        position, end = 0, len(data)
        while not self.paused:
            start = position + 2
            if end < start:
                self._needed = 2
                break
            first, size = data[position], data[position + 1]
            if size & 0x80:
                raise WireError(1002, "Received a masked frame from the server")
            self._check_head(first, size)
            if size > 125:
                width = 2 if size == 126 else 8
                start += width
                if end < start:
                    self._needed = start - position
                    break
                size = int.from_bytes(data[start - width : start], "big")
            if first & 0x0F < CLOSE:
                self._check_size(size)
            stop = start + size
            if end < stop:
                self._needed = stop - position
                break
            payload = bytearray(memoryview(data)[start:stop])
            position = stop
            self._handle(first, payload)
        return position
