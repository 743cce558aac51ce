"""The `scheduled` event: what a cron trigger, or a service binding, sets off.

Implements: https://developers.cloudflare.com/workers/runtime-apis/handlers/scheduled/
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..js.callbacks import member
from ..js.convert import number, to_number, to_string
from ..js.date import Date
from ..js.object import JsObject
from ..js.proxy import JsProxy
from .handling import begin, call_handler, outcome_of, run

if TYPE_CHECKING:
    from .worker import Worker

NO_HANDLER = "Handler does not export a scheduled() function"


class ScheduledController(JsProxy):
    """What the handler is told about its event."""

    def __init__(self, scheduled_time: float, cron: str) -> None:
        self._time, self._cron = scheduled_time, cron
        self._no_retry = False

    @property
    def scheduledTime(self) -> int | float:
        return number(self._time)

    @property
    def cron(self) -> str:
        return self._cron

    def noRetry(self) -> None:
        self._no_retry = True


async def run_scheduled(
    worker: Worker, entrypoint: str | None, options: Any, props: Any = None
) -> JsObject:
    """Run the handler as an event of its own; an exception in it is an outcome.

    ``options``: `scheduledTime` (a Date or milliseconds; default: now) and `cron`.
    """
    when, cron = member(options, "scheduledTime"), member(options, "cron")
    ms = worker.clock.now_ms() if when is None else _milliseconds(when)
    controller = ScheduledController(ms, "" if cron is None else to_string(cron))
    owner = begin(worker, "scheduled", controller.cron, controller.scheduledTime, props=props)
    handler = call_handler(
        worker, owner, "scheduled", controller, missing=NO_HANDLER, entrypoint=entrypoint
    )
    outcome = outcome_of(await run(owner, "scheduled", handler))
    owner.answered()
    return JsObject({"outcome": outcome, "noRetry": controller._no_retry})


def _milliseconds(when: Any) -> float:
    return when._ms if isinstance(when, Date) else float(to_number(when))
