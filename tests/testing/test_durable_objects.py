from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from wrangler_py.js.errors import JsException
from wrangler_py.testing import run_worker

WORKER = """
import asyncio
from js import WebSocketPair
from workers import DurableObject, Response, WorkerEntrypoint

class Counter(DurableObject):
    def __init__(self, ctx, env):
        super().__init__(ctx, env)
        self.since_construction = 0
        self.may_answer = asyncio.Event()

    async def fetch(self, request):
        if request.url.endswith("/ws"):
            client, server = WebSocketPair.new().object_values()
            self.ctx.acceptWebSocket(server)
            return Response(None, status=101, web_socket=client)
        if request.url.endswith("/slow"):
            await asyncio.sleep(0.05)
        if request.url.endswith("/timer"):
            await self.may_answer.wait()
        if request.url.endswith("/alarm"):
            await self.ctx.storage.setAlarm(4_000_000_000_000)
        self.since_construction += 1
        stored = (await self.ctx.storage.get("stored") or 0) + 1
        await self.ctx.storage.put("stored", stored)
        return Response.json([self.since_construction, stored])

    async def webSocketMessage(self, ws, message):
        self.since_construction += 1
        ws.send(f"{message} {self.since_construction}")

    async def webSocketClose(self, ws, code, reason, was_clean):
        ws.close(code, reason)

    async def alarm(self, info):
        if await self.ctx.storage.get("fails"):
            raise ValueError("not today")
        await self.ctx.storage.put("stored", 100)

class Default(WorkerEntrypoint):
    async def fetch(self, request):
        name = request.url.split("/")[3]
        return await self.env.COUNTER.getByName(name).fetch(request)
"""


@pytest.fixture
async def worker(tmp_path):
    script = tmp_path / "a_counter.py"
    script.write_text(WORKER)
    async with run_worker(Path(script)) as running:
        yield running


async def counts(worker, path: str) -> list[int]:
    async with worker.get(path) as response:
        return list(await response.json())


async def test_an_evicted_object_remembers_what_it_stored(worker):
    await counts(worker, "/a")
    await counts(worker, "/b")
    await worker.evict_durable_object("COUNTER", "a")
    assert await counts(worker, "/a") == [1, 2]
    assert await counts(worker, "/b") == [2, 2]


async def test_all_objects_are_evicted_and_their_sockets_stay(worker):
    async with worker.ws_connect("/a/ws") as a, worker.ws_connect("/b/ws") as b:
        for _ in range(2):
            for socket in (a, b):
                await socket.send_str("hello")
                assert await socket.receive_str() == "hello 1"
            await worker.evict_all_durable_objects()


async def test_eviction_waits_for_a_handler(worker):
    answer = asyncio.ensure_future(counts(worker, "/a/slow"))
    await asyncio.sleep(0.02)
    await worker.evict_all_durable_objects()
    assert await answer == [1, 1]
    assert await counts(worker, "/a") == [1, 2]


async def test_an_object_that_is_never_idle_is_told(worker, monkeypatch):
    monkeypatch.setattr("wrangler_py.testing.durable_objects.PATIENCE", 0.05)
    answer = asyncio.ensure_future(counts(worker, "/a/timer"))
    await asyncio.sleep(0.02)
    with pytest.raises(AssertionError, match="does not become idle"):
        await worker.evict_all_durable_objects()
    await worker.run_in_durable_object("COUNTER", "a", lambda counter, _: counter.may_answer.set())
    assert await answer == [1, 1]


async def test_an_alarm_runs_before_its_time_and_once(worker):
    await counts(worker, "/a/alarm")
    assert await worker.run_durable_object_alarm("COUNTER", "a") is True
    assert await counts(worker, "/a") == [2, 101]
    assert await worker.run_durable_object_alarm("COUNTER", "a") is False


async def test_an_alarm_that_fails_says_so(worker):
    await counts(worker, "/a/alarm")
    await worker.run_in_durable_object(
        "COUNTER", "a", lambda counter, _: counter.ctx.storage.put("fails", True)
    )
    with pytest.raises(JsException, match="not today"):
        await worker.run_durable_object_alarm("COUNTER", "a")


async def test_code_runs_inside_an_object(worker):
    await counts(worker, "/a")

    async def stored(counter, state):
        assert state is counter.ctx
        return counter.since_construction, await state.storage.get("stored")

    assert await worker.run_in_durable_object("COUNTER", "a", stored) == (1, 1)
    assert await worker.run_in_durable_object("COUNTER", "b", stored) == (0, None)


async def test_what_fails_inside_an_object_fails_in_the_test(worker):
    with pytest.raises(ZeroDivisionError):
        await worker.run_in_durable_object("COUNTER", "a", lambda counter, _: 1 // 0)
    assert await counts(worker, "/a") == [1, 1]


async def test_an_unknown_binding_is_named(worker):
    with pytest.raises(LookupError, match=r"env\.ROOM is no Durable Object binding"):
        await worker.evict_durable_object("ROOM", "a")


async def test_an_object_is_meant_by_a_stub_or_a_pair_too(worker):
    stub = worker.env.COUNTER.getByName("a")
    await counts(worker, "/a/alarm")
    for which in (stub, ("COUNTER", "a"), worker.env.COUNTER.get(stub.id)):
        seen = await worker.run_in_durable_object(which, lambda counter, state: state.id.name)
        assert seen == "a"
    await worker.evict_durable_object(stub)
    assert await worker.run_durable_object_alarm(("COUNTER", "a")) is True
    with pytest.raises(LookupError, match="is no stub"):
        await worker.evict_durable_object("COUNTER")
    with pytest.raises(TypeError, match="needs a function"):
        await worker.run_in_durable_object("COUNTER", "a")


async def test_eviction_may_end_the_sockets(worker):
    async with worker.ws("/a/ws") as ws:
        await worker.evict_durable_object("COUNTER", "a", web_sockets="close")
        assert await ws.expect_close() == 1006
        async with worker.ws("/a/ws") as other, worker.ws("/b/ws") as third:
            await worker.evict_all_durable_objects(web_sockets="close")
            assert (await other.expect_close(), await third.expect_close()) == (1006, 1006)
    with pytest.raises(ValueError, match="hibernate"):
        await worker.evict_durable_object("COUNTER", "a", web_sockets="cut")


async def test_objects_are_listed_when_they_run_or_have_stored_something(worker):
    assert await worker.list_durable_object_ids("COUNTER") == []
    await counts(worker, "/a")
    await worker.evict_durable_object("COUNTER", "a")
    await worker.run_in_durable_object("COUNTER", "b", lambda counter, _: None)
    wanted = sorted(worker.env.COUNTER.idFromName(name).toString() for name in "ab")
    assert [one.toString() for one in await worker.list_durable_object_ids("COUNTER")] == wanted
    assert len(await worker.list_durable_object_ids(worker.env.COUNTER)) == 2
    await worker.evict_all_durable_objects()
    assert len(await worker.list_durable_object_ids("COUNTER")) == 1


async def test_a_reset_leaves_nothing(worker):
    stub = worker.env.COUNTER.getByName("a")
    await counts(worker, "/a/alarm")
    async with worker.ws("/a/ws") as ws:
        await worker.reset()
        assert await ws.expect_close() == 1006
    assert await worker.list_durable_object_ids("COUNTER") == []
    assert await worker.run_durable_object_alarm("COUNTER", "a") is False
    assert await (await stub.fetch("http://a/")).json() == [1, 1]
