"""Headers, against the Fetch standard and what workerd says."""

from __future__ import annotations

import pytest

from wrangler_py.js.array import JsArray
from wrangler_py.js.errors import JsException
from wrangler_py.js.ffi import to_js
from wrangler_py.js.null import jsnull
from wrangler_py.js.object import JsObject
from wrangler_py.js.profile import PROFILES, use
from wrangler_py.web.headers import Headers

new = Headers.constructor.new
PAIR_LENGTH = (
    "To initialize a Headers object from a sequence, each inner sequence "
    "must have exactly two elements."
)
NOT_INIT = (
    "Failed to construct 'Headers': constructor parameter 1 is not of type "
    "'Headers or Sequence or object'."
)


def shown(headers):
    return [tuple(pair) for pair in headers]


INITS = [
    pytest.param(lambda: JsArray([JsArray(["A", "1"]), JsArray(["b", 2])]), id="arrays"),
    pytest.param(lambda: [("A", "1"), ("b", 2)], id="list-of-tuples"),
    pytest.param(lambda: {"A": "1", "b": 2}.items(), id="dict-items"),
    pytest.param(lambda: (pair for pair in [["A", "1"], ["b", "2"]]), id="generator"),
    pytest.param(lambda: JsObject({"A": "1", "b": 2}), id="object"),
    pytest.param(lambda: to_js({"A": "1", "b": 2}), id="to_js"),
    pytest.param(lambda: Headers([("A", "1"), ("b", "2")]), id="headers"),
]


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("make", INITS)
def test_every_kind_of_init_is_read(make, profile):
    with use(PROFILES[profile]):
        assert shown(new(make())) == [("a", "1"), ("b", "2")]


def test_keyword_arguments_are_a_record():
    assert shown(new(a="1", X=None)) == [("a", "1"), ("x", "undefined")]


BAD_INITS = [
    ({"ab": "1"}, "Incorrect type: the provided value is not of type 'Sequence'."),
    ([("a",)], PAIR_LENGTH),
    ([("a", "b", "c")], PAIR_LENGTH),
    (["ab"], "Incorrect type: the provided value is not of type 'Sequence'."),
    ("abc", NOT_INIT),
    (5, NOT_INIT),
    (jsnull, NOT_INIT),
    ([("a b", "1")], "Invalid header name."),
    ([("a:", "1")], "Invalid header name."),
    ([("a", "1\n2")], "Invalid header value."),
    ([("a", "1\0")], "Invalid header value."),
]


@pytest.mark.parametrize(("init", "message"), BAD_INITS)
def test_a_bad_init_fails_as_on_cloudflare(init, message):
    with pytest.raises(JsException) as caught:
        new(init)
    assert str(caught.value) == f"TypeError: {message}"


def test_an_empty_python_dict_is_an_empty_sequence():
    assert shown(new({})) == []


def test_iteration_is_sorted_lower_case_and_combined_but_for_set_cookie():
    headers = new([("Set-Cookie", "a"), ("b", "1"), ("set-cookie", "c"), ("B", "2"), ("A", "x")])
    assert shown(headers) == [("a", "x"), ("b", "1, 2"), ("set-cookie", "a"), ("set-cookie", "c")]
    assert list(headers.keys()) == ["a", "b", "set-cookie", "set-cookie"]
    assert list(headers.values()) == ["x", "1, 2", "a", "c"]
    assert list(headers.getSetCookie()) == list(headers.getAll("SET-COOKIE")) == ["a", "c"]
    assert headers.get("set-cookie") == "a, c"
    assert dict(headers) == {"a": "x", "b": "1, 2", "set-cookie": "a, c"}


def test_get_all_is_for_set_cookie_only():
    with pytest.raises(JsException, match='getAll\\(\\) can only be used with the header name "Se'):
        new().getAll("a")


def test_lookups_ignore_case_and_a_miss_is_null():
    headers = new(Accept="x")
    assert headers.get("ACCEPT") == headers["aCCept"] == "x"
    assert headers.has("accept")
    assert "aCCEPT" in headers
    assert headers.get("q") is jsnull
    assert headers["q"] is jsnull
    with use(PROFILES["0.26"]):
        assert headers.get("q") is None


def test_there_is_no_python_mapping_beyond_that():
    headers = new(a="1")
    with pytest.raises(TypeError, match=r"object of type 'pyodide.ffi.JsProxy' has no len\(\)"):
        len(headers)
    with pytest.raises(AttributeError, match="items"):
        _ = headers.items
    assert bool(new())


def test_set_keeps_the_place_and_removes_the_rest():
    headers = new([("A", "1"), ("b", "2"), ("a", "3")])
    headers.set("a", "9")
    assert headers._pairs == [("A", "9"), ("b", "2")]
    headers.append("B", " x\t\r\n")
    assert headers.get("b") == "2, x"
    headers.delete("B")
    assert headers._pairs == [("A", "9")]
    headers.set("New", "n")
    assert headers._pairs == [("A", "9"), ("New", "n")]


def test_values_beyond_latin1_are_kept_and_lone_surrogates_replaced():
    assert new(a="Ā").get("a") == "Ā"
    assert new(a="\ud800").get("a") == "�"


def test_names_are_lowered_in_ascii_only():
    headers = new([("É", "1")])
    assert headers.get("é") is jsnull
    assert headers.get("É") == "1"


@pytest.mark.parametrize("change", ["append", "set", "delete"])
def test_an_incoming_requests_headers_cannot_be_modified(change):
    headers = Headers._of([("a", "1")], guard="immutable")
    with pytest.raises(JsException) as caught:
        getattr(headers, change)("a", "2")
    assert str(caught.value) == "TypeError: Can't modify immutable headers."
    copy = new(headers)
    copy.set("a", "2")
    assert (headers.get("a"), copy.get("a")) == ("1", "2")


def test_missing_arguments_are_named():
    with pytest.raises(JsException) as caught:
        new().get()
    assert str(caught.value) == (
        "TypeError: Failed to execute 'get' on 'Headers': parameter 1 is not of type 'string'."
    )
    with pytest.raises(JsException, match="parameter 2 is not of type 'string'"):
        new().set("a")
    with pytest.raises(JsException, match="parameter 1 is not of type 'function'"):
        new().forEach(5)


def test_the_constructor_needs_new():
    with pytest.raises(JsException, match="Please use the 'new' operator"):
        Headers.constructor()


def test_item_assignment_sets_and_item_deletion_fails_after_deleting():
    headers = new()
    headers["a"] = "1"
    assert headers.get("a") == "1"
    with pytest.raises(KeyError):
        del headers["a"]
    assert not headers.has("a")


def test_iterators_are_both_python_and_javascript_iterators():
    keys = new([("a", "1"), ("b", "2")]).keys()
    first = keys.next()
    assert (first.value, first.done) == ("a", False)
    assert next(keys) == "b"
    assert keys.next().done is True
    assert repr(new().entries()) == "[object EntryIterator]"


def test_iteration_is_over_a_snapshot():
    headers = new([("a", "1"), ("b", "2"), ("c", "3")])
    seen = []
    for name, _ in headers:
        seen.append(name)
        headers.delete("b")
    assert seen == ["a", "b", "c"]


def test_for_each_passes_value_name_and_headers():
    headers, calls = new(a="1"), []
    headers.forEach(lambda *args: calls.append(args))
    assert [(value, name, who is headers) for value, name, who in calls] == [("1", "a", True)]
