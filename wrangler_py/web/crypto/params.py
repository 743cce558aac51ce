"""Reading what scripts pass: algorithm identifiers, buffers, hash names.

Implements: https://w3c.github.io/webcrypto/#algorithm-normalization
"""

from __future__ import annotations

from typing import Any

from ...js.buffers import JsBuffer
from ...js.callbacks import member
from ...js.convert import to_integer, to_string
from ...js.errors import JsException, dom_exception, type_error
from ..idl import bad_argument

HASHES = {"MD5": "md5", "SHA-1": "sha1", "SHA-256": "sha256", "SHA-384": "sha384"} | {
    "SHA-512": "sha512"
}
"""Name in Web Crypto -> name in hashlib."""


_STRUCTS = dict.fromkeys(("salt", "info"), "DeriveKeyAlgorithm") | dict.fromkeys(
    ("iv", "counter", "additionalData", "label"), "EncryptAlgorithm"
)
_STRUCTS["publicExponent"] = "GenerateKeyAlgorithm"
"""How workerd calls the dictionaries that these members are in."""


def operation_error(message: str) -> JsException:
    return dom_exception(message, "OperationError")


def data_error(message: str) -> JsException:
    return dom_exception(message, "DataError")


def not_supported(message: str) -> JsException:
    return dom_exception(message, "NotSupportedError")


def hash_name(value: Any) -> str:
    """Return the name of a hash algorithm as the standard spells it.

    Raises:
        JsException: a NotSupportedError.
    """
    name = to_string(value if isinstance(value, str) else member(value, "name")).upper()
    if name not in HASHES:
        raise not_supported("Unrecognized or unimplemented digest algorithm requested.")
    return name


def buffer(value: Any, method: str, position: int) -> bytes:
    """Return a copy of a BufferSource argument."""
    if not isinstance(value, JsBuffer):
        raise bad_argument("SubtleCrypto", method, position, "BufferSource")
    return value.to_bytes()


class Params:
    """An algorithm identifier: a name, or an object with a name and what the algorithm needs."""

    def __init__(self, value: Any, where: str = "algorithm") -> None:
        self._value, self._where = value, where
        self.name = to_string(value if isinstance(value, str) else member(value, "name"))

    def get(self, field: str) -> Any:
        """Return a member that may be missing (None)."""
        return None if isinstance(self._value, str) else member(self._value, field)

    def need(self, field: str) -> Any:
        """Return a member.

        Raises:
            JsException: a TypeError, if it is missing.
        """
        value = self.get(field)
        if value is None:
            raise type_error(f'Missing field "{field}" in "{self._where}".')
        return value

    def integer(self, field: str) -> int:
        return to_integer(self.need(field))

    def octets(self, field: str) -> bytes:
        return _bytes(self.need(field), field)

    def optional_octets(self, field: str) -> bytes:
        value = self.get(field)
        return b"" if value is None else _bytes(value, field)

    def hash(self) -> str:
        return hash_name(self.need("hash"))


def _bytes(value: Any, field: str) -> bytes:
    if not isinstance(value, JsBuffer):
        raise type_error(
            f"Incorrect type for the '{field}' field on '{_STRUCTS[field]}': "
            "the provided value is not of type 'BufferSource'."
        )
    return value.to_bytes()
