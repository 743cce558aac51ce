"""V8's serialization format, against what Node's own serializer wrote.

`data/v8_serialize.json` holds `v8.Serializer` output (V8 11.3, format 15) by name; the values
that it was made of are the ones below.
"""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from wrangler_py.js import buffers
from wrangler_py.js.array import JsArray
from wrangler_py.js.buffers import ArrayBuffer, Uint8Array
from wrangler_py.js.callbacks import HOLE
from wrangler_py.js.errors import JsException, error, range_error, type_error
from wrangler_py.js.map_set import JsMap, JsSet
from wrangler_py.js.null import jsnull
from wrangler_py.js.object import JsObject
from wrangler_py.js.profile import PROFILES, use
from wrangler_py.web.v8_format import deserialize, serialize

RECORDED = json.loads((Path(__file__).parent / "data" / "v8_serialize.json").read_text())

OCTETS = bytes(range(1, 9))
obj, arr = JsObject, JsArray


def bigints(values):
    from wrangler_py.js.bigint import JsBigInt

    return arr([JsBigInt(value) for value in values])


def view(name, data=OCTETS, *bounds):
    return getattr(buffers, name)(ArrayBuffer._of(data), *bounds)


def two_views():
    buffer = ArrayBuffer._of(OCTETS)
    return arr([Uint8Array(buffer), buffers.Uint16Array(buffer, 2, 1)])


def cycle():
    made = obj()
    made._props["self"] = made
    return made


def array_cycle():
    made = arr()
    made._items.append(made)
    return made


def twice(value):
    return arr([value, value])


def date(milliseconds):
    from wrangler_py.js.date import Date

    return Date(milliseconds)


def regexp(source, flags=""):
    from wrangler_py.js.regexp import RegExp

    return RegExp.constructor.new(source, flags)


def wrapped():
    from wrangler_py.js.boxed import Boolean, Number, String

    return arr([Boolean(True), Number(1), String("s")])


VALUES = {
    "undefined": lambda: None,
    "null": lambda: jsnull,
    "true": lambda: True,
    "false": lambda: False,
    "zero": lambda: 0,
    "two": lambda: 2,
    "minus_one": lambda: -1,
    "negative_zero": lambda: -0.0,
    "int_max": lambda: 2**31 - 1,
    "int_min": lambda: -(2**31),
    "over_int": lambda: 2**31,
    "big_number": lambda: 2**53 - 2,
    "half": lambda: 1.5,
    "nan": lambda: math.nan,
    "infinity": lambda: math.inf,
    "empty_string": lambda: "",
    "ascii": lambda: "abc",
    "latin1": lambda: "éÿ",
    "two_byte": lambda: "€",
    "two_byte_odd": lambda: arr(["€", "x€"]),
    "long_two_byte": lambda: "€" * 100,
    "emoji": lambda: "😀",
    "lone_surrogate": lambda: "\ud800",
    "empty_object": obj,
    "object": lambda: obj({"a": 1, "b": "x", "c": jsnull, "d": None}),
    "index_keys": lambda: obj({"b": 1, "2": 2, "1": 3}),
    "big_index": lambda: obj({"4294967294": 1, "2147483648": 2, "4294967295": 3}),
    "nested": lambda: obj({"a": obj({"b": arr([1, obj({"c": 2})])})}),
    "empty_array": arr,
    "array": lambda: arr([1, 2, 3]),
    "mixed_array": lambda: arr([1, "a", jsnull, None, True]),
    "double_array": lambda: arr([1.5, 2, 3]),
    "holey": lambda: arr([1, HOLE, 3]),
    "holes": lambda: arr([HOLE] * 3),
    "map": lambda: JsMap([("a", 1), (2, obj())]),
    "set": lambda: JsSet([1, "a"]),
    "date": lambda: date(1234567890123),
    "invalid_date": lambda: date(math.nan),
    "regexp": lambda: regexp("a\\/b", "gimsuy"),
    "regexp_plain": lambda: regexp("x"),
    "bigint": lambda: bigints([10**20, -1, 0, 2**63, -(2**64)]),
    "buffer": lambda: ArrayBuffer._of(OCTETS),
    "uint8": lambda: Uint8Array._of(b"\1\2\3"),
    "uint8_part": lambda: view("Uint8Array", OCTETS, 2, 3),
    "two_views": two_views,
    "float64": lambda: buffers.Float64Array(arr([1.5])),
    "int16": lambda: buffers.Int16Array(arr([-1])),
    "dataview": lambda: view("DataView", OCTETS, 1, 2),
    "bigint64": lambda: view("BigInt64Array", b"\5" + bytes(7)),
    "cycle": cycle,
    "array_cycle": array_cycle,
    "shared": lambda: twice(obj({"x": 1})),
    "shared_buffer": lambda: twice(ArrayBuffer._of(OCTETS)),
    "error": lambda: error("x"),
    "type_error": lambda: type_error("boom"),
    "error_no_message": lambda: error(""),
    "error_cause": lambda: JsException("RangeError", "r", obj({"a": 1})),
    "wrapped": wrapped,
    "seventeen": lambda: "a" * 300,
}


def test_every_recorded_answer_has_its_value():
    assert set(VALUES) == set(RECORDED)


@pytest.mark.parametrize("name", RECORDED)
def test_bytes_are_v8s(name):
    assert serialize(VALUES[name]()).hex() == RECORDED[name]


# -0 becomes 0 in Python, as it does in Pyodide
@pytest.mark.parametrize("name", [name for name in RECORDED if name != "negative_zero"])
def test_what_v8_wrote_is_read_to_the_same_value(name):
    assert serialize(deserialize(bytes.fromhex(RECORDED[name]))).hex() == RECORDED[name]


def test_reading_gives_the_kinds_that_were_written():
    made = deserialize(
        serialize(obj({"a": arr([1, 1.5, "x", None, jsnull]), "m": JsMap([(1, 2)]), "u": True}))
    )
    assert made.to_py() == {"a": [1, 1.5, "x", None, jsnull], "m": {1: 2}, "u": True}
    assert [made.constructor.name, made.a.constructor.name, made.m.constructor.name] == [
        "Object",
        "Array",
        "Map",
    ]


def test_identity_survives():
    loop = deserialize(serialize(cycle()))
    assert getattr(loop, "self") is loop  # noqa: B009
    first, second = deserialize(serialize(twice(obj({"x": 1}))))
    assert first is second
    one, other = deserialize(serialize(two_views()))
    assert one.buffer is other.buffer


def test_an_error_keeps_its_kind_and_cause():
    made = deserialize(serialize(JsException("RangeError", "r", obj({"a": 1}))))
    assert (str(made), made.constructor.name, made.cause.a) == ("RangeError: r", "RangeError", 1)
    assert not hasattr(deserialize(serialize(range_error("r"))), "cause")


def test_a_two_byte_string_is_aligned():
    assert deserialize(serialize(arr(["€", "x€", "a", "€€"]))).to_py() == ["€", "x€", "a", "€€"]


def test_null_reads_as_the_profile_has_it():
    with use(PROFILES["0.26"]):
        assert deserialize(bytes.fromhex(RECORDED["null"])) is None


def test_the_size_is_the_one_that_limits_count():
    assert len(serialize("a" * 17000)) == 17006


BROKEN = ["", "ff", "ff0f", "ff0c30", "0f30", "ff0f2205616263", "ff0f6f2201", "ff0f5e05", "ff0f21"]


@pytest.mark.parametrize("data", BROKEN)
def test_what_v8_did_not_write_is_refused(data):
    with pytest.raises(JsException) as caught:
        deserialize(bytes.fromhex(data))
    assert str(caught.value) == "DataCloneError: Unable to deserialize cloned data."
