"""RSA, against Node's keys, signatures and ciphertexts."""

from __future__ import annotations

import pytest

from wrangler_py.js.errors import JsException

SIGNATURES = [("RSASSA-PKCS1-v1_5", {}), ("RSA-PSS", {"saltLength": 32})]
PUBLIC = ("kty", "n", "e")


def public_jwk(js, members):
    return js.obj(**{name: members[name] for name in PUBLIC})


@pytest.mark.parametrize(("name", "more"), SIGNATURES)
async def test_signatures(subtle, js, recorded, name, more):
    case, data = recorded["rsa"][name], js.u8(recorded["data"])
    algorithm, params = js.obj(name=name, hash="SHA-256"), js.obj(name=name, **more)
    publics = [("jwk", public_jwk(js, case["jwk"])), ("spki", js.u8(case["spki"]))]
    for format, source in publics:
        public = await subtle.importKey(format, source, algorithm, True, js.arr("verify"))
        assert await subtle.verify(params, public, js.u8(case["signature"]), data) is True
        assert await subtle.verify(params, public, js.u8(case["signature"]), js.u8(b"x")) is False
    for format, source in (("jwk", js.obj(**case["jwk"])), ("pkcs8", js.u8(case["pkcs8"]))):
        private = await subtle.importKey(format, source, algorithm, True, js.arr("sign"))
        signature = await subtle.sign(params, private, data)
        assert await subtle.verify(params, public, signature, data) is True
        exported = (await subtle.exportKey("jwk", private)).to_py()
        assert {**exported, **case["jwk"]} == exported
    assert (await subtle.exportKey("spki", public)).to_bytes().hex() == case["spki"]


async def test_a_key_describes_itself(subtle, js, recorded):
    case = recorded["rsa"]["RSA-PSS"]
    algorithm = js.obj(name="rsa-pss", hash="SHA-512")
    key = await subtle.importKey("spki", js.u8(case["spki"]), algorithm, True, js.arr("verify"))
    found = key.algorithm
    assert (found.name, found.modulusLength, found.hash.name) == ("RSA-PSS", 2048, "SHA-512")
    assert found.publicExponent.to_bytes() == b"\1\0\1"
    with pytest.raises(JsException) as caught:
        await subtle.exportKey("raw", key)
    assert str(caught.value) == ('InvalidAccessError: Cannot export "RSA-PSS" in "raw" format.')


async def test_oaep(subtle, js, recorded):
    case, data = recorded["rsa"]["RSA-OAEP"], recorded["data"]
    algorithm = js.obj(name="RSA-OAEP", hash="SHA-256")
    params = js.obj(name="RSA-OAEP", label=js.u8(recorded["iv"]))
    private = await subtle.importKey(
        "pkcs8", js.u8(case["pkcs8"]), algorithm, True, js.arr("decrypt")
    )
    assert (await subtle.decrypt(params, private, js.u8(case["sealed"]))).to_bytes().hex() == data
    public = await subtle.importKey("spki", js.u8(case["spki"]), algorithm, True, js.arr("encrypt"))
    sealed = await subtle.encrypt(params, public, js.u8(data))
    assert (await subtle.decrypt(params, private, sealed)).to_bytes().hex() == data
    with pytest.raises(JsException, match="OperationError"):
        await subtle.decrypt(params, private, js.u8(bytes(256)))


async def test_a_pair_is_generated(subtle, js):
    algorithm = js.obj(
        name="RSASSA-PKCS1-v1_5",
        modulusLength=2048,
        publicExponent=js.u8(b"\1\0\1"),
        hash="SHA-256",
    )
    pair = await subtle.generateKey(algorithm, True, js.arr("sign", "verify"))
    assert (pair.privateKey.type, pair.publicKey.type) == ("private", "public")
    with pytest.raises(JsException, match="asymmetric keys with no valid private key usages"):
        await subtle.generateKey(algorithm, True, js.arr("verify"))
