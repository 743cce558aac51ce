"""Ids and stubs of a class."""

from __future__ import annotations

import pytest

from wrangler_py.js.errors import JsException

TWO = """
    class Room(DurableObject):
        async def hello(self):
            return "room"

    class Lobby(DurableObject):
        async def hello(self):
            return "lobby"
    """


@pytest.fixture
def env(world):
    return world.load(TWO).env


async def test_a_namespace_is_what_the_sdk_looks_for(env):
    assert env.ROOM.constructor.name == "DurableObjectNamespace"


async def test_a_name_gives_the_same_id_each_time(env):
    one, same = env.ROOM.idFromName("x"), env.ROOM.idFromName("x")
    assert one.equals(same)
    assert (one.toString(), one.name) == (same.toString(), "x")
    assert not one.equals(env.ROOM.idFromName("y"))


async def test_unique_ids_differ_and_can_be_written_down(env):
    one, other = env.ROOM.newUniqueId(), env.ROOM.newUniqueId()
    assert not one.equals(other)
    assert env.ROOM.idFromString(one.toString()).equals(one)


async def test_every_way_to_a_stub_leads_to_the_object(env):
    name_id = env.ROOM.idFromName("x")
    stubs = [
        env.ROOM.get(name_id),
        env.ROOM.getByName("x"),
        env.ROOM.get(env.ROOM.idFromString(name_id.toString())),
        env.ROOM.get(env.ROOM.newUniqueId()),
    ]
    assert [await stub.hello() for stub in stubs] == ["room"] * 4
    assert await env.LOBBY.getByName("x").hello() == "lobby"


async def test_an_id_of_another_class_is_refused(env):
    with pytest.raises(JsException, match="not valid for this namespace"):
        env.LOBBY.get(env.ROOM.idFromName("x"))


async def test_a_jurisdiction_has_its_own_ids(env):
    eu = env.ROOM.jurisdiction("eu")
    one = eu.idFromName("x")
    assert (one.jurisdiction, one.equals(env.ROOM.idFromName("x"))) == ("eu", False)
    assert await eu.get(one).hello() == "room"
    with pytest.raises(JsException, match="from a different jurisdiction"):
        eu.get(env.ROOM.idFromName("x"))


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda ns: ns.get("x"), "parameter 1 is not of type 'DurableObjectId'"),
        (lambda ns: ns.get(), "parameter 1 is not of type 'DurableObjectId'"),
        (lambda ns: ns.idFromName(), "parameter 1 is not of type 'string'"),
        (lambda ns: ns.idFromString("zz"), "Invalid Durable Object ID: must be 64 hex digits"),
        (lambda ns: ns.jurisdiction("mars"), "Invalid jurisdiction: mars"),
    ],
)
async def test_misuse_is_a_type_error(env, call, text):
    with pytest.raises(JsException, match=text) as caught:
        call(env.ROOM)
    assert caught.value.name == "TypeError"
