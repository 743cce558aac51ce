"""What a watcher is told of requests, responses and WebSockets."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from wrangler_py.js.object import JsObject
from wrangler_py.server.traffic import (
    Answered,
    Asked,
    Closed,
    Ended,
    Event,
    Lost,
    Message,
    Piece,
    Side,
)
from wrangler_py.web.request import Request
from wrangler_py.web.response import Response, fetched

from .conftest import Serve
from .stand_in import Served, accepted, echo, websocket_response


def told(event: Event) -> tuple[Any, ...]:
    """Kind, who, and what of an event, for comparing."""
    match event:
        case Asked():
            return "asked", event.by, event.method, event.path, event.body
        case Answered():
            return "answered", event.by, event.status, event.body
        case Piece() | Message():
            return type(event).__name__.lower(), event.by, event.data
        case Closed():
            return "closed", event.by, event.code, event.reason
    return type(event).__name__.lower(), event.by


async def pieces(*data: bytes) -> AsyncIterator[bytes]:
    for piece in data:
        yield piece


async def ask(served: Served, method: str, path: str, **options: Any) -> tuple[int, str]:
    url = f"http://{served.url}{path}"
    async with aiohttp.request(method.upper(), url, **options) as response:
        return response.status, await response.text()


async def until(seen: list[Event], kind: type[Event], by: Side) -> None:
    """The other end of a connection is met a turn or two later."""
    for _ in range(1000):
        if any(isinstance(event, kind) and event.by is by for event in seen):
            return
        await asyncio.sleep(0.002)
    pytest.fail(f"no {kind.__name__} by {by} in {list(map(told, seen))}")


async def test_a_request_and_its_response_are_told_with_their_bodies(serve: Serve) -> None:
    async def shout(request: Request) -> Response:
        headers = JsObject({"X-A": "1"})
        return Response((await request.text()).upper(), JsObject({"headers": headers}))

    served, seen = await serve(shout), []
    served.server.watch(seen.append)
    assert await ask(served, "post", "/a?b=c", data=b"hello", headers={"X-Q": "q"}) == (
        200,
        "HELLO",
    )
    assert list(map(told, seen)) == [
        ("asked", Side.CLIENT, "POST", "/a?b=c", b"hello"),
        ("answered", Side.WORKER, 200, b"HELLO"),
    ]
    assert ("X-Q", "q") in seen[0].headers
    assert ("X-A", "1") in seen[1].headers
    assert seen[0].id == seen[1].id
    assert seen[0].at <= seen[1].at


async def test_a_body_in_pieces_is_told_as_the_worker_takes_it(serve: Serve) -> None:
    served, seen = await serve(lambda request: _read(request)), []
    served.server.watch(seen.append)
    size = 300_000
    assert await ask(served, "post", "/", data=b"x" * size) == (200, str(size))
    taken = [event.data for event in seen if isinstance(event, Piece)]
    assert b"".join(taken) == b"x" * size
    assert [told(seen[0]), told(seen[-2])] == [
        ("asked", Side.CLIENT, "POST", "/", None),
        ("ended", Side.CLIENT),
    ]


async def _read(request: Request) -> Response:
    return Response(str(len(await request.text())))


async def test_a_failed_handler_is_answered_by_the_tool(serve: Serve) -> None:
    async def fails(_request: Request) -> Response:
        raise ValueError("no")

    served, seen = await serve(fails), []
    served.server.watch(seen.append)
    assert (await ask(served, "get", "/"))[0] == 500
    assert [event.by for event in seen] == [Side.CLIENT, Side.TOOL]


async def test_our_own_endpoints_are_not_told(serve: Serve) -> None:
    served, seen = await serve(echo), []
    served.server.watch(seen.append)
    assert (await ask(served, "get", "/cdn-cgi/local/nothing"))[0] == 404
    assert seen == []


async def test_a_websocket_is_told_with_its_messages_and_both_close_frames(serve: Serve) -> None:
    async def greet(_request: Request) -> Response:
        client, server = accepted(lambda end, event: end.send(event.data))
        server.send("welcome")
        return websocket_response(client)

    served, seen = await serve(greet), []
    served.server.watch(seen.append)
    async with aiohttp.ClientSession() as client, client.ws_connect(f"ws://{served.url}/ws") as ws:
        assert (await ws.receive()).data == "welcome"
        await ws.send_bytes(b"\x00\xff")
        assert (await ws.receive()).data == b"\x00\xff"
        await ws.close(code=4001, message=b"bye")
    assert list(map(told, seen)) == [
        ("asked", Side.CLIENT, "GET", "/ws", b""),
        ("answered", Side.WORKER, 101, b""),
        ("message", Side.WORKER, "welcome"),
        ("message", Side.CLIENT, b"\x00\xff"),
        ("message", Side.WORKER, b"\x00\xff"),
        ("closed", Side.CLIENT, 4001, "bye"),
        ("closed", Side.WORKER, 4001, "bye"),
    ]


async def test_a_client_that_goes_without_a_word_is_told(serve: Serve) -> None:
    served, seen = await serve(echo), []
    served.server.watch(seen.append)
    async with aiohttp.ClientSession() as client:
        ws = await client.ws_connect(f"ws://{served.url}/ws")
        assert ws._response.connection is not None
        ws._response.connection.transport.abort()
        await until(seen, Lost, Side.CLIENT)
        await ws.close()


async def test_sockets_that_the_server_closes_are_closed_by_the_tool(serve: Serve) -> None:
    served, seen = await serve(echo), []
    served.server.watch(seen.append)
    async with aiohttp.ClientSession() as client, client.ws_connect(f"ws://{served.url}/ws") as ws:
        closing = asyncio.create_task(served.server.close_all())
        assert (await ws.receive()).type is aiohttp.WSMsgType.CLOSE
        await closing
    assert ("closed", Side.TOOL, 1001, "") in list(map(told, seen))


async def test_conversations_have_numbers_and_a_body_of_pieces_an_end(serve: Serve) -> None:
    async def stream(_request: Request) -> Response:
        return fetched(200, "", [], pieces(b"one", b"two"))

    served, seen = await serve(stream), []
    served.server.watch(seen.append)
    for _ in range(2):
        assert await ask(served, "get", "/") == (200, "onetwo")
    of_the_second = [event for event in seen if event.id == 2]
    assert list(map(told, of_the_second)) == [
        ("asked", Side.CLIENT, "GET", "/", b""),
        ("answered", Side.WORKER, 200, None),
        ("piece", Side.WORKER, b"one"),
        ("piece", Side.WORKER, b"two"),
        ("ended", Side.WORKER),
    ]
    assert isinstance(seen[-1], Ended)
