"""Handlers that can never answer: nothing is left that could wake them.

Production cancels such a request at once. Here a slow clock looks at the requests in flight,
and says so when it finds them waiting for the same futures twice.

Source: https://developers.cloudflare.com/workers/observability/errors/
"""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable
from typing import Any

from .. import clock
from ..context import IoContext
from ..js.errors import error

HUNG = (
    "The Workers runtime canceled this request because it detected that your Worker's code had "
    "hung and would never generate a response. Refer to: "
    "https://developers.cloudflare.com/workers/observability/errors/"
)
PERIOD = 0.2
_Wait = asyncio.Future[Any]
_NOBODY = contextvars.Context()  # our clock is no timer of the script's


class HangWatch:
    """The requests of one worker whose handlers have not answered yet."""

    def __init__(self) -> None:
        self._watched: dict[IoContext, asyncio.Task[object]] = {}
        self._suspects: dict[IoContext, list[_Wait]] = {}
        """Requests that were stuck at the last look, and what their tasks waited for."""
        self._hung: set[IoContext] = set()
        self._timer: asyncio.TimerHandle | None = None

    def enter(self, owner: IoContext) -> IoContext:
        """Watch the running task, which answers for ``owner``."""
        task = asyncio.current_task()
        if task is not None:
            self._watched[owner] = task
            if self._timer is None:
                self._timer = _later(task.get_loop(), self._look)
        return owner

    def leave(self, owner: IoContext) -> None:
        self._watched.pop(owner, None)

    def verdict(self, owner: IoContext) -> BaseException:
        """What a cancelled handler's request fails with."""
        if owner in self._hung:
            self._hung.discard(owner)
            exc = error(HUNG)
            exc.add_note("hint: the handler awaits something that no timer, fetch or socket wakes")
            return exc
        return asyncio.CancelledError()

    def close(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _look(self) -> None:
        loop = asyncio.get_running_loop()
        suspects = {}
        for owner, task in list(self._watched.items()):
            waits = _waits(owner, task) if _is_stuck(owner) else None
            if waits is None:
                continue
            suspects[owner] = waits
            if self._suspects.get(owner) == waits:
                self._hung.add(owner)
                task.cancel()
        self._suspects = suspects
        self._timer = _later(loop, self._look) if self._watched else None


def _later(loop: asyncio.AbstractEventLoop, look: Callable[[], None]) -> asyncio.TimerHandle:
    return _NOBODY.run(loop.call_later, PERIOD, look)


def _waits(owner: IoContext, handler: asyncio.Task[object]) -> list[_Wait] | None:
    """What each task of an event waits for; None if one of them is about to run."""
    waits: list[_Wait] = []
    for task in (handler, *owner.tasks):
        if not isinstance(task, asyncio.Task) or task.done():
            continue
        future: _Wait | None = task._fut_waiter  # type: ignore[attr-defined]
        if future is None or future.done():
            return None
        waits.append(future)
    return waits


def _is_stuck(owner: IoContext) -> bool:
    """Whether nothing that we know of can wake ``owner``'s handler."""
    return not (
        owner.pending_io
        or owner.resources
        or owner.uses_native_io
        or owner.background
        or owner.deadline > clock.of(owner).elapsed()
    )
