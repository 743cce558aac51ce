"""Durable Objects of a script, without a server: what the tests of their life stand on."""

from __future__ import annotations

import asyncio
import textwrap
from pathlib import Path
from typing import Any

from wrangler_py.config.model import Config
from wrangler_py.durable.objects import Objects
from wrangler_py.runtime.worker import Surroundings, Worker
from wrangler_py.web.request import Request
from wrangler_py.web.response import Response
from wrangler_py.web.websocket_wire import Wire, couple

PRELUDE = """
import asyncio
import js
from js import Object, WebSocketPair
from pyodide.ffi import create_proxy, to_js
from workers import DurableObject, Response, WorkerEntrypoint

LOG = []
"""


class Log(list[Any]):
    """What a script notes down; a test waits for it to grow."""

    def __init__(self) -> None:
        super().__init__()
        self._grew = asyncio.Event()

    def append(self, item: Any) -> None:
        super().append(item)
        self._grew.set()

    async def reaches(self, count: int) -> None:
        while len(self) < count:
            self._grew.clear()
            await self._grew.wait()


class Client:
    """The network side of a socket: what it got, and what it says."""

    buffered = 0

    def __init__(self, end: Any) -> None:
        self.got: list[Any] = []
        self.came = asyncio.Event()
        self.wire: Wire = couple(end, self)

    def send(self, data: str | bytes) -> None:
        self._take(data)

    def close(self, code: int | None, reason: str) -> None:
        self._take(("close", code, reason))

    def abort(self) -> None:
        self._take("abort")

    def _take(self, item: Any) -> None:
        self.got.append(item)
        self.came.set()

    def say(self, data: str | bytes) -> None:
        self.wire.message(data)

    async def hears(self, count: int) -> list[Any]:
        """The first ``count`` things that came."""
        while len(self.got) < count:
            self.came.clear()
            await self.came.wait()
        return self.got[:count]


class World:
    """A script's objects, on disk in ``folder``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.objects = self._registry()
        self.worker: Worker
        self.errors: list[str] = []

    def _registry(self, hibernate_after: float = 10.0) -> Objects:
        return Objects(self.folder / "state", hibernate_after)

    def load(self, source: str, **config: Any) -> Worker:
        """Load, or replace, the script; its classes are bound by their names."""
        main = self.folder / "entry.py"
        main.write_text(PRELUDE + textwrap.dedent(source))
        config.setdefault("compatibility_date", "2026-11-01")
        settings = Config(name="test", main=main, **config)
        previous = getattr(self, "worker", None)
        surroundings = Surroundings(_NoNetwork(), self._report, self.objects)
        self.worker = Worker.load(settings, surroundings, previous)
        self.worker.code.main.LOG = Log()
        self.objects.keep_deferred(self.worker)
        self.objects.use(self.worker)
        if previous is not None:
            previous.retire()
        return self.worker

    def restart(self, source: str, **config: Any) -> Worker:
        """The process ended, and starts again."""
        self.close()
        del self.worker
        self.objects = self._registry()
        return self.load(source, **config)

    def close(self) -> None:
        self.objects.close()
        if hasattr(self, "worker"):
            self.worker.close()

    def _report(self, _worker: Worker, exc: BaseException, where: str) -> None:
        self.errors.append(f"{where}: {exc}")

    @property
    def log(self) -> Log:
        """What the script put into its `LOG`."""
        found: Log = self.worker.code.main.LOG
        return found

    def stub(self, binding: str = "ROOM", name: str = "a") -> Any:
        return getattr(self.worker.env, binding).getByName(name)

    async def connect(self, stub: Any, path: str = "/") -> Client:
        """Ask the object for a WebSocket."""
        response = await stub.fetch(f"http://do{path}")
        return Client(response._web_socket)


class _NoNetwork:
    async def fetch(self, request: Request) -> Response:
        raise AssertionError(f"unexpected fetch of {request.url}")
