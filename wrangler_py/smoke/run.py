"""Run checks: against a worker that is served for them, or a server that is already there."""

from __future__ import annotations

import asyncio
from asyncio import Future
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

from ..config import DevOptions
from ..errors import ExitCode
from ..log import Log
from ..reload import process
from ..reload.dev_server import DevServer
from ..reload.serving import SIGNALLED, after, run_while_serving
from .checks import DEFAULT, UPGRADE_REQUIRED, Check
from .client import Client, Outcome
from .report import Report
from .witness import Witness

__all__ = ["smoke_url", "smoke_worker"]

_BLOCKED = 0.5
"""Seconds after its time that code which does not give way is broken off."""

Attempt = Callable[[Check], Awaitable[Outcome]]


def smoke_worker(options: DevOptions, checks: Sequence[Check], timeout: float, voice: Log) -> int:
    """Serve the worker of ``options``, check it, stop; the exit code.

    Raises:
        NotReady: it did not load in ``timeout`` seconds.
    """
    report, witness = Report(voice, options.config.root), Witness()

    async def use(server: DevServer, stop: Future[int]) -> int:
        until_the_end.enter_context(witness.listening())

        async def look() -> int:
            async with Client(server.url, timeout, server.certificate) as client:

                async def attempt(check: Check) -> Outcome:
                    with after(timeout + _BLOCKED, server.break_off):
                        outcome = await client.attempt(check)
                    await witness.settle(server)
                    return outcome

                async for outcome in _outcomes(checks, attempt):
                    report.add(outcome, *witness.take())
            return ExitCode.OK

        return await _unless_stopped(look(), stop)

    with ExitStack() as until_the_end:
        code = run_while_serving(options, use, timeout=timeout, on_error=witness.note)
    if code != ExitCode.OK:
        return code
    report.add_late(*witness.take())
    return report.finish()


def smoke_url(url: str, checks: Sequence[Check], timeout: float, voice: Log) -> int:
    """Check the server at ``url``; the exit code.

    Raises:
        NotReady: nobody listens there, in ``timeout`` seconds.
    """
    report = Report(voice, Path.cwd())

    async def look() -> int:
        async with Client(url, timeout) as client:
            await client.wait_until_there()
            async for outcome in _outcomes(checks, client.attempt):
                report.add(outcome)
        return ExitCode.OK

    async def main() -> int:
        return await _unless_stopped(look(), process.stop_signal(lambda: None))

    return process.run(main()) or report.finish()


async def _unless_stopped(looking: Awaitable[int], stop: Future[int]) -> int:
    task = asyncio.ensure_future(looking)
    await asyncio.wait((task, stop), return_when=asyncio.FIRST_COMPLETED)
    if not task.done():
        task.cancel()
        await asyncio.wait((task,))
        return SIGNALLED + stop.result()
    return task.result()


async def _outcomes(checks: Sequence[Check], attempt: Attempt) -> AsyncIterator[Outcome]:
    """What comes of each check, and of the WebSockets that a 426 tells of."""
    tried = {_bare(check.path) for check in checks if check.is_socket}
    for check in checks or DEFAULT:
        outcome = await attempt(check)
        yield outcome
        is_told = outcome.status == UPGRADE_REQUIRED and not check.is_socket
        if is_told and _bare(check.path) not in tried:
            tried.add(_bare(check.path))
            yield await attempt(check.upgraded())


def _bare(path: str) -> str:
    return path.partition("?")[0]
