"""The client against servers that do as they please."""

from __future__ import annotations

import asyncio
import base64
import hashlib

import pytest
from websockets.asyncio.server import serve

from wrangler_py.errors import WranglerError
from wrangler_py.wsclient.commands import CloseIt, Ping, Send
from wrangler_py.wsclient.connection import Connection, Handshake
from wrangler_py.wsclient.frames import Closed, Frame, Kind


async def listening(handler, **options):
    server = await serve(handler, "127.0.0.1", 0, **options)
    return server, f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/"


async def echo(socket):
    async for message in socket:
        await socket.send(message)


async def all_of(connection: Connection) -> list[Frame]:
    return [frame async for frame in connection.received()]


async def test_what_is_sent_comes_back():
    server, url = await listening(echo)
    async with server, Connection(Handshake(url)) as connection:
        for data in ("hé", b"\x00\xff"):
            sent = await connection.send(Send(data))
            came = await anext(connection.received())
            assert (sent.data, sent.sent, came.data, came.sent) == (data, True, data, False)
            assert 0 <= sent.at <= came.at


async def test_a_pong_tells_how_long_it_took():
    server, url = await listening(echo)
    async with server, Connection(Handshake(url)) as connection:
        await connection.send(Ping(b"x"))
        pong = await anext(connection.received())
    assert (pong.kind, pong.data) == (Kind.PONG, b"x")
    assert pong.after is not None


async def test_a_ping_is_shown_and_answered():
    async def ping(socket):
        waiter = await socket.ping(b"hey")
        await waiter
        await socket.close(4000, "answered")

    server, url = await listening(ping)
    async with server, Connection(Handshake(url)) as connection:
        (frame,) = await all_of(connection)
    assert (frame.kind, frame.data) == (Kind.PING, b"hey")
    assert connection.closed
    assert (connection.closed.code, connection.closed.reason) == (4000, "answered")


async def test_leaving_closes_with_1000():
    codes = asyncio.Queue()

    async def wait(socket):
        await socket.wait_closed()
        codes.put_nowait((socket.close_code, socket.close_reason))

    server, url = await listening(wait)
    async with server:
        async with Connection(Handshake(url)):
            pass
        assert await codes.get() == (1000, "")


async def test_headers_protocols_and_origin_are_asked_for():
    seen = {}

    async def look(socket):
        seen.update(socket.request.headers.raw_items())

    server, url = await listening(look, subprotocols=["b", "a"])
    wanted = Handshake(url, [("X-One", "1"), ("Cookie", "a=b")], ["a", "b"], "http://page")
    async with server, Connection(wanted) as connection:
        await all_of(connection)
        assert connection.protocol == "b"
    assert (seen["X-One"], seen["Cookie"], seen["Origin"]) == ("1", "a=b", "http://page")


class RawServer:
    """Answers a handshake and then sends bytes, or goes."""

    def __init__(
        self, after: bytes, head: bytes | None = None, *, stays: bool = False, last: bytes = b""
    ) -> None:
        self.after, self.head, self.stays, self.last = after, head, stays, last
        self.heard = b""
        self.gone = asyncio.Event()

    async def __aenter__(self):
        self.server = await asyncio.start_server(self.answer, "127.0.0.1", 0)
        self.url = f"ws://127.0.0.1:{self.server.sockets[0].getsockname()[1]}/"
        return self

    async def __aexit__(self, *_):
        self.server.close()

    async def answer(self, reader, writer):
        request = await reader.readuntil(b"\r\n\r\n")
        key = request.lower().split(b"sec-websocket-key: ")[1].split(b"\r\n")[0]
        start = request.lower().index(b"sec-websocket-key: ") + 19
        key = request[start : start + len(key)]
        accept = base64.b64encode(
            hashlib.sha1(key + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest()
        )
        head = self.head or (
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n"
        )
        writer.write(head + self.after)
        if self.stays:
            self.heard = await reader.read(1000)
            writer.write(self.last)
            self.heard += await reader.read(1000)
            self.gone.set()
        writer.close()


async def test_what_was_on_its_way_at_our_close_is_received():
    last = b"\x81\x02aa" + b"\x88\x02\x03\xe8"
    async with RawServer(b"", stays=True, last=last) as server:
        async with Connection(Handshake(server.url)) as connection:
            await connection.close(CloseIt(4001, "bye"))
            assert connection.is_closing
            assert [frame.data for frame in await all_of(connection)] == ["aa"]
        await server.gone.wait()
    assert connection.closed is not None
    assert connection.closed.by_us
    assert (connection.closed.code, connection.closed.answer) == (4001, 1000)


ENDS = [
    (b"", 1006),
    (b"\x88\x00", 1005),
    (b"\x88\x02\x03\xe8", 1000),
    (b"\x88\x06\x0f\xa0gone", 4000),
    (b"\x81\x05ab", 1006),
]


@pytest.mark.parametrize(("after", "code"), ENDS)
async def test_each_end_has_its_code(after, code):
    async with RawServer(after) as server, Connection(Handshake(server.url)) as connection:
        assert await all_of(connection) == []
    assert connection.closed
    assert (connection.closed.code, connection.closed.by_us) == (code, False)


async def test_a_close_without_a_code_is_answered_without_one():
    async with RawServer(b"\x88\x00", stays=True) as server:
        async with Connection(Handshake(server.url)) as connection:
            await all_of(connection)
        await server.gone.wait()
    assert server.heard[:2] == b"\x88\x80"  # masked, empty
    assert len(server.heard) == 6


async def test_who_does_not_answer_a_close_is_left(monkeypatch):
    monkeypatch.setattr("wrangler_py.wsclient.connection._CLOSE_SECONDS", 0.05)
    async with RawServer(b"", stays=True) as server:
        async with Connection(Handshake(server.url)) as connection:
            await connection.close(CloseIt())
        await server.gone.wait()
    assert isinstance(connection.closed, Closed)
    assert (connection.closed.code, connection.closed.is_normal) == (1006, False)


def http(status: str, body: str = "", headers: str = "") -> bytes:
    size = len(body.encode())
    return f"HTTP/1.1 {status}\r\nContent-Length: {size}\r\n{headers}\r\n{body}".encode()


REFUSALS = [
    (
        http("426 Upgrade Required", "Expected Upgrade"),
        "426 Upgrade Required\n| Expected",
        "did not take",
    ),
    (http("404 Not Found"), "answered 404 Not Found", "is the path right"),
    (http("200 OK", "<p>hi</p>\n\nthere"), "200 OK\n| <p>hi</p>\n| there", "status=101"),
    (http("500 Oops", "\n".join("abcdefgh")), "500 Oops\n| a\n| b\n| c\n| d\n| e\n| ...", "dev"),
    (http("403 Forbidden"), "answered 403 Forbidden", "--origin"),
    (http("418 Teapot"), "answered 418 Teapot", None),
    (http("101 Switching Protocols"), "answered 101, but not as a WebSocket", None),
]


@pytest.mark.parametrize(("head", "message", "hint"), REFUSALS)
async def test_a_refusal_shows_the_answer_and_what_to_do(head, message, hint):
    async with RawServer(b"", head) as server:
        with pytest.raises(WranglerError) as caught:
            async with Connection(Handshake(server.url)):
                pass
    assert message in caught.value.message
    assert (hint or "") in (caught.value.hint or "")
    assert (hint is None) == (caught.value.hint is None)
    assert caught.value.exit_code == 1


async def test_nobody_there_asks_whether_the_server_runs(unused_tcp_port_factory):
    with pytest.raises(WranglerError, match="nobody listens there") as caught:
        async with Connection(Handshake(f"ws://localhost:{unused_tcp_port_factory()}/")):
            pass
    assert caught.value.hint == "is `pywrangler dev` running?"


async def test_a_server_that_says_nothing_is_not_waited_for_for_ever():
    gone = asyncio.Event()

    async def nothing(reader, writer):
        await reader.read()
        writer.close()
        gone.set()

    server = await asyncio.start_server(nothing, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    with pytest.raises(WranglerError, match=r"no answer from .* within 0.1 s"):
        async with Connection(Handshake(f"ws://127.0.0.1:{port}/", timeout=0.1)):
            pass
    await gone.wait()
    server.close()


@pytest.mark.parametrize(
    "url", ["ws://no such host/", "ws://host.invalid/", "ws://127.0.0.1:99999/"]
)
async def test_an_address_that_leads_nowhere_is_no_traceback(url):
    with pytest.raises(WranglerError):
        async with Connection(Handshake(url)):
            pass
