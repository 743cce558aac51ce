"""TextEncoder, TextDecoder, atob and btoa.

Implements: https://encoding.spec.whatwg.org/#api,
    https://html.spec.whatwg.org/multipage/webappapis.html#atob
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from typing import Any

from ..js.buffers import JsBuffer, Uint8Array
from ..js.callbacks import member
from ..js.convert import to_boolean, to_string
from ..js.errors import dom_exception, range_error, type_error
from ..js.object import JsObject
from ..js.proxy import JsProxy
from .encoding_decoders import Decoder, decoder
from .idl import MISSING, bad_argument, usv_string, without_new

_SCOPE = "ServiceWorkerGlobalScope"
_WHITESPACE = "\t\n\f\r "
_NO_BASE64 = re.compile(r"[^A-Za-z0-9+/]")
_BAD_BASE64 = (
    "atob() called with invalid base64-encoded data. (Only whitespace, '+', '/', alphanumeric "
    "ASCII, and up to two terminal '=' signs when the input data length is divisible by 4 are "
    "allowed.)"
)


class TextEncoder(JsProxy):
    """Text to UTF-8."""

    _called_without_new = without_new("TextEncoder")

    def __init__(self, *_: Any) -> None: ...

    @property
    def encoding(self) -> str:
        return "utf-8"

    def encode(self, input: Any = None) -> Uint8Array:
        text = "" if input is None else usv_string(input)
        return Uint8Array._of(bytearray(text.encode()))

    def encodeInto(self, source: Any, destination: Any = None) -> JsObject:
        if not isinstance(destination, Uint8Array):
            raise bad_argument("TextEncoder", "encodeInto", 2, "Uint8Array")
        text = usv_string(source)
        room = destination.byteLength
        # what fits, without the character that was cut
        fitting = text.encode()[:room].decode("utf-8", "ignore")
        data = fitting.encode()
        destination._view()[: len(data)] = data
        units = len(fitting) + sum(char > "\uffff" for char in fitting)
        return JsObject({"read": units, "written": len(data)})

    def _entries(self) -> Iterator[tuple[str, Any]]:
        return iter(())


class TextDecoder(JsProxy):
    """Bytes of some encoding to text, at once or in pieces."""

    _called_without_new = without_new("TextDecoder")

    def __init__(self, label: Any = None, options: Any = None) -> None:
        self._encoding, self._codec = _lookup("utf-8" if label is None else to_string(label))
        self._fatal = to_boolean(member(options, "fatal"))
        self._ignore_bom = to_boolean(member(options, "ignoreBOM"))
        self._pending: Decoder | None = None
        self._started = False

    @property
    def encoding(self) -> str:
        return self._encoding

    @property
    def fatal(self) -> bool:
        return self._fatal

    @property
    def ignoreBOM(self) -> bool:
        return self._ignore_bom

    def decode(self, input: Any = MISSING, options: Any = None) -> str:
        if input is MISSING or input is None:
            data = b""
        elif isinstance(input, JsBuffer):
            data = input.to_bytes()
        else:
            raise bad_argument("TextDecoder", "decode", 1, "Array")
        return self._decode(data, to_boolean(member(options, "stream")))

    def _decode(self, data: bytes, more: bool) -> str:
        """Decode one piece; ``more``: what is incomplete waits for the next one."""
        if self._pending is None:
            self._pending = decoder(self._codec, "strict" if self._fatal else "replace")
            self._started = False
        try:
            text = self._pending.decode(data, not more)
        except UnicodeDecodeError:
            self._pending = None
            raise type_error("Failed to decode input.") from None
        if text and not self._started:
            self._started = True
            if text[0] == "\ufeff" and self._codec.startswith("utf-") and not self._ignore_bom:
                text = text[1:]
        if not more:
            self._pending = None
        return text

    def _entries(self) -> Iterator[tuple[str, Any]]:
        return iter(())


def _lookup(label: str) -> tuple[str, str]:
    """Return the encoding's name and Python's codec."""
    if label == "utf-8":
        return "utf-8", "utf-8"
    from .encoding_labels import ENCODINGS  # a long table, and nearly everybody takes UTF-8

    found = ENCODINGS.get(label.strip(_WHITESPACE).lower())
    if found is None:
        raise range_error(f'"{label}" is not a valid encoding.')
    return found


def atob(data: Any = MISSING) -> str:
    """Base64 to a string of which each character is a byte."""
    if data is MISSING:
        raise bad_argument(_SCOPE, "atob", 1, "string")
    text = to_string(data).translate({ord(char): None for char in _WHITESPACE})
    if len(text) % 4 == 0:
        text = text[:-2] + text[-2:].rstrip("=")
    if len(text) % 4 == 1 or _NO_BASE64.search(text):
        raise dom_exception(_BAD_BASE64, "InvalidCharacterError")
    padded = text + "=" * (-len(text) % 4)
    return binascii.a2b_base64(padded).decode("latin-1")


def btoa(data: Any = MISSING) -> str:
    """Base64 of a string of which each character is a byte."""
    if data is MISSING:
        raise bad_argument(_SCOPE, "btoa", 1, "String")
    try:
        raw = to_string(data).encode("latin-1")
    except UnicodeEncodeError:
        raise dom_exception(
            "btoa() can only operate on characters in the Latin1 (ISO/IEC 8859-1) range.",
            "InvalidCharacterError",
        ) from None
    return binascii.b2a_base64(raw, newline=False).decode()
