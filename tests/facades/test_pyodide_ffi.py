"""pyodide.ffi: the kinds of proxies, by isinstance."""

from __future__ import annotations

import importlib
import sys

import js  # type: ignore[import-not-found]
import pytest
from pyodide import ffi  # type: ignore[import-not-found]

KINDS = [
    ("js.Array.new()", "JsArray JsIterable"),
    ("js.Map.new()", "JsMap JsMutableMap JsIterable"),
    ("js.Uint8Array.new(1)", "JsTypedArray JsBuffer JsArray JsIterable"),
    ("js.ArrayBuffer.new(1)", "JsBuffer"),
    ("js.parseInt", "JsCallable"),
    ("js.Array.new().values()", "JsIterator JsIterable"),
    ("ffi.create_proxy([1])", "JsDoubleProxy"),
    ("ffi.create_proxy(print)", "JsDoubleProxy JsCallable JsCallableDoubleProxy"),
    ("js.WeakRef.new(js.Object.new())", "JsWeakRef"),
]


@pytest.mark.parametrize(("source", "names"), KINDS, ids=[source for source, _ in KINDS])
def test_a_proxy_is_an_instance_of_its_kinds(source, names):
    value = eval(source)
    assert isinstance(value, ffi.JsProxy)
    for name in names.split():
        assert isinstance(value, getattr(ffi, name)), name


@pytest.mark.parametrize("name", ["JsArray", "JsMap", "JsBuffer", "JsCallable", "JsPromise"])
def test_no_plain_object_or_python_value_is_of_a_kind(name):
    for value in (js.Object.new(), 1, [1], {}, None):
        assert not isinstance(value, getattr(ffi, name))


def test_the_kinds_are_classes_below_jsproxy_that_nobody_builds():
    assert issubclass(ffi.JsTypedArray, ffi.JsArray)
    assert issubclass(ffi.JsMutableMap, ffi.JsProxy)
    assert repr(ffi.JsArray) == "<class 'pyodide.ffi.JsArray'>"
    with pytest.raises(TypeError):
        ffi.JsArray()
    with pytest.raises(TypeError):
        ffi.JsProxy()


def test_the_kinds_are_good_for_annotations():
    assert ffi.JsArray[int] is ffi.JsArray
    assert isinstance(js.Array.new(), ffi.JsArray | None)


def test_an_error_is_a_proxy_and_an_exception():
    with pytest.raises(ffi.JsException) as caught:
        js.JSON.parse("{")
    assert isinstance(caught.value, ffi.JsProxy)


def test_a_registered_module_is_importable_until_it_is_not():
    ffi.register_js_module("shop", js.Object.new(price=5))
    try:
        assert importlib.import_module("shop").price == 5
    finally:
        ffi.unregister_js_module("shop")
    assert "shop" not in sys.modules
    with pytest.raises(ValueError, match="shop"):
        ffi.unregister_js_module("shop")


def test_names_of_newer_versions_are_absent_in_older_ones(every_profile):
    assert hasattr(ffi, "jsnull") is (every_profile != "0.26")
    assert hasattr(ffi, "JsBigInt") is (every_profile == "314")
