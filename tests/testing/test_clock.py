from __future__ import annotations

import asyncio
import contextvars

from wrangler_py.testing.clock import MovableClock


def start(clock: MovableClock, delay: float, *call):
    loop = asyncio.get_running_loop()
    return clock.start(loop.call_later, delay, *call, context=contextvars.copy_context())


async def test_a_timer_goes_off_by_itself():
    clock, rang = MovableClock(), asyncio.Event()
    start(clock, 0.01, rang.set)
    async with asyncio.timeout(2):
        await rang.wait()
    assert clock.timers == {}


async def test_a_timer_that_became_due_goes_off_soon():
    clock, rang = MovableClock(), asyncio.Event()
    start(clock, 3600, rang.set)
    clock.move(3600)
    async with asyncio.timeout(2):
        await rang.wait()


async def test_a_timer_knows_what_is_left_of_it():
    clock = MovableClock()
    timer = start(clock, 100, print)
    clock.move(60)
    left = timer.when() - asyncio.get_running_loop().time()
    assert 39 < left <= 40
    timer.cancel()
    assert (timer.cancelled(), clock.timers) == (True, {})


async def test_a_cancelled_timer_never_goes_off():
    clock = MovableClock()
    called: list[int] = []
    timer = start(clock, 0, called.append, 1)
    timer.cancel()
    timer.cancel()
    timer.fire()
    await asyncio.sleep(0.01)
    assert called == []


async def test_a_timer_is_called_in_the_context_it_was_started_in():
    clock, seen = MovableClock(), asyncio.get_running_loop().create_future()
    name: contextvars.ContextVar[str] = contextvars.ContextVar("name", default="nobody")
    name.set("somebody")
    timer = start(clock, 100, lambda: seen.set_result(name.get()))
    name.set("somebody else")
    timer.fire()
    assert await seen == "somebody"
