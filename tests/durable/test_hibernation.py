"""Sockets that outlive their object: what arrives, in which state, before and after a sleep."""

from __future__ import annotations

import asyncio

import pytest

from tests.durable.world import Client
from wrangler_py.durable import hibernation

ROOM = """
    class Room(DurableObject):
        def __init__(self, ctx, env):
            super().__init__(ctx, env)
            self.memory = 0
            LOG.append(f"constructor {len(self.ctx.getWebSockets())}")

        async def fetch(self, request):
            client, server = WebSocketPair.new().object_values()
            tag = request.url.rsplit("/", 1)[1]
            self.ctx.acceptWebSocket(server, to_js([tag] if tag else []))
            server.serializeAttachment(tag)
            server.binaryType = "arraybuffer"
            return Response(None, status=101, web_socket=client)

        async def webSocketMessage(self, ws, message):
            if message == "raise":
                raise ValueError("handler failed")
            if message == "hang":
                try:
                    await asyncio.sleep(60)
                finally:
                    LOG.append("cut off")
            if message == "close":
                ws.close(4001, "bye")
                return
            if not isinstance(message, str):
                message = message.to_bytes().hex()
            self.memory += 1
            tags = list(self.ctx.getTags(ws))
            ws.send(f"{message} {self.memory} {ws.deserializeAttachment()} {tags} {ws.binaryType}")

        async def webSocketClose(self, ws, code, reason, clean):
            count = len(self.ctx.getWebSockets())
            LOG.append(f"close {code} {reason} {clean} {ws.readyState} {count}")
            if reason == "answer":
                ws.close(code, reason)

        async def webSocketError(self, ws, error):
            LOG.append(f"error {error.message} {ws.readyState}")

        async def sockets(self, tag=None):
            found = self.ctx.getWebSockets(tag) if tag else self.ctx.getWebSockets()
            return [ws.deserializeAttachment() for ws in found]

        async def auto(self):
            self.ctx.setWebSocketAutoResponse(js.WebSocketRequestResponsePair.new("ping", "pong"))

        async def timestamp(self):
            ws = self.ctx.getWebSockets()[0]
            return self.ctx.getWebSocketAutoResponseTimestamp(ws) is not None

        async def event_timeout(self, ms):
            self.ctx.setHibernatableWebSocketEventTimeout(ms)
            return self.ctx.getHibernatableWebSocketEventTimeout()

        async def kept(self):
            self.old = KEPT[0] if KEPT else None
            KEPT[:] = [self.ctx.getWebSockets()[0]]
            return self.old == KEPT[0]

    KEPT = []
    """


def sleep(world):
    assert world.objects.hibernate() == 0


async def test_after_a_sleep_the_constructor_runs_first_and_the_sockets_are_there(world):
    world.load(ROOM)
    client = await world.connect(world.stub(), "/tagged")
    client.say("a")
    await client.hears(1)
    sleep(world)
    client.say("b")
    await client.hears(2)
    # Pyodide 314: the default of binaryType is "blob"; what was set before the sleep is gone.
    assert client.got == ["a 1 tagged ['tagged'] arraybuffer", "b 1 tagged ['tagged'] blob"]
    assert world.log == ["constructor 0", "constructor 1"]


async def test_idle_objects_sleep_by_themselves(world):
    world.objects.hibernate_after = 0.02
    world.load(ROOM)
    client = await world.connect(world.stub(), "/t")
    await asyncio.sleep(0.1)
    client.say("x")
    await client.hears(1)
    assert world.log == ["constructor 0", "constructor 1"]


async def test_an_end_that_nobody_was_given_is_dropped_with_the_instance(world):
    """Seen in workerd: 1006 at the eviction, in the new instance."""
    world.load(
        ROOM.replace("return Response(None, status=101, web_socket=client)", "return Response()")
    )
    stub = world.stub()
    await stub.fetch("http://room/forgotten")
    assert list(await stub.sockets()) == ["forgotten"]
    sleep(world)
    assert list(await stub.sockets()) == []
    assert world.log[1:] == [
        "constructor 1",
        "close 1006 WebSocket disconnected without sending Close frame. False 2 1",
    ]


async def test_an_end_that_is_on_its_way_to_a_client_is_kept(world):
    world.load(ROOM)
    response = await world.stub().fetch("http://room/late")
    sleep(world)
    client = Client(response._web_socket)
    client.say("a")
    await client.hears(1)
    assert client.got[0].startswith("a 1 late")


async def test_a_socket_object_of_before_the_sleep_is_another_one(world):
    world.load(ROOM)
    stub = world.stub()
    await world.connect(stub, "/t")
    await stub.kept()
    assert await stub.kept() is True
    sleep(world)
    assert await stub.kept() is False


@pytest.mark.parametrize(
    "keeps",
    [
        "server.accept(); client.accept()",
        "js.setTimeout(create_proxy(lambda: None), 60_000)",
        "self.ctx.waitUntil(asyncio.sleep(60))",
        "asyncio.ensure_future(asyncio.sleep(60))",
    ],
)
async def test_what_keeps_an_object_awake(world, keeps):
    world.load(
        f"""
        class Room(DurableObject):
            async def stay(self):
                client, server = WebSocketPair.new().object_values()
                self.kept = {keeps.replace("; ", ", ")},
        """
    )
    await world.stub().stay()
    assert world.objects.hibernate() == 1


async def test_binary_messages_are_array_buffers(world):
    world.load(ROOM)
    client = await world.connect(world.stub(), "/t")
    client.say(b"\x01\xff")
    assert (await client.hears(1))[0].startswith("01ff ")


async def test_all_sockets_come_newest_first_and_those_of_a_tag_oldest_first(world):
    world.load(
        ROOM.replace(
            "to_js([tag] if tag else [])", "to_js([tag, 'odd' if int(tag) % 2 else 'even'])"
        )
    )
    stub = world.stub()
    for number in range(5):
        await world.connect(stub, f"/{number}")
    assert list(await stub.sockets()) == ["4", "3", "2", "1", "0"]
    assert list(await stub.sockets("even")) == ["0", "2", "4"]
    assert list(await stub.sockets("none")) == []


async def test_a_close_frame_is_not_answered_and_the_socket_is_gone_afterwards(world):
    world.load(ROOM)
    stub = world.stub()
    client = await world.connect(stub, "/t")
    client.wire.closed(1000, "bye")
    assert list(await stub.sockets()) == []
    assert world.log == ["constructor 0", "close 1000 bye True 2 1"]
    assert client.got == []
    sleep(world)
    assert client.got == ["abort"]


async def test_an_answered_close_is_clean(world):
    world.load(ROOM)
    stub = world.stub()
    client = await world.connect(stub, "/t")
    client.wire.closed(3000, "answer")
    assert await client.hears(1) == [("close", 3000, "answer")]
    sleep(world)
    assert len(client.got) == 1


async def test_a_drop_wakes_the_object(world):
    world.load(ROOM)
    stub = world.stub()
    client = await world.connect(stub, "/t")
    sleep(world)
    client.wire.dropped()
    assert list(await stub.sockets()) == []
    text = "WebSocket disconnected without sending Close frame."
    assert world.log[1:] == ["constructor 1", f"close 1006 {text} False 2 1"]


async def test_a_close_of_the_objects_own_survives_the_sleep(world):
    world.load(ROOM)
    stub = world.stub()
    client = await world.connect(stub, "/t")
    client.say("close")
    await client.hears(1)
    sleep(world)
    client.wire.closed(4001, "bye")
    await stub.sockets()
    assert world.log[1:] == ["constructor 1", "close 4001 bye True 3 1"]


async def test_a_protocol_error_is_told_once(world):
    world.load(ROOM)
    stub = world.stub()
    client = await world.connect(stub, "/t")
    client.wire.failed(1002, "Unexpected continuation frame")
    assert list(await stub.sockets()) == []
    assert world.log[1].endswith("protocolError.description = Unexpected continuation frame 2")


async def test_an_exception_in_a_handler_is_shown_and_changes_nothing(world):
    world.load(ROOM)
    client = await world.connect(world.stub(), "/t")
    client.say("raise")
    client.say("fine")
    assert (await client.hears(1))[0].startswith("fine 1")
    assert world.errors == ['webSocketMessage of Room "a": handler failed']


async def test_an_automatic_answer_does_not_wake_the_object(world):
    world.load(ROOM)
    stub = world.stub()
    client = await world.connect(stub, "/t")
    await stub.auto()
    sleep(world)
    client.say("ping")
    assert await client.hears(1) == ["pong"]
    assert world.log == ["constructor 0"]
    assert await stub.timestamp() is True


async def test_automatic_answers_keep_their_order_with_the_objects(world):
    world.load(ROOM)
    stub = world.stub()
    client = await world.connect(stub, "/t")
    await stub.auto()
    for text in ("ping", "a", "ping", "b", "ping"):
        client.say(text)
    got = await client.hears(5)
    assert [text.split()[0] for text in got] == ["pong", "a", "pong", "b", "pong"]


async def test_a_handler_above_the_event_timeout_is_cut_off(world):
    world.load(ROOM)
    stub = world.stub()
    client = await world.connect(stub, "/t")
    assert await stub.event_timeout(10) == 10
    client.say("hang")
    await world.log.reaches(2)
    assert world.log[1] == "cut off"
    client.say("b")
    assert (await client.hears(1))[0].startswith("b ")


async def test_there_may_be_so_many_sockets_and_no_more(world, monkeypatch):
    from wrangler_py.js.errors import JsException

    monkeypatch.setattr(hibernation, "MAX_SOCKETS", 2)
    world.load(ROOM)
    stub = world.stub()
    await world.connect(stub, "/a")
    await world.connect(stub, "/b")
    with pytest.raises(JsException, match="websockets can be accepted on a single Durable Object"):
        await world.connect(stub, "/c")


async def test_a_missing_handler_is_told_and_the_message_dropped(world, capsys):
    world.load(
        """
        class Mute(DurableObject):
            async def fetch(self, request):
                client, server = WebSocketPair.new().object_values()
                self.ctx.acceptWebSocket(server)
                return Response(None, status=101, web_socket=client)

            async def alive(self):
                return True
        """
    )
    stub = world.stub("MUTE")
    client = await world.connect(stub)
    client.say("hello?")
    assert await stub.alive() is True
    assert "Method webSocketMessage does not exist" in capsys.readouterr().err


async def test_a_legacy_worker_has_legacy_handler_names(world):
    world.load(
        """
        class Room(DurableObject):
            async def on_fetch(self, request):
                client, server = WebSocketPair.new().object_values()
                self.ctx.acceptWebSocket(server)
                return Response(None, status=101, web_socket=client)

            async def on_webSocketMessage(self, ws, message):
                ws.send("legacy " + message)
        """,
        compatibility_date="2025-08-01",
    )
    client = await world.connect(world.stub())
    client.say("a")
    assert await client.hears(1) == ["legacy a"]


async def test_messages_that_wait_at_a_closed_gate_are_told_to_the_network(world):
    world.load("""
        class Room(DurableObject):
            async def fetch(self, request):
                client, server = WebSocketPair.new().object_values()
                self.ctx.acceptWebSocket(server)
                return Response(None, status=101, web_socket=client)
            async def webSocketMessage(self, ws, message):
                if message == "block":
                    self.opened = asyncio.Event()
                    await self.ctx.blockConcurrencyWhile(self.hold)
                else:
                    LOG.append(len(message))
            async def hold(self):
                LOG.append(self.opened)
                await self.opened.wait()
        """)
    client = await world.connect(world.stub())
    client.say("block")
    await world.log.reaches(1)
    for _ in range(10):
        client.say("x" * 10_000)
    assert client.wire.waiting >= 100_000
    world.log[0].set()
    await world.log.reaches(11)
    assert client.wire.waiting == 0
