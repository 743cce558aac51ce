"""AES in the modes of Web Crypto.

Implements: https://w3c.github.io/webcrypto/#aes-gcm, #aes-cbc, #aes-ctr, #aes-kw
"""

from __future__ import annotations

import os
from typing import Any

from ...js.convert import to_integer
from ...js.errors import JsException
from . import jwk
from .algorithms import Algorithm, as_buffer
from .keys import CryptoKey, Usages, check_usages
from .params import Params, data_error, not_supported, operation_error

_SIZES = (128, 192, 256)
_TAG_LENGTHS = (32, 64, 96, 104, 112, 120, 128)


class Aes(Algorithm):
    """What the modes share: their keys."""

    usages: Usages = ("encrypt", "decrypt", "wrapKey", "unwrapKey")

    def import_key(
        self, format: str, data: Any, params: Params, extractable: bool, usages: Usages
    ) -> CryptoKey:
        usages = check_usages(usages, self.usages, "import secret", self.name)
        if format == "raw":
            raw: bytes = data
        elif format == "jwk":
            raw = self._from_jwk(data, usages)
        else:
            raise not_supported(f'Unrecognized key import format "{format}".')
        if len(raw) * 8 not in _SIZES:
            raise data_error(
                "Imported AES key length must be 128, 192, or 256 bits "
                f"but provided {len(raw) * 8}."
            )
        return self._key(raw, extractable, usages)

    def _from_jwk(self, data: Any, usages: Usages) -> bytes:
        kind = jwk.field(data, "kty")
        if kind != "oct":
            raise data_error(
                'Symmetric "jwk" key import requires a JSON Web Key with Key Type parameter '
                f'"kty" equal to "oct" (encountered "{kind}").'
            )
        jwk.check(data, usages)
        raw = jwk.field_bytes(
            data, "k", 'Symmetric "jwk" key import requires a base64Url encoding of the key.'
        )
        found, expected = jwk.field(data, "alg"), self._alg(raw)
        if found is not None and found != expected:
            raise data_error(
                f'Symmetric "jwk" key contains invalid "alg" value "{found}", '
                f'expected "{expected}".'
            )
        return raw

    def _alg(self, raw: bytes) -> str:
        return f"A{len(raw) * 8}{self.name[4:]}"

    def _key(self, raw: bytes, extractable: bool, usages: Usages) -> CryptoKey:
        algorithm = {"name": self.name, "length": len(raw) * 8}
        return CryptoKey("secret", raw, algorithm, extractable, usages)

    def export_key(self, format: str, key: CryptoKey) -> Any:
        raw = key._material
        if format == "raw":
            return as_buffer(raw)
        if format == "jwk":
            return jwk.export(key, kty="oct", alg=self._alg(raw), k=jwk.encode(raw))
        raise not_supported(
            f'{self.name} key only supports exporting "raw" & "jwk", not "{format}".'
        )

    def generate(self, params: Params, extractable: bool, usages: Usages) -> CryptoKey:
        usages = check_usages(usages, self.usages, "generate", self.name)
        length = params.integer("length")
        if length not in _SIZES:
            raise operation_error(
                f"Generated AES key length must be 128, 192, or 256 bits but requested {length}."
            )
        return self._key(os.urandom(length // 8), extractable, usages)

    def derived_length(self, params: Params) -> int:
        length = params.integer("length")
        if length not in _SIZES:
            raise operation_error(
                f"Derived AES key must be 128, 192, or 256 bits in length but provided {length}."
            )
        return length

    def _failed(self, size: int, expected: int) -> JsException:
        return operation_error(
            "Decryption failed. This could be due to a ciphertext authentication failure, bad "
            "padding, incorrect CryptoKey, or another algorithm-specific reason. "
            f"Input length was {size}, output length expected to be {expected} for {self.name}"
        )


class AesGcm(Aes):
    name = "AES-GCM"

    def _setup(self, params: Params) -> tuple[bytes, int, bytes]:
        """Return the IV, the tag's size in bytes, and the additional data."""
        iv = params.octets("iv")
        if not iv:
            raise operation_error("AES-GCM IV must not be empty.")
        given = params.get("tagLength")
        bits = 128 if given is None else to_integer(given)
        if bits not in _TAG_LENGTHS:
            raise operation_error(f"Invalid AES-GCM tag length {bits}.")
        return iv, bits // 8, params.optional_octets("additionalData")

    def encrypt(self, params: Params, key: CryptoKey, data: bytes) -> bytes:
        from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

        iv, tag_size, extra = self._setup(params)
        encryptor = Cipher(algorithms.AES(key._material), modes.GCM(iv)).encryptor()
        encryptor.authenticate_additional_data(extra)
        sealed = encryptor.update(data) + encryptor.finalize()
        return sealed + encryptor.tag[:tag_size]

    def decrypt(self, params: Params, key: CryptoKey, data: bytes) -> bytes:
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

        iv, tag_size, extra = self._setup(params)
        if len(data) < tag_size:
            raise operation_error(
                f"Ciphertext length of {len(data) * 8} bits must be greater than or equal to the "
                f"size of the AES-GCM tag length of {tag_size * 8} bits."
            )
        sealed, tag = data[:-tag_size], data[-tag_size:]
        mode = modes.GCM(iv, tag, min_tag_length=tag_size)
        decryptor = Cipher(algorithms.AES(key._material), mode).decryptor()
        decryptor.authenticate_additional_data(extra)
        try:
            return decryptor.update(sealed) + decryptor.finalize()
        except InvalidTag:
            raise self._failed(len(sealed), len(sealed)) from None


class AesCbc(Aes):
    name = "AES-CBC"

    def _iv(self, params: Params) -> bytes:
        iv = params.octets("iv")
        if len(iv) != 16:
            raise operation_error(f"AES-CBC IV must be 16 bytes long (provided {len(iv)} bytes).")
        return iv

    def encrypt(self, params: Params, key: CryptoKey, data: bytes) -> bytes:
        from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
        from cryptography.hazmat.primitives.padding import PKCS7

        padder = PKCS7(128).padder()
        cipher = Cipher(algorithms.AES(key._material), modes.CBC(self._iv(params))).encryptor()
        return cipher.update(padder.update(data) + padder.finalize()) + cipher.finalize()

    def decrypt(self, params: Params, key: CryptoKey, data: bytes) -> bytes:
        from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
        from cryptography.hazmat.primitives.padding import PKCS7

        unpadder = PKCS7(128).unpadder()
        cipher = Cipher(algorithms.AES(key._material), modes.CBC(self._iv(params))).decryptor()
        try:
            padded = cipher.update(data) + cipher.finalize()
            return unpadder.update(padded) + unpadder.finalize()
        except ValueError:
            raise self._failed(len(data), len(data) // 16 * 16) from None


class AesCtr(Aes):
    name = "AES-CTR"

    def encrypt(self, params: Params, key: CryptoKey, data: bytes) -> bytes:
        counter, bits = params.octets("counter"), params.integer("length")
        if len(counter) != 16:
            raise operation_error(
                f"Counter must have length of 16 bytes (provided {len(counter)})."
            )
        if not 0 < bits <= 128:
            raise operation_error(f"Invalid counter of {bits} bits length provided.")
        blocks = -(-len(data) // 16)
        if blocks > 1 << bits:
            raise operation_error("Counter block values will repeat")
        # Only the low bits count; the cipher counts in all 128, so it is restarted on overflow.
        start = int.from_bytes(counter, "big")
        low = start & ((1 << bits) - 1)
        split = ((1 << bits) - low) * 16
        head = _ctr(key._material, counter, data[:split])
        if len(data) <= split:
            return head
        return head + _ctr(key._material, (start - low).to_bytes(16, "big"), data[split:])

    decrypt = encrypt


def _ctr(raw: bytes, counter: bytes, data: bytes) -> bytes:
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    cipher = Cipher(algorithms.AES(raw), modes.CTR(counter)).encryptor()
    return cipher.update(data) + cipher.finalize()


class AesKw(Aes):
    name = "AES-KW"
    usages = ("wrapKey", "unwrapKey")

    def wrap(self, params: Params, key: CryptoKey, data: bytes) -> bytes:
        from cryptography.hazmat.primitives.keywrap import aes_key_wrap

        if len(data) % 8:
            raise operation_error(
                "Unwrapped key bit length must be a multiple of 64 bits but unwrapped key has a "
                f"length of {len(data) * 8} bits."
            )
        try:
            return aes_key_wrap(key._material, data)
        except ValueError:
            raise operation_error("AES-KW key wrapping failed") from None

    def unwrap(self, params: Params, key: CryptoKey, data: bytes) -> bytes:
        from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap

        if len(data) % 8:
            raise operation_error(
                f"Provided a wrapped key to unwrap that is {len(data) * 8} bits "
                "which isn't a multiple of 64 bits."
            )
        try:
            return aes_key_unwrap(key._material, data)
        except InvalidUnwrap:
            raise operation_error("AES-KW key unwrapping failed") from None
