"""to_js and to_py: converters, caches, what a proxy is worth afterwards."""

from __future__ import annotations

import pytest

import wrangler_py.js.object_class  # noqa: F401  (the functions of Object)
from wrangler_py.js import profile
from wrangler_py.js.array import JsArray
from wrangler_py.js.callbacks import PyProxy, destroy_proxies
from wrangler_py.js.errors import JsException
from wrangler_py.js.ffi import ConversionError, to_js, to_py
from wrangler_py.js.map_set import JsMap, JsSet
from wrangler_py.js.object import JsObject


class Thing:
    pass


DICTS = {"0.26": "Map", "0.28.2": "LiteralMap", "314": "Object"}


def test_a_dict_becomes_what_this_pyodide_makes_of_it(every_profile):
    made = to_js({"a": 1})
    assert made.constructor.name == DICTS[every_profile]
    assert made.to_py() == {"a": 1}


def test_a_circle_stays_a_circle():
    items = [1]
    items.append(items)
    made = to_js(items)
    assert made[1] == made
    back = made.to_py()
    assert back[1] is back


def test_a_thing_in_a_list_comes_back_as_itself_and_alone_it_is_a_handle():
    thing = Thing()
    assert to_js([thing])[0] is thing
    assert to_js(thing).unwrap() is thing


def test_the_default_converter_gets_the_conversion_and_the_cache():
    thing = Thing()
    calls = []

    def convert_thing(value, convert, cache):
        calls.append(value)
        made = JsObject()
        cache(value, made)
        made.parts = convert([1, value])
        return made

    made = to_js([thing, thing], default_converter=convert_thing)
    assert calls == [thing]
    assert made[0] == made[1] == made[0].parts[1]


def test_a_converter_that_raises_is_the_cause_of_a_conversion_error():
    def refuse(value, convert, cache):
        raise TypeError("no")

    with pytest.raises(ConversionError, match="Conversion from python to javascript failed") as e:
        to_js([Thing()], default_converter=refuse)
    assert isinstance(e.value.__cause__, TypeError)


def test_collected_proxies_end_together():
    proxies = JsArray()
    made = to_js([Thing()], pyproxies=proxies)
    destroy_proxies(proxies)
    with pytest.raises(JsException, match="Object has already been destroyed"):
        made[0]


def test_to_py_asks_the_default_converter_for_what_has_no_counterpart():
    odd = type("Odd", (JsObject,), {}, raw=True)  # a plain object is converted before
    error = JsException("Error", "x")
    made = to_py(JsArray([error, odd({"a": 1})]), default_converter=lambda v, c, k: v.message)
    assert made == ["x", {"a": 1}]


def test_depth_ends_the_conversion():
    assert to_js([1, [2]], depth=1)[1] == [2]
    assert isinstance(to_js([1], depth=0), PyProxy)
    assert isinstance(to_py(to_js([1, [2]]), depth=1)[1], JsArray)


UNFAITHFUL = [(JsMap([[1, "a"], [True, "b"]]), "Map"), (JsSet(JsArray([0, False])), "Set")]


@pytest.mark.parametrize(("value", "name"), UNFAITHFUL, ids=["Map", "Set"])
def test_keys_that_python_cannot_tell_apart_are_refused(value, name):
    with pytest.raises(JsException, match=f"Cannot faithfully convert {name} into Python"):
        value.to_py()


def test_a_double_proxy_survives_to_py():
    handle = PyProxy([1])
    assert JsArray([handle]).to_py() == [handle]


def test_an_eager_converter_is_asked_first_and_unknown_to_the_oldest():
    made = to_js([1, (2,)], eager_converter=lambda v, c, k: c(v) if isinstance(v, list) else "x")
    assert list(made) == [1, "x"]
    with profile.use(profile.PROFILES["0.26"]), pytest.raises(TypeError, match="eager_converter"):
        to_js([], eager_converter=None)
