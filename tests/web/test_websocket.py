"""WebSocket and its pair: every member, argument, error and state that a script sees."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from wrangler_py import context
from wrangler_py.js.buffers import ArrayBuffer, Uint8Array
from wrangler_py.js.null import jsnull
from wrangler_py.js.object import JsObject
from wrangler_py.web.websocket import WebSocket, WebSocketPair, make_pair
from wrangler_py.web.websocket_state import State

from .websocket_ends import (
    NEW,
    accepted_pair,
    error_of,
    make_context,
    turns,
)

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


@pytest.fixture
def owner() -> Iterator[context.IoContext]:
    """The running code belongs to a worker of today."""
    with make_context().entered() as entered:
        yield entered


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
