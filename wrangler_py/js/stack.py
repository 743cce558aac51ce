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
from collections.abc import Coroutine, Generator
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
    parent = _greenlets().getcurrent().parent
    waiting = _future(awaitable).__await__()
    sent: Any = None
    try:
        while True:
            sent = parent.switch(waiting.send(sent))
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


async def drive(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """Run ``coroutine`` so that `run_sync` works in it."""
    return await _Driven(coroutine)


def task_factory(
    loop: asyncio.AbstractEventLoop, coroutine: Any, **options: Any
) -> asyncio.Task[Any]:
    """A task factory: every task of the loop may `run_sync`, as in production."""
    if _wanted and isinstance(coroutine, Coroutine) and not _is_driven(coroutine):
        coroutine = drive(coroutine)
    return asyncio.Task(coroutine, loop=loop, **options)


def _is_driven(coroutine: Any) -> bool:
    return getattr(coroutine, "cr_code", None) is drive.__code__


def allow_nested_runs() -> None:
    """Let `asyncio.run` wait inside a driven coroutine, where Python refuses it."""
    want()
    if getattr(asyncio.run, "_nests", False):
        return
    plain = asyncio.run

    @functools.wraps(plain)
    def run(main: Coroutine[Any, Any, Any], **options: Any) -> Any:
        return run_sync(main) if can_run_sync() else plain(main, **options)

    run._nests = True  # type: ignore[attr-defined]
    asyncio.run = run


class _Driven:
    """Awaiting it steps the coroutine in a greenlet."""

    def __init__(self, coroutine: Coroutine[Any, Any, Any]) -> None:
        self._coroutine = coroutine

    def __await__(self) -> Generator[Any, Any, Any]:
        child = _suspendable()(self._run)
        getcurrent = _greenlets().getcurrent
        resume = functools.partial(child.switch, None)
        while True:
            # Both sides run in the task's own context, not in copies of it.
            child.parent = getcurrent()
            child.gr_context = child.parent.gr_context
            result = resume()
            if child.dead:
                return result
            try:
                resume = functools.partial(child.switch, (yield result))
            except BaseException as exc:
                resume = functools.partial(child.throw, exc)

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
