"""HMAC, against Node's answers and workerd's errors."""

from __future__ import annotations

import pytest

from wrangler_py.js.errors import JsException

HASHES = ["SHA-1", "SHA-256", "SHA-384", "SHA-512"]


async def hmac_key(subtle, js, raw=bytes(8), usages=("sign", "verify"), extractable=True, **more):
    algorithm = js.obj(name="HMAC", **{"hash": "SHA-256", **more})
    return await subtle.importKey("raw", js.u8(raw), algorithm, extractable, js.arr(*usages))


@pytest.mark.parametrize("name", HASHES)
async def test_signatures(subtle, js, recorded, name):
    key = await hmac_key(subtle, js, bytes.fromhex(recorded["raw"]), hash=name)
    data = js.u8(recorded["data"])
    signature = await subtle.sign("HMAC", key, data)
    assert signature.to_bytes().hex() == recorded["hmac"][name]
    assert await subtle.verify(js.obj(name="hmac"), key, signature, data) is True
    assert await subtle.verify("HMAC", key, js.u8(b"1234"), data) is False


async def test_rfc_4231_case_2(subtle, js):
    key = await hmac_key(subtle, js, b"Jefe")
    signature = await subtle.sign("HMAC", key, js.u8(b"what do ya want for nothing?"))
    assert signature.to_bytes().hex() == (
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    )


async def test_a_key_describes_itself(subtle, js):
    key = await hmac_key(subtle, js, usages=["verify", "sign"], extractable=False)
    assert (key.type, key.extractable, list(key.usages)) == ("secret", False, ["sign", "verify"])
    assert (key.algorithm.name, key.algorithm.hash.name, key.algorithm.length) == (
        "HMAC",
        "SHA-256",
        64,
    )
    assert str(key) == "[object CryptoKey]"


async def test_a_jwk_goes_out_and_in(subtle, js):
    key = await hmac_key(subtle, js, usages=["sign"])
    found = await subtle.exportKey("jwk", key)
    assert found.to_py() == {
        "kty": "oct",
        "key_ops": ["sign"],
        "alg": "HS256",
        "ext": True,
        "k": "AAAAAAAAAAA",
    }
    again = await subtle.importKey(
        "jwk", found, js.obj(name="HMAC", hash="SHA-256"), True, js.arr("sign")
    )
    assert (await subtle.exportKey("raw", again)).to_bytes() == bytes(8)


@pytest.mark.parametrize(("name", "bits"), [("SHA-256", 512), ("SHA-512", 1024)])
async def test_a_generated_key_is_a_block_long(subtle, js, name, bits):
    key = await subtle.generateKey(js.obj(name="HMAC", hash=name), True, js.arr("sign"))
    assert key.algorithm.length == (await subtle.exportKey("raw", key)).byteLength * 8 == bits


IMPORT_ERRORS = [
    ({"usages": ["encrypt"]}, 'Attempt to import secret HMAC key with invalid usage "encrypt".'),
    ({"usages": []}, "Secret/private CryptoKeys must have at least one usage."),
    ({"hash": "X"}, "Unrecognized or unimplemented digest algorithm requested."),
    ({"hash": None}, 'Missing field "hash" in "algorithm".'),
    (
        {"raw": b""},
        (
            "Imported HMAC key length (0) must be a non-zero value up to 7 bits less than, and no "
            "greater than, the bit length of the raw key data (0)."
        ),
    ),
    (
        {"length": 3},
        (
            "Imported HMAC key length (3) must be a non-zero value up to 7 bits less than, and no "
            "greater than, the bit length of the raw key data (64)."
        ),
    ),
]


@pytest.mark.parametrize(("arguments", "message"), IMPORT_ERRORS)
async def test_a_bad_import_fails_as_on_cloudflare(subtle, js, arguments, message):
    with pytest.raises(JsException) as caught:
        await hmac_key(subtle, js, **arguments)
    assert caught.value.message == message


JWK_ERRORS = [
    (
        {"kty": "RSA"},
        (
            'HMAC "jwk" key import requires a JSON Web Key with Key Type parameter ("kty") '
            'equal to "oct" (encountered "RSA").'
        ),
    ),
    (
        {"kty": "oct", "k": "AAAA", "alg": "HS512"},
        (
            'HMAC "jwk" key import specifies "alg" that is incompatible with the hash name '
            '(encountered "HS512", expected "HS256").'
        ),
    ),
]


@pytest.mark.parametrize(("members", "message"), JWK_ERRORS)
async def test_a_bad_jwk_fails_as_on_cloudflare(subtle, js, members, message):
    with pytest.raises(JsException) as caught:
        await subtle.importKey(
            "jwk", js.obj(**members), js.obj(name="HMAC", hash="SHA-256"), False, js.arr("sign")
        )
    assert (caught.value.name, caught.value.message) == ("DataError", message)


async def test_unknown_formats_and_algorithms(subtle, js):
    algorithm = js.obj(name="HMAC", hash="SHA-256")
    with pytest.raises(JsException, match='Unrecognized key import format "zzz"'):
        await subtle.importKey("zzz", js.u8(b"12345678"), algorithm, False, js.arr("sign"))
    with pytest.raises(JsException, match='Unrecognized key import algorithm "QQ" requested'):
        await subtle.importKey("raw", js.u8(b"1"), js.obj(name="QQ"), False, js.arr("sign"))
    with pytest.raises(JsException, match="parameter 2 is not of type 'BufferSource or JsonWebKey"):
        await subtle.importKey("raw", "x", algorithm, False, js.arr("sign"))
    with pytest.raises(JsException, match='Unimplemented key export format "spki"'):
        await subtle.exportKey("spki", await hmac_key(subtle, js))


async def test_a_key_is_for_what_it_was_made_for(subtle, js):
    key = await hmac_key(subtle, js, usages=["sign"], extractable=False)
    data = js.u8(b"x")
    with pytest.raises(JsException) as caught:
        await subtle.verify("HMAC", key, data, data)
    assert str(caught.value) == (
        'InvalidAccessError: Requested key usage "verify" does not match any usage listed in '
        "this CryptoKey."
    )
    with pytest.raises(JsException) as caught:
        await subtle.encrypt("AES-GCM", key, data)
    assert str(caught.value) == (
        'InvalidAccessError: Requested algorithm "AES-GCM" does not match this CryptoKey\'s '
        'algorithm "HMAC".'
    )
    with pytest.raises(JsException, match="Attempt to export non-extractable HMAC key"):
        await subtle.exportKey("raw", key)
