"""ECDSA and ECDH, against Node's keys and signatures."""

from __future__ import annotations

import pytest

from wrangler_py.js.errors import JsException

CURVES = ["P-256", "P-384", "P-521"]


def jwk(js, members, *without):
    return js.obj(**{name: value for name, value in members.items() if name not in without})


@pytest.mark.parametrize("curve", CURVES)
async def test_every_format_of_a_key_verifies_the_same_signature(subtle, js, recorded, curve):
    case, data = recorded["ecdsa"][curve], js.u8(recorded["data"])
    algorithm = js.obj(name="ECDSA", namedCurve=curve)
    sign = js.obj(name="ECDSA", hash=case["hash"])
    sources = [
        ("jwk", jwk(js, case["jwk"], "d")),
        ("raw", js.u8(case["raw"])),
        ("spki", js.u8(case["spki"])),
    ]
    for format, source in sources:
        key = await subtle.importKey(format, source, algorithm, True, js.arr("verify"))
        assert (key.type, key.algorithm.namedCurve) == ("public", curve)
        assert await subtle.verify(sign, key, js.u8(case["signature"]), data) is True
        assert await subtle.verify(sign, key, js.u8(case["signature"]), js.u8(b"x")) is False
        assert await subtle.verify(sign, key, js.u8(b"short"), data) is False
        for name in ("raw", "spki"):
            assert (await subtle.exportKey(name, key)).to_bytes().hex() == case[name]


@pytest.mark.parametrize("curve", CURVES)
async def test_a_private_key_signs(subtle, js, recorded, curve):
    case, data = recorded["ecdsa"][curve], js.u8(recorded["data"])
    algorithm = js.obj(name="ECDSA", namedCurve=curve)
    sign = js.obj(name="ECDSA", hash=case["hash"])
    public = await subtle.importKey("raw", js.u8(case["raw"]), algorithm, True, js.arr("verify"))
    for format, source in (("jwk", jwk(js, case["jwk"])), ("pkcs8", js.u8(case["pkcs8"]))):
        key = await subtle.importKey(format, source, algorithm, True, js.arr("sign"))
        signature = await subtle.sign(sign, key, data)
        assert await subtle.verify(sign, public, signature, data) is True
        exported = (await subtle.exportKey("jwk", key)).to_py()
        assert {**exported, **case["jwk"]} == exported
        assert (await subtle.exportKey("pkcs8", key)).byteLength > 0


async def test_a_pair_is_generated(subtle, js):
    algorithm = js.obj(name="ECDSA", namedCurve="P-256")
    pair = await subtle.generateKey(algorithm, False, js.arr("sign", "verify"))
    assert (pair.privateKey.extractable, pair.publicKey.extractable) == (False, True)
    assert list(pair.publicKey.usages) == ["verify"]
    sign = js.obj(name="ECDSA", hash="SHA-256")
    signature = await subtle.sign(sign, pair.privateKey, js.u8(b"x"))
    assert signature.byteLength == 64
    assert await subtle.verify(sign, pair.publicKey, signature, js.u8(b"x")) is True


async def test_secrets_are_agreed_on(subtle, js, recorded):
    case, algorithm = recorded["ecdh"], js.obj(name="ECDH", namedCurve="P-256")
    mine = await subtle.importKey(
        "jwk", js.obj(**case["private"]), algorithm, True, js.arr("deriveBits")
    )
    peer = await subtle.importKey("jwk", js.obj(**case["public"]), algorithm, True, js.arr())
    bits = await subtle.deriveBits(js.obj(name="ECDH", public=peer), mine, 256)
    assert bits.to_bytes().hex() == case["bits"]
    short = await subtle.deriveBits(js.obj(name="ECDH", public=peer), mine, 12)
    expected = bytes.fromhex(case["bits"])
    assert short.to_bytes() == bytes([expected[0], expected[1] & 0xF0])
    with pytest.raises(JsException, match=r"Derived key length \(264 bits\) is too long"):
        await subtle.deriveBits(js.obj(name="ECDH", public=peer), mine, 264)


async def test_errors_are_those_of_cloudflare(subtle, js, recorded):
    with pytest.raises(JsException, match='Unrecognized or unimplemented EC curve "P-999" request'):
        await subtle.generateKey(
            js.obj(name="ECDSA", namedCurve="P-999"), False, js.arr("sign", "verify")
        )
    case = recorded["ecdsa"]["P-256"]
    wrong = js.obj(name="ECDSA", namedCurve="P-384")
    with pytest.raises(JsException, match="does not match the curve specified by the input key"):
        await subtle.importKey("spki", js.u8(case["spki"]), wrong, True, js.arr("verify"))
    algorithm = js.obj(name="ECDSA", namedCurve="P-256")
    with pytest.raises(JsException, match='import public ECDSA key with invalid usage "sign"'):
        await subtle.importKey("raw", js.u8(case["raw"]), algorithm, True, js.arr("sign"))
    key = await subtle.importKey("jwk", jwk(js, case["jwk"]), algorithm, True, js.arr("sign"))
    with pytest.raises(JsException, match='Missing "hash" in AlgorithmIdentifier'):
        await subtle.sign("ECDSA", key, js.u8(b"x"))
    with pytest.raises(JsException, match="Raw export of elliptic curve keys is only allowed for"):
        await subtle.exportKey("raw", key)
