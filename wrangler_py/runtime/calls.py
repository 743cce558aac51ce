"""Calls from one context of the process to an entry point of a Worker: by a binding, or by itself.

Implements: https://developers.cloudflare.com/workers/runtime-apis/bindings/service-bindings/
"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from .. import context
from ..durable.rpc import crossing, move_message, transfer
from ..js.errors import type_error
from .execution_context import ExecutionContext

if TYPE_CHECKING:
    from ..web.request import Request
    from ..web.response import Response
    from .worker import Worker

__all__ = ["run_fetch", "run_method"]


async def run_fetch(
    worker: Worker, request: Request, entrypoint: str | None, props: Any, *, direct: bool
) -> Response:
    """Answer ``request`` as an event of its own.

    Raises:
        JsException: what was raised there, as it comes out here.
    """
    owner = worker.new_context("service binding")
    owner.props = props
    with context.io_pending():
        try:
            if entrypoint is None and not direct:
                response = await worker.answer(request, owner)
            else:
                response = await worker.fetch(request, owner, entrypoint)
        except BaseException as exc:
            if owner.trace is not None:
                owner.trace.exception(exc, is_outcome=True)
            owner.close()
            raise crossing(exc) from exc
    owner.outlive(context.current())
    owner.answered()
    return move_message(response)  # type: ignore[no-any-return]


async def run_method(
    worker: Worker, entrypoint: str | None, name: str, args: tuple[Any, ...], props: Any
) -> Any:
    """Call a method as an event of its own.

    Raises:
        JsException: there is none; what was raised there, as it comes out here.
    """
    from workers import python_from_rpc, python_to_rpc

    cls = worker.class_of(entrypoint)
    values = [transfer(arg) for arg in args]
    caller = context.current()
    owner = worker.new_context(f"rpc {name}")
    owner.props = props
    worker.trace(owner, "rpc", name, entrypoint=entrypoint)
    with context.io_pending(), owner.entered():
        try:
            method = getattr(cls(ExecutionContext(owner), worker.env), name, None)
            if not callable(method) or name.startswith("_"):
                raise type_error(f"Method {name} does not exist")
            result = method(*(python_from_rpc(arg) for arg in values))
            result = await result if inspect.isawaitable(result) else result
            answer = transfer(python_to_rpc(result), caller)
        except Exception as exc:
            owner.close()
            raise crossing(exc) from exc
    owner.answered()
    return answer
