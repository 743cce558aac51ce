"""What the algorithms with a private and a public key share: formats, pairs.

Implements: https://w3c.github.io/webcrypto/#SubtleCrypto-method-importKey
"""

from __future__ import annotations

from typing import Any, ClassVar

from ...js.convert import to_string
from ...js.errors import dom_exception
from ...js.object import JsObject
from . import jwk
from .algorithms import Algorithm, as_buffer
from .keys import CryptoKey, KeyType, Usages, check_usages, only
from .params import Params, data_error, not_supported


class Asymmetric(Algorithm):
    """Keys are objects of the `cryptography` package."""

    private_usages: ClassVar[Usages] = ("sign",)
    public_usages: ClassVar[Usages] = ("verify",)

    def details(self, material: Any, params: Params) -> dict[str, Any]:
        """Check a key that was read; return its `algorithm`.

        Raises:
            JsException: a DataError, if it is a key of another kind.
        """
        raise NotImplementedError

    def from_raw(self, data: bytes, params: Params) -> Any:
        raise not_supported('Unrecognized key import format "raw".')

    def from_jwk(self, data: Any, params: Params) -> Any:
        raise NotImplementedError

    def to_raw(self, key: CryptoKey) -> bytes:
        raise self._no_format("raw")

    def to_jwk(self, key: CryptoKey) -> JsObject:
        raise NotImplementedError

    def new_private(self, params: Params) -> Any:
        raise NotImplementedError

    def import_key(
        self, format: str, data: Any, params: Params, extractable: bool, usages: Usages
    ) -> CryptoKey:
        if format == "jwk":
            jwk.check(data, usages)
            material = self.from_jwk(data, params)
        elif format == "raw":
            material = self.from_raw(data, params)
        else:
            material = _from_der(format, data)
        kind: KeyType = "private" if hasattr(material, "public_key") else "public"
        allowed = self.private_usages if kind == "private" else self.public_usages
        usages = check_usages(usages, allowed, f"import {kind}", self.name)
        return CryptoKey(kind, material, self.details(material, params), extractable, usages)

    def export_key(self, format: str, key: CryptoKey) -> Any:
        if format == "jwk":
            return self.to_jwk(key)
        if format == "raw":
            return as_buffer(self.to_raw(key))
        return as_buffer(self._to_der(format, key))

    def _to_der(self, format: str, key: CryptoKey) -> bytes:
        from cryptography.hazmat.primitives import serialization

        if format == "pkcs8":
            if key._type != "private":
                raise self._wrong_type("pkcs8", "private", key)
            return bytes(
                key._material.private_bytes(
                    serialization.Encoding.DER,
                    serialization.PrivateFormat.PKCS8,
                    serialization.NoEncryption(),
                )
            )
        if format == "spki":
            if key._type != "public":
                raise self._wrong_type("spki", "public", key)
            return bytes(
                key._material.public_bytes(
                    serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
                )
            )
        raise self._no_format(format)

    def _wrong_type(self, format: str, wanted: str, key: CryptoKey) -> Exception:
        return dom_exception(
            f'Asymmetric {format} export requires {wanted} key (not "{key._type}").',
            "InvalidAccessError",
        )

    def _no_format(self, format: str) -> Exception:
        return dom_exception(
            f'Cannot export "{self.name}" in "{format}" format.', "InvalidAccessError"
        )

    def generate(self, params: Params, extractable: bool, usages: Usages) -> JsObject:
        allowed = (*self.private_usages, *self.public_usages)
        usages = check_usages(usages, allowed, "generate", self.name)
        private = self.new_private(params)
        mine = only(usages, self.private_usages)
        if not mine:
            raise dom_exception(
                "Attempt to generate asymmetric keys with no valid private key usages.",
                "SyntaxError",
            )
        algorithm = self.details(private, params)
        public = CryptoKey(
            "public", private.public_key(), algorithm, True, only(usages, self.public_usages)
        )
        secret = CryptoKey("private", private, dict(algorithm), extractable, mine)
        return JsObject({"publicKey": public, "privateKey": secret})


def public_part(material: Any) -> Any:
    """Return the public key of a pair, or the public key itself."""
    return material.public_key() if hasattr(material, "public_key") else material


def _from_der(format: str, data: bytes) -> Any:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives import serialization

    try:
        if format == "pkcs8":
            return serialization.load_der_private_key(data, None)
        return serialization.load_der_public_key(data)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise data_error(f"Invalid {to_string(format).upper()} input.") from None


def require_type(key: CryptoKey, wanted: KeyType, operation: str) -> None:
    """Check the type of a key before ``operation`` ("signing", "verification")."""
    if key._type != wanted:
        raise dom_exception(
            f"Asymmetric {operation} requires a {wanted} key.", "InvalidAccessError"
        )


def hash_of(name: str) -> Any:
    """Return `cryptography`'s object for a hash."""
    from cryptography.hazmat.primitives import hashes

    return getattr(hashes, name.replace("-", ""))()
