"""`pywrangler dev`, killed at random moments: what a Durable Object acknowledged is there."""

from __future__ import annotations

import asyncio
import random
from contextlib import suppress
from pathlib import Path

import aiohttp
import pytest

from .processes import dev

pytestmark = pytest.mark.once

ROUNDS = 8
AHEAD = 8
"""Messages that are sent before the first of them is acknowledged."""

WORKER = """
import json
from js import WebSocketPair
from workers import DurableObject, Response, WorkerEntrypoint

KEYS = [f"key {number}" for number in range(20)]
FAR = 4_000_000_000_000

class Ledger(DurableObject):
    def __init__(self, ctx, env):
        super().__init__(ctx, env)
        self.sql = self.ctx.storage.sql
        self.sql.exec("CREATE TABLE IF NOT EXISTS log (n INTEGER PRIMARY KEY, payload TEXT)")

    async def write(self, n):
        await self.ctx.storage.put({key: n for key in KEYS})
        self.sql.exec("INSERT INTO log VALUES (?, ?)", n, "x" * 500)
        await self.ctx.storage.setAlarm(FAR + n)

    async def fetch(self, request):
        if request.headers.get("Upgrade") == "websocket":
            client, server = WebSocketPair.new().object_values()
            self.ctx.acceptWebSocket(server)
            return Response(None, status=101, web_socket=client)
        if request.method == "POST":
            number = await request.text()
            await self.write(int(number))
            return Response(number)
        kept = await self.ctx.storage.get(KEYS)
        row = self.sql.exec("SELECT count(*) AS n, coalesce(max(n), 0) AS last FROM log").one()
        alarm = await self.ctx.storage.getAlarm()
        return Response(json.dumps({
            "keys": sorted({kept[key] for key in KEYS if key in kept}),
            "rows": [row.n, row.last],
            "alarm": alarm - FAR if alarm else None,
        }))

    async def webSocketMessage(self, ws, message):
        await self.write(int(message))
        ws.send(message)
        sum(range(30_000))  # the turn goes on: nothing is committed while it does

    async def alarm(self):
        pass

class Default(WorkerEntrypoint):
    async def fetch(self, request):
        return await self.env.LEDGER.getByName(request.url.rsplit("/", 1)[1]).fetch(request)
"""


async def found(client: aiohttp.ClientSession, url: str) -> int:
    """The last number that an object knows; it knows it everywhere, or nowhere."""
    async with client.get(url) as response:
        state = await response.json(content_type=None)
    count, last = state["rows"]
    assert count == last
    assert state["keys"] == ([last] if last else [])
    assert state["alarm"] == (last or None)
    return int(last)


async def write_by_http(client: aiohttp.ClientSession, url: str, last: int) -> int:
    """Write numbers after ``last`` until the server is gone; the last one acknowledged."""
    with suppress(aiohttp.ClientError):
        while True:
            async with client.post(url, data=str(last + 1)) as response:
                assert await response.text() == str(last + 1)
                last += 1
    return last


async def write_by_websocket(client: aiohttp.ClientSession, url: str, last: int) -> int:
    """As above, in messages."""
    with suppress(aiohttp.ClientError):
        async with client.ws_connect(url) as socket:
            for number in range(last + 1, last + 1 + AHEAD):
                await socket.send_str(str(number))
            while (message := await socket.receive()).type is aiohttp.WSMsgType.TEXT:
                assert message.data == str(last + 1)
                last += 1
                await socket.send_str(str(last + AHEAD))
    return last


@pytest.mark.timeout(60)
async def test_every_acknowledged_write_survives_a_kill_and_none_is_torn(tmp_path: Path):
    (tmp_path / "worker.py").write_text(WORKER)
    chance = random.Random(5)
    options = ("worker.py", "--persist-to", str(tmp_path / "state"), "--no-reload")
    acknowledged = [0, 0]
    for number in range(ROUNDS + 1):
        folder = tmp_path / str(number)
        folder.mkdir()
        with dev(*options, cwd=tmp_path, folder=folder) as running:
            async with aiohttp.ClientSession(running.url) as client:
                known = [await found(client, "/http"), await found(client, "/ws")]
                assert known[0] in (acknowledged[0], acknowledged[0] + 1)
                assert acknowledged[1] <= known[1] <= acknowledged[1] + AHEAD
                if number == ROUNDS:
                    break
                loop = asyncio.get_running_loop()
                loop.call_later(chance.uniform(0.02, 0.15), running.process.kill)
                acknowledged = await asyncio.gather(
                    write_by_http(client, "/http", known[0]),
                    write_by_websocket(client, "/ws", known[1]),
                )
    assert min(acknowledged) > 0
