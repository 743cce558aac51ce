"""The registry: what survives new code, a restart, and a configuration that does not fit."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from wrangler_py.config.model import (
    CodeUpdateStrategy,
    Config,
    DurableObjectBinding,
    Migration,
    RenamedClass,
)
from wrangler_py.durable.classes import problems
from wrangler_py.js.errors import JsException

ROOM = """
    class Room(DurableObject):
        def __init__(self, ctx, env):
            super().__init__(ctx, env)
            LOG.append("constructor VERSION")

        async def fetch(self, request):
            client, server = WebSocketPair.new().object_values()
            self.ctx.acceptWebSocket(server, to_js(["tag"]))
            server.serializeAttachment("kept")
            return Response(None, status=101, web_socket=client)

        async def webSocketMessage(self, ws, message):
            ws.send(f"VERSION {message} {ws.deserializeAttachment()} {list(self.ctx.getTags(ws))}")

        async def version(self):
            return "VERSION"

        async def put(self, value):
            await self.ctx.storage.put("x", value)

        async def get(self):
            return await self.ctx.storage.get("x")

        async def slow(self, seconds):
            await asyncio.sleep(seconds)
            return "VERSION"
    """


def version(text):
    return ROOM.replace("VERSION", text)


async def test_new_code_finds_sockets_tags_attachments_and_storage(world):
    world.load(version("one"))
    stub = world.stub()
    client = await world.connect(stub)
    await stub.put("stored")
    client.say("a")
    await client.hears(1)
    world.load(version("two"))
    client.say("b")
    await client.hears(2)
    assert client.got == ["one a kept ['tag']", "two b kept ['tag']"]
    assert await stub.get() == "stored"
    assert world.log == ["constructor two"]


async def test_a_message_in_the_turn_of_the_reload_is_answered_by_the_new_code(world):
    world.load(version("one"))
    client = await world.connect(world.stub())
    client.say("a")
    world.load(version("two"))
    client.say("b")
    got = await client.hears(2)
    assert [text.split()[:2] for text in got] == [["two", "a"], ["two", "b"]]


async def test_a_handler_that_runs_may_finish_and_the_next_event_waits_for_it(world):
    world.load(version("one"))
    stub = world.stub()
    slow = stub.slow(0.02)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    world.load(version("two"))
    assert await asyncio.gather(slow, stub.version()) == ["one", "two"]


async def test_a_handler_that_takes_too_long_is_reset(world, monkeypatch):
    from wrangler_py.durable import actor

    monkeypatch.setattr(actor, "REPLACE_GRACE", 0.01)
    world.load(version("one"))
    stub = world.stub()
    slow = stub.slow(60)
    await asyncio.sleep(0.005)
    world.load(version("two"))
    with pytest.raises(JsException, match="reset because its code was updated"):
        await slow
    assert await stub.version() == "two"


async def test_a_deferred_update_waits_until_the_object_sleeps(world):
    deferred = CodeUpdateStrategy("deferred", 300)
    world.load(version("one"), code_update_strategy=deferred)
    stub = world.stub()
    assert await stub.version() == "one"
    world.load(version("two"), code_update_strategy=deferred)
    assert await stub.version() == "one"
    assert await world.stub(name="other").version() == "two"
    world.objects.hibernate()
    assert await stub.version() == "two"


async def test_a_deferred_update_waits_no_longer_than_its_delay(world):
    deferred = CodeUpdateStrategy("deferred", 0.02)
    world.load(version("one"), code_update_strategy=deferred)
    stub = world.stub()
    await stub.version()
    world.load(version("two"), code_update_strategy=deferred)
    assert await stub.version() == "one"
    await asyncio.sleep(0.03)
    assert await stub.version() == "two"


async def test_storage_survives_a_restart_in_the_place_where_wrangler_keeps_it(world):
    world.load(version("one"))
    stub = world.stub(name="kept")
    await stub.put("stored")
    identity = stub.id.toString()
    world.restart(version("two"))
    assert await world.stub(name="kept").get() == "stored"
    assert (world.folder / "state" / "do" / "test-Room" / f"{identity}.sqlite").exists()


async def test_an_idle_object_without_sockets_is_forgotten(world):
    world.load(version("one"))
    stub = world.stub()
    await stub.version()
    world.objects.hibernate()
    assert world.objects._actors == {}
    assert await stub.version() == "one"


async def test_a_class_that_is_not_there_fails_when_it_is_used(world):
    binding = DurableObjectBinding("ROOM", "Room")
    world.load("", durable_objects=(binding,), path=Path("wrangler.jsonc"))
    with pytest.raises(JsException, match="There is no 'Room' class defined"):
        await world.stub().hello()


async def test_a_class_that_was_renamed_without_a_migration_is_told(world, capsys):
    world.load("class Old(DurableObject): ...")
    world.load("class New(DurableObject): ...")
    said = capsys.readouterr().err
    assert "class Old is gone, and New is new" in said
    assert '{"tag": "v1", "renamed_classes": [{"from": "Old", "to": "New"}]}' in said


async def test_a_class_that_was_removed_without_a_migration_is_told(world, capsys):
    world.load("class Old(DurableObject): ...")
    world.load("")
    assert '"deleted_classes": ["Old"]' in capsys.readouterr().err


async def test_a_class_with_a_migration_goes_quietly(world, capsys):
    world.load("class Old(DurableObject): ...")
    renamed = Migration("v2", renamed_classes=(RenamedClass("Old", "New"),))
    world.load("class New(DurableObject): ...", migrations=(renamed,))
    assert "is gone" not in capsys.readouterr().err


def config(**settings):
    binding = DurableObjectBinding("ROOM", "Room")
    return Config("w", Path("/w/entry.py"), "2026-11-01", durable_objects=(binding,), **settings)


def test_a_bound_class_that_is_not_exported_is_a_problem():
    (problem,) = problems(config(), set())
    assert "env.ROOM is bound to the Durable Object class Room, which entry.py does not" in problem


def test_a_bound_class_without_a_migration_is_a_problem():
    (problem,) = problems(config(), {"Room"})
    assert '"new_sqlite_classes": ["Room"]' in problem


def test_a_configuration_that_fits_has_no_problem():
    migrations = (Migration("v1", new_sqlite_classes=("Room",)),)
    assert list(problems(config(migrations=migrations), {"Room"})) == []


async def test_a_script_alone_has_its_classes_bound_and_is_told_the_configuration(world, capsys):
    world.load("class ChatRoom(DurableObject):\n    async def hi(self):\n        return 'hi'\n")
    assert await world.stub("CHAT_ROOM").hi() == "hi"
    said = capsys.readouterr().out
    assert "bound env.CHAT_ROOM (ChatRoom)" in said
    assert '"new_sqlite_classes"' in said


async def test_the_classes_are_exports_of_the_context_too(world):
    world.load(version("one"))
    assert await world.worker.exports.Room.getByName("x").version() == "one"


async def test_sockets_that_one_request_keeps_are_refused_to_the_next_but_not_to_an_object(world):
    world.load(
        """
        KEPT = []

        def keep():
            client, server = WebSocketPair.new().object_values()
            server.accept()
            KEPT.append(server)
            return client

        class Room(DurableObject):
            async def keep(self):
                keep()

            async def use(self):
                KEPT[0].send("x")
                return "used"
        """
    )
    stub = world.stub()
    await stub.keep()
    assert await stub.use() == "used"
    with pytest.raises(JsException, match="on behalf of a different Durable Object"):
        await world.stub(name="other").use()
