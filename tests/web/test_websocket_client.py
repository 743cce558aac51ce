"""`new WebSocket(url)`: what it refuses, and the events of a connection that opens by itself."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from wrangler_py import compat, context
from wrangler_py.js.array import JsArray
from wrangler_py.js.callbacks import create_proxy
from wrangler_py.js.errors import JsException, error
from wrangler_py.js.null import jsnull
from wrangler_py.web.request import Request
from wrangler_py.web.response import Response, fetched
from wrangler_py.web.websocket import WebSocket, make_pair
from wrangler_py.web.websocket_wire import Wire, check_returnable, couple

URL = "ws://user:secret@example.test/chat?room=1"
NEVER = "Failed to establish websocket connection"


class Network:
    """A sink that remembers."""

    buffered = 0

    def __init__(self) -> None:
        self.log: list[Any] = []

    def send(self, data: str | bytes) -> None:
        self.log.append(data)

    def close(self, code: int | None, reason: str) -> None:
        self.log.append(("close", code, reason))

    def abort(self) -> None:
        self.log.append("abort")


class Server:
    """A transport that upgrades, or does what the test wants instead."""

    def __init__(self) -> None:
        self.request: Request | None = None
        self.pairs: list[tuple[str, str]] = []
        self.instead: BaseException | Response | None = None
        self.network = Network()
        self.wire: Wire | None = None
        self.early: list[str] = []
        self.cancelled = False

    async def fetch(self, request: Request) -> Response:
        self.request = request
        try:
            await asyncio.sleep(0)
        except asyncio.CancelledError:
            self.cancelled = True
            raise
        if isinstance(self.instead, BaseException):
            raise self.instead
        if self.instead is not None:
            return self.instead
        near, far = make_pair()
        self.wire = couple(far, self.network)
        for text in self.early:
            self.wire.message(text)
        return fetched(101, "Switching Protocols", self.pairs, web_socket=near)


@pytest.fixture
def server() -> Iterator[Server]:
    """The other side; the test is code of a worker that reaches it."""
    server = Server()
    with make_context(server).entered():
        yield server


def make_context(server: Server, date: str = "2026-11-01") -> context.IoContext:
    owner = SimpleNamespace(transport=server, forget=lambda _: None)
    return context.IoContext(owner, "test", compat.resolve(date))


def new(*args: Any) -> WebSocket:
    socket: WebSocket = WebSocket.constructor.new(*args)
    return socket


def watch(socket: WebSocket) -> list[Any]:
    """A log of the socket's events, with the readyState that each listener sees."""
    log: list[Any] = []

    def note(event: Any) -> None:
        entry: tuple[Any, ...] = (event.type, socket.readyState)
        if event.type == "message":
            entry += (event.data,)
        elif event.type == "close":
            entry += (event.code, event.reason, event.wasClean)
        elif event.type == "error":
            entry += (event.message,)
        log.append(entry)

    for kind in ("open", "message", "close", "error"):
        socket.addEventListener(kind, create_proxy(note))
    return log


async def turns(count: int = 10) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


def failure(*args: Any) -> str:
    with pytest.raises(JsException) as caught:
        new(*args)
    assert caught.value.constructor.name in ("DOMException", "TypeError")
    return str(caught.value)


REFUSED = [
    (("no url",), "The url is invalid."),
    (("ws://",), "The url is invalid."),
    (("/relative",), "The url is invalid."),
    (("http://x/",), "The url scheme must be ws or wss."),
    (("ftp://x/",), "The url scheme must be ws or wss."),
    (("ws://x/#y",), "The url fragment must be empty."),
    (("ws://x/#",), "The url fragment must be empty."),
    (("ws://x/", ""), "The protocol header token is invalid."),
    (("ws://x/", "a,b"), "The protocol header token is invalid."),
    (("ws://x/", "ä"), "The protocol header token is invalid."),
    (("ws://x/", JsArray(["a", "b c"])), "One of the protocol header tokens is invalid."),
    (("ws://x/", JsArray([""])), "One of the protocol header tokens is invalid."),
    (("ws://x/", JsArray(["a", "a"])), "The protocols header cannot have repeating values."),
    # A bare Python list is no Array to JavaScript: it is its text.
    (("ws://x/", ["a"]), "The protocol header token is invalid."),
]


@pytest.mark.parametrize(("args", "text"), REFUSED, ids=lambda value: repr(value)[:30])
async def test_a_bad_url_or_protocol_is_a_syntax_error(
    server: Server, args: tuple[Any, ...], text: str
) -> None:
    assert failure(*args) == f"SyntaxError: WebSocket Constructor: {text}"
    await turns()
    assert server.request is None


def test_it_needs_new_and_a_url(server: Server) -> None:
    with pytest.raises(JsException, match="Please use the 'new' operator"):
        WebSocket.constructor("ws://x/")
    assert "constructor parameter 1 is not of type 'string'" in failure()


def test_global_scope_may_not_connect() -> None:
    with pytest.raises(JsException, match="Disallowed operation called within global scope"):
        new(URL)


PROTOCOLS = [
    ((), None),
    ((None,), None),
    ((JsArray([]),), None),
    (("chat",), "chat"),
    ((JsArray(["chat", "superchat"]),), "chat, superchat"),
]


@pytest.mark.parametrize(("protocols", "header"), PROTOCOLS)
async def test_protocols_are_offered(
    server: Server, protocols: tuple[Any, ...], header: str | None
) -> None:
    new(URL, *protocols)
    await turns()
    assert server.request is not None
    assert server.request.headers._find("sec-websocket-protocol") == header


@pytest.mark.parametrize(
    ("date", "offer"), [("2023-08-15", "permessage-deflate"), ("2023-08-14", None)]
)
async def test_the_handshake_is_a_get_without_credentials(date: str, offer: str | None) -> None:
    server = Server()
    with make_context(server, date).entered():
        new(URL)
        new("wss://example.test")
        await turns()
    request = server.request
    assert request is not None
    assert (request.method, request.url) == ("GET", "https://example.test/")
    assert request.headers._find("upgrade") == "websocket"
    assert request.headers._find("sec-websocket-extensions") == offer


async def test_the_url_is_as_given_and_user_and_password_stay_here(server: Server) -> None:
    socket = new(URL)
    assert socket.url == URL
    await turns()
    assert server.request is not None
    assert server.request.url == "http://example.test/chat?room=1"


async def test_it_opens_by_itself(server: Server) -> None:
    socket = new(URL)
    log = watch(socket)
    assert (socket.readyState, socket.protocol, socket.extensions) == (0, "", "")
    with pytest.raises(JsException, match="You must call one of accept"):
        socket.send("early")
    with pytest.raises(JsException, match="constructor cannot call accept"):
        socket.accept()
    server.early = ["hello"]
    await turns()
    assert log == [("open", 1), ("message", 1, "hello")]
    assert (socket.protocol, socket.extensions) == (jsnull, jsnull)
    assert socket.accept() is None


async def test_what_was_negotiated_is_readable(server: Server) -> None:
    server.pairs = [
        ("Sec-WebSocket-Protocol", "chat"),
        ("Sec-WebSocket-Extensions", "permessage-deflate"),
    ]
    socket = new(URL, "chat")
    await turns()
    assert (socket.protocol, socket.extensions) == ("chat", "permessage-deflate")


async def test_it_sends_and_closes_like_any_other(server: Server) -> None:
    socket = new(URL)
    log = watch(socket)
    socket.addEventListener("open", create_proxy(lambda event: socket.send("hello")))
    await turns()
    assert server.wire is not None
    server.wire.message("echo")
    socket.close(1000, "done")
    assert socket.readyState == 2
    server.wire.closed(1000, "done")
    assert server.network.log == ["hello", ("close", 1000, "done")]
    assert log == [("open", 1), ("message", 1, "echo"), ("close", 3, 1000, "done", True)]
    owner = context.current()
    assert owner is not None
    assert owner.resources == {}


async def test_a_failing_open_listener_ends_it_with_an_error(server: Server) -> None:
    socket = new(URL)
    log = watch(socket)

    def broken(_event: Any) -> None:
        raise ValueError("boom")

    socket.addEventListener("open", create_proxy(broken))
    await turns()
    assert [entry[:2] for entry in log] == [("open", 1), ("error", 3)]
    assert server.network.log == ["abort"]


async def test_no_server_is_an_error_and_a_close(server: Server) -> None:
    server.instead = error("Network connection lost.")
    socket = new(URL)
    log = watch(socket)
    await turns()
    assert log == [
        ("error", 3, "Uncaught Error: Network connection lost."),
        ("close", 3, 1006, NEVER, False),
    ]
    assert (socket.send("x"), socket.close()) == (None, None)


@pytest.mark.parametrize("status", [200, 302, 403])
async def test_any_other_answer_is_an_error_and_a_close(server: Server, status: int) -> None:
    server.instead = fetched(status, "", [("Location", "/")], b"no")
    socket = new(URL)
    log = watch(socket)
    await turns()
    text = (
        "Uncaught TypeError: Failed to establish the WebSocket connection: expected server to "
        "reply with HTTP status code 101 (switching protocols), but received "
        f"{status} instead."
    )
    assert log == [("error", 3, text), ("close", 3, 1006, NEVER, False)]


@pytest.mark.parametrize("after_turns", [0, 1])
async def test_close_before_open_gives_the_connection_up(server: Server, after_turns: int) -> None:
    socket = new(URL)
    log = watch(socket)
    with pytest.raises(JsException, match="Invalid WebSocket close code: 1"):
        socket.close(1)
    assert socket.readyState == 0
    await turns(after_turns)
    assert socket.close(1000, "never mind") is None
    assert socket.readyState == 1  # as in production
    await turns()
    assert log == [
        ("error", 3, "Uncaught Error: Network connection lost."),
        ("close", 3, 1006, NEVER, False),
    ]
    assert server.wire is None


async def test_a_context_that_ends_stops_the_connecting_in_silence(server: Server) -> None:
    socket = new(URL)
    log = watch(socket)
    await turns(1)
    owner = context.current()
    assert owner is not None
    owner.close()
    await turns()
    assert (log, server.cancelled) == ([], True)


async def test_an_open_socket_keeps_its_context(server: Server) -> None:
    owner = context.current()
    assert owner is not None
    new(URL)
    await turns()
    owner.finish()
    assert not owner.closed
    assert server.wire is not None
    server.wire.dropped()
    await turns()
    assert owner.closed


async def test_it_cannot_be_returned_in_a_response(server: Server) -> None:
    socket = new(URL)
    await turns()
    with pytest.raises(JsException, match="if it was created with `new WebSocket\\(\\)`"):
        check_returnable(socket)
