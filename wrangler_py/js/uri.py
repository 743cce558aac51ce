"""Percent-encoding of texts: `encodeURIComponent` and its family.

Implements: https://tc39.es/ecma262/#sec-uri-handling-functions
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

from .convert import to_string
from .errors import error

_COMPONENT = "-_.!~*'()"
_RESERVED = ";/?:@&=+$,#"
_RUN = re.compile("(?:%[0-9A-Fa-f]{2})+")
_UNESCAPED = "@*_+-./"


def encodeURIComponent(text: Any = None) -> str:
    return _encode(to_string(text), _COMPONENT)


def encodeURI(text: Any = None) -> str:
    return _encode(to_string(text), _COMPONENT + _RESERVED)


def _encode(text: str, safe: str) -> str:
    try:
        return quote(text, safe=safe, errors="strict")
    except UnicodeEncodeError:
        raise error("URI malformed", "URIError") from None


def decodeURIComponent(text: Any = None) -> str:
    return _decode(to_string(text), "")


def decodeURI(text: Any = None) -> str:
    return _decode(to_string(text), _RESERVED)


def _decode(text: str, kept: str) -> str:
    if "%" not in text:
        return text

    def decoded(found: re.Match[str]) -> str:
        plain = bytes.fromhex(found.group().replace("%", "")).decode("utf-8")
        return "".join(f"%{ord(char):02X}" if char in kept else char for char in plain)

    try:
        if "%" in _RUN.sub("", text):
            raise ValueError
        return _RUN.sub(decoded, text)
    except ValueError:  # UnicodeDecodeError is one
        raise error("URI malformed", "URIError") from None


def escape(text: Any = None) -> str:
    parts = []
    data = to_string(text).encode("utf-16-be", "surrogatepass")
    for place in range(0, len(data), 2):
        unit = data[place] << 8 | data[place + 1]
        char = chr(unit)
        if char.isascii() and (char.isalnum() or char in _UNESCAPED):
            parts.append(char)
        else:
            parts.append(f"%{unit:02X}" if unit < 256 else f"%u{unit:04X}")
    return "".join(parts)


_ESCAPED = re.compile("%u([0-9A-Fa-f]{4})|%([0-9A-Fa-f]{2})")


def unescape(text: Any = None) -> str:
    plain = _ESCAPED.sub(lambda found: chr(int(found[1] or found[2], 16)), to_string(text))
    return plain.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
