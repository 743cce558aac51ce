"""`--cron`: cron triggers that fire when they are due."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Protocol

from ..clock import MACHINE, Clock
from ..config.crons import Cron
from ..config.model import Config
from ..log import log
from ..runtime.cron import run_cron
from ..runtime.worker import Worker

__all__ = ["BY_HAND", "Crons"]

LOOK = 30.0
"""Seconds after which the time is looked at again: somebody may set it, or close the lid."""
LATE = timedelta(minutes=1)
"""What is later than that was slept through, and does not happen."""
BY_HAND = (
    "crons do not fire by themselves: `dev --cron` fires them on time, and `curl {url}"
    "/cdn-cgi/local/scheduled` does at once"
)


class Host(Protocol):
    """Whose crons they are; both change with a reload."""

    config: Config
    worker: Worker | None


class Crons:
    """The triggers of the configuration that is in charge."""

    def __init__(self, host: Host, clock: Clock = MACHINE) -> None:
        self._host, self._clock = host, clock
        self._changed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._fired: set[asyncio.Task[object]] = set()

    def start(self) -> None:
        """Fire what is due from now on."""
        self._task = asyncio.create_task(self._run())
        self._task.add_done_callback(_tell_if_failed)

    def look_again(self) -> None:
        """The configuration may be another."""
        self._changed.set()

    async def close(self) -> None:
        """Fire nothing more; end the handlers that run."""
        tasks = [*self._fired, *([self._task] if self._task else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._clock.time(), UTC)

    async def _run(self) -> None:
        since = self._now()
        while True:
            self._changed.clear()
            due = _first(self._host.config.crons, since)
            if due is None:
                await self._changed.wait()
            elif await self._reached(moment := min(due.values())):
                if self._now() - moment < LATE:
                    self._fire((text for text, at in due.items() if at == moment), moment)
                since = max(moment, self._now() - LATE)
                continue
            since = self._now()

    async def _reached(self, moment: datetime) -> bool:
        """Wait for ``moment``; False: the configuration changed before."""
        while (left := (moment - self._now()).total_seconds()) > 0:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), min(left, LOOK))
            if self._changed.is_set():
                return False
        return True

    def _fire(self, crons: Iterable[str], moment: datetime) -> None:
        for cron in crons:
            worker = self._host.worker
            if worker is None:
                log.debug(f"{cron} is due, and no code is loaded")
                continue
            task: asyncio.Task[object] = asyncio.create_task(
                run_cron(worker, cron, moment.timestamp() * 1000)
            )
            self._fired.add(task)
            task.add_done_callback(self._fired.discard)


def _first(crons: Iterable[str], since: datetime) -> dict[str, datetime] | None:
    """When each is due next; None: there are none."""
    return {text: Cron.parse(text).after(since) for text in crons} or None


def _tell_if_failed(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (exc := task.exception()) is not None:
        log.error(f"crons no longer fire: {exc!r}")
