"""One life of an instance: from a start of its `run()` to its end, a pause, a reload or a crash.

Each life runs the code from the beginning; steps that an earlier one did give what they gave then.
"""

from __future__ import annotations

import asyncio
import inspect
import sqlite3
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from contextvars import Context
from typing import TYPE_CHECKING, Any, Protocol

from ...js.convert import number, to_string
from ...js.errors import JsException
from ...log import log, printable
from .errors import is_not_retryable, named, unprefixed
from .steps import Steps

if TYPE_CHECKING:
    from .instance import Instance

__all__ = ["Code", "Life"]

KEEPS_MESSAGES = "workflows_preserve_non_retryable_error_message"
_NOT_HANDLED = (
    "The execution of the Workflow instance was terminated, as a step threw an NonRetryableError "
    "and it was not handled"
)


class Code(Protocol):
    """A worker whose code instances run."""

    config: Any
    exported: Any
    compat: Any
    retired: bool
    clock: Any

    def new_context(self, label: str) -> Any:
        """A context for one life."""

    async def call_workflow(self, owner: Any, class_name: str, event: Any, steps: Steps) -> Any:
        """`run()` of a class; raises a JsException as it crosses the border."""


class Life:
    """The instance while its code runs."""

    def __init__(self, instance: Instance, code: Code) -> None:
        self.instance, self.code = instance, code
        self.file, self.clock = instance.file, code.clock
        self.keeps_messages: bool = code.compat.has(KEEPS_MESSAGES)
        self._owner = code.new_context(instance.title)
        self._over = False
        self._running = 0
        """Steps that are being carried out."""
        self._held: asyncio.Future[None] | None = None
        """Steps wait for it to begin, as the instance is to be paused."""
        self._waiting: dict[str, list[asyncio.Future[bool]]] = {}
        """Who waits for an event, by its type."""
        self._timers: set[Any] = set()
        self._task: asyncio.Task[None] | None = None

    def begin(self) -> None:
        # Nobody's: it outlives the event that creates the instance.
        self._task = Context().run(asyncio.create_task, self._live())

    async def _live(self) -> None:
        metadata, definition = self.file.metadata, self.instance.definition
        steps = Steps(self, definition.step_limit)
        self._owner.answering = True
        try:
            output = await self.code.call_workflow(
                self._owner, definition.class_name, metadata.event, steps
            )
            self.check()
            self.file.finish(output)
        except asyncio.CancelledError:
            self.end()
            raise
        except JsException as exc:
            if not self._over:
                self.fail(exc)
                self._leave()
        except sqlite3.Error as exc:
            self.break_off(exc)
        else:
            self.instance.tell("complete")
            self._leave()

    def _leave(self) -> None:
        """`run()` is through: what it gave to `waitUntil` may go on."""
        self._over = True
        self._stop_timers()
        self._owner.answered()
        self.instance.life_ended(self)

    def fail(self, exc: JsException) -> None:
        """The instance ends by ``exc``; the user is told."""
        name, message = exc.name, exc.message
        if is_not_retryable(exc):
            name, message = "NonRetryableError", unprefixed(exc)
            if not self.keeps_messages:
                name, message = "WorkflowFatalError", _NOT_HANDLED
        self.file.fail(name, message)
        self._owner.report(getattr(exc, "__wrangler_origin__", exc), "run", self.instance.title)
        self.instance.tell("errored")

    def break_off(self, exc: sqlite3.Error) -> None:
        """The file takes nothing more: it goes on after a restart, where it was."""
        if not self._over:
            exc.add_note("hint: the instance goes on where it was when the server starts again")
            self._owner.report(exc, "run", self.instance.title)
            self.end()

    def end(self) -> None:
        """Stop now; nothing of the code runs again, and what is stored stays."""
        if self._over:
            return
        self._over = True
        self._stop_timers()
        if self._task is not None:
            self._task.cancel()
        self._owner.close()
        self.instance.life_ended(self)

    def check(self) -> None:
        """
        Raises:
            CancelledError: this life is over.
        """
        if self._over:
            raise asyncio.CancelledError

    def moved(self) -> None:
        """Something happened: for those who wait until nothing does."""
        self.check()
        self.instance.workflows.turns += 1

    # Steps.

    @asynccontextmanager
    async def step(self) -> AsyncIterator[None]:
        """An attempt of a step. A pause waits for its end."""
        while self._held is not None:
            await asyncio.shield(self._held)
        self._running += 1
        try:
            yield
        finally:
            self._running -= 1
            self._pause_if_wanted()

    def _pause_if_wanted(self) -> None:
        if self._running == 0 and self._held is not None and not self._over:
            self.instance.pause_now()

    def carry_out(self, attempt: Coroutine[Any, Any, None]) -> None:
        """Run ``attempt`` as code of the worker's, to its end."""
        attempts = self.instance.workflows.attempts
        task = asyncio.create_task(attempt)
        attempts.add(task)
        task.add_done_callback(attempts.discard)

    def hold(self) -> bool:
        """Let no step begin; whether none is being carried out."""
        if self._held is None:
            self._held = asyncio.get_running_loop().create_future()
        return self._running == 0

    def release(self) -> None:
        """Let steps begin again."""
        held, self._held = self._held, None
        if held is not None:
            held.set_result(None)

    def tell_retry(self, target: str, attempt: int, ms: float, failure: JsException) -> None:
        last = failure.message.rstrip().rpartition("\n")[2]
        log.warn(
            f"step {printable(target)} of {self.instance.title} failed in attempt {attempt}, and "
            f"is tried again in {to_string(number(ms))} ms: {printable(last)}"
        )

    # Time and events.

    def later(self, seconds: float, call: Callable[[], None]) -> Callable[[], None]:
        """Call ``call`` as nobody's code, by the worker's clock; what takes that back."""
        loop = asyncio.get_running_loop()

        def due() -> None:
            self._timers.discard(timer)
            call()

        def cancel() -> None:
            self._timers.discard(timer)
            timer.cancel()

        start = Context().run  # or it would be a timer of the script's
        timer = start(self.clock.start, loop.call_later, max(seconds, 0), due, context=Context())
        self._timers.add(timer)
        return cancel

    async def until(self, due_ms: float) -> None:
        """Wait for a moment, in milliseconds since 1970."""
        done = asyncio.get_running_loop().create_future()
        cancel = self.later(self._left(due_ms), lambda: _settle(done, True))
        try:
            await done
        finally:
            cancel()

    async def event_came(self, kind: str, due_ms: float) -> bool:
        """Whether an event of that type came before a moment."""
        came = asyncio.get_running_loop().create_future()
        waiting = self._waiting.setdefault(kind, [])
        waiting.append(came)
        cancel = self.later(self._left(due_ms), lambda: _settle(came, False))
        try:
            return bool(await came)
        finally:
            cancel()
            if came in waiting:
                waiting.remove(came)

    def wake(self, kind: str) -> None:
        """An event of that type has come: it is for him who has waited longest."""
        for came in self._waiting.get(kind, ()):
            if not came.done():
                came.set_result(True)
                return

    async def within(self, seconds: float, asked: Any) -> Any:
        """What ``asked`` gives.

        Raises:
            JsException: that was not in time, or it failed.
        """
        if not inspect.isawaitable(asked):
            return asked
        answer = asyncio.ensure_future(asked)
        late: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        cancel = self.later(seconds, lambda: _settle(late, None))
        try:
            await asyncio.wait((answer, late), return_when=asyncio.FIRST_COMPLETED)
        finally:
            cancel()
        if answer.done():
            return answer.result()
        raise named("DelayFunctionError", f"did not return within {seconds:g} seconds")

    def _left(self, due_ms: float) -> float:
        now_ms: int = self.clock.now_ms()
        return (due_ms - now_ms) / 1000

    def _stop_timers(self) -> None:
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()


def _settle(future: asyncio.Future[Any], value: Any) -> None:
    if not future.done():
        future.set_result(value)
