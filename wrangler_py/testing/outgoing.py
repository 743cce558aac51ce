"""What a worker's `fetch()` reaches in a test: this machine, and what the test answers itself."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from typing import Literal
from urllib.parse import urlsplit

from ..context import IoContext
from ..js.errors import JsException, error
from ..log import log
from ..web.request import Request
from ..web.response import Response
from ..web.transport import Transport
from .answering import Handler, answer

__all__ = ["ALLOW", "Outgoing", "Rule"]

ALLOW: Literal["allow"] = "allow"
Rule = Handler | Literal["allow"] | None

_REFUSED = "fetch({0!r}) was refused: a Worker under test reaches this machine only"
_HINT = (
    "hint: answer it with a function, by `worker.outgoing(function)` or "
    '`@pytest.mark.worker(outgoing=function)`, or let it out with outgoing="allow"'
)


class Outgoing:
    """A transport with a test in front of it."""

    def __init__(self, network: Transport, owner: Callable[[], IoContext], rule: Rule) -> None:
        """``rule``: who answers; None: this machine alone, `"allow"`: everybody."""
        self._network, self._owner = network, owner
        self.rule = rule

    async def fetch(self, request: Request) -> Response:
        """Answer ``request``, WebSocket or not.

        Raises:
            JsException: it leads away from this machine, and nobody answers it here.
        """
        rule = self.rule
        if callable(rule):
            response = await answer(rule, request, self._owner())
            if response is not None:
                return response
        if rule != ALLOW and not _is_here(request._url):
            raise _refused(request._url)
        return await self._network.fetch(request)


def _is_here(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _refused(url: str) -> JsException:
    log.warn(f"{_REFUSED.format(url)}\n{_HINT}")  # a script may keep the exception to itself
    exc = error(_REFUSED.format(url))
    exc.add_note(_HINT)
    return exc
