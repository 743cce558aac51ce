"""A workflow's `run()`: how its code is called, and what stands for the engine there.

The engine is another Worker: what passes between the two, arguments, results and errors, is copied
as in every RPC; only an error's name that JavaScript does not know stays behind, and is put before
the message.

Implements: https://developers.cloudflare.com/workflows/python/
"""

from __future__ import annotations

import asyncio
import inspect
import sqlite3
from asyncio import Future
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from .. import context
from ..bindings.workflows import Steps
from ..durable.rpc import refuse, remembering, transfer
from ..errors import NotEmulated
from ..js import stack
from ..js.callbacks import is_callable
from ..js.errors import ERROR_CLASSES, JsException, error, python_error, type_error
from ..js.object import JsObject
from ..js.promise import spawn
from ..js.proxy import JsFunction, JsProxy
from .entrypoint import missing_class
from .execution_context import ExecutionContext

if TYPE_CHECKING:
    from ..context import IoContext
    from .worker import Worker

__all__ = ["SDK_MODULE", "run_workflow"]

NOT_RETRYABLE = "NonRetryableError"


class StepStub(JsProxy, js_name="JsRpcStub", raw=True):
    """`step`: a call of the engine."""

    def __init__(self, steps: Steps) -> None:
        self._steps = steps

    def do(self, name: Any = None, *rest: Any) -> Future[Any]:
        return spawn(self._do(name, rest))

    async def _do(self, name: Any, rest: tuple[Any, ...]) -> Any:
        given = (None, *rest) if rest and is_callable(rest[0]) else rest
        config, callback, rollback = (*given, None, None, None)[:3]
        if not is_callable(callback):
            raise error(f'WorkflowFatalError: Step "{name}" requires a callback function')
        if rollback is not None:
            raise NotEmulated("a step with a rollback", hint="`workers-runtime-sdk` has none")

        async def call(ctx: JsObject) -> Any:
            return await _called(callback, ctx)

        return await self._answered(self._steps.do(name, transfer(config), call))

    def sleep(self, name: Any = None, duration: Any = None) -> Future[Any]:
        return spawn(self._answered(self._steps.sleep(name, transfer(duration))))

    def sleepUntil(self, name: Any = None, moment: Any = None) -> Future[Any]:
        return spawn(self._answered(self._steps.sleep_until(name, transfer(moment))))

    def waitForEvent(self, name: Any = None, options: Any = None) -> Future[Any]:
        return spawn(self._answered(self._steps.wait_for_event(name, transfer(options))))

    async def _answered(self, answer: Awaitable[Any]) -> Any:
        """What the engine answers, as the script gets it."""
        try:
            return transfer(await answer)
        except JsException as exc:
            raise _crossing(exc) from exc
        except sqlite3.Error as exc:  # nothing that a script could handle
            self._steps.break_off(exc)
            raise asyncio.CancelledError from exc

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name in ("then", "to_py"):
            raise AttributeError(name)
        return JsFunction(lambda *_: refuse(name), name)


async def _called(callback: Callable[..., Any], ctx: JsObject) -> Any:
    """What a step's callback gives, as the engine gets it."""
    owner = context.current()
    try:
        result = callback(transfer(ctx))
        if inspect.isawaitable(result):
            result = await result
        return transfer(result)
    except BaseException as exc:
        if _ends_all(exc, owner):
            raise
        raise _crossing(exc) from exc


def _ends_all(exc: BaseException, owner: IoContext | None) -> bool:
    """Whether ``exc`` is no failure of the code of ``owner``."""
    if isinstance(exc, asyncio.CancelledError):
        return owner is None or owner.closed
    return context.is_ctrl_c(exc)


def _crossing(exc: BaseException) -> JsException:
    """An error as the other side gets it."""
    wrapped = python_error(exc)
    known = wrapped.name in ERROR_CLASSES and wrapped.name != "PythonError"
    if known or wrapped.constructor.name == "DOMException":
        copy = JsException(wrapped.name, wrapped.message)
    else:
        told = f"{wrapped.name}: {wrapped.message}" if wrapped.message else wrapped.name
        copy = error(told)
    return remembering(copy, exc, wrapped)


async def run_workflow(
    worker: Worker, owner: IoContext, class_name: str, event: Any, steps: Steps
) -> Any:
    """Run an instance, as code of ``owner``.

    Raises:
        JsException: what the code raised, as the engine gets it.
        CancelledError: ``owner`` was closed.
    """
    with owner.entered():
        try:
            cls = worker.exported.workflows.get(class_name)
            if cls is None:
                raise missing_class(class_name)
            call = _call(cls, worker, owner, event, steps)
            return transfer(await stack.drive_if_wanted(call))
        except BaseException as exc:
            if _ends_all(exc, owner):
                raise
            raise _crossing(exc) from exc


async def _call(cls: type, worker: Worker, owner: IoContext, event: Any, steps: Steps) -> Any:
    instance: Any = cls(ExecutionContext(owner), worker.env)
    if not callable(getattr(instance, "run", None)):
        raise type_error("Method run does not exist")
    result = instance.run(transfer(event), StepStub(steps))
    return await result if inspect.isawaitable(result) else result


class WrappedStep(JsProxy, js_name="JsRpcStub", raw=True):
    """`step` as the SDK's `workflows.js` wraps it: Python's NonRetryableError is the engine's."""

    def __init__(self, step: Any) -> None:
        self._step = step

    def do(self, name: Any = None, *rest: Any) -> Any:
        wrapped = (_wrapped(each) if is_callable(each) else each for each in rest)
        return self._step.do(name, *wrapped)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self._step, name)


def _wrapped(callback: Callable[..., Any]) -> Callable[..., Any]:
    async def call(*args: Any) -> Any:
        try:
            result = callback(*args)
            return await result if inspect.isawaitable(result) else result
        except Exception as exc:
            if type(exc).__name__ != NOT_RETRYABLE or isinstance(exc, JsException):
                raise
            made = error(_last_words(exc))
            made.name = NOT_RETRYABLE
            raise made from exc

    return call


def _last_words(exc: Exception) -> str:
    """What `workflows.js` takes for the message: of the traceback's last line, the rest."""
    lines = [line for line in python_error(exc).message.split("\n") if line.strip()]
    return lines[-1].partition(": ")[2]


def _wrap(step: Any) -> Any:
    return WrappedStep(step) if isinstance(step, JsProxy) else step


SDK_MODULE = JsObject(
    {
        "wrapWorkflowStep": JsFunction(_wrap, "wrapWorkflowStep"),
        "wrapWorkflowStepCallback": JsFunction(_wrapped, "wrapWorkflowStepCallback"),
    }
)
"""`workflows.js` of the SDK."""
