"""How workerd computes the id of an object from its class and its name.

The first half is a keyed hash of the name (or random), the second one a keyed hash of the first.
Wrangler's simulators are such objects, so their files are called by these ids, too.

Source: https://developers.cloudflare.com/durable-objects/api/id/
"""

from __future__ import annotations

import hashlib
import hmac

__all__ = ["HALF", "class_key", "completed", "id_of", "named_half"]

HALF = 16
"""Bytes."""


def class_key(unique_key: str, jurisdiction: str | None = None) -> bytes:
    """What the ids of a class are keyed by."""
    label = unique_key if jurisdiction is None else f"{unique_key}\0{jurisdiction}"
    return hashlib.sha256(label.encode()).digest()


def named_half(key: bytes, name: str) -> bytes:
    """The first half of the id of ``name``."""
    return hmac.digest(key, name.encode("utf-8", "surrogatepass"), "sha256")[:HALF]


def completed(key: bytes, first: bytes) -> str:
    """The whole id, as 64 hex digits."""
    return (first + hmac.digest(key, first, "sha256")[:HALF]).hex()


def id_of(unique_key: str, name: str) -> str:
    """The id of the object called ``name`` of the class ``unique_key``."""
    key = class_key(unique_key)
    return completed(key, named_half(key, name))
