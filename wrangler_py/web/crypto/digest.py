"""Digests, at once or as a stream.

Implements: https://w3c.github.io/webcrypto/#SubtleCrypto-method-digest,
    https://developers.cloudflare.com/workers/runtime-apis/web-crypto/#constructors
"""

from __future__ import annotations

import hashlib
from typing import Any

from ...js.buffers import ArrayBuffer, JsBuffer
from ...js.errors import thrown, type_error
from ...js.promise import JsPromise, pending
from ..idl import MISSING, bad_init, usv_string, without_new
from ..streams import WritableStream
from ..streams.writable import WritableStreamDefaultController
from .params import HASHES, hash_name

_NOT_BYTES = (
    "DigestStream is a byte stream but received an object of "
    "non-ArrayBuffer/ArrayBufferView/string type on its writable side."
)


def digest(name: str, data: bytes) -> bytes:
    """Return the digest of ``data``; ``name`` is the standard's."""
    return hashlib.new(HASHES[name], data, usedforsecurity=False).digest()


class DigestStream(WritableStream):
    """Takes bytes and text; `digest` is the promise of their digest."""

    _called_without_new = without_new("DigestStream")

    def __init__(self, algorithm: Any = MISSING) -> None:
        if algorithm is MISSING:
            raise bad_init("DigestStream", 1, "string or HashAlgorithm")
        self._hash = hashlib.new(HASHES[hash_name(algorithm)], usedforsecurity=False)
        self._count = 0
        self._digest = pending()
        self._digest.add_done_callback(_seen)
        controller = WritableStreamDefaultController(self, 1, None)
        controller._write = lambda chunk, _: self._add(chunk)
        controller._close, controller._abort = self._finish, self._drop

    @classmethod
    def _construct(cls, *args: Any) -> DigestStream:
        return cls(*args[:1])

    def _add(self, chunk: Any) -> None:
        if isinstance(chunk, JsBuffer):
            data = chunk.to_bytes()
        elif isinstance(chunk, str):
            data = usv_string(chunk).encode()
        else:
            raise type_error(_NOT_BYTES)
        self._hash.update(data)
        self._count += len(data)

    def _finish(self) -> None:
        self._digest.set_result(ArrayBuffer._of(self._hash.digest()))

    def _drop(self, reason: Any) -> None:
        if not self._digest.done():
            self._digest.set_exception(thrown(reason))

    @property
    def digest(self) -> JsPromise:
        return JsPromise(self._digest)

    @property
    def bytesWritten(self) -> int:
        return self._count


def _seen(future: Any) -> None:
    """Keep asyncio from reporting a digest that nobody asked for."""
    if not future.cancelled():
        future.exception()
