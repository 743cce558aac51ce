"""What `crypto.subtle` checks before an algorithm is asked."""

from __future__ import annotations

import pytest

from wrangler_py.js.errors import JsException


def test_timing_safe_equal(subtle, js):
    assert subtle.timingSafeEqual(js.u8(b"a"), js.u8(b"a")) is True
    assert subtle.timingSafeEqual(js.u8(b"a"), js.u8(b"b")) is False
    with pytest.raises(
        JsException, match="TypeError: Input buffers must have the same byte length"
    ):
        subtle.timingSafeEqual(js.u8(b"a"), js.u8(b"ab"))
    with pytest.raises(JsException, match="parameter 1 is not of type 'BufferSource'"):
        subtle.timingSafeEqual("a", "b")


async def test_a_python_list_of_usages_is_no_array(subtle, js):
    algorithm = js.obj(name="HMAC", hash="SHA-256")
    with pytest.raises(JsException) as caught:
        await subtle.importKey("raw", js.u8(bytes(16)), algorithm, False, ["sign"])
    assert str(caught.value) == (
        "TypeError: Failed to execute 'importKey' on 'SubtleCrypto': "
        "parameter 5 is not of type 'Array'."
    )


async def test_an_unextractable_jwk_stays_so(subtle, js):
    key = js.obj(kty="oct", k="AAAA", ext=False)
    algorithm = js.obj(name="HMAC", hash="SHA-256")
    with pytest.raises(JsException) as caught:
        await subtle.importKey("jwk", key, algorithm, True, js.arr("sign"))
    assert str(caught.value) == (
        'DataError: JWK ext field for "HMAC" is set to false but extractable is true'
    )


async def test_a_member_of_the_wrong_type_is_named(subtle, js):
    key = await subtle.importKey("raw", js.u8(bytes(16)), "AES-GCM", True, js.arr("encrypt"))
    with pytest.raises(JsException) as caught:
        await subtle.encrypt(js.obj(name="AES-GCM", iv="x"), key, js.u8(b"x"))
    assert str(caught.value) == (
        "TypeError: Incorrect type for the 'iv' field on 'EncryptAlgorithm': "
        "the provided value is not of type 'BufferSource'."
    )


async def test_only_a_key_is_a_key(subtle, js):
    with pytest.raises(JsException, match="parameter 2 is not of type 'CryptoKey'"):
        await subtle.sign("HMAC", "no key", js.u8(b"x"))


async def test_unknown_algorithms_are_not_supported(subtle, js):
    with pytest.raises(JsException, match='Unrecognized key generation algorithm "DSA" requested'):
        await subtle.generateKey("DSA", True, js.arr("sign"))
