from __future__ import annotations

import json

import pytest

from wrangler_py.config.jsonc import parse
from wrangler_py.errors import ConfigError

PLAIN = [
    "{}",
    "[]",
    "null",
    "true",
    "-0",
    "12",
    "-3.5e-2",
    '"a\\u00e9\\n"',
    '{"a": [1, {"b": null}, "//no comment", "/* nor this */"], "c": {"d": false}}',
]


@pytest.mark.parametrize("text", PLAIN)
def test_plain_json_reads_as_the_standard_library_reads_it(text):
    assert parse(text, "f")[0] == json.loads(text)


RELAXED = [
    ("// first\n{} // last", {}),
    ('{"a": 1, /* in\nbetween */ "b": 2,}', {"a": 1, "b": 2}),
    ("[1, 2, ]", [1, 2]),
    ("\ufeff[]", []),
    ('{"a": 1, "a": 2}', {"a": 2}),
]


@pytest.mark.parametrize(("text", "expected"), RELAXED)
def test_comments_and_trailing_commas_are_fine(text, expected):
    assert parse(text, "f")[0] == expected


WRONG = [
    ("", "f:1:1", "a value is missing"),
    ("{", "f:1:2", 'the file ends before "}"'),
    ('{\n  "a": 1\n  "b": 2\n}', "f:3:3", '"," or "}" expected'),
    ("{\n  a: 1\n}", "f:2:3", "a key must be a string"),
    ("{'a': 1}", "f:1:2", "a key must be a string"),
    ('{"a" 1}', "f:1:6", '":" expected after the key "a"'),
    ('{"a": }', "f:1:7", "a value is missing"),
    ("[1,,]", "f:1:4", "a value is missing"),
    ("[1 2]", "f:1:4", '"," or "]" expected'),
    ("[1]]", "f:1:4", "something follows the end of the document"),
    ("[01]", "f:1:3", '"," or "]" expected'),
    ("[NaN]", "f:1:2", "this is no value"),
    ("[undefined]", "f:1:2", "this is no value"),
    ('["a\nb"]', "f:1:4", "invalid control character"),
    ('["a', "f:1:2", "unterminated string starting"),
    ("{} /* x", "f:1:4", "a comment is not closed"),
    ("[" * 200, "f:1:102", "nested too deeply"),
]


@pytest.mark.parametrize(("text", "where", "said"), WRONG)
def test_everything_else_is_refused_where_it_stands(text, where, said):
    with pytest.raises(ConfigError) as caught:
        parse(text, "f")
    assert caught.value.message == f"not valid JSON: {said}"
    assert caught.value.where == where


def test_a_forgotten_comma_is_guessed():
    with pytest.raises(ConfigError) as caught:
        parse('{"a": 1\n"b": 2}', "f")
    assert caught.value.hint == "is a comma missing on the line before?"


def test_each_key_knows_its_line():
    text = '// one\n{\n  "a": 1,\n  "b": [\n    {"c": 2},\n    {\n      "c":\n 3}\n  ]\n}\n'
    places = parse(text, "f")[1]
    lines = {path: line for path, (line, _) in places.items()}
    assert (places["b",], places["b", 0, "c"], places["b", 1]) == ((4, 3), (5, 6), (6, 5))
    assert lines[()] == 2
    assert lines["a",] == 3
    assert lines["b",] == 4
    assert lines["b", 0] == 5
    assert lines["b", 0, "c"] == 5
    assert lines["b", 1] == 6
    assert lines["b", 1, "c"] == 7
