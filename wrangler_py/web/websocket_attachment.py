"""What `serializeAttachment` keeps: a structured clone as bytes, of a limited size.

Implements: https://developers.cloudflare.com/durable-objects/api/websockets/#serializeattachment
"""

from __future__ import annotations

from typing import Any

from ..js.errors import error
from . import v8_format

MAX_BYTES = 16_384


def serialize(attachment: Any) -> bytes:
    """The attachment as bytes.

    Raises:
        JsException: DataCloneError, or an Error when it is too large.
    """
    data = v8_format.serialize(attachment)
    if len(data) > MAX_BYTES:
        raise error(
            f"A WebSocket 'attachment' cannot be larger than {MAX_BYTES} bytes."
            f"'attachment' was {len(data)} bytes."
        )
    return data


def deserialize(data: bytes) -> Any:
    """A fresh copy of what was serialized."""
    return v8_format.deserialize(data)
