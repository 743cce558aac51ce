"""`run_sync`: wait for a promise in code that is not async, as JSPI does in production.

A coroutine that is *driven* runs in a greenlet of its own. `run_sync`, at any depth of ordinary
calls below it, switches to the greenlet's parent, which is the asyncio task; the task waits for
the future as if the coroutine had awaited it, and switches back. Driving costs some
microseconds per task, so nothing is driven before a worker asks for `run_sync`.

Implements: https://pyodide.org/en/stable/usage/api/python-api/ffi.html#pyodide.ffi.run_sync
"""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable, Coroutine
from typing import Any

from . import profile

SYNCHRONOUS_ENTRY = (
    "Cannot stack switch because the Python entrypoint was a synchronous function. "
    "Use pyfunc.callPromising() to fix."
)

_wanted = False


def want() -> None:
    """A worker asked for `run_sync`: its coroutines are to be driven from now on."""
    global _wanted
    _wanted = True


def needs_greenlet() -> bool:
    """Whether `drive` is needed."""
    return _wanted


def can_run_sync() -> bool:
    """Whether the running code may call `run_sync`."""
    return _wanted and isinstance(_greenlets().getcurrent(), _suspendable())


def run_sync(awaitable: Any) -> Any:
    """Wait for ``awaitable`` without `await`, and give its result.

    Raises:
        RuntimeError: nobody drives the running code.
        TypeError: ``awaitable`` is none.
    """
    if not profile.current().has_run_sync:
        raise RuntimeError("No suspender")
    if not can_run_sync():
        if isinstance(awaitable, Coroutine):
            awaitable.close()  # or Python would warn that nobody awaited it
        raise RuntimeError(SYNCHRONOUS_ENTRY)
    current = _greenlets().getcurrent()
    waiting = _future(awaitable).__await__()
    sent: Any = None
    try:
        while True:
            sent = current.parent.switch(waiting.send(sent))
    except StopIteration as stop:
        return stop.value


def _future(awaitable: Any) -> Any:
    """A coroutine becomes a task, so that it has a context of its own, as in Pyodide."""
    if asyncio.isfuture(awaitable):
        return awaitable
    if isinstance(awaitable, Coroutine):
        return asyncio.get_running_loop().create_task(drive(awaitable))
    if hasattr(type(awaitable), "__await__"):
        return asyncio.ensure_future(awaitable)
    raise TypeError(f"object {type(awaitable).__name__} can't be used in 'await' expression")


def drive(coroutine: Coroutine[Any, Any, Any]) -> Coroutine[Any, Any, Any]:
    """``coroutine``, made so that `run_sync` works in it."""
    return coroutine if isinstance(coroutine, Driven) else Driven(coroutine)


def drive_if_wanted(coroutine: Coroutine[Any, Any, Any]) -> Coroutine[Any, Any, Any]:
    """As `drive`, where some worker has asked for it; else ``coroutine`` itself."""
    return drive(coroutine) if _wanted else coroutine


class Driven(Coroutine[Any, Any, Any]):
    """A coroutine in a greenlet; whoever awaits it sees an ordinary one."""

    def __init__(self, coroutine: Coroutine[Any, Any, Any]) -> None:
        self._coroutine = coroutine
        self._child: Any = None

    def __getattr__(self, name: str) -> Any:
        # Names and frames (`cr_frame`), for those who print tasks.
        return getattr(self._coroutine, name)

    def send(self, value: Any) -> Any:
        if self._child is None:
            self._child = _suspendable()(self._run)
        return self._step(self._child.switch, value)

    def throw(self, kind: Any, value: Any = None, traceback: Any = None) -> Any:
        exc = value if value is not None else kind() if isinstance(kind, type) else kind
        if self._child is None:
            return self._coroutine.throw(exc)  # it has not begun: nothing to switch to
        return self._step(self._child.throw, exc)

    def close(self) -> None:
        if self._child is None or self._child.dead:
            self._coroutine.close()
            return
        try:
            self.throw(GeneratorExit())
        except (GeneratorExit, StopIteration):
            return
        raise RuntimeError("coroutine ignored GeneratorExit")

    def __await__(self) -> Driven:
        return self

    def __iter__(self) -> Driven:
        return self

    def __next__(self) -> Any:
        return self.send(None)

    def _step(self, resume: Callable[[Any], Any], value: Any) -> Any:
        """Run the greenlet up to its next wait, or its end."""
        child = self._child
        # Both sides run in the task's own context, not in copies of it.
        child.parent = _greenlets().getcurrent()
        child.gr_context = child.parent.gr_context
        result = resume(value)
        if child.dead:
            raise StopIteration(result)
        return result

    def _run(self, value: Any) -> Any:
        """In the greenlet: step the coroutine; what it yields goes to the parent."""
        coroutine = self._coroutine
        step = functools.partial(coroutine.send, value)
        while True:
            try:
                yielded = step()
            except StopIteration as stop:
                return stop.value
            try:
                sent = _greenlets().getcurrent().parent.switch(yielded)
                step = functools.partial(coroutine.send, sent)
            except BaseException as exc:
                step = functools.partial(coroutine.throw, exc)


@functools.cache
def _greenlets() -> Any:
    """The greenlet module, loaded when first used: a C extension few workers need."""
    import greenlet  # type: ignore[import-untyped]

    return greenlet


@functools.cache
def _suspendable() -> Any:
    class Suspendable(_greenlets().greenlet):  # type: ignore[misc]
        """A greenlet that `run_sync` may leave."""

    return Suspendable
