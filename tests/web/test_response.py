"""Response: texts and order of the checks as workerd 2026-11-17 gave them."""

from __future__ import annotations

from typing import Any

import pytest

from wrangler_py.js.errors import JsException
from wrangler_py.js.null import jsnull
from wrangler_py.js.object import JsObject
from wrangler_py.js.proxy import JsProxy
from wrangler_py.web.body import USED, body_bytes
from wrangler_py.web.headers import Headers
from wrangler_py.web.response import Response, header_pairs

new = Response.constructor.new

STATUS = "Responses may only be constructed with status codes in the range 200 to 599, inclusive."
NULL_BODY = "Response with null body status (101, 204, 205, or 304) cannot have a body."
NOT_A_SOCKET = (
    "Incorrect type for the 'webSocket' field on 'InitializerDict': "
    "the provided value is not of type 'WebSocket'."
)
INT32 = "Value out of range. Must be between -2147483648 and 2147483647 (inclusive)."


class FakeSocket(JsProxy, js_name="WebSocket"):
    """Anything whose constructor is called WebSocket."""


MISUSE: list[tuple[Any, dict[str, Any], str, str]] = [
    ("", {"status": 600}, "RangeError", STATUS),
    ("", {"status": 199}, "RangeError", STATUS),
    ("", {"status": "abc"}, "RangeError", STATUS),
    ("", {"status": jsnull}, "RangeError", STATUS),
    ("", {"status": -1}, "RangeError", STATUS),
    ("", {"status": 1e20}, "TypeError", INT32),
    ("x", {"status": 204}, "TypeError", NULL_BODY),
    ("x", {"status": 304}, "TypeError", NULL_BODY),
    ("", {"statusText": "a\nb"}, "TypeError", "Invalid statusText"),
    ("", {"status": 999, "statusText": "\n"}, "RangeError", STATUS),
    ("", {"encodeBody": "foo"}, "TypeError", "encodeBody: unexpected value: foo"),
    (
        "",
        {"cf": 5},
        "TypeError",
        (
            "Incorrect type for the 'cf' field on 'InitializerDict': "
            "the provided value is not of type 'Object'."
        ),
    ),
    (
        "",
        {"headers": "abc"},
        "TypeError",
        (
            "Incorrect type for the 'headers' field on 'InitializerDict': "
            "the provided value is not of type 'Headers or Sequence or object'."
        ),
    ),
    # WebSocket answers
    (None, {"status": 101}, "RangeError", STATUS),
    (None, {"status": 101, "webSocket": jsnull}, "RangeError", STATUS),
    (None, {"status": 101, "webSocket": 5}, "TypeError", NOT_A_SOCKET),
    (None, {"status": 101, "webSocket": JsObject()}, "TypeError", NOT_A_SOCKET),
    ("x", {"status": 99, "webSocket": JsObject()}, "TypeError", NOT_A_SOCKET),
    (
        None,
        {"webSocket": FakeSocket()},
        "RangeError",
        "Responses with a WebSocket must have status code 101.",
    ),
    (
        "x",
        {"status": 99, "webSocket": FakeSocket()},
        "RangeError",
        "Responses with a WebSocket must have status code 101.",
    ),
    ("x", {"status": 101, "webSocket": FakeSocket()}, "TypeError", NULL_BODY),
]


@pytest.mark.parametrize(("body", "init", "name", "text"), MISUSE)
def test_misuse_fails_as_on_cloudflare(
    body: Any, init: dict[str, Any], name: str, text: str
) -> None:
    with pytest.raises(JsException) as caught:
        new(body, **init)
    assert (caught.value.name, caught.value.message) == (name, text)


@pytest.mark.parametrize("init", [5, "x", True])
def test_init_must_be_an_object(init: Any) -> None:
    with pytest.raises(JsException, match="parameter 2 is not of type 'InitializerDict or Resp"):
        new("", init)


def test_new_is_needed() -> None:
    with pytest.raises(JsException, match="Please use the 'new' operator"):
        Response.constructor("x")


@pytest.mark.parametrize(("given", "status"), [("201", 201), (200.9, 200), (None, 200)])
def test_status_is_converted_as_a_number(given: Any, status: int) -> None:
    assert new("", status=given).status == status


def test_a_fresh_response_has_the_defaults_of_the_specification() -> None:
    response = new()
    shown = (response.status, response.statusText, response.ok, response.redirected)
    assert shown == (200, "", True, False)
    assert (response.url, response.type, response.cf) == ("", "default", None)
    assert response.body is jsnull
    assert response.webSocket is jsnull
    assert response.constructor.name == "Response"


@pytest.mark.parametrize("status", [200, 299, 404, 599])
def test_a_status_has_no_text_unless_the_script_gives_one(status: int) -> None:
    assert new("", status=status).statusText == ""
    assert new("", status=status, statusText="Mine").statusText == "Mine"


def test_an_error_response_has_no_status_text() -> None:
    assert Response.error().statusText == ""


def test_an_empty_body_is_allowed_where_none_may_be() -> None:
    assert new("", status=204).body is jsnull
    socket = FakeSocket()
    assert new("", status=101, webSocket=socket).webSocket is socket


async def test_a_body_is_read_once() -> None:
    response = new("a")
    assert not response.bodyUsed
    assert await response.text() == "a"
    assert response.bodyUsed
    for read in (response.text, response.json, response.blob, response.arrayBuffer, response.bytes):
        with pytest.raises(JsException) as caught:
            await read()
        assert caught.value.message == USED


async def test_a_null_body_may_be_read_again() -> None:
    response = new(None)
    assert await response.text() == ""
    assert await response.text() == ""
    assert not response.bodyUsed


async def test_reading_a_body_in_memory_needs_no_turn_of_the_loop() -> None:
    assert new("a").text().done()


async def test_a_python_object_is_its_string() -> None:
    assert await new(b"ab").text() == "b'ab'"
    assert await new({"a": 1}).text() == "{'a': 1}"
    assert await new(5).text() == "5"
    assert await new(True).text() == "true"


async def test_text_replaces_bad_bytes_and_drops_a_byte_order_mark() -> None:
    from wrangler_py.js.buffers import Uint8Array

    assert await new(Uint8Array._of(b"\xef\xbb\xbfa\xff")).text() == "a\ufffd"
    assert await new("\ud800").text() == "\ufffd"


def test_a_string_brings_its_content_type_unless_there_is_one() -> None:
    assert header_pairs(new("a")) == [("content-type", "text/plain;charset=UTF-8")]
    own = new("a", headers=[["Content-Type", "x/y"]])
    assert [value for _, value in header_pairs(own)] == ["x/y"]
    other = new("a", headers=[["x", "1"]])
    assert other.headers.get("content-type") == "text/plain;charset=UTF-8"
    assert header_pairs(new(None)) == []


def test_headers_are_copied() -> None:
    mine = Headers([["x", "1"]])
    response = new("a", headers=mine)
    response.headers.set("x", "2")
    assert mine.get("x") == "1"


async def test_another_response_serves_as_init() -> None:
    socket = FakeSocket()
    first = new(None, status=101, webSocket=socket)
    assert new(None, first).webSocket is socket
    source = new("a", status=201, statusText="T", headers=[["x", "1"]], cf=JsObject({"a": 1}))
    copy = new("b", source)
    assert (copy.status, copy.statusText, copy.cf.a) == (201, "T", 1)
    assert (copy.headers.get("x"), await copy.text()) == ("1", "b")


async def test_a_clone_is_read_apart() -> None:
    response = new("a", status=201, headers=[["x", "1"]])
    copy = response.clone()
    copy.headers.set("x", "2")
    assert (await response.text(), await copy.text()) == ("a", "a")
    assert (copy.status, response.headers.get("x")) == (201, "1")


async def test_what_cannot_be_cloned() -> None:
    with pytest.raises(JsException, match="Cannot clone a response to a WebSocket handshake"):
        new(None, status=101, webSocket=FakeSocket()).clone()
    used = new("a")
    await used.text()
    with pytest.raises(JsException, match=r"currently locked to a reader,$"):
        used.clone()


def test_redirect_gives_a_location() -> None:
    response = Response.constructor.redirect("http://A/%7Ex y", 307)
    assert (response.status, response.headers.get("location")) == (307, "http://a/%7Ex%20y")
    with pytest.raises(JsException, match="Can't modify immutable headers"):
        response.headers.set("x", "1")


@pytest.mark.parametrize(
    ("args", "text"),
    [
        (("/x",), "TypeError: Unable to parse URL: /x"),
        (
            ("http://a/", 200),
            (
                "RangeError: 200 is not a redirect status code. "
                "It must be one of: 301, 302, 303, 307, or 308."
            ),
        ),
        (
            (),
            (
                "TypeError: Failed to execute 'redirect' on 'Response': "
                "parameter 1 is not of type 'string'."
            ),
        ),
    ],
)
def test_a_bad_redirect_is_refused(args: tuple[Any, ...], text: str) -> None:
    with pytest.raises(JsException) as caught:
        Response.constructor.redirect(*args)
    assert str(caught.value) == text


def test_error_is_a_network_error() -> None:
    response = Response.constructor.error()
    assert (response.type, response.status, response.ok) == ("error", 0, False)
    assert response.clone().type == "error"
    with pytest.raises(JsException, match="status codes in the range 200 to 599"):
        new("x", response)


async def test_the_server_takes_a_body_once() -> None:
    response = new("a")
    assert body_bytes(response) == b"a"
    with pytest.raises(JsException, match="Body has already been used"):
        body_bytes(response)
    assert body_bytes(new(None)) == b""
