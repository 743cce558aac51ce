"""Pairs, a network that remembers, and logs of events: what the WebSocket tests stand on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from wrangler_py import compat, context
from wrangler_py.js.callbacks import create_proxy
from wrangler_py.js.errors import JsException
from wrangler_py.web.websocket import WebSocket, make_pair
from wrangler_py.web.websocket_wire import Wire, couple

NEW, OLD = "2026-11-01", "2025-10-01"


class Network:
    """A sink that remembers."""

    buffered = 0

    def __init__(self) -> None:
        self.log: list[Any] = []

    def send(self, data: str | bytes) -> None:
        self.log.append(data)

    def close(self, code: int | None, reason: str) -> None:
        self.log.append(("close", code, reason))

    def abort(self) -> None:
        self.log.append("abort")


def make_context(date: str = NEW, *flags: str) -> context.IoContext:
    return context.IoContext(None, "test", compat.resolve(date, flags))


def watch(end: WebSocket, log: list[Any]) -> None:
    """Log each event with the readyState that its listener sees."""

    def message(event: Any) -> None:
        data = event.data
        log.append(("message", data if isinstance(data, str) else data.to_bytes()))

    def close(event: Any) -> None:
        log.append(("close", event.code, event.reason, event.wasClean, end.readyState))

    def error(event: Any) -> None:
        log.append(("error", event.message.splitlines()[0], end.readyState))

    for kind, listener in (("message", message), ("close", close), ("error", error)):
        end.addEventListener(kind, create_proxy(listener))


async def turns(count: int = 8) -> None:
    """Let what is scheduled run: each hop between the ends takes one turn."""
    for _ in range(count):
        await asyncio.sleep(0)


def accepted_pair(log: list[Any] | None = None) -> tuple[WebSocket, WebSocket]:
    one, other = make_pair()
    one.accept()
    other.accept()
    if log is not None:
        watch(other, log)
    return one, other


def served(log: list[Any]) -> tuple[WebSocket, Wire, Network]:
    """The worker's end of a pair whose other end was returned to a client."""
    client, server = make_pair()
    network = Network()
    server.accept()
    watch(server, log)
    return server, couple(client, network), network


def error_of(action: Callable[[], Any]) -> str:
    with pytest.raises(JsException) as caught:
        action()
    return str(caught.value)
