"""A dev server in the test's own process."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from wrangler_py.config import DevOptions, Overrides, load_config
from wrangler_py.config.model import Config
from wrangler_py.reload.dev_server import DevServer

WORKER = """
    from js import WebSocketPair
    from pyodide.ffi import create_proxy
    from workers import Response, WorkerEntrypoint

    class Default(WorkerEntrypoint):
        async def fetch(self, request):
            if request.headers.get("Upgrade") != "websocket":
                return Response("VERSION")
            client, server = WebSocketPair.new().object_values()
            server.accept()
            reply = create_proxy(lambda event: server.send("VERSION " + event.data))
            server.addEventListener("message", reply)
            return Response(None, status=101, web_socket=client)
    """


class Project:
    """A script on disk, the server that watches it, and a client."""

    def __init__(self, folder: Path, client: aiohttp.ClientSession) -> None:
        self.main = folder / "entry.py"
        self.client = client
        self.server: DevServer

    def save(self, source: str) -> None:
        self.main.write_text(textwrap.dedent(source))

    def save_version(self, version: str) -> None:
        self.save(WORKER.replace("VERSION", version))

    async def start(self, **options: Any) -> None:
        config = Config("test", self.main, "2026-11-01")
        self.server = DevServer(
            DevOptions(config, ip="127.0.0.1", port=0, port_is_explicit=True, **options)
        )
        await self.server.start()
        self.server.watch()

    async def start_configured(self) -> None:
        """With the `wrangler.jsonc` beside the script."""
        overrides = Overrides(config=self.main.with_name("wrangler.jsonc"))
        config = load_config(overrides, self.main.parent)
        self.server = DevServer(
            DevOptions(config, overrides, "127.0.0.1", 0, port_is_explicit=True)
        )
        await self.server.start()
        self.server.watch()

    async def get(self) -> str:
        async with self.client.get(self.server.url) as answer:
            return await answer.text()

    async def until(self, wanted: str) -> None:
        """Ask until the answer holds ``wanted``; the test's timeout is the limit."""
        while wanted not in await self.get():
            pass


@pytest.fixture
def own_imports() -> Iterator[None]:
    """What a server changes about imports is as before afterwards."""
    path, meta_path = list(sys.path), list(sys.meta_path)
    yield
    sys.path[:], sys.meta_path[:] = path, meta_path
    sys.modules.pop("entry", None)


@pytest.fixture
async def project(tmp_path: Path, own_imports: None) -> Any:
    async with aiohttp.ClientSession() as client:
        made = Project(tmp_path, client)
        yield made
        await made.server.close()
