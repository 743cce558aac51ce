"""A cron trigger that a test sets off.

Source: https://developers.cloudflare.com/workers/runtime-apis/handlers/scheduled/
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from ..js.object import JsObject
from ..runtime.scheduled import run_scheduled
from ..runtime.worker import Worker

__all__ = ["ScheduledResult", "run"]


class ScheduledResult(NamedTuple):
    """What came of it."""

    outcome: str
    """`ok` or `exception`."""
    no_retry: bool
    """The handler called `controller.noRetry()`."""


async def run(worker: Worker, cron: str, when: datetime | float | None) -> ScheduledResult:
    """Run the handler for ``cron``; ``when`` is what it is told, None: now."""
    options: dict[str, object] = {"cron": cron}
    if when is not None:
        ms = when.timestamp() * 1000 if isinstance(when, datetime) else when
        options["scheduledTime"] = ms
    result = await run_scheduled(worker, None, JsObject(options))
    return ScheduledResult(result.outcome, result.noRetry)
