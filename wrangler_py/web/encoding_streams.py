"""TextEncoderStream and TextDecoderStream.

Implements: https://encoding.spec.whatwg.org/#interface-textencoderstream
"""

from __future__ import annotations

from typing import Any

from ..js.buffers import JsBuffer
from ..js.convert import to_string
from ..js.errors import type_error
from .encoding import TextDecoder
from .idl import usv_string, without_new
from .streams import ReadableStream, TransformStream
from .streams.readable_default import ReadableStreamDefaultController

_LEADS = ("\ud800", "\udbff")


class TextEncoderStream(TransformStream):
    """Text in, UTF-8 out; a character may be split between two pieces of text."""

    _called_without_new = without_new("TextEncoderStream")

    def __init__(self) -> None:
        self._lead = ""
        self._join_bytes(self._encode, self._flush)

    @classmethod
    def _construct(cls, *_: Any) -> TextEncoderStream:
        return cls()

    def _encode(self, chunk: Any, controller: Any) -> None:
        text = self._lead + to_string(chunk)
        self._lead = ""
        if text and _LEADS[0] <= text[-1] <= _LEADS[1]:
            text, self._lead = text[:-1], text[-1]
        if text:
            controller._output._put(usv_string(text).encode())

    def _flush(self, controller: Any) -> None:
        if self._lead:
            controller._output._put("\ufffd".encode())

    @property
    def encoding(self) -> str:
        return "utf-8"


class TextDecoderStream(TransformStream):
    """Bytes in, text out."""

    _called_without_new = without_new("TextDecoderStream")

    def __init__(self, label: Any = None, options: Any = None) -> None:
        self._decoder = TextDecoder(label, options)
        stream = ReadableStream._bare()
        controller = self._join(stream, ReadableStreamDefaultController(stream, 0), 1)
        controller._transform, controller._flush = self._decode, self._flush

    @classmethod
    def _construct(cls, *args: Any) -> TextDecoderStream:
        return cls(*args[:2])

    def _decode(self, chunk: Any, controller: Any) -> None:
        if not isinstance(chunk, JsBuffer):
            raise type_error(
                "This TransformStream is being used as a byte stream, but received an object of "
                "non-ArrayBuffer/ArrayBufferView type on its writable side."
            )
        text = self._decoder._decode(chunk.to_bytes(), more=True)
        if text:
            controller._output._put(text)

    def _flush(self, controller: Any) -> None:
        text = self._decoder._decode(b"", more=False)
        if text:
            controller._output._put(text)

    @property
    def encoding(self) -> str:
        return self._decoder.encoding

    @property
    def fatal(self) -> bool:
        return self._decoder.fatal

    @property
    def ignoreBOM(self) -> bool:
        return self._decoder.ignoreBOM
