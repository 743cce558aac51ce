"""What a tail consumer does not see of a request unless it asks for it.

Source: https://developers.cloudflare.com/workers/runtime-apis/handlers/tail/#getunredacted
"""

from __future__ import annotations

import re
from collections.abc import Iterable

__all__ = ["REDACTED", "redacted_headers", "redacted_url"]

REDACTED = "REDACTED"
_COOKIES = frozenset({"cookie", "set-cookie"})
_SECRET_PARTS = ("auth", "jwt", "key", "secret", "token")
_SPAN = re.compile(r"[A-Za-z0-9+\-_]+")
_HEX_ID = re.compile(r"[0-9A-Fa-f+\-_]*")


def redacted_headers(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Headers whose names sound like secrets, without their values."""
    return {name: REDACTED if _is_secret(name) else value for name, value in pairs}


def _is_secret(name: str) -> bool:
    return name in _COOKIES or any(part in name for part in _SECRET_PARTS)


def redacted_url(url: str) -> str:
    """``url`` without what looks like an id, a key in base64, or a card's number."""
    return _SPAN.sub(lambda span: REDACTED if _is_id(span[0]) else span[0], url)


def _is_id(span: str) -> bool:
    digits = sum(map(str.isdigit, span))
    letters = [char for char in span if char.isalpha()]
    if _HEX_ID.fullmatch(span) and digits + len(letters) >= 32:
        return True
    upper = sum(map(str.isupper, letters))
    is_base64 = len(span) >= 21 and min(digits, upper, len(letters) - upper) >= 2
    return is_base64 or (not letters and _is_card(span))


def _is_card(span: str) -> bool:
    """Whether the check digit is right (Luhn), in a number of a card's length."""
    digits = [int(char) for char in reversed(span) if char.isdigit()]
    doubled = [2 * digit - 9 * (digit > 4) for digit in digits[1::2]]
    return 13 <= len(digits) <= 19 and (sum(digits[::2]) + sum(doubled)) % 10 == 0
