"""Values as bytes in V8's format: how Durable Objects and WebSockets keep them.

Implements: https://html.spec.whatwg.org/multipage/structured-data.html#structuredserializeforstorage
"""

from __future__ import annotations

from typing import Any

from .v8_reader import Reader
from .v8_writer import Writer


def serialize(value: Any) -> bytes:
    """Return ``value`` as V8 writes it.

    Raises:
        JsException: a DataCloneError, for what has no serialized form.
    """
    writer = Writer()
    writer.write(value)
    return bytes(writer.data)


def deserialize(data: bytes) -> Any:
    """Return a fresh value.

    Raises:
        JsException: a DataCloneError, if V8 did not write ``data``.
    """
    return Reader(data).read()
