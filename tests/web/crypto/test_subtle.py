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


async def test_a_python_list_of_usages_is_read(subtle, js):
    key = await subtle.importKey(
        "raw", js.u8(bytes(16)), js.obj(name="HMAC", hash="SHA-256"), False, ["sign"]
    )
    assert list(key.usages) == ["sign"]


async def test_only_a_key_is_a_key(subtle, js):
    with pytest.raises(JsException, match="parameter 2 is not of type 'CryptoKey'"):
        await subtle.sign("HMAC", "no key", js.u8(b"x"))


async def test_unknown_algorithms_are_not_supported(subtle, js):
    with pytest.raises(JsException, match='Unrecognized key generation algorithm "DSA" requested'):
        await subtle.generateKey("DSA", True, js.arr("sign"))
