"""The load, in a process of its own: raw sockets, one request or message in flight on each.

`python -m bench.client PORT SHAPE CONNECTIONS SECONDS` prints what it counted as JSON.
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import resource
import sys
import time
from collections.abc import Callable

TEXT = b"x" * 32
_MASK = bytes(4)  # all zero: the payload stays as it is, the server unmasks all the same
_FRAME = bytes([0x81, 0x80 | len(TEXT)]) + _MASK + TEXT
_ECHO = 2 + len(TEXT)

_HEAD = b"Host: 127.0.0.1\r\n"
_REQUESTS = {
    "hello": b"GET / HTTP/1.1\r\n" + _HEAD + b"\r\n",
    "post": b"POST / HTTP/1.1\r\n" + _HEAD + b"Content-Length: 1024\r\n\r\n" + b"y" * 1024,
}


class _Http(asyncio.Protocol):
    """Sends a request, waits for the whole answer, sends the next."""

    def __init__(self, request: bytes) -> None:
        self.request, self.count = request, 0
        self._missing = 0
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]
        transport.write(self.request)  # type: ignore[attr-defined]

    def data_received(self, data: bytes) -> None:
        if self._missing == 0:
            head, _, body = data.partition(b"\r\n\r\n")
            if not head.startswith(b"HTTP/1.1 200"):
                raise RuntimeError(f"unexpected answer: {head[:200]!r}")
            length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
            self._missing = length - len(body)
        else:
            self._missing -= len(data)
        if self._missing == 0 and self._transport is not None:
            self.count += 1
            self._transport.write(self.request)


class _WebSocket(asyncio.Protocol):
    """Upgrades, then sends a message, waits for its echo, sends the next."""

    def __init__(self, *, talks: bool = True) -> None:
        self.count, self._seen, self._talks = 0, 0, talks
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]
        key = base64.b64encode(os.urandom(16))
        transport.write(  # type: ignore[attr-defined]
            b"GET / HTTP/1.1\r\n" + _HEAD + b"Upgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + key + b"\r\n\r\n"
        )

    def data_received(self, data: bytes) -> None:
        if not self.opened.done():
            if not data.startswith(b"HTTP/1.1 101"):
                raise RuntimeError(f"unexpected answer: {data[:200]!r}")
            self.opened.set_result(None)
            if self._talks and self._transport is not None:
                self._transport.write(_FRAME)
            return
        self._seen += len(data)
        if self._seen == _ECHO and self._transport is not None:
            self._seen = 0
            self.count += 1
            self._transport.write(_FRAME)


async def load(port: int, shape: str, connections: int, seconds: float) -> dict[str, float]:
    """Run one shape of load; requests or messages per second."""
    loop = asyncio.get_running_loop()
    make: Callable[[], _Http | _WebSocket]
    make = _WebSocket if shape == "websocket" else lambda: _Http(_REQUESTS[shape])
    peers = [(await loop.create_connection(make, "127.0.0.1", port))[1] for _ in range(connections)]
    await asyncio.sleep(0.3)  # warm
    started, before = time.perf_counter(), sum(peer.count for peer in peers)
    await asyncio.sleep(seconds)
    count = sum(peer.count for peer in peers) - before
    return {"per_second": count / (time.perf_counter() - started)}


async def idle(port: int, connections: int) -> dict[str, float]:
    """Open idle WebSockets, say so, and keep them until standard input ends."""
    loop = asyncio.get_running_loop()
    for start in range(0, connections, 100):
        made = await asyncio.gather(
            *(
                loop.create_connection(lambda: _WebSocket(talks=False), "127.0.0.1", port)
                for _ in range(min(100, connections - start))
            )
        )
        await asyncio.gather(*(peer.opened for _, peer in made))
    print(json.dumps({"open": connections}), flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    return {}


def main() -> None:
    port, shape, connections = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    work = idle(port, connections) if shape == "idle" else None
    result = asyncio.run(work or load(port, shape, connections, float(sys.argv[4])))
    if result:
        print(json.dumps(result))


if __name__ == "__main__":
    main()
