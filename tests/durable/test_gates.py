"""What waits for a critical section, and what waits for a commit."""

from __future__ import annotations

import asyncio

import pytest

from wrangler_py.durable import gates
from wrangler_py.js.errors import JsException

ROOM = """
    class Room(DurableObject):
        async def fetch(self, request):
            client, server = WebSocketPair.new().object_values()
            self.ctx.acceptWebSocket(server)
            return Response(None, status=101, web_socket=client)

        async def webSocketMessage(self, ws, message):
            LOG.append(message)

        async def hold(self):
            gate = asyncio.Event()
            self.release = gate.set

            async def critical():
                LOG.append("held")
                await gate.wait()
                LOG.append("released")
                return "result"

            result = await self.ctx.blockConcurrencyWhile(critical)
            LOG.append("after " + result)

        async def note(self, text):
            LOG.append(text)
            return text

        async def nested(self):
            async def inner():
                LOG.append("inner")
                return 1

            async def outer():
                LOG.append("outer")
                return await self.ctx.blockConcurrencyWhile(inner) + 1

            return await self.ctx.blockConcurrencyWhile(outer)

        async def fail(self):
            async def failing():
                raise ValueError("cannot start")

            await self.ctx.storage.put("written", "before")
            try:
                await self.ctx.blockConcurrencyWhile(failing)
            finally:
                LOG.append("goes on")

        async def never(self):
            await self.ctx.blockConcurrencyWhile(asyncio.Event().wait)

        async def increment(self):
            n = await self.ctx.storage.get("n") or 0
            await self.ctx.storage.put("n", n + 1)
            return n + 1

        async def get(self, key):
            return await self.ctx.storage.get(key)
    """


async def test_nothing_starts_while_a_critical_section_runs(world):
    world.load(ROOM)
    stub = world.stub()
    client = await world.connect(stub)
    holding = stub.hold()
    await asyncio.sleep(0.01)
    noting = stub.note("method")
    client.say("message")
    await asyncio.sleep(0.01)
    assert world.log == ["held"]
    world.objects._actors.popitem()[1].instance.object.release()
    await asyncio.gather(holding, noting)
    await asyncio.sleep(0)
    assert world.log == ["held", "released", "after result", "method", "message"]


async def test_a_critical_section_may_open_another(world):
    world.load(ROOM)
    assert await world.stub().nested() == 2
    assert world.log == ["outer", "inner"]


async def test_a_critical_section_in_the_constructor_comes_before_every_event(world):
    world.load(
        """
        class Room(DurableObject):
            def __init__(self, ctx, env):
                super().__init__(ctx, env)
                async def load():
                    await asyncio.sleep(0.005)
                    self.loaded = await self.ctx.storage.get("x") or "default"
                self.ctx.blockConcurrencyWhile(load)

            async def loaded_value(self, n):
                return f"{n} {self.loaded}"
        """
    )
    stub = world.stub()
    calls = [stub.loaded_value(n) for n in range(3)]
    assert await asyncio.gather(*calls) == ["0 default", "1 default", "2 default"]


async def test_a_timer_waits_for_the_critical_section_unless_it_is_part_of_it(world):
    world.load(
        """
        class Room(DurableObject):
            async def go(self):
                js.setTimeout(create_proxy(lambda: LOG.append("outside")), 1)

                async def critical():
                    js.setTimeout(create_proxy(lambda: LOG.append("inside")), 5)
                    await js.scheduler.wait(10)
                    LOG.append("end")

                await self.ctx.blockConcurrencyWhile(critical)
        """
    )
    await world.stub().go()
    await world.log.reaches(3)
    assert world.log == ["inside", "end", "outside"]


async def test_a_failing_critical_section_resets_the_object(world):
    world.load(ROOM)
    stub = world.stub()
    client = await world.connect(stub)
    with pytest.raises(JsException, match="cannot start"):
        await stub.fail()
    assert client.got == ["abort"]
    with pytest.raises(JsException, match="cannot start"):
        await stub.note("x")
    assert await world.stub().note("new instance") == "new instance"
    assert any("cannot start" in error for error in world.errors)


async def test_a_critical_section_that_takes_too_long_resets_the_object(world, monkeypatch):
    monkeypatch.setattr(gates, "CRITICAL_SECTION_LIMIT", 0.01)
    world.load(ROOM)
    stub = world.stub()
    never, waiting = stub.never(), stub.note("waits")
    for call in (never, waiting):
        with pytest.raises(JsException, match=r"waited for too long. The call was canceled"):
            await call


async def test_read_modify_write_is_exact(world):
    world.load(ROOM)
    stub = world.stub()
    results = await asyncio.gather(*(stub.increment() for _ in range(20)))
    assert results == list(range(1, 21))


TALKER = """
    class Room(DurableObject):
        async def fetch(self, request):
            client, server = WebSocketPair.new().object_values()
            self.ctx.acceptWebSocket(server)
            return Response(None, status=101, web_socket=client)

        async def webSocketMessage(self, ws, message):
            ws.send("before")
            self.ctx.storage.kv.put("n", 1)
            ws.send("one")
            ws.send("two")
            ws.close(4000, "done")
            LOG.append("said")

        async def break_it(self, sockets=True):
            self.ctx.storage.sql.exec("create table if not exists p (id primary key)")
            self.ctx.storage.sql.exec(
                "create table if not exists c (p references p(id) deferrable initially deferred)"
            )
            for ws in self.ctx.getWebSockets():
                ws.send("never heard")
            self.ctx.storage.sql.exec("insert into c values (7)")
            for ws in self.ctx.getWebSockets():
                ws.send("never heard either")
            return "never returned"
    """


async def test_what_is_said_behind_a_write_leaves_in_order_after_the_commit(world):
    world.load(TALKER)
    client = await world.connect(world.stub())
    instance = next(iter(world.objects._actors.values())).instance
    seen = []
    instance.storage._database.after_commit.insert(0, lambda: seen.append(list(client.got)))
    client.say("go")
    await client.hears(4)
    assert client.got == ["before", "one", "two", ("close", 4000, "done")]
    assert seen == [["before"]]


async def test_nothing_is_heard_of_a_turn_whose_commit_fails(world):
    world.load(TALKER)
    stub = world.stub()
    client = await world.connect(stub)
    with pytest.raises(JsException, match="constraints were violated"):
        await stub.break_it()
    assert client.got == ["abort"]
    assert any("constraints were violated" in error for error in world.errors)
