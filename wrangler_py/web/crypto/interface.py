"""Crypto: randomness, and `subtle`.

Implements: https://w3c.github.io/webcrypto/#crypto-interface
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from typing import Any, Never

from ... import context
from ...js.buffers import ArrayBuffer, JsBuffer
from ...js.errors import dom_exception, error, type_error
from ...js.proxy import JsProxy
from ..idl import bad_argument
from .subtle import SubtleCrypto

_QUOTA = 65_536
_NOT_INTEGERS = frozenset(("DataView", "Float16Array", "Float32Array", "Float64Array"))


class Crypto(JsProxy):
    """The `crypto` object."""

    def __init__(self) -> None:
        self._subtle = SubtleCrypto()

    @classmethod
    def _construct(cls, *_: Any) -> Never:
        raise type_error("Illegal constructor")

    @property
    def subtle(self) -> SubtleCrypto:
        return self._subtle

    @property
    def DigestStream(self) -> Any:
        from .digest import DigestStream  # loads the streams

        return DigestStream.constructor

    def getRandomValues(self, array: Any = None) -> Any:
        _refuse_in_global_scope()
        if not isinstance(array, JsBuffer) or isinstance(array, ArrayBuffer):
            raise bad_argument("Crypto", "getRandomValues", 1, "ArrayBufferView")
        if type(array)._js_name in _NOT_INTEGERS:
            raise dom_exception(
                "ArrayBufferView argument to getRandomValues() must be an integer-typed view.",
                "TypeMismatchError",
            )
        size = array.byteLength
        if size > _QUOTA:
            raise dom_exception(
                f"getRandomValues() only accepts buffers of size <= 64K but provided {size} bytes.",
                "QuotaExceededError",
            )
        array.buffer._writable()
        array._bytes()[:] = os.urandom(size)
        return array

    def randomUUID(self) -> str:
        _refuse_in_global_scope()
        return str(uuid.uuid4())

    def _entries(self) -> Iterator[tuple[str, Any]]:
        return iter(())


def _refuse_in_global_scope() -> None:
    if context.in_global_scope():
        raise error(context.GLOBAL_SCOPE)


crypto = Crypto()
