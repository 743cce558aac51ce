"""A Durable Object: calls that do nothing, a room that everybody hears, writes, a mere visit."""

import asyncio
import json
import time

from js import WebSocketPair
from workers import DurableObject, Response, WorkerEntrypoint


class Room(DurableObject):
    async def fetch(self, request):
        if request.headers.get("Upgrade") != "websocket":
            return Response("ok")
        client, server = WebSocketPair.new().object_values()
        self.ctx.acceptWebSocket(server)
        if request.url.endswith("/visit"):
            await self.ctx.storage.put("visited", True)
        return Response(None, status=101, web_socket=client)

    async def webSocketMessage(self, ws, message):
        for socket in self.ctx.getWebSockets():
            socket.send(message)

    async def nothing(self):
        return None

    async def write(self, count, per_turn, value):
        """Seconds for ``count`` puts and gets, ``per_turn`` of them in a turn, so in a commit."""
        storage = self.ctx.storage
        started = time.perf_counter()
        for number in range(count):
            key = f"key {number % 1000}"
            await storage.put(key, value)
            await storage.get(key)
            if number % per_turn == per_turn - 1:
                await asyncio.sleep(0)
        return time.perf_counter() - started


async def _empty():
    return None


async def _seconds(count, call):
    started = time.perf_counter()
    for _ in range(count):
        await call()
    return time.perf_counter() - started


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        _, _, _, name, what, *rest = f"{request.url}/".split("/")
        room = self.env.ROOM.getByName(name)
        if what == "hops":
            calls = {"fetch": lambda: room.fetch("http://room/"), "rpc": room.nothing}
            count = int(rest[1])
            taken = await _seconds(count, calls[rest[0]]) - await _seconds(count, _empty)
            return Response(json.dumps(taken / count))
        if what == "write":
            return Response(json.dumps(await room.write(int(rest[0]), int(rest[1]), "x" * 100)))
        if request.headers.get("Upgrade") == "websocket":
            return await room.fetch(request)
        return Response("ok")
