"""Callbacks of a script's source, sink or transformer object, and promises nobody has to watch.

Implements: https://streams.spec.whatwg.org/#underlying-source-api
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from ...js.callbacks import is_callable, keep, member
from ...js.convert import is_primitive
from ...js.errors import python_error, thrown, type_error
from ...js.null import is_nullish
from ...js.object import JsObject
from ...js.promise import future_of, pending
from ..idl import bad_init

Callback = Callable[..., Any]


def check_dictionary(value: Any, interface: str, position: int, kind: str) -> None:
    """Constructors take an object, or nothing."""
    if not is_nullish(value) and is_primitive(value):
        raise bad_init(interface, position, kind)


def used_at_once(owner: Any, name: str, kind: str) -> Callback | None:
    """A callback that is called before the constructor returns: it may be borrowed."""
    return _checked(member(owner, name), name, kind)


def stored(owner: Any, name: str, kind: str) -> Callback | None:
    """A callback to be called later: a bare function among keyword arguments is borrowed.

    A method of a script's own object is not: JavaScript makes a new proxy when it reads it.
    """
    if not isinstance(owner, JsObject) or name not in owner._props:
        return _checked(member(owner, name), name, kind)
    value = _checked(owner._props[name], name, kind)
    return keep(value) if value is not None and owner._is_options else value


def _checked(value: Any, name: str, kind: str) -> Callback | None:
    if value is None:
        return None
    if not is_callable(value):
        raise type_error(
            f"Incorrect type for the '{name}' field on '{kind}': "
            "the provided value is not of type 'function'."
        )
    return value  # type: ignore[no-any-return]


def reason_of(error: BaseException | None) -> BaseException:
    """What a callback raised, as JavaScript code sees it."""
    return python_error(error) if error is not None else thrown(None)


def outcome(future: asyncio.Future[Any]) -> BaseException | None:
    """Why ``future`` failed; None if it did not."""
    if future.cancelled():
        return thrown("The operation was cancelled.")
    error = future.exception()
    return None if error is None else python_error(error)


def when_settled(
    value: Any, done: Callable[[], Any], failed: Callable[[BaseException], Any]
) -> None:
    """Go on when ``value`` is settled, at once if it is no promise or is settled already."""
    future = future_of(value)
    if future is None:
        done()
        return

    def settled(future: asyncio.Future[Any]) -> None:
        error = outcome(future)
        if error is None:
            done()
        else:
            failed(error)

    if future.done():
        settled(future)
    else:
        future.add_done_callback(settled)


def resolve(future: asyncio.Future[Any] | None, value: Any = None) -> None:
    """Settle a promise, unless its reader went away."""
    if future is not None and not future.done():
        future.set_result(value)


def reject(future: asyncio.Future[Any] | None, error: BaseException) -> None:
    """Fail a promise; a failure that nobody looks at is no news."""
    if future is not None and not future.done():
        future.set_exception(error)
        future.exception()


def unwatched(future: asyncio.Future[Any]) -> None:
    """Nobody looks at this promise: its failure is known by other ways."""
    future.add_done_callback(lambda done: done.cancelled() or done.exception())


def handled(error: BaseException) -> asyncio.Future[Any]:
    """A failed promise that is shown as an attribute, so nobody has to look at it."""
    future = pending()
    reject(future, error)
    return future
