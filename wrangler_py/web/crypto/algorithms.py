"""Which class does the work of an algorithm; each is loaded when it is asked for.

Implements: https://w3c.github.io/webcrypto/#algorithm-overview
"""

from __future__ import annotations

import importlib
from typing import Any

from ...js.buffers import ArrayBuffer
from ...js.errors import dom_exception
from .keys import CryptoKey, Usages
from .params import Params, not_supported

_HOMES = {
    "HMAC": ("hmac_keys", "Hmac"),
    "AES-CBC": ("aes", "AesCbc"),
    "AES-CTR": ("aes", "AesCtr"),
    "AES-GCM": ("aes", "AesGcm"),
    "AES-KW": ("aes", "AesKw"),
    "PBKDF2": ("kdf", "Pbkdf2"),
    "HKDF": ("kdf", "Hkdf"),
    "ECDSA": ("ec", "Ecdsa"),
    "ECDH": ("ec", "Ecdh"),
    "Ed25519": ("edwards", "Ed25519"),
    "X25519": ("edwards", "X25519"),
    "RSASSA-PKCS1-v1_5": ("rsa", "RsaPkcs1"),
    "RSA-PSS": ("rsa", "RsaPss"),
    "RSA-OAEP": ("rsa", "RsaOaep"),
}
_BY_LOWER = {name.lower(): name for name in _HOMES}


class Algorithm:
    """What an algorithm can do; what it cannot is a NotSupportedError.

    Keys that reach these methods are of this algorithm and may be used so.
    """

    name: str

    def import_key(
        self, format: str, data: Any, params: Params, extractable: bool, usages: Usages
    ) -> CryptoKey:
        raise self._lacks("import")

    def export_key(self, format: str, key: CryptoKey) -> Any:
        raise self._lacks("export")

    def generate(self, params: Params, extractable: bool, usages: Usages) -> Any:
        raise not_supported(f'Unrecognized key generation algorithm "{self.name}" requested.')

    def sign(self, params: Params, key: CryptoKey, data: bytes) -> bytes:
        raise self._lacks("sign")

    def verify(self, params: Params, key: CryptoKey, signature: bytes, data: bytes) -> bool:
        raise self._lacks("verify")

    def encrypt(self, params: Params, key: CryptoKey, data: bytes) -> bytes:
        raise self._lacks("encrypt")

    def decrypt(self, params: Params, key: CryptoKey, data: bytes) -> bytes:
        raise self._lacks("decrypt")

    def wrap(self, params: Params, key: CryptoKey, data: bytes) -> bytes:
        return self.encrypt(params, key, data)

    def unwrap(self, params: Params, key: CryptoKey, data: bytes) -> bytes:
        return self.decrypt(params, key, data)

    def derive_bits(self, params: Params, key: CryptoKey, length: int | None) -> bytes:
        raise self._lacks("deriveBits")

    def derived_length(self, params: Params) -> int | None:
        """Return how many bits a derived key of this algorithm takes."""
        raise not_supported(f'Unrecognized derived key type "{self.name}" requested.')

    def _lacks(self, operation: str) -> Exception:
        return not_supported(f'The {operation} operation is not implemented for "{self.name}".')


def find(name: str) -> Algorithm | None:
    """Return the algorithm called ``name``, in any case of letters."""
    known = _BY_LOWER.get(name.lower())
    if known is None:
        return None
    module, class_name = _HOMES[known]
    cls = getattr(importlib.import_module(f"{__package__}.{module}"), class_name)
    return cls()  # type: ignore[no-any-return]


def of_key(key: CryptoKey) -> Algorithm:
    found = find(key._algorithm["name"])
    assert found is not None, "a key is made by its algorithm"
    return found


def require_extractable(key: CryptoKey) -> None:
    """Raises JsException: an InvalidAccessError, if the key may not leave."""
    if not key._extractable:
        raise dom_exception(
            f"Attempt to export non-extractable {key._algorithm['name']} key.",
            "InvalidAccessError",
        )


def as_buffer(data: bytes) -> ArrayBuffer:
    return ArrayBuffer._of(data)
