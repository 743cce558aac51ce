"""An event besides a request: how its handler is called, and what comes of it.

Source: https://github.com/cloudflare/workerd (src/pyodide, the Python entry point: methods of a
class are called with all three arguments, functions at module level with those that they take)
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

from .. import context
from ..js import stack
from ..js.calling import relaxed_count
from ..js.errors import error
from .execution_context import ExecutionContext

if TYPE_CHECKING:
    from ..context import IoContext
    from .worker import Worker

__all__ = ["begin", "call_handler", "outcome_of", "run"]


def begin(worker: Worker, kind: str, *facts: Any, props: Any = None) -> IoContext:
    """A context for an event ``kind``; tail consumers hear of ``facts``."""
    owner = worker.new_context(kind)
    owner.answering, owner.props = True, props  # a reload lets it finish
    worker.trace(owner, kind, *facts)
    return owner


async def run(
    owner: IoContext, kind: str, handler: Coroutine[Any, Any, None], of: str = ""
) -> BaseException | None:
    """Run ``handler`` as code of ``owner``; what it raised, which was told: see `outcome_of`.

    ``of``: whose event it is, where that is told.
    """
    with context.io_pending(), owner.entered():
        try:
            await stack.drive_if_wanted(handler)
        except asyncio.CancelledError as exc:
            if context.is_cancelled():
                raise
            return exc
        except BaseException as exc:
            if context.is_ctrl_c(exc):
                raise
            owner.report(exc, kind, of)
            return exc
    return None


def outcome_of(failure: BaseException | None) -> str:
    """`ok`, `exception`; `canceled`: new code has taken over, and this had had its time."""
    if failure is None:
        return "ok"
    return "canceled" if isinstance(failure, asyncio.CancelledError) else "exception"


async def call_handler(
    worker: Worker,
    owner: IoContext,
    name: str,
    event: Any,
    *,
    missing: str,
    hint: str = "",
    entrypoint: str | None = None,
    function: str | None = None,
) -> None:
    """Call the method ``name`` of an entry point, or else the function that handles ``event``.

    Args:
        missing: what is said where there is neither, with a ``hint`` at what to do.
        entrypoint: None: the default one.
        function: the event's name at module level, if that is another.

    Raises:
        JsException: there is neither.
        BaseException: what the handler raised.
    """
    from workers import python_from_rpc

    exported, ctx = worker.exported, ExecutionContext(owner)
    cls = exported.entrypoints.get(entrypoint) if entrypoint else exported.default
    at_module_level = exported.functions.get(function or name) if cls is None else None
    if cls is not None and callable(getattr(cls, name, None)):
        # The runtime passes three arguments, wanted or not, with env and ctx undefined.
        result = getattr(cls(ctx, worker.env), name)(python_from_rpc(event), None, None)
    elif at_module_level is not None:
        args = (event, worker.env, ctx)
        result = at_module_level(*args[: relaxed_count(at_module_level, len(args))])
    else:
        raise _missing(missing, hint)
    if inspect.isawaitable(result):
        await result


def _missing(text: str, hint: str) -> BaseException:
    exc = error(text)
    if hint:
        exc.add_note(f"hint: {hint}")
    return exc
