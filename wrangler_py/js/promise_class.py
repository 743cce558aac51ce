"""The `Promise` constructor and its functions.

Implements: https://tc39.es/ecma262/#sec-promise-constructor
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from .array import JsArray
from .callbacks import Expired, invoke, is_callable, iterated, retain
from .convert import to_string
from .errors import JsException, error, python_error, thrown, type_error, wrapped_error
from .iterators import described, iterate
from .object import JsObject
from .promise import JsPromise, PyodideFuture, follow, future_of, pending, rejected, resolved
from .proxy import JsFunction, JsProxy

Promise = JsPromise
Inputs = list[asyncio.Future[Any]]
Settled = Callable[[Inputs, asyncio.Future[Any], asyncio.Future[Any]], None]


def construct(*args: Any) -> JsPromise:
    """`new Promise((resolve, reject) => ...)`."""
    executor: Any = args[0] if args else None
    if not is_callable(executor):
        raise type_error(f"Promise resolver {_shown(executor)} is not a function")
    future = pending()
    resolve, reject = _settlers(future)
    try:
        invoke(executor, resolve, reject)
    except Exception as exc:
        reject(python_error(exc))
    return JsPromise(future)


def _settlers(future: PyodideFuture) -> tuple[JsFunction, JsFunction]:
    """The two functions that an executor gets; only the first call counts."""
    done = False

    def once() -> bool:
        nonlocal done
        first, done = not done and not future.done(), True
        return first

    def resolve(value: Any = None) -> None:
        if once():
            follow(future, retain(value))

    def reject(reason: Any = None) -> None:
        if once():
            future.set_exception(thrown(reason))

    return JsFunction(resolve, ""), JsFunction(reject, "")


def _shown(value: Any) -> str:
    shown = described(value)
    return shown if value is None or shown.startswith("#") else to_string(value)


def with_resolvers() -> JsObject:
    future = pending()
    resolve, reject = _settlers(future)
    return JsObject({"promise": JsPromise(future), "resolve": resolve, "reject": reject})


def resolve(value: Any = None) -> PyodideFuture:
    inner = future_of(value)
    if inner is None:
        return resolved(value)  # an argument lives until the promise is settled
    if isinstance(inner, PyodideFuture):
        return inner
    future = pending()
    follow(future, inner)
    return future


def reject(reason: Any = None) -> PyodideFuture:
    return rejected(reason)


def combine(
    values: Any,
    settled: Settled,
) -> PyodideFuture:
    """A promise over several; ``settled(inputs, result, ended)`` runs as each of them ends."""
    result = pending()
    try:
        inputs = [_input(value, values) for value in iterate(values)]
    except Exception as exc:
        result.set_exception(exc)
        return result
    unique = {id(future): future for future in inputs}.values()

    def ended(future: asyncio.Future[Any]) -> None:
        if not result.done():
            settled(inputs, result, future)

    if all(future.done() for future in unique):
        ended(inputs[0] if inputs else result)
    for future in unique:
        future.add_done_callback(ended)
    for future in unique:
        if future.done() and not future.cancelled():
            future.exception()  # it is looked after here: no complaint at collection
    return result


def _input(value: Any, values: Any) -> asyncio.Future[Any]:
    """The promise of one of several values; those of a Python list are only borrowed."""
    if not isinstance(values, JsProxy):
        kept = iterated(value)
        return rejected(error(kept.message)) if type(kept) is Expired else resolve(value)
    return resolve(value) if isinstance(value, JsProxy) else _from_python(resolve(value))


def _from_python(source: asyncio.Future[Any]) -> asyncio.Future[Any]:
    """A promise of a Python future: JavaScript sees a PythonError, whatever was raised."""
    result = pending()

    def settled(future: asyncio.Future[Any]) -> None:
        reason = _reason(future)
        if reason is not None:
            result.set_exception(wrapped_error(reason))
        else:
            result.set_result(future.result())

    if source.done():
        settled(source)
    else:
        source.add_done_callback(settled)
    return result


def _reason(future: asyncio.Future[Any]) -> BaseException | None:
    return asyncio.CancelledError() if future.cancelled() else future.exception()


def _all(inputs: Inputs, result: asyncio.Future[Any], _: asyncio.Future[Any]) -> None:
    for future in inputs:
        if future.done() and (reason := _reason(future)) is not None:
            result.set_exception(reason)
            return
    if all(future.done() for future in inputs):
        result.set_result(JsArray([future.result() for future in inputs]))


def _all_settled(inputs: Inputs, result: asyncio.Future[Any], _: asyncio.Future[Any]) -> None:
    if all(future.done() for future in inputs):
        result.set_result(JsArray([_outcome(future) for future in inputs]))


def _outcome(future: asyncio.Future[Any]) -> JsObject:
    reason = _reason(future)
    if reason is None:
        return JsObject({"status": "fulfilled", "value": future.result()})
    return JsObject({"status": "rejected", "reason": python_error(reason)})


def _race(inputs: Inputs, result: asyncio.Future[Any], ended: asyncio.Future[Any]) -> None:
    if inputs:
        follow(result, ended)


def _any(inputs: Inputs, result: asyncio.Future[Any], _: asyncio.Future[Any]) -> None:
    for future in inputs:
        if future.done() and _reason(future) is None:
            result.set_result(future.result())
            return
    if all(future.done() for future in inputs):
        failure = JsException("AggregateError", "All promises were rejected")
        reasons = [_python_reason(future) for future in inputs]
        failure.errors = JsArray(reasons)  # type: ignore[attr-defined]
        result.set_exception(failure)


def _python_reason(future: asyncio.Future[Any]) -> Any:
    reason = _reason(future)
    return None if reason is None else python_error(reason)


def _combinator(
    settled: Settled,
) -> Callable[..., PyodideFuture]:
    return lambda values=None: combine(values, settled)


_STATICS: dict[str, Callable[..., Any]] = {
    "all": _combinator(_all),
    "allSettled": _combinator(_all_settled),
    "any": _combinator(_any),
    "race": _combinator(_race),
    "reject": reject,
    "resolve": resolve,
    "try_": lambda function=None, *args: construct(lambda ok, fail: ok(function(*args))),
    "withResolvers": with_resolvers,
}
for _name, _function in _STATICS.items():
    setattr(JsPromise, _name, staticmethod(_function))
JsPromise._called_without_new = "Promise constructor cannot be invoked without 'new'"  # type: ignore[attr-defined]
