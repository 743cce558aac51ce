"""Failures as the client sees them, and the life of the server."""

from __future__ import annotations

import asyncio
import socket

import pytest
from aiohttp import http_parser

from wrangler_py.errors import PortInUse, ScriptError, UsageError
from wrangler_py.server.app import Server
from wrangler_py.web.request import Request
from wrangler_py.web.response import Response, fetched

from .conftest import Serve
from .stand_in import Host, StandInWorker, hello

HTML = "Accept: text/html,*/*;q=0.8\r\n"


def get(headers: str = "", host: str = "localhost") -> bytes:
    return f"GET /a?<b> HTTP/1.1\r\nHost: {host}\r\n{headers}\r\n".encode()


async def boom(_request: Request) -> Response:
    raise ValueError("boom <script>alert(1)</script>")


async def test_a_failed_handler_is_shown_as_text(serve: Serve) -> None:
    served = await serve(boom)
    status, headers, body = await served.exchange(get())
    assert (status, headers["connection"]) == (500, "close")
    assert headers["content-type"] == "text/plain;charset=UTF-8"
    lines = body.decode().splitlines()
    assert lines[0] == "PythonError: Traceback (most recent call last):"
    assert lines[-1] == "ValueError: boom <script>alert(1)</script>"
    frames = [line for line in lines if line.startswith("  File ")]
    assert all("tests/server" in line for line in frames)
    assert "in boom" in frames[-1]
    assert [(str(exc)[:4], where) for exc, where in served.worker.reported] == [
        ("boom", "fetch of GET /a?<b>")
    ]


async def test_a_failed_handler_is_shown_as_a_page(serve: Serve) -> None:
    served = await serve(boom)
    _, headers, body = await served.exchange(get(HTML))
    page = body.decode()
    assert headers["content-type"] == "text/html;charset=utf-8"
    assert headers["content-security-policy"].startswith("default-src 'none';")
    assert "boom &lt;script&gt;" in page
    assert "/a?&lt;b&gt;" in page
    assert "Answered by version 3, loaded " in page


async def test_another_host_is_told_nothing(serve: Serve) -> None:
    served = await serve(boom)
    status, _, body = await served.exchange(get(HTML, host="evil.example"))
    assert (status, body) == (500, b"Internal Server Error")


async def test_in_production_nobody_is_told_anything(serve: Serve) -> None:
    served = await serve(boom, production=True)
    assert (await served.exchange(get(HTML)))[2] == b"Internal Server Error"


class Stop(BaseException):
    """As `DurableObjectAbort` is."""


@pytest.mark.parametrize(
    "exc", [SystemExit(3), asyncio.CancelledError(), Stop(), ConnectionError()]
)
async def test_no_exception_of_the_user_ends_the_server(serve: Serve, exc: BaseException) -> None:
    async def handler(_request: Request) -> Response:
        raise exc

    served = await serve(handler)
    for _ in range(2):
        assert (await served.exchange(get()))[0] == 500
    assert [found for found, _ in served.worker.reported] == [exc, exc]


async def test_a_response_that_cannot_be_sent_is_a_500(serve: Serve) -> None:
    async def handler(_request: Request) -> Response:
        return Response.error()

    served = await serve(handler)
    assert (await served.exchange(get()))[0] == 500
    assert served.worker.reported


async def test_a_used_body_cannot_be_sent(serve: Serve) -> None:
    async def handler(_request: Request) -> Response:
        response = Response("hello")
        await response.text()
        return response

    assert (await (await serve(handler)).exchange(get()))[0] == 500


async def test_code_that_never_loaded_is_explained(serve: Serve) -> None:
    served = await serve(None)
    assert (await served.exchange(get()))[0] == 503
    served.host.error = ScriptError("no such module", where="a.py:1", hint="install it")
    status, _, body = await served.exchange(get())
    assert (status, body.decode()) == (500, "no such module\n    at a.py:1\n    hint: install it\n")


async def test_a_page_of_the_last_good_code_says_that_it_is_old(serve: Serve) -> None:
    async def handler(_request: Request) -> Response:
        return fetched(200, "", [("content-type", "text/html")], b"<p>hi</p>")

    served = await serve(handler)
    served.host.error = ScriptError("bad <b>")
    _, _, body = await served.exchange(get(HTML))
    assert body.startswith(b"<p>hi</p>\n<div role=")
    assert b"bad &lt;b&gt;" in body
    assert (await served.exchange(get()))[2] == b"<p>hi</p>"
    served.host.error = None
    assert (await served.exchange(get(HTML)))[2] == b"<p>hi</p>"


async def test_a_reload_is_one_assignment(serve: Serve) -> None:
    proceed = asyncio.Event()

    async def old(_request: Request) -> Response:
        await proceed.wait()
        return Response("old")

    served = await serve(old)
    client = await served.connect()
    client.write(get())
    await asyncio.sleep(0.01)
    served.host.worker = StandInWorker(hello)
    assert (await served.exchange(get()))[2] == b"hello"
    proceed.set()
    assert (await client.response())[2] == b"old"
    client.write(get())
    assert (await client.response())[2] == b"hello"


async def test_a_port_in_use_is_said_so() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        server = Server(Host(None))
        port = taken.getsockname()[1]
        with pytest.raises(PortInUse, match=f"port {port} is in use"):
            await server.start("127.0.0.1", port)
        await server.close()


async def test_an_address_that_is_not_ours_is_said_so() -> None:
    for ip in ("192.0.2.1", "no.such.host.invalid", "no..host"):
        server = Server(Host(None))
        with pytest.raises(UsageError, match=f"cannot listen on {ip}"):
            await server.start(ip, 0)
        await server.close()


async def test_listening_to_the_world_is_warned_about(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_parser, "HttpRequestParser", http_parser.HttpRequestParserPy)
    server = Server(Host(None))
    await server.start("0.0.0.0", 0)
    await server.close()
    said = capsys.readouterr().err
    assert "listening on 0.0.0.0" in said
    assert "without its compiled parser" in said


async def test_localhost_is_served_on_both_loopbacks() -> None:
    server = Server(Host(StandInWorker(hello)))
    port = await server.start("localhost", 0)
    found = {info[4][0] for info in socket.getaddrinfo("localhost", port, type=socket.SOCK_STREAM)}
    for address in found:
        try:
            _, writer = await asyncio.open_connection(address, port)
        except OSError:
            assert ":" in address, "only IPv6 may be missing"
            continue
        writer.close()
        await writer.wait_closed()
    await server.close()


async def test_a_hundred_clients_may_connect_at_once(serve: Serve) -> None:
    served = await serve(hello)
    answers = await asyncio.gather(*(served.exchange(get()) for _ in range(100)))
    assert {body for _, _, body in answers} == {b"hello"}
