"""A message on its way: bytes, as the network would carry them.

Source: https://developers.cloudflare.com/queues/configuration/javascript-apis/#queuescontenttype
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Any, Literal, cast

from ...js import json
from ...js.buffers import JsBuffer, Uint8Array
from ...js.convert import is_primitive
from ...js.errors import type_error
from ...js.null import jsnull
from ...web import v8_format

__all__ = ["ContentType", "Message", "content_type", "serialize"]

ContentType = Literal["text", "bytes", "json", "v8"]
_WRONG_TYPE = 'Content Type "{}" requires a value of type {}, but received: {}'


@dataclass(slots=True, eq=False)
class Message:
    """One message, until somebody has acknowledged it."""

    content_type: ContentType
    data: bytes
    timestamp: int
    """When it was sent, in milliseconds since 1970."""
    id: str = field(default_factory=lambda: secrets.token_hex(16))
    failed: int = 0
    """How often it was delivered in vain."""

    def body(self) -> Any:
        """What a handler gets, made anew."""
        match self.content_type:
            case "text":
                return self.data.decode("utf-8", "replace")
            case "bytes":
                return Uint8Array._of(self.data)
            case "json":
                return json.parse(self.data.decode())
        return v8_format.deserialize(self.data)


def content_type(asked: str) -> ContentType:
    """The type that ``asked`` names.

    Raises: TypeError: none.
    """
    if asked.lower() not in ("text", "bytes", "json", "v8"):
        raise type_error(f"Unsupported queue message content type: {asked}")
    return cast(ContentType, asked.lower())


def serialize(body: Any, kind: ContentType) -> bytes | None:
    """The bytes of ``body``; None: it has no JSON.

    Raises: TypeError, DataCloneError: its type does not go with ``kind``.
    """
    if kind == "text":
        if not isinstance(body, str):
            raise type_error(_WRONG_TYPE.format(kind, "string", _type_of(body)))
        return body.encode("utf-8", "replace")
    if kind == "bytes":
        if not isinstance(body, JsBuffer) or type(body)._js_name == "ArrayBuffer":
            raise type_error(_WRONG_TYPE.format(kind, "ArrayBufferView", _type_of(body)))
        return body.to_bytes()
    if kind == "json":
        text = json.stringify(body)
        return None if text is None else text.encode("utf-8", "replace")
    return v8_format.serialize(body)


def _type_of(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, str):
        return "string"
    if is_primitive(value) and isinstance(value, int | float):
        return "number"
    if value is jsnull:
        return "object"
    return "function" if callable(value) else "object"
