"""Identity streams of bytes, with and without a length that is known beforehand.

Implements: https://developers.cloudflare.com/workers/runtime-apis/streams/transformstream/
"""

from __future__ import annotations

from typing import Any

from ..js.buffers import JsBuffer
from ..js.convert import to_number
from ..js.errors import type_error
from .body_init import encode
from .idl import bad_init, without_new
from .streams.queuing import high_water_mark
from .streams.transform import TransformStream

NOT_BYTES = (
    "This TransformStream is being used as a byte stream, but received an object of "
    "non-ArrayBuffer/ArrayBufferView type on its writable side."
)


class IdentityTransformStream(TransformStream):
    """Bytes come out as they were written; a string is written as UTF-8."""

    _called_without_new = without_new("IdentityTransformStream")

    def __init__(self, strategy: Any = None) -> None:
        self._join_bytes(self._pass, writable_mark=high_water_mark(strategy, 1))

    @classmethod
    def _construct(cls, *args: Any) -> IdentityTransformStream:
        return cls(*args[:1])

    def _pass(self, chunk: Any, controller: Any) -> None:
        controller._output._put(to_bytes(chunk))


class FixedLengthStream(IdentityTransformStream):
    """An identity stream whose length is promised: a response can have a Content-Length."""

    _called_without_new = without_new("FixedLengthStream")

    def __init__(self, length: Any, strategy: Any = None) -> None:
        self._left = self._readable_length = _length(length)
        self._join_bytes(self._pass, self._check_end, writable_mark=high_water_mark(strategy, 1))
        self._readable._expected_length = self._readable_length

    @classmethod
    def _construct(cls, *args: Any) -> FixedLengthStream:
        if not args or args[0] is None:
            raise bad_init("FixedLengthStream", 1, "bigint")
        return cls(*args[:2])

    def _pass(self, chunk: Any, controller: Any) -> None:
        data = to_bytes(chunk)
        self._left -= len(data)
        if self._left < 0:
            raise type_error("Attempt to write too many bytes through a FixedLengthStream.")
        controller._output._put(data)

    def _check_end(self, _controller: Any) -> None:
        if self._left:
            raise type_error("FixedLengthStream did not see all expected bytes before close().")


def _length(value: Any) -> int:
    number = to_number(value)
    if number != number or int(number) != number:
        raise type_error("The value cannot be converted because it is not an integer.")
    if number < 0:
        raise type_error(
            "The value cannot be converted because it is negative "
            "and this API expects a positive bigint."
        )
    return int(number)


def to_bytes(chunk: Any) -> bytes:
    """What was written to a byte stream, as bytes."""
    if isinstance(chunk, JsBuffer):
        return chunk.to_bytes()
    if isinstance(chunk, (bytes, str)):
        return encode(chunk) if isinstance(chunk, str) else chunk
    raise type_error(NOT_BYTES)
