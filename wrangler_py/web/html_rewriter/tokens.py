"""What handlers get: Element, EndTag, Text, Comment, Doctype, DocumentEnd.

Implements: https://developers.cloudflare.com/workers/runtime-apis/html-rewriter/
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Never

from ...js.array import JsArray
from ...js.callbacks import keep
from ...js.errors import error, type_error
from ...js.null import null
from ...js.object import JsObject
from ...js.proxy import JsProxy
from ..idl import bad_argument, require_callable, usv_string
from .edits import Content, content_of, text_of
from .tree import NAMESPACES
from .units import CommentUnit, DoctypeUnit, ElementUnit, EndTagUnit, TextUnit

__all__ = ["Comment", "Doctype", "DocumentEnd", "Element", "EndTag", "Text", "Token"]

_OVER = (
    "This content token is no longer valid. Content tokens are only valid during the execution of "
    "the relevant content handler."
)
_MUTATED = (
    "The attributes of this element have been modified during iteration. You must create a new "
    "iterator after modifying attributes."
)


class Token(JsProxy):
    """Good while its handler runs."""

    def __init__(self, unit: Any) -> None:
        self._known: Any = unit

    @classmethod
    def _construct(cls, *_: Any) -> Never:
        raise type_error("Illegal constructor")

    @property
    def _unit(self) -> Any:
        if self._known is None:
            raise type_error(_OVER)
        return self._known

    def _end(self) -> None:
        """The handler is done."""
        self._known = None

    def _content(self, method: str, args: tuple[Any, ...]) -> list[Content]:
        self._unit  # noqa: B018  it must be good
        return content_of(type(self)._js_name, method, args)


class Around(Token):
    """What can be put around each piece that may be changed."""

    def before(self, *args: Any) -> Any:
        content = self._content("before", args)
        self._unit.change().before += content
        return self

    def after(self, *args: Any) -> Any:
        content = self._content("after", args)
        self._unit.change().after[:0] = content
        return self

    def remove(self) -> Any:
        self._unit.change().removed = True
        return self


class Element(Around):
    """A start tag, and the element that begins with it."""

    _unit: ElementUnit

    def __init__(self, unit: ElementUnit) -> None:
        super().__init__(unit)
        self._iterators: list[AttributesIterator] = []

    def _end(self) -> None:
        super()._end()
        for each in self._iterators:
            each._end()

    @property
    def tagName(self) -> str:
        unit = self._unit
        return unit.encoding.decode(unit.name.lower())

    @tagName.setter
    def tagName(self, name: Any) -> None:
        self._unit.rename(usv_string(name))

    @property
    def attributes(self) -> AttributesIterator:
        unit = self._unit
        iterator = AttributesIterator(
            [
                [unit.encoding.decode(name.lower()), unit.encoding.decode(value)]
                for name, value, _ in unit.attributes
            ]
        )
        self._iterators.append(iterator)
        return iterator

    @property
    def removed(self) -> bool:
        return self._unit.removed

    @property
    def namespaceURI(self) -> str:
        return NAMESPACES[self._unit.namespace]

    def getAttribute(self, name: str) -> Any:
        unit = self._unit
        found = unit.find(usv_string(name))
        return null() if found is None else unit.encoding.decode(found.value)

    def hasAttribute(self, name: str) -> bool:
        return self._unit.find(usv_string(name)) is not None

    def setAttribute(self, name: str, value: str) -> Element:
        self._unit.set(usv_string(name), usv_string(value))
        self._attributes_changed()
        return self

    def removeAttribute(self, name: str) -> Element:
        self._unit.remove_attribute(usv_string(name))
        self._attributes_changed()
        return self

    def _attributes_changed(self) -> None:
        for each in self._iterators:
            each._mutated = True

    def after(self, *args: Any) -> Element:
        content = self._content("after", args)
        self._unit.after(content)
        return self

    def prepend(self, *args: Any) -> Element:
        content = self._content("prepend", args)
        self._unit.prepend(content)
        return self

    def append(self, *args: Any) -> Element:
        content = self._content("append", args)
        self._unit.append(content)
        return self

    def replace(self, *args: Any) -> Element:
        content = self._content("replace", args)
        if content:
            self._unit.replace(content)
        return self

    def setInnerContent(self, *args: Any) -> Element:
        content = self._content("setInnerContent", args)
        if content:
            self._unit.set_inner(content)
        return self

    def remove(self) -> Element:
        self._unit.remove()
        return self

    def removeAndKeepContent(self) -> Element:
        self._unit.remove_and_keep_content()
        return self

    def onEndTag(self, *args: Any) -> None:
        unit = self._unit
        if not args:
            raise bad_argument("Element", "onEndTag", 1, "function")
        require_callable(args[0], "Element", "onEndTag")
        if not unit.has_content:
            raise type_error("Parser error: No end tag.")
        unit.end.handlers = [keep(args[0])]


class AttributesIterator(JsProxy):
    """An element's attributes, as pairs; changing them ends it."""

    def __init__(self, pairs: list[list[str]]) -> None:
        self._left = iter(pairs)
        self._mutated = self._over = False

    def _end(self) -> None:
        self._over = True

    def next(self) -> JsObject:
        for pair in self:
            return JsObject({"done": False, "value": pair})
        return JsObject({"done": True, "value": None})

    def __iter__(self) -> Iterator[JsArray]:
        return self

    def __next__(self) -> JsArray:
        if self._over:
            raise type_error(_OVER)
        if self._mutated:
            raise error(_MUTATED)
        return JsArray(list(next(self._left)))


class EndTag(Around):
    """An end tag."""

    _unit: EndTagUnit

    @property
    def name(self) -> str:
        unit = self._unit
        return unit.encoding.decode(unit.name.lower())

    @name.setter
    def name(self, name: Any) -> None:
        unit = self._unit
        unit.rename(unit.encoding.encode(usv_string(name)))


class Text(Around):
    """A part of a text; the last one of each text is empty."""

    _unit: TextUnit

    @property
    def text(self) -> str:
        return self._unit.text

    @property
    def lastInTextNode(self) -> bool:
        return self._unit.is_last

    @property
    def removed(self) -> bool:
        return self._unit.removed

    def replace(self, *args: Any) -> Text:
        content = self._content("replace", args)
        if content:
            self._unit.change().replace(content)
        return self


class Comment(Around):
    """A comment."""

    _unit: CommentUnit

    @property
    def text(self) -> str:
        return self._unit.text

    @text.setter
    def text(self, text: Any) -> None:
        self._unit.set(usv_string(text))

    @property
    def removed(self) -> bool:
        return self._unit.removed

    def replace(self, *args: Any) -> Comment:
        content = self._content("replace", args)
        self._unit.change().replace(content)
        return self

    def _content(self, method: str, args: tuple[Any, ...]) -> list[Content]:
        self._unit  # noqa: B018  it must be good
        return text_of("Comment", method, args)


class Doctype(Token):
    """The document type."""

    _unit: DoctypeUnit

    @property
    def name(self) -> Any:
        name = self._unit.doctype.name
        return self._shown(None if name is None else name.lower())

    @property
    def publicId(self) -> Any:
        return self._shown(self._unit.doctype.public_id)

    @property
    def systemId(self) -> Any:
        return self._shown(self._unit.doctype.system_id)

    def _shown(self, data: bytes | None) -> Any:
        return null() if data is None else self._unit.encoding.decode(data)


class DocumentEnd(Token):
    """The end of the document."""

    def append(self, *args: Any) -> DocumentEnd:
        content = self._unit
        content += text_of("DocumentEnd", "append", args)
        return self
