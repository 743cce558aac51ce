"""Names of the global scope that are not in the conformance table."""

from __future__ import annotations

import math

import pytest

from wrangler_py.errors import NotEmulated
from wrangler_py.facades import js_globals
from wrangler_py.js.errors import JsException

import js  # type: ignore[import-not-found]  # isort: skip

OF_THE_LANGUAGE = sorted(n for n, home in js_globals.HOME.items() if "wrangler_py.js." in home)


@pytest.mark.parametrize("name", OF_THE_LANGUAGE)
def test_every_name_of_the_language_is_there(name):
    assert getattr(js, name) is None if name == "undefined" else getattr(js, name) is not None


FORBIDDEN = [lambda: js.eval("1"), lambda: js.Function.new("return 1"), lambda: js.Function("1")]


@pytest.mark.parametrize("action", FORBIDDEN, ids=["eval", "new Function", "Function"])
def test_no_code_is_made_from_texts(action):
    with pytest.raises(JsException, match="Code generation from strings disallowed") as caught:
        action()
    assert caught.value.name == "EvalError"


NOT_BUILT = [
    (lambda: js.Map(), "Constructor Map requires 'new'"),
    (lambda: js.Symbol.new(), "Symbol is not a constructor"),
    (lambda: js.BigInt.new(1), "BigInt is not a constructor"),
    (lambda: js.parseInt.new("1"), "parseInt.* is not a constructor"),
]


@pytest.mark.parametrize(("action", "message"), NOT_BUILT, ids=[text for _, text in NOT_BUILT])
def test_new_is_needed_or_refused(action, message):
    with pytest.raises(JsException, match=message):
        action()


def test_proxy_is_named_as_not_emulated_when_it_is_used():
    with pytest.raises(NotEmulated, match="Proxy"):
        js.Proxy.new(js.Object.new(), js.Object.new())


URIS = [
    ("encodeURIComponent", "ä&/ é😀", "%C3%A4%26%2F%20%C3%A9%F0%9F%98%80"),
    ("encodeURI", "ä&/ #", "%C3%A4&/%20#"),
    ("decodeURIComponent", "%C3%A4%26", "ä&"),
    ("decodeURI", "%26a%20", "%26a "),
    ("escape", "ä ł+", "%E4%20%u0142+"),
    ("unescape", "%E4%u0142%zz", "äł%zz"),
]


@pytest.mark.parametrize(("function", "text", "result"), URIS)
def test_texts_are_percent_encoded_as_in_javascript(function, text, result):
    assert getattr(js, function)(text) == result


@pytest.mark.parametrize("text", ["%zz", "%", "%C3", "%FF"])
def test_a_malformed_escape_is_an_uri_error(text):
    with pytest.raises(JsException, match="URI malformed") as caught:
        js.decodeURIComponent(text)
    assert caught.value.name == "URIError"


NUMBERS = [
    ("0x1f", None, 31),
    ("-12.9", None, -12),
    ("z", 36, 35),
    ("2", 2, math.nan),
    ("", 10, math.nan),
]


@pytest.mark.parametrize(("text", "radix", "value"), NUMBERS)
def test_parse_int_reads_the_digits_at_the_start(text, radix, value):
    result = js.parseInt(text, radix)
    assert result == value or (math.isnan(result) and math.isnan(value))


MATH = [
    ("round", (-1.5,), -1),
    ("round", (2.5,), 3),
    ("max", (), -math.inf),
    ("max", (1, "3", None), math.nan),
    ("sign", (-3,), -1),
    ("pow", (2, 0.5), 2**0.5),
    ("pow", (1, math.inf), math.nan),
    ("hypot", (3, 4), 5),
    ("trunc", (-1.9,), -1),
    ("log", (0,), -math.inf),
    ("sqrt", (-1,), math.nan),
    ("clz32", (1,), 31),
    ("imul", (0xFFFFFFFF, 5), -5),
    ("fround", (5.5,), 5.5),
    ("floor", (math.inf,), math.inf),
]


@pytest.mark.parametrize(("name", "args", "value"), MATH)
def test_math_counts_as_in_javascript(name, args, value):
    result = getattr(js.Math, name)(*args)
    assert result == value or (math.isnan(result) and math.isnan(value))


FORMATTED = [
    (2.5, "toFixed", (0,), "3"),
    (1.005, "toFixed", (2,), "1.00"),
    (-0.0001, "toFixed", (2,), "-0.00"),
    (1e21, "toFixed", (2,), "1e+21"),
    (1234.5678, "toPrecision", (6,), "1234.57"),
    (255, "toString", (16,), "ff"),
    (1234567.891, "toLocaleString", (), "1,234,567.891"),
]


@pytest.mark.parametrize(("value", "method", "args", "text"), FORMATTED)
def test_numbers_are_written_as_in_javascript(value, method, args, text):
    assert getattr(js.Number.new(value), method)(*args) == text
