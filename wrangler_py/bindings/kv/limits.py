"""What KV refuses, in production's words; the command line asks here, too.

Source: https://developers.cloudflare.com/kv/platform/limits/
"""

from __future__ import annotations

from collections.abc import Sequence

from ...js.errors import JsException, error, type_error

__all__ = [
    "VALUE_SIZE",
    "check_bulk",
    "check_cache_ttl",
    "check_key",
    "check_length",
    "check_metadata",
    "check_size",
    "expires_at",
    "failed",
    "list_limit",
]

KEY_SIZE = 512
VALUE_SIZE = 25 * 1024 * 1024
METADATA_SIZE = 1024
SHORTEST_TTL = 60
"""Seconds."""
SHORTEST_CACHE_TTL = 30
LIST_KEYS = 1000
BULK_KEYS = 100


def failed(operation: str, status: int, reason: str) -> JsException:
    return error(f"KV {operation} failed: {status} {reason}")


def check_key(operation: str, key: str) -> None:
    if key == "":
        raise type_error("Key name cannot be empty.")
    if key in (".", ".."):
        raise type_error(f'"{key}" is not allowed as a key name.')
    check_length(operation, key)


def check_length(operation: str, key: str) -> None:
    size = len(key.encode("utf-8", "replace"))
    if size > KEY_SIZE:
        reason = f"UTF-8 encoded length of {size} exceeds key length limit of {KEY_SIZE}."
        raise failed(operation, 414, reason)


def check_bulk(keys: Sequence[str], kind: str, cache_ttl: int | None) -> None:
    """The arguments of a bulk read, which the service itself judges."""
    if kind not in ("", "text", "json"):
        raise failed("GET_BULK", 400, f'"{kind}" is not a valid type. Use "json" or "text"')
    if len(keys) > BULK_KEYS:
        raise failed("GET_BULK", 400, f"You can request a maximum of {BULK_KEYS} keys")
    if not keys:
        raise failed("GET_BULK", 400, "You must request a minimum of 1 key")
    for key in keys:
        if key == "":
            raise failed("GET_BULK", 400, "Key names must not be empty")
        if key in (".", ".."):
            reason = f'Illegal key name "{key}". Please use a different name.'
            raise failed("GET_BULK", 400, reason)
        check_length("GET_BULK", key)
    check_cache_ttl("GET_BULK", cache_ttl)


def check_size(size: int) -> None:
    if size > VALUE_SIZE:
        raise failed("PUT", 413, f"Value length of {size} exceeds limit of {VALUE_SIZE}.")


def check_metadata(text: str | None) -> None:
    size = len(text.encode("utf-8", "replace")) if text else 0
    if size > METADATA_SIZE:
        raise failed("PUT", 413, f"Metadata length of {size} exceeds limit of {METADATA_SIZE}.")


def check_cache_ttl(operation: str, ttl: int | None) -> None:
    if ttl is not None and ttl < SHORTEST_CACHE_TTL:
        reason = f"Invalid cache_ttl of {ttl}. Cache TTL must be at least {SHORTEST_CACHE_TTL}."
        raise failed(operation, 400, reason)


def expires_at(now: int, expiration: int | None, ttl: int | None) -> int | None:
    """When a key expires; all in seconds."""
    if ttl is not None:
        told = f"Invalid expiration_ttl of {ttl}."
        if ttl <= 0:
            raise failed("PUT", 400, f"{told} Please specify integer greater than 0.")
        if ttl < SHORTEST_TTL:
            raise failed("PUT", 400, f"{told} Expiration TTL must be at least {SHORTEST_TTL}.")
        return now + ttl
    if expiration is not None:
        told = f"Invalid expiration of {expiration}."
        if expiration <= now:
            reason = "Please specify integer greater than the current number of seconds since the"
            raise failed("PUT", 400, f"{told} {reason} UNIX epoch.")
        if expiration < now + SHORTEST_TTL:
            reason = f"Expiration times must be at least {SHORTEST_TTL} seconds in the future."
            raise failed("PUT", 400, f"{told} {reason}")
    return expiration


def list_limit(limit: int | None) -> int:
    if limit is None or limit <= 0:
        return LIST_KEYS
    if limit > LIST_KEYS:
        reason = (
            f"Invalid key_count_limit of {limit}. Please specify an integer less than {LIST_KEYS}."
        )
        raise failed("GET", 400, reason)
    return limit
