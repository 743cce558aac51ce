"""ArrayBuffer, typed arrays and DataView: sharing, bounds, conversions."""

from __future__ import annotations

import array

import pytest

from wrangler_py.js.array import JsArray
from wrangler_py.js.buffers import (
    ArrayBuffer,
    BigUint64Array,
    DataView,
    Float16Array,
    Float32Array,
    Int8Array,
    Int16Array,
    Uint8Array,
    Uint8ClampedArray,
    Uint16Array,
    typed_array_for,
)
from wrangler_py.js.errors import JsException


def test_views_of_one_buffer_see_each_others_writes():
    buffer = ArrayBuffer(4)
    whole, part = Uint8Array(buffer), Uint8Array(buffer, 1, 2)
    part[0] = 7
    whole.subarray(2).fill(9)
    assert (list(whole), list(part), part.byteOffset) == ([0, 7, 9, 9], [7, 9], 1)


def test_bytes_taken_without_a_copy_are_not_changed_by_a_write():
    data = b"abc"
    view = Uint8Array._of(data)
    view[0] = 90
    assert (data, view.to_bytes()) == (b"abc", b"Zbc")


def test_a_copy_of_the_memory_does_not_follow_the_array():
    view = Uint8Array._of(bytearray(b"ab"))
    copy = view.to_memoryview()
    view[0] = 0
    assert copy.tobytes() == b"ab"


ELEMENTS = [
    (Uint8Array, [300, -1, 1.9, "7", None, True], [44, 255, 1, 7, 0, 1]),
    (Int8Array, [200, -129], [-56, 127]),
    (Uint8ClampedArray, [300, -5, 1.5, 2.5, float("nan")], [255, 0, 2, 2, 0]),
    (Int16Array, [40000], [-25536]),
    (Float32Array, [0.5, 2, 1e300], [0.5, 2, float("inf")]),
    (Float16Array, [0.5, 1e9], [0.5, float("inf")]),
]


@pytest.mark.parametrize(("kind", "given", "kept"), ELEMENTS, ids=lambda x: None)
def test_a_value_becomes_an_element_as_in_javascript(kind, given, kept):
    assert list(kind(JsArray(given))) == kept


def test_a_bigint_array_refuses_numbers():
    with pytest.raises(JsException, match="Cannot convert 1 to a BigInt"):
        BigUint64Array(JsArray([1]))


BOUNDS = [
    (lambda: Uint16Array(ArrayBuffer(3)), "byte length of Uint16Array should be a multiple of 2"),
    (lambda: Uint16Array(ArrayBuffer(4), 1), "start offset of Uint16Array should be a multiple"),
    (lambda: Uint8Array(ArrayBuffer(4), 9), "Start offset 9 is outside the bounds of the buffer"),
    (lambda: Uint8Array(ArrayBuffer(4), 0, 9), "Invalid typed array length: 9"),
    (lambda: Uint8Array(-1), "Invalid typed array length: -1"),
    (lambda: Uint8Array(2).set(JsArray([1, 2]), 1), "offset is out of bounds"),
    (lambda: DataView(ArrayBuffer(2)).getUint16(1), "outside the bounds of the DataView"),
    (lambda: ArrayBuffer(-1), "Invalid array buffer length"),
]


@pytest.mark.parametrize(("action", "message"), BOUNDS, ids=[text for _, text in BOUNDS])
def test_a_place_outside_is_a_range_error(action, message):
    with pytest.raises(JsException, match=message) as caught:
        action()
    assert caught.value.name == "RangeError"


def test_a_data_view_reads_and_writes_in_both_byte_orders():
    view = DataView(ArrayBuffer(8))
    view.setUint16(0, 0x0102)
    view.setUint16(2, 0x0102, True)
    assert view.to_bytes()[:4] == b"\x01\x02\x02\x01"
    assert (view.getUint16(2), view.getUint16(2, True)) == (0x0201, 0x0102)
    view.setFloat64(0, 1.5)
    assert view.getFloat64(0) == 1.5


def test_a_transferred_buffer_is_empty():
    buffer = ArrayBuffer._of(b"abcd")
    moved = buffer.transfer(6)
    assert (moved.to_bytes(), buffer.byteLength, buffer.detached) == (b"abcd\0\0", 0, True)
    with pytest.raises(JsException, match="detached"):
        buffer.slice()


def test_only_a_buffer_with_a_maximum_can_be_resized():
    from wrangler_py.js.object import JsObject

    buffer = ArrayBuffer(2, JsObject({"maxByteLength": 4}))
    buffer.resize(4)
    assert buffer.byteLength == 4
    with pytest.raises(JsException, match="Invalid length"):
        buffer.resize(5)
    with pytest.raises(JsException, match="incompatible receiver"):
        ArrayBuffer(1).resize(1)


def test_the_kind_of_array_follows_the_format_of_the_memory():
    assert typed_array_for(memoryview(b"abcd").cast("H")).constructor.name == "Uint16Array"
    assert list(typed_array_for(memoryview(array.array("l", [-1])))) == [-1]


def test_assigning_needs_the_same_length():
    view = Uint8Array(2)
    view.assign(b"ab")
    with pytest.raises(ValueError, match="cannot assign to TypedArray of length 3"):
        view.assign(b"abc")
    target = bytearray(2)
    view.assign_to(target)
    assert target == b"ab"
