"""`ctx`: what a handler may ask of the runtime for its event.

Implements: https://developers.cloudflare.com/workers/runtime-apis/context/
"""

from __future__ import annotations

import asyncio
import inspect
from typing import Any

from .. import context
from ..errors import NotEmulated
from ..js.callbacks import BORROWED, PyProxy
from ..js.errors import error, type_error
from ..js.object import JsObject
from ..js.promise import future_of
from ..js.proxy import JsProxy


class ExecutionContext(JsProxy):
    """The event's context as a script sees it."""

    def __init__(self, owner: context.IoContext, props: Any = None) -> None:
        self._owner = owner
        self._takes_coroutines = False
        self._props = props

    @property
    def props(self) -> Any:
        return JsObject() if self._props is None else self._props

    @property
    def exports(self) -> Any:
        return self._owner.worker.exports

    def waitUntil(self, promise: Any) -> None:
        wait_until(self._owner, promise, takes_coroutines=self._takes_coroutines)

    def passThroughOnException(self) -> None: ...

    def abort(self, reason: Any = None) -> None:
        raise NotEmulated("ctx.abort() outside a Durable Object")


def accept_coroutines(ctx: Any) -> None:
    """The SDK's `patchWaitUntil`: `ctx.waitUntil` takes Python awaitables from now on."""
    if isinstance(ctx, ExecutionContext):
        ctx._takes_coroutines = True


def wait_until(owner: context.IoContext, promise: Any, *, takes_coroutines: bool) -> None:
    """Keep ``owner`` open until ``promise`` is settled.

    Without ``takes_coroutines`` a bare Python awaitable is a borrowed proxy, gone at once.
    """
    if isinstance(promise, PyProxy):
        promise = promise._get()
    elif _is_python_awaitable(promise) and not takes_coroutines:
        if inspect.iscoroutine(promise):
            promise.close()
        owner.report(error(BORROWED), "waitUntil")
        return
    if not hasattr(promise, "__await__"):
        raise type_error(
            "Failed to execute 'waitUntil' on 'ExecutionContext': "
            "parameter 1 is not of type 'Promise'."
        )
    with owner.entered():
        owner.wait_until(future_of(promise) or promise)


def _is_python_awaitable(value: Any) -> bool:
    """A coroutine or a task of Python's own: to JavaScript a borrowed proxy, no promise."""
    is_task = isinstance(value, asyncio.Task) and not hasattr(value, "then")
    return is_task or inspect.iscoroutine(value)
