"""JSON Web Keys.

Implements: https://www.rfc-editor.org/rfc/rfc7517
"""

from __future__ import annotations

import base64
import binascii
from typing import Any

from ...js.array import JsArray
from ...js.callbacks import member
from ...js.convert import to_string
from ...js.object import JsObject
from ..idl import iterate
from .keys import CryptoKey, Usages
from .params import data_error

_ORDER = "kty key_ops alg ext crv x y d n e p q dp dq qi k".split()


def encode(data: bytes) -> str:
    """base64url without padding (RFC 7515, section 2)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def encode_integer(value: int, size: int | None = None) -> str:
    """Write an integer, in ``size`` bytes if given."""
    return encode(value.to_bytes(size or max(1, (value.bit_length() + 7) // 8), "big"))


def field(key: Any, name: str) -> str | None:
    """A member as a string; None: there is none."""
    value = member(key, name)
    return None if value is None else to_string(value)


def field_bytes(key: Any, name: str, complaint: str) -> bytes:
    """Read a base64url member.

    Raises:
        JsException: a DataError with ``complaint``.
    """
    text = field(key, name)
    if text is None:
        raise data_error(complaint)
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise data_error(complaint) from None


def field_integer(key: Any, name: str, complaint: str) -> int:
    """As `field_bytes`, for a member that is an unsigned big-endian integer."""
    return int.from_bytes(field_bytes(key, name, complaint), "big")


def check(key: Any, usages: Usages) -> None:
    """Check the members that say what the key may be used for."""
    operations = member(key, "key_ops")
    if operations is not None:
        listed = [to_string(item) for item in iterate(operations) or ()]
        if len(set(listed)) != len(listed):
            raise data_error(
                'A JSON Web Key\'s Key Operations parameter ("key_ops") '
                "must not contain duplicates."
            )
        if any(usage not in listed for usage in usages):
            raise data_error(
                "All specified key usages must be present in the JSON "
                'Web Key\'s Key Operations parameter ("key_ops").'
            )


def export(key: CryptoKey, **members: str | None) -> JsObject:
    """Write a JSON Web Key; members that are None are left out."""
    found: dict[str, Any] = {name: value for name, value in members.items() if value is not None}
    found["key_ops"] = JsArray(list(key._usages))
    found["ext"] = key._extractable
    return JsObject({name: found[name] for name in _ORDER if name in found})
