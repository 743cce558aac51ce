"""The pieces that HTML is cut into; each knows where it stands in the bytes.

Source: https://github.com/cloudflare/lol-html
"""

from __future__ import annotations

from enum import Enum, auto
from typing import NamedTuple

__all__ = [
    "Attribute",
    "Comment",
    "Doctype",
    "EndTag",
    "Lexeme",
    "Raw",
    "StartTag",
    "Text",
    "TextType",
]


class TextType(Enum):
    """How text is read, up to the next tag."""

    DATA = auto()
    RCDATA = auto()
    """Of `title` and `textarea`; of `style` and its like, where it ends alike."""
    SCRIPT = auto()
    ESCAPED = auto()
    """Of a script, behind `<!--`."""
    ESCAPED_DASHES = auto()
    DOUBLE_ESCAPED = auto()
    """Behind a `<script` in it."""
    DOUBLE_DASHES = auto()
    PLAIN = auto()
    CDATA = auto()


class Attribute(NamedTuple):
    """Of a start tag, as it is written; entities in the value are not decoded."""

    name: bytes
    value: bytes
    raw: bytes | None
    """None: it was set by a handler."""


class Lexeme:
    """A piece from ``start`` to ``end`` of the tokenizer's buffer."""

    __slots__ = ("end", "start")

    def __init__(self, start: int, end: int) -> None:
        self.start = start
        self.end = end


class Text(Lexeme):
    """A part of a text."""

    __slots__ = ()


class Raw(Lexeme):
    """What belongs to no token: the borders of CDATA, `</>`, a tag that is cut off."""

    __slots__ = ()


class Comment(Lexeme):
    __slots__ = ("text",)

    def __init__(self, start: int, end: int, text: bytes) -> None:
        super().__init__(start, end)
        self.text = text


class Doctype(Lexeme):
    __slots__ = ("name", "public_id", "system_id")

    def __init__(self, start: int, end: int, ids: tuple[bytes | None, ...]) -> None:
        super().__init__(start, end)
        self.name, self.public_id, self.system_id = ids


class StartTag(Lexeme):
    __slots__ = ("attributes", "name", "namespace", "self_closing", "written")

    def __init__(
        self, start: int, end: int, written: bytes, attributes: list[Attribute], self_closing: bool
    ) -> None:
        super().__init__(start, end)
        self.written = written
        self.name = written.lower()
        self.attributes = attributes
        self.self_closing = self_closing
        self.namespace = "html"


class EndTag(Lexeme):
    __slots__ = ("name", "written")

    def __init__(self, start: int, end: int, written: bytes) -> None:
        super().__init__(start, end)
        self.written = written
        self.name = written.lower()
