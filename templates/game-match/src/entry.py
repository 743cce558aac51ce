"""A game for two: a page for each match, and the WebSocket that leads into its object."""

import re
import secrets
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from workers import Request, Response, WorkerEntrypoint

from match import Match

__all__ = ["Default", "Match"]

PAGE = Path(__file__).with_name("page.html").read_text(encoding="utf-8")
MATCH_PATH = re.compile(r"/match/([a-z0-9-]{1,32})(/ws)?")


class Default(WorkerEntrypoint):
    async def fetch(self, request: Request) -> Response:
        path = urlsplit(request.url).path
        if path == "/":
            new = f"/match/{secrets.token_hex(4)}"
            return Response.redirect(urljoin(request.url, new), 302)
        found = MATCH_PATH.fullmatch(path)
        if found is None:
            return Response("Not found", status=404)
        name, is_socket = found.groups()
        if not is_socket:
            html = {"Content-Type": "text/html; charset=utf-8"}
            return Response(PAGE, headers=html)
        if (request.headers.get("Upgrade") or "").lower() != "websocket":
            return Response("Expected Upgrade: websocket", status=426)
        # Whoever asks for the same name, anywhere, reaches the same object.
        return await self.env.MATCH.getByName(name).fetch(request)
