"""The `scheduled` event: what a cron trigger, or a service binding, sets off.

Implements: https://developers.cloudflare.com/workers/runtime-apis/handlers/scheduled/
"""

from __future__ import annotations

import asyncio
import inspect
from typing import TYPE_CHECKING, Any

from .. import context
from ..js import stack
from ..js.callbacks import member
from ..js.convert import number, to_number, to_string
from ..js.date import Date
from ..js.errors import error
from ..js.object import JsObject
from ..js.proxy import JsProxy
from .execution_context import ExecutionContext

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
    owner, outcome = worker.new_context("scheduled"), "ok"
    owner.answering, owner.props = True, props  # a reload lets it finish
    worker.trace(owner, "scheduled", controller.cron, controller.scheduledTime)
    with context.io_pending(), owner.entered():
        try:
            await stack.drive_if_wanted(
                _call(worker, entrypoint, controller, ExecutionContext(owner))
            )
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is None or task.cancelling():
                raise
            outcome = "canceled"  # new code has taken over, and this has had its time
        except BaseException as exc:
            if context.is_ctrl_c(exc):
                raise
            owner.report(exc, "scheduled", "")
            outcome = "exception"
    owner.answered()
    return JsObject({"outcome": outcome, "noRetry": controller._no_retry})


def _milliseconds(when: Any) -> float:
    return when._ms if isinstance(when, Date) else float(to_number(when))


async def _call(worker: Worker, entrypoint: str | None, controller: Any, ctx: Any) -> None:
    exported = worker.exported
    cls = exported.entrypoints.get(entrypoint) if entrypoint else exported.default
    if cls is not None and callable(getattr(cls, "scheduled", None)):
        # The runtime passes three arguments, with env and ctx undefined.
        result = cls(ctx, worker.env).scheduled(controller, None, None)
    elif cls is None and (function := exported.functions.get("scheduled")) is not None:
        result = function(controller, worker.env, ctx)
    else:
        raise error(NO_HANDLER)
    if inspect.isawaitable(result):
        await result
