"""One loaded worker: runs its events, and ends them all when it is replaced.

Source: https://developers.cloudflare.com/workers/reference/how-workers-works/
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import compat, context
from ..bindings.registry import build_env
from ..config.model import Config
from ..js import profile, stack
from ..js.errors import error
from ..js.object import JsObject
from ..web.foreign import BODY, foreign
from ..web.request import Request
from ..web.response import Response
from . import loader
from .entrypoint import (
    Exports,
    FetchHandler,
    collect,
    missing_class,
    not_a_response,
    tell_if_silent,
)
from .execution_context import ExecutionContext
from .hang import HangWatch
from .inline import run_blocking_work_inline
from .stack_use import prepare
from .surroundings import OnError, Place, Surroundings
from .tracing import know_project

__all__ = ["OnError", "Surroundings", "Worker"]

if TYPE_CHECKING:
    from ..bindings.queues.broker import Consumed, Metrics
    from ..bindings.queues.message import Message
    from ..bindings.workflows import Steps
    from ..context import IoContext
    from ..durable.namespace import DurableObjectNamespace
    from ..durable.objects import Objects
    from ..web.cache.store import Store
    from .tails import Tails

Answer = Callable[[Request, "IoContext"], Awaitable[Response]]
"""As `Worker.fetch`."""

DRAIN_LIMIT = 30.0
"""Seconds that requests in flight, and their `waitUntil` work, may go on after a reload."""


class Worker:
    """A script's code, loaded, with its `env`."""

    drive = staticmethod(stack.drive_if_wanted)
    not_a_response = staticmethod(not_a_response)

    def __init__(self, config: Config, surroundings: Surroundings) -> None:
        self.config = config
        self.surroundings = surroundings
        self.clock = surroundings.clock
        self.stores = surroundings.stores
        self.transport = surroundings.transport
        self.compat = compat.resolve(config.compatibility_date, config.compatibility_flags)
        self._objects = surroundings.objects
        self._owns_objects = surroundings.objects is None
        self.contexts: set[IoContext] = set()
        self.version = 1
        """How many times code was loaded up to this one."""
        self.loaded_at = time.time()
        self.retired = False
        self._draining: asyncio.TimerHandle | None = None
        """Replaced, it waits for the last answers, so long at most."""
        self._hang_watch = HangWatch()
        self.global_scope = self.new_context("global scope")
        self.code: loader.LoadedCode
        self.exported: Exports
        self.env: JsObject = JsObject()
        self.tails: Tails | None = None
        """Who is told of its events; None: nobody."""
        self._named_fetches: dict[str, FetchHandler] = {}
        self.answer: Answer
        """What a request from outside goes to: the fetch handler, or what stands before it."""

    @classmethod
    def load(
        cls, config: Config, surroundings: Surroundings, previous: Worker | None = None
    ) -> Worker:
        """Import the script of ``config``.

        ``previous``: the last good load, which it is to replace.

        Raises:
            ScriptError: it cannot be imported at all.
            BaseException: what its top level raised.
        """
        worker = cls(config, surroundings)
        code = None
        if previous is not None:
            code, worker.version = previous.code, previous.version + 1
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
            self.env._props.update(self.surroundings.replaced)
            scope.is_global = True
            self.code = self._load_code(key, previous)
            scope.is_global = False
            prepare(self.code)
            run_blocking_work_inline()
            self.exported = collect(self.code.main, self.compat)
            if self.config.path is None:
                from .exported import bind_exported  # most projects have a configuration

                self.config = bind_exported(self)
            self._fetch = FetchHandler(self.exported)
            self.answer = self._way_of_requests()
            if self.config.bindings.tail_consumers:
                from .tails import Tails  # few workers have any

                self.tails = Tails(self)
            if self._is_primary and not self.config.is_assets_only:
                tell_if_silent(self.exported)
            if self.config.bindings.queue_consumers:
                from ..bindings.queues import Broker  # few workers are consumers

                self.stores.keep(Broker).consume(self)
            if self.config.bindings.workflows or self.exported.workflows:
                from ..bindings.workflows import Workflows  # few workers have some

                self.stores.keep(Workflows).use(self)

    def _way_of_requests(self) -> Answer:
        if self.config.bindings.assets is None:
            return self.fetch
        from .asset_routing import answer_with_assets  # most Workers have none

        return answer_with_assets(self)

    def _load_code(self, key: str, previous: loader.LoadedCode | None) -> loader.LoadedCode:
        config = self.config
        main, root = config.main, config.root
        if config.is_assets_only:
            return loader.nothing(main)

        def goes(file: Path) -> bool:
            return config.modules.has(file, main, root)

        if not self.surroundings.several:
            return loader.load(main, root, key, previous, goes=goes)
        know_project(root)
        primary = self._is_primary
        return loader.load_among_others(main, root, key, previous, is_primary=primary, goes=goes)

    @property
    def _is_primary(self) -> bool:
        """Whether requests from outside come here."""
        first = next(iter(self.surroundings.workers), None)
        return first is None or first.config.name == self.config.name

    @property
    def exports(self) -> JsObject:
        """`ctx.exports`: this worker's own entry points and objects, as bindings."""
        from .exported import exports_of  # only workers that call themselves need it

        return exports_of(self)

    def cache_store(self, name: str) -> Store:
        """What the Cache API keeps under ``name``, for all Workers of the process."""
        from ..stores.responses import Caches  # most workers cache nothing

        return self.stores.keep(Caches).of(name)

    # Durable Objects.

    @property
    def objects(self) -> Objects:
        """The Durable Objects; a worker that was given none has its own, in a temporary folder."""
        if self._objects is None:
            from ..durable.objects import Objects  # most workers have no objects

            self._objects = Objects()
        if self._owns_objects and self._objects.is_unused:
            self._objects.use(self)
        return self._objects

    def namespace(self, class_name: str, script: str | None = None) -> DurableObjectNamespace:
        """The objects of a class, which need not be exported before they are used.

        ``script``: the Worker that has the class; None: this one.
        """
        from ..durable.namespace import namespace  # as above

        if script in (None, self.config.name):
            return namespace(lambda: self.objects, self.config.name, class_name)
        return namespace(lambda: self._place(script).objects, script, class_name)

    # Other Workers of the process.

    def _place(self, name: str) -> Place:
        """Where the Worker ``name`` runs.

        Raises:
            NotRunning: not in this process.
        """
        place = self.surroundings.place_of(name)
        if place is None:
            from ..web.not_running import NotRunning  # nobody should need it

            raise NotRunning(name)
        return place

    def peer(self, name: str) -> Worker:
        """The Worker ``name``, as its latest good code is.

        Raises:
            NotRunning: it is not in this process.
            JsException: none of its code has loaded.
        """
        if name == self.config.name:
            return self
        found = self._place(name).worker
        if found is None:
            raise error(f'Worker "{name}" could not be loaded.')
        return found

    def durable_class(self, name: str) -> type:
        """An exported Durable Object class.

        Raises:
            JsException: there is none of that name.
        """
        cls = self.exported.durable_objects.get(name)
        if cls is None:
            raise missing_class(name)
        return cls

    def durable_classes(self) -> Iterable[str]:
        """The names of all exported Durable Object classes."""
        return self.exported.durable_objects

    def new_context(self, label: str) -> IoContext:
        """A context for one event of this worker."""
        owner = context.IoContext(self, label, self.compat, self._report)
        self.contexts.add(owner)
        return owner

    def forget(self, owner: IoContext) -> None:
        self.contexts.discard(owner)
        if self._draining is not None and not self.contexts:
            self.close()

    def trace(
        self, owner: IoContext, kind: str, *facts: Any, entrypoint: str | None = None
    ) -> None:
        """``owner`` is the event ``kind``: tail consumers will hear of it, if there are any."""
        if self.tails is not None:
            owner.trace = self.tails.begin(kind, facts, entrypoint)

    def _report(self, exc: BaseException, where: str) -> None:
        self.surroundings.on_error(self, exc, where)

    async def fetch(
        self, request: Request, owner: IoContext, entrypoint: str | None = None
    ) -> Response:
        """Answer ``request`` with a fetch handler of the script's, as code of ``owner``.

        ``entrypoint``: which class has it; None: the default one.

        Raises:
            JsException: no handler, no Response, or it would never answer.
            BaseException: what the user's code raised.
        """
        handler = self._fetch if entrypoint is None else self._named_fetch(entrypoint)
        if self.tails is not None:
            self.trace(owner, "fetch", request, entrypoint=entrypoint)
        owner.answering = True
        request._home = owner
        token = context._current.set(owner)
        watch = self._hang_watch.enter(owner)
        try:
            result = await stack.drive_if_wanted(
                handler(request, self.env, ExecutionContext(owner))
            )
        except asyncio.CancelledError:
            raise self._hang_watch.verdict(owner) from None
        finally:
            self._hang_watch.leave(watch)
            context._current.reset(token)
        if not isinstance(result, Response):
            raise not_a_response(result)
        if result._home is not None and result._home is not owner:
            raise foreign(BODY)
        return result

    def _named_fetch(self, entrypoint: str) -> FetchHandler:
        handler = self._named_fetches.get(entrypoint)
        if handler is None:
            handler = FetchHandler(self.exported, self.class_of(entrypoint))
            self._named_fetches[entrypoint] = handler
        return handler

    def class_of(self, entrypoint: str | None) -> type:
        """An exported entry point; None: the default one.

        Raises:
            JsException: there is no such entry point.
        """
        found = self.exported.entrypoints.get(entrypoint) if entrypoint else self.exported.default
        if found is None:
            raise missing_class(entrypoint or "Default")
        return found

    # What other contexts of the process call: bindings, queues, cron triggers.

    async def call_fetch(
        self, request: Request, entrypoint: str | None, props: Any = None, *, direct: bool = False
    ) -> Response:
        """A request; ``direct``: straight to the code, past the static assets."""
        from .calls import run_fetch  # only workers that call others need it

        return await run_fetch(self, request, entrypoint, props, direct=direct)

    async def call_method(
        self, entrypoint: str | None, name: str, args: tuple[Any, ...], props: Any = None
    ) -> Any:
        """RPC: a method of an entry point, with values that cross the border."""
        from .calls import run_method  # as above

        return await run_method(self, entrypoint, name, args, props)

    async def call_scheduled(
        self, entrypoint: str | None, options: Any, props: Any = None
    ) -> JsObject:
        """A scheduled event by a service binding."""
        from .scheduled import run_scheduled  # rare

        return await run_scheduled(self, entrypoint, options, props)

    async def call_queue(self, queue: str, messages: list[Message], metrics: Metrics) -> Consumed:
        """A batch of messages for the `queue()` handler."""
        from .queue import run_queue  # only consumers need it

        return await run_queue(self, queue, messages, metrics)

    async def call_workflow(
        self, owner: IoContext, class_name: str, event: Any, steps: Steps
    ) -> Any:
        """`run()` of a workflow's class, for an instance."""
        from .workflow import run_workflow  # as above

        return await run_workflow(self, owner, class_name, event, steps)

    def retire(self) -> None:
        """New code has taken over: end everything but the requests that are being answered."""
        self.retired = True
        for owner in list(self.contexts):
            if not owner.is_awaited:
                owner.close()
        if self.contexts:
            loop = asyncio.get_running_loop()
            self._draining = loop.call_later(DRAIN_LIMIT, self.close)
        else:
            self.close()

    def close(self) -> None:
        """End now: nothing of this worker runs again."""
        self.retired = True
        if self._draining is not None:
            self._draining.cancel()
            self._draining = None
        for owner in list(self.contexts):
            if not owner.keeps_code:
                owner.close()
        self._hang_watch.close()
        loader.unload(self.code)
        if self._owns_objects and self._objects is not None:
            self._objects.close()
