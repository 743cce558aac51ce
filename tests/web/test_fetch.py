"""`fetch()` above the network: what it refuses, redirects, the abort signal. No sockets."""

from __future__ import annotations

import asyncio
import gc
import re
from collections.abc import AsyncIterator, Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from wrangler_py import compat, context
from wrangler_py.js.errors import JsException, error
from wrangler_py.js.object import JsObject
from wrangler_py.js.proxy import JsFunction
from wrangler_py.web import request as request_module
from wrangler_py.web.abort import AbortController, AbortSignal
from wrangler_py.web.body import body_chunks
from wrangler_py.web.fetch import fetch
from wrangler_py.web.request import Request
from wrangler_py.web.response import Response, fetched
from wrangler_py.web.websocket import make_pair

HOST = "http://example.test"
Answer = Callable[[Request], Response]


class Servers:
    """A transport that answers by path, and remembers what it was asked."""

    def __init__(self, answers: dict[str, Any]) -> None:
        self.answers = answers
        self.seen: list[tuple[str, str, bytes]] = []
        self.headers: list[dict[str, str]] = []

    async def fetch(self, request: Request) -> Response:
        body = b"".join([chunk async for chunk in body_chunks(request)])
        self.seen.append((request.method, request.url, body))
        self.headers.append(dict(request.headers._pairs))
        answer = self.answers[re.split("[?#]", request.url.removeprefix(HOST))[0]]
        if callable(answer):
            answer = answer(request)
        if asyncio.iscoroutine(answer):
            answer = await answer
        return answer  # type: ignore[no-any-return]


def ok(_request: Request | None = None) -> Response:
    return fetched(200, "OK", [], b"hello")


def redirect(status: int, location: str) -> Response:
    return fetched(status, "", [("Location", location)], b"moved")


def worker(answers: dict[str, Any], date: str = "2026-11-01", *flags: str) -> context.IoContext:
    """A context whose worker reaches these servers."""
    owner = SimpleNamespace(transport=Servers(answers), forget=lambda _: None)
    return context.IoContext(owner, "test", compat.resolve(date, flags))


@pytest.fixture
def servers() -> Iterator[Servers]:
    """The answers of the worker that the test is code of; `/` says hello."""
    owner = worker({"/": ok})
    with owner.entered():
        yield owner.worker.transport


async def failure(awaitable: Any) -> str:
    with pytest.raises(JsException) as caught:
        await awaitable
    return str(caught.value)


# --- what may be asked for


async def test_a_request_goes_to_the_workers_transport(servers: Servers) -> None:
    response = await JsFunction(fetch)(f"{HOST}/", method="post", body="hi", headers=JsObject())
    assert servers.seen == [("POST", f"{HOST}/", b"hi")]
    assert (response.status, response.url, response.redirected) == (200, f"{HOST}/", False)
    assert await response.text() == "hello"


async def test_a_request_object_is_used_up(servers: Servers) -> None:
    request = Request(f"{HOST}/", JsObject({"method": "POST", "body": "hi"}))
    await fetch(request)
    assert request.bodyUsed
    assert "used body" in await failure(fetch(request))


REFUSED = [
    (("/relative",), "TypeError: Invalid URL: /relative"),
    (("",), "TypeError: Invalid URL: "),
    ((f"ws{HOST[4:]}/",), "TypeError: Fetch API cannot load: ws://example.test/"),
    (("ftp://x/",), "TypeError: Fetch API cannot load: ftp://x/"),
    (
        (f"{HOST}/", JsObject({"method": "GET", "body": "x"})),
        "TypeError: Request with a GET or HEAD method cannot have a body.",
    ),
    (
        (f"{HOST}/", JsObject({"redirect": "error"})),
        f"TypeError: {request_module._BAD_REDIRECT}",
    ),
]


@pytest.mark.parametrize(("args", "text"), REFUSED, ids=range(len(REFUSED)))
async def test_what_is_wrong_with_a_request_rejects_the_promise(
    servers: Servers, args: tuple[Any, ...], text: str
) -> None:
    promise = fetch(*args)
    assert await failure(promise) == text
    assert servers.seen == []


async def test_unknown_protocols_were_http_once(capsys: pytest.CaptureFixture[str]) -> None:
    owner = worker({"/": ok}, "2021-11-09")
    with owner.entered():
        response = await fetch(f"ws{HOST[4:]}/")
    assert response.status == 200
    assert owner.worker.transport.seen == [("GET", f"{HOST}/", b"")]


async def test_global_scope_may_not_fetch() -> None:
    text = await failure(fetch(f"{HOST}/"))
    assert text.startswith("Error: Disallowed operation called within global scope.")


async def test_a_fetch_ends_with_its_context() -> None:
    entered = asyncio.Event()

    async def forever() -> Response:
        entered.set()
        await asyncio.Event().wait()
        return ok()

    owner = worker({"/": lambda _: forever()})
    with owner.entered():
        promise = fetch(f"{HOST}/")
    await entered.wait()
    assert owner.pending_io == 1
    owner.close()
    with pytest.raises(asyncio.CancelledError):
        await promise
    assert owner.pending_io == 0


DATA_URLS = [
    ("data:,hi%20there", "text/plain;charset=US-ASCII", "hi there"),
    ("data:text/html;charset=utf-8,<p>", "text/html;charset=utf-8", "<p>"),
    ("data:text/x;base64,aGk", "text/x", "hi"),
    ("data:;charset=utf-8,x", "text/plain;charset=utf-8", "x"),
]


@pytest.mark.parametrize(("url", "kind", "text"), DATA_URLS)
async def test_data_urls_need_no_network(servers: Servers, url: str, kind: str, text: str) -> None:
    response = await fetch(url)
    assert (response.headers.get("content-type"), await response.text()) == (kind, text)
    assert servers.seen == []


# --- redirects

REWRITES = [  # status, method, method of the second request, whether the body goes along
    (301, "POST", "GET", False),
    (302, "POST", "GET", False),
    (301, "PUT", "PUT", True),
    (303, "POST", "GET", False),
    (303, "PUT", "GET", False),
    (303, "HEAD", "HEAD", False),
    (307, "POST", "POST", True),
    (308, "PATCH", "PATCH", True),
]


@pytest.mark.parametrize(("status", "method", "then", "replayed"), REWRITES)
async def test_a_redirect_keeps_or_changes_the_method(
    servers: Servers, status: int, method: str, then: str, replayed: bool
) -> None:
    servers.answers["/old"] = redirect(status, "/?b#frag")
    body = None if method == "HEAD" else "body"
    response = await fetch(f"{HOST}/old#x", JsObject({"method": method, "body": body}))
    assert servers.seen[1] == (then, f"{HOST}/?b#frag", b"body" if replayed else b"")
    assert (response.url, response.redirected) == (f"{HOST}/?b", True)


async def test_a_manual_redirect_is_handed_over(servers: Servers) -> None:
    servers.answers["/old"] = redirect(302, "/")
    response = await fetch(f"{HOST}/old", JsObject({"redirect": "manual"}))
    assert (response.status, response.headers.get("location")) == (302, "/")
    assert (response.redirected, await response.text()) == (False, "moved")


async def test_a_redirect_status_without_a_location_is_a_response(servers: Servers) -> None:
    servers.answers["/old"] = fetched(302, "", [], b"where?")
    assert (await fetch(f"{HOST}/old")).status == 302


async def test_twenty_redirects_are_followed_and_no_more(servers: Servers) -> None:
    def count(request: Request) -> Response:
        left = int(request.url.partition("?")[2])
        return redirect(302, f"/count?{left - 1}") if left else ok()

    servers.answers["/count"] = count
    assert (await fetch(f"{HOST}/count?20")).status == 200
    assert await failure(fetch(f"{HOST}/count?21")) == "TypeError: Too many redirects."


async def chunks(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


async def test_a_streamed_body_cannot_be_sent_twice(servers: Servers) -> None:
    servers.answers["/old"] = redirect(307, "/")
    request = Request._incoming("POST", f"{HOST}/old", [], chunks(b"a", b"b"))
    text = await failure(fetch(request, JsObject({"redirect": "follow"})))
    assert text.startswith("TypeError: A request with a one-time-use body")


async def test_a_303_needs_no_body_again(servers: Servers) -> None:
    servers.answers["/old"] = redirect(303, "/")
    request = Request._incoming("POST", f"{HOST}/old", [], chunks(b"a"))
    assert (await fetch(request, JsObject({"redirect": "follow"}))).status == 200


async def test_a_redirect_to_nowhere_is_a_type_error(servers: Servers) -> None:
    servers.answers["/old"] = redirect(302, "http://[")
    text = await failure(fetch(f"{HOST}/old"))
    assert text == "TypeError: Invalid Location header; unable to follow redirect."


CROSS = "http://other.test/"


@pytest.mark.parametrize(
    ("date", "location", "kept"),
    [("2026-11-01", CROSS, False), ("2026-11-01", "/", True), ("2025-08-31", CROSS, True)],
)
async def test_authorization_stays_with_its_origin(date: str, location: str, kept: bool) -> None:
    owner = worker({"/": ok, CROSS: ok, "/old": redirect(302, location)}, date)
    with owner.entered():
        await fetch(f"{HOST}/old", JsObject({"headers": JsObject({"Authorization": "secret"})}))
    assert ("Authorization" in owner.worker.transport.headers[1]) is kept


# --- the abort signal


async def test_an_aborted_signal_sends_nothing(servers: Servers) -> None:
    signal = AbortSignal.abort()
    assert await failure(fetch(f"{HOST}/", JsObject({"signal": signal}))) == (
        "AbortError: The operation was aborted"
    )
    assert servers.seen == []


async def test_aborting_rejects_with_the_reason_and_cancels_the_transfer(
    servers: Servers,
) -> None:
    entered, cancelled = asyncio.Event(), asyncio.Event()

    async def forever() -> Response:
        entered.set()
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.set()
        return ok()

    servers.answers["/"] = lambda _: forever()
    controller = AbortController()
    promise = fetch(f"{HOST}/", JsObject({"signal": controller.signal}))
    await entered.wait()
    controller.abort(error("enough"))
    assert await failure(promise) == "Error: enough"
    assert cancelled.is_set()
    assert controller.signal._actions == []


class Body:
    """A body that comes when it is told to."""

    def __init__(self) -> None:
        self.queue: asyncio.Queue[bytes] = asyncio.Queue()
        self.closed = False

    def __aiter__(self) -> Body:
        return self

    async def __anext__(self) -> bytes:
        return await self.queue.get()

    async def aclose(self) -> None:
        self.close()

    def close(self) -> None:
        self.closed = True


async def test_aborting_after_the_headers_fails_the_body(servers: Servers) -> None:
    body = Body()
    servers.answers["/"] = fetched(200, "", [], body)
    controller = AbortController()
    response = await fetch(f"{HOST}/", JsObject({"signal": controller.signal}))
    reader = response.body.getReader()
    body.queue.put_nowait(b"first")
    assert (await reader.read()).value.to_bytes() == b"first"
    reading = reader.read()
    await asyncio.sleep(0)
    controller.abort()
    assert await failure(reading) == "AbortError: The operation was aborted"
    assert body.closed


async def test_aborting_an_unread_body_ends_its_transfer(servers: Servers) -> None:
    body = Body()
    servers.answers["/"] = fetched(200, "", [], body)
    controller = AbortController()
    response = await fetch(f"{HOST}/", JsObject({"signal": controller.signal}))
    controller.abort()
    assert body.closed
    assert await failure(response.text()) == "AbortError: The operation was aborted"


async def test_a_signal_does_not_keep_a_body_that_nobody_wants(servers: Servers) -> None:
    dropped: list[str] = []

    class Tracked(Body):
        def __del__(self) -> None:
            dropped.append("body")

    servers.answers["/"] = lambda _: fetched(200, "", [], Tracked())
    controller = AbortController()
    await fetch(f"{HOST}/", JsObject({"signal": controller.signal}))
    await asyncio.sleep(0)  # the turn that this task woke up in holds the promise
    gc.collect()
    assert dropped == ["body"]


async def test_aborting_later_drops_a_websocket(servers: Servers) -> None:
    near, _far = make_pair()
    servers.answers["/"] = fetched(101, "Switching Protocols", [], web_socket=near)
    controller = AbortController()
    response = await fetch(f"{HOST}/", JsObject({"signal": controller.signal}))
    seen: list[Any] = []
    response.webSocket.onclose = lambda event: seen.append((event.code, event.wasClean))
    response.webSocket.accept()
    controller.abort()
    assert seen == []
    for _ in range(4):
        await asyncio.sleep(0)
    assert seen == [(1006, False)]


async def test_a_transport_that_aborts_the_signal_itself_ends_in_the_reason(
    servers: Servers,
) -> None:
    controller = AbortController()

    def answer(_request: Request) -> Response:
        controller.abort()
        return ok()

    servers.answers["/"] = answer
    text = await failure(fetch(f"{HOST}/", JsObject({"signal": controller.signal})))
    assert text == "AbortError: The operation was aborted"
    await asyncio.sleep(0)  # the test itself was not cancelled
