"""`ctx`: what a handler may ask of the runtime for its event.

Implements: https://developers.cloudflare.com/workers/runtime-apis/context/
"""

from __future__ import annotations

import json
from typing import Any

from .. import context
from ..errors import NotEmulated
from ..js.object import JsObject
from ..js.proxy import JsProxy
from ..web.wait_until import wait_until


class ExecutionContext(JsProxy):
    """The event's context as a script sees it."""

    _takes_coroutines = False

    def __init__(self, owner: context.IoContext) -> None:
        self._owner = owner

    @property
    def props(self) -> Any:
        if not self._owner.props:
            return JsObject()
        from ..js.json import parse  # few bindings have any

        return parse(json.dumps(self._owner.props))

    @property
    def exports(self) -> Any:
        return self._owner.worker.exports

    @property
    def cache(self) -> None:
        """Undefined, but for Workers in front of which Cloudflare's own cache is enabled."""

    def waitUntil(self, promise: Any) -> None:
        wait_until(self._owner, promise, takes_coroutines=self._takes_coroutines)

    def passThroughOnException(self) -> None: ...

    def abort(self, reason: Any = None) -> None:
        raise NotEmulated("ctx.abort() outside a Durable Object")


def accept_coroutines(ctx: Any) -> None:
    """The SDK's `patchWaitUntil`: `ctx.waitUntil` takes Python awaitables from now on."""
    if hasattr(type(ctx), "_takes_coroutines"):
        ctx._takes_coroutines = True
