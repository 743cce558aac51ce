"""The gates of one object: what may come in, and when what it says may go out.

Source: https://blog.cloudflare.com/durable-objects-easy-fast-correct-choose-three/
"""

from __future__ import annotations

import asyncio
import contextvars
from collections import deque
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from ..js.callbacks import invoke
from ..js.errors import error
from ..js.promise import PyodideFuture, future_of, pending
from .database import Database

CRITICAL_SECTION_LIMIT = 30.0
"""Seconds that a `blockConcurrencyWhile` callback may take."""
MAX_DEPTH = 64

TOO_LONG = (
    "A call to blockConcurrencyWhile() in a Durable Object waited for too long. "
    "The call was canceled and the Durable Object was reset."
)
TOO_DEEP = "blockConcurrencyWhile() calls are nested too deeply."

NOBODY = contextvars.Context()
"""Where our own timers start, so that none of them counts as a script's."""


class _Section:
    """One critical section: a callback that nothing runs beside."""

    __slots__ = ("callback", "depth", "done", "parent", "resets", "result", "task", "timer")

    def __init__(self, parent: _Section | None, callback: Any, resets: bool) -> None:
        self.parent = parent
        self.depth: int = 1 if parent is None else parent.depth + 1
        self.callback = callback
        self.resets = resets
        """Whether a failure of the callback resets the object."""
        self.result = pending()
        self.done = False
        self.task: asyncio.Task[None] | None = None
        self.timer: asyncio.TimerHandle | None = None


_inside: ContextVar[_Section | None] = ContextVar("wrangler_py_critical_section", default=None)


class InputGate:
    """Closed while a critical section runs: events wait in the order in which they came."""

    def __init__(self, on_open: Callable[[], None], on_failure: Callable[[Any], None]) -> None:
        """``on_failure`` gets what a callback raised: the object is to be reset."""
        self._on_open, self._on_failure = on_open, on_failure
        self._running: list[_Section] = []
        """The innermost last."""
        self._next: list[_Section] = []
        self._held: deque[tuple[Callable[..., None], tuple[Any, ...]]] = deque()

    @property
    def closed(self) -> bool:
        return bool(self._running) or bool(self._held)

    def holds_back(self) -> bool:
        """Whether the running code is no part of the critical section, and has to wait."""
        return self.closed and _open_section() not in self._running

    def hold(self, deliver: Callable[..., None], *args: Any) -> None:
        """Call ``deliver(*args)`` when the gate opens, behind what waits already."""
        self._held.append((deliver, args))

    def block(self, callback: Callable[[], Any], *, resets: bool = True) -> PyodideFuture:
        """Run ``callback`` alone: a promise of what it returns.

        Raises:
            JsException: too many are nested.
        """
        section = _Section(_open_section(), callback, resets)
        if section.depth > MAX_DEPTH:
            raise error(TOO_DEEP)
        if self._innermost is section.parent:
            self._start(section)
        else:
            self._next.append(section)
        return section.result

    def close(self) -> None:
        """The instance is gone: nothing that waits here happens."""
        for section in (*self._running, *self._next):
            section.done = True
            if section.timer is not None:
                section.timer.cancel()
        self._running, self._next = [], []
        self._held.clear()

    @property
    def _innermost(self) -> _Section | None:
        return self._running[-1] if self._running else None

    def _start(self, section: _Section) -> None:
        self._running.append(section)
        loop = asyncio.get_running_loop()
        within = contextvars.copy_context()
        within.run(_inside.set, section)
        section.timer = NOBODY.run(
            loop.call_later, CRITICAL_SECTION_LIMIT, self._failed, section, error(TOO_LONG), True
        )
        section.task = loop.create_task(self._run(section), context=within)

    async def _run(self, section: _Section) -> None:
        try:
            value = invoke(section.callback)
            promise = future_of(value)
            if promise is not None:
                value = await promise
        except Exception as exc:
            self._failed(section, exc, section.resets)
        else:
            self._finished(section)
            if not section.result.done():
                section.result.set_result(value)

    def _finished(self, section: _Section) -> None:
        if section.timer is not None:
            section.timer.cancel()
        # What awaits the section goes on before anything else starts.
        loop = asyncio.get_running_loop()
        NOBODY.run(loop.call_soon, lambda: NOBODY.run(loop.call_soon, self._leave, section))

    def _failed(self, section: _Section, exc: BaseException, resets: bool) -> None:
        if section.done:
            return
        if resets:
            self._on_failure(exc)
            return
        self._finished(section)
        if not section.result.done():
            section.result.set_exception(exc)

    def _leave(self, section: _Section) -> None:
        if section.done:
            return
        section.done = True
        self._running.remove(section)
        for waiting in self._next:
            if _still_open(waiting.parent) is self._innermost:
                self._next.remove(waiting)
                waiting.parent = self._innermost
                self._start(waiting)
                return
        if not self._running:
            self._open()

    def _open(self) -> None:
        while self._held and not self._running:
            deliver, args = self._held.popleft()
            deliver(*args)
        if not self._running:
            self._on_open()


def _open_section() -> _Section | None:
    """The critical section that the running code is part of."""
    return _still_open(_inside.get())


def _still_open(section: _Section | None) -> _Section | None:
    """What a finished section started belongs to the one around it."""
    while section is not None and section.done:
        section = section.parent
    return section


class OutputGate:
    """Closed while a write is not committed: what the object says waits, in order."""

    __slots__ = ("_database", "_held")

    def __init__(self, database: Database) -> None:
        self._database = database
        self._held: list[tuple[Callable[..., None], tuple[Any, ...]]] = []
        database.after_commit.append(self._release)

    @property
    def closed(self) -> bool:
        database = self._database  # asked at every message that is sent: no call to `uncommitted`
        return database._implicit and database._confirmed

    def hold(self, send: Callable[..., None], *args: Any) -> None:
        """Call ``send(*args)`` behind the commit; never, if it fails."""
        self._held.append((send, args))

    def emit(self, send: Callable[..., None], *args: Any) -> None:
        """Call ``send(*args)`` as soon as everything written until now is durable."""
        if self._database.uncommitted:
            self._held.append((send, args))
        else:
            send(*args)

    async def passed(self) -> None:
        """Wait until everything written until now is durable."""
        if self._database.uncommitted:
            await self._database.durable()

    def discard(self) -> None:
        """The writes are lost: nobody hears what was said behind them."""
        self._held = []

    def _release(self) -> None:
        held, self._held = self._held, []
        for send, args in held:
            send(*args)
