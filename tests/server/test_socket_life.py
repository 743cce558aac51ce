"""What the terminal says when a WebSocket has ended."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace

import pytest

from wrangler_py.log import Level, log
from wrangler_py.server.socket_life import Passed, duration, size
from wrangler_py.web.request import Request
from wrangler_py.web.response import Response

from .conftest import Serve
from .stand_in import Client, Served, accepted, close, echo, masked, text, websocket_response

Ending = Callable[[Served, Client], Awaitable[None]]
LIMIT = 10


@pytest.fixture
def out() -> Iterator[io.StringIO]:
    before, stream = log.settings, io.StringIO()
    log.settings = replace(before, out=stream, err=stream, color=False, level=Level.INFO)
    yield stream
    log.settings = before


async def line(out: io.StringIO) -> str:
    """The last line, once the server has said it."""
    async with asyncio.timeout(LIMIT):
        while "closed" not in out.getvalue():  # noqa: ASYNC110 - no event tells of it
            await asyncio.sleep(0)
    return out.getvalue().splitlines()[-1]


async def by_client(served: Served, client: Client) -> None:
    client.write(close(1000, "bye"))
    await client.close_code()
    await client.close()


async def by_client_without_a_code(served: Served, client: Client) -> None:
    client.write(close())
    await client.close_code()
    await client.close()


async def by_nobody(served: Served, client: Client) -> None:
    client.writer.transport.abort()


async def against_the_rules(served: Served, client: Client) -> None:
    client.write(masked(0x83))
    await client.close_code()
    await client.close()


async def by_worker(served: Served, client: Client) -> None:
    client.write(text("close"))
    assert (await client.frame())[0] == 0x88
    client.write(close(4002))
    await client.close()


async def by_failure(served: Served, client: Client) -> None:
    client.write(text("fail"))
    assert await client.frame() == (-1, b"")
    await client.close()


async def by_reload(served: Served, client: Client) -> None:
    served.server.close_sockets(served.worker, 1012, "Worker reloaded")  # type: ignore[arg-type]
    assert (await client.frame())[0] == 0x88
    client.write(close(1012))
    await client.close()


async def by_the_end(served: Served, client: Client) -> None:
    ending = asyncio.create_task(served.server.close())
    assert (await client.frame())[0] == 0x88
    client.write(close(1001))
    await client.close()
    await ending


ENDINGS = [
    (by_client, 'closed 1000 "bye" by client'),
    (by_client_without_a_code, "closed without a code by client"),
    (by_nobody, "closed 1006, connection lost"),
    (against_the_rules, 'closed 1002 "Unknown opcode 3" by server'),
    (by_worker, 'closed 4002 "enough" by worker'),
    (by_failure, "closed 1006 by worker"),
    (by_reload, 'closed 1012 "Worker reloaded" by reload'),
    (by_the_end, "closed 1001 by server"),
]


async def handler(request: Request) -> Response:
    client, server = accepted()

    def heard(event: object) -> None:
        said = event.data  # type: ignore[attr-defined]
        if said == "close":
            server.close(4002, "enough")
        elif said == "fail":
            raise ValueError("boom")

    server.onmessage = heard
    server.onclose = lambda event: server.close()
    return websocket_response(client)


@pytest.mark.parametrize(("end", "said"), ENDINGS)
async def test_the_last_line_says_who_ended_it_and_how(
    serve: Serve, out: io.StringIO, end: Ending, said: str
) -> None:
    served = await serve(handler)
    client = await served.websocket("/ws?a=1")
    await end(served, client)
    last = await line(out)
    assert last.startswith(f"[wrangler:info] WS /ws?a=1 #1 {said} ("), last


async def test_messages_and_bytes_are_counted_each_way(serve: Serve, out: io.StringIO) -> None:
    served = await serve(echo)
    client = await served.websocket()
    for message in ("é", "x" * 200, "y" * 70_000):
        client.write(text(message))
        await client.frame()
    client.write(masked(0x02, b"\x00") + masked(0x80, b"\x01"))  # one message in two frames
    await client.frame()
    await by_client(served, client)
    assert (await line(out)).endswith(", 4 msg 70.2 KB in, 4 msg 70.2 KB out)")


async def test_sockets_are_numbered_and_programs_get_facts(serve: Serve, out: io.StringIO) -> None:
    log.settings = replace(log.settings, json=True)
    served = await serve(echo)
    for _ in range(2):
        client = await served.websocket("/room")
        client.write(text("hello"))
        await client.frame()
        await by_client(served, client)
    async with asyncio.timeout(LIMIT):
        while out.getvalue().count("websocket_close") < 2:  # noqa: ASYNC110 - no event tells of it
            await asyncio.sleep(0)
    entries = [json.loads(each) for each in out.getvalue().splitlines()]
    assert [(entry["event"], entry["socket"]) for entry in entries] == [
        ("request", 1), ("websocket_open", 1), ("websocket_close", 1),
        ("request", 2), ("websocket_open", 2), ("websocket_close", 2),
    ]  # fmt: skip
    facts = entries[2]
    assert (facts["path"], facts["code"], facts["reason"], facts["by"]) == (
        "/room", 1000, "bye", "client",
    )  # fmt: skip
    assert [facts[f"{what}_{way}"] for what in ("messages", "bytes") for way in ("in", "out")] == [
        1, 1, 5, 5,
    ]  # fmt: skip


async def test_a_level_above_info_hears_nothing_of_it(serve: Serve, out: io.StringIO) -> None:
    log.settings = replace(log.settings, level=Level.WARN)
    served = await serve(echo)
    client = await served.websocket()
    await by_client(served, client)
    async with asyncio.timeout(LIMIT):
        while served.server.open_sockets:  # noqa: ASYNC110 - no event tells of it
            await asyncio.sleep(0)
    assert out.getvalue() == ""


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0.0004, "0ms"), (0.34, "340ms"), (0.9999, "1.0s"), (12.34, "12.3s"), (59.94, "59.9s"),
        (59.96, "1m 00s"), (252, "4m 12s"), (3599.6, "1h 00m"), (7380, "2h 03m"),
    ],
)  # fmt: skip
def test_a_duration_reads_as_people_say_it(seconds: float, said: str) -> None:
    assert duration(seconds) == said


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (0, "0 B"), (999, "999 B"), (1000, "1 KB"), (1234, "1.2 KB"), (3000, "3 KB"),
        (999_949, "999.9 KB"), (999_950, "1 MB"), (2_500_000, "2.5 MB"), (5 * 10**12, "5000 GB"),
    ],
)  # fmt: skip
def test_a_size_reads_as_people_say_it(count: int, said: str) -> None:
    assert size(count) == said
    assert str(Passed(2, count)) == f"2 msg {said}"
