"""What a WebSocket's listeners hear, in which order, and how connections end."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from wrangler_py import context
from wrangler_py.js.callbacks import create_proxy
from wrangler_py.js.null import jsnull
from wrangler_py.js.object import JsObject
from wrangler_py.web.websocket import WebSocket, make_pair
from wrangler_py.web.websocket_flow import lose_connection
from wrangler_py.web.websocket_state import State
from wrangler_py.web.websocket_wire import adopt_connection, couple

from .websocket_ends import (
    OLD,
    Network,
    accepted_pair,
    error_of,
    make_context,
    served,
    turns,
    watch,
)

AFTER_CLOSE = "TypeError: Can't call WebSocket send() after close()."
DROPPED = "WebSocket disconnected without sending Close frame."


@pytest.fixture
def owner() -> Iterator[context.IoContext]:
    """The running code belongs to a worker of today."""
    with make_context().entered() as entered:
        yield entered


# --- section 7: events and their order


async def test_messages_wait_for_accept_but_not_for_a_listener(owner: context.IoContext) -> None:
    log: list[Any] = []
    one, other = make_pair()
    one.accept()
    one.send("before accept")
    await turns()
    other.accept()
    watch(other, log)
    await turns()
    assert log == [("message", "before accept")]

    late: list[Any] = []
    one, other = accepted_pair()
    one.send("before the listener")
    await turns()
    watch(other, late)
    await turns()
    assert late == []


async def test_delivery_is_never_in_the_turn_of_the_send(owner: context.IoContext) -> None:
    log: list[Any] = []
    one, _ = accepted_pair(log)
    one.send("x")
    assert log == []
    await turns()
    assert log == [("message", "x")]


async def test_the_next_message_does_not_wait_for_an_async_listener(
    owner: context.IoContext,
) -> None:
    log: list[Any] = []
    one, other = accepted_pair()
    gate = asyncio.Event()

    async def listener(event: Any) -> None:
        log.append(f"start {event.data}")
        await gate.wait()
        log.append(f"end {event.data}")

    other.addEventListener("message", create_proxy(listener))
    one.send("1")
    one.send("2")
    await turns()
    gate.set()
    await turns()
    assert log == ["start 1", "start 2", "end 1", "end 2"]


async def test_the_assigned_handler_runs_before_the_listeners(owner: context.IoContext) -> None:
    log: list[str] = []
    one, other = accepted_pair()
    other.addEventListener("message", create_proxy(lambda event: log.append("listener")))
    other.onmessage = lambda event: log.append("handler")
    one.send("x")
    await turns()
    assert log == ["handler", "listener"]


async def test_an_event_shows_the_socket_as_equal_but_not_the_same(
    owner: context.IoContext,
) -> None:
    seen: list[Any] = []
    one, other = accepted_pair()
    other.addEventListener("message", create_proxy(seen.append))
    one.send("x")
    await turns()
    (event,) = seen
    assert event.target == other
    assert event.target is not other
    assert (event.type, event.lastEventId, event.origin, event.isTrusted) == (
        "message",
        "",
        jsnull,
        True,
    )


async def test_a_listener_that_raises_ends_the_socket_with_an_error_and_no_close(
    owner: context.IoContext,
) -> None:
    log: list[Any] = []
    server, wire, network = served(log)

    def broken(_event: Any) -> None:
        raise ValueError("boom")

    server.addEventListener("message", create_proxy(broken))
    server.addEventListener("message", create_proxy(lambda event: log.append("the other one")))
    wire.message("x")
    assert log == [
        ("message", "x"),
        "the other one",
        ("error", "Uncaught PythonError: Traceback (most recent call last):", 3),
    ]
    assert network.log == ["abort"]
    wire.message("y")
    wire.closed(1000, "")
    assert len(log) == 3


async def test_an_async_listener_that_raises_does_nothing_to_the_socket(
    owner: context.IoContext,
) -> None:
    log: list[Any] = []
    server, wire, network = served(log)

    async def broken(_event: Any) -> None:
        raise ValueError("boom")

    server.addEventListener("message", create_proxy(broken))
    wire.message("x")
    await turns()
    server.send("still here")
    assert network.log == ["still here"]


async def test_a_bare_function_as_a_listener_kills_the_socket(owner: context.IoContext) -> None:
    log: list[Any] = []
    server, wire, _ = served([])
    server.addEventListener("error", create_proxy(lambda event: log.append(event.message)))
    server.addEventListener("message", lambda event: log.append("never"))
    wire.message("x")
    assert len(log) == 1
    assert "borrowed proxy was automatically destroyed" in log[0]


async def test_binary_messages_are_blobs_or_array_buffers_at_each_dispatch(
    owner: context.IoContext,
) -> None:
    kinds: list[str] = []
    client, server = make_pair()
    server.accept()
    wire = couple(client, Network())
    server.addEventListener(
        "message", create_proxy(lambda event: kinds.append(event.data.constructor.name))
    )
    wire.message(b"1")
    server.binaryType = "arraybuffer"
    wire.message(b"2")
    assert kinds == ["Blob", "ArrayBuffer"]


# --- section 8: the closing handshake


async def test_a_clients_close_is_answered_and_the_event_sees_state_3(
    owner: context.IoContext,
) -> None:
    log: list[Any] = []
    server, wire, network = served(log)
    wire.closed(1000, "bye")
    assert log == [("close", 1000, "bye", True, 3)]
    assert network.log == [("close", 1000, "bye")]
    assert error_of(lambda: server.send("x")) == AFTER_CLOSE
    assert server.close() is None


async def test_an_empty_close_is_1005_and_answered_empty(owner: context.IoContext) -> None:
    log: list[Any] = []
    _, wire, network = served(log)
    wire.closed(None, "")
    assert log == [("close", 1005, "", True, 3)]
    assert network.log == [("close", None, "")]


async def test_before_the_flag_the_worker_answers_a_close_itself() -> None:
    log: list[Any] = []
    with make_context(OLD).entered():
        server, wire, network = served(log)
    wire.closed(1000, "bye")
    assert log == [("close", 1000, "bye", True, 2)]
    assert network.log == []
    server.send("still")
    server.close(4002, "mine")
    assert network.log == ["still", ("close", 4002, "mine")]
    assert server.readyState == 3


async def test_allow_half_open_leaves_the_answer_to_the_worker(owner: context.IoContext) -> None:
    client, server = make_pair()
    network = Network()
    server.accept(JsObject({"allowHalfOpen": True}))
    couple(client, network).closed(1001, "")
    assert (network.log, server.readyState) == ([], 2)


async def test_own_close_ends_with_the_peers_code(owner: context.IoContext) -> None:
    log: list[Any] = []
    server, wire, network = served(log)
    server.close(4000, "srv")
    assert (network.log, server.readyState) == ([("close", 4000, "srv")], 2)
    wire.message("in between")
    wire.closed(4001, "cli")
    assert log == [("message", "in between"), ("close", 4001, "cli", True, 3)]
    assert network.log == [("close", 4000, "srv")]


async def test_nothing_is_delivered_after_a_close(owner: context.IoContext) -> None:
    log: list[Any] = []
    _, wire, _ = served(log)
    wire.closed(1000, "")
    wire.message("late")
    wire.dropped()
    wire.failed(1002, "late")
    assert log == [("close", 1000, "", True, 3)]


async def test_a_drop_is_one_close_event_1006_seen_in_state_1(owner: context.IoContext) -> None:
    log: list[Any] = []
    server, wire, _ = served(log)
    wire.dropped()
    wire.dropped()
    assert log == [("close", 1006, DROPPED, False, 1)]
    assert server.readyState == 2
    assert server.send("x") is None
    assert server.readyState == 3
    assert server.close(1000) is None


async def test_a_drop_after_own_close_is_seen_in_state_2(owner: context.IoContext) -> None:
    log: list[Any] = []
    server, wire, _ = served(log)
    server.close()
    wire.dropped()
    assert log == [("close", 1006, DROPPED, False, 2)]


async def test_a_protocol_error_is_one_error_event_and_no_close(owner: context.IoContext) -> None:
    log: list[Any] = []
    _, wire, _ = served(log)
    wire.failed(1002, "Unknown opcode 3")
    wire.dropped()
    text = (
        "Uncaught Error: WebSocket protocol error; protocolError.statusCode = 1002; "
        "protocolError.description = Unknown opcode 3"
    )
    assert log == [("error", text, 3)]


async def test_a_local_pair_closes_by_itself(owner: context.IoContext) -> None:
    log: list[Any] = []
    one, _ = accepted_pair(log)
    watch(one, log)
    one.close(1000, "bye")
    await turns()
    assert log == [("close", 1000, "bye", True, 3), ("close", 1000, "bye", True, 3)]


async def test_a_local_pair_that_is_half_open_goes_on_in_one_direction(
    owner: context.IoContext,
) -> None:
    log: list[Any] = []
    half_open = JsObject({"allowHalfOpen": True})
    a, b = make_pair()
    a.accept(half_open)
    b.accept(half_open)
    watch(a, log)
    watch(b, log)
    b.close(1000, "first")
    await turns()
    assert (a.readyState, b.readyState) == (2, 2)
    a.send("still works")
    a.close(1001, "second")
    await turns()
    assert log == [
        ("close", 1000, "first", True, 2),
        ("message", "still works"),
        ("close", 1001, "second", True, 3),
    ]
    assert (a.readyState, b.readyState) == (3, 3)


async def test_a_close_before_the_response_follows_what_was_sent() -> None:
    with make_context().entered():
        client, server = make_pair()
        server.accept()
        server.send("1")
        server.close(4000, "x")
        network = Network()
        couple(client, network)
    assert network.log == ["1", ("close", 4000, "x")]


# --- the network side, and the context


RETURNED = [
    (State.ACCEPTED, "TypeError: Can't return WebSocket in a Response after calling accept()."),
    (
        State.HIBERNATABLE,
        "TypeError: Can't return WebSocket in a Response after calling acceptWebSocket().",
    ),
    (
        State.RELEASED,
        "TypeError: Can't return WebSocket that was already used in a response.",
    ),
]


@pytest.mark.parametrize(("state", "text"), RETURNED)
def test_only_an_untouched_end_can_be_returned(state: State, text: str) -> None:
    end = make_pair()[0]
    end._state = state
    assert error_of(lambda: couple(end, Network())) == text


def test_a_returned_end_ignores_send_and_close() -> None:
    end = make_pair()[0]
    couple(end, Network())
    assert (end.send("x"), end.close(1000)) == (None, None)


async def test_a_proxied_socket_passes_everything_on_both_ways(owner: context.IoContext) -> None:
    near, far = make_pair()
    upstream, client = Network(), Network()
    from_upstream = couple(far, upstream)
    from_upstream.message("early")
    from_client = couple(near, client)
    from_client.message("to upstream")
    from_upstream.message(b"\x01")
    from_client.closed(4009, "end")
    from_upstream.closed(4010, "answer")
    assert upstream.log == ["to upstream", ("close", 4009, "end")]
    assert client.log == ["early", b"\x01", ("close", 4010, "answer")]


async def test_an_open_socket_keeps_its_context_until_its_last_event_was_heard() -> None:
    log: list[str] = []
    owner = make_context()
    with owner.entered():
        server, wire, _ = served([])

        async def late(_event: Any) -> None:
            log.append("an async listener has started")

        server.addEventListener("close", create_proxy(late))
    owner.finish()
    assert not owner.closed
    wire.closed(1000, "")
    await turns()
    assert owner.closed
    assert log == ["an async listener has started"]


async def test_a_context_that_ends_first_drops_its_sockets() -> None:
    log: list[Any] = []
    owner = make_context()
    with owner.entered():
        _, wire, network = served(log)
    owner.close()
    wire.message("late")
    assert network.log == ["abort"]
    assert log == []


async def test_a_socket_that_has_ended_is_no_resource_any_more(owner: context.IoContext) -> None:
    _, wire, _ = served([])
    assert len(owner.resources) == 1
    wire.closed(1000, "")
    assert owner.resources == {}


async def test_losing_a_connection_is_a_drop_on_both_sides(owner: context.IoContext) -> None:
    log: list[Any] = []
    server, _, network = served(log)
    lose_connection(server)
    assert network.log == ["abort"]
    await turns()
    assert log == [("close", 1006, DROPPED, False, 1)]


async def test_an_adopted_connection_speaks_to_the_new_socket(owner: context.IoContext) -> None:
    log: list[Any] = []
    near, far = make_pair()
    network = Network()
    wire = couple(far, network)
    wire.message("early")
    socket = WebSocket()
    watch(socket, log)
    adopt_connection(socket, near)
    socket.accept()
    socket.send("out")
    await turns()
    wire.message("late")
    wire.closed(1000, "")
    assert network.log == ["out", ("close", 1000, "")]
    assert log == [("message", "early"), ("message", "late"), ("close", 1000, "", True, 3)]
    assert owner.resources == {}


async def test_a_half_open_end_whose_connection_drops_lets_its_context_end() -> None:
    end, to_network = make_pair()
    owner = make_context()
    with owner.entered():
        end.accept(JsObject({"allowHalfOpen": True}))
    wire = couple(to_network, Network())
    wire.closed(1000, "bye")
    owner.answered()
    assert not owner.closed
    wire.dropped()
    await turns()
    assert owner.closed
