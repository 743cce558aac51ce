"""What a binding does for a script: I/O of the running code, and its promise.

Source: https://developers.cloudflare.com/workers/runtime-apis/bindings/
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable
from typing import Any

from .. import context
from ..context import IoContext
from ..js.errors import error
from ..js.promise import rejected, settle, spawn

__all__ = ["operation"]


def operation(function: Callable[..., Any], *args: Any) -> asyncio.Future[Any]:
    """The promise of ``function(*args)``, which may be a coroutine function.

    In memory and without an object's uncommitted writes it is settled at once. What a Durable
    Object wrote before is durable before ``function`` runs.

    Rejected with production's error outside of an event: bindings do no I/O at import.
    """
    owner = context.current()
    if owner is None or owner.is_global:
        return rejected(error(context.GLOBAL_SCOPE))
    output = owner.output
    is_coroutine = inspect.iscoroutinefunction(function)
    if output is not None and output.closed:
        return spawn(_behind(owner, function, args, is_coroutine))
    if is_coroutine:
        return spawn(_pending(function, args))
    return settle(function, *args)


async def _behind(
    owner: IoContext, function: Callable[..., Any], args: tuple[Any, ...], is_coroutine: bool
) -> Any:
    with context.io_pending():
        await owner.output.passed()
        result = function(*args)
        return await result if is_coroutine else result


async def _pending(function: Callable[..., Any], args: tuple[Any, ...]) -> Any:
    with context.io_pending():
        return await function(*args)
