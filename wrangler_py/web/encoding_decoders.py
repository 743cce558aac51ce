"""Decoders of text that arrives in pieces, and the way back.

Implements: https://encoding.spec.whatwg.org/#encodings
"""

from __future__ import annotations

import codecs
from functools import lru_cache
from typing import Any, Literal, Protocol

Errors = Literal["strict", "replace"]

_MULTI_BYTE = frozenset(
    (
        "utf-8",
        "utf-16-le",
        "utf-16-be",
        "gb18030",
        "big5hkscs",
        "euc-jp",
        "iso2022-jp",
        "cp932",
        "cp949",
    )
)
_UNDEFINED = "\ufffe"  # what `charmap_decode` takes for a byte without a character


class Decoder(Protocol):
    """Decodes piece by piece; raises `UnicodeDecodeError` when it is strict."""

    def decode(self, data: bytes, final: bool = False, /) -> str: ...


def decoder(codec: str, errors: Errors) -> Decoder:
    """Return a new decoder of Python's ``codec``, as the Encoding Standard has it."""
    if codec in _MULTI_BYTE:
        return codecs.getincrementaldecoder(codec)(errors)
    return _SingleByte(_table(codec), errors)


def encode(text: str, codec: str, errors: str) -> bytes:
    """``text`` in Python's ``codec``, as the Encoding Standard has it.

    Raises: UnicodeEncodeError: ``errors`` is "strict", and a character is not in it.
    """
    if codec in _MULTI_BYTE:
        return text.encode(codec, errors)
    return codecs.charmap_encode(text, errors, _map(codec))[0]


class _SingleByte:
    """One byte, one character."""

    def __init__(self, table: str, errors: Errors) -> None:
        self._table, self._errors = table, errors

    def decode(self, data: bytes, final: bool = False, /) -> str:
        return codecs.charmap_decode(data, self._errors, self._table)[0]


@lru_cache
def _table(codec: str) -> str:
    if codec == "x-user-defined":
        return "".join(chr(b if b < 0x80 else 0xF700 + b) for b in range(256))
    return "".join(_character(codec, byte) for byte in range(256))


@lru_cache
def _map(codec: str) -> Any:
    return codecs.charmap_build(_table(codec))


def _character(codec: str, byte: int) -> str:
    try:
        return bytes((byte,)).decode(codec)
    except UnicodeDecodeError:
        # The standard fills the windows tables' gaps with C1 controls, and no others.
        return chr(byte) if byte < 0xA0 else _UNDEFINED
