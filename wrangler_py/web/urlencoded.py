"""application/x-www-form-urlencoded: what a query string and a simple form are written in.

Implements: https://url.spec.whatwg.org/#application/x-www-form-urlencoded
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_SAFE = b"*-._0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_ENCODED = [chr(b) if b in _SAFE else "+" if b == 0x20 else f"%{b:02X}" for b in range(256)]
_NOT_SAFE = re.compile(r"[^*\-._0-9A-Za-z]")
_ESCAPE = re.compile(rb"%([0-9A-Fa-f]{2})")


def encode(pairs: Iterable[tuple[str, str]]) -> str:
    """Write ``pairs`` as a query string without its question mark."""
    return "&".join(f"{_quote(name)}={_quote(value)}" for name, value in pairs)


def decode(text: str) -> list[tuple[str, str]]:
    """Read a query string without its question mark; bad UTF-8 becomes U+FFFD."""
    pairs = []
    for part in text.split("&"):
        if part:
            name, _, value = part.partition("=")
            pairs.append((_unquote(name), _unquote(value)))
    return pairs


def _quote(text: str) -> str:
    if not _NOT_SAFE.search(text):
        return text
    return "".join([_ENCODED[byte] for byte in text.encode()])


def _unquote(text: str) -> str:
    text = text.replace("+", " ")
    if "%" not in text:
        return text
    raw = _ESCAPE.sub(lambda match: bytes([int(match[1], 16)]), text.encode())
    return raw.decode("utf-8", "replace")
