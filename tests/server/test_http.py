"""Requests and responses over a real socket."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator
from typing import Any

import pytest

from wrangler_py.js.object import JsObject
from wrangler_py.web.body import body_chunks
from wrangler_py.web.headers import Headers
from wrangler_py.web.request import Request
from wrangler_py.web.response import Response, fetched

from .conftest import Serve
from .stand_in import Served, hello

GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
HEAD = b"HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n"


def init(**props: Any) -> JsObject:
    return JsObject(props)


def answering(*args: Any, **props: Any) -> Any:
    async def handler(_request: Request) -> Response:
        return Response(*args, init(**props)) if props else Response(*args)

    return handler


async def test_a_worker_s_text_is_answered_with_its_length(serve: Serve) -> None:
    served = await serve(hello)
    status, headers, body = await served.exchange(GET)
    assert (status, body) == (200, b"hello")
    assert headers == {
        "": "HTTP/1.1 200 OK",
        "content-type": "text/plain;charset=UTF-8",
        "content-length": "5",
    }


async def test_a_connection_serves_many_requests(serve: Serve) -> None:
    served = await serve(hello)
    client = await served.connect()
    for _ in range(3):
        client.write(GET)
        assert (await client.response())[2] == b"hello"
    client.write(GET * 50)
    assert [(await client.response())[0] for _ in range(50)] == [200] * 50


async def test_status_text_and_headers_go_out_as_given(serve: Serve) -> None:
    headers = Headers(init())
    for name, value in (("X-One", "ü"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")):
        headers.append(name, value)
    served = await serve(answering(None, status=418, statusText="Short", headers=headers))
    client = await served.connect()
    client.write(GET)
    head = (await client.reader.readuntil(b"\r\n\r\n")).decode()
    assert head == (
        "HTTP/1.1 418 Short\r\nX-One: ü\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n"
        "Content-Length: 0\r\n\r\n"
    )


@pytest.mark.parametrize(
    "name", ["Connection", "Keep-Alive", "Transfer-Encoding", "Upgrade", "Content-Length"]
)
async def test_a_worker_does_not_set_what_is_the_connection_s(serve: Serve, name: str) -> None:
    served = await serve(answering("hello", headers=init(**{name: "99"})))
    _, headers, body = await served.exchange(GET)
    assert body == b"hello"
    assert headers["content-length"] == "5"
    assert "99" not in headers.values()


BODILESS = [(204, None), (304, None), (205, "0")]


@pytest.mark.parametrize(("status", "length"), BODILESS)
async def test_a_null_body_status_has_no_body(
    serve: Serve, status: int, length: str | None
) -> None:
    served = await serve(answering(None, status=status))
    client = await served.connect()
    client.write(GET * 2)
    for _ in range(2):
        got, headers, body = await client.response()
        assert (got, headers.get("content-length"), body) == (status, length, b"")


async def test_head_is_answered_without_the_body(serve: Serve) -> None:
    served = await serve(hello)
    client = await served.connect()
    client.write(HEAD + GET)
    status, headers, _ = await client.response("HEAD")
    assert (status, headers["content-length"]) == (200, "5")
    assert (await client.response())[2] == b"hello"


async def test_head_keeps_the_length_that_a_worker_names_for_no_body(serve: Serve) -> None:
    served = await serve(answering(None, headers=init(**{"content-length": "1234"})))
    client = await served.connect()
    client.write(HEAD)
    _, headers, _ = await client.response("HEAD")
    assert headers["content-length"] == "1234"


def streaming(source: AsyncIterator[bytes], *pairs: tuple[str, str]) -> Any:
    async def handler(_request: Request) -> Response:
        return fetched(200, "", list(pairs), source)

    return handler


async def pieces(*data: bytes) -> AsyncIterator[bytes]:
    for piece in data:
        yield piece


async def test_a_stream_is_chunked(serve: Serve) -> None:
    served = await serve(streaming(pieces(b"one", b"", b"two" * 50_000)))
    client = await served.connect()
    client.write(GET)
    _, headers, body = await client.response()
    assert headers["transfer-encoding"] == "chunked"
    assert body == b"one" + b"two" * 50_000


async def test_a_stream_ends_the_connection_of_an_old_client(serve: Serve) -> None:
    served = await serve(streaming(pieces(b"one", b"two")))
    _, headers, body = await served.exchange(b"GET / HTTP/1.0\r\n\r\n")
    assert "transfer-encoding" not in headers
    assert (headers["connection"], body) == ("close", b"onetwo")


async def test_a_stream_of_known_length_says_it(serve: Serve) -> None:
    served = await serve(streaming(pieces(b"one", b"two"), ("content-length", "6")))
    _, headers, body = await served.exchange(GET)
    assert (headers["content-length"], body) == ("6", b"onetwo")


async def test_a_length_of_the_script_s_own_counts_for_nothing(serve: Serve) -> None:
    async def handler(_request: Request) -> Response:
        response = Response()
        response.headers.set("Content-Length", "5")
        response._source = pieces(b"one", b"two")
        return response

    client = await (await serve(handler)).connect()
    client.write(GET)
    _, headers, body = await client.response()
    assert "content-length" not in headers
    assert (headers["transfer-encoding"], body) == ("chunked", b"onetwo")


@pytest.mark.parametrize("length", ["5", "7"])
async def test_a_stream_that_is_not_as_long_as_it_says_is_cut(serve: Serve, length: str) -> None:
    served = await serve(streaming(pieces(b"one", b"two"), ("content-length", length)))
    client = await served.connect()
    client.write(GET)
    await client.reader.readuntil(b"\r\n\r\n")
    assert await client.reader.read() in (b"one", b"onetwo")
    assert "Content-Length" in str(served.worker.reported[0][0])


async def test_a_stream_that_fails_half_way_is_cut(serve: Serve) -> None:
    async def failing() -> AsyncIterator[bytes]:
        yield b"one"
        raise ValueError("boom")

    served = await serve(streaming(failing()))
    client = await served.connect()
    client.write(GET)
    await client.reader.readuntil(b"\r\n\r\n")
    assert await client.reader.read() == b"3\r\none\r\n"
    assert [(str(exc), where) for exc, where in served.worker.reported] == [
        ("boom", "response body of /")
    ]


async def endless(state: dict[str, Any]) -> AsyncIterator[bytes]:
    try:
        while True:
            state["sent"] = state.get("sent", 0) + 1
            yield b"x" * 65536
            await asyncio.sleep(0)
    finally:
        state["ended"].set()


async def test_a_stream_waits_for_a_client_that_does_not_read(serve: Serve) -> None:
    state: dict[str, Any] = {"ended": asyncio.Event()}
    served = await serve(streaming(endless(state)))
    client = await served.connect()
    client.write(GET)
    await client.reader.readuntil(b"\r\n\r\n")
    sent = -1
    while sent != state["sent"]:
        sent = state["sent"]
        await asyncio.sleep(0.1)
    assert sent < 500  # 32 MiB; the kernel holds some of it
    client.writer.transport.abort()
    await asyncio.wait_for(state["ended"].wait(), 2)
    assert served.worker.reported == []


async def test_a_client_that_leaves_ends_a_stream_that_waits(serve: Serve) -> None:
    ended = asyncio.Event()

    async def waiting() -> AsyncIterator[bytes]:
        try:
            yield b"one"
            await asyncio.Event().wait()
        finally:
            ended.set()

    served = await serve(streaming(waiting()))
    client = await served.connect()
    client.write(GET)
    await client.reader.readuntil(b"one")
    await client.close()
    await asyncio.wait_for(ended.wait(), 2)
    assert served.worker.reported == []


GZIP = ("content-encoding", "gzip")


async def test_what_a_worker_labels_gzip_is_compressed(serve: Serve) -> None:
    served = await serve(answering("hello" * 99, headers=init(**{"content-encoding": "gzip"})))
    asking = GET.replace(b"\r\n\r\n", b"\r\nAccept-Encoding: gzip, br\r\n\r\n")
    _, headers, body = await served.exchange(asking)
    assert headers["content-encoding"] == "gzip"
    assert gzip.decompress(body) == b"hello" * 99
    _, headers, body = await served.exchange(GET)
    assert ("content-encoding" in headers, body) == (False, b"hello" * 99)


async def test_a_stream_labelled_gzip_is_compressed(serve: Serve) -> None:
    served = await serve(streaming(pieces(b"one", b"two"), GZIP, ("content-length", "2")))
    asking = GET.replace(b"\r\n\r\n", b"\r\nAccept-Encoding: gzip\r\n\r\n")
    _, headers, body = await served.exchange(asking)
    assert headers["transfer-encoding"] == "chunked"
    assert gzip.decompress(body) == b"onetwo"


async def test_what_a_worker_compressed_itself_is_left_alone(serve: Serve) -> None:
    props = {"headers": init(**{"content-encoding": "gzip"}), "encodeBody": "manual"}
    served = await serve(answering("not gzip", **props))
    _, headers, body = await served.exchange(GET)
    assert (headers["content-encoding"], body) == ("gzip", b"not gzip")


# Requests.


async def describe(request: Request) -> Response:
    lines = [request.method, request.url]
    lines += [f"{pair[0]}={pair[1]}" for pair in request.headers]
    return Response("\n".join(lines))


async def test_a_worker_sees_the_request_and_what_the_edge_adds(serve: Serve) -> None:
    served = await serve(describe)
    sent = (
        b"PATCH /a%20b/../c?x=1&y=%C3%A9 HTTP/1.1\r\nHost: LocalHost:80\r\nX-A: 1\r\nx-a: 2\r\n"
        b"Accept-Encoding: zstd\r\nCF-Connecting-IP: 9.9.9.9\r\n\r\n"
    )
    _, _, body = await served.exchange(sent)
    assert body.decode().splitlines() == [
        "PATCH",
        "http://localhost/c?x=1&y=%C3%A9",
        "accept-encoding=br, gzip",
        "cf-connecting-ip=127.0.0.1",
        "host=LocalHost:80",
        "x-a=1, 2",
    ]


async def test_cf_says_where_the_client_might_be(serve: Serve) -> None:
    async def handler(request: Request) -> Response:
        cf = request.cf
        return Response(f"{cf.colo} {cf.country} {cf.httpProtocol} {cf.clientAcceptEncoding}")

    served = await serve(handler)
    asking = GET.replace(b"\r\n\r\n", b"\r\nAccept-Encoding: zstd\r\n\r\n")
    assert (await served.exchange(asking))[2] == b"DFW US HTTP/1.1 zstd"


async def count_body(request: Request) -> Response:
    total = 0
    async for piece in body_chunks(request):
        total += len(piece)
    return Response(str(total))


def post(body: bytes, headers: str = "") -> bytes:
    head = f"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n{headers}\r\n"
    return head.encode() + body


async def test_bodies_arrive_by_length_and_by_chunks(serve: Serve) -> None:
    served = await serve(count_body)
    assert (await served.exchange(post(b"")))[2] == b"0"
    assert (await served.exchange(post(b"hello")))[2] == b"5"
    assert (await served.exchange(post(b"x" * 3_000_000)))[2] == b"3000000"
    chunked = (
        b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"5\r\nhello\r\n1;ext=1\r\n!\r\n0\r\nTrailer: x\r\n\r\n"
    )
    assert (await served.exchange(chunked))[2] == b"6"


async def test_a_compressed_body_is_given_as_it_came(serve: Serve) -> None:
    served = await serve(count_body)
    packed = gzip.compress(b"\0" * 1_000_000)
    _, _, body = await served.exchange(post(packed, "Content-Encoding: gzip\r\n"))
    assert body == str(len(packed)).encode()


async def test_a_body_streams_through(serve: Serve) -> None:
    async def echo(request: Request) -> Response:
        return fetched(200, "", [], body_chunks(request))

    client = await (await serve(echo)).connect()
    client.write(b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n")
    await client.reader.readuntil(b"\r\n\r\n")
    for word in (b"one", b"two"):
        client.write(b"3\r\n" + word + b"\r\n")
        assert await client.reader.readexactly(8) == b"3\r\n" + word + b"\r\n"
    client.write(b"0\r\n\r\n")
    assert await client.reader.readexactly(5) == b"0\r\n\r\n"


async def test_a_body_that_is_not_read_is_held_back(serve: Serve) -> None:
    proceed = asyncio.Event()

    async def lazy(request: Request) -> Response:
        await proceed.wait()
        return await count_body(request)

    client = await (await serve(lazy)).connect()
    size = 64 * 1024 * 1024
    client.write(post(b"x" * size))
    left = -1
    while client.writer.transport.get_write_buffer_size() != left:
        left = client.writer.transport.get_write_buffer_size()
        await asyncio.sleep(0.05)
    assert left > size / 2
    proceed.set()
    assert (await client.response())[2] == str(size).encode()


async def test_a_client_that_leaves_in_its_body_fails_the_read(serve: Serve) -> None:
    served = await serve(count_body)
    client = await served.connect()
    client.write(post(b"x" * 100)[:-50])
    await asyncio.sleep(0.01)
    await client.close()
    await until_reported(served)
    assert "Network connection lost." in str(served.worker.reported[0][0])


async def until_reported(served: Served) -> None:
    for _ in range(1000):
        if served.worker.reported:
            return
        await asyncio.sleep(0.001)
    raise AssertionError("nothing was reported")


async def test_a_hesitant_client_is_told_to_go_on_when_the_worker_reads(serve: Serve) -> None:
    client = await (await serve(count_body)).connect()
    sent = post(b"hello", "Expect: 100-continue\r\n")
    client.write(sent[:-5])
    assert (await client.response())[0] == 100
    client.write(b"hello")
    assert (await client.response())[2] == b"5"


async def test_a_hesitant_client_may_be_answered_without_its_body(serve: Serve) -> None:
    client = await (await serve(hello)).connect()
    client.write(post(b"hello", "Expect: 100-continue\r\n")[:-5])
    status, headers, _ = await client.response()
    assert (status, headers["connection"]) == (200, "close")
    assert await asyncio.wait_for(client.reader.read(), 1) == b""


async def test_the_context_of_a_request_ends_with_its_answer(serve: Serve) -> None:
    served = await serve(hello)
    await served.exchange(GET)
    assert served.worker.contexts == set()


async def test_each_request_is_a_line(serve: Serve, capsys: pytest.CaptureFixture[str]) -> None:
    served = await serve(hello)
    await served.exchange(GET.replace(b"/ ", b"/a?b=1 "))
    await served.exchange(GET.replace(b"localhost", b"a/b"))
    lines = capsys.readouterr().out.splitlines()
    assert [line.rpartition(" (")[0] for line in lines] == [
        "[wrangler:info] GET /a?b=1 200 OK",
        "[wrangler:info] GET / 400 Bad Request",
    ]
