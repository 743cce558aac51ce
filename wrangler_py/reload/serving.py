"""A worker that is served as long as something else runs: a command, a list of checks."""

from __future__ import annotations

import os
import threading
from asyncio import Future
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

from ..annotations import annotate, annotate_failure
from ..config import DevOptions
from ..errors import ExitCode, NotReady, WranglerError
from ..log import log
from ..runtime.tracing import user_frames
from ..runtime.worker import OnError, Worker
from . import process
from .dev_server import DevServer
from .swap import tell

SIGNALLED = 128
"""An exit code above it: the number of the signal that ended it."""
_UNBREAKABLE = 1.5
"""Seconds that code gets to be broken off; what does not hear of it ends with the process."""

Use = Callable[[DevServer, "Future[int]"], Awaitable[int]]
"""What a worker is served for: gets the server and what a signal completes; the exit code."""


def run_while_serving(
    options: DevOptions,
    use: Use,
    *,
    timeout: float,
    on_error: OnError | None = None,
    heard: Callable[[int], None] | None = None,
) -> int:
    """Serve, run ``use``, stop; the exit code.

    State is kept in a temporary folder, unless ``options`` name another. ``timeout``: the seconds
    that the worker gets to load. ``on_error`` hears of exceptions that nobody caught; None: they
    are shown, also on GitHub. ``heard``: see `process.stop_signal`.

    Raises:
        NotReady: it did not load in time.
        PortInUse: somebody else listens there.
    """
    with ExitStack() as stack:
        if options.persist_to is None:
            state = stack.enter_context(_temporary())
            options = replace(options, persist_to=Path(state))
        options = replace(options, reload=False)
        return process.run(_serve(options, use, timeout, on_error or _tell, heard))


def _tell(worker: Worker, exc: BaseException, where: str) -> None:
    tell(worker, exc, where)
    annotate_exception(exc, worker.config.root, f"Uncaught exception in {where}")


def _temporary() -> TemporaryDirectory[str]:
    # Windows does not delete what is still open.
    return TemporaryDirectory(prefix="wrangler-", ignore_cleanup_errors=True)


async def _serve(
    options: DevOptions,
    use: Use,
    timeout: float,
    on_error: OnError,
    heard: Callable[[int], None] | None,
) -> int:
    server = DevServer(options)
    server.on_error = on_error
    stop = process.stop_signal(server.break_off, heard)
    try:
        await _start(server, timeout)
        if stop.done():
            return SIGNALLED + stop.result()
        if (failed := server.unloaded) is not None:
            assert failed.error is not None
            title = f"{failed.config.main.name} could not be loaded"
            annotate_exception(failed.error, failed.root, title)
            return ExitCode.WORKER_FAILED
        return await use(server, stop)
    finally:
        await server.close()


async def _start(server: DevServer, timeout: float) -> None:
    """Load and listen.

    Raises:
        NotReady: the script's top level took too long.
    """
    late = threading.Event()

    def give_up() -> None:
        log.failure(_not_ready(timeout, server))
        os._exit(ExitCode.NOT_READY)

    def expire() -> None:
        late.set()
        server.break_off()

    with after(timeout, expire), after(timeout + _UNBREAKABLE, give_up):
        await server.start()
    if late.is_set():
        raise _not_ready(timeout, server)


def _not_ready(timeout: float, server: DevServer) -> NotReady:
    failed = next((each for each in server.workers if each.error is not None), None)
    frames = [] if failed is None else user_frames(cast(BaseException, failed.error), failed.root)
    return NotReady(
        f"the Worker was not ready within {timeout:g} s",
        where=f"{frames[-1].path}:{frames[-1].line}" if frames else None,
        hint="its top level runs at each start and must be short; --timeout gives it more",
    )


@contextmanager
def after(seconds: float, action: Callable[[], None]) -> Iterator[None]:
    """Run ``action`` in a thread if the block lasts longer: the loop may be what is blocked."""
    timer = threading.Timer(seconds, action)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def annotate_exception(exc: BaseException, root: Path, title: str) -> None:
    """Show an exception of the script on GitHub, at the user's line that raised it."""
    if isinstance(exc, WranglerError):
        annotate_failure(exc, title)
        return
    frames = user_frames(exc, root)
    file, line = (frames[-1].path, frames[-1].line) if frames else (None, None)
    annotate("error", f"{type(exc).__name__}: {exc}", file, line, title)
