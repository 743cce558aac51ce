"""The words for what is wrong with a JSON text, as workerd's V8 says them."""

from __future__ import annotations

import pytest

from wrangler_py.js.errors import JsException
from wrangler_py.js.json import parse

WRONG = [
    ("", "Unexpected end of JSON input"),
    (" ", "Unexpected end of JSON input"),
    ("[", "Unexpected end of JSON input"),
    ("[1,", "Unexpected end of JSON input"),
    ('{"a":', "Unexpected end of JSON input"),
    ("tru", "Unexpected end of JSON input"),
    ("{", "Expected property name or '}' in JSON at position 1 (line 1 column 2)"),
    ("{a:1}", "Expected property name or '}' in JSON at position 1 (line 1 column 2)"),
    ('{"a":1,}', "Expected double-quoted property name in JSON at position 7 (line 1 column 8)"),
    ('{"a" 1}', "Expected ':' after property name in JSON at position 5 (line 1 column 6)"),
    ('{"a"', "Expected ':' after property name in JSON at position 4 (line 1 column 5)"),
    ('{"a":1', "Expected ',' or '}' after property value in JSON at position 6 (line 1 column 7)"),
    (
        '{"a":1 "b":2}',
        "Expected ',' or '}' after property value in JSON at position 7 (line 1 column 8)",
    ),
    ("[1 2]", "Expected ',' or ']' after array element in JSON at position 3 (line 1 column 4)"),
    ("[1", "Expected ',' or ']' after array element in JSON at position 2 (line 1 column 3)"),
    ("[1,]", "Unexpected token ']', \"[1,]\" is not valid JSON"),
    ("[,1]", "Unexpected token ',', \"[,1]\" is not valid JSON"),
    ("nuxl", "Unexpected token 'x', \"nuxl\" is not valid JSON"),
    ("{} x", "Unexpected non-whitespace character after JSON at position 3 (line 1 column 4)"),
    ('"ab', "Unterminated string in JSON at position 3 (line 1 column 4)"),
    ('"a\nb"', "Bad control character in string literal in JSON at position 2 (line 1 column 3)"),
    ('"\\x"', "Bad escaped character in JSON at position 2 (line 1 column 3)"),
    ('"\\u12"', "Bad Unicode escape in JSON at position 5 (line 1 column 6)"),
    ("01", "Unexpected number in JSON at position 1 (line 1 column 2)"),
    ("-", "No number after minus sign in JSON at position 1 (line 1 column 2)"),
    ("1.", "Unterminated fractional number in JSON at position 2 (line 1 column 3)"),
    ("NaN", '"NaN" is not valid JSON'),
    (
        '{"a":1\r\n\r x',
        "Expected ',' or '}' after property value in JSON at position 10 (line 3 column 2)",
    ),
    ("[object Object]", '"[object Object]" is not valid JSON'),
    ("<!DOCTYPE html><html></html>", "Unexpected token '<', \"<!DOCTYPE \"... is not valid JSON"),
]


@pytest.mark.parametrize(("text", "message"), WRONG, ids=[repr(text) for text, _ in WRONG])
def test_a_text_that_is_no_json_fails_with_the_words_of_v8(text, message):
    with pytest.raises(JsException) as caught:
        parse(text)
    assert (caught.value.name, caught.value.message) == ("SyntaxError", message)


def test_undefined_is_no_json():
    with pytest.raises(JsException, match='"undefined" is not valid JSON'):
        parse(None)


def test_a_text_that_is_nested_too_deeply_fails_as_javascript_error():
    with pytest.raises(JsException):
        parse("[" * 100_000)
