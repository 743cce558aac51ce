"""WebSockets to servers: the handshake byte by byte, frames against the `websockets` library."""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import ipaddress
import ssl
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, NamedTuple

import pytest
import websockets
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from websockets.asyncio.server import ServerConnection

from wrangler_py.js.buffers import Uint8Array
from wrangler_py.js.callbacks import create_proxy
from wrangler_py.js.object import JsObject
from wrangler_py.log import log
from wrangler_py.server.handshake import accept_header
from wrangler_py.server.outgoing_websocket import masked
from wrangler_py.server.wire import BINARY, PING, TEXT, close_frame, frame
from wrangler_py.web.abort import AbortController
from wrangler_py.web.fetch import fetch
from wrangler_py.web.request import Request
from wrangler_py.web.response import Response
from wrangler_py.web.websocket import WebSocket, make_pair

from .conftest import Serve
from .upstream import Exchange, Upstream, World, failure, open_world, stands_still

Peer = Callable[[ServerConnection], Awaitable[None]]
DROPPED = "WebSocket disconnected without sending Close frame."


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with open_world() as world:
        yield world


class Heard:
    """The events of one socket, to be awaited in order."""

    def __init__(self, socket: WebSocket) -> None:
        self._events: asyncio.Queue[tuple[Any, ...]] = asyncio.Queue()
        socket.binaryType = "arraybuffer"
        for kind in ("open", "message", "close", "error"):
            socket.addEventListener(kind, create_proxy(self._note))

    def _note(self, event: Any) -> None:
        entry: tuple[Any, ...] = (event.type,)
        if event.type == "message":
            data = event.data
            entry += (data if isinstance(data, str) else data.to_bytes(),)
        elif event.type == "close":
            entry += (event.code, event.reason, event.wasClean)
        elif event.type == "error":
            entry += (event.message,)
        self._events.put_nowait(entry)

    async def next(self) -> tuple[Any, ...]:
        return await asyncio.wait_for(self._events.get(), 10)

    @property
    def nothing_more(self) -> bool:
        return self._events.empty()


UPGRADE = {"Upgrade": "websocket"}


def upgrade(world: World, url: str, headers: dict[str, str] | None = None, **init: Any) -> Any:
    return world.fetch(url, headers=JsObject({**UPGRADE, **(headers or {})}), **init)


def accept(world: World, response: Response) -> tuple[WebSocket, Heard]:
    socket = response.webSocket
    heard = Heard(socket)
    world.context.run(socket.accept)
    return socket, heard


def switching(exchange: Exchange, *headers: str, accept: str | None = None) -> bytes:
    key = exchange.header("sec-websocket-key") or ""
    lines = [
        "HTTP/1.1 101 Switching Protocols",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Accept: {accept or accept_header(key)}",
        *headers,
        "",
        "",
    ]
    return "\r\n".join(lines).encode()


def raw(*frames: bytes, headers: tuple[str, ...] = (), end: bool = False) -> Any:
    """An upstream that upgrades, writes these bytes with the 101, and waits or hangs up."""

    async def handler(upstream: Upstream, exchange: Exchange) -> None:
        exchange.writer.write(switching(exchange, *headers) + b"".join(frames))
        if end:
            exchange.writer.close()
        upstream.received = await exchange.reader.read()  # type: ignore[attr-defined]

    return handler


@pytest.fixture
async def library(world: World) -> AsyncIterator[Any]:
    """`await library(handler)`: the URL of a server by the `websockets` library."""
    servers = []

    async def start(handler: Peer, **options: Any) -> str:
        server = await websockets.serve(handler, "127.0.0.1", 0, close_timeout=1, **options)
        servers.append(server)
        port = next(iter(server.sockets)).getsockname()[1]
        return f"http://127.0.0.1:{port}"

    yield start
    for server in servers:
        server.close()


class Certificate(NamedTuple):
    """Of 127.0.0.1, signed by itself: what the server shows, and a client that trusts it."""

    server: ssl.SSLContext
    client: ssl.SSLContext


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    pem = serialization.Encoding.PEM
    plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    path.write_bytes(key.private_bytes(pem, *plain) + signed.public_bytes(pem))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(path)
    return Certificate(server, ssl.create_default_context(cafile=str(path)))


async def echo(connection: ServerConnection) -> None:
    async for message in connection:
        await connection.send(message)


# --- the handshake


async def test_the_handshake_is_ours_and_the_rest_is_the_scripts(world: World) -> None:
    upstream, url = await world.upstream(raw())
    theirs = {
        "upgrade": "WebSocket",
        "Connection": "close",
        "Sec-WebSocket-Key": "mine",
        "Sec-WebSocket-Version": "8",
        "Sec-WebSocket-Protocol": "chat, superchat",
        "X-Mine": "1",
    }
    response = await world.fetch(f"{url}/chat", method="POST", headers=JsObject(theirs))
    (request,) = upstream.requests
    assert (response.status, request.method, request.target) == (101, "GET", "/chat")
    sent = {name.lower(): value for name, value in request.headers}
    key = sent.pop("sec-websocket-key")
    assert (len(key), key) != (24, "mine")
    assert sent == {
        "host": url.removeprefix("http://"),
        "connection": "Upgrade",
        "upgrade": "websocket",
        "sec-websocket-version": "13",
        "sec-websocket-protocol": "chat, superchat",
        "x-mine": "1",
    }


async def test_a_101_is_a_response_with_a_socket(world: World) -> None:
    _, url = await world.upstream(raw(headers=("Sec-WebSocket-Protocol: chat",)))
    response = await upgrade(world, url)
    assert (response.status, response.statusText, response.ok) == (
        101,
        "Switching Protocols",
        False,
    )
    assert (not response.body, await response.text()) == (True, "")
    assert response.headers.get("sec-websocket-protocol") == "chat"
    socket = response.webSocket
    assert (socket.readyState, socket.protocol, socket.extensions) == (1, "", "")


@pytest.mark.parametrize("status", ["200 OK", "403 Forbidden", "426 Upgrade Required"])
async def test_any_other_status_is_an_ordinary_response(world: World, status: str) -> None:
    async def refuse(_upstream: Upstream, exchange: Exchange) -> None:
        await exchange.answer(b"no", "X-Up: yes", status=status)

    _, url = await world.upstream(refuse)
    response = await upgrade(world, url)
    assert response.status == int(status[:3])
    assert not response.webSocket
    assert (response.headers.get("x-up"), await response.text()) == ("yes", "no")


async def redirecting(_upstream: Upstream, exchange: Exchange) -> None:
    if exchange.target == "/redirect":
        await exchange.answer(b"", "Location: /echo", status="302 Found")
    else:
        exchange.writer.write(switching(exchange))
        await exchange.reader.read()


async def test_a_redirect_is_followed(world: World) -> None:
    _, url = await world.upstream(redirecting)
    response = await upgrade(world, f"{url}/redirect")
    assert (response.status, response.redirected, response.url) == (101, True, f"{url}/echo")


async def test_a_manual_redirect_is_handed_over(world: World) -> None:
    _, url = await world.upstream(redirecting)
    response = await upgrade(world, f"{url}/redirect", redirect="manual")
    assert (response.status, response.headers.get("location")) == (302, "/echo")


async def test_a_wrong_accept_is_a_502(world: World) -> None:
    async def wrong(_upstream: Upstream, exchange: Exchange) -> None:
        exchange.writer.write(switching(exchange, accept="AAAA"))
        await exchange.reader.read()

    upstream, url = await world.upstream(wrong)
    response = await upgrade(world, url)
    assert (response.status, bool(response.webSocket)) == (502, False)
    await upstream.ended.wait()


async def test_an_extension_that_nobody_offered_is_a_502(world: World) -> None:
    _, url = await world.upstream(raw(headers=("Sec-WebSocket-Extensions: permessage-deflate",)))
    assert (await upgrade(world, url)).status == 502


async def test_no_server_is_a_lost_connection(world: World) -> None:
    _, url = await world.upstream(raw())
    world.servers.pop().close()
    assert await failure(upgrade(world, url)) == "Error: Network connection lost."


@pytest.mark.parametrize(("date", "offered"), [("2023-08-14", None), ("2023-08-15", "x-mine")])
async def test_extensions_are_offered_only_with_the_flag(date: str, offered: str | None) -> None:
    async with open_world(date) as world:
        upstream, url = await world.upstream(raw())
        await upgrade(world, url, {"Sec-WebSocket-Extensions": "x-mine"})
        assert upstream.requests[0].header("sec-websocket-extensions") == offered


# --- messages

SIZES = [0, 1, 125, 126, 65535, 65536, 1_000_000]


@pytest.mark.parametrize("compression", [None, "deflate"])
async def test_messages_of_all_sizes_go_both_ways(
    world: World, library: Any, compression: str | None
) -> None:
    url = await library(echo, compression=compression, max_size=None)
    offer = {"Sec-WebSocket-Extensions": "permessage-deflate; client_max_window_bits"}
    response = await upgrade(world, url, offer)
    negotiated = response.headers.get("sec-websocket-extensions")
    assert bool(negotiated) is (compression is not None)
    socket, heard = accept(world, response)
    for size in SIZES:
        socket.send("ä" * size)
        assert await heard.next() == ("message", "ä" * size)
        socket.send(Uint8Array._of(b"\xff" * size))
        assert await heard.next() == ("message", b"\xff" * size)
    socket.close(1000, "done")
    assert await heard.next() == ("close", 1000, "done", True)
    assert heard.nothing_more


PARAMETERS = [
    "server_no_context_takeover",
    "client_no_context_takeover",
    "server_max_window_bits=10",
    "client_max_window_bits=9",
]


@pytest.mark.parametrize("parameter", PARAMETERS)
async def test_the_servers_compression_parameters_are_followed(
    world: World, library: Any, parameter: str
) -> None:
    from websockets.extensions.permessage_deflate import ServerPerMessageDeflateFactory

    name, _, value = parameter.partition("=")
    options = {name: int(value) if value else True}
    factory = ServerPerMessageDeflateFactory(**options)  # type: ignore[arg-type]
    url = await library(echo, extensions=[factory], compression=None)
    offer = f"permessage-deflate; {name if name.startswith('client_max') else parameter}"
    response = await upgrade(world, url, {"Sec-WebSocket-Extensions": offer})
    assert name in response.headers.get("sec-websocket-extensions")
    socket, heard = accept(world, response)
    for text in ("one and one", "one and one", "one and two" * 5000):
        socket.send(text)
        assert await heard.next() == ("message", text)


async def test_messages_wait_for_accept(world: World) -> None:
    _, url = await world.upstream(raw(frame(TEXT, b"1"), frame(BINARY, b"2")))
    response = await upgrade(world, url)
    _, heard = accept(world, response)
    assert [await heard.next(), await heard.next()] == [("message", "1"), ("message", b"2")]


async def test_a_server_that_floods_before_accept_is_not_read(world: World, library: Any) -> None:
    sent: list[int] = []

    async def flood(connection: ServerConnection) -> None:
        for _ in range(1000):
            await connection.send(b"x" * 65536)
            sent.append(1)

    response = await upgrade(world, await library(flood, compression=None))
    await stands_still(lambda: len(sent))
    assert len(sent) < 500
    _, heard = accept(world, response)
    for _ in range(1000):
        assert (await heard.next())[0] == "message"


async def test_pings_are_answered_in_order(world: World) -> None:
    pings = frame(PING, b"1") + frame(TEXT, b"x") + frame(PING, b"")
    upstream, url = await world.upstream(raw(pings, close_frame(None, "")))
    _, heard = accept(world, await upgrade(world, url))
    assert await heard.next() == ("message", "x")
    assert await heard.next() == ("close", 1005, "", True)
    await upstream.ended.wait()
    heads = [(0x8A, 0x81), (0x8A, 0x80), (0x88, 0x80)]
    assert _heads(upstream.received) == heads  # type: ignore[attr-defined]


def _heads(data: bytes) -> list[tuple[int, int]]:
    """The first two bytes of each short, masked frame."""
    heads = []
    while data:
        heads.append((data[0], data[1]))
        data = data[6 + (data[1] & 0x7F) :]
    return heads


@pytest.mark.parametrize("size", [0, 5, 125, 126, 65535, 65536])
def test_a_frame_is_masked(size: int) -> None:
    payload = bytes(i & 0xFF for i in range(size))
    plain = frame(BINARY, payload)
    data = masked(plain)
    start = len(plain) - size
    assert (data[0], data[1]) == (plain[0], plain[1] | 0x80)
    assert data[2:start] == plain[2:start]
    mask, body = data[start : start + 4], data[start + 4 :]
    assert bytes(b ^ mask[i % 4] for i, b in enumerate(body)) == payload


# --- the end


CODES = [(1000, "bye"), (1001, ""), (3000, "a"), (4999, "ä")]


@pytest.mark.parametrize(("code", "reason"), CODES)
async def test_close_codes_pass_both_ways(
    world: World, library: Any, code: int, reason: str
) -> None:
    async def close_first(connection: ServerConnection) -> None:
        await connection.close(code, reason)

    _, heard = accept(world, await upgrade(world, await library(close_first)))
    assert await heard.next() == ("close", code, reason, True)

    closed: asyncio.Future[tuple[int, str]] = asyncio.get_running_loop().create_future()

    async def wait(connection: ServerConnection) -> None:
        await connection.wait_closed()
        closed.set_result((connection.close_code or 0, connection.close_reason or ""))

    socket, heard = accept(world, await upgrade(world, await library(wait)))
    socket.close(code, reason)
    assert await closed == (code, reason)
    assert await heard.next() == ("close", code, reason, True)


@pytest.mark.parametrize("cut", [b"", b"\x81\x05he"])
async def test_a_server_that_hangs_up_is_a_drop(world: World, cut: bytes) -> None:
    _, url = await world.upstream(raw(cut, end=True))
    socket, heard = accept(world, await upgrade(world, url))
    assert await heard.next() == ("close", 1006, DROPPED, False)
    assert socket.readyState == 2
    assert heard.nothing_more


BROKEN = [
    (b"\x83\x00", 1002, "Unknown opcode 3"),
    (b"\xa1\x00", 1002, "Received frame had RSV bits 2 or 3 set"),
    (b"\x80\x00", 1002, "Unexpected continuation frame"),
    (b"\x01\x01a\x81\x01b", 1002, "Missing continuation frame"),
    (b"\x09\x00", 1002, "Received fragmented control frame"),
    (b"\x81\x80\0\0\0\0", 1002, "Received a masked frame from the server"),
    (b"\x81\x01\xff", 1007, "Received a text message that is not UTF-8"),
    (
        b"\x82\x7f" + struct.pack("!Q", 33554433),
        1009,
        "Message is too large: 33554433 > 33554432",
    ),
]


@pytest.mark.parametrize(("data", "code", "text"), BROKEN, ids=[b[2][:30] for b in BROKEN])
async def test_a_server_that_breaks_the_protocol_is_an_error(
    world: World, data: bytes, code: int, text: str
) -> None:
    upstream, url = await world.upstream(raw(data))
    socket, heard = accept(world, await upgrade(world, url))
    message = (
        f"Uncaught Error: WebSocket protocol error; protocolError.statusCode = {code}; "
        f"protocolError.description = {text}"
    )
    assert await heard.next() == ("error", message)
    assert socket.readyState == 3
    await upstream.ended.wait()
    received: bytes = upstream.received  # type: ignore[attr-defined]
    assert received[0] == 0x88
    assert bytes(b ^ m for b, m in zip(received[6:8], received[2:4], strict=True)) == (
        code.to_bytes(2, "big")
    )


async def test_aborting_later_is_a_drop(world: World) -> None:
    upstream, url = await world.upstream(raw())
    controller = AbortController()
    _, heard = accept(world, await upgrade(world, url, signal=controller.signal))
    controller.abort()
    assert await heard.next() == ("close", 1006, DROPPED, False)
    await upstream.ended.wait()


@pytest.mark.parametrize("accepted", [True, False])
async def test_a_context_that_ends_takes_its_sockets_along(world: World, accepted: bool) -> None:
    upstream, url = await world.upstream(raw())
    response = await upgrade(world, url)
    if accepted:
        accept(world, response)
    world.context.close()
    await upstream.ended.wait()


async def test_new_websocket_opens_sends_and_closes(world: World, library: Any) -> None:
    url = (await library(echo, subprotocols=["chat"])).replace("http", "ws")
    socket = world.context.run(WebSocket.constructor.new, f"{url}/x", "chat")
    heard = Heard(socket)
    assert await heard.next() == ("open",)
    assert socket.protocol == "chat"
    assert socket.extensions.startswith("permessage-deflate")
    socket.send("hello")
    assert await heard.next() == ("message", "hello")
    socket.close(4000, "done")
    assert await heard.next() == ("close", 4000, "done", True)


# --- through a worker of ours


async def test_a_worker_can_hand_an_upstreams_socket_to_its_client(
    world: World, library: Any, serve: Serve
) -> None:
    closed: asyncio.Future[tuple[int, str]] = asyncio.get_running_loop().create_future()

    async def upstream(connection: ServerConnection) -> None:
        await connection.send("welcome")
        with contextlib.suppress(websockets.ConnectionClosed):
            await echo(connection)
        closed.set_result((connection.close_code or 0, connection.close_reason or ""))

    url = await library(upstream)

    async def proxy(request: Request) -> Response:
        response = await fetch(url, request)
        return Response(None, JsObject({"status": 101, "webSocket": response.webSocket}))

    served = await serve(proxy)
    served.host.worker.transport = world.network
    async with websockets.connect(f"ws://{served.url}/") as client:
        assert await client.recv() == "welcome"
        for message in ("hi", b"\x01" * 100_000):
            await client.send(message)
            assert await client.recv() == message
        await client.close(4005, "x")
        assert (client.close_code, client.close_reason) == (4005, "x")
    assert await closed == (4005, "x")


async def test_a_worker_can_fetch_itself(world: World, serve: Serve) -> None:
    async def handler(request: Request) -> Response:
        if request.url.endswith("/inner"):
            client, server = make_pair()
            server.accept()
            server.send("from the inside")
            return Response(None, JsObject({"status": 101, "webSocket": client}))
        inner = await fetch(f"{request.url}inner", JsObject({"headers": JsObject(dict(UPGRADE))}))
        socket = inner.webSocket
        heard = Heard(socket)
        socket.accept()
        kind, text = await heard.next()
        return Response(f"{kind}: {text}")

    served = await serve(handler)
    served.host.worker.transport = world.network
    response = await world.fetch(f"http://{served.url}/")
    assert await response.text() == "message: from the inside"


async def test_tls_carries_frames_too(
    world: World, library: Any, monkeypatch: pytest.MonkeyPatch, certificate: Certificate
) -> None:
    monkeypatch.setattr("aiohttp.connector._SSL_CONTEXT_VERIFIED", certificate.client)
    monkeypatch.delenv("NODE_EXTRA_CA_CERTS", raising=False)
    url = (await library(echo, ssl=certificate.server)).replace("http:", "wss:")
    socket = world.context.run(WebSocket.constructor.new, url)
    heard = Heard(socket)
    assert await heard.next() == ("open",)
    socket.send("x" * 1_000_000)
    assert await heard.next() == ("message", "x" * 1_000_000)
    socket.close(1000, "done")
    assert await heard.next() == ("close", 1000, "done", True)


async def test_a_certificate_that_nobody_signed_is_refused(
    world: World, library: Any, monkeypatch: pytest.MonkeyPatch, certificate: Certificate
) -> None:
    warned: list[str] = []
    monkeypatch.setattr(log, "warn", warned.append)
    url = (await library(echo, ssl=certificate.server)).replace("http:", "https:")
    assert "internal error" in await failure(upgrade(world, url))
    assert warned[0].startswith("fetch: TLS failed")
