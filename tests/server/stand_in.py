"""A worker of plain functions, served by the real server on a real port; and raw clients."""

from __future__ import annotations

import asyncio
import base64
import os
import random
import struct
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from wrangler_py import compat, context
from wrangler_py.context import IoContext
from wrangler_py.js.object import JsObject
from wrangler_py.server.app import Server
from wrangler_py.web.request import Request
from wrangler_py.web.response import Response
from wrangler_py.web.websocket import WebSocket, make_pair

Handler = Callable[[Request], Awaitable[Response]]
KEY = "dGhlIHNhbXBsZSBub25jZQ=="
ROOT = Path(__file__).parent

_dice = random.Random(0)  # frames name the tests that send them: each run has the same


class StandInWorker:
    """As much of `runtime.worker.Worker` as the server sees."""

    def __init__(self, handler: Handler, date: str = "2026-11-01") -> None:
        self.handler = handler
        self.compat = compat.resolve(date)
        self.version, self.loaded_at = 3, 0.0
        self.reported: list[tuple[BaseException, str]] = []
        self.contexts: set[IoContext] = set()

    def new_context(self, label: str) -> IoContext:
        owner = IoContext(self, label, self.compat, lambda *args: self.reported.append(args))
        self.contexts.add(owner)
        return owner

    def forget(self, owner: IoContext) -> None:
        self.contexts.discard(owner)

    async def answer(self, request: Request, owner: IoContext) -> Response:
        owner.answering = True
        token = context._current.set(owner)
        try:
            return await self.handler(request)
        finally:
            context._current.reset(token)


class Host:
    """What the server serves."""

    def __init__(self, worker: StandInWorker | None) -> None:
        self.worker: Any = worker
        self.error: BaseException | None = None
        self.root = ROOT


class Served:
    """A running server."""

    def __init__(self, host: Host, server: Server, port: int) -> None:
        self.host, self.server, self.port = host, server, port
        self.clients: list[Client] = []

    @property
    def worker(self) -> StandInWorker:
        return self.host.worker  # type: ignore[no-any-return]

    @property
    def url(self) -> str:
        return f"127.0.0.1:{self.port}"

    async def connect(self) -> Client:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        self.clients.append(Client(reader, writer))
        return self.clients[-1]

    async def close(self) -> None:
        """End the clients, then the server."""
        for client in self.clients:
            client.writer.transport.abort()
            await client.close()
        await self.server.close()

    async def exchange(self, sent: bytes) -> tuple[int, dict[str, str], bytes]:
        """Send bytes on a connection of their own; the answer's status, headers and body."""
        client = await self.connect()
        try:
            client.write(sent)
            return await client.response()
        finally:
            await client.close()

    async def websocket(self, path: str = "/ws", headers: str = "") -> Client:
        """A connection on which the handshake is done."""
        client = await self.connect()
        client.write(upgrade(path, headers))
        status, client.headers, _ = await client.response()
        assert status == 101
        return client


def upgrade(path: str = "/ws", headers: str = "") -> bytes:
    return (
        f"GET {path} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
        f"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {KEY}\r\n"
        f"{headers}\r\n"
    ).encode()


class Client:
    """A raw connection: what is sent is exactly what a test says."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer
        self.headers: dict[str, str] = {}

    def write(self, data: bytes) -> None:
        self.writer.write(data)

    async def close(self) -> None:
        self.writer.close()
        try:
            await self.writer.wait_closed()
        except OSError:
            pass

    async def response(self, method: str = "GET") -> tuple[int, dict[str, str], bytes]:
        """One HTTP response, with its body by Content-Length or chunks."""
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode("utf-8")
        first, *lines = head.split("\r\n")[:-2]
        status = int(first.split(" ")[1])
        headers: dict[str, str] = {"": first}
        for line in lines:
            name, _, value = line.partition(": ")
            lower = name.lower()
            headers[lower] = f"{headers[lower]}, {value}" if lower in headers else value
        body = b""
        if method == "HEAD" or status in (101, 204, 304) or status < 200:
            pass
        elif "content-length" in headers:
            body = await self.reader.readexactly(int(headers["content-length"]))
        elif headers.get("transfer-encoding") == "chunked":
            while size := int(await self.reader.readuntil(b"\r\n"), 16):
                body += (await self.reader.readexactly(size + 2))[:-2]
            await self.reader.readexactly(2)
        else:
            body = await self.reader.read()
        return status, headers, body

    async def frame(self) -> tuple[int, bytes]:
        """One frame of the server: its first byte and its payload; (-1, b"") at the end."""
        try:
            first, size = await self.reader.readexactly(2)
            if size == 126:
                size = int.from_bytes(await self.reader.readexactly(2), "big")
            elif size == 127:
                size = int.from_bytes(await self.reader.readexactly(8), "big")
            return first, await self.reader.readexactly(size)
        except asyncio.IncompleteReadError as exc:
            return -1, exc.partial  # bytes only if it ended inside a frame

    async def close_code(self) -> tuple[int | None, str]:
        """The Close frame that comes next, then the end of the connection."""
        first, payload = await self.frame()
        assert first == 0x88, (first, payload)
        assert await self.frame() == (-1, b"")
        return read_close(payload)


def read_close(payload: bytes) -> tuple[int | None, str]:
    if not payload:
        return None, ""
    return int.from_bytes(payload[:2], "big"), payload[2:].decode()


def masked(first: int, payload: bytes = b"", *, size: int | None = None) -> bytes:
    """A client's frame; ``size`` lies about the length."""
    length = len(payload) if size is None else size
    if length < 126:
        head = bytes((first, 0x80 | length))
    elif length < 0x10000:
        head = bytes((first, 0xFE)) + struct.pack("!H", length)
    else:
        head = bytes((first, 0xFF)) + struct.pack("!Q", length)
    mask = _dice.randbytes(4)
    key = (mask * (len(payload) // 4 + 1))[: len(payload)]
    body = int.from_bytes(payload, "big") ^ int.from_bytes(key, "big")
    return head + mask + body.to_bytes(len(payload), "big")


def text(data: str) -> bytes:
    return masked(0x81, data.encode())


def close(code: int | None = None, reason: str | bytes = b"") -> bytes:
    if code is None:
        return masked(0x88)
    detail = reason.encode() if isinstance(reason, str) else reason
    return masked(0x88, struct.pack("!H", code) + detail)


def random_key() -> str:
    return base64.b64encode(os.urandom(16)).decode()


# Handlers.


def websocket_response(
    end: WebSocket, headers: list[list[str]] | None = None, status: int = 101
) -> Response:
    props: dict[str, Any] = {"status": status, "webSocket": end}
    if headers is not None:
        props["headers"] = JsObject(dict(headers))  # type: ignore[arg-type]
    return Response(None, JsObject(props))


def accepted(
    on_message: Callable[[WebSocket, Any], None] | None = None,
    on_close: Callable[[WebSocket, Any], None] | None = None,
    on_error: Callable[[WebSocket, Any], None] | None = None,
) -> tuple[WebSocket, WebSocket]:
    """A pair whose second end is accepted and listens."""
    client, server = make_pair()
    server.accept()
    server.binaryType = "arraybuffer"
    for kind, listener in (("message", on_message), ("close", on_close), ("error", on_error)):
        if listener is not None:
            setattr(server, f"on{kind}", _bound(listener, server))
    return client, server


def _bound(listener: Callable[[WebSocket, Any], None], end: WebSocket) -> Callable[[Any], None]:
    return lambda event: listener(end, event)


async def echo(_request: Request) -> Response:
    client, _ = accepted(lambda end, event: end.send(event.data))
    return websocket_response(client)


async def hello(_request: Request) -> Response:
    return Response("hello")
