"""`pyodide.http`: `pyfetch`, and what it answers with.

Implements: https://pyodide.org/en/stable/usage/api/python-api/http.html
"""

from __future__ import annotations

import asyncio
import functools
import json as json_module
from collections.abc import Awaitable, Callable
from typing import Any, Never

from ..errors import NotEmulated
from ..js import profile
from ..js.errors import JsException
from ..js.ffi import to_js
from ..js.object import JsObject, from_entries

__all__ = [
    "AbortError",
    "BodyUsedError",
    "FetchResponse",
    "HttpStatusError",
    "open_url",
    "pyfetch",
]
SINCE_0_28 = frozenset({"AbortError", "BodyUsedError", "HttpStatusError"})


class HttpStatusError(OSError):
    """What `raise_for_status` raises."""

    def __init__(self, status: int, status_text: str, url: str) -> None:
        self.status, self.status_text, self.url = status, status_text, url
        kinds = {4: "Client Error", 5: "Server Error"}
        kind = kinds.get(status // 100, "Invalid error code not between 400 and 599")
        super().__init__(f"{status} {kind}: {status_text} for url: {url}")

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.status, self.status_text, self.url)


class BodyUsedError(OSError):
    """A body was asked for twice."""

    def __init__(self, *_: Any) -> None:
        super().__init__("Response body is already used")


class AbortError(OSError):
    """A fetch failed, for any reason: the text is the JavaScript error's message."""

    def __init__(self, reason: Any) -> None:
        super().__init__(getattr(reason, "message", reason))


for _cls in (HttpStatusError, BodyUsedError, AbortError):
    _cls.__module__ = "pyodide.http"


def _abort_reason(reason: Any) -> JsException | None:
    return None if reason is None else JsException("AbortError", str(reason))


def _abort(controller: Any, exc: asyncio.CancelledError) -> None:
    """The Python side gave up: so does the request."""
    if controller is not None:
        controller.abort(_abort_reason("\n".join(map(str, exc.args)) if exc.args else None))


def _reads_body(method: Callable[..., Awaitable[Any]]) -> Callable[..., Any]:
    """A JavaScript error while reading is an AbortError; cancelling aborts the request."""

    @functools.wraps(method)
    async def wrapper(self: FetchResponse, *args: Any, **kwargs: Any) -> Any:
        try:
            self._raise_if_failed()
            return await method(self, *args, **kwargs)
        except JsException as exc:
            aborted = self.abort_signal is not None and self.abort_signal.aborted
            raise AbortError(self.abort_signal.reason if aborted else exc) from None
        except asyncio.CancelledError as exc:
            _abort(self.abort_controller, exc)
            raise

    return wrapper


class FetchResponse:
    """A response with Python's names and types around `js_response`."""

    def __init__(
        self,
        url: Any,
        js_response: Any,
        abort_controller: Any = None,
        abort_signal: Any = None,
    ) -> None:
        self._url = url if isinstance(url, str) else url.url
        self.js_response = js_response
        self.abort_controller = abort_controller
        self.abort_signal = abort_signal

    @property
    def body_used(self) -> bool:
        return bool(self.js_response.bodyUsed)

    @property
    def headers(self) -> dict[str, str]:
        return dict(self.js_response.headers.entries())

    @property
    def ok(self) -> bool:
        return bool(self.js_response.ok)

    @property
    def redirected(self) -> bool:
        return bool(self.js_response.redirected)

    @property
    def status(self) -> int:
        return int(self.js_response.status)

    @property
    def status_text(self) -> str:
        return str(self.js_response.statusText)

    @property
    def type(self) -> str:
        return str(self.js_response.type)

    @property
    def url(self) -> str:
        return str(self.js_response.url)

    def _raise_if_failed(self) -> None:
        if self.abort_signal is not None and self.abort_signal.aborted:
            raise AbortError(self.abort_signal.reason)
        if self.js_response.bodyUsed:
            raise BodyUsedError

    def raise_for_status(self) -> None:
        """Raise `HttpStatusError`, in the oldest Pyodide OSError, for a status of 400 or more."""
        if 400 <= self.status < 600:
            exc = HttpStatusError(self.status, self.status_text, self.url)
            raise exc if profile.current().has_jsnull else OSError(str(exc))

    def clone(self) -> FetchResponse:
        if self.js_response.bodyUsed:
            raise BodyUsedError
        copy = self.js_response.clone()
        return FetchResponse(self._url, copy, self.abort_controller, self.abort_signal)

    @_reads_body
    async def buffer(self) -> Any:
        """The body as an ArrayBuffer."""
        return await self.js_response.arrayBuffer()

    @_reads_body
    async def text(self) -> str:
        return str(await self.js_response.text())

    @_reads_body
    async def string(self) -> str:
        return str(await self.js_response.text())

    @_reads_body
    async def json(self, **kwargs: Any) -> Any:
        """The body through `json.loads`, which gets the keyword arguments."""
        return json_module.loads(await self.js_response.text(), **kwargs)

    @_reads_body
    async def memoryview(self) -> Any:
        return (await self.js_response.arrayBuffer()).to_memoryview()

    @_reads_body
    async def bytes(self) -> Any:
        return (await self.js_response.arrayBuffer()).to_bytes()

    async def unpack_archive(self, **_: Any) -> Never:
        raise NotEmulated("FetchResponse.unpack_archive", hint="use `zipfile` on `bytes()`")

    def abort(self, reason: Any = None) -> None:
        """Abort the request.

        Raises:
            ValueError: the response has no abort controller.
        """
        if self.abort_controller is None:
            raise ValueError("abort_controller is not set")
        self.abort_controller.abort(_abort_reason(reason))


FetchResponse.__module__ = "pyodide.http"


async def pyfetch(
    url: Any, /, *, signal: Any = None, fetcher: Any = None, **kwargs: Any
) -> FetchResponse:
    """Fetch with JavaScript's options as keyword arguments.

    Args:
        url: a text; since Pyodide 0.29 also a Request.
        signal: an AbortSignal of the script's own, beside the one that cancelling uses.
        fetcher: what fetches instead of the global `fetch`.

    Raises:
        AbortError: it failed, for any reason.
    """
    from js import AbortController, AbortSignal, fetch  # type: ignore[import-not-found]  # on use

    controller = AbortController.new()
    both = controller.signal
    if signal:
        both = AbortSignal.any(to_js([signal, controller.signal]))
    options: JsObject = to_js({**kwargs, "signal": both}, dict_converter=from_entries)
    try:
        response = await (fetcher or fetch)(url, options)
    except asyncio.CancelledError as exc:
        _abort(controller, exc)
        raise
    except JsException as exc:
        raise AbortError(exc) from None
    return FetchResponse(url, response, controller, both)


def open_url(*_: Any, **__: Any) -> Never:
    """A synchronous request, which the runtime has not."""
    raise NotEmulated("pyodide.http.open_url", hint="await `pyfetch` or `js.fetch`")
