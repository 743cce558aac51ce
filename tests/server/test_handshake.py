"""The opening handshake over a real socket."""

from __future__ import annotations

from typing import Any

import pytest

from wrangler_py.server.deflate import negotiate
from wrangler_py.server.handshake import accept_header
from wrangler_py.web.request import Request
from wrangler_py.web.response import Response
from wrangler_py.web.websocket import make_pair

from .conftest import Serve
from .stand_in import KEY, accepted, echo, hello, upgrade, websocket_response

VERSION = "ERROR: The requested WebSocket version is not supported."
NO_KEY = "ERROR: Missing Sec-WebSocket-Key"
BAD_KEY = "ERROR: Invalid Sec-WebSocket-Key"
METHOD = "ERROR: WebSocket must be initiated with a GET request."
OLD = "ERROR: WebSocket must be initiated with an HTTP/1.1 request."
REFUSED = [  # what is replaced, by what, the status, the body
    ("Version: 13", "Version: 8", 426, VERSION),
    ("Version: 13", "Version: 013", 426, VERSION),
    ("Sec-WebSocket-Version: 13\r\n", "", 426, VERSION),
    ("Version: 13", "Version: 13\r\nSec-WebSocket-Version: 8", 426, VERSION),
    (f"Sec-WebSocket-Key: {KEY}\r\n", "", 400, NO_KEY),
    (KEY, "", 400, NO_KEY),
    (KEY, "short", 400, BAD_KEY),
    (KEY, "not base64 at all!!!!!!!", 400, BAD_KEY),
    (KEY, KEY[:-4] + "AAAA", 400, BAD_KEY),
    (KEY, f"{KEY}\r\nSec-WebSocket-Key: {KEY}", 400, BAD_KEY),
    ("GET", "POST", 400, METHOD),
    ("GET", "PUT", 400, METHOD),
    ("HTTP/1.1", "HTTP/1.0", 400, OLD),
    ("Connection: Upgrade\r\n", "", 400, "ERROR: Missing Connection: Upgrade"),
    ("Connection: Upgrade", "Connection: close", 400, "ERROR: Missing Connection: Upgrade"),
    ("Upgrade: websocket\r\n", "", 500, "Internal Server Error"),
    ("Upgrade: websocket", "Upgrade: h2c", 500, "Internal Server Error"),
    ("Upgrade: websocket", "Upgrade: websocket, foo", 500, "Internal Server Error"),
]


@pytest.mark.parametrize(("old", "new", "status", "body"), REFUSED)
async def test_an_improper_upgrade_is_refused(
    serve: Serve, old: str, new: str, status: int, body: str
) -> None:
    served = await serve(echo)
    sent = upgrade().decode().replace(old, new).encode()
    got, headers, text = await served.exchange(sent)
    assert (got, text.decode()) == (status, body)
    assert headers["connection"] == "close"
    assert headers.get("sec-websocket-version") == ("13" if status == 426 else None)
    assert served.server.open_sockets == 0


async def test_a_head_request_for_a_websocket_is_refused(serve: Serve) -> None:
    client = await (await serve(echo)).connect()
    client.write(upgrade().replace(b"GET", b"HEAD"))
    assert (await client.response("HEAD"))[0] == 400


async def test_an_upgrade_with_a_body_is_refused(serve: Serve) -> None:
    served = await serve(echo)
    status, _, _ = await served.exchange(upgrade(headers="Content-Length: 2\r\n") + b"hi")
    assert status == 400


async def test_a_worker_may_answer_an_upgrade_with_anything_else(serve: Serve) -> None:
    client = await (await serve(hello)).connect()
    for _ in range(2):
        client.write(upgrade().replace(b": 13", b": 8"))
        status, headers, body = await client.response()
        assert (status, body) == (200, b"hello")
        assert "connection" not in headers


async def test_what_was_sent_behind_a_declined_upgrade_is_a_request(serve: Serve) -> None:
    client = await (await serve(hello)).connect()
    client.write(upgrade() + b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert [(await client.response())[0] for _ in range(2)] == [200, 200]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Upgrade: websocket", "Upgrade: WebSOCKET"),
        ("Connection: Upgrade", "Connection: keep-alive, Upgrade"),
        ("Connection: Upgrade", "Connection: keep-alive\r\nConnection: upgrade"),
    ],
)
async def test_a_proper_upgrade_may_be_written_in_several_ways(
    serve: Serve, old: str, new: str
) -> None:
    served = await serve(echo)
    status, _, _ = await served.exchange(upgrade().decode().replace(old, new).encode())
    assert status == 101


def answering(headers: list[list[str]]) -> Any:
    async def handler(_request: Request) -> Response:
        client, _ = accepted()
        return websocket_response(client, headers)

    return handler


async def test_the_101_has_what_the_protocol_needs_first(serve: Serve) -> None:
    headers = [
        ["X-One", "1"],
        ["Upgrade", "foo"],
        ["Connection", "close"],
        ["Sec-WebSocket-Accept", "zzz"],
        ["Content-Length", "5"],
        ["Transfer-Encoding", "chunked"],
        ["Sec-WebSocket-Protocol", "chat"],
    ]
    client = await (await serve(answering(headers))).connect()
    client.write(upgrade())
    assert (await client.reader.readuntil(b"\r\n\r\n")).decode() == (
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nX-One: 1\r\n"
        "Sec-WebSocket-Protocol: chat\r\n\r\n"
    )


async def test_repeated_cookies_stay_apart_in_a_101(serve: Serve) -> None:
    async def handler(_request: Request) -> Response:
        client, _ = accepted()
        response = websocket_response(client)
        response.headers.append("Set-Cookie", "a=1")
        response.headers.append("Set-Cookie", "b=2")
        return response

    client = await (await serve(handler)).connect()
    client.write(upgrade())
    head = await client.reader.readuntil(b"\r\n\r\n")
    assert b"Set-Cookie: a=1\r\nSet-Cookie: b=2\r\n" in head


@pytest.mark.parametrize(("chosen", "sent"), [("b", "b"), ("zzz", "zzz"), ("", None), (None, None)])
async def test_a_subprotocol_is_what_the_worker_says(
    serve: Serve, chosen: str | None, sent: str | None
) -> None:
    headers = [] if chosen is None else [["Sec-WebSocket-Protocol", chosen]]
    client = await (await serve(answering(headers))).websocket(
        headers="Sec-WebSocket-Protocol: a, b\r\n"
    )
    assert client.headers.get("sec-websocket-protocol") == sent


async def test_an_accepted_end_cannot_be_returned(serve: Serve) -> None:
    async def handler(_request: Request) -> Response:
        client, _ = make_pair()
        client.accept()
        return websocket_response(client)

    served = await serve(handler)
    status, _, body = await served.exchange(upgrade())
    # The 101 is out before the runtime looks at the socket; then the connection ends.
    assert (status, body) == (101, b"")
    text = "Can't return WebSocket in a Response after calling accept()."
    assert text in str(served.worker.reported[0][0])


async def test_an_end_cannot_be_returned_twice(serve: Serve) -> None:
    client, _ = make_pair()

    async def handler(_request: Request) -> Response:
        return websocket_response(client)

    served = await serve(handler)
    await served.websocket()
    assert (await served.exchange(upgrade()))[0] == 500


async def test_compression_is_not_for_old_workers(serve: Serve) -> None:
    served = await serve(echo, "2023-08-14")
    client = await served.websocket(headers="Sec-WebSocket-Extensions: permessage-deflate\r\n")
    assert "sec-websocket-extensions" not in client.headers


PMD = "permessage-deflate"
AGREED = [  # offered, wished by the worker, agreed
    ("", "", None),
    ("x-foo", "", None),
    ("x-webkit-deflate-frame", "", None),
    (PMD, "", PMD),
    ("Permessage-Deflate", "", PMD),
    (f"x-foo, {PMD}", "", PMD),
    (f"{PMD}; client_max_window_bits", "", f"{PMD}; client_max_window_bits=15"),
    (f"{PMD}; client_max_window_bits=10", "", f"{PMD}; client_max_window_bits=10"),
    (f'{PMD}; client_max_window_bits="10"', "", f"{PMD}; client_max_window_bits=10"),
    (f"{PMD}; server_no_context_takeover", "", f"{PMD}; server_no_context_takeover"),
    (f"{PMD}; client_no_context_takeover", "", f"{PMD}; client_no_context_takeover"),
    (f"{PMD}; server_max_window_bits=10", "", f"{PMD}; server_max_window_bits=10"),
    (f"{PMD}; server_max_window_bits=8, {PMD}", "", PMD),
    (f"{PMD}; server_max_window_bits", "", None),
    (f"{PMD}; server_max_window_bits=7", "", None),
    (f"{PMD}; server_max_window_bits=16", "", None),
    (f"{PMD}; client_max_window_bits=+9", "", None),
    (f"{PMD}; client_max_window_bits=09", "", None),
    (f"{PMD}; foo", "", None),
    (f"{PMD}; foo, {PMD}", "", PMD),
    (f"{PMD}; server_no_context_takeover=1", "", None),
    (f"{PMD}; server_no_context_takeover; server_no_context_takeover", "", None),
    (PMD, f"{PMD}; server_no_context_takeover", f"{PMD}; server_no_context_takeover"),
    (PMD, f"{PMD}; server_max_window_bits=9", f"{PMD}; server_max_window_bits=9"),
    (PMD, f"{PMD}; client_max_window_bits=9", PMD),
    (f"{PMD}; client_max_window_bits", f"{PMD}; client_max_window_bits=9",
     f"{PMD}; client_max_window_bits=9"),
    (PMD, f"{PMD}; nonsense", PMD),
    (PMD, "", PMD),
    ("", PMD, None),
]  # fmt: skip


@pytest.mark.parametrize(("offered", "wished", "agreed"), AGREED)
def test_compression_is_agreed_on(offered: str, wished: str, agreed: str | None) -> None:
    agreement = negotiate(offered, wished)
    assert (None if agreement is None else agreement.header()) == agreed


def test_the_accept_header_is_the_one_of_the_rfc() -> None:
    assert accept_header(KEY) == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
