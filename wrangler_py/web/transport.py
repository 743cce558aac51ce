"""The seam that outgoing requests cross: the network, another worker, or a test.

A transport answers a Request. For one with `Upgrade: websocket` it answers a Response whose
`webSocket` is set when the server upgraded.

Implements: https://fetch.spec.whatwg.org/#concept-http-network-fetch
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from .request import Request
    from .response import Response


class Transport(Protocol):
    """Somebody who answers requests."""

    async def fetch(self, request: Request) -> Response:
        """Answer ``request``.

        Raises:
            JsException: "Network connection lost." and the like, as in production.
        """
        ...
