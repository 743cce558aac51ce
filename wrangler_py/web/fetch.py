"""`fetch()`: everything about an outgoing request but the network itself.

The redirects, the abort signal and the protocols are here; one exchange of a request for a
response is the transport's (`transport.Transport`), whatever answers it.

Implements: https://fetch.spec.whatwg.org/#fetch-method,
https://developers.cloudflare.com/workers/runtime-apis/fetch/
Differs, as workerd does: redirects are "follow" or "manual"; no CORS, no cookies, no cache.
"""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import AsyncIterator, Awaitable, Iterator
from contextlib import contextmanager
from typing import Any

from .. import compat, context
from ..js.errors import JsException, error, thrown, type_error
from ..js.promise import PromiseTask, rejected, spawn
from ..log import log
from .abort import AbortSignal, when_aborted
from .body import body_chunks, is_null
from .request import Request
from .response import REDIRECT_STATUS, Response
from .transport import Transport

MAX_REDIRECTS = 20

_NO_ARGUMENT = (
    "Failed to execute 'fetch' on 'ServiceWorkerGlobalScope': "
    "parameter 1 is not of type 'Request or string'."
)
_ONE_TIME_BODY = (
    "A request with a one-time-use body (it was initialized from a stream, not a buffer) "
    "encountered a redirect requiring the body to be retransmitted. To avoid this error in "
    "the future, construct this request from a buffer-like body initializer."
)
_BAD_LOCATION = "Invalid Location header; unable to follow redirect."
_HISTORIC = (
    "Worker passed an invalid URL to fetch(). URLs passed to fetch() must begin with either "
    "'http:' or 'https:', not '{0}:'; before 2021-11-10 any other protocol is treated as 'http:'."
)


def fetch(*args: Any) -> Awaitable[Any]:
    """`fetch(input, init?)`: a promise of the Response; what is wrong rejects it."""
    try:
        if not args:
            raise type_error(_NO_ARGUMENT)
        request = Request(*args[:2])
        owner = context.current()
        if owner is None or context.in_global_scope():
            raise error(context.GLOBAL_SCOPE)
        if request._fetcher is not None:
            return request._fetcher.fetch(request)  # type: ignore[no-any-return]
        if request._url.startswith("data:"):
            from .data_url import respond  # rare

            return spawn(respond(request._url, request._method))
        request._url = _check_protocol(request._url)
        return start(request, owner.worker.transport)
    except JsException as exc:
        return rejected(exc)


def start(request: Request, transport: Transport) -> PromiseTask:
    """Send ``request``, which nobody else uses, and follow redirects as it says."""
    return spawn(exchange(request, transport))


async def exchange(request: Request, transport: Transport) -> Response:
    """The response to ``request``; its signal cancels the wait, and the body after it."""
    signal = request._signal
    if signal is None:
        return await _follow(request, transport)
    if signal.aborted:
        raise thrown(signal.reason)
    with _cancelled_by(signal):
        response = await _follow(request, transport)
    if response._web_socket is not None:
        from .websocket_flow import lose_connection  # a socket exists, so the module is loaded

        end = response._web_socket
        when_aborted(signal, lambda: lose_connection(end))
    elif response._source is not None:
        response._source = _Abortable(response._source, signal)
    return response


def _check_protocol(url: str) -> str:
    """The URL to ask for.

    Raises:
        JsException: TypeError for anything but http: and https:.
    """
    scheme, _, rest = url.partition(":")
    if scheme in ("http", "https"):
        return url
    if compat.current().has("fetch_refuses_unknown_protocols"):
        raise type_error(f"Fetch API cannot load: {url}")
    log.warn_once(_HISTORIC.format(scheme))
    return f"http:{rest}"


# --- redirects


async def _follow(request: Request, transport: Transport) -> Response:
    """Exchange until the answer is no redirect, or redirects are not to be followed."""
    follows = request._redirect == "follow"
    body = request._data
    one_time = body is None and not is_null(request)
    urls = [request._url]
    owner = context.current()
    if owner is not None and owner.output is not None:
        await owner.output.passed()
    while True:
        with context.io_pending():
            response = await transport.fetch(request)
        location = _location(response) if follows else None
        if location is None:
            break
        await _discard(response)
        url = _resolve(location, request._url)
        if len(urls) > MAX_REDIRECTS:
            raise type_error("Too many redirects.")
        if one_time and response._status != 303:
            raise type_error(_ONE_TIME_BODY)
        request = _redirected(request, response._status, url, body)
        urls.append(url)
    response._url = urls[-1].partition("#")[0]
    response._redirected = len(urls) > 1
    response._home = context.current()
    return response


def _location(response: Response) -> str | None:
    """Where a redirect leads; None for every other response."""
    if response._status not in REDIRECT_STATUS:
        return None
    return response.headers._find("location")


def _redirected(request: Request, status: int, url: str, body: bytes | None) -> Request:
    """The request to send after a redirect (Fetch, HTTP-redirect fetch)."""
    pairs = list(request.headers._pairs)
    if compat.current().has("strip_authorization_on_cross_origin_redirect"):
        pairs = _without_authorization(pairs, request._url, url)
    method = request._method
    if (status in (301, 302) and method == "POST") or (status == 303 and method != "HEAD"):
        method, body = "GET", None
    following = Request._incoming(method, url, pairs, body, request._cf)
    following._redirect, following._cache = request._redirect, request._cache
    following._encode_response_body = request._encode_response_body
    return following


def _resolve(location: str, base: str) -> str:
    from ada_url import URL  # 50 ms; few requests are redirected

    try:
        url = URL(location, base).href
    except ValueError:
        raise type_error(_BAD_LOCATION) from None
    return _check_protocol(url)


def _without_authorization(
    pairs: list[tuple[str, str]], old: str, new: str
) -> list[tuple[str, str]]:
    from ada_url import URL  # as above

    if URL(old).origin == URL(new).origin:
        return pairs
    return [pair for pair in pairs if pair[0].lower() != "authorization"]


async def _discard(response: Response) -> None:
    """Read a redirect's body to its end, so that the connection can be used again."""
    async for _ in body_chunks(response):
        pass


# --- the abort signal


@contextmanager
def _cancelled_by(signal: AbortSignal) -> Iterator[None]:
    """Run a block of the current task until ``signal`` aborts: it raises the reason then."""
    task = asyncio.current_task()
    assert task is not None
    loop = task.get_loop()
    cancelling: asyncio.Handle | None = None

    def cancel() -> None:
        # Not at once: the task itself may be what aborts.
        nonlocal cancelling
        cancelling = loop.call_soon(task.cancel)

    forget = when_aborted(signal, cancel)
    try:
        yield
        if signal.aborted:
            raise thrown(signal.reason)
    except asyncio.CancelledError:
        if cancelling is None:
            raise
        task.uncancel()
        raise thrown(signal.reason) from None
    finally:
        forget()
        if cancelling is not None:
            cancelling.cancel()


class _Abortable:
    """The chunks of a body until ``signal`` aborts: then its reason, and the transfer ends."""

    def __init__(self, source: AsyncIterator[bytes], signal: AbortSignal) -> None:
        self._source = source
        self._signal = signal
        reference = weakref.ref(source)  # a signal that outlives the body must not keep it
        when_aborted(signal, lambda: _close(reference()))

    def __aiter__(self) -> _Abortable:
        return self

    async def __anext__(self) -> bytes:
        if self._signal.aborted:
            raise thrown(self._signal.reason)
        with _cancelled_by(self._signal):
            return await anext(self._source)

    async def aclose(self) -> None:
        close = getattr(self._source, "aclose", None)
        if close is not None:
            await close()


async def close_body(response: Response) -> None:
    """Give up a body that nobody will read."""
    close = getattr(response._source, "aclose", None)
    if close is not None:
        await close()


def _close(source: Any) -> None:
    close = getattr(source, "close", None)
    if close is not None:
        close()
