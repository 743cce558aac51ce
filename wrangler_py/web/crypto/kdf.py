"""Keys from passwords and secrets: PBKDF2 and HKDF.

Implements: https://w3c.github.io/webcrypto/#pbkdf2, https://www.rfc-editor.org/rfc/rfc5869
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

from ...js.errors import dom_exception
from .algorithms import Algorithm
from .keys import CryptoKey, Usages, check_usages
from .params import HASHES, Params, not_supported, operation_error


class Kdf(Algorithm):
    """What both share: a secret that can only be derived from."""

    def import_key(
        self, format: str, data: Any, params: Params, extractable: bool, usages: Usages
    ) -> CryptoKey:
        usages = check_usages(usages, ("deriveKey", "deriveBits"), "import secret", self.name)
        if extractable:
            raise dom_exception(f"{self.name} key cannot be extractable.", "SyntaxError")
        if format != "raw":
            raise not_supported(
                f'{self.name} key must be imported in "raw" format (requested "{format}")'
            )
        return CryptoKey("secret", data, {"name": self.name}, False, usages)

    def derived_length(self, params: Params) -> None:
        return None

    def _length(self, length: int | None) -> int:
        """Return the length in bytes."""
        if length is None:
            raise operation_error(f"{self.name} cannot derive a key with null length.")
        if length % 8:
            raise operation_error(
                f"{self.name} requires a derived key length that is a multiple of eight "
                f"(requested {length})."
            )
        return length // 8


class Pbkdf2(Kdf):
    name = "PBKDF2"

    def derive_bits(self, params: Params, key: CryptoKey, length: int | None) -> bytes:
        hash_name, salt = HASHES[params.hash()], params.octets("salt")
        iterations = params.integer("iterations")
        size = self._length(length)
        if iterations <= 0:
            raise operation_error(
                f"PBKDF2 requires a positive iteration count (requested {iterations})."
            )
        return hashlib.pbkdf2_hmac(hash_name, key._material, salt, iterations, size or None)


class Hkdf(Kdf):
    name = "HKDF"

    def derive_bits(self, params: Params, key: CryptoKey, length: int | None) -> bytes:
        hash_name, salt, info = HASHES[params.hash()], params.octets("salt"), params.octets("info")
        size = self._length(length)
        block_size = hashlib.new(hash_name).digest_size
        if size > 255 * block_size:
            raise operation_error("HKDF deriveBits failed.")
        secret = hmac.digest(salt or bytes(block_size), key._material, hash_name)
        found = block = b""
        for count in range(1, -(-size // block_size) + 1):
            block = hmac.digest(secret, block + info + bytes((count,)), hash_name)
            found += block
        return found[:size]
