"""Response.

Implements: https://fetch.spec.whatwg.org/#response-class,
https://developers.cloudflare.com/workers/runtime-apis/response/
"""

from __future__ import annotations

import re
from collections.abc import Callable
from types import MethodType
from typing import Any

from ..js.callbacks import member, recall
from ..js.convert import to_string
from ..js.errors import range_error, type_error
from ..js.null import is_nullish, null
from ..js.object import JsObject
from ..js.proxy import JsProxy
from .body import Body, adopt_body, copy_body, is_null, set_body
from .body_init import Extracted, encode
from .headers import Headers
from .idl import bad_argument, bad_init, to_int32, without_new

NULL_BODY_STATUS = frozenset({101, 204, 205, 304})
REDIRECT_STATUS = frozenset({301, 302, 303, 307, 308})

_ENCODE_BODY = frozenset({"automatic", "manual"})
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_BAD_STATUS = (
    "Responses may only be constructed with status codes in the range 200 to 599, inclusive."
)
_NULL_BODY = "Response with null body status (101, 204, 205, or 304) cannot have a body."
_WEBSOCKET_STATUS = "Responses with a WebSocket must have status code 101."
_CLONE_WEBSOCKET = "Cannot clone a response to a WebSocket handshake."


class _StaticBeside(staticmethod):  # type: ignore[type-arg]
    """A static of the constructor whose name instances have for a method (`Response.json`)."""

    def __init__(self, function: Callable[..., Any], method: Callable[..., Any]) -> None:
        super().__init__(function)
        self._method = method

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        if instance is None:
            return super().__get__(instance, owner)
        return MethodType(self._method, instance)


def _json_response(*args: Any) -> Response:
    """`Response.json(data, init?)`."""
    if not args:
        raise bad_argument("Response", "json", 1, "Value")
    from ..js.json import stringify  # most workers serialize in Python

    text = stringify(args[0])
    response = Response(None, args[1] if len(args) > 1 else None)
    if response._status in NULL_BODY_STATUS:
        raise type_error(_NULL_BODY)
    data = encode("undefined" if text is None else text)
    adopt_body(response, Extracted(data, None, "application/json"))
    _bring_type(response)
    return response


class Response(Body):
    """An answer: what a handler returns and what `fetch()` gives."""

    _called_without_new = without_new("Response")

    _status = 200
    _status_text: str | None = None
    """None: nobody gave one; on the wire it is what the status is usually called."""
    _headers: Headers | None = None
    _url = ""
    _redirected = False
    _cf: Any = None
    _web_socket: Any = None
    _encode_body = "automatic"
    _kind = "default"

    def __init__(self, body: Any = None, init: Any = None) -> None:
        if init is not None:
            if isinstance(init, Response):
                _copy_init(self, init)
                _check_status(self)
            else:
                _read_init(self, init)
        if body is None:
            return
        set_body(self, body)
        if self._status in NULL_BODY_STATUS and not is_null(self):
            if self._data != b"":
                raise type_error(_NULL_BODY)
            self._data = None
        elif self._headers is not None:
            _bring_type(self)

    @classmethod
    def _construct(cls, *args: Any) -> Response:
        return cls(*args[:2])

    @property
    def status(self) -> int:
        return self._status

    @property
    def statusText(self) -> str:
        # workerd 2026-11-17: empty unless the script or the network gave one
        return self._status_text or ""

    @property
    def headers(self) -> Headers:
        headers = self._headers
        if headers is None:
            pairs = [] if self._body_type is None else [("content-type", self._body_type)]
            headers = self._headers = Headers._of(pairs)
        return headers

    @property
    def ok(self) -> bool:
        return 200 <= self._status < 300

    @property
    def redirected(self) -> bool:
        return self._redirected

    @property
    def url(self) -> str:
        return self._url

    @property
    def webSocket(self) -> Any:
        return null() if self._web_socket is None else self._web_socket

    @property
    def cf(self) -> Any:
        return self._cf

    @property
    def type(self) -> str:
        return self._kind

    def clone(self) -> Response:
        if self._web_socket is not None:
            raise type_error(_CLONE_WEBSOCKET)
        copy = Response()
        copy_body(self, copy)
        _copy_init(copy, self)
        copy._body_type = self._body_type
        copy._url, copy._redirected, copy._kind = self._url, self._redirected, self._kind
        return copy

    json = _StaticBeside(_json_response, Body.json)

    @staticmethod
    def redirect(*args: Any) -> Response:
        if not args:
            raise bad_argument("Response", "redirect", 1, "string")
        status = 302 if len(args) < 2 or args[1] is None else to_int32(args[1])
        if status not in REDIRECT_STATUS:
            raise range_error(
                f"{status} is not a redirect status code. "
                "It must be one of: 301, 302, 303, 307, or 308."
            )
        response = Response()
        response._status = status
        response._headers = Headers._of([("location", _normalized(args[0]))], "immutable")
        return response

    @staticmethod
    def error(*_: Any) -> Response:
        response = Response()
        response._status, response._kind = 0, "error"
        return response


def fetched(
    status: int,
    reason: str,
    pairs: list[tuple[str, str]],
    body: Any = None,
    *,
    url: str = "",
    redirected: bool = False,
    web_socket: Any = None,
) -> Response:
    """The Response of a `fetch()`: immutable headers, any status; ``body`` bytes or a source."""
    response = Response()
    response._status, response._status_text = status, reason
    response._headers = Headers._of(pairs, "immutable")
    response._url, response._redirected = url, redirected
    response._web_socket = web_socket
    if isinstance(body, bytes):
        response._data = body
    else:
        response._source = body
        headers = response._headers
        length = headers._find("content-length")
        if length is not None and length.isdecimal() and not headers._find("content-encoding"):
            response._source_length = int(length)
    return response


def header_pairs(response: Response) -> list[tuple[str, str]]:
    """Name and value of each header, in the order in which to send them."""
    if response._headers is not None:
        return response._headers._pairs
    return [] if response._body_type is None else [("content-type", response._body_type)]


def _bring_type(response: Response) -> None:
    """The body's content type, unless the script chose one."""
    if response._headers is None or response._body_type is None:
        return
    if response._headers._find("content-type") is None:
        response._headers.append("content-type", response._body_type)


def _copy_init(target: Response, source: Response) -> None:
    """`new Response(body, response)`."""
    target._status, target._status_text = source._status, source._status_text
    if source._headers is not None or source._body_type is not None:
        target._headers = Headers._of(list(source.headers._pairs))
    target._cf, target._encode_body = source._cf, source._encode_body
    target._web_socket = source._web_socket


def _read_init(response: Response, init: Any) -> None:
    """The init dictionary: each field is converted first, then the rules apply."""
    if is_nullish(init):
        return
    if isinstance(init, (str, int, float)):
        raise bad_init("Response", 2, "InitializerDict or Response")
    get: Callable[[str], Any]
    if type(init) is JsObject and init._props.keys() <= _USUAL:
        get = init._props.get  # the SDK's way: neither is ever a Python object
    else:
        get = lambda name: member(init, name)  # noqa: E731
        response._cf = object_field(get("cf"), "cf", "InitializerDict")
        socket = get("webSocket")
        if not is_nullish(socket):
            response._web_socket = _web_socket(socket)
        if (encoding := get("encodeBody")) is not None:
            response._encode_body = to_string(encoding)
    if (status := get("status")) is not None:
        response._status = status if type(status) is int else to_int32(status)
    if (text := get("statusText")) is not None:
        response._status_text = to_string(text)
    if (headers := get("headers")) is not None:
        response._headers = headers_init(recall(headers), "InitializerDict")
    _check(response)


_USUAL = frozenset({"status", "statusText", "headers"})


def _check(response: Response) -> None:
    _check_status(response)
    if (text := response._status_text) and _CONTROL.search(text):
        raise type_error("Invalid statusText")
    if response._encode_body not in _ENCODE_BODY:
        raise type_error(f"encodeBody: unexpected value: {response._encode_body}")


def _check_status(response: Response) -> None:
    if response._web_socket is not None:
        if response._status != 101:
            raise range_error(_WEBSOCKET_STATUS)
    elif not 200 <= response._status <= 599:
        raise range_error(_BAD_STATUS)


def headers_init(value: Any, dictionary: str) -> Headers:
    """The `headers` field of an init dictionary, copied."""
    if is_nullish(value) or isinstance(value, (str, int, float)):
        raise type_error(_wrong("headers", dictionary, "Headers or Sequence or object"))
    return Headers(value)


def object_field(value: Any, field: str, dictionary: str) -> Any:
    """A field that holds an object or is absent."""
    if value is None:
        return None
    if is_nullish(value) or isinstance(value, (str, int, float)):
        raise type_error(_wrong(field, dictionary, "Object"))
    return value


def _web_socket(value: Any) -> Any:
    if not isinstance(value, JsProxy) or type(value)._js_name != "WebSocket":
        raise type_error(_wrong("webSocket", "InitializerDict", "WebSocket"))
    value._offered = True  # type: ignore[attr-defined]
    return value


def _wrong(field: str, dictionary: str, kind: str) -> str:
    return (
        f"Incorrect type for the '{field}' field on '{dictionary}': "
        f"the provided value is not of type '{kind}'."
    )


def _normalized(url: Any) -> str:
    from ada_url import URL  # 50 ms, and most workers never parse one

    text = to_string(url)
    try:
        return URL(text).href
    except ValueError:
        raise type_error(f"Unable to parse URL: {text}") from None
