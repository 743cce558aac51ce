from typing import Any, Literal, TypeAlias, TypeVar

from pyodide.ffi import JsArray, JsProxy, JsTypedArray
from pyodide.ffi._proxy import HostObject
from pyodide.webloop import PyodideFuture

from ._buffers import ArrayBuffer, BufferSource

_A = TypeVar("_A", bound=JsTypedArray)
# A name, or an object with a `name`: `to_js({...}, dict_converter=Object.fromEntries)`.
_Algorithm: TypeAlias = str | JsProxy | dict[str, Any]
_Usages: TypeAlias = JsArray[str] | list[str]
_Format: TypeAlias = Literal["raw", "pkcs8", "spki", "jwk"]

class CryptoKey(HostObject):
    @property
    def type(self) -> Literal["secret", "public", "private"]: ...
    @property
    def extractable(self) -> bool: ...
    @property
    def algorithm(self) -> Any: ...
    @property
    def usages(self) -> JsArray[str]: ...

class SubtleCrypto(HostObject):
    def digest(
        self, algorithm: _Algorithm, data: BufferSource, /
    ) -> PyodideFuture[ArrayBuffer]: ...
    def sign(
        self, algorithm: _Algorithm, key: CryptoKey, data: BufferSource, /
    ) -> PyodideFuture[ArrayBuffer]: ...
    def verify(
        self,
        algorithm: _Algorithm,
        key: CryptoKey,
        signature: BufferSource,
        data: BufferSource,
        /,
    ) -> PyodideFuture[bool]: ...
    def encrypt(
        self, algorithm: _Algorithm, key: CryptoKey, data: BufferSource, /
    ) -> PyodideFuture[ArrayBuffer]: ...
    def decrypt(
        self, algorithm: _Algorithm, key: CryptoKey, data: BufferSource, /
    ) -> PyodideFuture[ArrayBuffer]: ...
    def importKey(
        self,
        format: _Format,
        keyData: BufferSource | JsProxy | dict[str, Any],
        algorithm: _Algorithm,
        extractable: bool,
        keyUsages: _Usages,
        /,
    ) -> PyodideFuture[CryptoKey]: ...
    def exportKey(self, format: _Format, key: CryptoKey, /) -> PyodideFuture[Any]: ...
    # A CryptoKey, or an object with a `publicKey` and a `privateKey`.
    def generateKey(
        self, algorithm: _Algorithm, extractable: bool, keyUsages: _Usages, /
    ) -> PyodideFuture[Any]: ...
    def deriveBits(
        self, algorithm: _Algorithm, baseKey: CryptoKey, length: int | None = None, /
    ) -> PyodideFuture[ArrayBuffer]: ...
    def deriveKey(
        self,
        algorithm: _Algorithm,
        baseKey: CryptoKey,
        derivedKeyAlgorithm: _Algorithm,
        extractable: bool,
        keyUsages: _Usages,
        /,
    ) -> PyodideFuture[CryptoKey]: ...
    def wrapKey(
        self, format: _Format, key: CryptoKey, wrappingKey: CryptoKey, wrapAlgo: _Algorithm, /
    ) -> PyodideFuture[ArrayBuffer]: ...
    def unwrapKey(
        self,
        format: _Format,
        wrappedKey: BufferSource,
        unwrappingKey: CryptoKey,
        unwrapAlgo: _Algorithm,
        unwrappedKeyAlgo: _Algorithm,
        extractable: bool,
        keyUsages: _Usages,
        /,
    ) -> PyodideFuture[CryptoKey]: ...
    def timingSafeEqual(self, a: BufferSource, b: BufferSource, /) -> bool: ...

class Crypto(HostObject):
    @property
    def subtle(self) -> SubtleCrypto: ...
    @property
    def DigestStream(self) -> Any: ...
    def getRandomValues(self, array: _A, /) -> _A: ...
    def randomUUID(self) -> str: ...

crypto: Crypto
