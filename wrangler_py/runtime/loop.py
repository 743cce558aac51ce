"""What a script does with asyncio itself, seen by its I/O context.

Tasks that a script starts belong to its context; timers and native sockets are noted, so that
a handler that nothing can wake any more is told from one that waits.
"""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable, Coroutine
from typing import Any, cast

from .. import clock, context
from ..js import stack, webloop
from .uncaught import tell_of_failures

_NATIVE_IO = (
    "add_reader",
    "connect_read_pipe",
    "create_connection",
    "create_datagram_endpoint",
    "create_server",
    "create_unix_connection",
    "run_in_executor",
    "sock_accept",
    "sock_connect",
    "sock_recv",
    "subprocess_exec",
    "subprocess_shell",
)


def instrument(loop: asyncio.AbstractEventLoop) -> None:
    """Let ``loop`` tell I/O contexts what runs in them; harmless when done again."""
    if getattr(loop, "_wrangler_py", False):
        return
    loop._wrangler_py = True  # type: ignore[attr-defined]
    loop.set_task_factory(cast(Any, _task_factory))
    tell_of_failures(loop)
    _note_timers(loop)
    _nest_runs(loop)
    for name in _NATIVE_IO:
        if hasattr(loop, name):
            setattr(loop, name, _noting_native_io(getattr(loop, name)))


def _task_factory(
    loop: asyncio.AbstractEventLoop, coroutine: Coroutine[Any, Any, Any], **options: Any
) -> asyncio.Task[Any]:
    if context.current() is not None:
        coroutine = stack.drive_if_wanted(coroutine)
    task = asyncio.Task(coroutine, loop=loop, **options)
    context.adopt(task)
    return task


def _nest_runs(loop: asyncio.AbstractEventLoop) -> None:
    """A script may wait by asyncio's own runners, too."""
    webloop.allow_nested_runs()
    plain = loop.run_until_complete

    def run_until_complete(future: Any) -> Any:
        inside = context.current() is not None and loop.is_running()
        return webloop.run_until_complete(future) if inside else plain(future)

    vars(loop).update(run_until_complete=run_until_complete)


def _note_timers(loop: asyncio.AbstractEventLoop) -> None:
    call_later, call_at = loop.call_later, loop.call_at

    def later(delay: float, callback: Any, *args: Any, **options: Any) -> asyncio.TimerHandle:
        owner = context.current()
        if owner is None:
            return call_later(delay, callback, *args, **options)
        time = clock.of(owner)
        owner.deadline = max(owner.deadline, time.elapsed() + delay)
        options.setdefault("context", contextvars.copy_context())
        # In a context of nobody's: a loop's call_later may use its call_at, or the reverse.
        start = contextvars.Context().run
        return start(time.start, call_later, delay, callback, *args, **options)  # type: ignore[no-any-return]

    def at(when: float, callback: Any, *args: Any, **options: Any) -> asyncio.TimerHandle:
        if context.current() is None:
            return call_at(when, callback, *args, **options)
        return later(when - loop.time(), callback, *args, **options)

    vars(loop).update(call_later=later, call_at=at)


def _noting_native_io(function: Callable[..., Any]) -> Callable[..., Any]:
    def noting(*args: Any, **options: Any) -> Any:
        owner = context.current()
        if owner is not None:
            owner.uses_native_io = True
        return function(*args, **options)

    return noting
