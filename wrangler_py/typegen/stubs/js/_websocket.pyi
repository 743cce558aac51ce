# ty: ignore

from collections.abc import Callable, Iterator
from typing import Any, Literal, Self, overload

from pyodide.ffi import JsArray
from pyodide.ffi._proxy import HostObject

from ._buffers import BufferSource
from ._events import AbortSignal, CloseEvent, ErrorEvent, Event, EventTarget, MessageEvent
from ._fetch import Blob
from ._version import Init, Null

class WebSocket(EventTarget):
    """One end of a WebSocket."""

    CONNECTING: Literal[0]
    OPEN: Literal[1]
    CLOSING: Literal[2]
    CLOSED: Literal[3]
    READY_STATE_CONNECTING: Literal[0]
    READY_STATE_OPEN: Literal[1]
    READY_STATE_CLOSING: Literal[2]
    READY_STATE_CLOSED: Literal[3]
    @classmethod
    def new(  # type: ignore[override]
        cls, url: str, protocols: str | JsArray[str] | None = None, /
    ) -> Self: ...
    @property
    def readyState(self) -> Literal[0, 1, 2, 3]: ...
    @property
    def url(self) -> str | Null: ...
    @property
    def protocol(self) -> str | Null: ...
    @property
    def extensions(self) -> str | Null: ...
    @property
    def bufferedAmount(self) -> int: ...
    binaryType: Literal["blob", "arraybuffer"]
    onopen: Callable[[Event], Any] | Null | None
    onmessage: Callable[[MessageEvent], Any] | Null | None
    onclose: Callable[[CloseEvent], Any] | Null | None
    onerror: Callable[[ErrorEvent], Any] | Null | None
    def accept(self, options: Init | None = None, /, *, allowHalfOpen: bool = ...) -> None: ...
    def send(self, message: str | BufferSource | Blob, /) -> None: ...
    def close(self, code: int | None = None, reason: str | None = None, /) -> None: ...
    def serializeAttachment(self, attachment: Any, /) -> None: ...
    def deserializeAttachment(self) -> Any: ...
    # Differs from EventTarget: the event's name decides what the listener is given.
    @overload  # type: ignore[override]
    def addEventListener(
        self,
        type: Literal["message"],
        listener: Callable[[MessageEvent], Any],
        options: Init | bool | None = None,
        /,
        *,
        capture: bool = ...,
        once: bool = ...,
        passive: bool = ...,
        signal: AbortSignal = ...,
    ) -> None: ...
    @overload
    def addEventListener(
        self,
        type: Literal["close"],
        listener: Callable[[CloseEvent], Any],
        options: Init | bool | None = None,
        /,
        *,
        capture: bool = ...,
        once: bool = ...,
        passive: bool = ...,
        signal: AbortSignal = ...,
    ) -> None: ...
    @overload
    def addEventListener(
        self,
        type: Literal["error"],
        listener: Callable[[ErrorEvent], Any],
        options: Init | bool | None = None,
        /,
        *,
        capture: bool = ...,
        once: bool = ...,
        passive: bool = ...,
        signal: AbortSignal = ...,
    ) -> None: ...
    @overload
    def addEventListener(  # pyright: ignore[reportIncompatibleMethodOverride]
        self,
        type: Literal["open"],
        listener: Callable[[Event], Any],
        options: Init | bool | None = None,
        /,
        *,
        capture: bool = ...,
        once: bool = ...,
        passive: bool = ...,
        signal: AbortSignal = ...,
    ) -> None: ...

class WebSocketPair(HostObject):
    """Two connected ends: `client, server = WebSocketPair.new().object_values()`."""

    @classmethod
    def new(cls) -> Self: ...
    def __iter__(self) -> Iterator[WebSocket]: ...
    def object_values(self) -> JsArray[WebSocket]: ...

class WebSocketRequestResponsePair(HostObject):
    @classmethod
    def new(cls, request: str, response: str, /) -> Self: ...
    @property
    def request(self) -> str: ...
    @property
    def response(self) -> str: ...
