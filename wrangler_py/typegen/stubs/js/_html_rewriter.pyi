# ty: ignore

from collections.abc import Callable, Iterator
from typing import Any, Self

from pyodide.ffi import JsArray
from pyodide.ffi._proxy import HostObject

from ._fetch import Response
from ._streams import ReadableStream
from ._version import Init, Null

class HTMLRewriter(HostObject):
    @classmethod
    def new(cls) -> Self: ...
    def on(
        self,
        selector: str,
        handlers: Any = None,
        /,
        *,
        element: Callable[[Element], Any] | None = ...,
        comments: Callable[[Comment], Any] | None = ...,
        text: Callable[[Text], Any] | None = ...,
    ) -> Self: ...
    def onDocument(
        self,
        handlers: Any = None,
        /,
        *,
        doctype: Callable[[Doctype], Any] | None = ...,
        comments: Callable[[Comment], Any] | None = ...,
        text: Callable[[Text], Any] | None = ...,
        end: Callable[[DocumentEnd], Any] | None = ...,
    ) -> Self: ...
    def transform(self, response: Response, /) -> Response: ...

class _Around(HostObject):
    @property
    def removed(self) -> bool: ...
    def before(
        self,
        content: str | ReadableStream | Response,
        options: Init | None = None,
        /,
        *,
        html: bool = ...,
    ) -> Self: ...
    def after(
        self,
        content: str | ReadableStream | Response,
        options: Init | None = None,
        /,
        *,
        html: bool = ...,
    ) -> Self: ...
    def replace(
        self,
        content: str | ReadableStream | Response,
        options: Init | None = None,
        /,
        *,
        html: bool = ...,
    ) -> Self: ...
    def remove(self) -> Self: ...

class Element(_Around):
    """What `element` of a handler is given; good while it runs."""

    tagName: str
    @property
    def attributes(self) -> Iterator[JsArray[str]]: ...
    @property
    def namespaceURI(self) -> str: ...
    def getAttribute(self, name: str, /) -> str | Null: ...
    def hasAttribute(self, name: str, /) -> bool: ...
    def setAttribute(self, name: str, value: str, /) -> Self: ...
    def removeAttribute(self, name: str, /) -> Self: ...
    def prepend(
        self,
        content: str | ReadableStream | Response,
        options: Init | None = None,
        /,
        *,
        html: bool = ...,
    ) -> Self: ...
    def append(
        self,
        content: str | ReadableStream | Response,
        options: Init | None = None,
        /,
        *,
        html: bool = ...,
    ) -> Self: ...
    def setInnerContent(
        self,
        content: str | ReadableStream | Response,
        options: Init | None = None,
        /,
        *,
        html: bool = ...,
    ) -> Self: ...
    def removeAndKeepContent(self) -> Self: ...
    def onEndTag(self, handler: Callable[[EndTag], Any], /) -> None: ...

class EndTag(HostObject):
    name: str
    def before(
        self,
        content: str | ReadableStream | Response,
        options: Init | None = None,
        /,
        *,
        html: bool = ...,
    ) -> Self: ...
    def after(
        self,
        content: str | ReadableStream | Response,
        options: Init | None = None,
        /,
        *,
        html: bool = ...,
    ) -> Self: ...
    def remove(self) -> Self: ...

class Text(_Around):
    @property
    def text(self) -> str: ...
    @property
    def lastInTextNode(self) -> bool: ...

class Comment(_Around):
    text: str

class Doctype(HostObject):
    @property
    def name(self) -> str | Null: ...
    @property
    def publicId(self) -> str | Null: ...
    @property
    def systemId(self) -> str | Null: ...

class DocumentEnd(HostObject):
    def append(self, content: str, options: Init | None = None, /, *, html: bool = ...) -> Self: ...
