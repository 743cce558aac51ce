"""The two ends of a WebSocket in memory: every call, error, event and state that a script sees."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from wrangler_py import compat, context
from wrangler_py.js.buffers import ArrayBuffer, Uint8Array
from wrangler_py.js.callbacks import create_proxy
from wrangler_py.js.errors import JsException
from wrangler_py.js.null import jsnull
from wrangler_py.js.object import JsObject
from wrangler_py.web.websocket import (
    State,
    WebSocket,
    WebSocketPair,
    lose_connection,
    make_pair,
)
from wrangler_py.web.websocket_wire import Wire, adopt_connection, couple

NEW, OLD = "2026-11-01", "2025-10-01"
NOT_ACCEPTED = (
    "TypeError: You must call one of accept() or state.acceptWebSocket() on this WebSocket "
    "before sending messages."
)
AFTER_CLOSE = "TypeError: Can't call WebSocket send() after close()."
TOO_LONG = (
    "SyntaxError: WebSocket close reason must not be longer than 123 bytes when UTF-8 encoded."
)
NO_CODE = (
    "InvalidAccessError: If you specify a WebSocket close reason, you must also specify a code."
)
DROPPED = "WebSocket disconnected without sending Close frame."


class Network:
    """A sink that remembers."""

    buffered = 0

    def __init__(self) -> None:
        self.log: list[Any] = []

    def send(self, data: str | bytes) -> None:
        self.log.append(data)

    def close(self, code: int | None, reason: str) -> None:
        self.log.append(("close", code, reason))

    def abort(self) -> None:
        self.log.append("abort")


def make_context(date: str = NEW, *flags: str) -> context.IoContext:
    return context.IoContext(None, "test", compat.resolve(date, flags))


@pytest.fixture
def owner() -> Iterator[context.IoContext]:
    """The running code belongs to a worker of today."""
    with make_context().entered() as entered:
        yield entered


def watch(end: WebSocket, log: list[Any]) -> None:
    """Log each event with the readyState that its listener sees."""

    def message(event: Any) -> None:
        data = event.data
        log.append(("message", data if isinstance(data, str) else data.to_bytes()))

    def close(event: Any) -> None:
        log.append(("close", event.code, event.reason, event.wasClean, end.readyState))

    def error(event: Any) -> None:
        log.append(("error", event.message.splitlines()[0], end.readyState))

    for kind, listener in (("message", message), ("close", close), ("error", error)):
        end.addEventListener(kind, create_proxy(listener))


async def turns(count: int = 8) -> None:
    """Let what is scheduled run: each hop between the ends takes one turn."""
    for _ in range(count):
        await asyncio.sleep(0)


def accepted_pair(log: list[Any] | None = None) -> tuple[WebSocket, WebSocket]:
    one, other = make_pair()
    one.accept()
    other.accept()
    if log is not None:
        watch(other, log)
    return one, other


def served(log: list[Any]) -> tuple[WebSocket, Wire, Network]:
    """The worker's end of a pair whose other end was returned to a client."""
    client, server = make_pair()
    network = Network()
    server.accept()
    watch(server, log)
    return server, couple(client, network), network


def error_of(action: Callable[[], Any]) -> str:
    with pytest.raises(JsException) as caught:
        action()
    return str(caught.value)


# --- section 3: objects and states


def test_a_pair_needs_new() -> None:
    assert error_of(WebSocketPair.constructor) == (
        "TypeError: Failed to construct 'WebSocketPair': Please use the 'new' operator, this "
        "object constructor cannot be called as a function."
    )


def test_a_pair_comes_apart_in_three_ways_but_not_by_index() -> None:
    pair = WebSocketPair.constructor.new()
    one, other = pair
    assert list(pair.object_keys()) == ["0", "1"]
    assert [getattr(pair, "0"), getattr(pair, "1")] == [one, other]
    assert list(pair.object_values()) == [one, other]
    with pytest.raises(TypeError, match="not subscriptable"):
        pair[0]


FRESH = [
    ("readyState", 1),
    ("url", jsnull),
    ("protocol", ""),
    ("extensions", ""),
    ("binaryType", "blob"),
    ("bufferedAmount", 0),
]


@pytest.mark.parametrize(("name", "value"), FRESH)
def test_a_fresh_end_is_open_before_anybody_accepts_it(
    owner: context.IoContext, name: str, value: Any
) -> None:
    assert getattr(make_pair()[0], name) == value


def test_constants_are_on_the_class_and_on_instances() -> None:
    end = make_pair()[0]
    names = ("CONNECTING", "OPEN", "CLOSING", "CLOSED")
    for number, name in enumerate(names):
        for place in (end, WebSocket.constructor):
            assert getattr(place, name) == getattr(place, f"READY_STATE_{name}") == number


def test_a_socket_is_unhashable_and_equal_only_to_itself() -> None:
    one, other = make_pair()
    with pytest.raises(TypeError, match="unhashable"):
        hash(one)
    assert one == one
    assert one != other


@pytest.mark.parametrize(("date", "kind"), [("2026-03-16", "arraybuffer"), ("2026-03-17", "blob")])
def test_binary_type_follows_the_compatibility_date(date: str, kind: str) -> None:
    with make_context(date).entered():
        assert make_pair()[0].binaryType == kind


def test_an_unknown_binary_type_is_ignored(owner: context.IoContext) -> None:
    end = make_pair()[0]
    end.binaryType = "arraybuffer"
    end.binaryType = "nodebuffer"
    assert end.binaryType == "arraybuffer"


# --- section 6: methods, arguments, errors


async def test_accept_may_be_called_again(owner: context.IoContext) -> None:
    end = make_pair()[0]
    assert (end.accept(), end.accept()) == (None, None)


def test_accept_takes_no_primitive_for_options() -> None:
    assert error_of(lambda: make_pair()[0].accept(5)) == (
        "TypeError: Failed to execute 'accept' on 'WebSocket': "
        "parameter 1 is not of type 'AcceptOptions'."
    )


CANNOT_ACCEPT = [
    (
        State.CONNECTING,
        "TypeError: Websockets obtained from the 'new WebSocket()' constructor cannot call accept",
    ),
    (
        State.RELEASED,
        "TypeError: Can't accept() WebSocket that was already used in a response.",
    ),
    (State.HIBERNATABLE, "TypeError: Can't accept() WebSocket after enabling hibernation."),
]


@pytest.mark.parametrize(("state", "text"), CANNOT_ACCEPT)
def test_accept_refuses_an_end_that_is_somebody_elses(state: State, text: str) -> None:
    end = make_pair()[0]
    end._state = state
    assert error_of(end.accept) == text


SENT = [
    ("hi", "hi"),
    ("", ""),
    (5, "5"),
    (True, "true"),
    (1.5, "1.5"),
    (None, "undefined"),
    (jsnull, "null"),
    (b"hi", "b'hi'"),
    ([1, 2], "[1, 2]"),
    ({"a": 1}, "{'a': 1}"),
    (JsObject({"a": 1}), "[object Object]"),
    ("\ud800x", "\ufffd\ufffd\ufffdx"),
    (ArrayBuffer._of(b"\x01\x02"), b"\x01\x02"),
    (Uint8Array._of(b""), b""),
    (Uint8Array(ArrayBuffer._of(b"abcd"), 1, 2), b"bc"),
]


@pytest.mark.parametrize(("data", "arrives"), SENT, ids=lambda value: repr(value)[:20])
async def test_send_converts_as_javascript_does(
    owner: context.IoContext, data: Any, arrives: str | bytes
) -> None:
    log: list[Any] = []
    one, other = accepted_pair(log)
    other.binaryType = "arraybuffer"
    assert one.send(data) is None
    await turns()
    assert log == [("message", arrives)]


async def test_send_copies_the_bytes_at_the_call(owner: context.IoContext) -> None:
    log: list[Any] = []
    one, other = accepted_pair(log)
    other.binaryType = "arraybuffer"
    data = Uint8Array(2)
    one.send(data)
    data[0] = 9
    await turns()
    assert log == [("message", b"\0\0")]


async def test_send_without_an_argument_is_a_type_error(owner: context.IoContext) -> None:
    one, _ = accepted_pair()
    assert error_of(one.send) == (
        "TypeError: Failed to execute 'send' on 'WebSocket': "
        "parameter 1 is not of type 'ArrayBuffer or ArrayBufferView or string'."
    )


async def test_keyword_arguments_of_send_are_an_object(owner: context.IoContext) -> None:
    log: list[Any] = []
    one, _ = accepted_pair(log)
    one.send(text="hi")
    await turns()
    assert log == [("message", "[object Object]")]


def test_an_end_must_be_accepted_before_it_sends_or_closes() -> None:
    end = make_pair()[0]
    assert error_of(lambda: end.send("x")) == NOT_ACCEPTED
    assert error_of(end.close) == NOT_ACCEPTED


async def test_send_after_close_fails_and_a_second_close_is_ignored(
    owner: context.IoContext,
) -> None:
    one, _ = accepted_pair()
    one.close(1000, "bye")
    assert error_of(lambda: one.send("x")) == AFTER_CLOSE
    assert one.close() is None
    assert error_of(lambda: one.close(7)) == "InvalidAccessError: Invalid WebSocket close code: 7."
    assert one.readyState == 2


GOOD_CODES = [1000, 1001, 1002, 1003, 1007, 1011, 1012, 1014, 1016, 2999, 3000, 4999]
BAD_CODES = [0, 1, 999, 1004, 1005, 1006, 1015, 5000, 70000, -1]


@pytest.mark.parametrize("code", GOOD_CODES)
async def test_these_close_codes_are_sent(owner: context.IoContext, code: int) -> None:
    log: list[Any] = []
    one, _ = accepted_pair(log)
    one.close(code, "why")
    await turns()
    assert log == [("close", code, "why", True, 3)]


@pytest.mark.parametrize("code", BAD_CODES)
def test_these_close_codes_are_refused_whatever_the_state(code: int) -> None:
    text = error_of(lambda: make_pair()[0].close(code))
    assert text == f"InvalidAccessError: Invalid WebSocket close code: {code}."


CONVERTED_CODES = [("1000", 1000), (1000.7, 1000), (3000.0, 3000)]


@pytest.mark.parametrize(("given", "code"), CONVERTED_CODES)
async def test_a_close_code_is_converted_to_an_integer(
    owner: context.IoContext, given: Any, code: int
) -> None:
    log: list[Any] = []
    one, _ = accepted_pair(log)
    one.close(given)
    await turns()
    assert log == [("close", code, "", True, 3)]


@pytest.mark.parametrize("given", [jsnull, float("nan"), "abc", JsObject({"code": 1000})])
def test_what_is_no_number_counts_as_code_0(given: Any) -> None:
    text = error_of(lambda: make_pair()[0].close(given))
    assert text == "InvalidAccessError: Invalid WebSocket close code: 0."


def test_pedantic_wpt_takes_only_the_codes_for_applications() -> None:
    with make_context(NEW, "pedantic_wpt").entered():
        assert "1001" in error_of(lambda: make_pair()[0].close(1001))


CLOSE_ERRORS = [
    ((1, "x" * 200), "InvalidAccessError: Invalid WebSocket close code: 1."),
    ((1000, "x" * 124), TOO_LONG),
    ((1000, "ä" * 62), TOO_LONG),
    ((None, "x" * 124), TOO_LONG),
    ((None, "why"), NO_CODE),
    ((None, ""), NO_CODE),
    ((1000, "x" * 123), NOT_ACCEPTED),
]


@pytest.mark.parametrize(("args", "text"), CLOSE_ERRORS, ids=range(len(CLOSE_ERRORS)))
def test_close_checks_code_then_length_then_reason_then_state(
    args: tuple[Any, ...], text: str
) -> None:
    assert error_of(lambda: make_pair()[0].close(*args)) == text


async def test_long_reasons_were_allowed_before_the_flag() -> None:
    with make_context("2026-03-02").entered():
        one, _ = accepted_pair()
        one.close(1000, "x" * 124)
        assert one.readyState == 2


async def test_a_lone_surrogate_in_a_reason_becomes_one_replacement(
    owner: context.IoContext,
) -> None:
    log: list[Any] = []
    one, _ = accepted_pair(log)
    one.close(1000, "a\ud800")
    await turns()
    assert log == [("close", 1000, "a\ufffd", True, 3)]


async def test_buffered_amount_counts_utf8_bytes_until_the_peer_takes_them(
    owner: context.IoContext,
) -> None:
    one, other = make_pair()
    one.accept()
    one.send("aä")
    one.send(Uint8Array._of(b"12"))
    assert one.bufferedAmount == 5
    other.accept()
    await turns()
    assert one.bufferedAmount == 0


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
