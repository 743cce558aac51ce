"""Digests, with the vectors of RFC 1321 and FIPS 180."""

from __future__ import annotations

import pytest

from wrangler_py.js.errors import JsException
from wrangler_py.web.crypto import crypto

VECTORS = [
    ("MD5", "900150983cd24fb0d6963f7d28e17f72"),
    ("SHA-1", "a9993e364706816aba3e25717850c26c9cd0d89d"),
    ("sha-256", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
        "SHA-384",
        (
            "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed"
            "8086072ba1e7cc2358baeca134c825a7"
        ),
    ),
    (
        "SHA-512",
        (
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
            "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"
        ),
    ),
]


@pytest.mark.parametrize(("name", "expected"), VECTORS)
async def test_digest_of_abc(subtle, js, name, expected):
    assert (await subtle.digest(name, js.u8(b"abc"))).to_bytes().hex() == expected
    assert (await subtle.digest(js.obj(name=name), js.u8(b"abc"))).to_bytes().hex() == expected


@pytest.mark.parametrize("name", ["nope", 5, "SHA256"])
async def test_an_unknown_hash_is_not_supported(subtle, js, name):
    with pytest.raises(JsException) as caught:
        await subtle.digest(name, js.u8(b""))
    assert str(caught.value) == (
        "NotSupportedError: Unrecognized or unimplemented digest algorithm requested."
    )


async def test_arguments_are_named_in_a_rejection(subtle):
    with pytest.raises(JsException, match="parameter 2 is not of type 'BufferSource'"):
        await subtle.digest("SHA-256", "x")
    with pytest.raises(JsException, match="parameter 1 is not of type 'string or HashAlgorithm'"):
        await subtle.digest()


async def test_a_stream_of_bytes_has_a_digest(js):
    stream = crypto.DigestStream.new("SHA-256")
    writer = stream.getWriter()
    writer.write(js.u8(b"a"))
    writer.write("bc")
    await writer.close()
    assert (await stream.digest).to_bytes().hex() == VECTORS[2][1]
    assert stream.bytesWritten == 3


async def test_an_aborted_digest_is_rejected():
    stream = crypto.DigestStream.new("MD5")
    await stream.abort("enough")
    with pytest.raises(JsException, match="enough"):
        await stream.digest
