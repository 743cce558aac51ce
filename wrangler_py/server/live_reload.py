"""`--live-reload`: pages load themselves again when new code serves.

A script behind each page opens a WebSocket, to whom the path and the subprotocol are known from
`wrangler dev`.

Source: https://developers.cloudflare.com/workers/wrangler/commands/#dev (`--live-reload`)
"""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace
from hashlib import sha256

from aiohttp import hdrs
from aiohttp.http import RawRequestMessage

from ..web.websocket import WebSocket, make_pair
from . import handshake
from .admission import Target
from .http import Exchange
from .local_endpoints import Reply

__all__ = ["SCRIPT", "LiveReload"]

PATH = "/cdn-cgi/live-reload"
PROTOCOL = "WRANGLER_PROXYWORKER_LIVE_RELOAD_PROTOCOL"
_CODE = f"""
(() => {{
  const listen = () => {{
    const origin = location.origin.replace("http", "ws");
    const socket = new WebSocket(`${{origin}}{PATH}`, "{PROTOCOL}");
    socket.onmessage = () => location.reload();
    socket.onclose = () => setTimeout(listen, 100);
  }};
  listen();
}})();
"""
SCRIPT = f"<script>{_CODE}</script>".encode()
"""What stands behind each page."""
_HASH = f"'sha256-{b64encode(sha256(_CODE.encode()).digest()).decode()}'"


class LiveReload:
    """The pages that are open."""

    def __init__(self) -> None:
        self._pages: set[_Page] = set()

    @staticmethod
    def is_asked(message: RawRequestMessage, target: Target) -> bool:
        """Whether this is the script's own WebSocket."""
        headers = message.headers
        return (
            target.path.partition("?")[0] == PATH
            and headers.get(hdrs.UPGRADE, "").lower() == "websocket"
            and headers.get(hdrs.SEC_WEBSOCKET_PROTOCOL) == PROTOCOL
        )

    def answer(self, exchange: Exchange) -> None:
        """Upgrade, and keep the page."""
        message = exchange.message
        refusal = handshake.judge(message, has_body=exchange.has_body)
        if refusal is not None:
            exchange.refuse(refusal)
            return
        theirs, ours = make_pair()
        ours.accept()
        pairs = (("Sec-WebSocket-Protocol", PROTOCOL),)
        key = message.headers[hdrs.SEC_WEBSOCKET_KEY]
        exchange.upgrade(theirs, handshake.switching_head(key, pairs, None), None, is_ours=True)
        self._pages = {each for each in self._pages if each.is_open} | {_Page(ours)}

    def reload(self) -> None:
        """New code serves: each page is to load itself again."""
        for each in self._pages:
            if each.is_open:
                each.end.send("reload")

    @staticmethod
    def added_to(reply: Reply) -> Reply:
        """A page of ours with the script behind it, which its policy lets run."""
        if not reply.content_type.startswith("text/html"):
            return reply
        headers = tuple(
            (name, _allowing(value) if name == "Content-Security-Policy" else value)
            for name, value in reply.headers
        )
        return replace(reply, body=reply.body + SCRIPT, headers=headers)


class _Page:
    """Our end of a page's socket; hashable, as that is not."""

    def __init__(self, end: WebSocket) -> None:
        self.end = end

    @property
    def is_open(self) -> bool:
        return self.end.readyState == WebSocket.OPEN


def _allowing(policy: str) -> str:
    return policy.replace("script-src ", f"script-src {_HASH} ") + "; connect-src 'self'"
