"""Ed25519 and X25519.

Implements: https://w3c.github.io/webcrypto/#ed25519, https://www.rfc-editor.org/rfc/rfc8037
"""

from __future__ import annotations

from typing import Any

from ...js.errors import dom_exception
from ...js.object import JsObject
from . import jwk
from .asymmetric import Asymmetric, public_part, require_type
from .ec import cut, peer_of
from .keys import CryptoKey
from .params import Params, data_error, not_supported


class _Curve25519(Asymmetric):
    """What both share: 32 bytes are a key."""

    alg: str | None = None

    def _classes(self) -> tuple[Any, Any]:
        """Return the classes of private and public keys."""
        raise NotImplementedError

    def details(self, material: Any, params: Params) -> dict[str, Any]:
        if not isinstance(material, self._classes()):
            raise data_error(f"Input was not an {self.name} key")
        return {"name": self.name}

    def from_raw(self, data: bytes, params: Params) -> Any:
        if len(data) != 32:
            raise data_error(
                f"{self.name} raw keys must be exactly 32-bytes (provided {len(data)})."
            )
        return self._classes()[1].from_public_bytes(data)

    def from_jwk(self, data: Any, params: Params) -> Any:
        kind, curve = jwk.field(data, "kty"), jwk.field(data, "crv")
        if kind != "OKP":
            raise data_error(
                f'{self.name} "jwk" key imports requires a JSON Web Key with Key Type parameter '
                f'"kty" ("{kind}") equal to "OKP".'
            )
        if curve is None:
            raise data_error(f'Missing field "crv" for {self.name} key.')
        if curve != self.name:
            raise not_supported(f'Only {self.name} is supported but "{curve}" was requested.')
        complaint = f"Invalid {curve} key in JSON Web Key"
        public = jwk.field_bytes(data, "x", complaint)
        if len(public) != 32:
            raise data_error(f"Invalid length {len(public)} for public key")
        if jwk.field(data, "d") is None:
            return self._classes()[1].from_public_bytes(public)
        private = jwk.field_bytes(data, "d", complaint)
        if len(private) != 32:
            raise data_error(f"Invalid length {len(private)} for private key")
        return self._classes()[0].from_private_bytes(private)

    def to_raw(self, key: CryptoKey) -> bytes:
        if key._type != "public":
            raise dom_exception(
                f"Raw export of {self.name} keys is only allowed for public keys.",
                "InvalidAccessError",
            )
        return bytes(key._material.public_bytes_raw())

    def to_jwk(self, key: CryptoKey) -> JsObject:
        secret = None
        if key._type == "private":
            secret = jwk.encode(key._material.private_bytes_raw())
        public = jwk.encode(public_part(key._material).public_bytes_raw())
        return jwk.export(key, kty="OKP", alg=self.alg, crv=self.name, x=public, d=secret)

    def new_private(self, params: Params) -> Any:
        return self._classes()[0].generate()


class Ed25519(_Curve25519):
    name = "Ed25519"
    alg = "EdDSA"

    def _classes(self) -> tuple[Any, Any]:
        from cryptography.hazmat.primitives.asymmetric import ed25519

        return ed25519.Ed25519PrivateKey, ed25519.Ed25519PublicKey

    def sign(self, params: Params, key: CryptoKey, data: bytes) -> bytes:
        require_type(key, "private", "signing")
        return bytes(key._material.sign(data))

    def verify(self, params: Params, key: CryptoKey, signature: bytes, data: bytes) -> bool:
        from cryptography.exceptions import InvalidSignature

        require_type(key, "public", "verification")
        try:
            key._material.verify(signature, data)
        except InvalidSignature:
            return False
        return True


class X25519(_Curve25519):
    name = "X25519"
    private_usages = ("deriveKey", "deriveBits")
    public_usages = ()

    def _classes(self) -> tuple[Any, Any]:
        from cryptography.hazmat.primitives.asymmetric import x25519

        return x25519.X25519PrivateKey, x25519.X25519PublicKey

    def derive_bits(self, params: Params, key: CryptoKey, length: int | None) -> bytes:
        return cut(key._material.exchange(peer_of(params, key)._material), length)
