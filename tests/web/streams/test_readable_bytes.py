"""Byte streams, and reading into the reader's own buffer."""

from __future__ import annotations

from typing import Any

import pytest

from tests.web.streams.making import P, bytes_, readable, refused
from wrangler_py.js.buffers import Uint8Array
from wrangler_py.js.errors import JsException


async def test_a_byob_reader_fills_the_readers_view() -> None:
    def pull(controller: Any) -> None:
        controller.enqueue(Uint8Array._of(b"abcdef"))

    reader = readable(type="bytes", pull=P(pull)).getReader(mode="byob")
    first = await reader.read(Uint8Array(3))
    second = await reader.read(Uint8Array(10))
    assert (first.value.to_bytes(), second.value.to_bytes()) == (b"abc", b"def")
    assert second.value.buffer.byteLength == 10


async def test_a_byob_read_at_the_end_gives_the_buffer_back() -> None:
    stream = readable(type="bytes", start=lambda controller: controller.close())
    result = await stream.getReader(mode="byob").read(Uint8Array(3))
    assert (result.done, len(result.value), result.value.buffer.byteLength) == (True, 0, 3)


async def test_a_source_may_write_into_the_readers_view() -> None:
    sizes: list[int] = []

    def pull(controller: Any) -> None:
        request = controller.byobRequest
        sizes.append(request.view.byteLength)
        request.view[0] = 65
        request.respond(1)

    reader = readable(type="bytes", pull=P(pull)).getReader(mode="byob")
    assert (await reader.read(Uint8Array(3))).value.to_bytes() == b"A"
    plain = readable(type="bytes", autoAllocateChunkSize=7, pull=P(pull)).getReader()
    assert (await plain.read()).value.to_bytes() == b"A"
    assert sizes == [3, 7]


async def test_read_at_least_waits_for_enough() -> None:
    left = bytes_(b"a", b"b", b"c")

    def pull(controller: Any) -> None:
        controller.enqueue(left.pop(0))

    reader = readable(type="bytes", pull=P(pull)).getReader(mode="byob")
    assert (await reader.readAtLeast(2, Uint8Array(3))).value.to_bytes() == b"ab"


async def test_byob_misuse() -> None:
    with pytest.raises(JsException, match="does not support BYOB reads"):
        readable().getReader(mode="byob")
    with pytest.raises(JsException, match="mode must be undefined or 'byob'"):
        readable().getReader(mode="x")
    reader = readable(type="bytes").getReader(mode="byob")
    assert "positive-sized TypedArray" in await refused(reader.read(Uint8Array(0)))
    assert "parameter 1 is not of type 'ArrayBufferView'" in await refused(reader.read())


async def test_bytes_must_be_bytes() -> None:
    kept: list[Any] = []
    readable(type="bytes", start=P(kept.append))
    with pytest.raises(JsException, match="parameter 1 is not of type 'BufferSource'"):
        kept[0].enqueue("x")
    with pytest.raises(JsException, match="Cannot enqueue a zero-length ArrayBuffer"):
        kept[0].enqueue(Uint8Array(0))
