"""Durable Objects across reloads: their sockets stay, and nothing that is said is lost."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import replace
from typing import Any

import aiohttp
import pytest

from wrangler_py.config.model import CodeUpdateStrategy

ROOMS, PER_ROOM, RELOADS = 10, 5, 100

CHAT = """
    import asyncio
    from js import WebSocketPair
    from pyodide.ffi import to_js
    from workers import DurableObject, Response, WorkerEntrypoint

    class Room(DurableObject):
        async def fetch(self, request):
            client, server = WebSocketPair.new().object_values()
            name = request.url.rsplit("/", 1)[1]
            self.ctx.acceptWebSocket(server, to_js([name]))
            server.serializeAttachment(name)
            return Response(None, status=101, web_socket=client)

        async def webSocketMessage(self, ws, number):
            name = ws.deserializeAttachment()
            expected = await self.ctx.storage.get(name) or 0
            await self.ctx.storage.put(name, expected + 1)
            tag = list(self.ctx.getTags(ws))[0]
            for each in self.ctx.getWebSockets():
                each.send(f"{name} {number} {expected} VERSION {tag}")
            if PAUSES and int(number) % 7 == 0:
                await asyncio.sleep(0.001)
                ws.send(f"{name}/later {number} {number} VERSION {tag}/later")

    class Default(WorkerEntrypoint):
        async def fetch(self, request):
            room = request.url.rsplit("/", 2)[1]
            return await self.env.ROOM.getByName(room).fetch(request)
    """


class Chatter:
    """One client: says numbers, and writes down what it hears from whom."""

    def __init__(self, name: str, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.name, self.socket = name, socket
        self.said = 0
        self.heard: dict[str, list[int]] = defaultdict(list)
        self.versions: dict[str, list[int]] = defaultdict(list)
        self.stored_wrong: list[str] = []
        self.progress = asyncio.Event()

    async def listen(self) -> None:
        async for message in self.socket:
            name, number, stored, version, tag = message.data.split()
            self.heard[name].append(int(number))
            self.versions[name].append(int(version))
            if (number, name) != (stored, tag):
                self.stored_wrong.append(message.data)
            self.progress.set()

    async def chat(self, done: asyncio.Event) -> None:
        while not done.is_set():
            for _ in range(2):
                await self.socket.send_str(str(self.said))
                self.said += 1
            await self.hears(self.name, self.said)

    async def hears(self, name: str, count: int) -> None:
        while len(self.heard[name]) < count:
            self.progress.clear()
            await self.progress.wait()


def source(version: int, pauses: bool) -> str:
    return CHAT.replace("VERSION", str(version)).replace("PAUSES", str(pauses))


async def reload(project: Any, version: int, pauses: bool) -> None:
    project.save(source(version, pauses))
    assert project.server.reload({project.main})
    await asyncio.sleep(0)


async def join(project: Any) -> list[Chatter]:
    return [
        Chatter(f"c{n}", await project.client.ws_connect(f"{project.server.url}/r{room}/c{n}"))
        for room in range(ROOMS)
        for n in range(room * PER_ROOM, (room + 1) * PER_ROOM)
    ]


@pytest.mark.parametrize("pauses", [False, True], ids=["handlers run through", "handlers wait"])
async def test_a_hundred_reloads_under_fifty_chatting_clients_lose_nothing(project, pauses):
    project.save(source(0, pauses))
    await project.start()
    chatters = await join(project)
    listening = [asyncio.create_task(each.listen()) for each in chatters]
    done = asyncio.Event()
    chatting = [asyncio.create_task(each.chat(done)) for each in chatters]
    for version in range(1, RELOADS + 1):
        await reload(project, version, pauses)
    done.set()
    await asyncio.gather(*chatting)
    for each in chatters:
        await each.socket.send_str(str(each.said))
        each.said += 1
    said = {each.name: each.said for each in chatters}
    for each in chatters:
        for name in room_of(each, chatters):
            await each.hears(name, said[name])
        while pauses and len(each.heard[f"{each.name}/later"]) <= (each.said - 1) // 7:
            each.progress.clear()
            await each.progress.wait()
    assert all(not each.socket.closed for each in chatters)
    for task in listening:
        task.cancel()
    for each in chatters:
        later = each.heard.pop(f"{each.name}/later", [])
        assert later == (list(range(0, each.said, 7)) if pauses else [])
        assert dict(each.heard) == {n: list(range(said[n])) for n in room_of(each, chatters)}
        assert each.stored_wrong == []
        assert each.versions[each.name][-1] == RELOADS
        assert all(seen == sorted(seen) for seen in each.versions.values())


def room_of(one: Chatter, chatters: list[Chatter]) -> list[str]:
    first = chatters.index(one) // PER_ROOM * PER_ROOM
    return [each.name for each in chatters[first : first + PER_ROOM]]


PLAIN = """
    from js import WebSocketPair
    from pyodide.ffi import create_proxy
    from workers import DurableObject, Response, WorkerEntrypoint

    class Room(DurableObject):
        async def fetch(self, request):
            client, server = WebSocketPair.new().object_values()
            server.accept()
            reply = create_proxy(lambda event: server.send("VERSION " + event.data))
            server.addEventListener("message", reply)
            return Response(None, status=101, web_socket=client)

    class Default(WorkerEntrypoint):
        async def fetch(self, request):
            return await self.env.ROOM.getByName("x").fetch(request)
    """


async def test_a_plain_socket_of_an_object_is_closed_with_1012(project):
    project.save(PLAIN.replace("VERSION", "one"))
    await project.start()
    socket = await project.client.ws_connect(project.server.url)
    await socket.send_str("a")
    assert await socket.receive_str() == "one a"
    project.save(PLAIN.replace("VERSION", "two"))
    assert project.server.reload({project.main})
    closing = await socket.receive()
    assert (closing.type, closing.data) == (aiohttp.WSMsgType.CLOSE, 1012)


async def test_a_deferred_update_leaves_plain_sockets_open_until_its_delay_is_over(project):
    settings = CodeUpdateStrategy("deferred", 0.05)
    project.save(PLAIN.replace("VERSION", "one"))
    await project.start()
    project.server.primary.config = replace(project.server.config, code_update_strategy=settings)
    socket = await project.client.ws_connect(project.server.url)
    project.save(PLAIN.replace("VERSION", "two"))
    assert project.server.reload({project.main})
    await socket.send_str("a")
    assert await socket.receive_str() == "one a"
    closing = await socket.receive()
    assert (closing.type, closing.data) == (aiohttp.WSMsgType.CLOSE, 1012)
