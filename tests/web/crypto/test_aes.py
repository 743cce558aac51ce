"""AES, against Node's answers and workerd's errors."""

from __future__ import annotations

import pytest

from wrangler_py.js.errors import JsException


async def aes_key(subtle, js, name, raw, *usages):
    return await subtle.importKey("raw", js.u8(raw), name, True, js.arr(*usages))


async def both(subtle, js, raw, params, data):
    """The ciphertext in hexadecimal, after it was decrypted as a check."""
    key = await aes_key(subtle, js, params.name, raw, "encrypt", "decrypt")
    sealed = await subtle.encrypt(params, key, js.u8(data))
    assert (await subtle.decrypt(params, key, sealed)).to_bytes() == bytes.fromhex(data)
    return sealed.to_bytes().hex()


async def test_each_mode_encrypts_as_node_does(subtle, js, recorded):
    raw, data, iv = recorded["raw"], recorded["data"], recorded["iv"]
    cbc = js.obj(name="AES-CBC", iv=js.u8(iv))
    assert await both(subtle, js, raw, cbc, data) == recorded["aes_cbc"]
    gcm = js.obj(name="AES-GCM", iv=js.u8(iv[:24]), additionalData=js.u8(data))
    assert await both(subtle, js, raw, gcm, data) == recorded["aes_gcm"]
    short = js.obj(name="AES-GCM", iv=js.u8(iv[:24]), tagLength=96)
    assert await both(subtle, js, raw, short, data) == recorded["aes_gcm_96"]
    ctr = js.obj(name="AES-CTR", counter=js.u8(iv), length=64)
    assert await both(subtle, js, raw, ctr, data) == recorded["aes_ctr"]


async def test_a_counter_overflows_in_its_own_bits(subtle, js, recorded):
    params = js.obj(name="AES-CTR", counter=js.u8(b"\xff" * 16), length=4)
    found = await both(subtle, js, recorded["raw"], params, bytes(40).hex())
    assert found == recorded["aes_ctr_wrap"]


async def test_a_counter_may_not_repeat(subtle, js, recorded):
    params = js.obj(name="AES-CTR", counter=js.u8(bytes(16)), length=1)
    with pytest.raises(JsException, match="Counter block values will repeat"):
        await both(subtle, js, recorded["raw"], params, bytes(48).hex())


async def test_keys_are_wrapped(subtle, js, recorded):
    wrapping = await aes_key(subtle, js, "AES-KW", recorded["raw"], "wrapKey", "unwrapKey")
    hmac = js.obj(name="HMAC", hash="SHA-256")
    key = await subtle.importKey("raw", js.u8(recorded["raw"]), hmac, True, js.arr("sign"))
    wrapped = await subtle.wrapKey("raw", key, wrapping, "AES-KW")
    assert wrapped.to_bytes().hex() == recorded["aes_kw"]
    again = await subtle.unwrapKey("raw", wrapped, wrapping, "AES-KW", hmac, True, js.arr("sign"))
    assert (await subtle.exportKey("raw", again)).to_bytes().hex() == recorded["raw"]


async def test_a_key_is_wrapped_as_json(subtle, js, recorded):
    params = js.obj(name="AES-GCM", iv=js.u8(bytes(12)))
    wrapping = await aes_key(subtle, js, "AES-GCM", recorded["raw"], "wrapKey", "unwrapKey")
    key = await aes_key(subtle, js, "AES-CBC", bytes(16), "encrypt")
    wrapped = await subtle.wrapKey("jwk", key, wrapping, params)
    again = await subtle.unwrapKey(
        "jwk", wrapped, wrapping, params, "AES-CBC", True, js.arr("encrypt")
    )
    assert (await subtle.exportKey("raw", again)).to_bytes() == bytes(16)


async def test_a_key_describes_itself(subtle, js):
    key = await aes_key(subtle, js, "aes-gcm", bytes(16), "encrypt", "decrypt")
    assert key.algorithm.to_py() == {"name": "AES-GCM", "length": 128}
    assert (await subtle.exportKey("jwk", key)).to_py() == {
        "kty": "oct",
        "key_ops": ["encrypt", "decrypt"],
        "alg": "A128GCM",
        "ext": True,
        "k": "AAAAAAAAAAAAAAAAAAAAAA",
    }


async def test_keys_are_generated(subtle, js):
    key = await subtle.generateKey(js.obj(name="AES-GCM", length=256), True, js.arr("encrypt"))
    assert (await subtle.exportKey("raw", key)).byteLength == 32
    with pytest.raises(JsException) as caught:
        await subtle.generateKey(js.obj(name="AES-GCM", length=100), True, js.arr("encrypt"))
    assert str(caught.value) == (
        "OperationError: Generated AES key length must be 128, 192, or 256 bits but requested 100."
    )
    with pytest.raises(JsException, match='TypeError: Missing field "length" in "algorithm"'):
        await subtle.generateKey(js.obj(name="AES-GCM"), True, js.arr("encrypt"))


async def test_the_key_has_one_of_three_sizes(subtle, js):
    with pytest.raises(JsException) as caught:
        await aes_key(subtle, js, "AES-GCM", bytes(5), "encrypt")
    assert str(caught.value) == (
        "DataError: Imported AES key length must be 128, 192, or 256 bits but provided 40."
    )


FAILED = (
    "Decryption failed. This could be due to a ciphertext authentication failure, bad padding, "
    "incorrect CryptoKey, or another algorithm-specific reason. Input length was {}, output "
    "length expected to be {} for {}"
)
IV = bytes(12)
DECRYPT_ERRORS = [
    ({"name": "AES-GCM"}, 20, 'Missing field "iv" in "algorithm".'),
    ({"name": "AES-GCM", "iv": b""}, 20, "AES-GCM IV must not be empty."),
    ({"name": "AES-GCM", "iv": IV, "tagLength": 5}, 20, "Invalid AES-GCM tag length 5."),
    (
        {"name": "AES-GCM", "iv": IV},
        2,
        (
            "Ciphertext length of 16 bits must be greater than or equal to the size of the AES-GCM "
            "tag length of 128 bits."
        ),
    ),
    ({"name": "AES-GCM", "iv": IV}, 20, FAILED.format(4, 4, "AES-GCM")),
    ({"name": "AES-CBC", "iv": bytes(16)}, 20, FAILED.format(20, 16, "AES-CBC")),
    (
        {"name": "AES-CBC", "iv": IV},
        20,
        "AES-CBC IV must be 16 bytes long (provided 12 bytes).",
    ),
]


@pytest.mark.parametrize(("params", "size", "message"), DECRYPT_ERRORS)
async def test_what_cannot_be_decrypted_fails_as_on_cloudflare(subtle, js, params, size, message):
    key = await aes_key(subtle, js, params["name"], bytes(16), "decrypt")
    given = {k: js.u8(v) if isinstance(v, bytes) else v for k, v in params.items()}
    with pytest.raises(JsException) as caught:
        await subtle.decrypt(js.obj(**given), key, js.u8(bytes(size)))
    assert caught.value.message == message
