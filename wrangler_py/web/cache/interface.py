"""Cache and CacheStorage: what a script says, and what it may not.

Implements: https://developers.cloudflare.com/workers/runtime-apis/cache/
Differs, as wrangler's local cache does: nothing is too large, and nobody is rate limited.
Differs: the body of a response with a `Content-Encoding` comes back as it was put, while the local
cache of wrangler encodes it twice.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Never

from ... import clock, context
from ...js.callbacks import member
from ...js.convert import is_primitive, to_boolean, to_string
from ...js.errors import JsException, error, type_error
from ...js.null import is_nullish
from ...js.promise import rejected, resolved, spawn
from ...js.proxy import JsProxy
from ...log import log
from ..body import body_chunks, body_length
from ..idl import bad_argument, tell_wrapped, usv_string
from ..request import Request
from ..response import Response
from .answer import respond
from .policy import judge
from .store import Store

__all__ = ["Cache", "CacheStorage", "caches"]

_LONGEST_NAME = 1024
_BAD_URL = "Invalid URL. Cache API keys must be fully-qualified, valid URLs."
_NOT_MODIFIED = (
    "Ignoring attempt to Cache.put() a 304 status response. 304 responses are not meaningful to "
    "cache, and a potential source of bugs. Consider validating that the response status is "
    "meaningful to cache before calling Cache.put()."
)
_WEBSOCKET = (
    "Worker tried to return a WebSocket in a response to a request which did not contain the "
    'header "Upgrade: websocket".'
)
_LOCAL_URL = "http:", "https:"


class Cache(JsProxy):
    """One cache of responses."""

    def __init__(self, name: str | None) -> None:
        """``name``: None for `caches.default`."""
        self._name = name

    @classmethod
    def _construct(cls, *_: Any) -> Never:
        raise type_error("Illegal constructor")

    def put(self, *args: Any) -> Awaitable[None]:
        return _promise(lambda: self._put(*_put_arguments(args)))

    def match(self, *args: Any) -> Awaitable[Response | None]:
        return _promise(lambda: self._match(*_query("match", args)))

    def delete(self, *args: Any) -> Awaitable[bool]:
        return _promise(lambda: self._delete(*_query("delete", args)))

    def add(self, *_: Any) -> Never:
        raise _unimplemented("add", "Cache")

    def addAll(self, *_: Any) -> Never:
        raise _unimplemented("addAll", "Cache")

    def matchAll(self, *_: Any) -> Never:
        raise _unimplemented("matchAll", "Cache")

    def keys(self, *_: Any) -> Never:
        raise _unimplemented("keys", "Cache")

    async def _match(self, request: Request, is_get: bool) -> Response | None:
        if not is_get:
            return None
        kept = self._store().get(_local_key(request))
        if kept is None:
            return None
        response = respond(request.headers, kept)
        response._home = context.current()
        return response

    async def _put(self, request: Request, response: Response) -> None:
        owner = context.current()
        _check_put(request, response)
        if response._status == 304:
            log.warn(_NOT_MODIFIED)
            return
        if response._web_socket is not None:
            raise type_error(_WEBSOCKET)
        length = body_length(response)
        body = body_chunks(response)
        key = _key(request)
        if owner is not None and owner.output is not None:
            await owner.output.passed()
        now = clock.now_ms()
        authorized = request.headers._find("authorization") is not None
        verdict = judge(authorized, response._status, _sent(response, length), now)
        with context.io_pending():
            if verdict is None or not request._url.startswith(_LOCAL_URL):
                async for _ in body:
                    pass
                return
            until = now + verdict.lifetime_ms
            await self._store().put(key, response._status, verdict.headers, body, until)

    async def _delete(self, request: Request, is_get: bool) -> bool:
        return is_get and self._store().delete(_local_key(request))

    def _store(self) -> Store:
        owner = context.current()
        assert owner is not None
        name = "default" if self._name is None else f"named:{self._name}"
        store: Store = owner.worker.cache_store(name)
        return store


class CacheStorage(JsProxy):
    """`caches`."""

    def __init__(self) -> None:
        self._default = Cache(None)

    @classmethod
    def _construct(cls, *_: Any) -> Never:
        raise type_error("Illegal constructor")

    @property
    def default(self) -> Cache:
        return self._default

    def open(self, *args: Any) -> Awaitable[Cache]:
        if not args:
            return rejected(bad_argument("CacheStorage", "open", 1, "string"))
        name = usv_string(to_string(args[0]))
        if len(name.encode()) >= _LONGEST_NAME:
            return rejected(type_error("Cache name is too long."))
        return resolved(Cache(name))

    def match(self, *_: Any) -> Never:
        raise _unimplemented("match", "CacheStorage")

    def has(self, *_: Any) -> Never:
        raise _unimplemented("has", "CacheStorage")

    def delete(self, *_: Any) -> Never:
        raise _unimplemented("delete", "CacheStorage")

    def keys(self, *_: Any) -> Never:
        raise _unimplemented("keys", "CacheStorage")


caches = CacheStorage()


def _promise(start: Callable[[], Coroutine[Any, Any, Any]]) -> Awaitable[Any]:
    """What ``start`` comes to, as I/O of the running event."""
    owner = context.current()
    if owner is None or owner.is_global:
        return rejected(error(context.GLOBAL_SCOPE))
    try:
        return spawn(start())
    except JsException as exc:
        return rejected(exc)


def _unimplemented(method: str, interface: str) -> JsException:
    return error(f"Failed to execute '{method}' on '{interface}': the method is not implemented.")


# --- arguments


def _put_arguments(args: tuple[Any, ...]) -> tuple[Request, Response]:
    request = _request("put", args)
    if len(args) < 2 or not isinstance(args[1], Response):
        refusal = bad_argument("Cache", "put", 2, "Response")
        raise tell_wrapped(refusal, args[1]) if len(args) > 1 else refusal
    if args[1]._kind == "error":
        raise type_error("Cache is unable to store an error response")
    return _coerced(request), args[1]


def _query(method: str, args: tuple[Any, ...]) -> tuple[Request, bool]:
    """The request, and whether it may match at all."""
    request = _request(method, args)
    options = args[1] if len(args) > 1 else None
    if is_primitive(options) and not is_nullish(options):
        raise bad_argument("Cache", method, 2, "CacheQueryOptions")
    ignores_method = False
    if not is_nullish(options):
        ignores_method = to_boolean(member(options, "ignoreMethod"))
        for name in ("ignoreSearch", "ignoreVary", "cacheName"):
            if member(options, name) is not None:
                raise error(f"The '{name}' field on 'CacheQueryOptions' is not implemented.")
    asked = _coerced(request)
    return asked, ignores_method or asked._method == "GET"


def _request(method: str, args: tuple[Any, ...]) -> Any:
    if not args:
        raise bad_argument("Cache", method, 1, "Request or string")
    return args[0]


def _coerced(value: Any) -> Request:
    if isinstance(value, Request):
        return value
    try:
        return Request(value)
    except JsException as exc:
        raise tell_wrapped(exc, value) from None


def _key(request: Request) -> str:
    """What a response is kept under.

    Raises: JsException: TypeError, the URL is none of a server's.
    """
    rest = request._url.partition(":")[2]
    authority = rest[2:].partition("/")[0] if rest.startswith("//") else ""
    if not authority or "@" in authority:
        raise type_error(_BAD_URL)
    own = member(request.cf, "cacheKey")
    if own is not None and to_boolean(own):
        return to_string(own)
    return request._url.partition("#")[0]


def _local_key(request: Request) -> str:
    key = _key(request)
    if not request._url.startswith(_LOCAL_URL):
        raise type_error(f"Fetch API cannot load: {request._url}")
    return key


# --- what is put


def _check_put(request: Request, response: Response) -> None:
    if request._method != "GET":
        raise type_error("Cannot cache response to non-GET request.")
    if response._status == 206:
        raise type_error("Cannot cache response to a range request (206 Partial Content).")
    if "*" in (response.headers._find("vary") or ""):
        raise type_error("Cannot cache response with 'Vary: *' header.")


def _sent(response: Response, length: int | None) -> list[tuple[str, str]]:
    """The headers as they would be sent, names in lower case."""
    shown = [pair for pair in response.headers._sorted() if pair[0] != "content-length"]
    encoded = any(name == "content-encoding" for name, _ in shown)
    if length is not None and not encoded:
        shown.append(("content-length", str(length)))
    return shown
