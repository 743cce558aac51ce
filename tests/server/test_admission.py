"""Requests that must not reach the worker, over a real socket and both of aiohttp's parsers."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from aiohttp import http_parser, web_protocol

from wrangler_py.server.admission import host_name, origin_of

from .conftest import Serve
from .stand_in import hello
from .test_http import describe


def get(target: str = "/", headers: str = "Host: localhost\r\n", version: str = "1.1") -> bytes:
    return f"GET {target} HTTP/{version}\r\n{headers}\r\n".encode("latin-1")


def post(headers: str, body: str = "", version: str = "1.1") -> bytes:
    return f"POST / HTTP/{version}\r\nHost: localhost\r\n{headers}\r\n{body}".encode()


CHUNKED = "Transfer-Encoding: chunked\r\n"
END = "0\r\n\r\n"
BAD = [  # what, the bytes, the status
    ("no host", get(headers=""), 400),
    ("two hosts", get(headers="Host: a\r\nHost: b\r\n"), 400),
    *(
        (f"host {host!r}", get(headers=f"Host: {host}\r\n"), 400)
        for host in (
            "",
            "a b",
            "a/b",
            "a@b",
            "a:b",
            "a:99999",
            "a:80:80",
            "user:pw@a",
            "a?b",
            "a#b",
            "a,b",
            "a\\b",
            "[::1",
            "::1",
            "[::g]",
            "[1.2.3.4",
            "a..b",
            "a%2fb",
            "\xe9",
            "<script>",
            "1.2.3.456",
            "http://a",
        )
    ),
    ("HTTP/0.9", get(version="0.9"), 505),
    ("HTTP/2.0", get(version="2.0"), 505),
    ("HTTP/1.2", get(version="1.2"), 400),
    ("HTTP/3", get(version="3"), 400),
    ("no version", b"GET /\r\n\r\n", 505),
    ("version in lower case", b"GET / http/1.1\r\nHost: a\r\n\r\n", 400),
    ("method in lower case", b"get / HTTP/1.1\r\nHost: a\r\n\r\n", 400),
    ("unknown method", b"FOO / HTTP/1.1\r\nHost: a\r\n\r\n", 400),
    ("CONNECT", b"CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n", 501),
    ("SOURCE", b"SOURCE / HTTP/1.1\r\nHost: a\r\n\r\n", 501),
    ("HTTP/2 preface", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
    ("TLS", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),
    ("asterisk", get("*"), 400),
    ("OPTIONS asterisk", b"OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", 400),
    ("relative target", get("foo"), 400),
    ("fragment", get("/a#b"), 400),
    ("control in target", get("/\x01"), 400),
    ("NUL in target", get("/\x00"), 400),
    ("raw bytes in target", get("/\xff"), 400),
    ("absolute, other host", get("http://evil.example/"), 400),
    ("absolute, other scheme", get("ftp://localhost/"), 400),
    ("absolute, https", get("https://localhost/"), 400),
    ("tab after method", b"GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n", 400),
    ("space before colon", get(headers="Host: a\r\nX : b\r\n"), 400),
    ("empty name", get(headers="Host: a\r\n: b\r\n"), 400),
    ("no colon", get(headers="Host: a\r\nfoo\r\n"), 400),
    ("folded header", get(headers="Host: a\r\nX: a\r\n b\r\n"), 400),
    ("folded first", get(headers=" X: a\r\nHost: a\r\n"), 400),
    ("NUL in header", get(headers="Host: a\r\nX: a\x00b\r\n"), 400),
    ("control in header", get(headers="Host: a\r\nX: a\x01b\r\n"), 400),
    ("CR in header", get(headers="Host: a\r\nX: a\rY: b\r\n"), 400),
    ("bare LF", b"GET / HTTP/1.1\nHost: a\n\n", 400),
    ("LF in headers", b"GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n", 400),
    ("long target", get("/" + "a" * 20_000), 431),
    ("long header", get(headers="Host: a\r\nX: " + "a" * 20_000 + "\r\n"), 431),
    ("many headers", get(headers="Host: a\r\n" + "X: a\r\n" * 200), 431),
    ("length and chunks", post("Content-Length: 5\r\n" + CHUNKED, END), 400),
    ("chunks and length", post(CHUNKED + "Content-Length: 5\r\n", END), 400),
    ("two lengths", post("Content-Length: 5\r\nContent-Length: 6\r\n", "hello"), 400),
    ("equal lengths", post("Content-Length: 5\r\nContent-Length: 5\r\n", "hello"), 400),
    *(
        (f"length {length!r}", post(f"Content-Length: {length}\r\n", "hello"), 400)
        for length in ("+5", "-5", "0x5", "5, 5", "5 5", "5.0", "five", "99999999999999999999999")
    ),
    ("gzip, chunked", post("Transfer-Encoding: gzip, chunked\r\n", END), 501),
    ("chunked, gzip", post("Transfer-Encoding: chunked, gzip\r\n", END), 400),
    ("identity", post("Transfer-Encoding: identity\r\n", END), 400),
    ("xchunked", post("Transfer-Encoding: xchunked\r\n", END), 400),
    ("two codings", post(CHUNKED * 2, END), 400),
    ("vertical tab chunked", post("Transfer-Encoding: \x0bchunked\r\n", END), 400),
    ("chunked in HTTP/1.0", post(CHUNKED, END, "1.0"), 400),
    ("expectation", post("Expect: tea\r\nContent-Length: 5\r\n", "hello"), 417),
]


@pytest.fixture(params=["compiled", "python"])
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Each of aiohttp's HTTP parsers."""
    chosen = http_parser.HttpRequestParser
    if request.param == "compiled" and chosen is http_parser.HttpRequestParserPy:
        pytest.skip("aiohttp has no compiled parser here")
    if request.param == "python":
        chosen = http_parser.HttpRequestParserPy
    monkeypatch.setattr(web_protocol, "HttpRequestParser", chosen)
    return request.param


@pytest.mark.parametrize(("sent", "status"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
async def test_a_bad_request_is_refused_and_the_connection_ends(
    serve: Serve, parser: str, sent: bytes, status: int
) -> None:
    if parser == "python" and sent.startswith(b"get"):
        pytest.skip("the pure Python parser reads any case as upper case")
    reached: list[Any] = []

    async def handler(request: Any) -> Any:
        reached.append(request)
        return await hello(request)

    served = await serve(handler)
    client = await served.connect()
    client.write(sent)
    got, headers, _ = await client.response()
    accepted = {status}
    if parser == "python":  # the parser itself refuses some, and words others differently
        accepted |= {400, 431} | ({501, 505} if status == 400 else set())
    assert got in accepted
    assert headers["connection"] == "close"
    assert await client.reader.read() == b""
    assert not reached


BAD_CHUNKS = ["0x5\r\nhello\r\n", "5\nhello\r\n", "-5\r\nhello\r\n", "5\r\nhelloworld\r\n", "g\r\n"]


@pytest.mark.parametrize("chunk", BAD_CHUNKS)
async def test_nothing_behind_a_bad_chunk_is_taken_for_a_request(
    serve: Serve, parser: str, chunk: str
) -> None:
    paths: list[str] = []

    async def handler(request: Any) -> Any:
        paths.append(request.url)
        return await hello(request)

    served = await serve(handler)
    client = await served.connect()
    client.write(post(CHUNKED, chunk + END) + get("/smuggled"))
    await asyncio.wait_for(client.reader.read(), 5)
    assert not [path for path in paths if "smuggled" in path]


GOOD = [  # the bytes, the URL
    (get(), "http://localhost/"),
    (get(headers="Host: localhost:8787\r\n"), "http://localhost:8787/"),
    (get(headers="Host: EXAMPLE.com.\r\n"), "http://example.com./"),
    (get(headers="Host: [::1]:8787\r\n"), "http://[::1]:8787/"),
    (get(headers="Host: 127.1\r\n"), "http://127.0.0.1/"),
    (get("/a b".replace(" ", "%20")), "http://localhost/a%20b"),
    (get("/a/./b/../c"), "http://localhost/a/c"),
    (get("/a\\b"), "http://localhost/a/b"),
    (get("//evil.example/x"), "http://localhost//evil.example/x"),
    (get("/?a=b'c"), "http://localhost/?a=b%27c"),
    (get("http://localhost/x?y"), "http://localhost/x?y"),
    (get("http://localhost"), "http://localhost/"),
    (b"\r\n" + get(), "http://localhost/"),
]


@pytest.mark.parametrize(("sent", "url"), GOOD)
async def test_an_unusual_but_good_request_reaches_the_worker(
    serve: Serve, sent: bytes, url: str
) -> None:
    served = await serve(describe)
    status, _, body = await served.exchange(sent)
    assert (status, body.decode().splitlines()[1]) == (200, url)


async def test_an_old_client_needs_no_host(serve: Serve) -> None:
    served = await serve(describe)
    status, headers, body = await served.exchange(b"GET / HTTP/1.0\r\n\r\n")
    assert (status, headers["connection"]) == (200, "close")
    assert body.decode().splitlines()[1] == f"http://{served.url}/"


async def test_an_old_client_may_keep_its_connection(serve: Serve) -> None:
    client = await (await serve(hello)).connect()
    for _ in range(2):
        client.write(get(headers="Connection: keep-alive\r\n", version="1.0"))
        _, headers, body = await client.response()
        assert (headers["connection"], body) == ("keep-alive", b"hello")


@pytest.mark.parametrize("sent", [b"", b"GET / HTTP/1.1\r\nHost: loc", b"GET /"])
async def test_a_head_that_does_not_come_in_time_ends_the_connection(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, sent: bytes
) -> None:
    monkeypatch.setattr("wrangler_py.server.connection.HEAD_TIMEOUT", 0.05)
    client = await (await serve(hello)).connect()
    client.write(sent)
    assert await asyncio.wait_for(client.reader.read(), 2) == b""


async def test_a_second_head_that_does_not_come_in_time_ends_the_connection(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wrangler_py.server.connection.HEAD_TIMEOUT", 0.05)
    client = await (await serve(hello)).connect()
    client.write(get())
    await client.response()
    client.write(b"GET / HT")
    assert await asyncio.wait_for(client.reader.read(), 2) == b""


async def test_a_slow_body_and_a_slow_worker_are_no_slow_head(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    from .test_http import count_body

    monkeypatch.setattr("wrangler_py.server.connection.HEAD_TIMEOUT", 0.05)
    client = await (await serve(count_body)).connect()
    client.write(post("Content-Length: 5\r\n", "he"))
    await asyncio.sleep(0.1)
    client.write(b"l")
    await asyncio.sleep(0.1)
    client.write(b"lo")
    assert (await client.response())[2] == b"5"


def test_a_host_name_is_told_without_its_port() -> None:
    assert [
        host_name(host) for host in ("localhost", "LOCALHOST:1", "[::1]:80", "[::1]", "a b")
    ] == [
        "localhost",
        "localhost",
        "[::1]",
        "[::1]",
        None,
    ]


def test_a_default_port_is_not_written() -> None:
    assert origin_of("a:80") == "http://a"
    assert origin_of("a:443") == "http://a:443"
