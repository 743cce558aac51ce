"""A Worker that opens a WebSocket to a server, and relays between it and a page."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

from js import CloseEvent, MessageEvent, WebSocket, WebSocketPair
from pyodide.ffi import create_proxy
from workers import Request, Response, WorkerEntrypoint, fetch

from page import PAGE

HTML = {"Content-Type": "text/html; charset=utf-8"}


class Default(WorkerEntrypoint):
    async def fetch(self, request: Request) -> Response:
        path = urlsplit(request.url).path
        if path == "/":
            return Response(PAGE, headers=HTML)
        if path not in ("/relay", "/echo"):
            return Response("Not found", status=404)
        if (request.headers.get("Upgrade") or "").lower() != "websocket":
            return Response("Expected Upgrade: websocket", status=426)
        return echo() if path == "/echo" else await relay(self.target(request))

    def target(self, request: Request) -> str:
        """Where to connect to. Workers open WebSockets with http: and https: addresses."""
        url = self.env.TARGET_URL or urljoin(request.url, "/echo")
        return "http" + url[2:] if url.startswith(("ws:", "wss:")) else url


async def relay(url: str) -> Response:
    """Answer with a socket whose messages go to ``url`` and back."""
    upstream = await connect(url)
    if upstream is None:
        return Response(f"{url} did not open a WebSocket", status=502)
    client, server = accepted_pair()
    upstream.binaryType = "arraybuffer"
    upstream.accept()
    server.send(f"connected to {url}")
    pass_on(server, upstream)
    pass_on(upstream, server)
    return Response(None, status=101, web_socket=client)


async def connect(url: str) -> WebSocket | None:
    """A WebSocket to ``url``, not yet accepted; None if the server does not want one."""
    try:
        response = await fetch(url, headers={"Upgrade": "websocket"})
    except OSError as error:
        print(f"no connection to {url}: {error}")
        return None
    return response.js_object.webSocket or None


def pass_on(source: WebSocket, target: WebSocket) -> None:
    """Send on what ``source`` receives, and close ``target`` when ``source`` is closed."""

    def on_message(event: MessageEvent) -> None:
        target.send(event.data)

    def on_close(event: CloseEvent) -> None:
        # 1005 and 1006 only tell what happened here; they cannot be sent.
        code = 1000 if event.code in (1005, 1006) else event.code
        target.close(code, event.reason)

    source.addEventListener("message", create_proxy(on_message))
    source.addEventListener("close", create_proxy(on_close))


def echo() -> Response:
    client, server = accepted_pair()
    answer = create_proxy(lambda event: server.send(event.data))
    server.addEventListener("message", answer)
    return Response(None, status=101, web_socket=client)


def accepted_pair() -> tuple[WebSocket, WebSocket]:
    client, server = WebSocketPair.new().object_values()
    server.binaryType = "arraybuffer"
    server.accept()
    return client, server
