"""What is stored: keys as text, values in V8's serialization format, and their limits.

Implements: https://developers.cloudflare.com/durable-objects/platform/limits/
"""

from __future__ import annotations

from typing import Any

from ..js.errors import range_error
from ..web.idl import usv_string
from ..web.v8_format import deserialize, serialize

MAX_KEY = 2048
MAX_VALUE = 128 * 1024
MAX_PAIRS = 128

_HEADROOM = 34  # production allows for the serialization's own bytes


class SqliteCodec:
    """Keys and values of a class on SQLite, whose sizes SQLite limits."""

    def key(self, value: Any) -> str:
        return usv_string(value)

    def encode(self, value: Any) -> bytes:
        """``value`` as bytes.

        Raises:
            DataCloneError: it cannot be cloned.
        """
        return serialize(value)

    def decode(self, data: bytes) -> Any:
        return deserialize(data)

    def check_count(self, count: int) -> None:
        """Refuse more keys in one `get` than there may be."""


class LegacyCodec(SqliteCodec):
    """Keys and values of a class on the older key-value backend (`new_classes`)."""

    def key(self, value: Any) -> str:
        text = usv_string(value)
        size = len(text.encode())
        if size > MAX_KEY:
            raise range_error(
                f"Keys cannot be larger than {MAX_KEY} bytes. A key of size {size} was provided."
            )
        return text

    def encode(self, value: Any) -> bytes:
        data = serialize(value)
        if len(data) > MAX_VALUE + _HEADROOM:
            raise range_error(
                f"Values cannot be larger than {MAX_VALUE} bytes. "
                f"A value of size {len(data)} was provided."
            )
        return data

    def check_count(self, count: int) -> None:
        if count > MAX_PAIRS:
            raise range_error(
                f"Maximum number of key value pairs is {MAX_PAIRS}. {count} pairs were provided."
            )
