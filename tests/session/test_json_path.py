"""Paths that rules name."""

from __future__ import annotations

import pytest

from wrangler_py.session.json_path import JsonPath, shown

PATHS = [  # path, steps, whether it names them
    ("$.id", ("id",), True),
    ("$.id", ("a", "id"), False),
    ("$.a.id", ("a", "id"), True),
    ("$..id", ("id",), True),
    ("$..id", ("a", 0, "id"), True),
    ("$..id", ("a", "id", "x"), False),
    ("$.items[*].at", ("items", 3, "at"), True),
    ("$.items[0].at", ("items", 3, "at"), False),
    ("$.*.at", ("x", "at"), True),
    ("$[1]", (1,), True),
    ("$['a b'].c", ("a b", "c"), True),
    ('$["a.b"]', ("a.b",), True),
    ("$..items[*]..at", ("x", "items", 0, "y", "at"), True),
]


@pytest.mark.parametrize(("text", "steps", "named"), PATHS)
def test_a_path_names_what_it_leads_to(text, steps, named):
    assert JsonPath.of(text).matches(steps) is named


@pytest.mark.parametrize("text", ["", "$", "id", "$id", "$.", "$[x]", "$.a[", "$.a b", ".a"])
def test_what_is_no_path_is_refused(text):
    with pytest.raises(ValueError, match="is no path like"):
        JsonPath.of(text)


def test_steps_are_shown_as_a_rule_would_name_them():
    steps = ("items", 0, "a b")
    assert shown(steps) == "$.items[0]['a b']"
    assert JsonPath.of(shown(steps)).matches(steps)
