"""TextEncoderStream and TextDecoderStream."""

from __future__ import annotations

import pytest

from wrangler_py.js.buffers import Uint8Array
from wrangler_py.js.errors import JsException
from wrangler_py.web.encoding_streams import TextDecoderStream, TextEncoderStream


async def passed_through(stream, chunks):
    writer = stream.writable.getWriter()
    for chunk in chunks:
        writer.write(chunk)
    writer.close()
    return [chunk async for chunk in stream.readable]


async def test_text_becomes_bytes():
    stream = TextEncoderStream.constructor.new()
    chunks = await passed_through(stream, ["é", 1, ""])
    assert b"".join(chunk.to_bytes() for chunk in chunks) == "é1".encode()
    assert stream.encoding == "utf-8"


async def test_a_surrogate_pair_may_be_split():
    chunks = await passed_through(
        TextEncoderStream.constructor.new(), ["\ud83d", "\ude00", "\ud83d"]
    )
    assert b"".join(chunk.to_bytes() for chunk in chunks) == "😀\ufffd".encode()


async def test_bytes_become_text():
    stream = TextDecoderStream.constructor.new("utf-8", fatal=True)
    chunks = [Uint8Array._of(b"\xe2\x82"), Uint8Array._of(b"\xacA")]
    assert await passed_through(stream, chunks) == ["€A"]
    assert (stream.encoding, stream.fatal, stream.ignoreBOM) == ("utf-8", True, False)


async def test_what_is_incomplete_at_the_end_is_replaced():
    assert await passed_through(TextDecoderStream(), [Uint8Array._of(b"A\xe2")]) == ["A", "�"]


async def test_a_fatal_decoder_breaks_the_stream():
    stream = TextDecoderStream.constructor.new("utf-8", fatal=True)
    writing = stream.writable.getWriter().write(Uint8Array._of(b"\xff"))
    with pytest.raises(JsException, match="TypeError: Failed to decode input"):
        async for _ in stream.readable:
            pass
    with pytest.raises(JsException, match="Failed to decode input"):
        await writing
