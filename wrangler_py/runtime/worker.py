"""One loaded worker: runs its events, and ends them all when it is replaced.

Source: https://developers.cloudflare.com/workers/reference/how-workers-works/
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .. import compat, context
from ..bindings.registry import build_env
from ..config.model import Config
from ..js import profile
from ..js.errors import python_error, type_error
from ..js.object import JsObject
from ..web.request import Request
from ..web.response import Response
from ..web.transport import Transport
from . import loader
from .entrypoint import Exports, FetchHandler, collect, not_a_response
from .execution_context import ExecutionContext
from .hang import HangWatch
from .stack_use import driver, prepare

if TYPE_CHECKING:
    from ..context import IoContext

DRAIN_LIMIT = 30.0
"""Seconds that requests in flight, and their `waitUntil` work, may go on after a reload."""

OnError = Callable[["Worker", BaseException, str], None]


class Worker:
    """A script's code, loaded, with its `env`."""

    def __init__(self, config: Config, transport: Transport, on_error: OnError) -> None:
        self.config = config
        self.compat = compat.resolve(config.compatibility_date, config.compatibility_flags)
        self.transport = transport
        self.contexts: set[IoContext] = set()
        self.retired = False
        self._on_error = on_error
        self._hang_watch = HangWatch()
        self.global_scope = self.new_context("global scope")
        self.code: loader.LoadedCode
        self.exported: Exports
        self.env: JsObject = JsObject()

    @classmethod
    def load(
        cls,
        config: Config,
        transport: Transport,
        on_error: OnError,
        previous: Worker | None = None,
    ) -> Worker:
        """Import the script of ``config``.

        Raises:
            ScriptError: it cannot be imported at all.
            BaseException: what its top level raised.
        """
        worker = cls(config, transport, on_error)
        code = previous.code if previous is not None else None
        try:
            worker._import(code)
        except BaseException:
            worker.global_scope.close()
            raise
        return worker

    def _import(self, previous: loader.LoadedCode | None) -> None:
        key = f"{self.compat.profile.name}"
        with profile.use(self.compat.profile), self.global_scope.entered() as scope:
            self.env = build_env(self.config, self)
            scope.is_global = True
            self.code = loader.load(self.config.main, self.config.root, key, previous)
            scope.is_global = False
            prepare(self.code)
            self.exported = collect(self.code.main, self.compat)
            self._fetch = FetchHandler(self.exported)

    @property
    def exports(self) -> JsObject:
        """`ctx.exports`: this worker's own entry points, as bindings."""
        from ..bindings.service import Fetcher  # only workers that call themselves need it

        names = {"default": None} | {name: name for name in self.exported.entrypoints}
        return JsObject({key: Fetcher(self, name) for key, name in names.items()})

    def new_context(self, label: str) -> IoContext:
        """A context for one event of this worker."""
        owner = context.IoContext(self, label, self.compat, self._report)
        self.contexts.add(owner)
        return owner

    def forget(self, owner: IoContext) -> None:
        self.contexts.discard(owner)

    def _report(self, exc: BaseException, where: str) -> None:
        self._on_error(self, exc, where)

    async def fetch(self, request: Request, owner: IoContext) -> Response:
        """Answer ``request`` with the script's fetch handler, as code of ``owner``.

        Raises:
            JsException: no handler, no Response, or it would never answer.
            BaseException: what the user's code raised.
        """
        owner.answering = True
        token = context._current.set(owner)
        watch = self._hang_watch.enter(owner)
        try:
            result = await driver(self._fetch(request, self.env, ExecutionContext(owner)))
        except asyncio.CancelledError:
            raise self._hang_watch.verdict(owner) from None
        finally:
            self._hang_watch.leave(watch)
            context._current.reset(token)
        if not isinstance(result, Response):
            raise not_a_response(result)
        return result

    async def call_fetch(self, request: Request, entrypoint: str | None) -> Response:
        """A request from another context of this process (a service binding)."""
        if entrypoint is not None:
            return await self.call_method(entrypoint, "fetch", (request,))  # type: ignore[no-any-return]
        owner = self.new_context("service binding")
        with context.io_pending():
            try:
                response = await self.fetch(request, owner)
            except BaseException as exc:
                owner.close()
                raise python_error(exc) from exc
        owner.outlive(context.current())
        owner.answered()
        return response

    async def call_method(self, entrypoint: str | None, name: str, args: tuple[Any, ...]) -> Any:
        """RPC: call a method of an entry point, with values that crossed the border."""
        from workers import python_from_rpc, python_to_rpc

        cls = self.exported.entrypoints.get(entrypoint) if entrypoint else self.exported.default
        if cls is None:
            raise type_error(
                f"There is no '{entrypoint or 'Default'}' class defined in the Python Worker's "
                "main module"
            )
        owner = self.new_context(f"rpc {name}")
        with context.io_pending(), owner.entered():
            try:
                method = getattr(cls(ExecutionContext(owner), self.env), name, None)
                if not callable(method) or name.startswith("_"):
                    raise type_error(f"Method {name} does not exist")
                result = method(*(python_from_rpc(arg) for arg in args))
                result = await result if inspect.isawaitable(result) else result
                answer = python_to_rpc(result)
            except Exception as exc:
                owner.close()
                raise python_error(exc) from exc
        owner.answered()
        return answer

    def retire(self) -> None:
        """New code has taken over: end everything but the requests that are being answered."""
        self.retired = True
        for owner in list(self.contexts):
            if not owner.answering:
                owner.close()
        if self.contexts:
            asyncio.get_running_loop().call_later(DRAIN_LIMIT, self.close)
        else:
            self.close()

    def close(self) -> None:
        """End now: nothing of this worker runs again."""
        self.retired = True
        for owner in list(self.contexts):
            owner.close()
        self._hang_watch.close()
