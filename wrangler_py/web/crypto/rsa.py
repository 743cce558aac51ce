"""RSA: signatures (PKCS #1 v1.5, PSS) and encryption (OAEP).

Implements: https://w3c.github.io/webcrypto/#rsassa-pkcs1, #rsa-pss, #rsa-oaep
"""

from __future__ import annotations

from typing import Any

from ...js.errors import dom_exception, type_error
from ...js.object import JsObject
from . import jwk
from .asymmetric import Asymmetric, hash_of, public_part, require_type
from .keys import CryptoKey
from .params import Params, data_error, operation_error

_INVALID = "Invalid RSA key in JSON Web Key; missing or invalid "
_PRIVATE_FIELDS = {
    "d": 'Private Exponent parameter ("d").',
    "p": 'First Prime Factor parameter ("p").',
    "q": 'Second Prime Factor parameter ("q").',
    "dp": 'First Factor CRT Exponent parameter ("dp").',
    "dq": 'Second Factor CRT Exponent parameter ("dq").',
    "qi": 'First CRT Coefficient parameter ("qi").',
}


class _Rsa(Asymmetric):
    """What the three share: the keys."""

    alg_prefix: str

    def details(self, material: Any, params: Params) -> dict[str, Any]:
        if not hasattr(material, "key_size") or hasattr(material, "curve"):
            raise data_error("Input was not an RSA key")
        exponent = public_part(material).public_numbers().e
        return {
            "name": self.name,
            "modulusLength": material.key_size,
            "publicExponent": exponent.to_bytes((exponent.bit_length() + 7) // 8, "big"),
            "hash": {"name": params.hash()},
        }

    def from_jwk(self, data: Any, params: Params) -> Any:
        from cryptography.hazmat.primitives.asymmetric import rsa

        kind = jwk.field(data, "kty")
        if kind != "RSA":
            raise data_error(
                'RSA "jwk" key import requires a JSON Web Key with Key Type parameter '
                f'"kty" ("{kind}") equal to "RSA".'
            )
        n = jwk.field_integer(data, "n", f'{_INVALID}Modulus parameter ("n").')
        e = jwk.field_integer(data, "e", f'{_INVALID}Exponent parameter ("e").')
        try:
            public = rsa.RSAPublicNumbers(e, n)
            if jwk.field(data, "d") is None:
                return public.public_key()
            d, p, q, dp, dq, qi = (
                jwk.field_integer(data, name, _INVALID + text)
                for name, text in _PRIVATE_FIELDS.items()
            )
            return rsa.RSAPrivateNumbers(p, q, d, dp, dq, qi, public).private_key()
        except ValueError:
            raise data_error("Invalid RSA key in JSON Web Key") from None

    def to_jwk(self, key: CryptoKey) -> JsObject:
        public = public_part(key._material).public_numbers()
        secret: dict[str, str] = {}
        if key._type == "private":
            found = key._material.private_numbers()
            values = (found.d, found.p, found.q, found.dmp1, found.dmq1, found.iqmp)
            secret = dict(zip(_PRIVATE_FIELDS, map(jwk.encode_integer, values), strict=True))
        return jwk.export(
            key,
            kty="RSA",
            alg=self._alg(key._algorithm["hash"]["name"]),
            n=jwk.encode_integer(public.n),
            e=jwk.encode_integer(public.e),
            **secret,
        )

    def _alg(self, hash_name: str) -> str:
        return f"{self.alg_prefix}{hash_name[4:]}"

    def new_private(self, params: Params) -> Any:
        from cryptography.hazmat.primitives.asymmetric import rsa

        exponent = int.from_bytes(params.octets("publicExponent"), "big")
        params.hash()
        length = params.integer("modulusLength")
        if length <= 0:
            raise operation_error(f"modulusLength must be greater than zero (requested {length}).")
        if length % 8 or not 256 <= length <= 16384:
            raise operation_error(
                "The modulus length must be a multiple of 8 and between 256 and 16k, "
                f"but {length} was requested."
            )
        if exponent not in (3, 65537):
            raise operation_error(
                f'The "publicExponent" must be either 3 or 65537, but got {exponent}.'
            )
        if length % 128:
            raise operation_error(
                "Can't generate key: RSA key size is required to be a multiple of 128"
            )
        return rsa.generate_private_key(exponent, length)


class _RsaSignature(_Rsa):
    """What both kinds of signature share."""

    def sign(self, params: Params, key: CryptoKey, data: bytes) -> bytes:
        require_type(key, "private", "signing")
        padding = self._padding_for(params, key)
        try:
            return bytes(key._material.sign(data, padding, _hash_of(key)))
        except ValueError:
            raise operation_error("key too small for signing with given digest") from None

    def verify(self, params: Params, key: CryptoKey, signature: bytes, data: bytes) -> bool:
        from cryptography.exceptions import InvalidSignature

        require_type(key, "public", "verification")
        padding = self._padding_for(params, key)
        try:
            key._material.verify(signature, data, padding, _hash_of(key))
        except InvalidSignature:
            return False
        return True

    def _padding_for(self, params: Params, key: CryptoKey) -> Any:
        raise NotImplementedError


class RsaPkcs1(_RsaSignature):
    name = "RSASSA-PKCS1-v1_5"
    alg_prefix = "RS"

    def _padding_for(self, params: Params, key: CryptoKey) -> Any:
        from cryptography.hazmat.primitives.asymmetric import padding

        return padding.PKCS1v15()


class RsaPss(_RsaSignature):
    name = "RSA-PSS"
    alg_prefix = "PS"

    def _padding_for(self, params: Params, key: CryptoKey) -> Any:
        from cryptography.hazmat.primitives.asymmetric import padding

        if params.get("saltLength") is None:
            raise type_error(
                "Failed to provide salt for RSA-PSS key operation which requires a salt"
            )
        size = params.integer("saltLength")
        if size < 0:
            raise data_error(f"SaltLength for RSA-PSS must be non-negative (provided {size}).")
        return padding.PSS(padding.MGF1(_hash_of(key)), size)


class RsaOaep(_Rsa):
    name = "RSA-OAEP"
    alg_prefix = "RSA-OAEP-"
    private_usages = ("decrypt", "unwrapKey")
    public_usages = ("encrypt", "wrapKey")

    def _alg(self, hash_name: str) -> str:
        return "RSA-OAEP" if hash_name == "SHA-1" else super()._alg(hash_name)

    def encrypt(self, params: Params, key: CryptoKey, data: bytes) -> bytes:
        if key._type != "public":
            raise _only("Encryption/key wrapping", "public", key)
        try:
            return bytes(key._material.encrypt(data, _oaep(params, key)))
        except ValueError:
            raise operation_error("RSA-OAEP failed encrypt/decrypt") from None

    def decrypt(self, params: Params, key: CryptoKey, data: bytes) -> bytes:
        if key._type != "private":
            raise _only("Decryption/key unwrapping", "private", key)
        try:
            return bytes(key._material.decrypt(data, _oaep(params, key)))
        except ValueError:
            raise operation_error("RSA-OAEP failed encrypt/decrypt") from None


def _only(operation: str, wanted: str, key: CryptoKey) -> Exception:
    return dom_exception(
        f'{operation} only works with {wanted} keys, not "{key._type}".', "InvalidAccessError"
    )


def _hash_of(key: CryptoKey) -> Any:
    return hash_of(key._algorithm["hash"]["name"])


def _oaep(params: Params, key: CryptoKey) -> Any:
    from cryptography.hazmat.primitives.asymmetric import padding

    found = _hash_of(key)
    label = params.optional_octets("label")
    return padding.OAEP(padding.MGF1(found), found, label)
