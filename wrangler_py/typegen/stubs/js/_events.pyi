# ty: ignore

from collections.abc import Callable
from typing import Any, Literal, Self

from pyodide.ffi import JsArray
from pyodide.ffi._proxy import HostObject

from ._version import Init, Null

class Event(HostObject):
    NONE: Literal[0]
    CAPTURING_PHASE: Literal[1]
    AT_TARGET: Literal[2]
    BUBBLING_PHASE: Literal[3]
    @classmethod
    def new(
        cls,
        type: str,
        init: Init | None = None,
        /,
        *,
        bubbles: bool = ...,
        cancelable: bool = ...,
        composed: bool = ...,
    ) -> Self: ...
    @property
    def type(self) -> str: ...
    @property
    def bubbles(self) -> bool: ...
    @property
    def cancelable(self) -> bool: ...
    @property
    def composed(self) -> bool: ...
    @property
    def defaultPrevented(self) -> bool: ...
    @property
    def isTrusted(self) -> bool: ...
    @property
    def target(self) -> Any: ...
    @property
    def currentTarget(self) -> Any: ...
    @property
    def srcElement(self) -> Any: ...
    @property
    def eventPhase(self) -> int: ...
    @property
    def timeStamp(self) -> float: ...
    @property
    def returnValue(self) -> bool: ...
    @property
    def cancelBubble(self) -> bool: ...
    def composedPath(self) -> JsArray[Any]: ...
    def preventDefault(self) -> None: ...
    def stopImmediatePropagation(self) -> None: ...
    def stopPropagation(self) -> None: ...

class ExtendableEvent(Event):
    def waitUntil(self, promise: Any, /) -> None: ...

class CustomEvent(Event):
    @classmethod
    def new(
        cls,
        type: str,
        init: Init | None = None,
        /,
        *,
        bubbles: bool = ...,
        cancelable: bool = ...,
        composed: bool = ...,
        detail: Any = ...,
    ) -> Self: ...
    @property
    def detail(self) -> Any: ...

class MessageEvent(Event):
    """A message: a text is a `str`, a binary one an ArrayBuffer (or a Blob)."""

    @classmethod
    def new(cls, type: str, init: Init | None = None, /, *, data: Any = ...) -> Self: ...  # type: ignore[override]
    # Any, and not `str | ArrayBuffer`: whoever sends knows which of the two it is.
    @property
    def data(self) -> Any: ...
    @property
    def origin(self) -> str | Null: ...
    @property
    def lastEventId(self) -> str: ...
    @property
    def source(self) -> Any: ...
    @property
    def ports(self) -> JsArray[Any]: ...

class CloseEvent(Event):
    @classmethod
    def new(  # type: ignore[override]
        cls,
        type: str,
        init: Init | None = None,
        /,
        *,
        code: int = ...,
        reason: str = ...,
        wasClean: bool = ...,
    ) -> Self: ...
    @property
    def code(self) -> int: ...
    @property
    def reason(self) -> str: ...
    @property
    def wasClean(self) -> bool: ...

class ErrorEvent(Event):
    @classmethod
    def new(  # type: ignore[override]
        cls,
        type: str,
        init: Init | None = None,
        /,
        *,
        message: str = ...,
        filename: str = ...,
        lineno: int = ...,
        colno: int = ...,
        error: Any = ...,
    ) -> Self: ...
    @property
    def message(self) -> str: ...
    @property
    def filename(self) -> str: ...
    @property
    def lineno(self) -> int: ...
    @property
    def colno(self) -> int: ...
    @property
    def error(self) -> Any: ...

class EventTarget(HostObject):
    @classmethod
    def new(cls) -> Self: ...
    # The listener is a function that lives on: `create_proxy(function)`.
    def addEventListener(
        self,
        type: str,
        listener: Callable[[Any], Any],
        options: Init | bool | None = None,
        /,
        *,
        capture: bool = ...,
        once: bool = ...,
        passive: bool = ...,
        signal: AbortSignal = ...,
    ) -> None: ...
    def removeEventListener(
        self,
        type: str,
        listener: Callable[[Any], Any],
        options: Init | bool | None = None,
        /,
        *,
        capture: bool = ...,
    ) -> None: ...
    def dispatchEvent(self, event: Event, /) -> bool: ...

class AbortSignal(EventTarget):
    @property
    def aborted(self) -> bool: ...
    @property
    def reason(self) -> Any: ...
    onabort: Callable[[Event], Any] | Null | None
    def throwIfAborted(self) -> None: ...
    @staticmethod
    def abort(reason: Any = None, /) -> AbortSignal: ...
    @staticmethod
    def timeout(milliseconds: float, /) -> AbortSignal: ...
    @staticmethod
    def any(signals: Any, /) -> AbortSignal: ...

class AbortController(HostObject):
    @classmethod
    def new(cls) -> Self: ...
    @property
    def signal(self) -> AbortSignal: ...
    def abort(self, reason: Any = None, /) -> None: ...
