"""The I/O context: which worker and which event the running code belongs to.

Every event (a request, a Durable Object's life, an alarm) runs in its own context. What a
script starts there, its tasks, timers and sockets, is registered here, lives as long as the
context does, and ends with it; work under `waitUntil` is awaited first.

Source: https://developers.cloudflare.com/workers/runtime-apis/context/
"""

from __future__ import annotations

import asyncio
import dis
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from .log import printable

_current: ContextVar[IoContext | None] = ContextVar("wrangler_py_io_context", default=None)

_object_trace: ContextVar[tuple[IoContext, Any] | None] = ContextVar(
    "wrangler_py_trace", default=None
)
"""A Durable Object's context outlives its events: the trace of the one that runs here."""

current = _current.get
"""The context of the code that is running now; None in global scope and in our own code."""


class IoContext:
    """What one event of a worker owns.

    The context is *open* while its event may still do something: until its handler has
    answered, and beyond that as long as somebody holds it (an open socket, a streaming body).
    """

    __slots__ = (
        "_caller",
        "_closed",
        "_finishing",
        "_holds",
        "answering",
        "background",
        "compat",
        "deadline",
        "input",
        "is_global",
        "keeps_code",
        "label",
        "on_error",
        "output",
        "pending_io",
        "props",
        "resources",
        "tasks",
        "trace",
        "uses_native_io",
        "worker",
    )

    def __init__(
        self,
        worker: Any,
        label: str,
        compat: Any,
        on_error: Callable[[BaseException, str], None] | None = None,
    ) -> None:
        self.worker = worker
        self.label = label
        """The event, as an error names it: a path, `Room "lobby"`; may be empty."""
        self.compat = compat
        self.is_global = False
        """Global scope: a module is being imported, and I/O is refused."""
        self._caller: IoContext | None = None
        """Who has our answer."""
        self.answering = False
        """The event's answer is still being made or sent; such a context does not end."""
        self.props: Any = None
        """What the binding that was called gives along, as JSON has it; None: nothing."""
        self.keeps_code = False
        """Goes on with its code after a reload: a Durable Object whose update is deferred."""
        self.input: Any = None
        """A Durable Object's input gate, which holds events back; None: nothing does."""
        self.output: Any = None
        """A Durable Object's output gate, which holds back what it says until it is durable."""
        self.deadline = 0.0
        """When the latest timer that was started here is due, by the worker's clock."""
        self.tasks: set[asyncio.Future[Any]] = set()
        self.background: set[asyncio.Future[Any]] = set()
        self.resources: dict[int, Callable[[], None]] = {}
        self.pending_io = 0
        """Fetches, reads and calls that may still wake this context."""
        self.trace: Any = None
        """What the Worker's tail consumers will be told of this event; None: there are none."""
        self.uses_native_io = False
        """The script opened sockets or threads of its own: we cannot tell what may wake it."""
        self.on_error = on_error
        self._holds = 0
        self._closed = False
        self._finishing: asyncio.Task[None] | None = None

    @property
    def closed(self) -> bool:
        return self._closed

    @contextmanager
    def entered(self) -> Iterator[IoContext]:
        """Run a block as code of this context."""
        token = _current.set(self)
        try:
            yield self
        finally:
            _current.reset(token)

    def run(self, function: Callable[..., Any], *args: Any) -> Any:
        """Call ``function`` as code of this context."""
        token = _current.set(self)
        try:
            return function(*args)
        finally:
            _current.reset(token)

    def report(self, exc: BaseException, where: str, of: str | None = None) -> None:
        """An exception that reached nobody: show it to the user.

        ``where`` is what failed ("waitUntil"), ``of`` whose it is; None: this event's own.
        """
        if getattr(exc, _ORIGIN, None) is not None and was_told(exc):
            return  # a copy: the object that it comes from was reset, and has said why
        exc.__wrangler_told__ = True  # type: ignore[attr-defined]
        trace = self.trace_now()
        if trace is not None:
            trace.exception(exc, is_outcome=self.answering and where != "waitUntil")
        of = self.label if of is None else of
        if self.on_error is not None:
            self.on_error(exc, f"{where} of {_shown(of)}" if of else where)

    def trace_now(self) -> Any:
        """The trace of what runs now: of the Durable Object's event, or of this one event."""
        found = _object_trace.get()
        return found[1] if found is not None and found[0] is self else self.trace

    def wait_until(self, awaitable: Awaitable[Any]) -> None:
        """`ctx.waitUntil`: the context stays alive until ``awaitable`` is done."""
        future = asyncio.ensure_future(awaitable)
        self.background.add(future)
        future.add_done_callback(self._background_done)

    def _background_done(self, future: asyncio.Future[Any]) -> None:
        self.background.discard(future)
        if not future.cancelled() and (exc := future.exception()) is not None:
            self.report(exc, "waitUntil")

    def _task_ended(self, task: asyncio.Future[Any]) -> None:
        self.tasks.discard(task)
        if not task.cancelled() and task._exception is not None:
            blame(task, self)

    def own(self, key: object, close: Callable[[], None]) -> None:
        """Register a resource; ``close`` runs when the context ends before it does."""
        if self._closed:
            close()
        else:
            self.resources[id(key)] = close

    def disown(self, key: object) -> None:
        self.resources.pop(id(key), None)

    def hold(self) -> None:
        """Keep the context open (an open socket, a body on its way)."""
        self._holds += 1

    def release(self) -> None:
        """Undo one `hold`; the last one lets the context end."""
        self._holds -= 1
        if self._holds == 0:
            self.finish()

    def answered(self) -> None:
        """The event's answer is out: only what is held or awaited keeps the context open."""
        self.answering = False
        self.finish()

    def outlive(self, caller: IoContext | None) -> None:
        """Stay open as long as ``caller``, which has our answer: its body, its socket."""
        if caller is not None and not caller.closed:
            self.hold()
            caller.own(self, self.release)
            self._caller = caller

    @property
    def is_awaited(self) -> bool:
        """Somebody waits for the event's answer, or, through others' answers, for its body."""
        caller = self._caller
        return self.answering or (caller is not None and not caller.closed and caller.is_awaited)

    def finish(self) -> None:
        """The event is over: wait for `waitUntil` work, then end what is left."""
        if self._closed or self.answering or self._holds > 0 or self._finishing is not None:
            return
        if not self.background:
            self.close()
            return
        self._finishing = asyncio.get_running_loop().create_task(self._drain())

    async def _drain(self) -> None:
        while self.background:
            await asyncio.wait(tuple(self.background))
        self._finishing = None
        if self._holds == 0:  # a socket may have been opened meanwhile
            self.close()

    def close(self) -> None:
        """End now: cancel tasks, close resources. Nothing of this context runs again."""
        if self._closed:
            return
        self._closed = True
        if self.worker is not None:
            self.worker.forget(self)
        if self.trace is not None:
            self.trace.end()
        for future in (*self.background, *self.tasks):
            if not future.done():  # else a failure that nobody has seen yet would be forgotten
                future.cancel()
        resources, self.resources = self.resources, {}
        for close in resources.values():
            close()


_LONGEST_LABEL = 200


def _shown(label: str) -> str:
    """A label on one line: a path is a client's, and may hold anything."""
    cut = label if len(label) <= _LONGEST_LABEL else f"{label[: _LONGEST_LABEL - 1]}…"
    return printable(cut)


def blame(future: asyncio.Future[Any], owner: IoContext) -> None:
    """``future`` failed: if nobody asks for its exception, it is ``owner``'s to report."""
    future.__wrangler_owner__ = owner  # type: ignore[attr-defined]


def to_blame(future: Any) -> IoContext | None:
    """Whose failed future this is; None: unknown."""
    return getattr(future, "__wrangler_owner__", None) or _current.get()


def was_told(exc: BaseException) -> bool:
    """Whether ``exc``, or what it is a copy of, was reported before."""
    found: BaseException | None = exc
    while found is not None:
        if hasattr(found, "__wrangler_told__"):
            return True
        found = getattr(found, _ORIGIN, None)
    return False


_ORIGIN = "__wrangler_origin__"
"""What an exception is a copy of that came from another object or worker."""


def is_cancelled() -> bool:
    """Whether the running task itself is to end, and not only what it waits for."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def is_ctrl_c(exc: BaseException) -> bool:
    """Whether the keyboard, and no `raise` of a script's, interrupted."""
    if not isinstance(exc, KeyboardInterrupt):
        return False
    last = exc.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    if last is None or last.tb_lasti < 0:
        return True
    return last.tb_frame.f_code.co_code[last.tb_lasti] != dis.opmap["RAISE_VARARGS"]


GLOBAL_SCOPE = (
    "Disallowed operation called within global scope. Asynchronous I/O (ex: fetch() or "
    "connect()), setting a timeout, and generating random values are not allowed within "
    "global scope. To fix this error, perform this operation within a handler. "
    "https://developers.cloudflare.com/workers/runtime-apis/handlers/"
)
"""What production says to I/O at import time (an Error)."""


def trace_object_event(owner: IoContext, trace: Any) -> None:
    """What the running task does from now on is told of in ``trace``, as of ``owner``'s event."""
    _object_trace.set((owner, trace))


def trace() -> Any:
    """What tail consumers will be told of the event that runs; None: there are none."""
    owner = _current.get()
    return None if owner is None else owner.trace_now()


def in_global_scope() -> bool:
    """Whether the running code is a module's top level."""
    context = _current.get()
    return context is not None and context.is_global


def adopt(task: asyncio.Future[Any]) -> None:
    """Register a task with the context that created it."""
    context = _current.get()
    if context is None:
        return
    if context._closed:
        task.cancel()
        return
    context.tasks.add(task)
    task.add_done_callback(context._task_ended)


@contextmanager
def io_pending() -> Iterator[None]:
    """Mark a wait for the outside world, which may wake the current context."""
    context = _current.get()
    if context is None:
        yield
        return
    context.pending_io += 1
    try:
        yield
    finally:
        context.pending_io -= 1
