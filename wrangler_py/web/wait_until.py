"""`waitUntil`: what a promise is to an event that is otherwise over.

Implements: https://developers.cloudflare.com/workers/runtime-apis/context/#waituntil
Differs: what the SDK itself hands over bare (`asgi.fetch` does, with a streamed answer) goes on
to its end; production keeps it only while the body is being sent.
"""

from __future__ import annotations

import asyncio
import inspect
from types import FrameType
from typing import Any

from .. import context
from ..js.callbacks import PyProxy
from ..js.errors import type_error
from ..js.promise import future_of
from ..log import log
from .caller import calling_frame, place_of

_SDK = ("workers", "asgi")
_DROPPED = (
    "{place}: this waitUntil() takes JavaScript promises only, and was given a {kind}; as on "
    "Cloudflare, nobody waits for it\n"
    "hint: `self.ctx.waitUntil(...)` of a class takes coroutines and tasks; elsewhere hand over "
    "`create_proxy(asyncio.ensure_future(...))`"
)


def wait_until(owner: context.IoContext, promise: Any, *, takes_coroutines: bool) -> None:
    """Keep ``owner`` open until ``promise`` is settled.

    Without ``takes_coroutines`` a bare Python awaitable is a borrowed proxy, gone at once.
    """
    if isinstance(promise, PyProxy):
        promise = promise._get()
    elif not takes_coroutines and _is_python_awaitable(promise):
        caller = calling_frame()
        if caller is None or caller.f_globals.get("__name__", "").partition(".")[0] not in _SDK:
            _drop(promise, caller)
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


def _drop(awaitable: Any, caller: FrameType | None) -> None:
    kind = "task" if isinstance(awaitable, asyncio.Task) else "coroutine"
    if kind == "coroutine":
        awaitable.close()
    log.warn_once(_DROPPED.format(place=place_of(caller), kind=kind))
