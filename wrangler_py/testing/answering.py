"""A function of a test's in the place of another server: `(request) -> response`."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from ..bindings.service import Fetcher
from ..context import IoContext
from ..errors import UsageError
from ..js.errors import error
from ..js.promise import spawn
from ..web.request import Request, hand_over
from ..web.response import Response

if TYPE_CHECKING:
    import workers

__all__ = ["Answer", "Handler", "ServiceFunction", "answer"]

Answer = Any
"""A `workers.Response`, or the text of one, or a dict or list for JSON, or None."""
Handler = Callable[["workers.Request"], "Answer | Awaitable[Answer]"]


async def answer(handler: Handler, request: Request, owner: IoContext) -> Response | None:
    """What ``handler`` answers, as code of ``owner``; None: nothing.

    An OSError of its is a failure of the network. Every other exception is reported: it is a
    mistake in the test.

    Raises:
        JsException: it failed.
    """
    import workers

    request._home = owner
    with owner.entered():
        try:
            result = handler(workers.Request(request))
            result = await result if inspect.isawaitable(result) else result
            response = None if result is None else _response(result)
        except OSError:
            lost = error("Network connection lost.")
            lost.retryable = True  # type: ignore[attr-defined]
            raise lost from None
        except Exception as exc:
            owner.report(exc, f"{_name(handler)}(), which answered for {request._url}")
            raise error(f"{_name(handler)}() of the test failed: {exc!r}") from exc
    if response is None:
        return None
    from ..durable.rpc import move_message

    return move_message(response)  # type: ignore[no-any-return]


def _response(result: Any) -> Response:
    import workers

    if isinstance(result, str | bytes):
        result = workers.Response(result)
    elif isinstance(result, dict | list):
        result = workers.Response.json(result)  # type: ignore[arg-type]
    response = getattr(result, "js_object", result)
    if not isinstance(response, Response):
        raise UsageError(
            f"a request was answered with {result!r}",
            hint="answer with a workers.Response, text, bytes, or a dict or list for JSON",
        )
    return response


def _name(handler: Handler) -> str:
    return getattr(handler, "__qualname__", type(handler).__name__)


class ServiceFunction(Fetcher, js_name="Fetcher"):
    """A service binding that a function answers."""

    def __init__(self, name: str, handler: Handler, owner: Callable[[], IoContext]) -> None:
        self._name, self._handler, self._owner = name, handler, owner

    def fetch(self, input: Any, init: Any = None) -> Any:
        return spawn(self._fetch(hand_over(Request(input, init))))

    async def _fetch(self, request: Request) -> Response:
        response = await answer(self._handler, request, self._owner())
        if response is None:
            raise error(f"env.{self._name} has no answer to {request._method} {request._url}")
        return response

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name in ("then", "to_py"):
            raise AttributeError(name)
        raise AttributeError(
            f"env.{self._name} is a function of the test, which has no {name}(): "
            "use an object with that method instead"
        )
