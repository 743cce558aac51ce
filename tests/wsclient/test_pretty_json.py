from __future__ import annotations

import json

import pytest

from wrangler_py.wsclient.pretty_json import pretty_json


def test_what_fits_stays_on_one_line():
    assert pretty_json('{ "a":1,\n"b":[true,null] }', 80, color=False) == (
        '{"a": 1, "b": [true, null]}'
    )


def test_what_does_not_fit_is_indented():
    assert pretty_json('{"a":{"b":[1,2]},"c":{},"d":[]}', 10, color=False) == (
        '{\n  "a": {\n    "b": [\n      1,\n      2\n    ]\n  },\n  "c": {},\n  "d": []\n}'
    )


def test_the_senders_tokens_stay_as_they_were_written():
    text = r'{"n": 1.0, "n": 1e3, "big": 12345678901234567890.10, "s": "a\"b, {c}: \u00e9"}'
    assert pretty_json(text, 200, color=False) == text


@pytest.mark.parametrize("text", ["hello", "1", '"text"', "{", "[1,]", "{a: 1}", "", "[" * 100_000])
def test_what_is_no_object_or_array_is_left_alone(text):
    assert pretty_json(text, 80, color=False) is None


def test_colours_change_nothing_else():
    import re

    text = '{"key": ["text", -1.5, true, null]}'
    colored = pretty_json(text, 80, color=True)
    assert colored is not None
    assert re.sub("\033\\[[0-9;]*m", "", colored) == text
    assert '\033[34m"key"\033[0m' in colored
    assert '\033[32m"text"\033[0m' in colored
    assert "\033[36m-1.5\033[0m" in colored


def test_an_indented_one_is_the_same_value():
    value = {"a": [{"b": [[], {}, [[1]]]}], "c": "x" * 50}
    laid_out = pretty_json(json.dumps(value), 20, color=False)
    assert laid_out is not None
    assert laid_out == json.dumps(value, indent=2)
