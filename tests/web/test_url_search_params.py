"""URLSearchParams, as JavaScript and, through Pyodide, as a Python mapping."""

from __future__ import annotations

from collections.abc import MutableMapping

import pytest

from wrangler_py.js.array import JsArray
from wrangler_py.js.errors import JsException
from wrangler_py.js.ffi import to_js
from wrangler_py.js.null import jsnull
from wrangler_py.js.object import JsObject
from wrangler_py.web.url_search_params import URLSearchParams

new = URLSearchParams.constructor.new


@pytest.fixture
def params():
    return new("a=1&b=2&a=3")


INITS = [
    pytest.param(lambda: "?a=1&b=x+y", id="text"),
    pytest.param(lambda: JsArray([JsArray(["a", 1]), JsArray(["b", "x y"])]), id="arrays"),
    pytest.param(lambda: [("a", 1), ("b", "x y")], id="tuples"),
    pytest.param(lambda: {"a": 1, "b": "x y"}.items(), id="dict-items"),
    pytest.param(lambda: JsObject({"a": 1, "b": "x y"}), id="object"),
    pytest.param(lambda: to_js({"a": 1, "b": "x y"}), id="to_js"),
    pytest.param(lambda: new("a=1&b=x%20y"), id="params"),
]


@pytest.mark.parametrize("make", INITS)
def test_every_kind_of_init_is_read(make):
    assert str(new(make())) == "a=1&b=x+y"


def test_odd_inits():
    assert str(new()) == ""
    assert str(new(a=1, b=jsnull)) == "a=1&b=null"
    assert str(new(jsnull)) == "null="
    assert str(new(5)) == "5="
    with pytest.raises(JsException, match="TypeError: Invalid URL search params sequence"):
        new([("a",)])
    with pytest.raises(JsException, match="is not of type 'Sequence'"):
        new({"a": 1})


def test_encoding_is_the_forms_one():
    made = new([("~ *-._", "é&=+%\ud800")])
    assert str(made) == "%7E+*-._=%C3%A9%26%3D%2B%25%EF%BF%BD"
    assert new(str(made)).get("~ *-._") == "é&=+%�"
    assert new("a=%zz%4&b=%FF&&c").toString() == "a=%25zz%254&b=%EF%BF%BD&c="


def test_reading(params):
    assert (params.get("a"), params["b"], params.get("z"), params["z"]) == (
        "1",
        "2",
        jsnull,
        jsnull,
    )
    assert list(params.getAll("a")) == ["1", "3"]
    assert (params.has("a"), params.has("a", "3"), params.has("a", "2")) == (True, True, False)
    assert (params.size, len(params), bool(params), bool(new())) == (3, 3, True, False)


def test_writing(params):
    params.set("a", 9)
    params.append("c", None)
    assert str(params) == "a=9&b=2&c=undefined"
    params.delete("c")
    params.set("d", "")
    assert str(params) == "a=9&b=2&d="
    both = new("a=1&a=2")
    both.delete("a", "1")
    assert str(both) == "a=2"


def test_sorting_is_stable_and_by_code_unit():
    made = new([("b", "1"), ("\ufb00", ""), ("a", "2"), ("b", "0"), ("\U0001f600", "")])
    made.sort()
    assert [name for name, _ in made.entries()] == ["a", "b", "b", "\U0001f600", "\ufb00"]
    assert list(made.getAll("b")) == ["1", "0"]


def test_python_sees_a_mutable_mapping(params):
    assert isinstance(params, MutableMapping)
    assert list(params) == list(params.keys()) == ["a", "b", "a"]
    assert list(params.values()) == ["1", "2", "1"]
    assert list(params.items()) == [("a", "1"), ("b", "2"), ("a", "1")]
    assert repr(params.keys()) == "KeysView(a=1&b=2&a=3)"
    assert dict(params) == {"a": "1", "b": "2"}
    assert "a" in params
    assert 5 not in params
    params["c"] = "x"
    params.update({"z": 1})
    assert params.toString() == "a=1&b=2&a=3&c=x&z=1"


def test_item_deletion_fails_after_deleting(params):
    with pytest.raises(KeyError):
        del params["a"]
    assert str(params) == "b=2"


def test_entries_and_for_each_give_every_pair(params):
    pairs = [("a", "1"), ("b", "2"), ("a", "3")]
    assert [tuple(pair) for pair in params.entries()] == pairs
    seen = []
    params.forEach(lambda value, name, owner: seen.append((name, value)))
    assert seen == pairs


def test_iteration_is_live():
    params = new("a=1&b=2&c=3")
    seen = []
    for name, _ in params.entries():
        seen.append(name)
        params.delete("b")
    assert seen == ["a", "c"]
