"""Workers that are recorded, and workers that a session is played to."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from wrangler_py.config import DevOptions, Overrides, load_config
from wrangler_py.reload.dev_server import DevServer
from wrangler_py.session import Report, replay

WORKER = """
    import asyncio, json, uuid
    from datetime import UTC, datetime
    from urllib.parse import urlsplit
    from js import ReadableStream, WebSocketPair
    from pyodide.ffi import create_proxy, to_js
    from workers import DurableObject, Response, WorkerEntrypoint

    numbers = []

    class Default(WorkerEntrypoint):
        async def fetch(self, request):
            path = urlsplit(request.url).path
            return await getattr(self, "on_" + path.strip("/").partition("/")[0])(request)

        async def on_echo(self, request):
            body = await request.bytes()
            return Response(bytes(body), headers={"X-Method": request.method})

        async def on_fail(self, request):
            raise ValueError("no such luck")

        async def on_login(self, request):
            number = str(uuid.uuid4())
            headers = {"Set-Cookie": f"session={number}; Path=/"}
            at = datetime.now(UTC).isoformat()
            return Response.json({"session": number, "at": at}, headers=headers)

        async def on_me(self, request):
            cookie = request.headers.get("Cookie") or ""
            known = cookie.startswith("session=") and len(cookie) > 20
            return Response(f"{cookie.partition('=')[2] if known else 'nobody'}")

        async def on_stream(self, request):
            async def start(controller):
                for piece in ("one ", "two ", "three"):
                    controller.enqueue(to_js(piece.encode()))
                    await asyncio.sleep(0.01)
                controller.close()
            return Response(ReadableStream.new(start=create_proxy(start)))

        async def on_where(self, request):
            return Response.redirect(request.url.replace("where", "there"), 302)

        async def on_ws(self, request):
            if (request.headers.get("Upgrade") or "").lower() != "websocket":
                return Response("Expected Upgrade: websocket", status=426)
            client, server = WebSocketPair.new().object_values()
            server.accept()
            clicks = 0

            def on_message(event):
                nonlocal clicks
                data = event.data
                if not isinstance(data, str):
                    server.send(data)
                elif data == "click":
                    clicks += 1
                    server.send(json.dumps({"count": clicks, "id": str(uuid.uuid4())}))
                elif data == "bye":
                    server.close(4002, "as you wish")
                elif data == "three":
                    for each in ("a", "b", "c"):
                        server.send(each)
                else:
                    server.send(data)

            server.addEventListener("message", create_proxy(on_message))
            return Response(None, status=101, web_socket=client)

        async def on_refused(self, request):
            return Response("not you", status=403)

        async def on_room(self, request):
            return await self.env.ROOM.getByName("one").fetch(request)

    class Room(DurableObject):
        async def fetch(self, request):
            client, server = WebSocketPair.new().object_values()
            self.ctx.acceptWebSocket(server)
            return Response(None, status=101, web_socket=client)

        async def webSocketMessage(self, ws, message):
            for each in self.ctx.getWebSockets():
                each.send(f"told {message}")

        async def webSocketClose(self, ws, code, reason, clean):
            ws.close(code, reason)
    """

Client = Callable[[aiohttp.ClientSession], Awaitable[None]]


class Project:
    """A script on disk."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.main = folder / "entry.py"
        self.session = folder / "session.jsonl"
        self._runs = 0
        self.save()

    def save(self, *changes: tuple[str, str]) -> None:
        """The worker above, with each text of ``changes`` replaced by another."""
        source = WORKER
        for old, new in changes:
            assert old in source
            source = source.replace(old, new)
        self.main.write_text(textwrap.dedent(source))

    @asynccontextmanager
    async def served(self, record: Path | None = None) -> AsyncIterator[DevServer]:
        self._runs += 1
        options = DevOptions(
            load_config(Overrides(self.main, compatibility_date="2026-11-01"), self.folder),
            ip="127.0.0.1",
            port=0,
            port_is_explicit=True,
            record=record,
            reload=False,
            persist_to=self.folder / f"state-{self._runs}",
        )
        server = DevServer(options)
        try:
            await server.start()
            yield server
        finally:
            await server.close()

    async def record(self, client: Client) -> Path:
        """Record what ``client`` does."""
        async with self.served(self.session) as server, aiohttp.ClientSession(server.url) as http:
            await client(http)
        return self.session

    async def replay(self, **wishes: bool) -> Report:
        """Play it to the script as it is now."""
        async with self.served() as server:
            return await replay(self.session, server.url, timeout=1, **wishes)

    def line(self, *parts: str) -> int:
        """The number of the first line of the session with all of ``parts``."""
        lines = self.session.read_text().splitlines()
        return next(n for n, line in enumerate(lines, 1) if all(part in line for part in parts))


@pytest.fixture
def project(tmp_path: Path) -> object:
    path, meta_path = list(sys.path), list(sys.meta_path)
    yield Project(tmp_path)
    sys.path[:], sys.meta_path[:] = path, meta_path
    sys.modules.pop("entry", None)
