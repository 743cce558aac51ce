"""The typed arrays: views of an ArrayBuffer as numbers of one kind.

Implements: https://tc39.es/ecma262/#sec-typedarray-objects
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator, MutableSequence
from typing import Any, ClassVar, Never, Self

from .array import JsArray
from .array_buffer import ArrayBuffer, JsBuffer
from .array_class import items_of
from .bigint import _strict, bigint
from .convert import is_primitive, number, to_integer, to_number
from .errors import range_error
from .indexed import Indexed, callback, comparator_key
from .iterators import JsIterator


class TypedArray(JsBuffer, Indexed):
    """Numbers over an ArrayBuffer. Slices of it are no Python sequence's."""

    BYTES_PER_ELEMENT = 1
    _format: Any = "B"
    _kind = "TypedArray"
    _called_without_new: ClassVar[str]

    def __init__(self, source: Any = None, offset: Any = 0, length: Any = None) -> None:
        if isinstance(source, ArrayBuffer):
            self._buffer, self._offset = source, to_integer(offset)
            self._count = self._fit(length)
            return
        self._offset = 0
        if is_primitive(source):
            self._count = 0 if source is None else self._length(source)
            self._buffer = ArrayBuffer._of(bytearray(self._count * self.BYTES_PER_ELEMENT))
            return
        values = items_of(source)
        self._count = len(values)
        self._buffer = ArrayBuffer._of(self._packed(values))

    def _length(self, value: Any) -> int:
        length = to_integer(value)
        if length < 0:
            raise range_error(f"Invalid typed array length: {length}")
        return length

    def _fit(self, length: Any) -> int:
        """The count of elements of a view at an offset of a buffer."""
        size, name = self.BYTES_PER_ELEMENT, type(self)._js_name
        if self._offset % size:
            raise range_error(f"start offset of {name} should be a multiple of {size}")
        rest = self._buffer.byteLength - self._offset
        if length is None and rest % size:
            raise range_error(f"byte length of {name} should be a multiple of {size}")
        if rest < 0:
            raise range_error(f"Start offset {self._offset} is outside the bounds of the buffer")
        if length is None:
            return rest // size
        count = self._length(length)
        if count * size > rest:
            raise range_error(f"Invalid typed array length: {count}")
        return count

    @classmethod
    def _of(cls, data: bytes | bytearray) -> Self:
        """A typed array over ``data``, without a copy."""
        array = cls.__new__(cls)
        array._buffer, array._offset = ArrayBuffer._of(data), 0
        array._count = len(data) // cls.BYTES_PER_ELEMENT
        return array

    @classmethod
    def of(cls, *items: Any) -> Self:
        return cls(JsArray(list(items)))

    @classmethod
    def from_(cls, source: Any = None, function: Any = None, _this: Any = None) -> Self:
        items = items_of(source)
        if function is not None:
            call = callback(function)
            items = [call(item, index) for index, item in enumerate(items)]
        return cls(JsArray(items))

    @classmethod
    def _element(cls, value: Any) -> Any:
        """A value as an element of this kind."""
        result = to_number(value)
        whole = math.trunc(result) if math.isfinite(result) else 0
        bits = cls.BYTES_PER_ELEMENT * 8
        whole &= (1 << bits) - 1
        return whole - (1 << bits) if cls._format.islower() and whole >> (bits - 1) else whole

    @classmethod
    def _shown(cls, value: Any) -> Any:
        """An element as Python sees it."""
        return value

    @classmethod
    def _packed(cls, values: Any) -> bytearray:
        return bytearray(struct.pack(f"={len(values)}{cls._format}", *map(cls._element, values)))

    def _bytes(self) -> memoryview:
        end = self._offset + self._count * self.BYTES_PER_ELEMENT
        return memoryview(self._buffer._data)[self._offset : end]

    def _make_writable(self) -> None:
        self._buffer._writable()

    def _view(self) -> memoryview:
        self._buffer._writable()
        view: memoryview = self._bytes().cast(self._format)
        return view

    def _raw(self) -> list[Any]:
        items: list[Any] = self._bytes().cast(self._format).tolist()
        return items

    def _like(self, items: list[Any]) -> Self:
        return type(self)._of(self._packed(items))

    def _replace(self, items: list[Any]) -> None:
        self._make_writable()
        self._bytes()[:] = self._packed(items)

    def _ordered(self, comparator: Any) -> list[Any]:
        if comparator is not None:
            return sorted(self._raw(), key=comparator_key(comparator))
        return sorted(self._raw(), key=lambda x: (x != x, x))

    @property
    def buffer(self) -> ArrayBuffer:
        return self._buffer

    @property
    def byteOffset(self) -> int:
        return self._offset

    @property
    def byteLength(self) -> int:
        return self._count * self.BYTES_PER_ELEMENT

    @property
    def length(self) -> int:
        return self._count

    def set(self, source: Any = None, offset: Any = 0, *_: Any) -> None:
        values, start = items_of(source), to_integer(offset)
        if start < 0 or start + len(values) > self._count:
            raise range_error("offset is out of bounds")
        size = self.BYTES_PER_ELEMENT
        self._make_writable()
        self._bytes()[start * size : (start + len(values)) * size] = self._packed(values)

    def subarray(self, start: Any = 0, end: Any = None, *_: Any) -> Self:
        """A view of the same bytes."""
        stop = None if end is None else to_integer(end)
        first, last, _step = slice(to_integer(start), stop).indices(self._count)
        array = type(self).__new__(type(self))
        array._buffer = self._buffer
        array._offset = self._offset + first * self.BYTES_PER_ELEMENT
        array._count = max(0, last - first)
        return array

    def __len__(self) -> int:
        return self._count

    def __bool__(self) -> bool:
        return self._count > 0

    def __iter__(self) -> Iterator[Any]:
        return JsIterator(self._raw())

    def __reversed__(self) -> Iterator[Any]:
        return iter(self._raw()[::-1])

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            raise NotImplementedError("Slice subscripting isn't implemented for typed arrays")
        try:
            return self._shown(self._bytes().cast(self._format)[index])
        except IndexError:
            raise IndexError(index) from None

    def __setitem__(self, index: Any, value: Any) -> None:
        if isinstance(index, slice):
            raise NotImplementedError("Slice assignment isn't implemented for typed arrays")
        if -self._count <= index < self._count:
            self._view()[index] = self._element(value)

    def __delitem__(self, index: int) -> Never:
        raise TypeError("object doesn't support item deletion")

    def __contains__(self, value: Any) -> bool:
        return value in self._raw()

    def index(self, value: Any, start: int = 0, stop: int | None = None) -> int:
        try:
            return self._raw().index(value, start, self._count if stop is None else stop)
        except ValueError:
            raise ValueError(f"{value!r} is not in list") from None

    def count(self, value: Any) -> int:
        return self._raw().count(value)

    def reverse(self) -> None:
        self._replace(self._raw()[::-1])

    def toString(self) -> str:
        return self.join()


MutableSequence.register(TypedArray)


class _FloatArray(TypedArray, js_name="TypedArray"):
    @classmethod
    def _element(cls, value: Any) -> Any:
        return float(to_number(value))

    @classmethod
    def _shown(cls, value: Any) -> Any:
        return number(value)

    def _raw(self) -> list[Any]:
        return [number(value) for value in super()._raw()]


class _BigArray(TypedArray, js_name="TypedArray"):
    @classmethod
    def _element(cls, value: Any) -> Any:
        whole = _strict(value) & ((1 << 64) - 1)
        return whole - (1 << 64) if cls._format.islower() and whole >> 63 else whole

    @classmethod
    def _shown(cls, value: Any) -> Any:
        return bigint(value)

    def _raw(self) -> list[Any]:
        return [bigint(value) for value in super()._raw()]


class Uint8Array(TypedArray):
    """Bytes."""

    @classmethod
    def _packed(cls, values: Any) -> bytearray:
        try:
            return bytearray(values)
        except (TypeError, ValueError):
            return super()._packed(values)

    def __bytes__(self) -> bytes:
        return self.to_bytes()


class Uint8ClampedArray(TypedArray):
    @classmethod
    def _element(cls, value: Any) -> int:
        result = to_number(value)
        return 0 if result != result else round(min(255, max(0, result)))


class Int8Array(TypedArray):
    _format = "b"


class Int16Array(TypedArray):
    _format, BYTES_PER_ELEMENT = "h", 2


class Uint16Array(TypedArray):
    _format, BYTES_PER_ELEMENT = "H", 2


class Int32Array(TypedArray):
    _format, BYTES_PER_ELEMENT = "i", 4


class Uint32Array(TypedArray):
    _format, BYTES_PER_ELEMENT = "I", 4


class BigInt64Array(_BigArray):
    _format, BYTES_PER_ELEMENT = "q", 8


class BigUint64Array(_BigArray):
    _format, BYTES_PER_ELEMENT = "Q", 8


class Float32Array(_FloatArray):
    _format, BYTES_PER_ELEMENT = "f", 4

    @classmethod
    def _element(cls, value: Any) -> float:
        result = float(to_number(value))
        try:
            struct.pack("<f", result)
        except OverflowError:
            return math.copysign(math.inf, result)
        return result


class Float64Array(_FloatArray):
    _format, BYTES_PER_ELEMENT = "d", 8


class Float16Array(_FloatArray):
    """Halves, which memoryview cannot show before Python 3.12."""

    _format, BYTES_PER_ELEMENT = "e", 2

    def _raw(self) -> list[Any]:
        return [number(x) for x in struct.unpack(f"={self._count}e", self._bytes())]

    def __getitem__(self, index: int) -> Any:
        return self._raw()[index]

    def __setitem__(self, index: int, value: Any) -> None:
        items = self._raw()
        items[index] = value
        self._replace(items)

    @classmethod
    def _element(cls, value: Any) -> float:
        result = float(to_number(value))
        try:
            struct.pack("<e", result)
        except OverflowError:
            return math.copysign(math.inf, result)
        return result


KINDS: tuple[type[TypedArray], ...] = (
    Int8Array,
    Uint8Array,
    Uint8ClampedArray,
    Int16Array,
    Uint16Array,
    Int32Array,
    Uint32Array,
    Float16Array,
    Float32Array,
    Float64Array,
    BigInt64Array,
    BigUint64Array,
)
for _cls in KINDS:
    _cls._called_without_new = f"Constructor {_cls._js_name} requires 'new'"

_BY_FORMAT = {cls._format: cls for cls in KINDS if cls is not Uint8ClampedArray}
_BY_FORMAT |= {"c": Uint8Array, "?": Uint8Array, "l": Int32Array, "L": Uint32Array}


def typed_array_for(view: memoryview) -> TypedArray:
    """A typed array with a copy of a buffer's items.

    An `l` has four bytes in WebAssembly, where Pyodide runs, and mostly eight here.
    """
    kind = _BY_FORMAT.get((view.format or "B").lstrip("@=<"), Uint8Array)
    if view.itemsize != kind.BYTES_PER_ELEMENT:
        return kind(JsArray(view.tolist()))
    return kind._of(view.tobytes())
