"""run_sync: waiting in code that is not async."""

from __future__ import annotations

import asyncio
import contextvars

import pytest

from wrangler_py.js import profile, stack
from wrangler_py.js.promise import pending

variable: contextvars.ContextVar[int] = contextvars.ContextVar("variable", default=0)


@pytest.fixture(autouse=True)
def wanted(monkeypatch):
    monkeypatch.setattr(stack, "_wanted", True)


async def soon(value):
    await asyncio.sleep(0)
    return value


def deep(levels, awaitable):
    return deep(levels - 1, awaitable) if levels else stack.run_sync(awaitable)


async def test_it_waits_at_any_depth_of_ordinary_calls():
    async def handler():
        return deep(100, soon("answer"))

    assert await stack.drive(handler()) == "answer"


async def test_others_run_while_it_waits():
    promise, order = pending(), []

    async def handler():
        order.append("waits")
        result = stack.run_sync(promise)
        order.append(result)

    task = asyncio.create_task(stack.drive(handler()))
    await asyncio.sleep(0)
    order.append("others")
    promise.set_result("done")
    await task
    assert order == ["waits", "others", "done"]


async def test_await_and_run_sync_mix_in_one_coroutine():
    async def handler():
        numbers = [stack.run_sync(soon(i)) if i % 2 else await soon(i) for i in range(6)]
        return numbers, asyncio.current_task()

    task = asyncio.create_task(stack.drive(handler()))
    assert await task == (list(range(6)), task)


async def test_an_error_of_the_promise_is_raised_where_it_is_waited_for():
    async def fails():
        raise ValueError("x")

    async def handler():
        with pytest.raises(ValueError, match="x"):
            stack.run_sync(fails())
        return "went on"

    assert await stack.drive(handler()) == "went on"


async def test_context_variables_are_those_of_the_task():
    async def handler():
        variable.set(1)
        stack.run_sync(soon(None))
        return variable.get()

    async def outer():
        inside = await stack.drive(handler())
        return inside, variable.get()

    assert await asyncio.create_task(outer()) == (1, 1)
    assert variable.get() == 0


async def test_cancelling_the_task_reaches_the_wait():
    async def handler():
        try:
            stack.run_sync(pending())
        except asyncio.CancelledError:
            seen.append("cancelled")
            raise

    seen = []
    task = asyncio.create_task(stack.drive(handler()))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert seen == ["cancelled"]


async def test_a_coroutine_that_is_waited_for_may_wait_itself():
    async def inner():
        return stack.run_sync(soon(3))

    async def handler():
        return stack.run_sync(inner())

    assert await stack.drive(handler()) == 3


async def test_nobody_drives_ordinary_code():
    assert not stack.can_run_sync()
    with pytest.raises(RuntimeError) as caught:
        stack.run_sync(soon(1))
    assert str(caught.value) == stack.SYNCHRONOUS_ENTRY


async def test_the_oldest_pyodide_has_no_stack_switching():
    async def handler():
        stack.run_sync(pending())

    with (
        profile.use(profile.PROFILES["0.26"]),
        pytest.raises(RuntimeError, match="No suspender"),
    ):
        await stack.drive(handler())


async def test_what_cannot_be_awaited_is_refused():
    async def handler():
        stack.run_sync(5)

    with pytest.raises(TypeError, match="can't be used in 'await' expression"):
        await stack.drive(handler())
