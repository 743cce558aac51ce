"""PBKDF2 and HKDF, against Node's answers, RFC 5869 and workerd's errors."""

from __future__ import annotations

import pytest

from wrangler_py.js.errors import JsException
from wrangler_py.js.null import jsnull

HASHES = ["SHA-1", "SHA-256", "SHA-384", "SHA-512"]


async def base(subtle, js, name, raw, *usages):
    return await subtle.importKey("raw", js.u8(raw), name, False, js.arr(*usages or ["deriveBits"]))


@pytest.mark.parametrize("name", HASHES)
async def test_bits(subtle, js, recorded, name):
    salt, info = js.u8(recorded["iv"]), js.u8(recorded["data"])
    key = await base(subtle, js, "PBKDF2", recorded["raw"])
    params = js.obj(name="PBKDF2", hash=name, salt=salt, iterations=1000)
    assert (await subtle.deriveBits(params, key, 512)).to_bytes().hex() == recorded["pbkdf2"][name]
    key = await base(subtle, js, "HKDF", recorded["raw"])
    params = js.obj(name="HKDF", hash=js.obj(name=name), salt=salt, info=info)
    assert (await subtle.deriveBits(params, key, 512)).to_bytes().hex() == recorded["hkdf"][name]


async def test_rfc_5869_case_3_without_salt_and_info(subtle, js):
    key = await base(subtle, js, "HKDF", b"\x0b" * 22)
    params = js.obj(name="HKDF", hash="SHA-256", salt=js.u8(b""), info=js.u8(b""))
    assert (await subtle.deriveBits(params, key, 42 * 8)).to_bytes().hex() == (
        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"
    )


async def test_a_key_is_derived(subtle, js, recorded):
    secret = await base(subtle, js, "PBKDF2", recorded["raw"], "deriveKey")
    params = js.obj(name="PBKDF2", hash="SHA-256", salt=js.u8(recorded["iv"]), iterations=1000)
    target = js.obj(name="AES-GCM", length=256)
    key = await subtle.deriveKey(params, secret, target, True, js.arr("encrypt"))
    found = (await subtle.exportKey("raw", key)).to_bytes().hex()
    assert found == recorded["pbkdf2"]["SHA-256"][:64]
    mac = await subtle.deriveKey(
        params, secret, js.obj(name="HMAC", hash="SHA-256"), True, js.arr("sign")
    )
    assert mac.algorithm.length == 512


ERRORS = [
    ("PBKDF2", {"iterations": 0}, 256, "PBKDF2 requires a positive iteration count (requested 0)."),
    ("PBKDF2", {"iterations": 1}, jsnull, "PBKDF2 cannot derive a key with null length."),
    ("PBKDF2", {}, 256, 'Missing field "iterations" in "algorithm".'),
    (
        "HKDF",
        {"info": b""},
        7,
        "HKDF requires a derived key length that is a multiple of eight (requested 7).",
    ),
    ("HKDF", {"info": b""}, 255 * 32 * 8 + 8, "HKDF deriveBits failed."),
]


@pytest.mark.parametrize(("name", "more", "length", "message"), ERRORS)
async def test_what_cannot_be_derived_fails_as_on_cloudflare(
    subtle, js, name, more, length, message
):
    key = await base(subtle, js, name, bytes(16))
    given = {k: js.u8(v) if isinstance(v, bytes) else v for k, v in more.items()}
    params = js.obj(name=name, hash="SHA-256", salt=js.u8(bytes(8)), **given)
    with pytest.raises(JsException) as caught:
        await subtle.deriveBits(params, key, length)
    assert caught.value.message == message


@pytest.mark.parametrize("name", ["PBKDF2", "HKDF"])
async def test_a_secret_is_not_extractable(subtle, js, name):
    with pytest.raises(JsException) as caught:
        await subtle.importKey("raw", js.u8(b"x"), name, True, js.arr("deriveBits"))
    assert str(caught.value) == f"SyntaxError: {name} key cannot be extractable."
