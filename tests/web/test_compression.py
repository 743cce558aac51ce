"""Compression streams; texts as workerd 2026-11-17 gave them."""

from __future__ import annotations

import gzip
import zlib
from typing import Any

import pytest

from wrangler_py.js.buffers import Uint8Array
from wrangler_py.js.errors import JsException
from wrangler_py.web.compression import CompressionStream, DecompressionStream
from wrangler_py.web.response import Response

compress = CompressionStream.constructor.new
decompress = DecompressionStream.constructor.new
DATA = b"hello" * 10_000


def body(data: bytes) -> Any:
    return Response(Uint8Array._of(data)).body


async def read(stream: Any) -> bytes:
    return (await Response(stream).bytes()).to_bytes()  # type: ignore[no-any-return]


@pytest.mark.parametrize("kind", ["gzip", "deflate", "deflate-raw"])
async def test_there_and_back(kind: str) -> None:
    packed = body(DATA).pipeThrough(compress(kind))
    assert await read(packed.pipeThrough(decompress(kind))) == DATA


async def test_the_formats_are_the_usual_ones() -> None:
    assert gzip.decompress(await read(body(DATA).pipeThrough(compress("gzip")))) == DATA
    assert zlib.decompress(await read(body(DATA).pipeThrough(compress("deflate")))) == DATA
    assert await read(body(gzip.compress(DATA)).pipeThrough(decompress("gzip"))) == DATA


async def test_a_write_does_not_wait_for_a_reader() -> None:
    writer = compress("gzip").writable.getWriter()
    await writer.write("abc")
    await writer.close()


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"hello world, no gzip", "Decompression failed."),
        (
            gzip.compress(DATA)[:-3],
            "Called close() on a decompression stream with incomplete data",
        ),
        (gzip.compress(DATA) + b"xx", "Trailing bytes after end of compressed data"),
    ],
)
async def test_bad_data_is_a_type_error(data: bytes, text: str) -> None:
    with pytest.raises(JsException) as caught:
        await read(body(data).pipeThrough(decompress("gzip")))
    assert str(caught.value) == f"TypeError: {text}"


@pytest.mark.parametrize("make", [compress, decompress])
def test_a_bad_format_is_refused(make: Any) -> None:
    with pytest.raises(JsException, match="must be either 'deflate', 'deflate-raw' or 'gzip'"):
        make("br")
    with pytest.raises(JsException, match="constructor parameter 1 is not of type 'string'"):
        make()
