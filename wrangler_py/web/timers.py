"""Timers, microtasks and `scheduler`.

A timer belongs to the event that started it: it keeps the event waiting while it is pending,
and ends with it.

Implements: https://html.spec.whatwg.org/#timers,
https://developers.cloudflare.com/workers/runtime-apis/scheduler/
Differs: a timer's id is a number; the runtime gives a Timeout object to a worker that has
Node.js compatibility.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable
from itertools import count
from typing import Any

from .. import context
from ..js.callbacks import invoke, is_callable, keep, member
from ..js.convert import is_primitive, to_number, to_string
from ..js.errors import error, thrown, type_error
from ..js.null import is_nullish, jsnull
from ..js.promise import pending, rejected
from ..js.proxy import JsProxy
from .events import report
from .idl import bad_argument

_ids = count(1)
_LONGEST = 2**31 - 1


class _Timer:
    """One timer; ``every`` is None for one that fires once."""

    def __init__(self, call: Callable[[], Any], delay: float, every: float | None) -> None:
        self.id = next(_ids)
        self.call, self.every = call, every
        self.owner = context.current()
        self.handle: asyncio.TimerHandle | None = None
        if self.owner is not None:
            if self.owner.closed:
                return
            self.owner.own(self, self.stop)
            self.owner.pending_io += 1
        _timers[self.id] = self
        self.handle = asyncio.get_running_loop().call_later(delay, self.fire)

    def fire(self) -> None:
        if self.handle is None:
            return  # stopped while a Durable Object's gate was closed
        owner = self.owner
        if owner is not None and owner.input is not None and owner.input.holds_back():
            owner.input.hold(self.fire)
            return
        if self.every is None:
            self.stop()
            _run(self.call, "a setTimeout callback")
        else:
            self.handle = asyncio.get_running_loop().call_later(self.every, self.fire)
            _run(self.call, "a setInterval callback")

    def stop(self) -> None:
        """Cancel, or put away after the last call."""
        if self.handle is None:
            return
        self.handle.cancel()
        self.handle = None
        _timers.pop(self.id, None)
        if self.owner is not None:
            self.owner.disown(self)
            self.owner.pending_io -= 1


_timers: dict[int, _Timer] = {}


def start(call: Callable[[], Any], delay: float) -> Callable[[], None]:
    """Call ``call`` once, ``delay`` seconds from now, as the current event; returns the stop."""
    return _Timer(call, max(delay, 0), None).stop


def setTimeout(*args: Any) -> int:
    """`setTimeout(callback, ms, ...args)`: the timer's id."""
    return _set(args, repeat=False)


def setInterval(*args: Any) -> int:
    """`setInterval(callback, ms, ...args)`: the timer's id."""
    return _set(args, repeat=True)


def clearTimeout(*args: Any) -> None:
    """Stop a timer; an unknown id is ignored."""
    timer = _timers.get(args[0]) if args and isinstance(args[0], int) else None
    if timer is not None:
        timer.stop()


def clearInterval(*args: Any) -> None:
    """The same as `clearTimeout`."""
    clearTimeout(*args)


def queueMicrotask(*args: Any) -> None:
    """Call a function after the running code, before anything else."""
    if not args or not is_callable(args[0]):
        raise bad_argument("ServiceWorkerGlobalScope", "queueMicrotask", 1, "function")
    callback = keep(args[0])
    asyncio.get_running_loop().call_soon(_run, callback, "a microtask")


class Scheduler(JsProxy):
    """`scheduler`."""

    def wait(self, delay: Any = None, options: Any = None) -> Awaitable[None]:
        if delay is None:
            raise bad_argument("Scheduler", "wait", 1, "number")
        signal = member(options, "signal")
        if is_nullish(signal):
            signal = None
        elif signal.aborted:
            return rejected(signal.reason)
        _check_scope(_seconds(delay))
        done = pending()
        stop = start(lambda: None if done.done() else done.set_result(None), _seconds(delay))
        if signal is not None:
            _stop_when_aborted(signal, done, stop)
        done.add_done_callback(lambda _: stop())
        return done


scheduler = Scheduler()


def _stop_when_aborted(signal: Any, done: asyncio.Future[None], stop: Callable[[], None]) -> None:
    from .abort import when_aborted  # the signal exists, so the module is loaded

    def aborted() -> None:
        stop()
        if not done.done():
            done.set_exception(thrown(signal.reason))

    forget = when_aborted(signal, aborted)
    done.add_done_callback(lambda _: forget())


def _set(args: tuple[Any, ...], *, repeat: bool) -> int:
    callback = args[0] if args else None
    if not is_callable(callback):
        raise type_error(
            f'The "callback" argument must be of type function. Received {_received(callback)}'
        )
    delay = _seconds(args[1] if len(args) > 1 else None)
    _check_scope(delay)
    # Nothing of the script's is called before this returns, so a bare function is gone by then.
    kept, extra = keep(callback), args[2:]
    # 1 ms at least, so that an interval leaves time for anything else.
    every = max(delay, 0.001) if repeat else None
    return _Timer(lambda: kept(*extra), delay, every).id


def _seconds(delay: Any) -> float:
    """A delay in seconds; what is no number, negative or beyond 32 bits means at once."""
    if delay is None:
        return 0
    ms = to_number(delay)
    return 0 if math.isnan(ms) or not 0 < ms <= _LONGEST else math.trunc(ms) / 1000


def _check_scope(delay: float) -> None:
    if delay > 0 and context.in_global_scope():
        raise error(context.GLOBAL_SCOPE)


def _run(call: Callable[[], Any], where: str) -> None:
    """Call a script's function; what it raises is shown, at once or when its promise fails."""
    owner = context.current()
    if owner is not None and owner.closed:
        return
    try:
        result = invoke(call)
    except BaseException as exc:  # `sys.exit()` is no wish of the developer's to stop the server
        if context.is_ctrl_c(exc):
            raise
        report(exc, where)
        return
    if isinstance(result, asyncio.Future):
        result.add_done_callback(lambda done: _show_failure(done, where))


def _show_failure(done: asyncio.Future[Any], where: str) -> None:
    if not done.cancelled() and (exc := done.exception()) is not None:
        report(exc, where)


def _received(value: Any) -> str:
    """A wrong argument, in Node's words, which are the runtime's here."""
    if value is None:
        return "undefined"
    if value is jsnull:
        return "null"
    if not is_primitive(value):
        return (
            f"an instance of {value.constructor.name}" if isinstance(value, JsProxy) else "object"
        )
    if isinstance(value, bool):
        return f"type boolean ({to_string(value)})"
    return f"type string ({value!r})" if isinstance(value, str) else f"type number ({value})"
