"""Wakes objects at the times they set: one timer for the earliest alarm of all.

At least once: an alarm stands in the object's file until its handler has succeeded. A handler
that fails is tried again after 2, 4, 8, ... seconds, six times.

Implements: https://developers.cloudflare.com/durable-objects/api/alarms/
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ..clock import now_ms
from ..js.promise import PyodideFuture, pending
from ..js.proxy import JsProxy
from .alarm_store import AlarmIndex
from .gates import NOBODY
from .instance import Event, Instance

if TYPE_CHECKING:
    from .actor import Actor

MAX_RETRIES = 6
FIRST_RETRY = 2.0
"""Seconds; doubled for each further one."""
_LONGEST_TIMER = 86_400.0

FindActor = Callable[[str, str, "str | None"], "Actor"]
"""``(class name, id, the name it was made of)`` -> the object."""


class AlarmInvocationInfo(JsProxy):
    """What `alarm()` is called with."""

    def __init__(self, time_ms: int, retries: int) -> None:
        self.retryCount = retries
        self.isRetry = retries > 0
        self.scheduledTime = time_ms


class _Entry:
    __slots__ = ("due_ms", "retries", "running", "time_ms")

    def __init__(self, time_ms: int) -> None:
        self.time_ms = time_ms
        self.due_ms = time_ms
        """When to try: later than the alarm's time when it failed."""
        self.retries = 0
        self.running = False


class Alarms:
    """The scheduler of all classes."""

    def __init__(self, find_actor: FindActor, now: Callable[[], int] = now_ms) -> None:
        self._find_actor, self._now = find_actor, now
        self._indexes: dict[str, AlarmIndex] = {}
        self._entries: dict[tuple[str, str], _Entry] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._timer_ms = 0

    def open(self, class_name: str, path: Path | None) -> None:
        """Take a class's alarms in; those that were missed fire at once. None: in memory."""
        if class_name in self._indexes:
            return
        index = AlarmIndex(path, partial(self._changed, class_name))
        self._indexes[class_name] = index
        for alarm in index.all():
            self._entries[class_name, alarm.actor_id] = _Entry(alarm.time_ms)
        self._schedule()

    def index(self, class_name: str) -> AlarmIndex:
        return self._indexes[class_name]

    def close(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        for index in self._indexes.values():
            index.close()

    def _changed(self, class_name: str, actor_id: str, time_ms: int | None) -> None:
        key = class_name, actor_id
        entry = self._entries.get(key)
        if entry is not None and entry.running:
            return  # looked at when the handler is done
        if time_ms is None:
            self._entries.pop(key, None)
        elif entry is None or entry.time_ms != time_ms:
            self._entries[key] = _Entry(time_ms)
            self._schedule(time_ms)

    def _schedule(self, candidate_ms: int | None = None) -> None:
        """Set the timer for the earliest; ``candidate_ms``: only if that one is earlier."""
        if candidate_ms is not None and self._timer is not None and self._timer_ms <= candidate_ms:
            return
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        due_ms = self.next_ms
        if due_ms is None:
            return
        self._timer_ms = due_ms
        delay = min(max(self._timer_ms - self._now(), 0) / 1000, _LONGEST_TIMER)
        self._timer = NOBODY.run(asyncio.get_running_loop().call_later, delay, self._ring_due)

    @property
    def next_ms(self) -> int | None:
        """When the next one is due; None: none is set."""
        waiting = (entry.due_ms for entry in self._entries.values() if not entry.running)
        return min(waiting, default=None)

    def fire(self) -> list[PyodideFuture]:
        """Run those that are due by now, the earliest first; their outcomes."""
        now = self._now()
        due = [
            (key, entry)
            for key, entry in self._entries.items()
            if entry.due_ms <= now and not entry.running
        ]
        due.sort(key=lambda pair: pair[1].due_ms)
        outcomes = [self._run(key, entry) for key, entry in due]
        self._schedule()
        return outcomes

    def _ring_due(self) -> None:
        self._timer = None
        self.fire()

    def ring(self, class_name: str, actor_id: str) -> PyodideFuture | None:
        """Run an object's alarm before its time; None if it has none, or it is running."""
        entry = self._entries.get((class_name, actor_id))
        if entry is None or entry.running:
            return None
        return self._run((class_name, actor_id), entry, is_awaited=True)

    def _run(
        self, key: tuple[str, str], entry: _Entry, *, is_awaited: bool = False
    ) -> PyodideFuture:
        """``is_awaited``: a caller hears of what the handler raises, so nobody else needs to."""
        entry.running = True
        class_name, actor_id = key
        outcome = NOBODY.run(pending)
        outcome.add_done_callback(lambda done: self._done(key, entry, done, is_awaited))
        try:
            actor = self._find(class_name, actor_id)
        except Exception as exc:
            outcome.set_exception(exc)
            return outcome
        ring = partial(_ring, entry.time_ms, entry.retries)
        actor.deliver(Event("alarm", ring, outcome, kind="alarm", facts=(entry.time_ms,)))
        return outcome

    def _find(self, class_name: str, actor_id: str) -> Actor:
        name = self._indexes[class_name].name_of(actor_id)
        return self._find_actor(class_name, actor_id, name)

    def _done(
        self, key: tuple[str, str], entry: _Entry, done: PyodideFuture, is_awaited: bool
    ) -> None:
        """The handler is through: what the index says now is what comes next."""
        entry.running = False
        class_name, actor_id = key
        exc = None if done.cancelled() else done.exception()
        if exc is not None and not is_awaited:
            self._show(key, exc, entry)
        stored = self._indexes[class_name].get(actor_id)
        if stored is None:
            self._entries.pop(key, None)
        elif stored != entry.time_ms or exc is None:
            self._entries[key] = _Entry(stored)
        elif entry.retries >= MAX_RETRIES:
            self._give_up(key, entry)
        else:
            entry.due_ms = self._now() + round(FIRST_RETRY * 2**entry.retries * 1000)
            entry.retries += 1
        self._schedule()

    def _show(self, key: tuple[str, str], exc: BaseException, entry: _Entry) -> None:
        left = MAX_RETRIES - entry.retries
        then = f"retried {left} more times" if left else "given up after six retries"
        actor = self._find(*key)
        # The object's own exception, with its frames, and not the copy that leaves it.
        actor.report(getattr(exc, "__wrangler_origin__", exc), f"alarm ({then})")

    def _give_up(self, key: tuple[str, str], entry: _Entry) -> None:
        """The alarm is deleted, in the object's file as well."""
        class_name, actor_id = key
        self._entries.pop(key, None)
        actor = self._find(class_name, actor_id)
        actor.deliver(Event("alarm", _delete, NOBODY.run(pending)))


async def _ring(time_ms: int, retries: int, instance: Instance) -> None:
    alarm = instance.storage._alarm
    if not alarm.start(time_ms):
        return
    succeeded = False
    try:
        await instance.call("alarm", (AlarmInvocationInfo(time_ms, retries),))
        succeeded = True
    finally:
        if instance.storage._database.broken is None:
            alarm.finish(succeeded)


async def _delete(instance: Instance) -> None:
    instance.storage._alarm.set(None)
