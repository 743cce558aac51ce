"""What a worker's `fetch()` does on real sockets."""

from __future__ import annotations

import asyncio
import gc
import gzip
import importlib.util
import socket
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from wrangler_py.js.errors import JsException
from wrangler_py.js.object import JsObject
from wrangler_py.log import log
from wrangler_py.web.abort import AbortController
from wrangler_py.web.fetch import fetch
from wrangler_py.web.request import Request

from .conftest import Serve
from .upstream import Exchange, Handler, Upstream, World, failure, open_world, stands_still


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with open_world() as world:
        yield world


@pytest.fixture
def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def hello(_upstream: Upstream, exchange: Exchange) -> None:
    await exchange.answer(b"hello", "X-Up: yes", "Set-Cookie: a=1", "Set-Cookie: b=2")


async def echo(_upstream: Upstream, exchange: Exchange) -> None:
    await exchange.answer(await exchange.body())


LOST = "Error: Network connection lost."


# --- what is sent


async def test_a_request_carries_the_scripts_headers_and_few_of_ours(world: World) -> None:
    upstream, url = await world.upstream(hello)
    await world.fetch(f"{url}/a%20b?c=|", headers=JsObject({"X-Mine": "ä"}))
    (request,) = upstream.requests
    assert (request.method, request.target) == ("GET", "/a%20b?c=|")
    names = [name.lower() for name, _ in request.headers]
    assert names == ["host", "x-mine", "accept-encoding"]
    assert request.header("x-mine") == "ä"


async def test_headers_of_the_connection_are_ours(world: World) -> None:
    upstream, url = await world.upstream(hello)
    theirs = {
        "Host": "evil.test",
        "Connection": "close",
        "Transfer-Encoding": "chunked",
        "Content-Length": "99",
        "Expect": "100-continue",
        "Upgrade": "h2c",
        "Accept-Encoding": "identity",
    }
    await world.fetch(url, headers=JsObject(theirs))
    (request,) = upstream.requests
    assert request.header("host") == url.removeprefix("http://")
    assert request.header("accept-encoding") == "identity"
    assert len(request.headers) == 2


async def test_credentials_of_the_url_and_the_fragment_are_not_sent(world: World) -> None:
    upstream, url = await world.upstream(hello)
    response = await world.fetch(url.replace("//", "//user:secret@") + "/x#y")
    (request,) = upstream.requests
    assert (request.header("authorization"), request.target) == (None, "/x")
    assert response.url.endswith("/x")


async def test_the_environment_has_no_say(
    world: World, monkeypatch: pytest.MonkeyPatch, closed_port: int
) -> None:
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{closed_port}")
    _, url = await world.upstream(hello)
    assert (await world.fetch(url)).status == 200


async def test_cookies_are_not_kept(world: World) -> None:
    upstream, url = await world.upstream(hello)
    await (await world.fetch(url)).text()
    await world.fetch(url)
    assert upstream.requests[1].header("cookie") is None


BODIES = [
    ("text", b"text", "4"),
    ("", b"", "0"),
    ("x" * 2_000_000, b"x" * 2_000_000, "2000000"),
]


@pytest.mark.parametrize(("body", "arrives", "length"), BODIES, ids=["text", "empty", "large"])
async def test_a_body_in_memory_has_a_length(
    world: World, body: str, arrives: bytes, length: str
) -> None:
    upstream, url = await world.upstream(echo)
    response = await world.fetch(url, method="POST", body=body)
    assert (await response.bytes()).to_bytes() == arrives
    assert upstream.requests[0].header("content-length") == length
    assert upstream.requests[0].header("content-type") == "text/plain;charset=UTF-8"


async def test_a_post_without_a_body_says_so(world: World) -> None:
    upstream, url = await world.upstream(hello)
    await world.fetch(url, method="POST")
    assert upstream.requests[0].header("content-length") == "0"


def streamed(url: str, source: AsyncIterator[bytes]) -> Request:
    return Request._incoming("POST", url, [], source)


async def test_a_streamed_body_is_chunked(world: World) -> None:
    async def source() -> AsyncIterator[bytes]:
        yield b"a"
        yield b""
        yield b"bc"

    upstream, url = await world.upstream(echo)
    response = await world.context.run(fetch, streamed(url, source()))
    assert await response.text() == "abc"
    assert upstream.requests[0].header("transfer-encoding") == "chunked"


async def test_an_upload_waits_for_the_server_to_read(world: World) -> None:
    sent = 0
    stop = asyncio.Event()

    async def source() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            yield b"x" * 65536
            sent += 65536

    async def never_reads(upstream: Upstream, exchange: Exchange) -> None:
        exchange.writer.transport.pause_reading()  # type: ignore[attr-defined]
        await stop.wait()

    _, url = await world.upstream(never_reads)
    promise = world.context.run(fetch, streamed(url, source()))
    await stands_still(lambda: sent)
    assert 0 < sent < 32 * 1024 * 1024
    stop.set()
    promise.cancel()


async def test_a_stream_that_fails_rejects_with_its_error(world: World) -> None:
    async def source() -> AsyncIterator[bytes]:
        yield b"a"
        raise JsException("RangeError", "mine")

    _, url = await world.upstream(echo)
    text = await failure(world.context.run(fetch, streamed(url, source())))
    assert text == "RangeError: mine"


async def test_the_answer_may_come_before_the_body_is_sent(world: World) -> None:
    gate = asyncio.Event()

    async def source() -> AsyncIterator[bytes]:
        yield b"first"
        await gate.wait()
        yield b"second"

    async def early(_upstream: Upstream, exchange: Exchange) -> None:
        exchange.writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        body = await exchange.body()
        exchange.writer.write(b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body))

    _, url = await world.upstream(early)
    response = await world.context.run(fetch, streamed(url, source()))
    gate.set()
    assert await response.text() == "firstsecond"


# --- what comes back


async def test_a_response_has_status_headers_and_body(world: World) -> None:
    _, url = await world.upstream(hello)
    response = await world.fetch(f"{url}/")
    assert (response.status, response.statusText, response.url) == (200, "OK", f"{url}/")
    assert response.headers.get("x-up") == "yes"
    assert list(response.headers.getSetCookie()) == ["a=1", "b=2"]
    assert "immutable" in await failure_of(lambda: response.headers.set("a", "b"))
    assert await response.text() == "hello"


async def failure_of(action: Callable[[], Any]) -> str:
    with pytest.raises(JsException) as caught:
        action()
    return str(caught.value)


NULL_BODIES = [("HEAD", "200 OK"), ("GET", "204 No Content"), ("GET", "304 Not Modified")]


@pytest.mark.parametrize(("method", "status"), NULL_BODIES)
async def test_some_responses_have_no_body(world: World, method: str, status: str) -> None:
    async def empty(_upstream: Upstream, exchange: Exchange) -> None:
        exchange.writer.write(f"HTTP/1.1 {status}\r\nContent-Length: 5\r\n\r\n".encode())

    upstream, url = await world.upstream(empty)
    for _ in range(2):
        response = await world.fetch(url, method=method)
        assert (not response.body, await response.text()) == (True, "")
    assert upstream.connections == 1


async def test_connections_are_used_again(world: World) -> None:
    upstream, url = await world.upstream(hello)
    for _ in range(3):
        await (await world.fetch(url)).text()
    assert upstream.connections == 1


async def test_a_body_comes_piece_by_piece(world: World) -> None:
    gate = asyncio.Event()

    async def slow(_upstream: Upstream, exchange: Exchange) -> None:
        await exchange.answer(b"first", length=11)
        await gate.wait()
        exchange.writer.write(b"second")

    _, url = await world.upstream(slow)
    response = await world.fetch(url)
    reader = response.body.getReader()
    assert (await reader.read()).value.to_bytes() == b"first"
    gate.set()
    assert (await reader.read()).value.to_bytes() == b"second"
    assert (await reader.read()).done


async def test_a_body_that_nobody_reads_holds_the_server_up(world: World) -> None:
    async def endless(upstream: Upstream, exchange: Exchange) -> None:
        exchange.writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            exchange.writer.write(b"x" * 65536)
            sent.append(65536)
            await exchange.writer.drain()

    sent: list[int] = []
    upstream, url = await world.upstream(endless)
    response = await world.fetch(url)
    await stands_still(lambda: len(sent))
    assert sum(sent) < 32 * 1024 * 1024
    del response
    gc.collect()
    await upstream.ended.wait()


async def test_an_unread_body_ends_with_its_context(world: World) -> None:
    async def half(_upstream: Upstream, exchange: Exchange) -> None:
        await exchange.answer(b"x", length=2)
        await exchange.reader.read()

    upstream, url = await world.upstream(half)
    response = await world.fetch(url)
    world.context.close()
    await upstream.ended.wait()
    assert await failure(response.text()) == LOST


async def test_a_body_that_was_read_is_no_resource_any_more(world: World) -> None:
    _, url = await world.upstream(hello)
    await (await world.fetch(url)).text()
    assert world.context.resources == {}


PLAIN = b"hello " * 100_000


@pytest.mark.parametrize("manual", [False, True])
async def test_gzip_is_decoded_unless_the_script_wants_it_raw(world: World, manual: bool) -> None:
    packed = gzip.compress(PLAIN[:300_000]) + gzip.compress(PLAIN[300_000:])

    async def compressed(_upstream: Upstream, exchange: Exchange) -> None:
        await exchange.answer(packed, "Content-Encoding: gzip")

    upstream, url = await world.upstream(compressed)
    init = {"encodeResponseBody": "manual"} if manual else {}
    response = await world.fetch(url, **init)
    assert response.headers.get("content-encoding") == "gzip"
    assert (await response.bytes()).to_bytes() == (packed if manual else PLAIN)
    has_brotli = importlib.util.find_spec("brotli") or importlib.util.find_spec("brotlicffi")
    accepted = "gzip, br" if has_brotli else "gzip"
    assert upstream.requests[0].header("accept-encoding") == accepted


@pytest.mark.parametrize("encoding", ["deflate", "zstd", "identity"])
async def test_other_encodings_are_handed_over_as_they_come(world: World, encoding: str) -> None:
    async def encoded(_upstream: Upstream, exchange: Exchange) -> None:
        await exchange.answer(b"raw", f"Content-Encoding: {encoding}")

    _, url = await world.upstream(encoded)
    assert await (await world.fetch(url)).text() == "raw"


@pytest.mark.parametrize("body", [b"not gzip", gzip.compress(PLAIN)[:-9]])
async def test_corrupt_gzip_fails_the_body(world: World, body: bytes) -> None:
    async def corrupt(_upstream: Upstream, exchange: Exchange) -> None:
        await exchange.answer(body, "Content-Encoding: gzip")

    _, url = await world.upstream(corrupt)
    text = await failure((await world.fetch(url)).text())
    assert text.startswith("TypeError: Decompression failed")


# --- what can go wrong


async def test_a_refused_connection_is_lost(world: World, closed_port: int) -> None:
    assert await failure(world.fetch(f"http://127.0.0.1:{closed_port}/")) == LOST


async def hangs_up(_upstream: Upstream, exchange: Exchange) -> None:
    exchange.writer.close()


async def resets(_upstream: Upstream, exchange: Exchange) -> None:
    exchange.writer.transport.abort()


@pytest.mark.parametrize("handler", [hangs_up, resets])
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_server_that_hangs_up_is_lost(world: World, handler: Handler, method: str) -> None:
    _, url = await world.upstream(handler)
    assert await failure(world.fetch(url, method=method)) == LOST


async def test_a_body_that_ends_early_is_lost(world: World) -> None:
    async def cut(_upstream: Upstream, exchange: Exchange) -> None:
        await exchange.answer(b"half", length=8)
        exchange.writer.close()

    _, url = await world.upstream(cut)
    assert await failure((await world.fetch(url)).text()) == LOST


async def test_a_name_that_does_not_resolve_is_an_internal_error(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    warned: list[str] = []
    monkeypatch.setattr(log, "warn", warned.append)
    text = await failure(world.fetch("http://nowhere.invalid/"))
    assert text.startswith("Error: internal error; reference = ")
    assert "DNS lookup failed for http://nowhere.invalid/" in warned[0]


async def test_an_answer_that_is_no_http_is_an_internal_error(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nonsense(_upstream: Upstream, exchange: Exchange) -> None:
        exchange.writer.write(b"SSH-2.0-what\r\n\r\n")

    warned: list[str] = []
    monkeypatch.setattr(log, "warn", warned.append)
    _, url = await world.upstream(nonsense)
    text = await failure(world.fetch(url))
    assert text.startswith("Error: internal error; reference = ")
    assert "did not answer with valid HTTP" in warned[0]


async def test_a_server_without_tls_is_an_internal_error(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    warned: list[str] = []
    monkeypatch.setattr(log, "warn", warned.append)

    async def nonsense(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(nonsense, "127.0.0.1", 0)
    world.servers.append(server)
    port = server.sockets[0].getsockname()[1]
    text = await failure(world.fetch(f"https://127.0.0.1:{port}/"))
    assert text.startswith("Error: internal error; reference = ")
    assert warned[0].startswith("fetch: TLS failed")


async def test_aborting_ends_the_connection(world: World) -> None:
    async def silent(_upstream: Upstream, exchange: Exchange) -> None:
        arrived.set()
        await exchange.reader.read()

    arrived = asyncio.Event()
    upstream, url = await world.upstream(silent)
    controller = AbortController()
    promise = world.fetch(url, signal=controller.signal)
    await arrived.wait()
    controller.abort()
    assert await failure(promise) == "AbortError: The operation was aborted"
    await upstream.ended.wait()


async def test_a_context_that_ends_cancels_its_fetches(world: World) -> None:
    async def silent(_upstream: Upstream, exchange: Exchange) -> None:
        arrived.set()
        await exchange.reader.read()

    arrived = asyncio.Event()
    upstream, url = await world.upstream(silent)
    promise = world.fetch(url)
    await arrived.wait()
    world.context.close()
    with pytest.raises(asyncio.CancelledError):
        await promise
    await upstream.ended.wait()


async def test_a_server_may_fetch_itself_as_deep_as_it_likes(world: World) -> None:
    """More connections at once than a pool with a limit would have."""

    async def recursive(_upstream: Upstream, exchange: Exchange) -> None:
        left = int(exchange.target[1:])
        if left:
            response = await world.fetch(f"{url}/{left - 1}")
            await exchange.answer((await response.text()).encode())
        else:
            await exchange.answer(b"the bottom")

    _, url = await world.upstream(recursive)
    assert await (await world.fetch(f"{url}/150")).text() == "the bottom"


# --- through a worker of ours


async def test_a_worker_can_hand_a_response_on_while_it_is_still_coming(
    world: World, serve: Serve
) -> None:
    gate = asyncio.Event()

    async def slow(_upstream: Upstream, exchange: Exchange) -> None:
        await exchange.answer(b"first ", "X-Up: yes", length=12)
        await gate.wait()
        exchange.writer.write(b"second")

    _, url = await world.upstream(slow)
    served = await serve(lambda request: fetch(url, request))
    served.host.worker.transport = world.network
    response = await world.fetch(f"http://{served.url}/")
    reader = response.body.getReader()
    assert (await reader.read()).value.to_bytes() == b"first "
    gate.set()
    assert (await reader.read()).value.to_bytes() == b"second"
    assert (await reader.read()).done


async def test_a_compressed_response_is_handed_on_readable(world: World, serve: Serve) -> None:
    packed = gzip.compress(PLAIN)

    async def compressed(_upstream: Upstream, exchange: Exchange) -> None:
        await exchange.answer(packed, "Content-Encoding: gzip")

    _, url = await world.upstream(compressed)
    served = await serve(lambda request: fetch(url, request))
    served.host.worker.transport = world.network
    for accepted in ("gzip", "identity"):
        headers = JsObject({"Accept-Encoding": accepted})
        response = await world.fetch(f"http://{served.url}/", headers=headers)
        assert (await response.bytes()).to_bytes() == PLAIN


async def test_a_client_that_goes_away_ends_the_transfer_behind_it(
    world: World, serve: Serve
) -> None:
    async def half(_upstream: Upstream, exchange: Exchange) -> None:
        await exchange.answer(b"x", length=2)
        await exchange.reader.read()

    upstream, url = await world.upstream(half)
    served = await serve(lambda request: fetch(url, request))
    served.host.worker.transport = world.network
    response = await world.fetch(f"http://{served.url}/")
    reader = response.body.getReader()
    await reader.read()
    await reader.cancel()
    await upstream.ended.wait()


async def test_a_workers_upload_streams_through(world: World, serve: Serve) -> None:
    async def source() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b"x" * 100_000

    upstream, url = await world.upstream(echo)
    served = await serve(lambda request: fetch(url, request))
    served.host.worker.transport = world.network
    response = await world.context.run(fetch, streamed(f"http://{served.url}/", source()))
    assert len((await response.bytes()).to_bytes()) == 10_000_000
    assert upstream.requests[0].header("transfer-encoding") == "chunked"
