"""Blob and File, against the File API and what workerd says."""

from __future__ import annotations

import pytest

from wrangler_py.js.array import JsArray
from wrangler_py.js.buffers import ArrayBuffer, Uint8Array
from wrangler_py.js.errors import JsException
from wrangler_py.js.ffi import to_js
from wrangler_py.js.null import jsnull
from wrangler_py.web.blob import Blob, File

new = Blob.constructor.new
new_file = File.constructor.new


async def test_parts_are_text_buffers_blobs_and_whatever_has_a_string():
    blob = new(JsArray(["é", Uint8Array._of(b"hi"), ArrayBuffer._of(b"!"), new(to_js(["x"]))]))
    assert await blob.text() == "éhi!x"
    assert blob.size == 6
    assert await new(JsArray([1, jsnull, None, True])).text() == "1nullundefinedtrue"
    assert (await blob.arrayBuffer()).to_bytes() == (await blob.bytes()).to_bytes()
    assert new().size == 0


@pytest.mark.parametrize("parts", ["ab", 5, jsnull, ["a"], b"ab"], ids=repr)
def test_parts_must_be_an_array(parts):
    with pytest.raises(JsException) as caught:
        new(parts)
    assert str(caught.value) == (
        "TypeError: Failed to construct 'Blob': constructor parameter 1 is not of type 'Array'."
    )


def test_the_type_is_lowered_or_dropped():
    assert new(to_js(["a"]), type="A/B").type == "a/b"
    assert new(to_js(["a"]), type="A/é").type == ""
    assert new(to_js(["a"])).type == ""


SLICES = [((1, -1), "ell"), ((-3,), "llo"), ((3, 1), ""), ((), "hello"), ((0, 99), "hello")]


@pytest.mark.parametrize(("bounds", "text"), SLICES)
async def test_slices(bounds, text):
    assert await new(to_js(["hello"])).slice(*bounds).text() == text


def test_a_slice_has_its_own_type():
    blob = new(to_js(["hello"]), type="a/b")
    assert (blob.slice(0, 1).type, blob.slice(0, 1, "X/y").type) == ("", "x/y")


async def test_bad_bytes_are_replaced_in_text():
    assert await Blob._of(b"\xffA\xef\xbb\xbf").text() == "�A\ufeff"


def test_endings_are_not_implemented():
    with pytest.raises(JsException, match="Error: The 'endings' field on 'Options' is not imple"):
        new(to_js(["a"]), endings="native")
    assert new(to_js(["a"]), endings=None).size == 1


async def test_a_file_is_a_blob_with_a_name():
    file = new_file(to_js(["ab"]), "n/x", type="T/P", lastModified=5)
    assert (file.name, file.lastModified, file.type, file.size) == ("n/x", 5, "t/p", 2)
    assert await file.text() == "ab"
    assert isinstance(file, Blob)
    assert file.constructor.name == "File"
    assert file.slice(0, 1).constructor.name == "Blob"
    assert new_file(to_js([]), "n").lastModified > 1_700_000_000_000
    assert new_file(to_js([]), "n", lastModified="x").lastModified == 0


def test_a_file_needs_a_name_and_an_array():
    with pytest.raises(JsException, match="constructor parameter 2 is not of type 'string'"):
        new_file(to_js(["a"]))
    with pytest.raises(JsException, match="'File': constructor parameter 1 is not of type 'Array'"):
        new_file("a", "b")


async def test_a_blob_can_be_streamed():
    chunks = [chunk.to_bytes() async for chunk in Blob._of(b"hello").stream()]
    assert b"".join(chunks) == b"hello"
