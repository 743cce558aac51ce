"""Handlers that can never answer: nothing is left that could wake them.

Production cancels such a request at once. Here a slow clock looks at the requests in flight,
twice, before it says so.

Source: https://developers.cloudflare.com/workers/observability/errors/
"""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable

from ..context import IoContext
from ..js.errors import error

HUNG = (
    "The Workers runtime canceled this request because it detected that your Worker's code had "
    "hung and would never generate a response. Refer to: "
    "https://developers.cloudflare.com/workers/observability/errors/"
)
PERIOD = 0.2
_NOBODY = contextvars.Context()  # our clock is no timer of the script's


class HangWatch:
    """The requests of one worker whose handlers have not answered yet."""

    def __init__(self) -> None:
        self._watched: dict[IoContext, asyncio.Task[object]] = {}
        self._suspects: set[IoContext] = set()
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
        stuck = {owner for owner in self._watched if _is_stuck(owner, loop.time())}
        for owner in stuck & self._suspects:
            self._hung.add(owner)
            self._watched[owner].cancel()
        self._suspects = stuck
        self._timer = _later(loop, self._look) if self._watched else None


def _later(loop: asyncio.AbstractEventLoop, look: Callable[[], None]) -> asyncio.TimerHandle:
    return _NOBODY.run(loop.call_later, PERIOD, look)


def _is_stuck(owner: IoContext, now: float) -> bool:
    """Whether nothing that we know of can wake ``owner``'s handler."""
    return not (
        owner.pending_io
        or owner.resources
        or owner.uses_native_io
        or owner.background
        or owner.deadline > now
    )
