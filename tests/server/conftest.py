"""A server of its own for each test that asks."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from wrangler_py.server.app import Server

from .stand_in import Handler, Host, Served, StandInWorker

Serve = Callable[..., Awaitable[Served]]


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """`await serve(handler, ...)`: the server is closed after the test."""
    running: list[Served] = []

    async def start(handler: Handler | None, date: str = "2026-11-01", **options: Any) -> Served:
        host = Host(None if handler is None else StandInWorker(handler, date))
        server = Server(host, **options)
        served = Served(host, server, await server.start("127.0.0.1", 0))
        running.append(served)
        return served

    yield start
    for served in running:
        await served.close()
