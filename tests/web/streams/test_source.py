"""Streams that the runtime makes and reads: bodies."""

from __future__ import annotations

import asyncio

import pytest

from tests.web.streams.making import bytes_, everything, numbers, readable, refused
from wrangler_py.js.buffers import Uint8Array
from wrangler_py.js.errors import JsException
from wrangler_py.web.response import Response
from wrangler_py.web.streams import chunks, collect, stream_of


class Source:
    """An iterator that says what was asked of it."""

    def __init__(self, *pieces: bytes) -> None:
        self.pieces, self.asked, self.closed = list(pieces), 0, False

    def __aiter__(self) -> Source:
        return self

    async def __anext__(self) -> bytes:
        self.asked += 1
        if not self.pieces:
            raise StopAsyncIteration
        return self.pieces.pop(0)

    async def aclose(self) -> None:
        self.closed = True


async def test_a_source_is_left_alone_until_somebody_reads() -> None:
    source = Source(b"a", b"b")
    stream = stream_of(source)
    reader = stream.getReader()
    await asyncio.sleep(0)
    assert source.asked == 0
    assert (await reader.read()).value.to_bytes() == b"a"
    assert source.asked == 1


async def test_cancelling_a_stream_closes_its_source_and_does_not_wait_for_it() -> None:
    source = Source(b"a")
    assert stream_of(source).cancel().done()
    await asyncio.sleep(0)
    assert source.closed


async def test_who_stops_reading_chunks_closes_the_source() -> None:
    for touch in (False, True):
        source = Source(b"a", b"b", b"c")
        stream = stream_of(source)
        if touch:
            reader = stream.getReader()
            await reader.read()
            reader.releaseLock()
        pieces = chunks(stream)
        assert await anext(pieces) in (b"a", b"b")
        await pieces.aclose()
        await asyncio.sleep(0)
        assert source.closed


async def test_chunks_are_bytes_or_an_error() -> None:
    assert await collect(numbers(*bytes_(b"a", b"b"))) == b"ab"
    text = "TypeError: This ReadableStream did not return bytes."
    assert await refused(collect(numbers("x"))) == text
    assert await refused(Response(numbers(5)).text()) == text


async def test_a_body_of_ours_stays_locked_after_it_was_read() -> None:
    response = Response("abc")
    stream = response.body
    assert await response.text() == "abc"
    assert stream.locked
    other = Response("abc")
    await other.text()
    assert other.body.locked
    assert await refused(other.text()) == (
        "TypeError: Body has already been used. It can only be used once. "
        "Use tee() first if you need to read it twice."
    )
    mine = Response(numbers())
    await mine.text()
    assert not mine.body.locked


async def test_a_stream_that_was_read_or_is_locked_is_no_body() -> None:
    used = Response("a")
    await used.body.getReader().read()
    locked = readable()
    locked.getReader()
    with pytest.raises(JsException, match="is locked to a reader, and cannot be used as a body"):
        Response(locked)
    stream = numbers(1)
    await everything(stream)
    with pytest.raises(JsException, match="is disturbed"):
        Response(stream)
    with pytest.raises(JsException, match="Body has already been used"):
        await used.text()


async def test_a_body_may_be_read_by_hand() -> None:
    response = Response("abc")
    reader = response.body.getReader(mode="byob")
    assert (await reader.read(Uint8Array(2))).value.to_bytes() == b"ab"
    assert response.bodyUsed


async def test_a_cloned_stream_is_read_twice() -> None:
    response = Response(numbers(*bytes_(b"a", b"b")))
    copy = response.clone()
    assert (await response.text(), await copy.text()) == ("ab", "ab")


async def test_a_body_handed_on_is_the_same_stream() -> None:
    first = Response("a")
    second = Response(first.body, first)
    assert first.body == second.body
    assert await second.text() == "a"
    assert first.bodyUsed
