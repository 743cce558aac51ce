"""A cron trigger: a `scheduled` event that the terminal tells of."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, NamedTuple

from ..js.object import JsObject
from ..log import log, printable
from .scheduled import run_scheduled

if TYPE_CHECKING:
    from .worker import Worker

__all__ = ["Outcome", "run_cron"]


class Outcome(NamedTuple):
    """What came of it."""

    outcome: str
    """`ok`, `exception`; `canceled`: the worker was replaced, and given up at last."""
    no_retry: bool


async def run_cron(worker: Worker, cron: str, ms: float | None = None) -> Outcome:
    """Run the handler for ``cron``, which was due at ``ms`` since 1970; None: now."""
    options: dict[str, Any] = {"cron": cron}
    if ms is not None:
        options["scheduledTime"] = ms
    started = time.perf_counter()
    result = await run_scheduled(worker, None, JsObject(options))
    took = (time.perf_counter() - started) * 1000
    text = f'CRON "{printable(cron)}" {result.outcome} ({took:.0f}ms)'
    log.event("cron", text, prefix=True, cron=cron, outcome=result.outcome, ms=round(took, 3))
    return Outcome(result.outcome, result.noRetry)
