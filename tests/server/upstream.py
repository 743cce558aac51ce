"""Servers on real ports that a test scripts, and a worker's way to them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any

import pytest

from wrangler_py import compat, context
from wrangler_py.js.errors import JsException
from wrangler_py.js.object import JsObject
from wrangler_py.server.outgoing import Network
from wrangler_py.web.fetch import fetch

Handler = Callable[["Upstream", "Exchange"], Awaitable[None]]


class Exchange:
    """One request that an upstream server got, and the way to answer it."""

    def __init__(self, head: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter):
        line, *fields = head.rstrip("\r\n").split("\r\n")
        self.method, self.target, _ = line.split(" ")
        self.headers = [tuple(field.split(": ", 1)) for field in fields]
        self.reader = reader
        self.writer = writer

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key.lower() == name), None)

    async def body(self) -> bytes:
        length = self.header("content-length")
        if length is not None:
            return await self.reader.readexactly(int(length))
        if self.header("transfer-encoding") != "chunked":
            return b""
        whole = b""
        while size := int(await self.reader.readline(), 16):
            whole += await self.reader.readexactly(size)
            await self.reader.readexactly(2)
        await self.reader.readexactly(2)
        return whole

    async def answer(
        self, body: bytes = b"", *headers: str, status: str = "200 OK", length: int | None = None
    ) -> None:
        size = len(body) if length is None else length
        lines = [f"HTTP/1.1 {status}", *headers, f"Content-Length: {size}", "", ""]
        self.writer.write("\r\n".join(lines).encode() + body)
        await self.writer.drain()


class Upstream:
    """A server that answers each request as the test says."""

    def __init__(self, handler: Handler) -> None:
        self.handler = handler
        self.requests: list[Exchange] = []
        self.connections = 0
        self.ended = asyncio.Event()
        """A client has ended its connection."""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while head := (await reader.readuntil(b"\r\n\r\n")).decode():
                exchange = Exchange(head, reader, writer)
                self.requests.append(exchange)
                await self.handler(self, exchange)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self.ended.set()
            writer.close()


class World:
    """A worker's context, its network, and the servers that it reaches."""

    def __init__(self, date: str) -> None:
        self.network = Network()
        owner = SimpleNamespace(transport=self.network, forget=lambda _: None)
        self.context = context.IoContext(owner, "test", compat.resolve(date))
        self.context.hold()  # the event that fetches goes on
        self.servers: list[asyncio.Server] = []

    async def upstream(self, handler: Handler) -> tuple[Upstream, str]:
        upstream = Upstream(handler)
        server = await asyncio.start_server(upstream.serve, "127.0.0.1", 0)
        self.servers.append(server)
        return upstream, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"

    def fetch(self, url: str, **init: Any) -> Any:
        return self.context.run(fetch, url, JsObject(init))


@asynccontextmanager
async def open_world(date: str = "2026-11-01") -> AsyncIterator[World]:
    world = World(date)
    yield world
    world.context.close()
    await world.network.close()
    for server in world.servers:
        server.close()


async def failure(awaitable: Awaitable[Any]) -> str:
    """What the promise is rejected with."""
    with pytest.raises(JsException) as caught:
        await awaitable
    return str(caught.value)


async def stands_still(count: Callable[[], int]) -> None:
    """Wait until back-pressure is felt: nothing has moved for a while."""
    before = -1
    for _ in range(100):
        if before == (before := count()) != 0:
            return
        await asyncio.sleep(0.1)
    pytest.fail("it never stopped")
