"""One worker under test, its client, and what went wrong in it."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import aiohttp

from ..config import Config, Overrides, load_config
from ..log import log
from ..runtime.loop import instrument
from ..runtime.tracing import is_user_file, user_traceback
from ..runtime.worker import Worker
from ..server.app import Server
from ..server.outgoing import Network
from .durable_objects import DurableObjectTests
from .logs import LogEntry, captured
from .modules import worker_modules

if TYPE_CHECKING:
    from aiohttp.client import _RequestContextManager, _WSRequestContextManager

__all__ = ["RunningWorker", "run_worker"]

PATIENCE = 2.0
"""Seconds that `raises` waits for an exception, and that `waitUntil` work gets at the end."""


@dataclass
class _Host:
    """What the server asks for at each request."""

    root: Path
    worker: Worker | None = None
    error: BaseException | None = None


class RunningWorker(DurableObjectTests):
    """A worker that answers on a port of its own.

    The request methods are those of `aiohttp.ClientSession`, with paths instead of URLs: await
    what they return, or use it in `async with`.
    """

    def __init__(self, config: Config) -> None:
        self.config = config
        self.url = ""
        """`http://127.0.0.1:PORT`"""
        self.logs: list[LogEntry] = []
        """What the worker said on its console, and its uncaught exceptions, oldest first."""
        self.errors: list[BaseException] = []
        """Uncaught exceptions. Those that are left when the worker ends are raised then."""
        self._host = _Host(config.root)
        self._network = Network()
        self._server = Server(self._host)
        self._session: aiohttp.ClientSession
        self._failed = asyncio.Event()

    # The client.

    @property
    def session(self) -> aiohttp.ClientSession:
        """The client; its `cookie_jar` and its `headers` last as long as the worker."""
        return self._session

    def request(self, method: str, path: str = "/", **options: Any) -> _RequestContextManager:
        return self._session.request(method, path, **options)

    def get(self, path: str = "/", **options: Any) -> _RequestContextManager:
        return self._session.get(path, **options)

    def post(self, path: str = "/", **options: Any) -> _RequestContextManager:
        return self._session.post(path, **options)

    def put(self, path: str = "/", **options: Any) -> _RequestContextManager:
        return self._session.put(path, **options)

    def patch(self, path: str = "/", **options: Any) -> _RequestContextManager:
        return self._session.patch(path, **options)

    def delete(self, path: str = "/", **options: Any) -> _RequestContextManager:
        return self._session.delete(path, **options)

    def ws_connect(self, path: str = "/", **options: Any) -> _WSRequestContextManager:
        """Open a WebSocket. Raises: aiohttp.WSServerHandshakeError when the answer is no 101."""
        return self._session.ws_connect(path, **options)

    def _loaded(self) -> Worker:
        assert self._host.worker is not None, "the worker is not loaded"
        return self._host.worker

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
        text = user_traceback(exc, self._host.root)
        log.error(f"Uncaught exception in {where}\n{text}", where=where)
        exc.add_note(f"uncaught in {where} of the worker {self.config.name}")
        self.errors.append(exc)
        self._failed.set()

    # Its life.

    async def _start(self) -> None:
        self._host.worker = Worker.load(self.config, self._network, self._report)
        port = await self._server.start("127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{port}"
        # An address is no name, and has cookies all the same.
        jar = aiohttp.CookieJar(unsafe=True)
        self._session = aiohttp.ClientSession(self.url, cookie_jar=jar)

    async def _stop(self) -> None:
        if self.url:
            # The clients first: the server need not wait for them to answer its goodbye.
            await self._session.close()
        await self._background()
        await self._server.close()
        if self._host.worker is not None:
            self._host.worker.close()
        await self._network.close()

    async def _background(self) -> None:
        """Let `waitUntil` work come to its end: it may fail."""
        contexts = () if self._host.worker is None else tuple(self._host.worker.contexts)
        pending = [future for owner in contexts for future in owner.background]
        if pending:
            await asyncio.wait(pending, timeout=PATIENCE)

    def _raise_errors(self) -> None:
        errors = [exc.with_traceback(_users_part(exc, self._host.root)) for exc in self.errors]
        if len(errors) == 1:
            raise errors[0]
        if errors:
            raise BaseExceptionGroup("uncaught exceptions in the worker", errors)


def _users_part(exc: BaseException, root: Path) -> TracebackType | None:
    """The traceback from the user's first frame on."""
    trace = exc.__traceback__
    while trace is not None and not is_user_file(trace.tb_frame.f_code.co_filename, root):
        trace = trace.tb_next
    return trace


@asynccontextmanager
async def run_worker(
    script: str | os.PathLike[str] | None = None,
    *,
    config: str | os.PathLike[str] | None = None,
    vars: Mapping[str, str] | None = None,
    compatibility_date: str | None = None,
    compatibility_flags: Sequence[str] = (),
    folder: str | os.PathLike[str] | None = None,
) -> AsyncIterator[RunningWorker]:
    """Run a worker in this event loop, as `pywrangler dev` would, until the block ends.

    Args:
        script: None: the `main` of the configuration.
        config: a wrangler.jsonc, .json or .toml; None: the one beside or above the script.
        vars: laid over the configuration's, as `--var` does.
        compatibility_date: None: the configuration's, or today.
        compatibility_flags: instead of the configuration's, if there are any.
        folder: where relative paths start; None: the current folder.

    Raises:
        ConfigError, UsageError: there is no such script, or the configuration is wrong.
        BaseException: what the script raised while it was loaded; at the end, an exception that
            nobody caught in it. Several at the end are an exception group.
    """
    overrides = Overrides(
        None if script is None else Path(script),
        None if config is None else Path(config),
        vars=dict(vars or {}),
        compatibility_date=compatibility_date,
        compatibility_flags=tuple(compatibility_flags),
    )
    worker = RunningWorker(load_config(overrides, Path(folder or ".").resolve()))
    instrument(asyncio.get_running_loop())
    async with AsyncExitStack() as stack:
        stack.enter_context(captured(worker.logs))
        stack.enter_context(worker_modules(worker.config.main.parent))
        stack.push_async_callback(worker._stop)
        await worker._start()
        yield worker
    worker._raise_errors()
