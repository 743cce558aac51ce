"""From a Worker's events to the `tail()` of its consumers.

Source: https://developers.cloudflare.com/workers/observability/logs/tail-workers/
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextvars import Context
from typing import TYPE_CHECKING, Any

from ...js.array import JsArray
from ..handling import begin, call_handler, run
from .items import EVENTS, TraceItem
from .trace import Trace

if TYPE_CHECKING:
    from ..worker import Worker

__all__ = ["Tails", "run_tail"]

NO_HANDLER = "Handler does not export a tail() function."
NO_HANDLER_HINT = "a tail consumer has `async def tail(self, events, env, ctx)`"

_running: set[asyncio.Task[None]] = set()


class Tails:
    """Who is told of the events of one Worker."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self._names = [each.service for each in worker.config.bindings.tail_consumers]

    def begin(
        self,
        kind: str,
        facts: Sequence[Any],
        entrypoint: str | None = None,
        object_id: str | None = None,
    ) -> Trace:
        """An event begins now: what ``EVENTS[kind]`` makes of ``facts``."""
        worker = self._worker
        return Trace(
            EVENTS[kind](*facts),
            worker.clock,
            self._tell,
            script=worker.config.name,
            entrypoint=entrypoint,
            object_id=object_id,
        )

    def _tell(self, item: TraceItem) -> None:
        for name in self._names:
            if name == self._worker.config.name and item.event._js_name == "TailEventInfo":
                continue  # or it would hear of hearing for ever
            consumer = self._consumer(name)
            if consumer is None:
                continue  # the table of bindings says that it is not connected
            deliver = run_tail(consumer, self._worker.config.name, item)
            task = Context().run(asyncio.get_running_loop().create_task, deliver)
            _running.add(task)
            task.add_done_callback(_running.discard)

    def _consumer(self, name: str) -> Worker | None:
        if name == self._worker.config.name:
            return self._worker
        place = self._worker.surroundings.place_of(name)
        return None if place is None else place.worker


async def run_tail(worker: Worker, script: str, item: TraceItem) -> None:
    """Run the handler as an event of its own."""
    owner = begin(worker, "tail", [script])
    handler = call_handler(
        worker,
        owner,
        "tail",
        JsArray([item]),
        missing=NO_HANDLER,
        hint=NO_HANDLER_HINT,
        function="trace",
    )
    await run(owner, "tail", handler)
    owner.answered()
