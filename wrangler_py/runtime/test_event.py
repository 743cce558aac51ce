"""The `test` event: what `workerd test` sends to a Worker.

Source: https://github.com/cloudflare/workerd (`ServiceWorkerGlobalScope::test`; for a class the
Python entry point calls the method relaxed, so it may take no arguments)
"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from .. import context
from ..js import stack
from ..js.calling import relaxed_count
from ..js.errors import error
from ..js.proxy import JsProxy
from .execution_context import ExecutionContext

if TYPE_CHECKING:
    from .worker import Worker

NO_HANDLER = "Entrypoint does not export a test() function."


class TestController(JsProxy):
    """The first argument; it has no members."""


async def run_test(worker: Worker) -> None:
    """Run the handler as an event of its own.

    Raises:
        JsException: there is none.
        BaseException: what it raised.
    """
    owner = worker.new_context("test")
    owner.answering = True
    try:
        with context.io_pending(), owner.entered():
            await stack.drive_if_wanted(_call(worker, ExecutionContext(owner)))
    except BaseException:
        owner.close()
        raise
    owner.answered()


async def _call(worker: Worker, ctx: ExecutionContext) -> None:
    from workers import python_from_rpc

    exported, given = worker.exported, TestController()
    args: tuple[Any, ...]
    if exported.default is not None:
        # The runtime passes three arguments, with env and ctx undefined.
        method = getattr(exported.default(ctx, worker.env), "test", None)
        args = (python_from_rpc(given), None, None)
    else:
        method = getattr(worker.code.main, "test", None) if exported.legacy else None
        args = (given, worker.env, ctx)
    if not callable(method):
        raise error(NO_HANDLER)
    result = method(*args[: relaxed_count(method, len(args))])
    if inspect.isawaitable(result):
        await result
