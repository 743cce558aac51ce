"""What counts as a difference, and how it is told."""

from __future__ import annotations

import pytest

from wrangler_py.session.compare import Comparison, brief
from wrangler_py.session.lines import Digest
from wrangler_py.session.rules import Rules
from wrangler_py.session.swaps import Swaps

ONE, OTHER = "5f0c1c1e-0000-4000-8000-000000000001", "5f0c1c1e-0000-4000-8000-000000000002"


def comparison(**rules: object) -> Comparison:
    return Comparison(Rules.of(rules, "x:1"), Swaps())


SAME = [
    ("a", "a"),
    ('{"a": 1, "b": 2}', '{"b":2,"a":1}'),
    (f'{{"id": "{ONE}"}}', f'{{"id": "{OTHER}"}}'),
    (f"made {ONE}", f"made {OTHER}"),
    ('{"at": 1795426627103}', '{"at": 1795426999999}'),
    ('{"at": 1795426627.103}', '{"at": 1795426999}'),
    ('{"at": "2026-11-23T09:15:08.123Z"}', '{"at": "2027-01-01T00:00:00+00:00"}'),
    ("Mon, 23 Nov 2026 09:15:08 GMT", "Tue, 24 Nov 2026 10:15:08 GMT"),
    ("[1, 2.0]", "[1, 2]"),
]


@pytest.mark.parametrize(("expected", "got"), SAME)
def test_what_differs_by_nature_is_the_same(expected, got):
    assert comparison().data(expected, got, None) == []


DIFFERENT = [
    ('{"a": 1}', '{"a": 2}', ["$.a: expected 1, got 2"]),
    ('{"a": 1}', '{"a": "1"}', ['$.a: expected 1, got "1"']),
    ('{"a": true}', '{"a": 1}', ["$.a: expected true, got 1"]),
    ('{"a": null}', "{}", ["$.a: expected null, got nothing"]),
    ("{}", '{"a": [1]}', ["$.a: expected nothing, got [1]"]),
    ("[1, 2]", "[1]", ["$[1]: expected 2, got nothing"]),
    ('{"a": {"b": 1}}', '{"a": 3}', ['$.a: expected {"b": 1}, got 3']),
    ("yes", "no", ["expected yes", "got      no"]),
    ("a\nb\nc", "a\nx\nc", ["@@ -1,3 +1,3 @@", " a", "-b", "+x", " c"]),
    (ONE, "none", ["expected <uuid>", "got      none"]),
    ("a", b"a", ["expected text, got binary: 1 bytes 61"]),
]


@pytest.mark.parametrize(("expected", "got", "details"), DIFFERENT)
def test_a_difference_is_told_at_its_place(expected, got, details):
    assert comparison().data(expected, got, None) == details


def test_bytes_differ_from_a_place_on():
    details = comparison().data(b"\xff\x00\x01", b"\xff\x00\x02", None)
    assert details == [
        "expected 3 bytes ff 00 01",
        "got      3 bytes ff 00 02",
        "from byte 2 on",
    ]


def test_what_was_too_long_is_compared_by_length_and_hash():
    digest = Digest.of(b"x" * 10)
    assert comparison().data(b"", b"x" * 10, digest) == []
    assert comparison().data(b"", b"x" * 9, digest) == ["expected 10 bytes, got 9"]
    (other,) = comparison().data(b"", b"y" * 10, digest)
    assert other.endswith("of other content (SHA-256)")


def test_ignored_paths_may_be_missing_on_one_side():
    assert comparison(ignore_json=["$..id"]).data('{"a": {"id": 1}}', '{"a": {}}', None) == []


def test_a_replaced_value_is_known_from_then_on_wherever_it_comes():
    rules = {"replace": {"<n>": r"n-\d{8}"}}
    compares = comparison(**rules)
    assert compares.data("made n-12345678", "made n-87654321", None) == []
    # No rule sees this one: it is the value that was handed out.
    assert compares.data("N=n-12345678;", "N=n-87654321;", None) == []


def test_headers_are_compared_by_name_without_those_that_rules_name():
    compares = comparison(ignore_headers=["Date"])
    assert compares.headers((("date", "1"), ("A", "1")), (("a", "1"), ("Date", "2"))) == []
    assert compares.headers((("a", "1"),), (("a", "1"), ("a", "2"))) == [
        "header a: expected 1, got 1, 2"
    ]


def test_a_long_cookie_is_a_sessions_and_a_short_one_is_compared():
    compares = comparison()
    before = (("Set-Cookie", "sid=aaaaaaaaaaaa; Path=/"), ("Set-Cookie", "theme=dark"))
    now = (("Set-Cookie", "sid=bbbbbbbbbbbb; Path=/"), ("Set-Cookie", "theme=light"))
    assert compares.headers(before, now) == ["cookie theme: expected dark, got light"]
    assert compares.headers(before[:1], ()) == ["cookie sid: set expected, not set now"]
    other = (("Set-Cookie", "sid=bbbbbbbbbbbb; Path=/; Secure"), before[1])
    (details,) = compares.headers(before, other)
    assert details == "cookie sid: expected; Path=/, got; Path=/; Secure"


def test_a_long_value_is_cut_in_a_report():
    assert brief("x" * 500) == "x" * 200 + "... (500 characters)"
    assert brief("a\nb") == r"'a\nb'"
