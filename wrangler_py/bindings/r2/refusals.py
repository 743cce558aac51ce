"""What R2 refuses, in production's words and with its codes.

Source: https://developers.cloudflare.com/r2/api/error-codes/
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ...js.errors import JsException, error

__all__ = [
    "MIN_PART_SIZE",
    "PreconditionFailed",
    "Refused",
    "bad_digest",
    "check_delete",
    "check_key",
    "check_limit",
    "check_metadata",
    "check_size",
    "internal",
    "refusal",
]

LIST_KEYS = 1000
DELETE_KEYS = 1000
KEY_SIZE = 1024
VALUE_SIZE = 5 * 1024**3 - 5 * 1024**2
METADATA_SIZE = 8192
MIN_PART_SIZE = 5 * 1024 * 1024

_TEXTS = {
    10001: "We encountered an internal error. Please try again.",
    10011: "Your proposed upload is smaller than the minimum allowed object size.",
    10012: "Your metadata headers exceed the maximum allowed metadata size.",
    10020: "The specified object name is not valid.",
    10022: "MaxKeys params must be positive integer <= 1000.",
    10024: "The specified multipart upload does not exist.",
    10025: "One or more of the specified parts could not be found.",
    10027: "The number of keys in the request must be between 1 and 1000 inclusive.",
    10039: "The requested range is not satisfiable",
    10048: "There was a problem with the multipart upload.",
    100100: "Your proposed upload exceeds the maximum allowed object size.",
}


class Refused(Exception):
    """R2 refuses an operation; whoever knows its name makes `refusal` of it."""

    def __init__(self, code: int, text: str | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.text = _TEXTS[code] if text is None else text


class PreconditionFailed(Exception):
    """`onlyIf` does not hold: no error to a script."""


def refusal(operation: str, reason: Refused) -> JsException:
    """What a script gets."""
    return error(f"{operation}: {reason.text} ({reason.code})")


def internal() -> Refused:
    return Refused(10001)


def bad_digest(algorithm: str, given: bytes, actual: bytes) -> Refused:
    text = (
        f"The {algorithm} checksum you specified did not match what we received.\n"
        f"You provided a {algorithm} checksum with value: {given.hex()}\n"
        f"Actual {algorithm} was: {actual.hex()}"
    )
    return Refused(10037, text)


def check_key(key: str) -> None:
    if len(key.encode("utf-8", "replace")) > KEY_SIZE:
        raise Refused(10020)


def check_delete(keys: Sequence[str]) -> None:
    """What production refuses; workerd's own simulator takes any number."""
    if len(keys) > DELETE_KEYS:
        raise Refused(10027)
    for key in keys:
        check_key(key)


def check_size(size: int) -> None:
    if size > VALUE_SIZE:
        raise Refused(100100)


def check_metadata(custom: Mapping[str, str]) -> None:
    if sum(_weight(key) + _weight(value) for key, value in custom.items()) > METADATA_SIZE:
        raise Refused(10012)


def _weight(text: str) -> int:
    """Bytes of a string as JavaScript keeps it: one each, or two if one does not fit."""
    if all(ord(each) < 256 for each in text):
        return len(text)
    return len(text.encode("utf-16-le", "surrogatepass"))


def check_limit(limit: int | None) -> int:
    if limit is None or limit == -1:  # what stands for none on its way to R2
        return LIST_KEYS
    if not 1 <= limit <= LIST_KEYS:
        raise Refused(10022)
    return limit
