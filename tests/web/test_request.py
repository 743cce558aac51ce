"""Request: texts and defaults as workerd 2026-11-17 gave them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from wrangler_py.js.errors import JsException
from wrangler_py.js.null import jsnull
from wrangler_py.js.object import JsObject
from wrangler_py.web.request import Request, hand_over
from wrangler_py.web.streams import ReadableStream

new = Request.constructor.new
URL = "http://a/"

REDIRECT = (
    'Invalid redirect value, must be one of "follow" or "manual" ("error" won\'t be implemented '
    'since it does not make sense at the edge; use "manual" and check the response status code).'
)
NO_BODY = "Request with a GET or HEAD method cannot have a body."

MISUSE: list[tuple[tuple[Any, ...], dict[str, Any], str]] = [
    (("/x",), {}, "Invalid URL: /x"),
    (("",), {}, "Invalid URL: "),
    ((jsnull,), {}, "Invalid URL: null"),
    ((), {}, "Failed to construct 'Request': constructor parameter 1 is not of type 'Request or"),
    ((URL, "x"), {}, "Failed to construct 'Request': constructor parameter 2 is not of type 'Req"),
    ((URL,), {"method": "foo"}, "Invalid HTTP method string: foo"),
    ((URL,), {"method": "CONNECT"}, "Invalid HTTP method string: CONNECT"),
    ((URL,), {"method": ""}, "Invalid HTTP method string: "),
    ((URL,), {"method": jsnull}, "Invalid HTTP method string: null"),
    ((URL,), {"body": "x"}, NO_BODY),
    ((URL,), {"body": ""}, NO_BODY),
    ((URL,), {"method": "HEAD", "body": "x"}, NO_BODY),
    ((URL,), {"redirect": "error"}, REDIRECT),
    ((URL,), {"cache": "reload"}, "Unsupported cache mode: reload"),
    ((URL,), {"integrity": "x"}, "Subrequest integrity checking is not implemented. "),
    ((URL,), {"signal": 5}, "Incorrect type for the 'signal' field on 'RequestInitializerDict'"),
    ((URL,), {"cf": jsnull}, "Incorrect type for the 'cf' field on 'RequestInitializerDict'"),
]


@pytest.mark.parametrize(("args", "init", "text"), MISUSE)
def test_misuse_fails_as_on_cloudflare(
    args: tuple[Any, ...], init: dict[str, Any], text: str
) -> None:
    with pytest.raises(JsException) as caught:
        new(*args, **init)
    assert caught.value.name == "TypeError"
    assert caught.value.message.startswith(text)


@pytest.mark.parametrize("method", ["get", "Post", "patch", "delete", "propfind", "TRACE"])
def test_a_method_is_normalized_to_upper_case(method: str) -> None:
    assert new(URL, method=method).method == method.upper()


def test_a_fresh_request_has_the_runtimes_defaults() -> None:
    request = new("HTTP://A/ x")
    assert (request.method, request.url) == ("GET", "http://a/%20x")
    assert (request.redirect, request.integrity, request.keepalive) == ("follow", "", False)
    assert (request.cf, request.cache) == (None, None)
    assert request.fetcher is jsnull
    assert request.body is jsnull
    assert not request.bodyUsed


async def test_a_request_takes_the_body_of_another() -> None:
    first = new(URL, method="POST", body="a", headers=[["q", "1"]])
    second = new(first)
    assert first.bodyUsed
    assert (second.method, second.headers.get("q"), await second.text()) == ("POST", "1", "a")
    with pytest.raises(JsException, match="Cannot reconstruct a Request"):
        new(first)
    assert await new(first, body="b").text() == "b"


async def test_a_request_may_serve_as_init_of_another_url() -> None:
    request = new("http://b/", new(URL, method="POST", body="x", headers=[["q", "1"]]))
    assert (request.url, request.method) == ("http://b/", "POST")
    assert (request.headers.get("q"), await request.text()) == ("1", "x")


async def test_headers_in_init_replace_those_of_the_request() -> None:
    request = new(new(URL, method="POST", body="x", headers=[["q", "1"]]), headers=[["z", "2"]])
    assert [list(pair) for pair in request.headers] == [["z", "2"]]
    assert await request.text() == "x"


def test_get_cannot_take_a_body_over() -> None:
    with pytest.raises(JsException, match="GET or HEAD"):
        new(new(URL, method="POST", body="x"), method="GET")


async def test_a_clone_is_read_apart() -> None:
    request = new(URL, method="POST", body="a")
    copy = request.clone()
    assert (await request.text(), await copy.text()) == ("a", "a")
    with pytest.raises(JsException, match=r"currently locked to a reader,$"):
        request.clone()


async def test_an_incoming_request_reads_its_source_when_asked() -> None:
    pulled: list[int] = []

    async def source() -> AsyncIterator[bytes]:
        for number in range(3):
            pulled.append(number)
            yield b"%d" % number

    request = Request._incoming(
        "POST", URL, lambda: [("X", "1")], source(), JsObject({"colo": "x"})
    )
    assert (request.cf.colo, pulled) == ("x", [])
    assert await request.text() == "012"
    with pytest.raises(JsException, match="Body has already been used"):
        await request.text()


def test_incoming_headers_are_made_when_asked_and_immutable() -> None:
    request = Request._incoming("GET", URL, [("X", "1")], None)
    assert request.headers.get("x") == "1"
    with pytest.raises(JsException, match="Can't modify immutable headers"):
        request.headers.set("x", "2")


def test_an_unknown_incoming_method_is_kept() -> None:
    assert Request._incoming("BREW", URL, [], None).method == "BREW"


HANDED_OVER = [  # how the body is given, what the other Worker is told
    ({"method": "POST", "body": "héllo"}, ("6", None)),
    ({"method": "POST", "body": ""}, ("0", None)),
    ({"method": "POST"}, (None, None)),
    ({}, (None, None)),
    ({"method": "POST", "body": "x", "headers": {"content-length": "1"}}, ("1", None)),
]


@pytest.mark.parametrize(("init", "told"), HANDED_OVER)
def test_another_worker_is_told_how_long_a_body_is(init, told) -> None:
    init = {**init, "headers": JsObject(init.get("headers", {}))}
    headers = hand_over(Request("http://x/", JsObject(init))).headers
    assert (headers._find("content-length"), headers._find("transfer-encoding")) == told


async def test_another_worker_is_told_that_a_stream_has_no_length() -> None:
    init = JsObject({"method": "POST", "body": ReadableStream()})
    request = hand_over(Request("http://x/", init))
    assert request.headers.get("transfer-encoding") == "chunked"
    assert request.redirect == "manual"
