"""One room: who is there, and what was said.

The object sleeps while nobody speaks, and forgets its memory; so nothing that matters is in it.
Names are attached to the sockets, which stay open meanwhile, and messages are in SQLite.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from js import ArrayBuffer, WebSocket, WebSocketPair, WebSocketRequestResponsePair
from pyodide.ffi import JsException, to_js
from workers import DurableObject, Request, Response

from protocol import Refused, name_in, text_in

if TYPE_CHECKING:  # names of types, which are there for no one else
    from js import DurableObjectState, Env

HISTORY = 100
COLUMNS = "id, name, text, at"
TABLE = """
    CREATE TABLE IF NOT EXISTS messages (
        id INTEGER PRIMARY KEY, name TEXT NOT NULL, text TEXT NOT NULL, at INTEGER NOT NULL
    )
"""


class Room(DurableObject):
    def __init__(self, ctx: DurableObjectState, env: Env) -> None:
        super().__init__(ctx, env)
        # Pings are answered without waking the object.
        answer = WebSocketRequestResponsePair.new("ping", "pong")
        self.ctx.setWebSocketAutoResponse(answer)
        self.sql = self.ctx.storage.sql
        self.sql.exec(TABLE)

    async def fetch(self, request: Request) -> Response:
        """Somebody joins."""
        try:
            name = name_in(request.url)
        except Refused as refused:
            return Response(str(refused), status=400)
        is_new = not self.ctx.getWebSockets(name)
        client, server = WebSocketPair.new().object_values()
        self.ctx.acceptWebSocket(server, to_js([name]))
        server.serializeAttachment(name)
        people = self.people()
        welcome = {"you": name, "people": people, "messages": self.history()}
        server.send(json.dumps({"type": "welcome", **welcome}))
        if is_new:
            self.tell({"type": "joined", "name": name, "people": people}, but=server)
        return Response(None, status=101, web_socket=client)

    async def webSocketMessage(self, ws: WebSocket, message: str | ArrayBuffer) -> None:
        try:
            text = text_in(message)
        except Refused as refused:
            ws.send(json.dumps({"type": "error", "message": str(refused)}))
        else:
            said = self.store(ws.deserializeAttachment(), text)
            self.tell({"type": "message", **said})

    async def webSocketClose(
        self, ws: WebSocket, code: int, reason: str, wasClean: bool
    ) -> None:
        self.left(ws)
        # 1005 and 1006 only tell what happened; they cannot be sent.
        ws.close(1000 if code in (1005, 1006) else code, reason)

    async def webSocketError(self, ws: WebSocket, error: Any) -> None:
        self.left(ws)

    def left(self, ws: WebSocket) -> None:
        """A socket has ended; it is still listed."""
        name = ws.deserializeAttachment()
        # One person may have the room open twice. Sockets are compared with ==, not with `is`.
        if all(other == ws for other in self.ctx.getWebSockets(name)):
            people = self.people(but=ws)
            self.tell({"type": "left", "name": name, "people": people}, but=ws)

    def people(self, but: WebSocket | None = None) -> list[str]:
        sockets = self.ctx.getWebSockets()
        return sorted({each.deserializeAttachment() for each in sockets if each != but})

    def tell(self, message: dict[str, Any], but: WebSocket | None = None) -> None:
        """Send to everybody who is there."""
        text = json.dumps(message)
        for each in self.ctx.getWebSockets():
            if each != but:
                # One that is just ending must not keep the others from hearing it.
                with suppress(JsException):
                    each.send(text)

    def store(self, name: str, text: str) -> dict[str, Any]:
        """Keep a message, and only the last ones; the message as it is sent."""
        said = self.sql.exec(
            f"INSERT INTO messages (name, text, at) VALUES (?, ?, ?) RETURNING {COLUMNS}",
            name,
            text,
            int(time.time() * 1000),
        ).one()
        self.sql.exec("DELETE FROM messages WHERE id <= ?", said["id"] - HISTORY)
        return said

    def history(self) -> Sequence[dict[str, Any]]:
        return self.sql.exec(f"SELECT {COLUMNS} FROM messages ORDER BY id").toArray()
