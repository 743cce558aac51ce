"""Joining streams: pipes and tees."""

from __future__ import annotations

import asyncio
from typing import Any

from tests.web.streams.making import P, everything, numbers, readable, refused, writable
from wrangler_py.js.errors import error


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
