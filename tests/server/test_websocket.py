"""WebSockets over a real socket: frames in, frames out, and how connections end."""

from __future__ import annotations

import asyncio
import os
from typing import Any

import pytest
import websockets

from wrangler_py.server import websocket as module
from wrangler_py.web.request import Request
from wrangler_py.web.response import Response
from wrangler_py.web.websocket import WebSocket, make_pair

from .conftest import Serve
from .stand_in import (
    Served,
    accepted,
    close,
    echo,
    masked,
    read_close,
    text,
    upgrade,
    websocket_response,
)

TEXT, BINARY, CLOSE, PING, PONG = 0x81, 0x82, 0x88, 0x89, 0x8A
MEBI = 1024 * 1024


async def test_an_independent_client_gets_its_messages_back(serve: Serve) -> None:
    served = await serve(echo)
    async with websockets.connect(f"ws://{served.url}/ws", compression=None) as client:
        for message in ("", "hi", "ü€😀", b"", b"\x00\xff", "x" * 70_000, os.urandom(200_000)):
            await client.send(message)
            assert await client.recv() == message


async def test_an_independent_client_gets_its_messages_back_compressed(serve: Serve) -> None:
    served = await serve(echo)
    async with websockets.connect(f"ws://{served.url}/ws") as client:
        assert client.response is not None
        extensions = client.response.headers["Sec-WebSocket-Extensions"]
        assert extensions == "permessage-deflate; client_max_window_bits=15"
        for message in ("", "hi" * 1000, b"", b"\x00" * 100_000, os.urandom(200_000), "hi" * 1000):
            await client.send(message)
            assert await client.recv() == message


async def test_one_text_for_many_sockets_reaches_each_as_it_is(serve: Serve) -> None:
    ends: list[WebSocket] = []

    async def room(_request: Request) -> Response:
        client, server = accepted()
        ends.append(server)
        return websocket_response(client)

    served = await serve(room)
    texts = ["ü" * 40, "x" * 200, "y" * 70_000, ""]
    url = f"ws://{served.url}/ws"
    async with (
        websockets.connect(url, compression=None) as plain,
        websockets.connect(url) as compressed,
        websockets.connect(url, compression=None) as last,
    ):
        for message in (*texts, *texts):
            for end in ends:
                end.send(message)
        for client in (plain, compressed, last):
            assert [await client.recv() for _ in range(8)] == [*texts, *texts]


async def test_a_large_message_of_32_mib_comes_back(serve: Serve) -> None:
    served = await serve(echo)
    message = os.urandom(MEBI) * 32
    url = f"ws://{served.url}/ws"
    async with websockets.connect(url, compression=None, max_size=None) as client:
        await client.send(message)
        assert await client.recv() == message


async def test_a_fragmented_message_is_one_message(serve: Serve) -> None:
    client = await (await serve(echo)).websocket()
    client.write(masked(0x01, b"a") + masked(PING, b"p") + masked(0x00) + masked(0x80, b"b"))
    assert await client.frame() == (PONG, b"p")
    assert await client.frame() == (TEXT, b"ab")
    await client.close()


async def test_a_message_cut_into_single_bytes_arrives(serve: Serve) -> None:
    client = await (await serve(echo)).websocket()
    for byte in masked(BINARY, b"x" * 300):
        client.write(bytes((byte,)))
        await client.writer.drain()
        await asyncio.sleep(0)
    assert await client.frame() == (BINARY, b"x" * 300)
    await client.close()


async def test_frames_sent_with_the_handshake_wait_for_the_handler(serve: Serve) -> None:
    proceed = asyncio.Event()

    async def slow(request: Request) -> Response:
        await proceed.wait()
        return await echo(request)

    served = await serve(slow)
    client = await served.connect()
    client.write(upgrade() + text("one") + text("two"))
    await asyncio.sleep(0)
    client.write(text("three"))
    proceed.set()
    assert (await client.response())[0] == 101
    assert [(await client.frame())[1] for _ in range(3)] == [b"one", b"two", b"three"]
    await client.close()


async def test_what_the_worker_sent_before_it_answered_comes_behind_the_101(serve: Serve) -> None:
    async def early(_request: Request) -> Response:
        client, server = make_pair()
        server.accept()
        server.send("one")
        server.send("two")
        server.close(4001, "bye")
        return websocket_response(client)

    client = await (await serve(early)).websocket()
    assert await client.frame() == (TEXT, b"one")
    assert await client.frame() == (TEXT, b"two")
    first, payload = await client.frame()
    assert (first, read_close(payload)) == (CLOSE, (4001, "bye"))
    client.write(close(4001, "bye"))
    assert await client.frame() == (-1, b"")
    await client.close()


# Closing.

CLOSES = [  # what the client sends, what comes back
    (close(1000, "bye"), (1000, "bye")),
    (close(), (None, "")),
    (close(4999), (4999, "")),
    (close(3000, "ü"), (3000, "ü")),
    (close(1012), (1012, "")),
    (close(1000, "x") + text("late"), (1000, "x")),
    (close(1000, "x") + b"\xff" * 5000, (1000, "x")),
]


@pytest.mark.parametrize(("sent", "answer"), CLOSES)
async def test_a_close_frame_is_answered_and_ends_the_connection(
    serve: Serve, sent: bytes, answer: tuple[int | None, str]
) -> None:
    client = await (await serve(echo)).websocket()
    client.write(sent)
    assert await client.close_code() == answer
    await client.close()


async def watched(served_log: list[Any]) -> Response:
    def note(_end: WebSocket, event: Any) -> None:
        if event.type == "message":
            served_log.append(("message", event.data))
        elif event.type == "close":
            served_log.append(("close", event.code, event.reason, event.wasClean))
        else:
            served_log.append(("error", event.message))

    client, _ = accepted(note, note, note)
    return websocket_response(client)


async def serve_watched(serve: Serve, date: str = "2026-11-01") -> tuple[Served, list[Any]]:
    seen: list[Any] = []
    return await serve(lambda _request: watched(seen), date), seen


async def until(condition: Any) -> None:
    for _ in range(2000):
        if condition():
            return
        await asyncio.sleep(0.001)
    raise AssertionError("it did not happen")


@pytest.mark.parametrize("sent", [b"", text("hi")[:3], masked(0x01, b"part")])
async def test_a_connection_that_ends_without_close_is_a_drop(serve: Serve, sent: bytes) -> None:
    served, seen = await serve_watched(serve)
    client = await served.websocket()
    client.write(sent)
    await client.close()
    await until(lambda: seen)
    dropped = "WebSocket disconnected without sending Close frame."
    assert seen == [("close", 1006, dropped, False)]
    await until(lambda: not served.worker.contexts)


async def test_a_reset_connection_is_a_drop(serve: Serve) -> None:
    served, seen = await serve_watched(serve)
    client = await served.websocket()
    client.writer.transport.abort()
    await until(lambda: seen)
    assert seen[0][:2] == ("close", 1006)


async def test_an_old_worker_that_never_answers_a_close_leaves_the_connection(
    serve: Serve,
) -> None:
    served, seen = await serve_watched(serve, "2025-10-01")
    client = await served.websocket()
    client.write(close(1000, "x") + text("late"))
    await until(lambda: seen)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(client.frame(), 0.05)
    assert seen == [("close", 1000, "x", True)]
    await client.close()


async def test_a_listener_that_raises_ends_the_connection_without_close(serve: Serve) -> None:
    def raising(end: WebSocket, _event: Any) -> None:
        end.send("last")
        raise ValueError("boom")

    async def handler(_request: Request) -> Response:
        client, _ = accepted(raising)
        return websocket_response(client)

    served = await serve(handler)
    client = await served.websocket()
    client.write(text("hi") + text("again"))
    assert await client.frame() == (TEXT, b"last")
    assert await client.frame() == (-1, b"")
    assert [str(exc) for exc, _ in served.worker.reported] == ["boom"]
    await client.close()


async def test_after_the_worker_s_close_messages_arrive_until_the_client_s(serve: Serve) -> None:
    seen: list[Any] = []

    def closing(end: WebSocket, event: Any) -> None:
        seen.append(event.data)
        end.close(4000, "srv")

    async def handler(_request: Request) -> Response:
        client, _ = accepted(closing, lambda _, event: seen.append((event.code, event.reason)))
        return websocket_response(client)

    client = await (await serve(handler)).websocket()
    client.write(text("a"))
    first, payload = await client.frame()
    assert (first, read_close(payload)) == (CLOSE, (4000, "srv"))
    client.write(text("b") + masked(PING, b"p") + close(4001, "cli"))
    assert await client.frame() == (-1, b"")
    assert seen == ["a", "b", (4001, "cli")]
    await client.close()


async def test_a_reason_that_old_dates_allow_is_cut_to_fit_a_frame(serve: Serve) -> None:
    async def handler(_request: Request) -> Response:
        client, server = accepted()
        server.close(4000, "ü" * 100)
        return websocket_response(client)

    client = await (await serve(handler, "2025-10-01")).websocket()
    _, payload = await client.frame()
    assert read_close(payload) == (4000, "ü" * 61)
    await client.close()


# Abuse. The reason is also what the worker's error event tells.

LIMIT = 32 * MEBI
UTF8 = "Received a text message that is not UTF-8"
CODE = "Received an invalid close code"
NOT_NEGOTIATED = (
    "Received a WebSocket frame whose compression bit was set, but the compression extension "
    "was not negotiated for this connection."
)
NOT_A_START = "Received a frame whose compression bit was set, but does not start a message"
ABUSE = [  # what, the bytes, the close code, the reason
    ("unmasked text", b"\x81\x02hi", 1002, "Received a frame that is not masked"),
    ("unmasked ping", b"\x89\x00", 1002, "Received a frame that is not masked"),
    ("unmasked close", b"\x88\x02\x03\xe8", 1002, "Received a frame that is not masked"),
    *(
        (f"opcode {op}", masked(0x80 | op, b"x"), 1002, f"Unknown opcode {op}")
        for op in (3, 4, 5, 6, 7, 11, 12, 13, 14, 15)
    ),
    ("rsv1", masked(0xC1, b"x"), 1002, NOT_NEGOTIATED),
    ("rsv1 ping", masked(0xC9, b"x"), 1002, NOT_NEGOTIATED),
    ("rsv1 close", masked(0xC8), 1002, NOT_NEGOTIATED),
    ("rsv2", masked(0xA1, b"x"), 1002, "Received frame had RSV bits 2 or 3 set"),
    ("rsv3", masked(0x91, b"x"), 1002, "Received frame had RSV bits 2 or 3 set"),
    ("rsv3 pong", masked(0x9A, b"x"), 1002, "Received frame had RSV bits 2 or 3 set"),
    ("lone continuation", masked(0x80, b"x"), 1002, "Unexpected continuation frame"),
    ("lone open continuation", masked(0x00, b"x"), 1002, "Unexpected continuation frame"),
    (
        "continuation of nothing",
        masked(0x01, b"a") + masked(0x80, b"b") + masked(0x80, b"c"),
        1002,
        "Unexpected continuation frame",
    ),
    ("text in text", masked(0x01, b"a") + text("b"), 1002, "Missing continuation frame"),
    ("text in empty text", masked(0x01) + text("b"), 1002, "Missing continuation frame"),
    ("start in start", masked(0x01, b"a") + masked(0x02, b"b"), 1002, "Missing continuation frame"),
    ("fragmented ping", masked(0x09, b"a"), 1002, "Received fragmented control frame"),
    ("fragmented pong", masked(0x0A), 1002, "Received fragmented control frame"),
    ("fragmented close", masked(0x08), 1002, "Received fragmented control frame"),
    ("long ping", masked(0x89, b"a" * 126), 1002, "Received a control frame above 125 bytes"),
    (
        "long close",
        masked(0x88, b"\x03\xe8" + b"a" * 124),
        1002,
        "Received a control frame above 125 bytes",
    ),
    ("huge ping", masked(0x89, size=2**40), 1002, "Received a control frame above 125 bytes"),
    (
        "length 5 in 16 bits",
        b"\x81\xfe\x00\x05" + b"\0\0\0\0hello",
        1002,
        "Received a frame length that is not minimal",
    ),
    (
        "length 5 in 64 bits",
        b"\x81\xff\0\0\0\0\0\0\0\x05" + b"\0\0\0\0hello",
        1002,
        "Received a frame length that is not minimal",
    ),
    (
        "too large",
        masked(0x82, size=LIMIT + 1),
        1009,
        f"Message is too large: {LIMIT + 1} > {LIMIT}",
    ),
    ("63 bits", masked(0x82, size=2**63 - 1), 1009, f"Message is too large: {2**63 - 1} > {LIMIT}"),
    ("64 bits", masked(0x82, size=2**64 - 1), 1009, f"Message is too large: {2**64 - 1} > {LIMIT}"),
    (
        "too large together",
        masked(0x02, b"abc") + masked(0x00, size=LIMIT - 2),
        1009,
        f"Message is too large: {LIMIT + 1} > {LIMIT}",
    ),
    *(
        (f"close code {code}", close(code), 1002, CODE)
        for code in (0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535)
    ),
    ("close of one byte", masked(0x88, b"\x03"), 1002, CODE),
    (
        "close reason not UTF-8",
        close(1000, b"\xff"),
        1007,
        "Received a close reason that is not UTF-8",
    ),
    (
        "close reason cut",
        close(1000, "ü".encode()[:1]),
        1007,
        "Received a close reason that is not UTF-8",
    ),
    ("text not UTF-8", masked(TEXT, b"a\xffb"), 1007, UTF8),
    ("overlong", masked(TEXT, b"\xc0\xaf"), 1007, UTF8),
    ("surrogate", masked(TEXT, b"\xed\xa0\x80"), 1007, UTF8),
    ("above U+10FFFF", masked(TEXT, b"\xf4\x90\x80\x80"), 1007, UTF8),
    ("cut", masked(TEXT, b"\xe2\x82"), 1007, UTF8),
    ("cut over fragments", masked(0x01, b"\xe2\x82") + masked(0x80, b"\xff"), 1007, UTF8),
    ("HTTP", b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", 1002, "Unknown opcode 7"),
]


@pytest.mark.parametrize(
    ("sent", "code", "reason"), [a[1:] for a in ABUSE], ids=[a[0] for a in ABUSE]
)
async def test_abuse_gets_a_close_frame_and_the_worker_an_error(
    serve: Serve, sent: bytes, code: int, reason: str
) -> None:
    served, seen = await serve_watched(serve)
    client = await served.websocket()
    client.write(text("before") + sent + text("after"))
    # A control frame holds 125 bytes; workerd sends 129 for its longest text.
    assert await client.close_code() == (code, reason[:123])
    await client.close()
    error = (
        f"Uncaught Error: WebSocket protocol error; protocolError.statusCode = {code}; "
        f"protocolError.description = {reason}"
    )
    assert [item for item in seen if item[0] == "error"] == [("error", error)]
    assert seen[0] == ("message", "before")
    assert ("message", "after") not in seen
    await until(lambda: not served.worker.contexts and not served.server.open_sockets)


OFFER = "Sec-WebSocket-Extensions: permessage-deflate\r\n"
COMPRESSED_ABUSE = [
    (
        "corrupt",
        masked(0xC1, b"\xff\xff\xff\xff"),
        1007,
        "Received a message with corrupt compressed data",
    ),
    (
        "distance too far",
        masked(0xC2, b"\x63\x00\x02\xff"),
        1007,
        "Received a message with corrupt compressed data",
    ),
    ("rsv1 ping", masked(0xC9, b"x"), 1002, NOT_A_START),
    ("rsv1 close", masked(0xC8, b""), 1002, NOT_A_START),
    ("rsv1 continuation", masked(0x01, b"a") + masked(0xC0, b"b"), 1002, NOT_A_START),
]


@pytest.mark.parametrize(
    ("sent", "code", "reason"),
    [a[1:] for a in COMPRESSED_ABUSE],
    ids=[a[0] for a in COMPRESSED_ABUSE],
)
async def test_abuse_of_compression_gets_a_close_frame(
    serve: Serve, sent: bytes, code: int, reason: str
) -> None:
    client = await (await serve(echo)).websocket(headers=OFFER)
    client.write(sent)
    assert await client.close_code() == (code, reason)
    await client.close()


async def test_no_close_frame_follows_one_that_was_sent(serve: Serve) -> None:
    async def handler(_request: Request) -> Response:
        client, server = accepted()
        server.close(4000, "first")
        return websocket_response(client)

    client = await (await serve(handler)).websocket()
    client.write(masked(0x83, b"x"))
    assert await client.close_code() == (4000, "first")
    await client.close()


# Back-pressure.


async def test_an_echo_client_that_never_reads_is_not_read_either(serve: Serve) -> None:
    served = await serve(echo)
    client = await served.websocket()
    message = masked(BINARY, b"x" * 1000) * 1000
    for _ in range(64):  # far more than the kernel holds
        client.write(message)
    await until(lambda: client.writer.transport.get_write_buffer_size() > 0)
    sent = -1
    while client.writer.transport.get_write_buffer_size() != sent:
        sent = client.writer.transport.get_write_buffer_size()
        await asyncio.sleep(0.05)
    assert sent > 16 * MEBI
    (socket,) = served.server._listener.sockets
    assert socket.buffered + (socket._reader.held if socket._reader else 0) < 4 * module.HIGH_WATER
    client.writer.transport.abort()
    await until(lambda: not served.server.open_sockets)


async def test_what_was_held_back_arrives_when_the_client_reads_again(serve: Serve) -> None:
    served = await serve(echo)
    client = await served.websocket()
    count = 6000
    messages = [b"%05d" % index + b"x" * 1000 for index in range(count)]
    client.write(b"".join(masked(BINARY, message) for message in messages))
    for message in messages:
        assert await client.frame() == (BINARY, message)
    client.write(close(1000))
    assert await client.close_code() == (1000, "")
    await client.close()


async def test_a_flood_of_pings_from_a_client_that_never_reads_is_bounded(serve: Serve) -> None:
    served = await serve(echo)
    client = await served.websocket()
    flood = masked(PING, b"x" * 125) * 8000
    for _ in range(32):
        client.write(flood)
    await until(lambda: client.writer.transport.get_write_buffer_size() > 0)
    await asyncio.sleep(0.3)
    (socket,) = served.server._listener.sockets
    assert socket.buffered < 4 * module.HIGH_WATER
    client.writer.transport.abort()


async def test_a_worker_that_does_not_accept_is_not_flooded(serve: Serve) -> None:
    ends: list[WebSocket] = []

    async def handler(_request: Request) -> Response:
        client, server = make_pair()
        ends.append(server)
        return websocket_response(client)

    served = await serve(handler)
    client = await served.websocket()
    count = 8000
    for index in range(count):
        client.write(masked(BINARY, b"%06d" % index + b"x" * 2000))
    await until(lambda: ends[0]._inbox)
    await asyncio.sleep(0.2)
    assert len(ends[0]._inbox or ()) < count / 2
    got: list[Any] = []
    ends[0].binaryType = "arraybuffer"
    ends[0].onmessage = lambda event: got.append(event.data.to_bytes()[:6])
    ends[0].accept()
    await until(lambda: len(got) == count)
    assert got == [b"%06d" % index for index in range(count)]
    await client.close()


async def test_a_message_larger_than_the_write_buffer_is_sent_whole(serve: Serve) -> None:
    async def handler(_request: Request) -> Response:
        client, server = accepted()
        server.send("x" * (8 * MEBI))
        server.close(1000, "done")
        return websocket_response(client)

    client = await (await serve(handler)).websocket()
    assert len((await client.frame())[1]) == 8 * MEBI
    assert read_close((await client.frame())[1]) == (1000, "done")
    await client.close()


# The server's end.


async def test_at_shutdown_clients_are_told_1001(serve: Serve) -> None:
    served = await serve(echo)
    clients = [await served.websocket() for _ in range(3)]
    closing = asyncio.create_task(served.server.close_all())
    for client in clients:
        first, payload = await client.frame()
        assert (first, read_close(payload)) == (CLOSE, (1001, ""))
        client.write(close(1001))
        assert await client.frame() == (-1, b"")
        await client.close()
    await asyncio.wait_for(closing, 1)


async def test_at_shutdown_a_client_that_does_not_answer_is_cut(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wrangler_py.server.app.CLOSE_TIMEOUT", 0.05)
    served = await serve(echo)
    client = await served.websocket()
    await served.server.close_all()
    assert read_close((await client.frame())[1]) == (1001, "")
    assert await client.frame() == (-1, b"")
    await client.close()


async def test_an_idle_connection_outlives_the_keep_alive_of_http(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wrangler_py.server.connection.KEEP_ALIVE", 0.05)
    monkeypatch.setattr("wrangler_py.server.connection.HEAD_TIMEOUT", 0.05)
    client = await (await serve(echo)).websocket()
    await asyncio.sleep(0.2)
    client.write(text("still here"))
    assert await client.frame() == (TEXT, b"still here")
    await client.close()
