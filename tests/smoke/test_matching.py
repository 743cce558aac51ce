from __future__ import annotations

import pytest

from wrangler_py.smoke.matching import holds

ROWS = [  # what is expected, the answer, whether it holds
    ("Hello", "Hello, World!", True),
    ("hello", "Hello, World!", False),
    ('"count":1', '{"type": "count", "count": 1}', True),
    ('"count": 1', '{"type":"count","count":1}', True),
    ('"count":2', '{"type": "count", "count": 1}', False),
    ('{"count": 1}', '{"type": "count", "count": 1}', True),
    ('{"count": 1}', '{"type": "count", "count": 10}', False),
    ('{"count": 1}', '{"count": true}', False),
    ('{"a": {"b": [1, 2]}}', '{"a": {"b": [1, 2], "c": 3}}', True),
    ('{"a": {"b": [1]}}', '{"a": {"b": [1, 2]}}', False),
    ('{"a": 1}', "[1]", False),
    ('"é"', '{"text": "\\u00e9"}', True),
    ('{"a": 1}', "no JSON", False),
]


@pytest.mark.parametrize(("expected", "answer", "wanted"), ROWS)
def test_an_answer_holds_text_or_the_members_of_an_object(expected, answer, wanted):
    assert holds(expected, answer) is wanted
