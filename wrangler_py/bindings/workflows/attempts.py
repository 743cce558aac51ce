"""One step at work: attempts, each with its patience, and the delays between them.

Implements: https://developers.cloudflare.com/workflows/build/sleeping-and-retrying/#retry-steps
Differs: an attempt that has lost its patience goes on in the background, as on Cloudflare, but what
it gives is dropped.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ...js.convert import number, to_string
from ...js.errors import JsException, error, type_error
from ...js.object import JsObject
from .errors import fatal, internal, is_not_retryable, named, timed_out, unprefixed
from .records import Event, Timer
from .step_config import StepConfig
from .streams import is_stream, meta_of

if TYPE_CHECKING:
    from .life import Life

__all__ = ["Attempts", "Step"]

DELAY_PATIENCE = 5.0
"""Seconds that a function gets that is asked for a delay."""
MOST_BYTES = 1024 * 1024 + 1024
"""Of what a step gives, with some for the format that it is kept in."""
_TOO_LARGE = "Step {} output is too large. Maximum allowed size is 1MiB."
_HINT = (
    "hint: a step gives what can be stored: numbers, strings, bytes, dates, lists and dicts of them"
)
_CUT_OFF = ("WorkflowInternalError", "Attempt failed due to internal workflows error")


@dataclass(frozen=True, slots=True)
class Step:
    """Which step it is."""

    name: Any
    count: int
    """How many of this name there were up to this one."""
    key: str
    """What its values are kept under."""
    target: str
    """How the log calls it."""


class Attempts:
    """All attempts of one step."""

    def __init__(
        self, life: Life, step: Step, config: StepConfig, call: Callable[[JsObject], Any]
    ) -> None:
        self._life, self._file = life, life.file
        self._step, self._config, self._call = step, config, call
        state = self._file.get(f"{step.key}-metadata")
        self._attempt = 0 if state is None else int(state.attemptedCount)
        """The latest one's number."""

    async def run(self) -> Any:
        """The first value that an attempt gives.

        Raises:
            JsException: the last one failed.
        """
        if self._attempt > 0:
            self._tell_cut_off()
        while True:
            await self._rest_of_delay()
            async with self._life.step():
                try:
                    return await self._next()
                except JsException as exc:
                    self._life.check()
                    failure = exc
                    ms = await self._delay_after(failure)
            await self._wait(failure, ms)

    def _tell_cut_off(self) -> None:
        """The instance was cut off in the middle of an attempt."""
        ways = Event.ATTEMPT_START, Event.ATTEMPT_SUCCESS, Event.ATTEMPT_FAILURE
        if self._file.history.last_event(self._step.key, *ways) == Event.ATTEMPT_START:
            self._log_failure(*_CUT_OFF)

    async def _rest_of_delay(self) -> None:
        """A delay that an earlier life of the instance began."""
        due = self._file.timers.due(Timer.RETRY, self._hash)
        if due is not None:
            await self._life.until(due)
            self._file.timers.remove(Timer.RETRY, self._hash)

    async def _next(self) -> Any:
        file, key, patience_ms = self._file, self._step.key, self._config.timeout_ms
        with file.transaction():
            if self._attempt == 0:
                file.put(f"{key}-config", self._config.stored)
                self._log(Event.STEP_START, config=self._config.shown())
            self._attempt += 1
            self._log(Event.ATTEMPT_START, attempt=self._attempt)
            file.put(f"{key}-metadata", JsObject({"attemptedCount": self._attempt}))
            if patience_ms is not None:
                due = self._life.clock.now_ms() + patience_ms
                file.timers.add(Timer.TIMEOUT, self._hash, due)
        if patience_ms is None:  # it was given as undefined, which is no reason for the usual one
            raise type_error("Cannot read properties of undefined (reading 'match')")
        outcome: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        late = timed_out(to_string(number(patience_ms)))
        cancel = self._life.later(patience_ms / 1000, lambda: _fail(outcome, late))
        self._life.carry_out(self._carry_out(outcome))
        try:
            return await outcome
        finally:
            cancel()

    async def _carry_out(self, outcome: asyncio.Future[Any]) -> None:
        """Call the step; what it gives is kept in the same turn of the loop."""
        try:
            value = await self._call(self._ctx())
            if outcome.done():
                return  # too late
            self._life.check()
            if is_stream(value):
                value = await self._keep_stream(value, outcome)
            else:
                self._keep(value)
            self._life.check()
        except JsException as exc:
            _fail(outcome, exc)
        except sqlite3.Error as exc:
            failure = internal(f"Storage failure for {self._step.target} due to internal error.")
            failure.add_note(f"hint: SQLite says: {exc}")
            _fail(outcome, failure)
        else:
            if not outcome.done():
                outcome.set_result(value)

    def _keep(self, value: Any) -> None:
        file, shown = self._file, "[REDACTED]" if self._config.is_sensitive else value
        try:
            with file.transaction():
                size = file.put(f"{self._step.key}-value", JsObject({"value": value}))
                if size > MOST_BYTES:
                    raise internal(_TOO_LARGE.format(self._step.target))
                file.timers.remove(Timer.TIMEOUT, self._hash)
                self._log(Event.ATTEMPT_SUCCESS, attempt=self._attempt)
                self._log(Event.STEP_SUCCESS, result=shown)
        except JsException as exc:
            if exc.name != "DataCloneError":
                raise
            self._cannot_be_kept(exc)

    async def _keep_stream(self, stream: Any, outcome: asyncio.Future[Any]) -> Any:
        file, key, began = self._file, self._step.key, self._life.clock.now_ms()
        try:
            count, size = await file.pieces.write(key, self._attempt, stream)
        except JsException as exc:
            self._life.check()
            self._cannot_be_read(exc)
            return None
        self._life.check()
        if outcome.done():
            return None
        meta = meta_of(self._attempt, count, size, began, self._life.clock.now_ms())
        shown: dict[str, Any] = {
            "streamOutput": JsObject({"cacheKey": key, "meta": meta}),
        }
        if self._config.is_sensitive:
            shown = {"result": "[REDACTED]"}
        with file.transaction():
            file.put(f"{key}-value-stream-meta", meta)
            file.timers.remove(Timer.TIMEOUT, self._hash)
            self._log(Event.ATTEMPT_SUCCESS, attempt=self._attempt)
            self._log(Event.STEP_SUCCESS, **shown)
        return file.pieces.stream(key, meta)

    def _cannot_be_kept(self, exc: JsException) -> None:
        name = to_string(self._step.name)
        last = fatal(
            "The execution of the Workflow instance was terminated, as the step "
            f'"{name}" returned a value which is not serialisable'
        )
        last.add_note(_HINT)
        self._end_instance(last, exc, f'Value returned from step "{name}" is not serialisable')

    def _cannot_be_read(self, exc: JsException) -> None:
        reason = f"Failed to read from step ReadableStream output. {exc.message}"
        last = fatal(
            "The execution of the Workflow instance was terminated, as the step "
            f'"{to_string(self._step.name)}" returned an invalid ReadableStream output. {reason}'
        )
        self._end_instance(last, exc, reason)

    def _end_instance(self, last: JsException, cause: JsException, reason: str) -> None:
        """Such a value ends the instance, whatever its code would do."""
        last.__cause__ = cause
        with self._file.transaction():
            self._log_failure(last.name, reason)
            self._log(Event.STEP_FAILURE)
            self._life.fail(last)
        self._life.end()

    async def _delay_after(self, failure: JsException) -> float:
        """Milliseconds until the next attempt, which is noted.

        Raises:
            JsException: there is none.
        """
        self._file.timers.remove(Timer.TIMEOUT, self._hash)
        if is_not_retryable(failure):
            self._end(failure, *self._shown_not_retryable(failure))
        if self._attempt > self._config.limit:
            self._end(failure, failure.name, failure.message)
        try:
            delay = await self._asked_delay(failure)
            ms = self._config.wait_ms(delay, self._attempt)
        except JsException as exc:
            broken = f'The delay function for step "{self._step.target}" {exc.message}'
            self._end(named("NonRetryableDelayError", broken), failure.name, failure.message)
        with self._file.transaction():
            self._log_failure(failure.name, failure.message, retryDelayMs=number(ms))
            self._file.timers.add(Timer.RETRY, self._hash, self._life.clock.now_ms() + ms)
        return ms

    async def _wait(self, failure: JsException, ms: float) -> None:
        self._life.tell_retry(self._step.target, self._attempt, ms, failure)
        self._life.moved()
        await self._life.until(self._life.clock.now_ms() + ms)
        self._file.timers.remove(Timer.RETRY, self._hash)

    async def _asked_delay(self, failure: JsException) -> Any:
        if not self._config.is_dynamic:
            return self._config.delay
        try:
            asked = self._config.delay(JsObject({"ctx": self._ctx(), "error": failure}))
            return await self._life.within(DELAY_PATIENCE, asked)
        except JsException as exc:
            if exc.name == "DelayFunctionError":
                raise
            raise named("DelayFunctionError", f"threw an error: {exc.message}") from exc

    def _end(self, last: JsException, name: str, message: str) -> None:
        """No more attempts.

        Raises:
            JsException: ``last``, now and whenever the step is asked for again.
        """
        with self._file.transaction():
            self._log_failure(name, message)
            self._log(Event.STEP_FAILURE)
            self._file.put(f"{self._step.key}-error", _kept(last))
        raise last

    def _shown_not_retryable(self, exc: JsException) -> tuple[str, str]:
        if self._life.keeps_messages:
            return "NonRetryableError", unprefixed(exc)
        return (
            "WorkflowFatalError",
            f'Step threw a NonRetryableError with message "{exc.message}"',
        )

    @property
    def _hash(self) -> str:
        return f"{self._step.key}-{self._attempt}"

    def _ctx(self) -> JsObject:
        step = JsObject({"name": self._step.name, "count": self._step.count})
        return JsObject({"step": step, "attempt": self._attempt, "config": self._config.shown()})

    def _log(self, event: Event, **facts: Any) -> None:
        self._file.history.add(event, self._step.key, self._step.target, facts)

    def _log_failure(self, name: str, message: str, **more: Any) -> None:
        shown = JsObject({"name": name, "message": message})
        self._log(Event.ATTEMPT_FAILURE, attempt=self._attempt, error=shown, **more)


def _fail(outcome: asyncio.Future[Any], exc: JsException) -> None:
    if not outcome.done():
        outcome.set_exception(exc)


def _kept(exc: JsException) -> JsException:
    """An error as it can be stored: a DOMException cannot."""
    if exc.constructor.name == "DOMException":
        return error(f"{exc.name}: {exc.message}")
    return exc
