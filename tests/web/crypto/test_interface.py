"""crypto.getRandomValues and randomUUID."""

from __future__ import annotations

import uuid

import pytest

from wrangler_py.js.buffers import ArrayBuffer, Uint8Array
from wrangler_py.js.errors import JsException
from wrangler_py.web.crypto import CryptoKey, crypto


def test_random_values_fill_the_array_that_is_given():
    array = Uint8Array(64)
    assert crypto.getRandomValues(array) is array
    assert array.to_bytes() != bytes(64)


def test_random_values_fill_only_the_view():
    buffer = ArrayBuffer(64)
    crypto.getRandomValues(Uint8Array(buffer, 32))
    assert buffer.to_bytes()[:32] == bytes(32)
    assert buffer.to_bytes()[32:] != bytes(32)


def test_there_is_a_quota():
    with pytest.raises(JsException) as caught:
        crypto.getRandomValues(Uint8Array(65_537))
    assert (caught.value.name, caught.value.code) == ("QuotaExceededError", 22)
    assert caught.value.message == (
        "getRandomValues() only accepts buffers of size <= 64K but provided 65537 bytes."
    )
    assert len(crypto.getRandomValues(Uint8Array(65_536))) == 65_536


def test_floats_are_refused():
    from wrangler_py.js.buffers import Float32Array

    with pytest.raises(JsException) as caught:
        crypto.getRandomValues(Float32Array(1))
    assert (caught.value.name, caught.value.code) == ("TypeMismatchError", 17)


@pytest.mark.parametrize("value", [None, "x", ArrayBuffer(2), b"ab"], ids=repr)
def test_only_views_are_filled(value):
    with pytest.raises(JsException, match="parameter 1 is not of type 'ArrayBufferView'"):
        crypto.getRandomValues(value)


def test_a_random_uuid_is_of_version_4():
    assert uuid.UUID(crypto.randomUUID()).version == 4


@pytest.mark.parametrize("cls", [type(crypto), type(crypto.subtle), CryptoKey])
def test_nothing_of_it_can_be_constructed(cls):
    with pytest.raises(JsException, match="Illegal constructor"):
        cls.constructor.new()
