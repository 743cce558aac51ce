"""What handlers put before, after and in place of a piece, and the text that goes into it.

Source: https://github.com/cloudflare/lol-html/blob/main/src/rewritable_units/mutations.rs
"""

from __future__ import annotations

import codecs
from collections.abc import AsyncIterator, Callable
from typing import Any, NamedTuple

from ...js.callbacks import member
from ...js.convert import is_primitive, to_boolean
from ...js.errors import type_error
from ...js.null import is_nullish
from ...js.proxy import JsProxy
from ..body import body_chunks, is_null, move_body
from ..encoding_decoders import Decoder, decoder, encode
from ..encoding_labels import ENCODINGS
from ..idl import bad_argument, usv_string
from ..response import Response

__all__ = ["Content", "Edits", "Encoding", "content_of", "text_of", "write"]

_NO_STREAM = (
    "Replacing content in HTML comments using a ReadableStream or Response object is not "
    "implemented. You must provide a string."
)
_STATEFUL = frozenset(("utf-16le", "utf-16be", "iso-2022-jp", "replacement"))


class Encoding:
    """A document's encoding."""

    def __init__(self, label: str) -> None:
        """Raises: JsException: TypeError, there is none of that name, or ASCII is not in it."""
        found = ENCODINGS.get(label.strip(" \t\n\f\r").lower())
        if found is None:
            raise type_error("Parser error: Unknown character encoding has been provided.")
        if found[0] in _STATEFUL:
            raise type_error("Parser error: Expected ASCII-compatible encoding.")
        self.codec = found[1]

    def decoder(self) -> Decoder:
        return decoder(self.codec, "replace")

    def decode(self, data: bytes) -> str:
        return self.decoder().decode(data, True)

    def encode(self, text: str) -> bytes:
        """What the encoding has not becomes a character reference."""
        return encode(text, self.codec, "xmlcharrefreplace")

    def exactly(self, text: str) -> bytes | None:
        """None: the encoding has not all of it."""
        try:
            return encode(text, self.codec, "strict")
        except UnicodeEncodeError:
            return None


class Stream(NamedTuple):
    """Content that is read when its place is written."""

    body: Response
    is_html: bool


Content = str | Stream
"""Markup."""


class Edits:
    """What is changed around a piece."""

    __slots__ = ("after", "before", "removed", "replacement")

    def __init__(self) -> None:
        self.before: list[Content] = []
        self.replacement: list[Content] = []
        self.after: list[Content] = []
        self.removed = False

    def replace(self, content: list[Content]) -> None:
        self.removed = True
        self.replacement = content


def content_of(interface: str, method: str, args: tuple[Any, ...]) -> list[Content]:
    """What the arguments of ``method`` say is to be put; nothing for a response of no body."""
    if not args:
        raise bad_argument(interface, method, 1, "string or JsReadableStream or Response")
    is_html = _is_html(interface, method, args[1] if len(args) > 1 else None)
    body = _body(args[0])
    if body is None:
        return [_markup(args[0], is_html)]
    return [] if is_null(body) else [Stream(body, is_html)]


def text_of(interface: str, method: str, args: tuple[Any, ...]) -> list[Content]:
    """The same where a stream cannot be put."""
    if not args:
        raise bad_argument(interface, method, 1, "string or JsReadableStream or Response")
    is_html = _is_html(interface, method, args[1] if len(args) > 1 else None)
    if _kind(args[0]) in ("Response", "ReadableStream"):
        raise type_error(_NO_STREAM)
    return [_markup(args[0], is_html)]


def _kind(value: Any) -> str:
    return type(value)._js_name if isinstance(value, JsProxy) else ""


def _is_html(interface: str, method: str, options: Any) -> bool:
    if is_nullish(options):
        return False
    if is_primitive(options):
        raise bad_argument(interface, method, 2, "ContentOptions")
    return to_boolean(member(options, "html"))


def _body(value: Any) -> Response | None:
    """A stream, or the body of a response, which nobody else may read from now on."""
    if _kind(value) == "ReadableStream":
        value = Response(value)
    elif _kind(value) != "Response":
        return None
    taken = Response()
    move_body(value, taken)
    return taken


def _markup(value: Any, is_html: bool) -> str:
    text = usv_string(value)
    return text if is_html else _escaped(text)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


async def write(
    contents: list[Content], encoding: Encoding, put: Callable[[bytes], object]
) -> None:
    """Write what was put in a place.

    Raises: JsException: a stream is no UTF-8, or it failed.
    """
    for content in contents:
        if isinstance(content, str):
            put(encoding.encode(content))
            continue
        async for text in _decoded(body_chunks(content.body)):
            put(encoding.encode(text if content.is_html else _escaped(text)))


async def _decoded(chunks: AsyncIterator[bytes]) -> AsyncIterator[str]:
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    async for chunk in chunks:
        try:
            text = decoder.decode(chunk)
        except UnicodeDecodeError:
            raise type_error("Parser error: Invalid UTF-8") from None
        if text:
            yield text
