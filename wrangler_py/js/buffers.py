"""ArrayBuffer, the typed arrays and DataView, and the buffer of a PyProxy.

Implements: https://tc39.es/ecma262/#sec-structured-data
"""

from __future__ import annotations

from typing import Any

from .array import JsArray
from .array_buffer import ArrayBuffer, JsBuffer, bytes_of, detach
from .data_view import DataView
from .proxy import JsProxy
from .typed_array import (
    BigInt64Array,
    BigUint64Array,
    Float16Array,
    Float32Array,
    Float64Array,
    Int8Array,
    Int16Array,
    Int32Array,
    TypedArray,
    Uint8Array,
    Uint8ClampedArray,
    Uint16Array,
    Uint32Array,
    typed_array_for,
)

__all__ = [
    "ArrayBuffer",
    "BigInt64Array",
    "BigUint64Array",
    "DataView",
    "Float16Array",
    "Float32Array",
    "Float64Array",
    "Int8Array",
    "Int16Array",
    "Int32Array",
    "JsBuffer",
    "PyBufferView",
    "TypedArray",
    "Uint8Array",
    "Uint8ClampedArray",
    "Uint16Array",
    "Uint32Array",
    "bytes_of",
    "detach",
    "typed_array_for",
]


class PyBufferView(JsProxy, js_name="Object", raw=True):
    """`create_proxy(data).getBuffer()`: `.data` is a typed array with the bytes.

    Differs: a memoryview's bytes are copied, not shared.
    """

    def __init__(self, source: Any) -> None:
        view = memoryview(source)
        shared = isinstance(source, (bytes, bytearray))
        self.data = Uint8Array._of(source) if shared else typed_array_for(view)
        self.nbytes = view.nbytes
        self.byteLength = view.nbytes
        self.format = view.format
        self.itemsize = view.itemsize
        self.ndim = view.ndim
        self.readonly = int(view.readonly)
        self.offset = 0
        self.shape = JsArray(list(view.shape or ()))
        self.strides = JsArray(list(view.strides or ()))
        self.c_contiguous = int(view.c_contiguous)
        self.f_contiguous = int(view.f_contiguous)

    def release(self, *_: Any) -> None: ...
