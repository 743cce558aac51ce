"""Ed25519 and X25519, against RFC 8032 and Node's answers."""

from __future__ import annotations

import pytest

from wrangler_py.js.errors import JsException

SIGNATURE = (
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
)


async def test_rfc_8032_test_2(subtle, js):
    public = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
    key = await subtle.importKey("raw", js.u8(public), "Ed25519", True, js.arr("verify"))
    assert await subtle.verify("Ed25519", key, js.u8(SIGNATURE), js.u8(b"\x72")) is True
    assert await subtle.verify("Ed25519", key, js.u8(SIGNATURE), js.u8(b"\x73")) is False


async def test_a_private_key_signs_as_node_does(subtle, js, recorded):
    case, data = recorded["ed25519"], js.u8(recorded["data"])
    members = {name: value for name, value in case["jwk"].items() if name != "alg"}
    for format, source in (("jwk", js.obj(**members)), ("pkcs8", js.u8(case["pkcs8"]))):
        key = await subtle.importKey(format, source, "Ed25519", True, js.arr("sign"))
        signature = await subtle.sign("Ed25519", key, data)
        assert signature.to_bytes().hex() == case["signature"]
        assert (await subtle.exportKey("pkcs8", key)).to_bytes().hex() == case["pkcs8"]
        exported = (await subtle.exportKey("jwk", key)).to_py()
        assert {**exported, **members} == exported
    public = await subtle.importKey("spki", js.u8(case["spki"]), "Ed25519", True, js.arr("verify"))
    assert (await subtle.exportKey("raw", public)).to_bytes().hex() == case["raw"]
    assert public.algorithm.to_py() == {"name": "Ed25519"}


async def test_x25519_agrees(subtle, js, recorded):
    case = recorded["x25519"]
    mine = await subtle.importKey(
        "jwk", js.obj(**case["private"]), "X25519", True, js.arr("deriveBits")
    )
    peer = await subtle.importKey("jwk", js.obj(**case["public"]), "X25519", True, js.arr())
    bits = await subtle.deriveBits(js.obj(name="X25519", public=peer), mine, 256)
    assert bits.to_bytes().hex() == case["bits"]


async def test_raw_keys_have_32_bytes(subtle, js):
    with pytest.raises(JsException, match="raw keys must be exactly 32-bytes"):
        await subtle.importKey("raw", js.u8(b"x"), "Ed25519", True, js.arr("verify"))
