"""Chat rooms: a page for each, and the WebSocket that leads into its Durable Object."""

import re
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from workers import Request, Response, WorkerEntrypoint

from room import Room

__all__ = ["Default", "Room"]

PAGE = Path(__file__).with_name("page.html").read_text(encoding="utf-8")
ROOM_PATH = re.compile(r"/room/([a-z0-9-]{1,32})(/ws)?")


class Default(WorkerEntrypoint):
    async def fetch(self, request: Request) -> Response:
        path = urlsplit(request.url).path
        if path == "/":
            return Response.redirect(urljoin(request.url, "/room/lobby"), 302)
        found = ROOM_PATH.fullmatch(path)
        if found is None:
            return Response("Not found", status=404)
        room, is_socket = found.groups()
        if not is_socket:
            return Response(PAGE, headers={"Content-Type": "text/html; charset=utf-8"})
        if (request.headers.get("Upgrade") or "").lower() != "websocket":
            return Response("Expected Upgrade: websocket", status=426)
        # Whoever asks for the same name, anywhere, reaches the same object.
        return await self.env.ROOM.getByName(room).fetch(request)
