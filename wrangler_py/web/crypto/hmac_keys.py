"""HMAC.

Implements: https://w3c.github.io/webcrypto/#hmac
"""

from __future__ import annotations

import hmac
import os
from typing import Any

from ...js.convert import to_integer
from . import jwk
from .algorithms import Algorithm, as_buffer
from .keys import CryptoKey, Usages, check_usages
from .params import HASHES, Params, data_error, not_supported

_USAGES = ("sign", "verify")
_BLOCK_BITS = {"MD5": 512, "SHA-1": 512, "SHA-256": 512, "SHA-384": 1024, "SHA-512": 1024}


class Hmac(Algorithm):
    name = "HMAC"

    def import_key(
        self, format: str, data: Any, params: Params, extractable: bool, usages: Usages
    ) -> CryptoKey:
        usages = check_usages(usages, _USAGES, "import secret", self.name)
        hash_name = params.hash()
        if format == "raw":
            raw: bytes = data
        elif format == "jwk":
            raw = self._from_jwk(data, hash_name)
        else:
            raise not_supported(f'Unrecognized key import format "{format}".')
        bits = len(raw) * 8
        length = bits if params.get("length") is None else to_integer(params.get("length"))
        if length == 0 or not bits - 8 < length <= bits:
            raise data_error(
                f"Imported HMAC key length ({length}) must be a non-zero value up to 7 bits less "
                f"than, and no greater than, the bit length of the raw key data ({bits})."
            )
        return self._key(raw, hash_name, length, extractable, usages)

    def _from_jwk(self, data: Any, hash_name: str) -> bytes:
        kind = jwk.field(data, "kty")
        if kind != "oct":
            raise data_error(
                'HMAC "jwk" key import requires a JSON Web Key with Key Type parameter ("kty") '
                f'equal to "oct" (encountered "{kind}").'
            )
        found, expected = jwk.field(data, "alg"), _alg(hash_name)
        if found is not None and found != expected:
            raise data_error(
                'HMAC "jwk" key import specifies "alg" that is incompatible with the hash name '
                f'(encountered "{found}", expected "{expected}").'
            )
        return jwk.field_bytes(
            data, "k", 'HMAC "jwk" key import requires a base64Url encoding of the key'
        )

    def _key(
        self, raw: bytes, hash_name: str, length: int, extractable: bool, usages: Usages
    ) -> CryptoKey:
        algorithm = {"name": self.name, "hash": {"name": hash_name}, "length": length}
        return CryptoKey("secret", raw, algorithm, extractable, usages)

    def export_key(self, format: str, key: CryptoKey) -> Any:
        if format == "raw":
            return as_buffer(key._material)
        if format == "jwk":
            name = key._algorithm["hash"]["name"]
            return jwk.export(key, kty="oct", alg=_alg(name), k=jwk.encode(key._material))
        raise not_supported(f'Unimplemented key export format "{format}".')

    def generate(self, params: Params, extractable: bool, usages: Usages) -> CryptoKey:
        usages = check_usages(usages, _USAGES, "generate", self.name)
        hash_name, length = params.hash(), self.derived_length(params)
        return self._key(os.urandom((length + 7) // 8), hash_name, length, extractable, usages)

    def derived_length(self, params: Params) -> int:
        given = params.get("length")
        return _BLOCK_BITS[params.hash()] if given is None else to_integer(given)

    def sign(self, params: Params, key: CryptoKey, data: bytes) -> bytes:
        return hmac.digest(key._material, data, HASHES[key._algorithm["hash"]["name"]])

    def verify(self, params: Params, key: CryptoKey, signature: bytes, data: bytes) -> bool:
        return hmac.compare_digest(self.sign(params, key, data), signature)


def _alg(hash_name: str) -> str:
    return "HS1" if hash_name == "SHA-1" else f"HS{hash_name[4:]}"
