"""Service bindings: `env.X.fetch(...)` and RPC to a Worker, in the same process.

Implements: https://developers.cloudflare.com/workers/runtime-apis/bindings/service-bindings/
Differs: a Worker of another process is not found; all of them run in one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from .. import compat
from ..config.model import Config
from ..errors import NotEmulated
from ..js.callbacks import member
from ..js.calling import fold
from ..js.errors import JsException
from ..js.promise import rejected, resolved, spawn
from ..js.proxy import JsFunction, JsProxy

if TYPE_CHECKING:
    from ..web.request import Request
    from ..web.response import Response


class Fetcher(JsProxy):
    """A Worker that can be called: `fetch`, and every other name as an RPC method."""

    def __init__(
        self,
        target: Callable[[], Any],
        entrypoint: str | None = None,
        props: Any = None,
        *,
        direct: bool = False,
    ) -> None:
        """How to call a Worker.

        Args:
            target: the one that runs at the time of a call.
            props: for `ctx.props`.
            direct: past its static assets.
        """
        self._target, self._entrypoint, self._props = target, entrypoint, props
        self._direct = direct

    def fetch(self, input: Any, init: Any = None) -> Any:
        # Bindings of vars alone need no web platform.
        from ..web import fetch, not_running, request

        try:
            message = request.Request(input, init)
            worker = self._target()
        except not_running.NotRunning as absent:
            return resolved(not_running.response(absent))
        except JsException as exc:
            return rejected(exc)
        return fetch.start(message, _Way(self, worker))

    def connect(self, *_: Any) -> Any:
        raise NotEmulated(
            "connect() of a service binding",
            hint="connect() of cloudflare:sockets opens a connection, and fetch() calls the Worker",
        )

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name in ("then", "to_py"):
            raise AttributeError(name)
        if name == "scheduled" and compat.current().has("service_binding_extra_handlers"):
            return JsFunction(self._scheduled, name)
        return JsFunction(lambda *args: self._call("call_method", name, args), name)

    def _scheduled(self, options: Any = None) -> Any:
        return self._call("call_scheduled", options)

    def _call(self, how: str, *args: Any) -> Any:
        from ..web.not_running import NotRunning

        try:
            call = getattr(self._target(), how)
        except NotRunning as absent:
            return rejected(absent.for_script())
        except JsException as exc:
            return rejected(exc)
        return spawn(call(self._entrypoint, *args, self._props))


class Loopback(Fetcher, js_name="Fetcher"):
    """An entry point of the Worker's own in `ctx.exports`; called, it makes one with `props`."""

    def __call__(self, *args: Any, **options: Any) -> Fetcher:
        from ..js.json import stringify  # few Workers call themselves so

        given = fold(args, options)
        text = stringify(member(given[0], "props")) if given else None
        props = None if text is None else json.loads(text)
        return Fetcher(self._target, self._entrypoint, props, direct=True)


class _Way:
    """How the requests of one `fetch` get there: it may be redirected, to the same Worker."""

    def __init__(self, fetcher: Fetcher, worker: Any) -> None:
        self._fetcher, self._worker = fetcher, worker

    async def fetch(self, message: Request) -> Response:
        from ..web import request  # as above

        handed, how = request.hand_over(request.Request(message)), self._fetcher
        return await self._worker.call_fetch(  # type: ignore[no-any-return]
            handed, how._entrypoint, how._props, direct=how._direct
        )


def bindings(config: Config, worker: Any) -> Iterator[tuple[str, Any]]:
    """The `services` of ``config``: Workers of this process, found when they are called."""
    for each in config.bindings.services:
        yield each.binding, Fetcher(partial(worker.peer, each.service), each.entrypoint, each.props)


def rows(config: Config, _classes: Iterable[str]) -> Iterator[tuple[str, str, str, str]]:
    """Each service with its entry point."""
    for each in config.bindings.services:
        entry = f"#{each.entrypoint}" if each.entrypoint else ""
        yield f"env.{each.binding} ({each.service}{entry})", "Worker", "local", each.service
