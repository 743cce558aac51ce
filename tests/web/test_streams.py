"""Readable, writable and transform streams; texts as workerd 2026-11-17 gave them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from wrangler_py.js.buffers import Uint8Array
from wrangler_py.js.callbacks import create_proxy
from wrangler_py.js.errors import JsException, error
from wrangler_py.js.object import JsObject
from wrangler_py.web.response import Response
from wrangler_py.web.streams import (
    ByteLengthQueuingStrategy,
    CountQueuingStrategy,
    ReadableStream,
    TransformStream,
    WritableStream,
    chunks,
    collect,
    stream_of,
)

P = create_proxy
readable = ReadableStream.constructor.new
writable = WritableStream.constructor.new
transform = TransformStream.constructor.new

LOCKED = "This ReadableStream is currently locked to a reader."
READER_RELEASED = "This ReadableStream reader has been released."
WRITER_RELEASED = "This WritableStream writer has been released."


def numbers(*values: Any) -> ReadableStream:
    """A stream that has these chunks and ends."""

    def start(controller: Any) -> None:
        for value in values:
            controller.enqueue(value)
        controller.close()

    return readable(start=start)


def bytes_(*values: bytes) -> list[Any]:
    return [Uint8Array._of(value) for value in values]


async def everything(stream: Any) -> list[Any]:
    return [chunk async for chunk in stream]


async def refused(awaitable: Any) -> str:
    with pytest.raises(JsException) as caught:
        await awaitable
    return str(caught.value)


# Reading


async def test_chunks_come_in_order_and_then_the_end() -> None:
    reader = numbers(1, "b").getReader()
    first, second, end = await reader.read(), await reader.read(), await reader.read()
    assert [(r.value, r.done) for r in (first, second, end)] == [
        (1, False),
        ("b", False),
        (None, True),
    ]
    await reader.closed


async def test_async_for_reads_a_stream_and_releases_it() -> None:
    stream = numbers(1, 2)
    assert await everything(stream) == [1, 2]
    assert not stream.locked


async def test_a_source_is_pulled_once_ahead_by_default() -> None:
    pulls: list[int] = []

    def pull(controller: Any) -> None:
        pulls.append(len(pulls))
        controller.enqueue(len(pulls))

    stream = readable(pull=P(pull))
    assert pulls == []
    await asyncio.sleep(0)
    assert len(pulls) == 1
    assert (await stream.getReader().read()).value == 1
    await asyncio.sleep(0)
    assert len(pulls) == 2


@pytest.mark.parametrize(("mark", "expected"), [(0, 0), (3, 3)])
async def test_the_high_water_mark_says_how_far_ahead(mark: int, expected: int) -> None:
    pulls: list[int] = []

    def pull(controller: Any) -> None:
        pulls.append(1)
        controller.enqueue(1)

    readable(JsObject({"pull": P(pull)}), CountQueuingStrategy(JsObject({"highWaterMark": mark})))
    for _ in range(8):
        await asyncio.sleep(0)
    assert len(pulls) == expected


async def test_an_async_pull_is_not_called_again_before_it_is_done() -> None:
    gate = asyncio.Event()
    calls: list[int] = []

    async def pull(controller: Any) -> None:
        calls.append(1)
        await gate.wait()
        controller.enqueue(len(calls))

    reader = readable(pull=P(pull)).getReader()
    first, second = reader.read(), reader.read()
    for _ in range(5):
        await asyncio.sleep(0)
    assert calls == [1]
    gate.set()
    assert [(await first).value, (await second).value] == [1, 2]


async def test_a_bare_function_as_source_is_borrowed() -> None:
    stream = readable(pull=lambda controller: None)
    assert "borrowed proxy was automatically destroyed" in await refused(stream.getReader().read())


async def test_what_a_source_raises_reaches_the_reader() -> None:
    def pull(_controller: Any) -> None:
        raise ValueError("boom")

    stream = readable(pull=P(pull))
    assert (await refused(stream.getReader().read())).startswith("PythonError: Traceback")

    async def later(_controller: Any) -> None:
        raise ValueError("boom")

    text = await refused(readable(pull=P(later)).getReader().read())
    assert text.rstrip().endswith("ValueError: boom")


async def test_a_failing_start_fails_the_stream_not_the_constructor() -> None:
    def start(_controller: Any) -> None:
        raise error("s")

    assert await refused(readable(start=start).getReader().read()) == "Error: s"


async def test_cancel_tells_the_source_once() -> None:
    reasons: list[Any] = []
    stream = readable(cancel=P(reasons.append))
    await stream.cancel("why")
    await stream.cancel("again")
    assert reasons == ["why"]
    assert (await stream.getReader().read()).done


async def test_desired_size_counts_what_is_queued() -> None:
    kept: list[Any] = []
    readable(start=lambda controller: kept.append(controller))
    controller = kept[0]
    sizes = [controller.desiredSize]
    controller.enqueue("a")
    controller.enqueue("b")
    sizes.append(controller.desiredSize)
    assert sizes == [1, -1]


async def test_a_controller_refuses_what_comes_after_the_end() -> None:
    kept: list[Any] = []
    readable(start=lambda controller: kept.append(controller))
    kept[0].close()
    with pytest.raises(JsException, match="TypeError: Unable to enqueue"):
        kept[0].enqueue("x")
    with pytest.raises(JsException, match="TypeError: This ReadableStream is closed"):
        kept[0].close()


async def test_a_lock_keeps_others_away() -> None:
    stream = readable()
    reader = stream.getReader()
    with pytest.raises(JsException) as caught:
        stream.getReader()
    assert caught.value.message == LOCKED
    assert await refused(stream.cancel()) == f"TypeError: {LOCKED}"
    assert await refused(stream.pipeTo(writable())) == f"TypeError: {LOCKED}"
    pending = reader.read()
    reader.releaseLock()
    for promise in (pending, reader.read(), reader.closed, reader.cancel()):
        assert await refused(promise) == f"TypeError: {READER_RELEASED}"
    assert not stream.locked


@pytest.mark.parametrize(
    ("args", "kwargs", "text"),
    [
        ((5,), {}, "constructor parameter 1 is not of type 'UnderlyingSource'"),
        ((), {"type": "foo"}, '"foo" is not a valid type of ReadableStream'),
        ((), {"start": 5}, "Incorrect type for the 'start' field on 'UnderlyingSource'"),
        ((JsObject(),), {"highWaterMark": -1}, "cannot be converted because it is negative"),
    ],
)
async def test_a_bad_source_is_refused(args: Any, kwargs: Any, text: str) -> None:
    with pytest.raises(JsException) as caught:
        readable(*args, **kwargs)
    assert text in caught.value.message


async def test_from_takes_what_can_be_iterated() -> None:
    async def later() -> AsyncIterator[int]:
        yield 1
        yield 2

    make = ReadableStream.constructor.from_
    assert await everything(make([1, 2])) == [1, 2]
    assert await everything(make("ab")) == ["a", "b"]
    assert await everything(make(later())) == [1, 2]
    with pytest.raises(JsException, match="parameter 1 is not of type 'AsyncGenerator'"):
        make(5)


# Bytes


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


# Writing


async def test_a_sink_gets_chunks_one_at_a_time() -> None:
    seen: list[Any] = []
    gate = asyncio.Event()

    async def write(chunk: Any, _controller: Any) -> None:
        seen.append(chunk)
        await gate.wait()

    writer = writable(write=P(write), close=P(lambda: seen.append("closed"))).getWriter()
    sizes = [writer.desiredSize]
    first, second, end = writer.write(1), writer.write(2), writer.close()
    sizes.append(writer.desiredSize)
    await asyncio.sleep(0)
    assert (seen, sizes) == ([1], [1, -1])
    gate.set()
    await asyncio.gather(first, second, end)
    await writer.closed
    assert seen == [1, 2, "closed"]


async def test_ready_waits_for_room() -> None:
    gate = asyncio.Event()

    async def write(_chunk: Any, _controller: Any) -> None:
        await gate.wait()

    writer = writable(write=P(write)).getWriter()
    await writer.ready
    writing = writer.write(1)
    waiting = asyncio.ensure_future(_await(writer.ready))
    await asyncio.sleep(0)
    assert not waiting.done()
    gate.set()
    await writing
    await waiting


async def _await(promise: Any) -> Any:
    return await promise


async def test_a_writer_refuses_what_comes_after_the_end() -> None:
    writer = writable().getWriter()
    await writer.close()
    assert await refused(writer.write("x")) == "TypeError: This WritableStream has been closed."
    assert await refused(writer.close()) == "TypeError: This WritableStream has been closed."


async def test_a_released_writer_is_of_no_use() -> None:
    stream = writable()
    writer = stream.getWriter()
    with pytest.raises(JsException, match="currently locked to a writer"):
        stream.getWriter()
    assert "locked to a writer" in await refused(stream.abort())
    writer.releaseLock()
    for promise in (writer.write("x"), writer.closed, writer.ready, writer.abort()):
        assert await refused(promise) == f"TypeError: {WRITER_RELEASED}"
    with pytest.raises(JsException, match="has been released"):
        _ = writer.desiredSize
    assert not stream.locked


async def test_a_failing_sink_fails_the_stream() -> None:
    def write(_chunk: Any, _controller: Any) -> None:
        raise error("b")

    writer = writable(write=P(write)).getWriter()
    assert await refused(writer.write(1)) == "Error: b"
    assert await refused(writer.write(2)) == "Error: b"
    assert await refused(writer.closed) == "Error: b"


async def test_abort_drops_what_is_queued_and_tells_the_sink() -> None:
    reasons: list[Any] = []

    async def write(_chunk: Any, _controller: Any) -> None:
        await asyncio.Event().wait()

    writer = writable(write=P(write), abort=P(reasons.append)).getWriter()
    writer.write(1).add_done_callback(lambda done: done.cancelled() or done.exception())
    queued = writer.write(2)
    await writer.abort(error("r"))
    assert await refused(queued) == "Error: r"
    assert [str(reason) for reason in reasons] == ["Error: r"]


# Transforming


async def test_a_transform_changes_chunks() -> None:
    stream = ReadableStream.constructor.from_(["a", "b"]).pipeThrough(
        transform(
            start=lambda controller: controller.enqueue("s"),
            transform=P(lambda chunk, controller: controller.enqueue(chunk + chunk)),
            flush=P(lambda controller: controller.enqueue("f")),
        )
    )
    assert await everything(stream) == ["s", "aa", "bb", "f"]


async def test_without_a_transformer_chunks_pass_when_they_are_read() -> None:
    pair = transform()
    writer = pair.writable.getWriter()
    writing = writer.write("x")
    for _ in range(5):
        await asyncio.sleep(0)
    assert not writing.done()
    assert (await pair.readable.getReader().read()).value == "x"
    await writing


async def test_an_async_transform_holds_writes_back() -> None:
    async def double(chunk: Any, controller: Any) -> None:
        await asyncio.sleep(0)
        controller.enqueue(chunk * 2)

    pair = transform(transform=P(double))
    writer = pair.writable.getWriter()
    writes = [writer.write(1), writer.write(2), writer.close()]
    assert await everything(pair.readable) == [2, 4]
    await asyncio.gather(*writes)


async def test_a_failing_transform_fails_both_sides() -> None:
    def fails(_chunk: Any, _controller: Any) -> None:
        raise error("t")

    pair = transform(transform=P(fails))
    writing = pair.writable.getWriter().write(1)
    assert await refused(pair.readable.getReader().read()) == "Error: t"
    assert await refused(writing) == "Error: t"


async def test_each_side_learns_that_the_other_left() -> None:
    pair = transform()
    await pair.readable.cancel(error("c"))
    assert await refused(pair.writable.getWriter().write("x")) == "Error: c"
    other = transform()
    await other.writable.abort(error("a"))
    assert await refused(other.readable.getReader().read()) == "Error: a"


async def test_terminate_ends_both_sides() -> None:
    pair = transform(transform=P(lambda chunk, controller: controller.terminate()))
    writer = pair.writable.getWriter()
    first = writer.write(1)
    assert (await pair.readable.getReader().read()).done
    await asyncio.wait([first])
    first.exception()
    assert "The transform stream has been terminated" in await refused(writer.write(2))


# Joining


async def test_a_pipe_copies_and_closes() -> None:
    seen: list[Any] = []
    sink = writable(
        write=P(lambda chunk, _controller: seen.append(chunk)), close=P(lambda: seen.append("end"))
    )
    await numbers(1, 2).pipeTo(sink)
    assert seen == [1, 2, "end"]
    assert not sink.locked


async def test_a_pipe_passes_failures_on() -> None:
    aborted: list[str] = []
    broken = readable(start=lambda controller: controller.error(error("s")))
    sink = writable(abort=P(lambda reason: aborted.append(str(reason))))
    assert await refused(broken.pipeTo(sink)) == "Error: s"
    assert aborted == ["Error: s"]

    cancelled: list[str] = []

    def write(_chunk: Any, _controller: Any) -> None:
        raise error("d")

    source = readable(
        pull=P(lambda controller: controller.enqueue(1)),
        cancel=P(lambda reason: cancelled.append(str(reason))),
    )
    assert await refused(source.pipeTo(writable(write=P(write)))) == "Error: d"
    assert cancelled == ["Error: d"]


async def test_a_signal_stops_a_pipe() -> None:
    from wrangler_py.web.abort import AbortController

    told: list[str] = []
    controller = AbortController()
    source = readable(cancel=P(lambda reason: told.append(reason.name)))
    sink = writable(abort=P(lambda reason: told.append(reason.name)))
    piping = source.pipeTo(sink, signal=controller.signal)
    await asyncio.sleep(0)
    controller.abort()
    assert await refused(piping) == "AbortError: The operation was aborted"
    assert told == ["AbortError", "AbortError"]


async def test_both_branches_of_a_tee_get_every_chunk() -> None:
    first, second = numbers(1, 2).tee()
    assert (await everything(first), await everything(second)) == ([1, 2], [1, 2])


async def test_a_tee_cancels_its_source_when_both_branches_are() -> None:
    reasons: list[Any] = []
    stream = readable(cancel=P(lambda reason: reasons.append(list(reason))))
    first, second = stream.tee()
    one = first.cancel("a")
    assert reasons == []
    await second.cancel("b")
    await one
    assert reasons == [["a", "b"]]


async def test_strategies_measure_chunks() -> None:
    by_length = ByteLengthQueuingStrategy.constructor.new(highWaterMark=3)
    assert (by_length.highWaterMark, by_length.size(Uint8Array(3))) == (3, 3)
    assert CountQueuingStrategy.constructor.new(highWaterMark=3).size("x") == 1
    with pytest.raises(JsException, match="parameter 1 is not of type 'QueuingStrategyInit'"):
        CountQueuingStrategy.constructor.new()


# The runtime's own


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
        await _await(used.text())


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


async def test_a_failing_size_fails_the_stream() -> None:
    kept: list[Any] = []

    def size(_chunk: Any) -> float:
        raise error("sz")

    options = JsObject({"highWaterMark": 10, "size": P(size)})
    stream = readable(JsObject({"start": P(kept.append)}), options)
    kept[0].enqueue("abc")
    assert await refused(stream.getReader().read()) == "Error: sz"


async def test_a_script_may_measure_its_chunks() -> None:
    kept: list[Any] = []
    options = JsObject({"highWaterMark": 10, "size": P(len)})
    readable(JsObject({"start": P(kept.append)}), options)
    kept[0].enqueue("abc")
    assert kept[0].desiredSize == 7


async def test_a_pipe_into_a_closed_stream_fails() -> None:
    sink = writable()
    await sink.close()
    source = readable(pull=P(lambda controller: controller.enqueue(1)))
    text = "TypeError: This destination writable stream is closed."
    assert await refused(source.pipeTo(sink)) == text


async def test_a_pipe_may_leave_its_target_open() -> None:
    sink = writable()
    await numbers(1).pipeTo(sink, preventClose=True)
    await sink.getWriter().write(1)


async def test_returning_early_from_an_iterator_cancels() -> None:
    reasons: list[Any] = []
    stream = readable(
        pull=P(lambda controller: controller.enqueue(1)), cancel=P(lambda why: reasons.append(why))
    )
    chunks_ = stream.values()
    await chunks_.next()
    result = await chunks_.return_("q")
    assert (result.done, result.value, stream.locked, reasons) == (True, "q", False, ["q"])


async def test_bytes_must_be_bytes() -> None:
    kept: list[Any] = []
    readable(type="bytes", start=P(kept.append))
    with pytest.raises(JsException, match="parameter 1 is not of type 'BufferSource'"):
        kept[0].enqueue("x")
    with pytest.raises(JsException, match="Cannot enqueue a zero-length ArrayBuffer"):
        kept[0].enqueue(Uint8Array(0))
