"""JSON.parse and JSON.stringify beyond the rows of the conformance table."""

from __future__ import annotations

import pytest

import wrangler_py.js.object_class  # noqa: F401  (the functions of Object)
from wrangler_py.js.array import JsArray
from wrangler_py.js.date import Date
from wrangler_py.js.errors import JsException
from wrangler_py.js.ffi import to_js
from wrangler_py.js.json import parse, stringify
from wrangler_py.js.object import JsObject

TEXTS = [
    '{"a":[1,2.5,"x",true,false,null,{"b":{}}]}',
    "[]",
    "{}",
    '"\\u2028 \\"quoted\\" \\\\ \\n"',
    "1e+21",
    "[[],[[]]]",
    '{"1":1,"b":2}',
]


@pytest.mark.parametrize("text", TEXTS)
def test_what_was_parsed_is_written_the_same_way(text):
    assert stringify(parse(text)) == text.replace("\\u2028", "\u2028")


def test_a_lone_surrogate_is_written_as_an_escape():
    assert stringify("\ud83d") == '"\\ud83d"'


def test_indentation_is_that_of_javascript():
    value = parse('{"a":[1,{}],"b":[]}')
    assert stringify(value, None, 2) == '{\n  "a": [\n    1,\n    {}\n  ],\n  "b": []\n}'
    assert stringify(parse("[1]"), None, "--") == "[\n--1\n]"


def test_a_replacer_function_sees_every_value_and_may_drop_it():
    seen = []

    def replacer(key, value):
        seen.append(key)
        return None if key == "secret" else value

    text = stringify(parse('{"a":{"secret":1,"b":2}}'), replacer)
    assert (text, seen) == ('{"a":{"b":2}}', ["", "a", "secret", "b"])


def test_a_replacer_array_names_the_properties_and_their_order():
    assert stringify(parse('{"a":1,"b":2,"c":3}'), JsArray(["c", "a"])) == '{"c":3,"a":1}'


def test_a_reviver_changes_and_drops_values():
    def reviver(key, value):
        return None if key == "x" else value + 1 if isinstance(value, int) else value

    assert stringify(parse('{"a":1,"x":5,"b":[1,2]}', reviver)) == '{"a":2,"b":[2,3]}'


def test_to_json_is_asked():
    made = JsObject({"toJSON": lambda key: f"from {key}"})
    assert stringify(JsObject({"a": made, "d": Date(0)})) == (
        '{"a":"from a","d":"1970-01-01T00:00:00.000Z"}'
    )


def test_a_circle_is_refused():
    value = JsObject()
    value.self = value
    with pytest.raises(JsException, match="Converting circular structure to JSON"):
        stringify(value)


def test_the_same_object_twice_is_no_circle():
    shared = JsObject({"x": 1})
    assert stringify(JsArray([shared, shared])) == '[{"x":1},{"x":1}]'


def test_large_integers_of_a_text_are_numbers():
    assert parse("12345678901234567890") == 12345678901234567890.0
    assert isinstance(parse("12345678901234567890"), float)


def test_integers_that_cross_as_bigint_are_refused():
    with pytest.raises(JsException, match="Do not know how to serialize a BigInt"):
        stringify(to_js([2**60]))
