"""structuredClone, and what it refuses in workerd's words."""

from __future__ import annotations

import pytest

from wrangler_py.js.array import JsArray
from wrangler_py.js.buffers import ArrayBuffer, Uint8Array
from wrangler_py.js.callbacks import create_proxy
from wrangler_py.js.errors import JsException, dom_exception
from wrangler_py.js.ffi import to_js
from wrangler_py.js.null import jsnull
from wrangler_py.js.object import JsObject
from wrangler_py.js.profile import PROFILES, use
from wrangler_py.web.blob import Blob, File
from wrangler_py.web.clone import clone, structuredClone
from wrangler_py.web.formdata import FormData
from wrangler_py.web.headers import Headers
from wrangler_py.web.url import URL


def test_a_copy_is_deep_and_new():
    original = to_js({"a": [1, {"b": "x"}]}, dict_converter=lambda pairs: JsObject(dict(pairs)))
    copy = structuredClone(original)
    original.a[1].b = "changed"
    assert copy.to_py() == {"a": [1, {"b": "x"}]}
    assert copy is not original


@pytest.mark.parametrize("value", [None, jsnull, True, 1, 1.5, "é€"])
def test_primitives_are_themselves(value):
    assert clone(value) is value


async def test_host_objects_that_can_be_copied():
    headers = clone(Headers([("A", "1")]))
    headers.set("a", "2")
    assert headers.get("a") == "2"
    assert await clone(JsArray([Blob._of(b"x", "t/p")]))[0].text() == "x"
    error = clone(dom_exception("m", "AbortError"))
    assert (error.name, error.message, error.constructor.name) == (
        "AbortError",
        "m",
        "DOMException",
    )


HOST = 'Could not serialize object of type "{}". This type does not support serialization.'
REFUSED = [
    pytest.param(lambda: URL("http://a"), HOST.format("URL"), id="URL"),
    pytest.param(lambda: File._make(b"", "f"), HOST.format("File"), id="File"),
    pytest.param(FormData, HOST.format("FormData"), id="FormData"),
    pytest.param(lambda: JsObject({"a": FormData()}), HOST.format("FormData"), id="nested"),
    pytest.param(lambda: print, "function(){} could not be cloned.", id="function"),
    pytest.param(lambda: create_proxy(print), "function(){} could not be cloned.", id="proxy"),
    pytest.param(lambda: [1], "[object Object] could not be cloned.", id="list"),
    pytest.param(
        lambda: create_proxy([1]), "[object Object] could not be cloned.", id="list-proxy"
    ),
    pytest.param(
        lambda: URL.constructor, "function URL() { [native code] } could not be cloned.", id="class"
    ),
]


@pytest.mark.parametrize(("make", "message"), REFUSED)
def test_what_cannot_be_cloned_is_named(make, message):
    with pytest.raises(JsException) as caught:
        structuredClone(make())
    assert (caught.value.name, caught.value.message, caught.value.code) == (
        "DataCloneError",
        message,
        25,
    )
    assert caught.value.constructor.name == "DOMException"


def test_the_map_that_0_28_makes_of_a_dict_cannot_be_cloned():
    with (
        use(PROFILES["0.28.2"]),
        pytest.raises(JsException, match=r"\[object Map\] could not be cloned"),
    ):
        structuredClone(to_js({"a": 1}))


def test_a_transferred_buffer_is_moved():
    buffer = ArrayBuffer._of(b"abc")
    copy = structuredClone(Uint8Array(buffer), JsObject({"transfer": JsArray([buffer])}))
    assert (copy.to_bytes(), buffer.byteLength) == (b"abc", 0)


def test_the_transfer_list_must_be_an_array():
    with pytest.raises(JsException) as caught:
        structuredClone(1, JsObject({"transfer": 5}))
    assert str(caught.value) == (
        "TypeError: Incorrect type for the 'transfer' field on 'StructuredCloneOptions': "
        "the provided value is not of type 'Array'."
    )


def test_a_missing_value_is_named():
    with pytest.raises(JsException, match="parameter 1 is not of type 'Value'"):
        structuredClone()
