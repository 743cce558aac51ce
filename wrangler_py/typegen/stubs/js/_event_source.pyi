# ty: ignore

from collections.abc import Callable
from typing import Any, Literal, Self

from ._events import ErrorEvent, Event, EventTarget, MessageEvent
from ._streams import ReadableStream
from ._version import Init, Null

class EventSource(EventTarget):
    CONNECTING: Literal[0]
    OPEN: Literal[1]
    CLOSED: Literal[2]
    onopen: Callable[[Event], Any] | Null | None
    onmessage: Callable[[MessageEvent], Any] | Null | None
    onerror: Callable[[ErrorEvent], Any] | Null | None
    @classmethod
    def new(  # type: ignore[override]
        cls,
        url: str,
        init: Init | None = None,
        /,
        *,
        withCredentials: bool | None = ...,
        fetcher: Any = ...,
    ) -> Self: ...
    @staticmethod
    def from_(stream: ReadableStream, /) -> EventSource: ...
    @property
    def url(self) -> str: ...
    @property
    def withCredentials(self) -> bool: ...
    @property
    def readyState(self) -> Literal[0, 1, 2]: ...
    def close(self) -> None: ...
