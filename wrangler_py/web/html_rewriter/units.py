"""The pieces that handlers may change, without a script's view of them (`tokens`).

Source: https://github.com/cloudflare/lol-html/tree/main/src/rewritable_units
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...js.errors import type_error
from .edits import Content, Edits, Encoding
from .lexemes import Attribute, Comment, Doctype, EndTag, StartTag

__all__ = ["CommentUnit", "DoctypeUnit", "ElementUnit", "EndTagUnit", "EndWork", "TextUnit", "Unit"]

_NOT_IN_TAG_NAME = " \n\r\t\x0c/>"
_NOT_IN_ATTRIBUTE_NAME = _NOT_IN_TAG_NAME + "="
_CLOSES_COMMENT = "Parser error: Comment text shouldn't contain a comment-closing sequence."
_UNENCODABLE = (
    "Parser error: The {0} contains a character that can't be represented in the document's "
    "character encoding."
)

Handler = Callable[[Any], Any]


def _refuse(reason: str) -> Any:
    raise type_error(f"Parser error: {reason}")


class Unit:
    """A piece, as it is written unless it was changed."""

    def __init__(self, raw: bytes, encoding: Encoding) -> None:
        self.raw = raw
        self.encoding = encoding
        self.edits: Edits | None = None

    def change(self) -> Edits:
        if self.edits is None:
            self.edits = Edits()
        return self.edits

    @property
    def removed(self) -> bool:
        return self.edits is not None and self.edits.removed

    def written(self) -> bytes:
        return self.raw


class EndWork:
    """What an element's handlers left to be done at its end tag."""

    def __init__(self) -> None:
        self.name: bytes | None = None
        self.edits: Edits | None = None
        self.handlers: list[Handler] = []

    def change(self) -> Edits:
        if self.edits is None:
            self.edits = Edits()
        return self.edits


class ElementUnit(Unit):
    """A start tag, and what is to become of the element's content and its end tag."""

    def __init__(self, tag: StartTag, raw: bytes, encoding: Encoding, has_content: bool) -> None:
        super().__init__(raw, encoding)
        self.name = tag.written
        self.namespace = tag.namespace
        self.attributes = list(tag.attributes)
        self.self_closing = tag.self_closing
        self.has_content = has_content
        self.removes_content = False
        self.end = EndWork()
        self._modified = False

    def written(self) -> bytes:
        if not self._modified:
            return self.raw
        parts = [b"<", self.name]
        for name, value, raw in self.attributes:
            parts += [b" ", _attribute(name, value) if raw is None else raw]
        if self.attributes and self.self_closing:
            parts.append(b" ")  # or the `/` would be part of an unquoted value
        parts.append(b"/>" if self.self_closing else b">")
        return b"".join(parts)

    def rename(self, name: str) -> None:
        if not name:
            _refuse("Tag name can't be empty.")
        if not (name[0].isascii() and name[0].isalpha()):
            _refuse(
                "The first character of the tag name should be an ASCII alphabetical character."
            )
        for sign in name:
            if sign in _NOT_IN_TAG_NAME:
                _refuse(f"`{sign}` character is forbidden in the tag name")
        encoded = self.encoding.exactly(name)
        if encoded is None:
            raise type_error(_UNENCODABLE.format("tag name"))
        if self.has_content:
            self.end.name = encoded
        self.name, self._modified = encoded, True

    def find(self, name: str) -> Attribute | None:
        key = self._key(name, strict=False)
        return next((each for each in self.attributes if each.name.lower() == key), None)

    def set(self, name: str, value: str) -> None:
        key = self._key(name, strict=True)
        assert key is not None
        encoded = self.encoding.encode(value)
        for number, each in enumerate(self.attributes):
            if each.name.lower() == key:
                self.attributes[number] = Attribute(each.name, encoded, None)
                break
        else:
            self.attributes.append(Attribute(key, encoded, None))
        self._modified = True

    def remove_attribute(self, name: str) -> None:
        key = self._key(name, strict=False)
        left = [each for each in self.attributes if each.name.lower() != key]
        self._modified = self._modified or len(left) < len(self.attributes)
        self.attributes = left

    def _key(self, name: str, *, strict: bool) -> bytes | None:
        """A name as it is compared; None: no attribute can have it."""
        forbidden = next((sign for sign in name if sign in _NOT_IN_ATTRIBUTE_NAME), None)
        encoded = self.encoding.exactly(name)
        if name and forbidden is None and encoded is not None:
            return encoded.lower()
        if strict:
            if not name:
                _refuse("Attribute name can't be empty.")
            if forbidden is not None:
                _refuse(f"`{forbidden}` character is forbidden in the attribute name")
            raise type_error(_UNENCODABLE.format("attribute name"))
        return None

    # What is put where.

    def after(self, content: list[Content]) -> None:
        edits = self.end.change() if self.has_content else self.change()
        edits.after[:0] = content

    def prepend(self, content: list[Content]) -> None:
        if self.has_content:
            self.self_closing = False
            self.change().after[:0] = content

    def append(self, content: list[Content]) -> None:
        if self.has_content:
            self.self_closing = False
            self.end.change().before += content

    def set_inner(self, content: list[Content]) -> None:
        if self.has_content:
            self.self_closing = False
            self._remove_content()
            self.change().after[:0] = content

    def replace(self, content: list[Content]) -> None:
        self.change().replace(content)
        self._remove_with_end()

    def remove(self) -> None:
        self.change().removed = True
        self._remove_with_end()

    def remove_and_keep_content(self) -> None:
        self.change().removed = True
        if self.has_content:
            self.end.change().removed = True

    def _remove_with_end(self) -> None:
        if self.has_content:
            self._remove_content()
            self.end.change().removed = True

    def _remove_content(self) -> None:
        self.change().after.clear()
        if self.end.edits is not None:
            self.end.edits.before.clear()
        self.removes_content = True


class EndTagUnit(Unit):
    def __init__(self, tag: EndTag, raw: bytes, encoding: Encoding) -> None:
        super().__init__(raw, encoding)
        self.name = tag.written
        self._modified = False

    def written(self) -> bytes:
        return b"</%b>" % self.name if self._modified else self.raw

    def rename(self, name: bytes) -> None:
        self.name, self._modified = name, True


class CommentUnit(Unit):
    def __init__(self, comment: Comment, raw: bytes, encoding: Encoding) -> None:
        super().__init__(raw, encoding)
        self.text = encoding.decode(comment.text)

    def set(self, text: str) -> None:
        if "-->" in text or "--!>" in text or text.startswith((">", "->")):
            raise type_error(_CLOSES_COMMENT)
        encoded = self.encoding.exactly(text)
        if encoded is None:
            raise type_error(_UNENCODABLE.format("comment text").replace("The c", "C"))
        self.text, self.raw = text, b"<!--%b-->" % encoded


class TextUnit(Unit):
    def __init__(self, text: str, is_last: bool, encoding: Encoding) -> None:
        super().__init__(b"", encoding)
        self.text = text
        self.is_last = is_last

    def written(self) -> bytes:
        return self.encoding.encode(self.text)


class DoctypeUnit(Unit):
    def __init__(self, doctype: Doctype, raw: bytes, encoding: Encoding) -> None:
        super().__init__(raw, encoding)
        self.doctype = doctype


def _attribute(name: bytes, value: bytes) -> bytes:
    return b'%b="%b"' % (name, value.replace(b'"', b"&quot;"))
