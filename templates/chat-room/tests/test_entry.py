"""Rooms as clients meet them: a real server, real sockets, no mocks."""

import json
from contextlib import asynccontextmanager

import pytest
from wrangler_py.testing import UpgradeRefused


@asynccontextmanager
async def joined(worker, name, room="lobby"):
    """A socket of somebody who is in the room, and has read who else is."""
    async with worker.ws(f"/room/{room}/ws", params={"name": name}) as ws:
        ws.welcome = await ws.receive_json()
        yield ws


async def say(ws, text):
    await ws.send(json={"type": "message", "text": text})


async def hears(ws, kind, **more):
    """The next thing that is heard, which is of that kind, and holds more."""
    return await ws.expect(json={"type": kind, **more})


async def test_the_front_door_leads_to_the_lobby(worker):
    response = await worker.fetch("/", redirect="manual")
    assert response.status == 302
    assert response.headers["Location"] == f"{worker.url}/room/lobby"


async def test_each_room_has_the_page(worker):
    response = await worker.fetch("/room/tea-house")
    assert response.status == 200
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "new WebSocket(url)" in await response.text()


@pytest.mark.parametrize("path", ["/x", "/room/", "/room/No", f"/room/{'a' * 33}"])
async def test_other_paths_are_not_found(worker, path):
    assert (await worker.fetch(path)).status == 404


async def test_a_plain_request_for_the_socket_is_told_what_is_missing(worker):
    response = await worker.fetch("/room/lobby/ws?name=Ada")
    assert response.status == 426
    assert await response.text() == "Expected Upgrade: websocket"


async def test_nobody_enters_without_a_name(worker):
    with pytest.raises(UpgradeRefused) as refused:
        async with worker.ws("/room/lobby/ws"):
            pass
    assert refused.value.status == 400


async def test_everybody_hears_what_is_said(worker):
    async with joined(worker, "Ada") as ada, joined(worker, "Bob") as bob:
        await hears(ada, "joined")
        await say(ada, "<b>hello</b>")
        heard = await hears(bob, "message", name="Ada", text="<b>hello</b>")
        assert await hears(ada, "message") == heard


async def test_rooms_are_apart(worker):
    async with joined(worker, "Ada", "one") as ada, joined(worker, "Bob", "two") as bob:
        assert bob.welcome["people"] == ["Bob"]
        await say(ada, "anybody?")
        await say(bob, "me")
        await hears(ada, "message", text="anybody?")
        await hears(bob, "message", text="me")


async def test_people_come_and_go(worker):
    async with joined(worker, "Ada") as ada:
        assert ada.welcome["people"] == ["Ada"]
        async with joined(worker, "Zoë") as zoe:
            assert zoe.welcome["you"] == "Zoë"
            assert zoe.welcome["people"] == ["Ada", "Zoë"]
            await hears(ada, "joined", name="Zoë", people=["Ada", "Zoë"])
        await hears(ada, "left", name="Zoë", people=["Ada"])


async def test_a_second_window_is_nobody_new(worker):
    async with joined(worker, "Ada") as ada, joined(worker, "Bob"):
        await hears(ada, "joined")
        async with joined(worker, "Bob") as again:
            assert again.welcome["people"] == ["Ada", "Bob"]
        await say(ada, "nobody came or went")
        await hears(ada, "message", text="nobody came or went")


async def test_a_close_is_answered(worker):
    async with joined(worker, "Ada") as ada:
        await ada.close(4001, "enough")
        assert ada.close_code == 4001


async def test_who_comes_later_reads_what_was_said(worker):
    async with joined(worker, "Ada") as ada:
        for text in ("one", "two"):
            await say(ada, text)
            await hears(ada, "message")
    async with joined(worker, "Bob") as bob:
        assert [each["text"] for each in bob.welcome["messages"]] == ["one", "two"]


async def test_the_last_hundred_messages_are_kept(worker):
    async with joined(worker, "Ada") as ada:
        for number in range(103):
            await say(ada, str(number))
            await hears(ada, "message")
    async with joined(worker, "Bob") as bob:
        texts = [each["text"] for each in bob.welcome["messages"]]
        assert texts == [str(number) for number in range(3, 103)]


@pytest.mark.parametrize("text", ["hello", json.dumps({"type": "dance"})])
async def test_what_is_no_message_is_refused_and_said_to_nobody(worker, text):
    async with joined(worker, "Ada") as ada, joined(worker, "Bob") as bob:
        await hears(ada, "joined")
        await bob.send(text)
        assert "message" in (await hears(bob, "error"))
        await bob.send(b"\x00")
        await hears(bob, "error")
        await say(bob, "sorry")
        await hears(ada, "message", text="sorry")


async def test_a_sleeping_room_knows_who_is_there_and_what_was_said(worker):
    async with joined(worker, "Ada") as ada, joined(worker, "Bob") as bob:
        await hears(ada, "joined")
        await say(ada, "good night")
        await hears(ada, "message")
        await hears(bob, "message")
        await worker.advance(60)  # the room is asleep by then
        await say(bob, "good morning")
        await hears(ada, "message", name="Bob", text="good morning")
        async with joined(worker, "Cyd") as cyd:
            assert cyd.welcome["people"] == ["Ada", "Bob", "Cyd"]
            assert len(cyd.welcome["messages"]) == 2


async def test_a_ping_is_answered_asleep_or_awake(worker):
    async with joined(worker, "Ada") as ada:
        await ada.send("ping")
        await ada.expect("pong")
        await worker.evict_durable_object("ROOM", "lobby")
        await ada.send("ping")
        await ada.expect("pong")
