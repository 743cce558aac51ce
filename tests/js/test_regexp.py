"""Regular expressions: the translation, the flags, what String's methods do with them."""

from __future__ import annotations

import pytest

from wrangler_py.errors import NotEmulated
from wrangler_py.js.boxed import String
from wrangler_py.js.errors import JsException
from wrangler_py.js.null import jsnull
from wrangler_py.js.regexp import RegExp

MATCHES = [
    (r"(?<year>\d{4})-\k<year>", "", "2020-2020", True),
    (r"^a$", "", "a\n", False),
    (r"^a$", "m", "b\na", True),
    (r"a.b", "", "a\nb", False),
    (r"a.b", "s", "a\nb", True),
    (r"ABC", "i", "abc", True),
    (r"[^]", "", "\n", True),
    (r"[]", "", "a", False),
    (r"\d", "", "٣", False),
    (r"[\w-]+$", "", "a-b", True),
    (r"\u{1F600}", "u", "😀", True),
    (r"\/", "", "/", True),
    (r"[[]", "", "[", True),
]


@pytest.mark.parametrize(("source", "flags", "text", "found"), MATCHES)
def test_a_pattern_means_what_it_means_in_javascript(source, flags, text, found):
    assert RegExp(source, flags).test(text) is found


def test_a_global_expression_goes_on_where_it_was():
    pattern = RegExp("a", "g")
    assert [pattern.test("aa"), pattern.lastIndex, pattern.test("aa"), pattern.test("aa")] == [
        True,
        1,
        True,
        False,
    ]
    assert pattern.lastIndex == 0


def test_a_sticky_expression_matches_only_there():
    pattern = RegExp("b", "y")
    assert not pattern.test("ab")
    pattern.lastIndex = 1
    assert pattern.test("ab")


def test_no_match_is_null():
    assert RegExp("x", "").exec("y") is jsnull


def test_named_groups_are_properties():
    found = RegExp(r"(?<a>x)(?<b>y)?", "").exec("xx")
    assert (found[0], found.groups.a, found.groups.b, found.input) == ("x", "x", None, "xx")


REPLACED = [
    ("a1b22", RegExp(r"(\d)", "g"), "<$1>", "a<1>b<2><2>"),
    ("a1b2", RegExp(r"\d", ""), "#", "a#b2"),
    ("aXb", "X", "$&$&$$", "aXX$b"),
    ("abc", "b", "[$`|$']", "a[a|c]c"),
    ("2020-01", RegExp(r"(?<y>\d+)-(?<m>\d+)", ""), "$<m>/$<y>", "01/2020"),
    ("abc", RegExp("[ac]", "g"), lambda found, *_: found.upper(), "AbC"),
]


@pytest.mark.parametrize(("text", "pattern", "by", "result"), REPLACED, ids=lambda x: None)
def test_replacements_name_what_was_found(text, pattern, by, result):
    assert String(text).replace(pattern, by) == result


def test_replace_all_needs_a_global_expression():
    with pytest.raises(JsException, match="must be called with a global RegExp"):
        String("a").replaceAll(RegExp("a", ""), "b")


def test_splitting_keeps_the_groups():
    assert list(String("a1b2c").split(RegExp(r"(\d)", ""))) == ["a", "1", "b", "2", "c"]


def test_a_wrong_pattern_is_a_syntax_error():
    with pytest.raises(JsException, match="Unterminated character class") as caught:
        RegExp("[", "")
    assert caught.value.name == "SyntaxError"


@pytest.mark.parametrize("source", [r"\p{L}", r"(?<=a+)b"])
def test_what_python_has_not_is_named(source):
    with pytest.raises(NotEmulated, match="RegExp"):
        RegExp(source, "u")
