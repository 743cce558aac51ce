"""`waitUntil`: what a promise is to an event that is otherwise over.

Implements: https://developers.cloudflare.com/workers/runtime-apis/context/#waituntil
"""

from __future__ import annotations

import asyncio
import inspect
from typing import Any

from .. import context
from ..js.callbacks import BORROWED, PyProxy
from ..js.errors import error, type_error
from ..js.promise import future_of


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
