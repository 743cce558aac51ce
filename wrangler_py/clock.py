"""What time it is for a worker: the machine's time, unless a test has moved it.

Everything that a script can see of the time, and everything that is due at a time (alarms,
sleep, what expires), asks here. A clock belongs to a worker; code of none has the machine's.

Source: https://developers.cloudflare.com/workers/runtime-apis/web-standards/#timers
"""

from __future__ import annotations

import asyncio

# Taken now: what a test puts in their place asks us.
from time import time as _machine_time
from time import time_ns as _machine_time_ns
from typing import Any, Protocol

from . import context

__all__ = ["MACHINE", "Clock", "current", "now_ms", "of"]


class Start(Protocol):
    """`call_later` of an event loop."""

    def __call__(self, delay: float, callback: Any, *args: Any, context: Any = None) -> Any: ...


class Clock:
    """The machine's time, ``moved`` seconds further."""

    moved = 0.0

    def time(self) -> float:
        """Seconds since 1970."""
        return _machine_time() + self.moved

    def time_ns(self) -> int:
        return _machine_time_ns() + round(self.moved * 1e9)

    def now_ms(self) -> int:
        """Whole milliseconds since 1970."""
        return self.time_ns() // 1_000_000

    def elapsed(self) -> float:
        """The running loop's time, which only grows."""
        return asyncio.get_running_loop().time() + self.moved

    def start(self, call_later: Start, delay: float, *call: Any, **options: Any) -> Any:
        """Start a timer of a script's; ``call``: a function and its arguments."""
        return call_later(delay, *call, **options)


MACHINE = Clock()


def of(owner: context.IoContext) -> Clock:
    """The clock of the worker that a context belongs to."""
    return getattr(owner.worker, "clock", MACHINE)


def current() -> Clock:
    """The clock of the running code."""
    owner = context.current()
    return MACHINE if owner is None else of(owner)


def now_ms() -> int:
    """Milliseconds since 1970, for the running code."""
    return current().now_ms()
