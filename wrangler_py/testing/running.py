"""One worker under test: its life, its surroundings, and what went wrong in it."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..config import Config, Overrides, load_config
from ..context import IoContext
from ..durable.objects import HIBERNATE_AFTER, Objects
from ..runtime.loop import instrument
from ..runtime.tracing import user_traceback
from ..runtime.worker import Surroundings, Worker
from ..server.app import Server
from ..server.outgoing import Network
from ..stores.stores import Stores
from .advance import Advance
from .answering import Handler
from .client import Client
from .clock import MovableClock
from .durable_objects import DurableObjectTests
from .env import BoundEnv, Override, adapted
from .events import EventTests, users_part
from .logs import LogEntry, Logs
from .modules import of_workers, worker_modules
from .outgoing import Outgoing, Rule
from .python_time import PythonTime

if TYPE_CHECKING:
    from ..bindings.workflows import Workflows

__all__ = ["RunningWorker", "run_worker"]

PATIENCE = 2.0
"""Seconds that `raises` waits for an exception, and that `waitUntil` work gets at the end."""


@dataclass
class _Place:
    """Where one Worker of the test runs; the server asks the first for each request."""

    config: Config
    objects: Objects
    worker: Worker | None = None
    error: BaseException | None = None

    @property
    def root(self) -> Path:
        return self.config.root


class RunningWorker(Client, EventTests, DurableObjectTests):
    """A worker that answers on a port of its own."""

    def __init__(
        self,
        config: Config,
        *,
        beside: Sequence[Config] = (),
        env: Mapping[str, Any] | None = None,
        outgoing: Rule = None,
        hibernate_after: float = HIBERNATE_AFTER,
    ) -> None:
        self.config = config
        self.errors: list[BaseException] = []
        """Uncaught exceptions. Those that are left when the worker ends are raised then."""
        self._logs = Logs()
        self._replaced = dict(env or {})
        self._clock = MovableClock()
        self._python_time: PythonTime | None = None
        self._places = [
            _Place(each, Objects(None, hibernate_after, in_memory=True, clock=self._clock))
            for each in (config, *beside)
        ]
        self._host = self._places[0]
        self._stores = Stores(clock=self._clock)
        self._network = Network()
        self._outgoing = Outgoing(self._network, lambda: self._context, outgoing)
        self._server = Server(self._host)
        self._context: IoContext
        """Where the test's own code runs that the worker calls, or that calls the worker."""
        self._failed = asyncio.Event()

    @property
    def logs(self) -> list[LogEntry]:
        """What the worker said on its console, and its uncaught exceptions, oldest first."""
        return self._logs.entries

    def _loaded(self) -> Worker:
        assert self._host.worker is not None, "the worker is not loaded"
        return self._host.worker

    # Its surroundings.

    @property
    def env(self) -> Any:
        """`self.env` of the Worker: its variables, and bindings that the test may call."""
        return BoundEnv(self._loaded().env, self._context)

    def override(self, **values: Any) -> Override:
        """Put other values on `env` from now on; in `with`, up to the end of the block.

        A function `(request) -> response` stands for a service binding; text, numbers, lists and
        dicts for variables; any other object is what the Worker gets.
        """
        made = adapted(values, lambda: self._context)
        return Override(self._loaded().env, made, self._look_up_again)

    def _look_up_again(self, name: str) -> None:
        """The SDK's `self.env` of a running object remembers what it has found."""
        for actor in self._host.objects.awake():
            env = getattr(actor.instance and actor.instance.object, "env", None)
            if hasattr(env, "_env"):
                vars(env).pop(name, None)

    def outgoing(self, handler: Handler) -> Handler:
        """Answer the Worker's `fetch()` by ``handler(request)`` from now on; a decorator, too.

        What it answers with None goes where it would have gone without it.
        """
        self._outgoing.rule = handler
        return handler

    # Time.

    def now(self) -> float:
        """What `time.time()` is in the Worker."""
        return self._clock.time()

    async def advance(self, seconds: float) -> None:
        """Let ``seconds`` pass for the Worker at once; all that is due meanwhile happens in order.

        Alarms with their retries, timers and sleeps, hibernation, what expires. The Worker's
        clocks follow: `Date`, `time.time()`, `datetime.now()`.
        """
        if seconds < 0:
            raise ValueError("time does not go back")
        if self._python_time is None:
            self._python_time = PythonTime().__enter__()
        self._python_time.lend_to(of_workers())
        objects = [each.objects for each in self._places]
        await Advance(self._clock, objects, seconds, self._workflows()).run()

    def _workflows(self) -> Workflows | None:
        loaded = [each.worker for each in self._places if each.worker is not None]
        if not any(each.config.bindings.workflows for each in loaded):
            return None
        from ..bindings.workflows import Workflows  # few workers have some

        return self._stores.keep(Workflows)

    # What went wrong.

    @asynccontextmanager
    async def raises(
        self, kind: type[BaseException], match: str | None = None
    ) -> AsyncIterator[list[BaseException]]:
        """Expect an uncaught ``kind`` whose text has the pattern ``match``; the list gets it.

        Raises:
            AssertionError: none came, even a while after the block.
        """
        caught: list[BaseException] = []
        yield caught
        try:
            async with asyncio.timeout(PATIENCE):
                while (found := self._find(kind, match)) is None:
                    self._failed.clear()
                    await self._failed.wait()
        except TimeoutError:
            others = ", ".join(map(repr, self.errors)) or "nothing"
            wanted = kind.__name__ if match is None else f"{kind.__name__} matching {match!r}"
            raise AssertionError(f"no {wanted} was raised in the worker, but {others}") from None
        self.errors.remove(found)
        caught.append(found)

    def _find(self, kind: type[BaseException], match: str | None) -> BaseException | None:
        for exc in self.errors:
            if isinstance(exc, kind) and (match is None or re.search(match, str(exc))):
                return exc
        return None

    def _report(self, worker: Worker, exc: BaseException, where: str) -> None:
        text = user_traceback(exc, worker.config.root)
        self._logs.add("error", f"Uncaught exception in {where}\n{text}")
        exc.add_note(f"uncaught in {where} of the worker {worker.config.name}")
        self.errors.append(exc)
        self._failed.set()

    # Its life.

    async def _start(self) -> None:
        for each in self._places:
            each.worker = Worker.load(each.config, self._surroundings(each))
            each.objects.use(each.worker)
        worker = self._loaded()
        self._logs.worker = worker
        self._context = worker.new_context("the test")
        self._context.answering = True  # it ends with the worker
        port = await self._server.start("127.0.0.1", 0)
        self._open(f"http://127.0.0.1:{port}")

    def _surroundings(self, place: _Place) -> Surroundings:
        is_alone = len(self._places) == 1
        own = self._replaced if place is self._host else {}
        return Surroundings(
            self._outgoing,
            self._report,
            place.objects,
            self._clock,
            self._stores,
            replaced=adapted(own, lambda: self._context),
            workers=() if is_alone else self._places,
        )

    async def _stop(self) -> None:
        if self.url:
            # The clients first: the server need not wait for them to answer its goodbye.
            await self._session.close()
        await self._background()
        await self._server.close()
        for each in self._places:
            if each.worker is not None:
                each.worker.close()
            each.objects.close()
        self._stores.close()
        await self._network.close()
        if self._python_time is not None:
            self._python_time.__exit__()

    async def _background(self) -> None:
        """Let `waitUntil` work come to its end: it may fail."""
        loaded = [each.worker for each in self._places if each.worker is not None]
        contexts = [owner for worker in loaded for owner in worker.contexts]
        pending = [future for owner in contexts for future in owner.background]
        if pending:
            await asyncio.wait(pending, timeout=PATIENCE)

    def raise_errors(self) -> None:
        """Raise what is in `errors`, and forget it; several as an exception group."""
        __tracebackhide__ = True  # pytest shows the worker's own frames
        errors = [exc.with_traceback(users_part(exc, self._host.root)) for exc in self.errors]
        self.errors.clear()
        if len(errors) == 1:
            raise errors[0]
        if errors:
            raise BaseExceptionGroup("uncaught exceptions in the worker", errors)


@asynccontextmanager
async def run_worker(
    script: str | os.PathLike[str] | None = None,
    *,
    config: str | os.PathLike[str] | None = None,
    beside: Sequence[str | os.PathLike[str]] = (),
    vars: Mapping[str, str] | None = None,
    env: Mapping[str, Any] | None = None,
    outgoing: Rule = None,
    compatibility_date: str | None = None,
    compatibility_flags: Sequence[str] = (),
    hibernate_after: float = HIBERNATE_AFTER,
    folder: str | os.PathLike[str] | None = None,
) -> AsyncIterator[RunningWorker]:
    """Run a worker in this event loop, as `pywrangler dev` would, until the block ends.

    Args:
        script: None: the `main` of the configuration.
        config: a wrangler.jsonc, .json or .toml; None: the one beside or above the script.
        beside: configurations of more Workers, which its bindings reach.
        vars: laid over the configuration's, as `--var` does.
        env: what stands on `env` instead of bindings and variables; see `override`.
        outgoing: answers the Worker's `fetch()`; None: it reaches this machine only;
            `"allow"`: it reaches everything.
        compatibility_date: None: the configuration's, or today.
        compatibility_flags: instead of the configuration's, if there are any.
        hibernate_after: seconds without an event after which a Durable Object sleeps.
        folder: where relative paths start; None: the current folder.

    Raises:
        ConfigError, UsageError: there is no such script, or the configuration is wrong.
        BaseException: what the script raised while it was loaded; at the end, an exception that
            nobody caught in it. Several at the end are an exception group.
    """
    __tracebackhide__ = True
    overrides = Overrides(
        None if script is None else Path(script),
        None if config is None else Path(config),
        vars=dict(vars or {}),
        compatibility_date=compatibility_date,
        compatibility_flags=tuple(compatibility_flags),
    )
    here = Path(folder or ".").resolve()
    worker = RunningWorker(
        load_config(overrides, here),
        beside=[load_config(Overrides(config=Path(each)), here) for each in beside],
        env=env,
        outgoing=outgoing,
        hibernate_after=hibernate_after,
    )
    instrument(asyncio.get_running_loop())
    async with AsyncExitStack() as stack:
        stack.enter_context(worker._logs.captured())
        for place in worker._places:
            stack.enter_context(worker_modules(place.config.main.parent))
        stack.push_async_callback(worker._stop)
        await worker._start()
        yield worker
    worker.raise_errors()
