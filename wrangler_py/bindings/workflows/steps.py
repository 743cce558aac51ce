"""The steps of one life of an instance: what was done before is not done again.

Implements: https://developers.cloudflare.com/workflows/build/workers-api/#workflowstep
Differs: `sleepUntil` is known again by its name, so that it may be read of the clock; wrangler's
engine knows it by how long it is, and fails after a pause. An attempt that a crash or a reload cut
off has failed, as on Cloudflare. A step that threw a NonRetryableError is not run again, either.
"""

from __future__ import annotations

import math
import re
import sqlite3
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ...js.callbacks import member
from ...js.convert import number, to_number, to_string
from ...js.date import Date
from ...js.errors import JsException, error, type_error
from ...js.null import is_nullish, jsnull
from ...js.object import JsObject
from .attempts import Attempts, Step
from .durations import milliseconds
from .errors import fatal, timed_out
from .file import key_of
from .records import Event, Timer
from .step_config import StepConfig

if TYPE_CHECKING:
    from .life import Life

__all__ = ["Steps"]

LONGEST_NAME = 256
_CONTROL = re.compile("[\x00-\x1f]")
_PAST = "You can't sleep until a time in the past, time-traveler"
_NO_MOMENT = (
    "NOT NULL constraint failed: priority_queue.target_timestamp: SQLITE_CONSTRAINT "
    "(extended: SQLITE_CONSTRAINT_NOTNULL)"
)


class Steps:
    """What `run()` is given to work with."""

    def __init__(self, life: Life, limit: int) -> None:
        self._life, self._file, self._limit = life, life.file, limit
        self._counts: dict[str, int] = {}
        self._begun = 0

    def break_off(self, exc: sqlite3.Error) -> None:
        """The file takes nothing more: the instance goes on another time, from where it was."""
        self._life.break_off(exc)

    async def do(self, name: Any, config: Any, call: Callable[[JsObject], Any]) -> Any:
        """The value of a step; ``call(ctx)`` is awaited, and raises a JsException if it fails.

        Raises:
            JsException: the step failed for good, or is none.
        """
        self._life.moved()
        self._begun += 1
        if self._begun > self._limit:
            raise fatal(
                f"The limit of {self._limit} steps has been reached. This limit can be changed in "
                "your worker configuration."
            )
        _check_name(name)
        asked = StepConfig.read(name, config)
        text = to_string(name)
        count = self._count(f"run-{text}")
        step = Step(name, count, key_of(text, count), f"{text}-{count}")
        known = self._file.get(f"{step.key}-value")
        if known is not None:
            return member(known, "value")
        stream = self._file.get(f"{step.key}-value-stream-meta")
        if member(stream, "state") == "complete":
            return self._file.pieces.stream(step.key, stream)
        failure = self._file.get(f"{step.key}-error")
        if failure is not None:
            raise failure
        before = self._file.get(f"{step.key}-config")
        settings = asked if before is None else asked.as_before(before)
        value = await Attempts(self._life, step, settings, call).run()
        self._life.moved()
        return value

    async def sleep(self, name: Any, duration: Any) -> None:
        self._life.moved()
        if is_nullish(duration):
            shown = "null" if duration is jsnull else "undefined"
            raise type_error(f"Cannot read properties of {shown} (reading 'toString')")
        if isinstance(duration, str):
            duration = number(milliseconds(duration))
        text = f"{to_string(name)}{to_string(duration)}"
        count = self._count(f"sleep-{text}")
        ms = float(to_number(duration))
        await self._sleep(name, key_of(text, count), count, ms)

    async def sleep_until(self, name: Any, moment: Any) -> None:
        """``moment``: a Date, or milliseconds since 1970."""
        self._life.moved()
        count = self._count(f"until-{to_string(name)}")
        key = key_of(f"{to_string(name)} until", count)
        due = float(to_number(moment.getTime() if isinstance(moment, Date) else moment))
        now = self._life.clock.now_ms()
        if due < now and self._file.get(f"{key}-value") is None:
            raise error(_PAST)
        await self._sleep(name, key, count, due - now)

    async def _sleep(self, name: Any, key: str, count: int, ms: float) -> None:
        file, target = self._file, f"{to_string(name)}-{count}"
        if file.get(f"{key}-value") is None:
            if math.isnan(ms):
                raise _no_moment("the duration")
            due: float | None = self._life.clock.now_ms() + ms
            with file.transaction():
                file.history.add(Event.SLEEP_START, key, target, {"durationMs": number(ms)})
                file.put(f"{key}-value", True)
                file.timers.add(Timer.SLEEP, key, self._life.clock.now_ms() + ms)
        else:
            due = file.timers.due(Timer.SLEEP, key)
        if due is not None:
            await self._life.until(due)
        with file.transaction():
            if file.get(f"{key}-log-written") is None:
                file.history.add(Event.SLEEP_COMPLETE, key, target)
                file.put(f"{key}-log-written", True)
            file.timers.remove(Timer.SLEEP, key)
        self._life.moved()

    async def wait_for_event(self, name: Any, options: Any) -> Any:
        """The event, once it has come.

        Raises:
            JsException: it did not come in time.
        """
        self._life.moved()
        if is_nullish(options):
            shown = "null" if options is jsnull else "undefined"
            raise type_error(f"Cannot read properties of {shown} (reading 'timeout')")
        kind, file = to_string(member(options, "type")), self._file
        patience_ms = milliseconds(member(options, "timeout") or "24 hours")
        count = self._count(f"waitForEvent-{to_string(name)}")
        target = f"{to_string(name)}-{count}"
        key = key_of(target, count)
        known = file.get(f"{key}-value")
        if known is not None:
            return known
        failure = file.get(f"{key}-error")
        if failure is not None:
            raise failure
        due = self._wait_begins(key, target, kind, patience_ms)
        in_time = due > self._life.clock.now_ms()
        while in_time and not file.inbox.has(kind):  # another step may have been quicker
            in_time = await self._life.event_came(kind, due)
        if in_time:
            return self._event_came(key, target, kind)
        raise self._nothing_came(key, target, patience_ms)

    def _wait_begins(self, key: str, target: str, kind: str, patience_ms: float) -> float:
        """When patience ends."""
        file = self._file
        known = file.timers.due(Timer.TIMEOUT, key)
        if known is not None:
            return known
        if file.timers.is_over(Timer.TIMEOUT, key):
            return 0
        if math.isnan(patience_ms):
            raise _no_moment("the timeout")
        due: float = self._life.clock.now_ms() + patience_ms
        with file.transaction():
            file.history.add(Event.WAIT_START, key, target, {"event": kind})
            file.put(f"{key}-pending", True)
            file.timers.add(Timer.TIMEOUT, key, due)
        return due

    def _event_came(self, key: str, target: str, kind: str) -> JsObject:
        file = self._file
        self._life.moved()
        with file.transaction():  # or a crash would lose it
            event = file.inbox.take(kind)
            file.timers.remove(Timer.TIMEOUT, key)
            file.history.add(Event.WAIT_COMPLETE, key, target, dict(event._entries()))
            file.put(f"{key}-value", event)
        return event

    def _nothing_came(self, key: str, target: str, patience_ms: float) -> JsException:
        file = self._file
        self._life.moved()
        late = timed_out(to_string(number(patience_ms)))
        with file.transaction():
            file.timers.remove(Timer.TIMEOUT, key)
            facts = {"name": late.name, "message": late.message}
            file.history.add(Event.WAIT_TIMED_OUT, key, target, facts)
            file.put(f"{key}-error", late)
        return late

    def _count(self, what: str) -> int:
        self._counts[what] = self._counts.get(what, 0) + 1
        return self._counts[what]


def _check_name(name: Any) -> None:
    if is_nullish(name):
        shown = "null" if name is jsnull else "undefined"
        raise type_error(f"Cannot read properties of {shown} (reading 'length')")
    if isinstance(name, str) and (len(name) > LONGEST_NAME or _CONTROL.search(name)):
        raise fatal(
            f'Step name "{name}" exceeds max length ({LONGEST_NAME} chars) or invalid characters '
            "found"
        )


def _no_moment(what: str) -> JsException:
    exc = error(_NO_MOMENT)
    exc.add_note(f'hint: {what} is none: write milliseconds, or text like "5 minutes"')
    return exc
