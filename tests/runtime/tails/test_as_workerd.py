"""What a tail consumer hears of each kind of event, held against what workerd tells it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.reload.conftest import own_imports  # noqa: F401 - a fixture
from tests.reload.street import Street
from wrangler_py.js.null import jsnull
from wrangler_py.runtime.tails.redaction import redacted_url

RECORDED = json.loads((Path(__file__).parent / "recorded.json").read_text(encoding="utf-8"))
PRODUCER = """
    import asyncio
    from datetime import UTC, datetime
    from js import Date, Error, Object, RangeError, TypeError, WebSocketPair, console, setTimeout
    from pyodide.ffi import to_js
    from urllib.parse import urlsplit
    from workers import DurableObject, Response, WorkerEntrypoint

    def js(value):
        return to_js(value, dict_converter=Object.fromEntries)

    async def ignoring(call):
        try:
            await call
        except Exception:
            pass

    class Default(WorkerEntrypoint):
        async def fetch(self, request):
            name = urlsplit(request.url).path[1:]
            answer = await getattr(self, f"on_{name}")(request)
            return Response("ok") if answer is None else answer

        async def on_logs(self, request):
            console.log("hello", js({"a": 1}), 5, None, js([1, {"b": 2}]), Date.new(0), True)
            console.debug("d"); console.info("i"); console.warn("w"); console.error("e")
            return Response("ok", status=201)

        async def on_error(self, request):
            console.log(Error.new("x"))

        async def on_throws(self, request):
            raise TypeError.new("boom")

        async def on_none(self, request):
            return 5

        async def on_later(self, request):
            async def late():
                await asyncio.sleep(0)
                print("late")
                raise RangeError.new("late")
            self.ctx.waitUntil(late())

        async def on_rpc(self, request):
            await self.env.SELF.add(1, 2)
            await ignoring(self.env.SELF.fail())
            await self.env.SELF.fetch("http://x/n")

        async def on_inner(self, request):
            await ignoring(self.env.SELF.fetch("http://x/fail"))

        async def on_object(self, request):
            room = self.env.ROOM.getByName("r")
            await room.hi()
            await room.fetch("http://do/f")
            await ignoring(room.fail())
            await ignoring(room.fetch("http://do/fail"))

        async def on_alarm(self, request):
            await self.env.ROOM.getByName("r").soon()

        async def on_queue(self, request):
            await self.env.Q.send("m")

        async def on_much(self, request):
            for _ in range(300):
                print("x" * 1000)

        async def on_sleeper(self, request):
            return await self.env.ROOM.getByName("r").fetch(request)

        async def scheduled(self, controller, env, ctx):
            print("due")
            if controller.cron == "1 * * * *":
                raise Error.new("late")

        async def email(self, message, env, ctx):
            message.setReject("no")

        async def queue(self, batch, env, ctx):
            console.log("got", len(batch.messages))
            raise Error.new("bad batch")

    class Named(WorkerEntrypoint):
        async def add(self, x, y):
            print("add")
            return x + y

        async def fail(self):
            raise RangeError.new("no")

        async def fetch(self, request):
            if request.url.endswith("fail"):
                raise RangeError.new("no fetch")
            return Response("n")

    class Room(DurableObject):
        async def hi(self):
            print("hi")
            return 1

        async def fail(self):
            raise Error.new("no")

        async def fetch(self, request):
            if request.url.endswith("/fail"):
                raise Error.new("no fetch")
            if request.headers.get("upgrade"):
                client, server = WebSocketPair.new().object_values()
                self.ctx.acceptWebSocket(server)
                return Response(None, status=101, web_socket=client)
            return Response("f")

        async def soon(self):
            await self.ctx.storage.setAlarm(Date.now())

        async def alarm(self, info):
            print("alarm")

        async def webSocketMessage(self, ws, message):
            console.log("message", message)
            if message == "fail":
                raise Error.new("no message")
            ws.close(4000, "r")

        async def webSocketClose(self, ws, code, reason, was_clean):
            print("closed")
    """
CONSUMER = """
    from js import JSON
    from workers import Response, WorkerEntrypoint

    SEEN = []

    class Default(WorkerEntrypoint):
        async def fetch(self, request):
            return Response("[]")

        async def tail(self, events, env, ctx):
            SEEN.extend(events)
    """
VOLATILE = frozenset(
    "timestamp eventTimestamp wallTime durableObjectId stack scriptName headers cf".split()
)
DIFFERS = """A request that an object answered with a WebSocket is told of when it is answered, as
`ok`: in workerd when the WebSocket has ended, with its outcome."""


@pytest.fixture
async def street(tmp_path: Path, own_imports: None) -> Any:  # noqa: F811
    async with aiohttp.ClientSession() as client:
        made = Street(tmp_path, client)
        made.put(
            "a",
            PRODUCER,
            services=[{"binding": "SELF", "service": "a", "entrypoint": "Named"}],
            durable_objects={"bindings": [{"name": "ROOM", "class_name": "Room"}]},
            migrations=[{"tag": "v1", "new_sqlite_classes": ["Room"]}],
            queues={
                "producers": [{"binding": "Q", "queue": "q"}],
                "consumers": [{"queue": "q", "max_batch_timeout": 0, "max_retries": 0}],
            },
            tail_consumers=[{"service": "b"}, {"service": "nobody"}],
        )
        made.put("b", CONSUMER)
        await made.start("a", "b")
        yield made
        await made.server.close()


def settled(value: Any) -> Any:
    """A host object as the recorder writes it."""
    kind = getattr(getattr(value, "constructor", None), "name", None)
    if value is jsnull:
        return None
    if kind == "Date":
        return "date"
    if kind == "Array":
        return [settled(each) for each in value]
    if kind is None:
        return f"{len(value)} characters" if isinstance(value, str) and len(value) > 300 else value
    found = dict(entries(value))
    return found if kind == "Object" else {"kind": kind, **found}


def entries(value: Any) -> Iterator[tuple[str, Any]]:
    for name, each in value._entries():
        if name not in VOLATILE and each is not None:
            yield name, settled(each)


def shown(item: Any) -> dict[str, Any]:
    found: dict[str, Any] = settled(item)
    logs = found["logs"]
    return {**found, "logs": [len(logs), logs[-1]] if len(logs) > 50 else logs}


def in_order(items: list[Any]) -> list[Any]:
    return sorted(items, key=lambda item: json.dumps(item, sort_keys=True))


def here(recorded: list[Any], street: Street) -> list[Any]:
    """What is recorded, with this server's address."""
    return in_order(json.loads(json.dumps(recorded).replace("http://a/", street.server.url + "/")))


async def play(street: Street, name: str) -> None:
    if name.startswith("sleeper "):
        url = f"{street.server.url}/sleeper"
        socket = await street.client.ws_connect(url, autoclose=False)
        await socket.send_str(name.removeprefix("sleeper "))
        if name == "sleeper hi":
            message = await socket.receive()
            await socket.close(code=message.data)
        else:
            await seen(street, 1)
            closing = asyncio.ensure_future(socket.close(code=1000))
            await seen(street, 4)
            closing.cancel()
        return
    path, query = name, {}
    if name.startswith("scheduled"):
        path = "cdn-cgi/local/scheduled"
        query = {"cron": "1 * * * *" if "failed" in name else "0 * * * *", "time": "1000000000000"}
    async with street.client.get(f"{street.server.url}/{path}", params=query) as answer:
        await answer.read()


async def seen(street: Street, count: int) -> list[Any]:
    """The items that came, when there are ``count``; the test's timeout is the limit."""
    worker = street.server.workers[1].worker
    assert worker is not None
    items: list[Any] = worker.code.main.SEEN
    while len(items) < count:  # noqa: ASYNC110 - the script has nobody to tell
        await asyncio.sleep(0.001)
    return items


def is_over_with_its_socket(item: dict[str, Any]) -> bool:
    """See `DIFFERS`."""
    return str(item["event"].get("request", {}).get("url", "")).endswith("/sleeper")


@pytest.mark.parametrize("name", RECORDED)
async def test_a_consumer_hears_what_workerd_tells_it(street, name):
    recorded = [item for item in RECORDED[name] if not is_over_with_its_socket(item)]
    await play(street, name)
    items = await seen(street, len(recorded) + 2 * name.startswith("sleeper"))
    told = [shown(item) for item in items]
    assert in_order([each for each in told if not is_over_with_its_socket(each)]) == here(
        recorded, street
    )


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://x/path?a=1&b=2", None),
        ("https://x/0123456789abcdef-0123456789ABCDEF/y", "https://x/REDACTED/y"),
        ("https://x/0123456789abcdef0123456789abcde/y", None),
        ("https://x/01234567890123456azAZ/y", "https://x/REDACTED/y"),
        ("https://x/012345678901234567zAZ/y", None),
        ("https://x/?card=4111-1111-1111-1111", "https://x/?card=REDACTED"),
        ("https://x/?card=4111111111111112", None),
    ],
)
def test_what_looks_like_an_id_or_a_card_in_a_url_is_left_out(url, shown):
    assert redacted_url(url) == (shown or url)


async def test_secret_headers_are_left_out_unless_they_are_asked_for(street):
    headers = {"Authorization": "a", "X-Api-Key": "b", "Cookie": "c", "Accept": "*/*"}
    async with street.client.get(f"{street.server.url}/logs", headers=headers):
        pass
    (item,) = await seen(street, 1)
    request = item.event.request
    names = ("authorization", "x-api-key", "cookie", "accept")
    assert [getattr(request.headers, name) for name in names] == ["REDACTED"] * 3 + ["*/*"]
    whole = request.getUnredacted()
    assert [getattr(whole.headers, name) for name in names] == ["a", "b", "c", "*/*"]
    assert (item.scriptName, whole.cf.colo) == ("a", "DFW")


async def test_a_mail_is_an_event_of_its_own_kind(street):
    url = f"{street.server.url}/cdn-cgi/local/email?from=a@x.org&to=b@x.org"
    mail = "From: a@x.org\r\nTo: b@x.org\r\nMessage-ID: <1@x.org>\r\n\r\nhi"
    async with street.client.post(url, data=mail) as answer:
        await answer.read()
    (item,) = await seen(street, 1)
    assert item.event.constructor.name == "EmailEventInfo"
    found = (item.event.mailFrom, item.event.rcptTo, item.event.rawSize)
    assert found == ("a@x.org", "b@x.org", len(mail))
