# ty: ignore
# The SDK (`workers-runtime-sdk`), with the types that its own source leaves open.
import builtins
from collections.abc import Awaitable, Callable, Iterable, Iterator, MutableMapping
from contextlib import AbstractContextManager
from enum import StrEnum
from http import HTTPMethod, HTTPStatus
from http.client import HTTPMessage
from typing import Any, Protocol, TypeAlias, TypedDict, TypeVar, Unpack, overload

import js
import pyodide.http
from pyodide.ffi import JsBuffer

from .rpc import python_from_rpc as python_from_rpc
from .rpc import python_to_rpc as python_to_rpc

_F = TypeVar("_F", bound=Callable[..., Any])

JSBody: TypeAlias = js.Blob | JsBuffer | js.FormData | js.ReadableStream | js.URLSearchParams
Body: TypeAlias = str | bytes | FormData | JSBody | js.Response
Headers: TypeAlias = dict[str, str] | list[tuple[str, str]] | js.Headers | HTTPMessage
BlobValue: TypeAlias = (
    str | bytes | bytearray | memoryview | JsBuffer | js.DataView | js.Blob | Blob
)
FormDataValue: TypeAlias = str | js.Blob | Blob

class Context(Protocol):
    def waitUntil(self, other: Awaitable[Any]) -> None: ...

class RequestInitCfProperties(TypedDict, total=False):
    apps: bool | None
    cacheEverything: bool | None
    cacheKey: str | None
    cacheTags: list[str] | None
    cacheTtl: int
    cacheTtlByStatus: dict[str, int]
    image: Any | None
    mirage: bool | None
    polish: str | None
    resolveOverride: str | None
    scrapeShield: bool | None
    webp: bool | None

class FetchKwargs(TypedDict, total=False):
    headers: Headers | None
    body: Body | None
    method: HTTPMethod | str | None
    redirect: str | None
    cf: RequestInitCfProperties | dict[str, Any] | None
    fetcher: Any
    signal: js.AbortSignal | None

class BlobEnding(StrEnum):
    TRANSPARENT = "transparent"
    NATIVE = "native"

class Blob:
    def __init__(
        self,
        blob_parts: Iterable[BlobValue] | BlobValue,
        content_type: str | None = None,
        endings: BlobEnding | str | None = None,
    ) -> None: ...
    @property
    def size(self) -> int: ...
    @property
    def content_type(self) -> str: ...
    @property
    def js_object(self) -> js.Blob: ...
    async def text(self) -> str: ...
    async def bytes(self) -> builtins.bytes: ...
    def slice(
        self, start: int | None = None, end: int | None = None, content_type: str | None = None
    ) -> Blob: ...

class File(Blob):
    def __init__(
        self,
        blob_parts: Iterable[BlobValue] | BlobValue,
        filename: str,
        content_type: str | None = None,
        endings: BlobEnding | str | None = None,
        last_modified: int | None = None,
    ) -> None: ...
    @property
    def name(self) -> str: ...
    @property
    def last_modified(self) -> int: ...

class FormData(MutableMapping[str, Any]):
    def __init__(self, form_data: js.FormData | dict[str, FormDataValue] | None = None) -> None: ...
    def __getitem__(self, key: str) -> Any: ...
    def __setitem__(self, key: str, value: FormDataValue) -> None: ...
    def __delitem__(self, key: str) -> None: ...
    def __iter__(self) -> Iterator[str]: ...
    def __len__(self) -> int: ...
    def append(self, key: str, value: FormDataValue, filename: str | None = None) -> None: ...
    def delete(self, key: str) -> None: ...
    def get_all(self, key: str) -> list[Any]: ...
    @property
    def js_object(self) -> js.FormData: ...

class Request:
    def __init__(
        self, input: Request | str | js.Request, **other_options: Unpack[FetchKwargs]
    ) -> None: ...
    @property
    def js_object(self) -> js.Request: ...
    @property
    def body(self) -> js.ReadableStream: ...
    @property
    def body_used(self) -> bool: ...
    # Its attributes are those of `request.cf` in JavaScript.
    @property
    def cf(self) -> Any: ...
    @property
    def cache(self) -> str: ...
    @property
    def credentials(self) -> str: ...
    @property
    def destination(self) -> str: ...
    @property
    def headers(self) -> HTTPMessage: ...
    @property
    def integrity(self) -> str: ...
    @property
    def is_history_navigation(self) -> bool: ...
    @property
    def keepalive(self) -> bool: ...
    @property
    def method(self) -> HTTPMethod: ...
    @property
    def mode(self) -> str: ...
    @property
    def redirect(self) -> str: ...
    @property
    def referrer(self) -> str: ...
    @property
    def referrer_policy(self) -> str: ...
    @property
    def url(self) -> str: ...
    async def buffer(self) -> js.ArrayBuffer: ...
    async def form_data(self) -> FormData: ...
    async def blob(self) -> Blob: ...
    async def bytes(self) -> builtins.bytes: ...
    def clone(self) -> Request: ...
    async def json(self, **kwargs: Any) -> Any: ...
    async def text(self) -> str: ...

class _Json:
    """`Response.json(data)` makes an answer, `await response.json()` reads one."""

    @overload
    def __get__(self, instance: None, owner: type[FetchResponse], /) -> _MakeJson: ...
    @overload
    def __get__(
        self, instance: FetchResponse, owner: type[FetchResponse] | None = None, /
    ) -> Callable[[], Awaitable[Any]]: ...

class _MakeJson:
    def __call__(
        self,
        data: Any,
        status: HTTPStatus | int = ...,
        status_text: str = "",
        headers: Headers | None = None,
    ) -> Response: ...

class FetchResponse(pyodide.http.FetchResponse):
    json: _Json  # type: ignore[assignment]
    @property
    def body(self) -> js.ReadableStream | None: ...
    @property
    def js_object(self) -> js.Response: ...
    @property
    def headers(self) -> HTTPMessage: ...  # type: ignore[override]
    async def formData(self) -> FormData: ...
    async def form_data(self) -> FormData: ...
    def replace_body(self, body: Body) -> Response: ...
    async def blob(self) -> Blob: ...
    @staticmethod
    def redirect(url: str, status: HTTPStatus | int = ...) -> Response: ...
    @staticmethod
    def from_json(
        data: Any,
        status: HTTPStatus | int = ...,
        status_text: str = "",
        headers: Headers | None = None,
    ) -> Response: ...

class Response(FetchResponse):
    def __init__(
        self,
        body: Body | None = None,
        status: HTTPStatus | int | None = None,
        status_text: str = "",
        headers: Headers | None = None,
        web_socket: js.WebSocket | None = None,
    ) -> None: ...

async def fetch(
    resource: str | Request | js.Request, **other_options: Unpack[FetchKwargs]
) -> Response: ...

class WorkerEntrypoint:
    ctx: js.ExecutionContext
    env: js.Env
    def __init__(self, ctx: js.ExecutionContext, env: js.Env) -> None: ...

class DurableObject:
    ctx: js.DurableObjectState
    env: js.Env
    def __init__(self, ctx: js.DurableObjectState, env: js.Env) -> None: ...

class WorkflowEntrypoint:
    ctx: js.ExecutionContext
    env: js.Env
    def __init__(self, ctx: js.ExecutionContext, env: js.Env) -> None: ...

env: js.Env

def wait_until(promise: Awaitable[Any], /) -> None: ...
def waitUntil(promise: Awaitable[Any], /) -> None: ...
def handler(func: _F) -> _F: ...
def import_from_javascript(module_name: str) -> Any: ...
def patch_env(d: dict[str, Any] | None = None, **kwds: Any) -> AbstractContextManager[None]: ...
