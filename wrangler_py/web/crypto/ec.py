"""ECDSA and ECDH on the curves P-256, P-384 and P-521.

Implements: https://w3c.github.io/webcrypto/#ecdsa, https://w3c.github.io/webcrypto/#ecdh
"""

from __future__ import annotations

from typing import Any

from ...js.convert import to_string
from ...js.errors import dom_exception, type_error
from ...js.object import JsObject
from . import jwk
from .asymmetric import Asymmetric, hash_of, public_part, require_type
from .keys import CryptoKey
from .params import Params, data_error, hash_name, not_supported, operation_error

_CURVES = {"P-256": ("SECP256R1", 32), "P-384": ("SECP384R1", 48), "P-521": ("SECP521R1", 66)}
_BY_CLASS_NAME = {"secp256r1": "P-256", "secp384r1": "P-384", "secp521r1": "P-521"}
_ALGS = {"ES256": "P-256", "ES384": "P-384", "ES512": "P-521"}
_NO_HASH = (
    'Missing "hash" in AlgorithmIdentifier. (ECDSA requires that the hash algorithm be specified '
    "at call time rather than on the key. This differs from other WebCrypto algorithms for "
    "historical reasons.)"
)


class _Ec(Asymmetric):
    """What both share: the keys."""

    def details(self, material: Any, params: Params) -> dict[str, Any]:
        wanted = _curve_name(params)
        curve = getattr(material, "curve", None)
        if curve is None:
            raise data_error("Input was not an EC key")
        if _BY_CLASS_NAME.get(curve.name) != wanted:
            raise data_error(
                f'"algorithm.namedCurve" "{wanted}" does not match the curve specified by the '
                "input key data"
            )
        return {"name": self.name, "namedCurve": wanted}

    def from_raw(self, data: bytes, params: Params) -> Any:
        from cryptography.hazmat.primitives.asymmetric import ec

        try:
            return ec.EllipticCurvePublicKey.from_encoded_point(_curve(params), data)
        except ValueError:
            raise data_error("Failed to import raw EC key data") from None

    def from_jwk(self, data: Any, params: Params) -> Any:
        from cryptography.hazmat.primitives.asymmetric import ec

        wanted, kind = _curve_name(params), jwk.field(data, "kty")
        if kind != "EC":
            raise data_error(
                'Elliptic curve "jwk" key import requires a JSON Web Key with Key Type parameter '
                f'"kty" ("{kind}") equal to "EC".'
            )
        alg = jwk.field(data, "alg")
        if alg is not None and _ALGS.get(alg, wanted) != wanted:
            raise data_error(
                f'JSON Web Key Algorithm parameter "alg" ("{alg}") does not match requested curve.'
            )
        if jwk.field(data, "crv") != wanted:
            raise data_error(
                f'"algorithm.namedCurve" "{wanted}" does not match the curve specified by the '
                "input key data"
            )
        complaint = 'Invalid EC key; public key coordinates "x" and "y" are invalid'
        x, y = (jwk.field_integer(data, name, complaint) for name in "xy")
        try:
            public = ec.EllipticCurvePublicNumbers(x, y, _curve(params))
            if jwk.field(data, "d") is None:
                return public.public_key()
            secret = jwk.field_integer(
                data, "d", 'Invalid EC key; private key component "d" is invalid'
            )
            return ec.EllipticCurvePrivateNumbers(secret, public).private_key()
        except ValueError:
            raise data_error("Invalid EC key in JSON Web Key") from None

    def to_raw(self, key: CryptoKey) -> bytes:
        from cryptography.hazmat.primitives import serialization

        if key._type != "public":
            raise dom_exception(
                "Raw export of elliptic curve keys is only allowed for public keys.",
                "InvalidAccessError",
            )
        return bytes(
            key._material.public_bytes(
                serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
            )
        )

    def to_jwk(self, key: CryptoKey) -> JsObject:
        numbers = public_part(key._material).public_numbers()
        curve = key._algorithm["namedCurve"]
        size = _CURVES[curve][1]
        secret = None
        if key._type == "private":
            value = key._material.private_numbers().private_value
            secret = jwk.encode_integer(value, size)
        return jwk.export(
            key,
            kty="EC",
            crv=curve,
            x=jwk.encode_integer(numbers.x, size),
            y=jwk.encode_integer(numbers.y, size),
            d=secret,
        )

    def new_private(self, params: Params) -> Any:
        from cryptography.hazmat.primitives.asymmetric import ec

        return ec.generate_private_key(_curve(params))


class Ecdsa(_Ec):
    name = "ECDSA"

    def sign(self, params: Params, key: CryptoKey, data: bytes) -> bytes:
        from cryptography.hazmat.primitives.asymmetric import ec, utils

        require_type(key, "private", "signing")
        signature = key._material.sign(data, ec.ECDSA(_hash(params)))
        size = _CURVES[key._algorithm["namedCurve"]][1]
        r, s = utils.decode_dss_signature(signature)
        return r.to_bytes(size, "big") + s.to_bytes(size, "big")

    def verify(self, params: Params, key: CryptoKey, signature: bytes, data: bytes) -> bool:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric import ec, utils

        require_type(key, "public", "verification")
        size = _CURVES[key._algorithm["namedCurve"]][1]
        algorithm = ec.ECDSA(_hash(params))
        if len(signature) != 2 * size:
            return False
        r, s = (int.from_bytes(part, "big") for part in (signature[:size], signature[size:]))
        try:
            key._material.verify(utils.encode_dss_signature(r, s), data, algorithm)
        except InvalidSignature:
            return False
        return True


class Ecdh(_Ec):
    name = "ECDH"
    private_usages = ("deriveKey", "deriveBits")
    public_usages = ()

    def derive_bits(self, params: Params, key: CryptoKey, length: int | None) -> bytes:
        from cryptography.hazmat.primitives.asymmetric import ec

        peer = peer_of(params, key)
        mine, other = key._algorithm["namedCurve"], peer._algorithm["namedCurve"]
        if mine != other:
            raise dom_exception(
                f'Private key for derivation is using curve "{mine}" while public key is using '
                f'"{other}".',
                "InvalidAccessError",
            )
        return cut(key._material.exchange(ec.ECDH(), peer._material), length)


def peer_of(params: Params, key: CryptoKey) -> CryptoKey:
    """Return the other side's public key of a key agreement."""
    peer = params.get("public")
    if not isinstance(peer, CryptoKey):
        raise type_error('Missing field "public" in "derivedKeyParams".')
    if peer._type != "public":
        raise dom_exception(
            f'The provided key has type "{peer._type}", not "public"', "InvalidAccessError"
        )
    mine, other = key._algorithm["name"], peer._algorithm["name"]
    if mine != other:
        raise dom_exception(
            f"Base {mine} private key cannot be used to derive a key from a peer {other} "
            "public key",
            "InvalidAccessError",
        )
    return peer


def cut(secret: bytes, length: int | None) -> bytes:
    """Return the first ``length`` bits of a shared secret; all of them for None."""
    if length is None:
        return secret
    if length > len(secret) * 8:
        raise operation_error(
            f"Derived key length ({length} bits) is too long (should be at most "
            f"{len(secret) * 8} bits)."
        )
    found = bytearray(secret[: (length + 7) // 8])
    if length % 8:
        found[-1] &= 0xFF << (8 - length % 8) & 0xFF
    return bytes(found)


def _curve_name(params: Params) -> str:
    name = to_string(params.need("namedCurve")).upper()
    if name not in _CURVES:
        raise not_supported(f'Unrecognized or unimplemented EC curve "{name}" requested.')
    return name


def _curve(params: Params) -> Any:
    from cryptography.hazmat.primitives.asymmetric import ec

    return getattr(ec, _CURVES[_curve_name(params)][0])()


def _hash(params: Params) -> Any:
    if params.get("hash") is None:
        raise type_error(_NO_HASH)
    return hash_of(hash_name(params.get("hash")))
