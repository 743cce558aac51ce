"""Transforming: what one side does reaches the other."""

from __future__ import annotations

import asyncio
from typing import Any

from tests.web.streams.making import P, everything, refused, transform
from wrangler_py.js.errors import error
from wrangler_py.web.streams import ReadableStream


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
