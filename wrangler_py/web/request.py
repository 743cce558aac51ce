"""Request.

Implements: https://fetch.spec.whatwg.org/#request-class,
https://developers.cloudflare.com/workers/runtime-apis/request/
"""

from __future__ import annotations

import functools
from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING, Any

from ..js.callbacks import member
from ..js.convert import to_boolean, to_string
from ..js.errors import type_error
from ..js.null import is_nullish, null
from .body import Body, body_length, copy_body, is_null, move_body, set_body
from .headers import Headers
from .idl import bad_init, without_new
from .response import headers_init, object_field

if TYPE_CHECKING:
    from .abort import AbortSignal

# The methods that the runtime's HTTP library knows; CONNECT is kept for itself.
METHODS = frozenset(
    "GET HEAD POST PUT DELETE PATCH PURGE OPTIONS TRACE COPY LOCK MKCOL MOVE PROPFIND PROPPATCH "
    "SEARCH UNLOCK ACL REPORT MKACTIVITY CHECKOUT MERGE MSEARCH NOTIFY SUBSCRIBE UNSUBSCRIBE "
    "QUERY BAN".split()
)
_NO_BODY = "Request with a GET or HEAD method cannot have a body."
_BAD_REDIRECT = (
    'Invalid redirect value, must be one of "follow" or "manual" ("error" won\'t be implemented '
    'since it does not make sense at the edge; use "manual" and check the response status code).'
)
_INTEGRITY = (
    "Subrequest integrity checking is not implemented. "
    "The integrity option must be either undefined or an empty string."
)


class Request(Body):
    """What a handler gets and what `fetch()` takes."""

    _called_without_new = without_new("Request")

    _method = "GET"
    _url = ""
    _headers: Headers | None = None
    _raw_headers: Any = None
    """Pairs that become immutable Headers when somebody asks."""
    _redirect = "follow"
    _fetcher: Any = None
    _signal: AbortSignal | None = None
    _cf: Any = None
    _cache: str | None = None
    _encode_response_body = "automatic"

    def __init__(self, input: Any, init: Any = None) -> None:
        source = _as_request(input)
        if source is None:
            self._url = _parsed(input)
        else:
            _copy(self, source)
        has_body = False
        if isinstance(init, Request):
            _copy(self, init, keep_url=True)
            source = init
        elif init is not None:
            has_body = _read_init(self, init)
        if not has_body and source is not None:
            _move_body(source, self)
        if self._method in ("GET", "HEAD") and not is_null(self):
            raise type_error(_NO_BODY)

    @classmethod
    def _construct(cls, *args: Any) -> Request:
        if not args:
            raise bad_init("Request", 1, "Request or string")
        return cls(*args[:2])

    @classmethod
    def _incoming(
        cls,
        method: str,
        url: str,
        raw_header_pairs: Any,
        body_source: bytes | AsyncIterator[bytes] | None,
        cf: Any = None,
    ) -> Request:
        """A request from the network; nothing is read or parsed until a script asks.

        Args:
            raw_header_pairs: a list of (name, value), or a function that makes it.
            body_source: None for a null body.
            cf: an object, or a function that makes it.
        """
        request = cls.__new__(cls)
        request._method, request._url, request._cf = method, url, cf
        request._raw_headers = raw_header_pairs
        request._redirect = "manual"  # an answer with a redirect is passed on, not followed
        if body_source is not None:
            if isinstance(body_source, bytes):
                request._data = body_source
            else:
                request._source = body_source
                length = request.headers._find("content-length")
                request._source_length = None if length is None else int(length)
        return request

    @property
    def method(self) -> str:
        return self._method

    @property
    def url(self) -> str:
        return self._url

    @property
    def headers(self) -> Headers:
        headers = self._headers
        if headers is None:
            headers = self._headers = _make_headers(self)
        return headers

    @property
    def redirect(self) -> str:
        return self._redirect

    @property
    def fetcher(self) -> Any:
        return null() if self._fetcher is None else self._fetcher

    @property
    def signal(self) -> AbortSignal:
        if self._signal is None:
            from .abort import AbortSignal  # most workers never look at it

            self._signal = AbortSignal()
        return self._signal

    @property
    def cf(self) -> Any:
        if callable(self._cf):
            self._cf = self._cf()
        return self._cf

    @property
    def integrity(self) -> str:
        return ""

    @property
    def keepalive(self) -> bool:
        return False

    @property
    def cache(self) -> str | None:
        return self._cache

    def clone(self) -> Request:
        copy = Request.__new__(Request)
        copy_body(self, copy)
        _copy(copy, self)
        return copy


def hand_over(request: Request) -> Request:
    """Make ``request`` what another Worker gets of it where no HTTP is between them.

    Source: workerd, ServiceWorkerGlobalScope::request
    """
    request._redirect = "manual"
    if is_null(request):
        return request
    headers = request.headers
    if headers._find("content-length") is None and headers._find("transfer-encoding") is None:
        length = body_length(request)
        chunked = length is None
        told = ("transfer-encoding", "chunked") if chunked else ("content-length", str(length))
        headers._reset([*headers._pairs, told])
    return request


def _as_request(value: Any) -> Request | None:
    return value if isinstance(value, Request) else None


def _make_headers(request: Request) -> Headers:
    raw = request._raw_headers
    if raw is not None:
        return Headers._of(raw() if callable(raw) else list(raw), "immutable")
    return Headers._of([])


def _copy(target: Request, source: Request, *, keep_url: bool = False) -> None:
    """Everything but the body."""
    if not keep_url:
        target._url = source._url
    target._method, target._redirect = source._method, source._redirect
    target._headers = Headers._of(list(source.headers._pairs))
    target._fetcher, target._signal = source._fetcher, source._signal
    target._cf, target._cache = source.cf, source._cache
    target._encode_response_body = source._encode_response_body


def _move_body(source: Request, target: Request) -> None:
    if is_null(source):
        return
    if source.bodyUsed:
        raise type_error("Cannot reconstruct a Request with a used body.")
    move_body(source, target)


def _read_init(request: Request, init: Any) -> bool:
    """Apply the init dictionary; returns whether it says something about the body."""
    if is_nullish(init):
        return False
    if isinstance(init, (str, int, float)):
        raise bad_init("Request", 2, "RequestInitializerDict or Request")
    for name, apply in _FIELDS.items():
        value = member(init, name)
        if value is not None:
            apply(request, value)
    body = member(init, "body")
    if body is None:
        return False
    _init_body(request, body)
    return True


def _init_body(request: Request, body: Any) -> None:
    set_body(request, body)
    if not is_null(request) and request._method in ("GET", "HEAD"):
        raise type_error(_NO_BODY)
    kind = request._body_type
    if kind is not None and request.headers._find("content-type") is None:
        request.headers.append("content-type", kind)


def _init_method(request: Request, value: Any) -> None:
    method = to_string(value)
    upper = method.upper()
    if upper not in METHODS:
        raise type_error(f"Invalid HTTP method string: {method}")
    request._method = upper


def _init_headers(request: Request, value: Any) -> None:
    request._headers = headers_init(value, "RequestInitializerDict")


def _init_redirect(request: Request, value: Any) -> None:
    redirect = to_string(value)
    if redirect not in ("follow", "manual"):
        raise type_error(_BAD_REDIRECT)
    request._redirect = redirect


def _init_signal(request: Request, value: Any) -> None:
    if is_nullish(value):
        request._signal = None
        return
    from .abort import AbortSignal  # a signal exists, so the module is loaded

    if not isinstance(value, AbortSignal):
        raise type_error(
            "Incorrect type for the 'signal' field on 'RequestInitializerDict': "
            "the provided value is not of type 'AbortSignal'."
        )
    request._signal = value


def _init_cf(request: Request, value: Any) -> None:
    request._cf = object_field(value, "cf", "RequestInitializerDict")


def _init_cache(request: Request, value: Any) -> None:
    mode = to_string(value)
    if mode not in ("no-store", "no-cache"):
        raise type_error(f"Unsupported cache mode: {mode}")
    request._cache = mode


def _init_encode_response_body(request: Request, value: Any) -> None:
    mode = to_string(value)
    if mode not in ("automatic", "manual"):
        raise type_error(f"encodeResponseBody: unexpected value: {mode}")
    request._encode_response_body = mode


def _init_integrity(_request: Request, value: Any) -> None:
    if to_string(value):
        raise type_error(_INTEGRITY)


def _init_fetcher(request: Request, value: Any) -> None:
    request._fetcher = None if is_nullish(value) else value


def _init_keepalive(_request: Request, value: Any) -> None:
    to_boolean(value)  # accepted, without effect


_FIELDS: dict[str, Callable[[Request, Any], None]] = {
    "method": _init_method,
    "headers": _init_headers,
    "redirect": _init_redirect,
    "fetcher": _init_fetcher,
    "signal": _init_signal,
    "cf": _init_cf,
    "cache": _init_cache,
    "integrity": _init_integrity,
    "keepalive": _init_keepalive,
    "encodeResponseBody": _init_encode_response_body,
}


def _parsed(input: Any) -> str:
    return _normalized(to_string(input))


@functools.lru_cache(maxsize=256)
def _normalized(text: str) -> str:
    from ada_url import URL  # 50 ms, and an incoming request's URL is parsed already

    try:
        return URL(text).href
    except ValueError:
        raise type_error(f"Invalid URL: {text}") from None
