"""Writing: sinks of scripts, back-pressure, abort."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.web.streams.making import P, refused, writable
from wrangler_py.js.errors import JsException, error

WRITER_RELEASED = "This WritableStream writer has been released."


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
