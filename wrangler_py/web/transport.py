"""The seam that outgoing requests and sockets cross: the network, another worker, or a test.

A transport answers a Request. For one with `Upgrade: websocket` it answers a Response whose
`webSocket` is set when the server upgraded.

Implements: https://fetch.spec.whatwg.org/#concept-http-network-fetch
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from .request import Request
    from .response import Response


class Connection(Protocol):
    """A connection that is open; whatever fails on it is an OSError."""

    async def read(self) -> bytes:
        """What has come, at least one byte; nothing: the peer has said all."""
        ...

    async def write(self, data: bytes) -> None:
        """Send ``data``; returns when there is room for more."""
        ...

    def end(self) -> None:
        """Say that no more will be sent, where that can be said."""
        ...

    async def start_tls(self, host: str) -> None:
        """Go on with TLS, the peer being ``host``.

        Raises:
            JsException: "internal error", as in production.
        """
        ...

    def close(self) -> None:
        """End it; what was written is still sent."""
        ...


class Transport(Protocol):
    """Somebody who answers requests."""

    async def fetch(self, request: Request) -> Response:
        """Answer ``request``.

        Raises:
            JsException: "Network connection lost." and the like, as in production.
        """
        ...


class Outside(Transport, Protocol):
    """The network, as a Worker has it."""

    async def connect(self, host: str, port: int, *, tls: bool) -> Connection:
        """Open a connection.

        Raises:
            OSError: nobody is there, or their certificate is not trusted.
            JsException: it is not allowed.
        """
        ...
