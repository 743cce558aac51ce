"""Promises: futures that are complete already where the answer is in memory.

A JavaScript function that returns a promise gives Python a `PyodideFuture`; a promise read
from an attribute, or made by `Promise.new`, is an awaitable `JsPromise`.

Implements: https://tc39.es/ecma262/#sec-promise-objects
Differs: a settled promise does not yield to the loop when awaited.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Generator
from typing import TYPE_CHECKING, Any

from . import stack
from .callbacks import Expired, invoke, is_callable, keep
from .errors import thrown
from .proxy import JsProxy

if TYPE_CHECKING:
    _Future = asyncio.Future[Any]
    _Task = asyncio.Task[Any]
else:
    _Future, _Task = asyncio.Future, asyncio.Task


class _Thenable:
    """`then`, `catch` and `finally_` over any asyncio future."""

    def then(self, onfulfilled: Any, onrejected: Any = None) -> PyodideFuture:
        return _chain(self, _handler(onfulfilled), _handler(onrejected))  # type: ignore[arg-type]

    def catch(self, onrejected: Any = None) -> PyodideFuture:
        return self.then(None, onrejected)

    def finally_(self, onfinally: Any = None) -> PyodideFuture:
        call = _handler(onfinally)
        if call is None:
            return self.then(None)
        return _chain(self, None, None, call)  # type: ignore[arg-type]


class PyodideFuture(_Thenable, _Future):
    """A promise returned by a JavaScript function."""


class PromiseTask(_Thenable, _Task):
    """A promise whose work is a coroutine of ours or a script's async callback."""


PyodideFuture.__module__ = PromiseTask.__module__ = "pyodide.webloop"


def resolved(value: Any = None) -> PyodideFuture:
    """`Promise.resolve(value)` for a value that is no promise."""
    future = PyodideFuture(loop=asyncio.get_running_loop())
    future.set_result(value)
    return future


def rejected(reason: Any) -> PyodideFuture:
    """`Promise.reject(reason)`."""
    future = PyodideFuture(loop=asyncio.get_running_loop())
    fail(future, thrown(reason))
    return future


def pending() -> PyodideFuture:
    """A promise that somebody else settles with `set_result` or `set_exception`."""
    return PyodideFuture(loop=asyncio.get_running_loop())


def fail(future: asyncio.Future[Any], exc: BaseException) -> None:
    """Reject ``future``; if nobody asks why, the running event is to blame."""
    from ..context import blame, current  # the layer below, as in `spawn`

    future.set_exception(exc)
    if (owner := current()) is not None:
        blame(future, owner)


def settle(function: Callable[..., Any], *args: Any) -> PyodideFuture:
    """Run ``function`` now: a promise of what it returns or raises."""
    try:
        return resolved(function(*args))
    except Exception as exc:
        return rejected(exc)


def spawn(coroutine: Coroutine[Any, Any, Any]) -> PromiseTask:
    """A promise of what ``coroutine`` returns; it belongs to the current I/O context."""
    from ..context import adopt  # the layer below; late, as it is not needed to build promises

    task = PromiseTask(stack.drive_if_wanted(coroutine), loop=asyncio.get_running_loop())
    adopt(task)
    return task


def future_of(value: Any) -> asyncio.Future[Any] | None:
    """The future behind a promise of any kind, or None for an ordinary value."""
    if isinstance(value, JsPromise):
        return value._future
    if asyncio.isfuture(value):
        return value
    if isinstance(value, Coroutine):
        return spawn(value)
    return None


def _handler(callback: Any) -> Callable[..., Any] | None:
    """A then-callback: promises keep bare Python functions until they are settled."""
    if not is_callable(callback):
        return None
    kept = keep(callback)
    return callback if type(kept) is Expired else kept


def _chain(
    source: asyncio.Future[Any],
    on_value: Callable[..., Any] | None,
    on_error: Callable[..., Any] | None,
    on_either: Callable[[], Any] | None = None,
) -> PyodideFuture:
    result = pending()

    def settled(future: asyncio.Future[Any]) -> None:
        if result.done():
            return
        exc = asyncio.CancelledError() if future.cancelled() else future.exception()
        try:
            if on_either is not None:
                invoke(on_either)
            elif exc is None and on_value is not None:
                return follow(result, invoke(on_value, future.result()))
            elif exc is not None and on_error is not None:
                return follow(result, invoke(on_error, exc))
        except Exception as raised:
            # Without this frame, which would keep the promise alive beside its own exception.
            trace = raised.__traceback__
            fail(result, raised.with_traceback(trace and trace.tb_next))
            return
        if exc is None:
            result.set_result(future.result())
        else:
            fail(result, exc)

    source.add_done_callback(settled)
    return result


def follow(result: asyncio.Future[Any], value: Any) -> None:
    """Settle ``result`` with ``value``, or as the promise ``value`` settles."""
    inner = future_of(value)
    if inner is None:
        if not result.done():
            result.set_result(value)
        return

    def settled(future: asyncio.Future[Any]) -> None:
        if result.done():
            return
        if future.cancelled():
            result.cancel()
        elif (exc := future.exception()) is not None:
            fail(result, exc)
        else:
            result.set_result(future.result())

    if inner.done():
        settled(inner)
    else:
        inner.add_done_callback(settled)


class JsPromise(JsProxy, js_name="Promise", raw=True):
    """A promise as an object: awaitable, with `then`, unhashable like every proxy."""

    def __init__(self, future: asyncio.Future[Any]) -> None:
        self._future = future

    @classmethod
    def _construct(cls, *args: Any) -> Any:
        from .promise_class import construct  # the constructor's many statics live there

        return construct(*args)

    def __await__(self) -> Generator[Any, None, Any]:
        future = self._future
        if future.done():
            return future.__await__()
        # Whoever waits may be cancelled; the promise is everybody's and goes on.
        waiting = pending()
        follow(waiting, future)
        return waiting.__await__()

    def then(self, onfulfilled: Any = None, onrejected: Any = None) -> PyodideFuture:
        return _chain(self._future, _handler(onfulfilled), _handler(onrejected))

    def catch(self, onrejected: Any = None) -> PyodideFuture:
        return self.then(None, onrejected)

    def finally_(self, onfinally: Any = None) -> PyodideFuture:
        return _chain(self._future, None, None, _handler(onfinally) or (lambda: None))

    def syncify(self) -> Any:
        return stack.run_sync(self)
