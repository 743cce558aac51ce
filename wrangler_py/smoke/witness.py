"""What the worker itself says and does not catch, while checks look at its answers."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout

from ..log import Level, Settings, log
from ..reload.dev_server import DevServer
from ..reload.swap import tell
from ..runtime.worker import Worker

__all__ = ["Witness"]

_PATIENCE = 2.0
"""Seconds that what a check has set off gets to come to its end."""
_OURS = "[wrangler:"


class Witness:
    """Takes the place of the terminal, from one check to the next."""

    def __init__(self) -> None:
        self._said = io.StringIO()
        self._uncaught: list[BaseException] = []

    def note(self, worker: Worker, exc: BaseException, where: str) -> None:
        """An exception that nobody caught."""
        tell(worker, exc, where)
        self._uncaught.append(exc)

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Keep everything that is said meanwhile, also by `print`."""
        before = log.settings
        log.settings = Settings(level=Level.LOG, out=self._said, err=self._said, color=False)
        try:
            with redirect_stdout(self._said):
                yield
        finally:
            log.settings = before

    async def settle(self, server: DevServer) -> None:
        """Let what a check has set off come to its end: closed sockets, `waitUntil` work."""
        try:
            async with asyncio.timeout(_PATIENCE):
                while _is_busy(server):  # noqa: ASYNC110 - no event tells of quiet
                    await asyncio.sleep(0.001)
        except TimeoutError:
            return  # it goes on; what it does later is heard by a later check, or at the end

    def take(self) -> tuple[list[str], list[BaseException]]:
        """The lines that were said since the last time, and the exceptions."""
        lines = self._said.getvalue().splitlines()
        uncaught, self._uncaught = self._uncaught, []
        self._said.seek(0)
        self._said.truncate()
        return [line for line in lines if not line.startswith(_OURS)], uncaught


def _is_busy(server: DevServer) -> bool:
    loaded = (each.worker for each in server.workers if each.worker is not None)
    contexts = (owner for worker in loaded for owner in worker.contexts)
    return server.server.open_sockets > 0 or any(owner.background for owner in contexts)
