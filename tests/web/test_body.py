"""Bodies: what may be one, and what it may be read as."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from wrangler_py.js.array import JsArray
from wrangler_py.js.buffers import ArrayBuffer, Uint8Array
from wrangler_py.js.callbacks import create_proxy
from wrangler_py.js.errors import JsException
from wrangler_py.js.object import JsObject
from wrangler_py.web.blob import Blob
from wrangler_py.web.body import body_bytes, body_chunks, body_length
from wrangler_py.web.formdata import FormData
from wrangler_py.web.request import Request
from wrangler_py.web.response import Response, header_pairs
from wrangler_py.web.streams import ReadableStream
from wrangler_py.web.url_search_params import URLSearchParams

new = Response.constructor.new
FORM = "application/x-www-form-urlencoded"


def form(*fields: tuple[str, str]) -> FormData:
    made = FormData()
    for name, value in fields:
        made.append(name, value)
    return made


BODIES: list[tuple[Any, bytes, str | None]] = [
    ("ü", "ü".encode(), "text/plain;charset=UTF-8"),
    (Uint8Array._of(b"ab"), b"ab", None),
    (ArrayBuffer._of(b"ab"), b"ab", None),
    (Uint8Array(ArrayBuffer._of(b"abcd"), 1, 2), b"bc", None),
    (Blob._of(b"ab", "x/y"), b"ab", "x/y"),
    (Blob._of(b"ab"), b"ab", None),
    (URLSearchParams("a=1&b= 2"), b"a=1&b=+2", f"{FORM};charset=UTF-8"),
    (JsObject(), b"[object Object]", "text/plain;charset=UTF-8"),
    (create_proxy(b"ab"), b"b'ab'", "text/plain;charset=UTF-8"),
    (5, b"5", "text/plain;charset=UTF-8"),
]


@pytest.mark.parametrize(("body", "data", "kind"), BODIES)
async def test_a_body_has_bytes_and_a_type(body: Any, data: bytes, kind: str | None) -> None:
    response = new(body)
    assert dict(header_pairs(response)).get("content-type") == kind
    assert body_bytes(response) == data


async def test_a_view_is_copied_when_it_is_given() -> None:
    view = Uint8Array(2)
    response = new(view)
    view[0] = 65
    assert body_bytes(response) == b"\0\0"


async def test_a_form_comes_back_as_it_went() -> None:
    response = new(form(("a", "1"), ("b", "ü")))
    assert response.headers.get("content-type").startswith("multipart/form-data; boundary=")
    back = await response.formData()
    assert [list(pair) for pair in back] == [["a", "1"], ["b", "ü"]]


async def test_an_array_is_a_stream_of_its_items() -> None:
    assert await new(JsArray([Uint8Array._of(b"a"), Uint8Array._of(b"b")])).text() == "ab"
    with pytest.raises(JsException, match="This ReadableStream did not return bytes"):
        await new(JsArray([1, 2])).text()


async def test_a_body_is_read_as_what_is_asked_for() -> None:
    assert (await new('{"a": [1]}').json()).a[0] == 1
    assert (await new("ab").arrayBuffer()).to_bytes() == b"ab"
    data = await new("ab").bytes()
    assert (data.constructor.name, data.to_bytes()) == ("Uint8Array", b"ab")
    blob = await new("ab", headers=[["Content-Type", "Text/X"]]).blob()
    assert (blob.type, await blob.text()) == ("text/x", "ab")
    assert (await new("ab").blob()).type == "text/plain;charset=utf-8"
    assert (await new(Uint8Array(1)).blob()).type == ""


READ_ERRORS: list[tuple[str, dict[str, Any], str, str]] = [
    ("", {}, "json", "SyntaxError: Unexpected end of JSON input"),
    ("{a", {}, "json", "SyntaxError: Expected property name or '}' in JSON at position 1"),
    ("a", {}, "formData", "TypeError: Unrecognized Content-Type header value. FormData can only"),
    (
        "a",
        {"headers": [["content-type", "multipart/form-data"]]},
        "formData",
        "TypeError: No boundary string in Content-Type header.",
    ),
]


@pytest.mark.parametrize(("body", "init", "method", "text"), READ_ERRORS)
async def test_what_cannot_be_read_as_asked(
    body: str, init: dict[str, Any], method: str, text: str
) -> None:
    with pytest.raises(JsException) as caught:
        await getattr(new(body, **init), method)()
    assert str(caught.value).startswith(text)


async def test_a_form_needs_a_content_type() -> None:
    with pytest.raises(JsException) as caught:
        await new(Uint8Array(3)).formData()
    text = "TypeError: Parsing a Body as FormData requires a Content-Type header."
    assert str(caught.value) == text


async def test_response_json_serializes() -> None:
    response = Response.constructor.json(JsObject({"a": 1}), status=201)
    assert (response.status, response.headers.get("content-type")) == (201, "application/json")
    assert await response.text() == '{"a":1}'
    own = Response.constructor.json(1, headers=[["content-type", "x/y"]])
    assert own.headers.get("content-type") == "x/y"
    assert (await Response.constructor.json(5).json()) == 5


@pytest.mark.parametrize(
    ("args", "init", "text"),
    [
        ((), {}, "Failed to execute 'json' on 'Response': parameter 1 is not of type 'Value'."),
        (
            (1,),
            {"status": 204},
            "Response with null body status (101, 204, 205, or 304) cannot have a body.",
        ),
    ],
)
async def test_response_json_misuse(args: Any, init: dict[str, Any], text: str) -> None:
    with pytest.raises(JsException) as caught:
        Response.constructor.json(*args, **init)
    assert str(caught.value) == f"TypeError: {text}"


class Source:
    """Pieces from the network, which notes when nobody wants more."""

    def __init__(self, *pieces: bytes) -> None:
        self.pieces, self.closed = list(pieces), False

    def __aiter__(self) -> Source:
        return self

    async def __anext__(self) -> bytes:
        if not self.pieces:
            raise StopAsyncIteration
        return self.pieces.pop(0)

    async def aclose(self) -> None:
        self.closed = True


def incoming(*pieces: bytes) -> tuple[Request, Source]:
    source = Source(*pieces)
    return Request._incoming("POST", "http://a/", [], source, None), source


async def test_the_server_reads_piece_by_piece() -> None:
    request, _ = incoming(b"a", b"b")
    assert body_bytes(request) is None
    assert [piece async for piece in body_chunks(request)] == [b"a", b"b"]
    with pytest.raises(JsException, match="Body has already been used"):
        await anext(body_chunks(request))


async def test_a_request_body_handed_on_is_read_as_it_comes() -> None:
    request, source = incoming(b"a", b"b")
    response = Response(request.body)
    assert body_bytes(response) is None
    pieces = body_chunks(response)
    assert await anext(pieces) == b"a"
    assert source.pieces == [b"b"]
    await pieces.aclose()
    assert source.closed


async def test_a_stream_over_memory_is_still_memory_to_the_server() -> None:
    response = Response(Response("abc").body)
    assert response.body.locked is False
    assert body_bytes(response) == b"abc"
    with pytest.raises(JsException, match="Body has already been used"):
        body_bytes(response)


async def test_leaving_a_scripts_stream_cancels_it() -> None:
    reasons: list[Any] = []

    def pull(controller: Any) -> None:
        controller.enqueue(Uint8Array._of(b"x"))

    stream = ReadableStream.constructor.new(
        pull=create_proxy(pull), cancel=create_proxy(reasons.append)
    )
    pieces = body_chunks(Response(stream))
    assert await anext(pieces) == b"x"
    await pieces.aclose()
    assert len(reasons) == 1


async def test_a_failing_source_fails_the_reader() -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield b"a"
        raise JsException("Error", "Network connection lost.")

    request = Request._incoming("POST", "http://a/", [], broken(), None)
    with pytest.raises(JsException, match=r"Error: Network connection lost\."):
        await request.text()
    other = Request._incoming("POST", "http://a/", [], broken(), None)
    reader = other.body.getReader()
    assert (await reader.read()).value.to_bytes() == b"a"
    with pytest.raises(JsException, match=r"Error: Network connection lost\."):
        await reader.read()


async def test_the_length_is_told_where_it_is_known() -> None:
    assert body_length(new("ü")) == 2
    assert body_length(new(None)) == 0
    assert body_length(incoming(b"a")[0]) is None
    touched = new("abc")
    assert touched.body.locked is False
    assert body_length(touched) == 3


async def test_a_new_request_takes_a_stream_over_at_once() -> None:
    first, _ = incoming(b"a", b"b")
    assert first.body.locked is False
    second = Request.constructor.new(first)
    assert first.bodyUsed
    assert first.body.locked
    assert await second.text() == "ab"


async def test_an_endless_source_that_is_always_ready_lets_others_run() -> None:
    def pull(controller: Any) -> None:
        controller.enqueue(Uint8Array._of(b"x"))

    turns: list[int] = []
    asyncio.get_running_loop().call_soon(turns.append, 1)
    pieces = body_chunks(Response(ReadableStream.constructor.new(pull=create_proxy(pull))))
    for _ in range(200):
        await anext(pieces)
    await pieces.aclose()
    assert turns == [1]
