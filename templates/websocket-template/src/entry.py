"""A page, and the WebSocket that its clicks go to."""

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from js import MessageEvent, WebSocket, WebSocketPair
from pyodide.ffi import create_proxy
from workers import Request, Response, WorkerEntrypoint

from page import PAGE

HTML = {"Content-Type": "text/html; charset=utf-8"}


class Default(WorkerEntrypoint):
    async def fetch(self, request: Request) -> Response:
        match urlsplit(request.url).path:
            case "/":
                return Response(PAGE, headers=HTML)
            case "/ws":
                return open_socket(request)
        return Response("Not found", status=404)


def open_socket(request: Request) -> Response:
    """Answer a client that asks for a WebSocket with one end of a new pair."""
    if (request.headers.get("Upgrade") or "").lower() != "websocket":
        return Response("Expected Upgrade: websocket", status=426)
    client, server = WebSocketPair.new().object_values()
    server.accept()
    count_clicks(server)
    return Response(None, status=101, web_socket=client)


def count_clicks(socket: WebSocket) -> None:
    """Answer each message of one connection; the count lives as long as the connection does."""
    clicks = 0

    def on_message(event: MessageEvent) -> None:
        nonlocal clicks
        kind = kind_of(event.data)
        answer: dict[str, object]
        if kind == "click":
            clicks += 1
            answer = {"type": "count", "count": clicks}
        else:
            answer = {"type": "error", "message": f"Unknown message: {kind}"}
        answer["at"] = datetime.now(UTC).isoformat(timespec="milliseconds")
        socket.send(json.dumps(answer))

    # Without create_proxy the function would be gone when this line is over.
    socket.addEventListener("message", create_proxy(on_message))


def kind_of(data: Any) -> Any:
    """The `type` of a message; None when it is no JSON object that has one."""
    try:
        return json.loads(data)["type"]
    except (ValueError, TypeError, KeyError):
        return None
