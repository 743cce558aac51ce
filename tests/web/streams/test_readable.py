"""Reading: sources of scripts, locks, iteration; texts as workerd 2026-11-17 gave them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.web.streams.making import P, everything, numbers, readable, refused, writable
from wrangler_py.js.errors import JsException, error
from wrangler_py.js.object import JsObject
from wrangler_py.web.streams import CountQueuingStrategy, ReadableStream

LOCKED = "This ReadableStream is currently locked to a reader."
READER_RELEASED = "This ReadableStream reader has been released."


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


async def test_returning_early_from_an_iterator_cancels() -> None:
    reasons: list[Any] = []
    stream = readable(
        pull=P(lambda controller: controller.enqueue(1)), cancel=P(lambda why: reasons.append(why))
    )
    chunks_ = stream.values()
    await chunks_.next()
    result = await chunks_.return_("q")
    assert (result.done, result.value, stream.locked, reasons) == (True, "q", False, ["q"])
