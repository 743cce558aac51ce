"""SubtleCrypto: arguments are read here, the work is done by the algorithms.

Implements: https://w3c.github.io/webcrypto/#subtlecrypto-interface
Differs, as workerd does: `timingSafeEqual` and MD5 exist.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterator
from typing import Any, Never

from ...js.buffers import ArrayBuffer, JsBuffer
from ...js.callbacks import member
from ...js.convert import is_primitive, to_boolean, to_integer, to_string
from ...js.errors import type_error
from ...js.null import is_nullish
from ...js.object import JsObject
from ...js.promise import PyodideFuture, settle
from ...js.proxy import JsProxy
from ..idl import MISSING, bad_argument
from .algorithms import Algorithm, find, of_key, require_extractable
from .keys import CryptoKey, Usages, read_usages, require_some_usage, require_use
from .params import Params, buffer, data_error, hash_name, not_supported


class SubtleCrypto(JsProxy):
    """`crypto.subtle`."""

    @classmethod
    def _construct(cls, *_: Any) -> Never:
        raise type_error("Illegal constructor")

    def digest(self, algorithm: Any = MISSING, data: Any = None) -> PyodideFuture:
        return settle(_digest, algorithm, data)

    def sign(self, algorithm: Any = None, key: Any = None, data: Any = None) -> PyodideFuture:
        return settle(_sign, algorithm, key, data)

    def verify(
        self, algorithm: Any = None, key: Any = None, signature: Any = None, data: Any = None
    ) -> PyodideFuture:
        return settle(_verify, algorithm, key, signature, data)

    def encrypt(self, algorithm: Any = None, key: Any = None, data: Any = None) -> PyodideFuture:
        return settle(_encrypt, algorithm, key, data)

    def decrypt(self, algorithm: Any = None, key: Any = None, data: Any = None) -> PyodideFuture:
        return settle(_decrypt, algorithm, key, data)

    def importKey(
        self,
        format: Any = None,
        keyData: Any = None,
        algorithm: Any = None,
        extractable: Any = None,
        keyUsages: Any = None,
    ) -> PyodideFuture:
        return settle(_import_key, format, keyData, algorithm, extractable, keyUsages)

    def exportKey(self, format: Any = None, key: Any = None) -> PyodideFuture:
        return settle(_export_key, format, key)

    def generateKey(
        self, algorithm: Any = None, extractable: Any = None, keyUsages: Any = None
    ) -> PyodideFuture:
        return settle(_generate_key, algorithm, extractable, keyUsages)

    def deriveBits(
        self, algorithm: Any = None, baseKey: Any = None, length: Any = None
    ) -> PyodideFuture:
        return settle(_derive_bits, algorithm, baseKey, length)

    def deriveKey(
        self,
        algorithm: Any = None,
        baseKey: Any = None,
        derivedKeyAlgorithm: Any = None,
        extractable: Any = None,
        keyUsages: Any = None,
    ) -> PyodideFuture:
        return settle(_derive_key, algorithm, baseKey, derivedKeyAlgorithm, extractable, keyUsages)

    def wrapKey(
        self, format: Any = None, key: Any = None, wrappingKey: Any = None, wrapAlgo: Any = None
    ) -> PyodideFuture:
        return settle(_wrap_key, format, key, wrappingKey, wrapAlgo)

    def unwrapKey(
        self,
        format: Any = None,
        wrappedKey: Any = None,
        unwrappingKey: Any = None,
        unwrapAlgo: Any = None,
        unwrappedKeyAlgo: Any = None,
        extractable: Any = None,
        keyUsages: Any = None,
    ) -> PyodideFuture:
        return settle(
            _unwrap_key,
            format,
            buffer(wrappedKey, "unwrapKey", 2),
            (unwrappingKey, unwrapAlgo),
            unwrappedKeyAlgo,
            extractable,
            keyUsages,
        )

    def timingSafeEqual(self, a: Any = None, b: Any = None) -> bool:
        first, second = buffer(a, "timingSafeEqual", 1), buffer(b, "timingSafeEqual", 2)
        if len(first) != len(second):
            raise type_error("Input buffers must have the same byte length.")
        return hmac.compare_digest(first, second)

    def _entries(self) -> Iterator[tuple[str, Any]]:
        return iter(())


def _key(value: Any, method: str, position: int) -> CryptoKey:
    if not isinstance(value, CryptoKey):
        raise bad_argument("SubtleCrypto", method, position, "CryptoKey")
    return value


def _algorithm(value: Any, method: str, position: int, where: str = "algorithm") -> Params:
    if is_nullish(value) or (is_primitive(value) and not isinstance(value, str)):
        kind = "string or SubtleCryptoAlgorithm"
        raise bad_argument("SubtleCrypto", method, position, kind)
    return Params(value, where)


def _use(
    algorithm: Any, key: Any, usage: str, method: str | None = None
) -> tuple[Params, CryptoKey, Algorithm]:
    params = _algorithm(algorithm, method or usage, 1)
    checked = _key(key, method or usage, 2)
    require_use(checked, params.name, usage)
    return params, checked, of_key(checked)


def _digest(algorithm: Any, data: Any) -> ArrayBuffer:
    from .digest import digest  # loads the streams, for DigestStream

    if algorithm is MISSING:
        raise bad_argument("SubtleCrypto", "digest", 1, "string or HashAlgorithm")
    content = buffer(data, "digest", 2)
    name = hash_name(algorithm if not is_primitive(algorithm) else to_string(algorithm))
    return ArrayBuffer._of(digest(name, content))


def _sign(algorithm: Any, key: Any, data: Any) -> ArrayBuffer:
    content = buffer(data, "sign", 3)
    params, checked, worker = _use(algorithm, key, "sign")
    return ArrayBuffer._of(worker.sign(params, checked, content))


def _verify(algorithm: Any, key: Any, signature: Any, data: Any) -> bool:
    given, content = buffer(signature, "verify", 3), buffer(data, "verify", 4)
    params, checked, worker = _use(algorithm, key, "verify")
    return worker.verify(params, checked, given, content)


def _encrypt(algorithm: Any, key: Any, data: Any) -> ArrayBuffer:
    content = buffer(data, "encrypt", 3)
    params, checked, worker = _use(algorithm, key, "encrypt")
    return ArrayBuffer._of(worker.encrypt(params, checked, content))


def _decrypt(algorithm: Any, key: Any, data: Any) -> ArrayBuffer:
    content = buffer(data, "decrypt", 3)
    params, checked, worker = _use(algorithm, key, "decrypt")
    return ArrayBuffer._of(worker.decrypt(params, checked, content))


def _import_key(format: Any, data: Any, algorithm: Any, extractable: Any, usages: Any) -> CryptoKey:
    params = _algorithm(algorithm, "importKey", 3)
    if isinstance(data, JsBuffer):
        data = data.to_bytes()
    elif is_primitive(data):
        raise bad_argument("SubtleCrypto", "importKey", 2, "BufferSource or JsonWebKey")
    key = _imported(
        to_string(format),
        data,
        params,
        to_boolean(extractable),
        read_usages(usages, "importKey", 5),
    )
    require_some_usage(key)
    return key


def _imported(
    format: str, data: Any, params: Params, extractable: bool, usages: Usages
) -> CryptoKey:
    if format in ("raw", "spki", "pkcs8"):
        if not isinstance(data, bytes):
            raise type_error(
                'Import data provided for "raw", "pkcs8", or "spki" import formats must be a '
                "buffer source."
            )
    elif format != "jwk":
        raise not_supported(f'Unrecognized key import format "{format}".')
    elif isinstance(data, bytes):
        raise type_error('Import data provided for "jwk" import format must be a JsonWebKey.')
    elif extractable and member(data, "ext") is False:
        raise data_error(
            f'JWK ext field for "{params.name}" is set to false but extractable is true'
        )
    worker = find(params.name)
    if worker is None:
        raise not_supported(f'Unrecognized key import algorithm "{params.name}" requested.')
    return worker.import_key(format, data, params, extractable, usages)


def _export_key(format: Any, key: Any) -> Any:
    checked = _key(key, "exportKey", 2)
    require_extractable(checked)
    return of_key(checked).export_key(to_string(format), checked)


def _generate_key(algorithm: Any, extractable: Any, usages: Any) -> Any:
    params = _algorithm(algorithm, "generateKey", 1)
    worker = find(params.name)
    if worker is None:
        raise not_supported(f'Unrecognized key generation algorithm "{params.name}" requested.')
    made = worker.generate(params, to_boolean(extractable), read_usages(usages, "generateKey", 3))
    if isinstance(made, CryptoKey):
        require_some_usage(made)
    return made


def _derive_bits(algorithm: Any, key: Any, length: Any) -> ArrayBuffer:
    params, checked, worker = _use(algorithm, key, "deriveBits")
    bits = None if is_nullish(length) else to_integer(length)
    return ArrayBuffer._of(worker.derive_bits(params, checked, bits))


def _derive_key(algorithm: Any, key: Any, derived: Any, extractable: Any, usages: Any) -> CryptoKey:
    params, checked, worker = _use(algorithm, key, "deriveKey")
    target = _algorithm(derived, "deriveKey", 3, "derivedKeyParams")
    kind = find(target.name)
    if kind is None:
        raise not_supported(f'Unrecognized derived key type "{target.name}" requested.')
    secret = worker.derive_bits(params, checked, kind.derived_length(target))
    made = kind.import_key(
        "raw", secret, target, to_boolean(extractable), read_usages(usages, "deriveKey", 5)
    )
    require_some_usage(made)
    return made


def _wrap_key(format: Any, key: Any, wrapping: Any, algorithm: Any) -> ArrayBuffer:
    params = _algorithm(algorithm, "wrapKey", 4)
    wrapper = _key(wrapping, "wrapKey", 3)
    require_use(wrapper, params.name, "wrapKey")
    exported = _export_key(format, key)
    if isinstance(exported, JsObject):
        data = json.dumps(exported.to_py(), separators=(",", ":")).encode()
    else:
        data = exported.to_bytes()
    return ArrayBuffer._of(of_key(wrapper).wrap(params, wrapper, data))


def _unwrap_key(
    format: Any,
    wrapped: bytes,
    unwrapping: tuple[Any, Any],
    algorithm: Any,
    extractable: Any,
    usages: Any,
) -> CryptoKey:
    params = _algorithm(unwrapping[1], "unwrapKey", 4)
    wrapper = _key(unwrapping[0], "unwrapKey", 3)
    require_use(wrapper, params.name, "unwrapKey")
    data: Any = of_key(wrapper).unwrap(params, wrapper, wrapped)
    if to_string(format) == "jwk":
        data = _parsed_jwk(data)
    target = _algorithm(algorithm, "unwrapKey", 5)
    checked = read_usages(usages, "unwrapKey", 7)
    key = _imported(to_string(format), data, target, to_boolean(extractable), checked)
    require_some_usage(key)
    return key


def _parsed_jwk(data: bytes) -> JsObject:
    try:
        found = json.loads(data)
    except ValueError:
        found = None
    if not isinstance(found, dict) or "kty" not in found:
        raise data_error('Missing "kty" field or corrupt JSON unwrapping key?')
    return JsObject(found)
