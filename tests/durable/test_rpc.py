"""What crosses between objects and workers: copies, stubs, bodies."""

from __future__ import annotations

import pytest

from wrangler_py.durable.rpc import RpcStub, crossing, transfer
from wrangler_py.js.errors import JsException, dom_exception, range_error
from wrangler_py.js.ffi import to_js
from wrangler_py.js.object import JsObject
from wrangler_py.web.response import Response
from wrangler_py.web.websocket import WebSocketPair


@pytest.mark.parametrize(
    "make",
    [
        lambda js: to_js([1, "two", [3]]),
        lambda js: JsObject({"a": 1}),
        lambda js: js.Map.new([["k", 1]]),
        lambda js: js.Set.new([1, 2]),
        lambda js: js.Date.new(0),
        lambda js: to_js(b"bytes"),
        lambda js: js.Headers.new([["a", "b"]]),
        lambda js: js.Blob.new(to_js(["text"])),
    ],
)
def test_data_is_copied(make):
    import js

    value = make(js)
    copy = transfer(value)
    assert copy is not value
    assert copy.constructor.name == value.constructor.name
    assert str(copy) == str(value)


@pytest.mark.parametrize("value", [None, True, 5, 1.5, "text", 2**60])
def test_primitives_pass_as_they_are(value):
    assert transfer(value) is value


async def test_functions_become_stubs_wherever_they_stand():
    copy = transfer(to_js([1, lambda n: n * 2]))
    stub = copy[1]
    assert isinstance(stub, RpcStub)
    assert await stub(21) == 42


async def test_a_stub_that_was_disposed_of_fails():
    stub = transfer(lambda: 1)
    stub.destroy()
    with pytest.raises(JsException, match="RPC stub used after being disposed"):
        stub()


async def test_a_stub_of_a_function_has_no_methods():
    with pytest.raises(JsException, match='does not implement the method "nope"'):
        await transfer(lambda: 1).nope()


async def test_a_body_moves_with_its_message():
    response = Response("text")
    moved = transfer(response)
    assert await moved.text() == "text"
    assert response.bodyUsed is True


@pytest.mark.parametrize("make", [object, WebSocketPair, lambda: {"a": 1}, lambda: complex(1)])
def test_what_has_no_copy_is_refused(make):
    with pytest.raises(JsException, match=r"^DataCloneError"):
        transfer(make())


def test_more_than_32_mib_are_refused():
    with pytest.raises(JsException, match="are limited to 32MiB, but the size of this value was"):
        transfer(to_js([bytes(32 * 1024 * 1024)]))


def test_errors_keep_their_names():
    assert str(crossing(range_error("too far"))) == "RangeError: too far"
    assert str(crossing(dom_exception("gone", "AbortError"))) == "AbortError: gone"
