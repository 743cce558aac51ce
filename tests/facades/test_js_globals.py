"""Every name of JavaScript's global scope leads somewhere."""

from __future__ import annotations

import pytest

from wrangler_py.errors import NotEmulated
from wrangler_py.facades import js_globals
from wrangler_py.js.proxy import JsProxy

import js  # type: ignore[import-not-found]  # isort: skip

CONSTANTS = {"Infinity", "NaN", "undefined"}


@pytest.mark.parametrize("name", sorted(js_globals.HOME.keys() - CONSTANTS))
def test_every_name_with_a_home_is_an_object_of_javascript(name):
    assert isinstance(getattr(js, name), JsProxy)


@pytest.mark.parametrize("name", sorted(js_globals.NOT_EMULATED))
def test_what_is_not_emulated_can_be_imported_and_says_so_when_used(name):
    thing = getattr(js, name)
    with pytest.raises(NotEmulated, match=rf"js\.{name}\.new"):
        thing.new("/*")
    with pytest.raises(NotEmulated, match=rf"js\.{name}\(\)"):
        thing()


def test_no_name_is_both():
    assert not js_globals.HOME.keys() & js_globals.NOT_EMULATED


def test_what_nobody_has_is_an_attribute_error():
    with pytest.raises(AttributeError):
        js.document  # noqa: B018
    assert {"WebAssembly", "fetch"} <= set(dir(js))
