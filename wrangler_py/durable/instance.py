"""One life of an object: its context, its state, the user's instance, the events it runs.

Source: https://developers.cloudflare.com/durable-objects/reference/in-memory-state/
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Coroutine, Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from ..compat import Compat
from ..config.model import Config
from ..context import IoContext, is_ctrl_c, trace_object_event
from ..js.calling import relaxed_count
from ..js.errors import JsException, error, type_error
from ..js.promise import PyodideFuture
from .gates import NOBODY, InputGate, OutputGate
from .rpc import fail_with, settle_with
from .state import DurableObjectState
from .storage import DurableObjectStorage, close, open_storage

if TYPE_CHECKING:
    from .actor import Actor

_OURS = str(Path(__file__).parents[1])
_ENDED = "Durable Object storage is no longer accessible: the object's instance was evicted."


class Code(Protocol):
    """What an object needs of the worker that its class is in."""

    config: Config
    compat: Compat
    env: Any

    def new_context(self, label: str) -> IoContext:
        """A context for one life of an object."""

    def durable_class(self, name: str) -> type:
        """The exported class; a TypeError says that there is none."""

    def durable_classes(self) -> Iterable[str]:
        """The names of all exported classes."""

    def drive(self, handler: Coroutine[Any, Any, Any]) -> Any:
        """``handler``, such that `run_sync` works in it."""

    @property
    def tails(self) -> Any:
        """What begins a trace for those who are told of events; None: nobody is."""

    def not_a_response(self, value: Any) -> BaseException:
        """What a fetch handler's caller gets when ``value`` is what it returned."""


class Event:
    """Something that an object is to do, once it is its turn."""

    __slots__ = ("facts", "kind", "name", "on_lost", "result", "run", "timeout", "timer", "trace")

    def __init__(
        self,
        name: str,
        run: Callable[[Instance], Coroutine[Any, Any, Any]],
        result: PyodideFuture | None = None,
        timeout: float | None = None,
        on_lost: Callable[[], None] | None = None,
        kind: str | None = None,
        facts: tuple[Any, ...] = (),
    ) -> None:
        """``kind``, ``facts``: for tail consumers; None: it is no event of the script's."""
        self.kind, self.facts = kind, facts
        self.trace: Any = None
        self.name, self.run, self.result = name, run, result
        self.timeout = timeout
        self.timer: asyncio.TimerHandle | None = None
        self.on_lost = on_lost
        """The object could not take the event in."""

    def fail(self, exc: BaseException) -> None:
        """It will not be done, or failed."""
        if self.result is not None:
            fail_with(self.result, exc)
        if self.on_lost is not None:
            self.on_lost()


class Instance:
    """The user's object from its constructor to its eviction."""

    def __init__(self, actor: Actor, code: Code) -> None:
        self.actor, self.code = actor, code
        self.input = InputGate(actor.pump, actor.reset_by)
        self.storage = self._open_storage()
        self.output = OutputGate(self.storage._database)
        self.context = code.new_context(actor.short_label)
        self.context.answering = True  # ends when it is evicted, not when it has answered
        self.context.input, self.context.output = self.input, self.output
        self.object: Any = None
        self.state = DurableObjectState(self)
        self.scheduled: dict[Event, asyncio.Task[None]] = {}
        """Events whose tasks have not begun, in order."""
        self.running: dict[Event, asyncio.Task[None]] = {}
        self.leaving: dict[Event, None] = {}
        """Events whose answers wait for a commit."""
        self._handlers: dict[str, tuple[Callable[..., Any], int]] = {}
        self._legacy = not code.compat.has("python_no_global_handlers")

    def _open_storage(self) -> DurableObjectStorage:
        actor = self.actor
        return open_storage(
            actor.folder,
            actor.id.toString(),
            actor.index,
            name=actor.id.name,
            rules=actor.rules(self.code),
            block=lambda closure: self.input.block(closure, resets=False),
            on_failure=actor.reset_by,
            memory=actor.memory,
        )

    def start(self, event: Event) -> None:
        """Begin ``event`` in the next turn, behind those that were started before."""
        loop = asyncio.get_running_loop()
        self.scheduled[event] = self.context.run(loop.create_task, self._handle(event))

    def hold_back(self) -> None:
        """What has not begun goes back to the front of the queue."""
        held, self.scheduled = self.scheduled, {}
        current = asyncio.current_task()
        for task in held.values():
            if task is not current:
                task.cancel()
        self.actor.queue.extendleft(reversed(held))

    async def _handle(self, event: Event) -> None:
        try:
            if self.object is None:
                self._construct()
        except BaseException as exc:
            del self.scheduled[event]
            self.actor.not_constructed(self, event, exc)
            return
        if self.input.closed:
            self.hold_back()
            return
        self.running[event] = self.scheduled.pop(event)
        if self.code.tails is not None and event.kind is not None:
            self._trace(event)
        if event.timeout is not None:
            loop = asyncio.get_running_loop()
            event.timer = NOBODY.run(loop.call_later, event.timeout, self._cut_off, event)
        try:
            self._answer(event, await self.code.drive(event.run(self)))
        except Exception as exc:
            self._fail(event, _from_script(exc))
        except asyncio.CancelledError as exc:
            event.fail(error(str(exc) or "The handler was canceled."))
        except (KeyboardInterrupt, SystemExit) as exc:
            if is_ctrl_c(exc):
                raise
            self._fail(event, _from_script(exc))
        except BaseException as exc:
            # The SDK's abort: the real one is a microtask that is due before this.
            asyncio.get_running_loop().call_soon(self._gave_up, event, exc)
            return
        self._done(event)

    def _trace(self, event: Event) -> None:
        actor = self.actor
        event.trace = self.code.tails.begin(
            event.kind, event.facts, actor.class_name, actor.id.toString()
        )
        trace_object_event(self.context, event.trace)

    def _gave_up(self, event: Event, exc: BaseException) -> None:
        event.fail(exc)
        self._done(event)

    def _construct(self) -> None:
        cls = self.code.durable_class(self.actor.class_name)
        self.object = cls(self.state, self.code.env)

    def _answer(self, event: Event, value: Any) -> None:
        if event.result is not None:
            self._say(event, settle_with, value)

    def _fail(self, event: Event, exc: BaseException) -> None:
        if event.result is None:
            self.context.report(exc, event.name)
        else:
            if event.trace is not None and event.kind != "rpc":
                event.trace.exception(exc, is_outcome=True)
            self._say(event, fail_with, exc)

    def _say(self, event: Event, settle: Callable[[PyodideFuture, Any], None], value: Any) -> None:
        """Answer, behind the commit of what was written."""
        result = event.result
        assert result is not None
        if not self.output.closed:
            settle(result, value)
            return

        def leave() -> None:
            self.leaving.pop(event, None)
            settle(result, value)

        self.leaving[event] = None
        self.output.hold(leave)

    def _done(self, event: Event) -> None:
        self.running.pop(event, None)
        if event.trace is not None:
            event.trace.end()
        if event.timer is not None:
            event.timer.cancel()
        self.actor.ended(self)

    def _cut_off(self, event: Event) -> None:
        """The event took longer than `setHibernatableWebSocketEventTimeout` allows."""
        task = self.running.get(event)
        if task is not None:
            task.cancel()

    async def call(self, name: str, args: tuple[Any, ...]) -> Any:
        """Call a handler as the runtime does: as many arguments as it takes, as they are.

        Raises:
            JsException: there is none.
        """
        handler, count = self.handler(name, len(args))
        result = handler(*args[:count])
        return await result if inspect.isawaitable(result) else result

    def handler(self, name: str, most: int) -> tuple[Callable[..., Any], int]:
        """A special handler, and how many of ``most`` arguments it takes."""
        found = self._handlers.get(name)
        if found is None:
            method = self.method(f"on_{name}" if self._legacy else name)
            found = self._handlers[name] = method, relaxed_count(method, most)
        return found

    def method(self, name: str) -> Callable[..., Any]:
        """The user's method.

        Raises:
            JsException: there is none.
        """
        method = None if name.startswith("_") else getattr(self.object, name, None)
        if not callable(method):
            raise type_error(f"Method {name} does not exist")
        return method  # type: ignore[no-any-return]

    @property
    def busy(self) -> bool:
        """Whether an event runs, or something holds all events back."""
        return bool(self.running or self.scheduled) or self.input.closed

    def is_idle(self, now: float) -> bool:
        """Whether nothing would be lost but memory if the instance were evicted."""
        return self.kept_by(now) is None

    def kept_by(self, now: float) -> str | None:
        """What would be lost besides memory, for a person."""
        context = self.context
        if self.running or self.scheduled:
            return "an event is running"
        if self.input.closed:
            return "blockConcurrencyWhile or storage holds events back"
        if context.deadline > now:
            return "a timer is set"
        if context.resources or context._holds:
            return "a WebSocket of accept(), a connection or a body is open"
        if context.background:
            return "work given to waitUntil is running"
        if context.pending_io:
            return "it waits for an answer"
        if context.uses_native_io and context.tasks:
            return "tasks with connections or threads of their own are running"
        return None

    def close(self, reason: JsException, *, commit: bool) -> None:
        """End it: nothing of it runs again; what has not answered fails with ``reason``."""
        if commit:
            with suppress(JsException):  # a failed commit has reset the object
                self.storage._database.flush()
        for event in (*self.running, *self.scheduled, *self.leaving):
            event.fail(reason)
        self.running, self.scheduled, self.leaving = {}, {}, {}
        self.input.close()
        self.output.discard()
        with suppress(JsException):
            close(self.storage, commit)
        database = self.storage._database
        database.broken = database.broken or error(_ENDED)
        self.context.close()


def _from_script(exc: BaseException) -> BaseException:
    """``exc`` with a traceback that begins where the user's code does, if it got there."""
    frame = exc.__traceback__
    while frame is not None and frame.tb_frame.f_code.co_filename.startswith(_OURS):
        frame = frame.tb_next
    return exc if frame is None else exc.with_traceback(frame)
