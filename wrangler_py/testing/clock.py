"""A clock that a test moves, and the timers of the worker's code that go with it."""

from __future__ import annotations

import asyncio
import contextvars
from typing import Any

from ..clock import Clock, Start

__all__ = ["MovableClock", "Timer"]


class Timer:
    """What `call_later` gives to the worker's code: due by the worker's clock."""

    def __init__(
        self,
        clock: MovableClock,
        call_later: Start,
        delay: float,
        call: tuple[Any, ...],
        context: contextvars.Context,
    ) -> None:
        self._clock, self._call_later = clock, call_later
        self._call, self._context = call, context
        self.due = clock.elapsed() + max(delay, 0)
        self._handle: asyncio.TimerHandle | None = None
        self._cancelled = False

    def arm(self) -> None:
        """Let it fire by itself when the time is up."""
        if self._handle is not None:
            self._handle.cancel()
        left = max(self.due - self._clock.elapsed(), 0)
        # Nobody's, or the loop would take it for another timer of the worker's.
        self._handle = contextvars.Context().run(self._call_later, left, self.fire)

    def fire(self) -> None:
        """Make its call in the next turn of the loop."""
        if not self._cancelled:
            self._end()
            callback, *args = self._call
            asyncio.get_running_loop().call_soon(callback, *args, context=self._context)

    # As of an asyncio.TimerHandle.

    def cancel(self) -> None:
        if not self._cancelled:
            self._cancelled = True
            self._end()

    def cancelled(self) -> bool:
        return self._cancelled

    def when(self) -> float:
        return self.due - self._clock.moved

    def _end(self) -> None:
        self._clock.timers.pop(self, None)
        if self._handle is not None:
            self._handle.cancel()


class MovableClock(Clock):
    """The machine's time, and what a test has added to it."""

    def __init__(self) -> None:
        self.moved = 0.0
        self.timers: dict[Timer, None] = {}
        """Those of the worker's code that wait, the oldest first."""

    def start(self, call_later: Start, delay: float, *call: Any, **options: Any) -> Timer:
        timer = Timer(self, call_later, delay, call, options["context"])
        self.timers[timer] = None
        timer.arm()
        return timer

    def move(self, seconds: float) -> None:
        """Add to the time; nothing is called yet that became due by it."""
        self.moved += seconds
        for timer in self.timers:
            timer.arm()
