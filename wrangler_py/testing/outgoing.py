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
from ..web.transport import Connection, Outside
from .answering import Handler, answer

__all__ = ["ALLOW", "Outgoing", "Rule"]

ALLOW: Literal["allow"] = "allow"
Rule = Handler | Literal["allow"] | None

_REFUSED = "{0} was refused: a Worker under test reaches this machine only"
_HINT = (
    "hint: answer it with a function, by `worker.outgoing(function)` or "
    '`@pytest.mark.worker(outgoing=function)`, or let it out with outgoing="allow"'
)

_LET_OUT = 'hint: outgoing="allow" lets it out'


class Outgoing:
    """A transport with a test in front of it."""

    def __init__(self, network: Outside, owner: Callable[[], IoContext], rule: Rule) -> None:
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
        if rule != ALLOW and not _is_here(urlsplit(request._url).hostname or ""):
            raise _refused(f"fetch({request._url!r})", _HINT)
        return await self._network.fetch(request)

    async def connect(self, host: str, port: int, *, tls: bool) -> Connection:
        """Open a connection.

        Raises:
            OSError: as the network.
            JsException: it leads away from this machine.
        """
        if self.rule != ALLOW and not _is_here(host):
            raise _refused(f"connect({f'{host}:{port}'!r})", _LET_OUT)
        return await self._network.connect(host, port, tls=tls)


def _is_here(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _refused(call: str, hint: str) -> JsException:
    log.warn(f"{_REFUSED.format(call)}\n{hint}")  # a script may keep the exception to itself
    exc = error(_REFUSED.format(call))
    exc.add_note(hint)
    return exc
