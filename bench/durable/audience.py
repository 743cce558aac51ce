"""The clients of a room, in a process of their own.

`python -m bench.durable.audience PORT PATH COUNT` opens the sockets and says so. Then, for each
line with a number on standard input, the first one says something that often, each time when
all have heard what it said before. ``{}`` in PATH is the number of the socket.
"""

from __future__ import annotations

import asyncio
import base64
import os
import sys

from wrangler_py.reload.process import allow_many_files

TEXT = b"x" * 32
_MASK = bytes(4)  # all zero: the payload stays as it is, the server unmasks all the same
_FRAME = bytes([0x81, 0x80 | len(TEXT)]) + _MASK + TEXT
_HEARD = 2 + len(TEXT)


class Room:
    """What all have heard."""

    def __init__(self, count: int) -> None:
        self.count, self._missing = count, 0
        self._heard = asyncio.Event()

    async def say(self, socket: Member) -> None:
        self._missing = self.count * _HEARD
        self._heard.clear()
        socket.transport.write(_FRAME)
        await self._heard.wait()

    def take(self, size: int) -> None:
        self._missing -= size
        if self._missing == 0:
            self._heard.set()


class Member(asyncio.Protocol):
    """One socket."""

    transport: asyncio.Transport

    def __init__(self, room: Room, path: str) -> None:
        self._room, self._path = room, path
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport  # type: ignore[assignment]
        key = base64.b64encode(os.urandom(16)).decode()
        self.transport.write(
            f"GET {self._path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            f"Sec-WebSocket-Key: {key}\r\n\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        if self.opened.done():
            self._room.take(len(data))
        elif data.startswith(b"HTTP/1.1 101"):
            self.opened.set_result(None)
        else:
            raise RuntimeError(f"unexpected answer: {data[:200]!r}")


async def attend(port: int, path: str, count: int) -> None:
    loop = asyncio.get_running_loop()
    room, members = Room(count), []
    for number in range(count):
        _, member = await loop.create_connection(
            lambda number=number: Member(room, path.format(number)), "127.0.0.1", port
        )
        await member.opened
        members.append(member)
    print("open", flush=True)
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        for _ in range(int(line)):
            await room.say(members[0])
        print("heard", flush=True)


if __name__ == "__main__":
    allow_many_files()
    asyncio.run(attend(int(sys.argv[1]), sys.argv[2], int(sys.argv[3])))
